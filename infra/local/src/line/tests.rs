#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{Router, body::Body, extract::State, routing::post};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{LocalChannel, StandIn, delivery, ids};
use crate::{
    calls::Calls,
    clock::LocalClock,
    faults::{Faults, Mode, Target},
};

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

fn demo() -> LocalChannel {
    LocalChannel {
        channel: "demo".into(),
        channel_id: "1234567890".into(),
        secret: "s3cret".into(),
        basic_id: "@demo".into(),
        name: "健康推進室".into(),
    }
}

/// LINE on a directory of its own, and a webhook that keeps what it gets.
struct Scene {
    data: tempfile::TempDir,
    line: StandIn,
    faults: Faults,
    calls: Calls,
    webhooks: Webhooks,
}

type Webhooks = Arc<Mutex<Vec<(HeaderMap, Vec<u8>)>>>;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

async fn ask(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: serde_json::from_slice(&bytes).unwrap_or_default() }
}

fn json_request(path: &str, body: &Value) -> http::request::Builder {
    let method = if body.is_null() { "GET" } else { "POST" };
    Request::builder().method(method).uri(path).header("content-type", "application/json")
}

async fn keep_webhook(State(webhooks): State<Webhooks>, headers: HeaderMap, body: axum::body::Bytes) {
    webhooks.lock().unwrap().push((headers, body.to_vec()));
}

impl Scene {
    async fn begin() -> Self {
        let (faults, calls) = (Faults::default(), Calls::default());
        let data = tempfile::tempdir().unwrap();
        let line = StandIn::open(data.path(), LocalClock::default(), faults.clone(), calls.clone()).unwrap();
        line.register_channel(demo());
        let webhooks = Webhooks::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        line.set_webhook_base(format!("http://{}", listener.local_addr().unwrap()).parse().unwrap());
        let app = Router::new().route("/line/demo/webhook", post(keep_webhook)).with_state(webhooks.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { data, line, faults, calls, webhooks }
    }

    async fn program(&self, path: &str, body: Value) -> Answer {
        let request = json_request(path, &body).body(Body::from(body.to_string())).unwrap();
        ask(self.line.programs(), request).await
    }

    async fn user(&self) -> String {
        self.program("/users", json!({})).await.body["userId"].as_str().unwrap().to_owned()
    }

    /// A new person who has added the account.
    async fn friend(&self) -> String {
        let user = self.user().await;
        self.act(&user, json!({"type": "follow"})).await;
        user
    }

    async fn act(&self, user: &str, event: Value) -> Answer {
        self.program(&format!("/users/{user}/events"), event).await
    }

    async fn says(&self, user: &str, text: &str) -> Answer {
        self.act(user, json!({"type": "message", "message": {"type": "text", "text": text}})).await
    }

    async fn texts(&self, user: &str) -> Vec<String> {
        let seen = self.program(&format!("/users/{user}/messages"), Value::Null).await.body;
        seen.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn token(&self) -> String {
        let form = "grant_type=client_credentials&client_id=1234567890&client_secret=s3cret";
        self.token_for(form).await.body["access_token"].as_str().unwrap().to_owned()
    }

    async fn token_for(&self, form: &'static str) -> Answer {
        let request = Request::post("/oauth2/v3/token").header("content-type", "application/x-www-form-urlencoded");
        ask(self.line.api(), request.body(Body::from(form)).unwrap()).await
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut request = json_request(path, &body).header("authorization", format!("Bearer {}", self.token().await));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ask(self.line.api(), request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn push(&self, user: &str, text: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("/v2/bot/message/push", headers, json!({"to": user, "messages": [{"type": "text", "text": text}]})).await
    }

    async fn reply(&self, token: &str) -> Answer {
        self.send("/v2/bot/message/reply", &[], json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]})).await
    }

    fn webhook(&self, index: usize) -> Value {
        serde_json::from_slice(&self.webhooks.lock().unwrap()[index].1).unwrap()
    }
}

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

#[tokio::test]
async fn everything_survives_a_restart() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let said = scene.says(&user, "a").await.body;
    let key = [("X-Line-Retry-Key", KEY)];
    scene.push(&user, "b", &key).await;
    scene.act(&user, json!({"type": "unfollow"})).await;
    let chat = scene.program(&format!("/users/{user}/chat"), Value::Null).await.body;
    let Scene { data, line, faults, calls, webhooks } = scene;
    drop(line);
    let line = StandIn::open(data.path(), LocalClock::default(), faults.clone(), calls.clone()).unwrap();
    line.register_channel(demo());
    let scene = Scene { data, line, faults, calls, webhooks };
    assert_eq!(scene.program(&format!("/users/{user}/chat"), Value::Null).await.body, chat);
    assert_eq!(scene.push(&user, "b", &key).await.status, StatusCode::CONFLICT);
    let next = scene.line.lock().journal.next_message_id();
    assert!(next.parse::<u64>().unwrap() > said["messageId"].as_str().unwrap().parse::<u64>().unwrap());
}
