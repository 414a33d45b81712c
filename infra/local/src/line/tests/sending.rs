use super::*;

#[tokio::test]
async fn an_access_token_is_given_for_the_right_id_and_secret_only() {
    let scene = Scene::begin().await;
    let good = scene.token_for("grant_type=client_credentials&client_id=1234567890&client_secret=s3cret").await;
    assert_eq!((good.status, &good.body["token_type"], &good.body["expires_in"]), (StatusCode::OK, &json!("Bearer"), &json!(900)));
    let bad = [
        ("grant_type=client_credentials&client_id=1234567890&client_secret=wrong", "invalid_client"),
        ("grant_type=client_credentials&client_id=1&client_secret=s3cret", "invalid_client"),
        ("grant_type=password&client_id=1234567890&client_secret=s3cret", "unsupported_grant_type"),
        ("", "unsupported_grant_type"),
    ];
    for (form, error) in bad {
        let answer = scene.token_for(form).await;
        assert_eq!((answer.status, &answer.body["error"]), (StatusCode::BAD_REQUEST, &json!(error)), "{form}");
    }
}

#[tokio::test]
async fn nothing_is_sent_without_a_valid_access_token() {
    let scene = Scene::begin().await;
    for authorization in [None, Some("Bearer wrong"), Some("Basic abc")] {
        for path in ["/v2/bot/message/push", "/v2/bot/message/reply", "/v2/bot/profile/U1"] {
            let body = if path.contains("profile") { Value::Null } else { json!({}) };
            let mut request = json_request(path, &body);
            if let Some(value) = authorization {
                request = request.header("authorization", value);
            }
            let answer = ask(scene.line.api(), request.body(Body::from(body.to_string())).unwrap()).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        }
    }
}

#[tokio::test]
async fn a_reply_arrives_once_by_its_token() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let event = scene.says(&user, "相談です").await.body;
    let token = event["replyToken"].as_str().unwrap();
    let first = scene.reply(token).await;
    assert_eq!((first.status, first.body["sentMessages"].as_array().unwrap().len()), (StatusCode::OK, 1));
    assert!(first.headers.contains_key("x-line-request-id"));
    let second = scene.reply(token).await;
    assert_eq!((second.status, &second.body["message"]), (StatusCode::BAD_REQUEST, &json!("Invalid reply token")));
    assert_eq!(scene.reply("unknown").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.texts(&user).await, ["はい"]);
}

#[tokio::test]
async fn a_reply_that_is_refused_does_not_spend_its_token() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let event = scene.says(&user, "a").await.body;
    let token = event["replyToken"].as_str().unwrap();
    let path = "/v2/bot/message/reply";
    let good = json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]});
    assert_eq!(scene.send(path, &[], json!({"replyToken": token, "messages": []})).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.send(path, &[("x-line-retry-key", KEY)], good.clone()).await.status, StatusCode::BAD_REQUEST);
    scene.faults.set(Target::Line, Some(Mode::ServerError), 1);
    let token = scene.token_for("grant_type=client_credentials&client_id=1234567890&client_secret=s3cret").await;
    assert_eq!(token.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(scene.send(path, &[], good).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_reply_token_comes_too_late_when_its_life_is_over() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    assert_eq!(scene.program("/reply-tokens", json!({"seconds": 0})).await.status, StatusCode::NO_CONTENT);
    let event = scene.says(&user, "a").await.body;
    assert_eq!(scene.reply(event["replyToken"].as_str().unwrap()).await.body["message"], "Invalid reply token");
}

#[tokio::test]
async fn a_retry_key_is_accepted_once() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let key = [("X-Line-Retry-Key", KEY)];
    let first = scene.push(&user, "おしらせ", &key).await;
    let again = scene.push(&user, "おしらせ", &key).await;
    assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::CONFLICT));
    assert_eq!(again.headers["x-line-accepted-request-id"], first.headers["x-line-request-id"]);
    assert_eq!(again.body["sentMessages"][0]["id"], first.body["sentMessages"][0]["id"]);
    assert_eq!(scene.push(&user, "別の本文", &key).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.push(&user, "a", &[("X-Line-Retry-Key", "no-uuid")]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(scene.texts(&user).await, ["おしらせ"]);
}

#[tokio::test]
async fn an_accepted_push_whose_answer_was_lost_is_a_conflict_when_it_is_tried_again() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    scene.program("/lost-answers", json!({"count": 1})).await;
    let key = [("X-Line-Retry-Key", KEY)];
    assert_eq!(scene.push(&user, "a", &key).await.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(scene.push(&user, "a", &key).await.status, StatusCode::CONFLICT);
    assert_eq!(scene.texts(&user).await, ["a"]);
}

#[tokio::test]
async fn a_push_to_someone_who_blocked_is_accepted_and_does_not_arrive() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    scene.act(&user, json!({"type": "unfollow"})).await;
    assert_eq!(scene.push(&user, "a", &[]).await.status, StatusCode::OK);
    assert_eq!(scene.says(&user, "b").await.status, StatusCode::CONFLICT);
    scene.act(&user, json!({"type": "follow"})).await;
    assert_eq!(scene.webhook(2)["events"][0]["follow"], json!({"isUnblocked": true}));
    scene.push(&user, "c", &[]).await;
    assert_eq!(scene.texts(&user).await, ["c"]);
}

