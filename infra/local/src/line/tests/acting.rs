use super::*;

#[tokio::test]
async fn a_message_is_signed_and_delivered_to_the_channels_webhook() {
    let scene = Scene::begin().await;
    let user = ids::user();
    let answer = scene.says(&user, "\u{1F928} こんにちは").await.body;
    assert_eq!(answer["status"], 200);
    let (headers, bytes) = scene.webhooks.lock().unwrap()[0].clone();
    assert_eq!(headers["x-line-signature"], delivery::signature("s3cret", &bytes).as_str());
    let body = scene.webhook(0);
    assert!(ids::is_user(body["destination"].as_str().unwrap()));
    let event = &body["events"][0];
    assert_eq!((&event["webhookEventId"], &event["replyToken"]), (&answer["webhookEventId"], &answer["replyToken"]));
    assert_eq!((&event["message"]["id"], &event["source"]["userId"]), (&answer["messageId"], &json!(user)));
}

#[tokio::test]
async fn message_ids_increase() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = |answer: Answer| answer.body["messageId"].as_str().unwrap().parse::<u64>().unwrap();
    let first = id(scene.says(&user, "a").await);
    scene.push(&user, "b", &[]).await;
    assert!(id(scene.says(&user, "c").await) > first + 1);
}

#[tokio::test]
async fn the_chat_shows_both_sides_and_withdrawn_messages_lose_their_content() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let said = scene.says(&user, "まちがい").await.body;
    scene.push(&user, "どうぞ", &[]).await;
    scene.act(&user, json!({"type": "postback", "data": "consent=yes", "displayText": "同意します"})).await;
    scene.act(&user, json!({"type": "unsend", "messageId": said["messageId"]})).await;
    let chat = scene.program(&format!("/users/{user}/chat?channel=demo"), Value::Null).await.body;
    let bubbles: Vec<Value> = chat["bubbles"]
        .as_array()
        .unwrap()
        .iter()
        .map(|bubble| json!([bubble["from"], bubble["message"]["text"], bubble["unsent"]]))
        .collect();
    assert_eq!(json!(bubbles), json!([["user", null, true], ["bot", "どうぞ", false], ["user", "同意します", false]]));
    assert_eq!(chat["friendships"]["demo"], json!({"followed": true, "blocked": false}));
    assert_eq!(scene.program(&format!("/users/{user}/chat?channel=other"), Value::Null).await.body["bubbles"], json!([]));
}

#[tokio::test]
async fn a_redelivery_changes_nothing_in_the_chat() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let said = scene.says(&user, "a").await.body;
    let again = json!({
        "type": "message", "message": {"type": "text", "id": said["messageId"], "text": "a"}, "isRedelivery": true,
        "webhookEventId": said["webhookEventId"], "replyToken": said["replyToken"],
    });
    assert_eq!(scene.act(&user, again).await.body["webhookEventId"], said["webhookEventId"]);
    assert_eq!(scene.webhook(2)["events"][0]["deliveryContext"], json!({"isRedelivery": true}));
    let chat = scene.program(&format!("/users/{user}/chat"), Value::Null).await.body;
    assert_eq!(chat["bubbles"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn several_events_go_out_in_one_body_in_the_order_given() {
    let scene = Scene::begin().await;
    let (anna, ben) = (ids::user(), ids::user());
    let text = |text: &str| json!({"type": "text", "text": text});
    let events = json!([
        {"type": "message", "userId": anna, "timestamp": 2, "message": text("second")},
        {"type": "message", "source": {"type": "user", "userId": ben}, "timestamp": 1, "message": text("first")},
        {"type": "hologram", "userId": anna},
    ]);
    let answer = scene.program("/deliver", json!({"channel": "demo", "events": events})).await.body;
    assert_eq!((&answer["status"], answer["events"].as_array().unwrap().len()), (&json!(200), 3));
    let times: Vec<Value> = scene.webhook(0)["events"].as_array().unwrap().iter().map(|event| event["timestamp"].clone()).collect();
    assert_eq!(times[..2], [json!(2), json!(1)]);
    assert_eq!(scene.program("/deliver", json!({"events": []})).await.body["status"], 200);
}

#[tokio::test]
async fn raw_bytes_are_signed_as_they_are() {
    let scene = Scene::begin().await;
    let request = Request::post("/deliver/raw?channel=demo").body(Body::from(&b"\xff{"[..])).unwrap();
    assert_eq!(ask(scene.line.programs(), request).await.body["status"], 200);
    let (headers, bytes) = scene.webhooks.lock().unwrap()[0].clone();
    assert_eq!(
        (bytes.as_slice(), &headers["x-line-signature"]),
        (&b"\xff{"[..], &delivery::signature("s3cret", b"\xff{").parse().unwrap())
    );
}

#[tokio::test]
async fn what_cannot_be_done_is_told() {
    let scene = Scene::begin().await;
    assert_eq!(scene.says("U1", "a").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.act(&ids::user(), json!({"type": "follow", "channel": "other"})).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.act(&ids::user(), json!({"type": "message"})).await.status, StatusCode::BAD_REQUEST);
    let unread = Request::post("/deliver").body(Body::from("{")).unwrap();
    assert_eq!(ask(scene.line.programs(), unread).await.status, StatusCode::BAD_REQUEST);
    scene.line.set_webhook_base("http://127.0.0.1:1".parse().unwrap());
    let lost = scene.says(&ids::user(), "a").await;
    assert_eq!(lost.status, StatusCode::BAD_GATEWAY);
    assert!(lost.body["message"].as_str().unwrap().contains("cannot be reached"));
}

#[tokio::test]
async fn a_body_needs_no_content_type_and_may_be_left_out() {
    let scene = Scene::begin().await;
    let added = ask(scene.line.programs(), Request::post("/users").body(Body::empty()).unwrap()).await;
    assert!(ids::is_user(added.body["userId"].as_str().unwrap()));
    let named = ask(scene.line.programs(), Request::post("/users").body(Body::from(r#"{"name":"太郎"}"#)).unwrap()).await;
    assert_eq!(named.body["name"], "太郎");
}
