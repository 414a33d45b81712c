use super::*;

fn in_group(source: &Value) -> Value {
    json!({"events": [{"type": "message", "source": source, "message": {"type": "text", "text": "みんなへ"}}]})
}

#[tokio::test]
async fn an_event_of_a_group_or_room_can_be_replied_to_and_what_was_said_there_is_seen() {
    let scene = Scene::begin().await;
    let user = scene.user().await;
    let sources = [
        ("C1", json!({"type": "group", "groupId": "C1", "userId": user})),
        ("R1", json!({"type": "room", "roomId": "R1", "userId": user})),
        ("C2", json!({"type": "group", "groupId": "C2"})),
    ];
    for (group, source) in sources {
        let delivered = scene.program("/deliver", in_group(&source)).await;
        assert_eq!(delivered.status, StatusCode::OK, "{group}");
        let token = delivered.body["events"][0]["replyToken"].as_str().unwrap().to_owned();
        assert_eq!(scene.reply(&token).await.status, StatusCode::OK, "{group}");
        assert_eq!(scene.reply(&token).await.status, StatusCode::BAD_REQUEST, "{group}");
        assert_eq!(scene.push(group, "お知らせ", &[]).await.status, StatusCode::OK, "{group}");
        let seen = scene.program(&format!("/groups/{group}/messages"), Value::Null).await.body;
        let texts: Vec<&Value> = seen.as_array().unwrap().iter().map(|message| &message["text"]).collect();
        assert_eq!(texts, ["はい", "お知らせ"], "{group}");
    }
    assert_eq!(scene.program("/groups/C9/messages", Value::Null).await.body, json!([]));
}

#[tokio::test]
async fn what_is_said_in_a_group_is_not_in_the_one_to_one_chat_and_makes_no_friends() {
    let scene = Scene::begin().await;
    let user = scene.user().await;
    scene.program("/deliver", in_group(&json!({"type": "group", "groupId": "C1", "userId": user}))).await;
    let chat = scene.program(&format!("/users/{user}/chat"), Value::Null).await.body;
    assert_eq!((&chat["bubbles"], &chat["friendships"]), (&json!([]), &json!({})));
    let scene = scene.restart();
    assert_eq!(scene.line.lock().journal.world().group("C1").unwrap().len(), 1);
}

#[tokio::test]
async fn a_group_that_no_event_came_from_is_no_receiver() {
    let scene = Scene::begin().await;
    assert_eq!(scene.push("C1", "a", &[]).await.status, StatusCode::BAD_REQUEST);
}