#[tokio::test]
async fn a_push_needs_a_known_receiver() {
    let scene = Scene::begin().await;
    let stranger = ids::user();
    assert_eq!(scene.push(&stranger, "a", &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        scene.send("/v2/bot/message/push", &[], json!({"messages": [{"type": "text", "text": "a"}]})).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn the_monthly_quota_stops_pushes_but_no_replies() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    scene.program("/quota", json!({"exhausted": true})).await;
    let refused = scene.push(&user, "a", &[]).await;
    assert_eq!((refused.status, &refused.body["message"]), (StatusCode::TOO_MANY_REQUESTS, &json!("You have reached your monthly limit.")));
    let event = scene.says(&user, "a").await.body;
    assert_eq!(scene.reply(event["replyToken"].as_str().unwrap()).await.status, StatusCode::OK);
    scene.program("/quota", json!({"exhausted": false})).await;
    assert_eq!(scene.push(&user, "a", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn ordered_faults_are_played_and_nothing_is_accepted() {
    let mut scene = Scene::begin().await;
    Arc::get_mut(&mut scene.line.0).unwrap().held = Duration::from_millis(20);
    let user = scene.friend().await;
    let token = scene.token().await;
    let body = json!({"to": user, "messages": [{"type": "text", "text": "a"}]});
    let expected = [
        (Mode::ServerError, StatusCode::INTERNAL_SERVER_ERROR),
        (Mode::TooMany, StatusCode::TOO_MANY_REQUESTS),
        (Mode::Timeout, StatusCode::GATEWAY_TIMEOUT),
    ];
    for (mode, status) in expected {
        scene.faults.set(Target::Line, Some(mode), 1);
        let request = json_request("/v2/bot/message/push", &body).header("authorization", format!("Bearer {token}"));
        let answer = ask(scene.line.api(), request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(answer.status, status);
    }
    assert!(scene.texts(&user).await.is_empty());
}

#[tokio::test]
async fn bodies_that_line_cannot_read_are_refused() {
    let scene = Scene::begin().await;
    let token = scene.token().await;
    let push = |kind: &'static str, body: Vec<u8>| {
        let request = Request::post("/v2/bot/message/push").header("authorization", format!("Bearer {token}")).header("content-type", kind);
        ask(scene.line.api(), request.body(Body::from(body)).unwrap())
    };
    assert_eq!(push("application/json", b"{".to_vec()).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(push("text/plain", b"{}".to_vec()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(push("application/json", vec![b' '; 2 * 1024 * 1024 + 1]).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let problems =
        push("application/json; charset=utf-8", json!({"messages": [{"type": "text", "text": ""}]}).to_string().into_bytes()).await.body;
    assert_eq!(problems["message"], "The request body has 1 error");
    assert_eq!(problems["details"], json!([{"message": "May not be empty", "property": "messages[0].text"}]));
}

#[tokio::test]
async fn a_profile_is_shown_of_friends_only() {
    let scene = Scene::begin().await;
    let user = scene.program("/users", json!({"name": "花子"})).await.body["userId"].as_str().unwrap().to_owned();
    let path = format!("/v2/bot/profile/{user}");
    assert_eq!(scene.send(&path, &[], Value::Null).await.status, StatusCode::NOT_FOUND);
    scene.act(&user, json!({"type": "follow"})).await;
    let profile = scene.send(&path, &[], Value::Null).await;
    assert_eq!((profile.status, &profile.body["displayName"]), (StatusCode::OK, &json!("花子")));
}

#[tokio::test]
async fn every_request_is_counted_also_those_that_fail() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    scene.push(&user, "a", &[]).await;
    scene.push(&ids::user(), "a", &[]).await;
    scene.reply("unknown").await;
    scene.send(&format!("/v2/bot/profile/{user}"), &[], Value::Null).await;
    assert_eq!(scene.calls.show(), json!({"line": {"token": 4, "push": 2, "reply": 1, "profile": 1}}));
}
