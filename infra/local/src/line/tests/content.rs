use base64::{Engine, prelude::BASE64_STANDARD};

use super::*;

fn path(id: &str) -> String {
    format!("/v2/bot/message/{id}/content")
}

impl Scene {
    async fn sends(&self, user: &str, message: Value, content: Option<&[u8]>) -> String {
        let content = content.map(|bytes| BASE64_STANDARD.encode(bytes));
        let event = match content {
            Some(content) => json!({"type": "message", "message": message, "content": content}),
            None => json!({"type": "message", "message": message}),
        };
        self.act(user, event).await.body["messageId"].as_str().unwrap().to_owned()
    }

    async fn fetch(&self, id: &str) -> Answer {
        self.send(&path(id), &[], Value::Null).await
    }

    fn kept(&self) -> usize {
        std::fs::read_dir(self.data.path().join("line-content")).unwrap().count()
    }
}

#[tokio::test]
async fn a_picture_is_handed_out_with_its_type_and_length_also_after_a_restart() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let png = b"\x89PNG\r\n\x1a\n and more";
    let chosen = scene.sends(&user, json!({"type": "image"}), Some(png)).await;
    let example = scene.sends(&user, json!({"type": "image"}), None).await;
    let scene = scene.restart();
    for (id, kind, bytes) in [(chosen, "image/png", &png[..]), (example, "image/jpeg", media::EXAMPLE)] {
        let answer = scene.fetch(&id).await;
        assert_eq!((answer.status, &answer.bytes[..]), (StatusCode::OK, bytes));
        assert_eq!(answer.headers["content-type"], kind);
        assert_eq!(answer.headers["content-length"], bytes.len().to_string().as_str());
        assert_eq!(scene.program(&format!("/content/{id}"), Value::Null).await.bytes, bytes);
    }
}

#[tokio::test]
async fn the_webhook_hears_of_a_file_by_name_and_size_and_not_its_bytes() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "file", "fileName": "健診.pdf"}), Some(b"%PDF-1.7 ...")).await;
    let event = scene.webhook(1)["events"][0].clone();
    assert_eq!(event["message"], json!({"type": "file", "id": id, "fileName": "健診.pdf", "fileSize": 12}));
    assert!(event.get("content").is_none());
    assert_eq!(scene.fetch(&id).await.headers["content-type"], "application/pdf");
}

#[tokio::test]
async fn content_is_for_its_own_channel_only_and_needs_a_token() {
    let scene = Scene::begin().await;
    scene.line.register_channel(LocalChannel { channel: "other".into(), channel_id: "2".into(), ..demo() });
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "image"}), None).await;
    let without = ask(scene.line.api(), Request::get(path(&id)).body(Body::empty()).unwrap()).await;
    assert_eq!(without.status, StatusCode::UNAUTHORIZED);
    let other = scene.token_for("grant_type=client_credentials&client_id=2&client_secret=s3cret").await.body;
    let bearer = format!("Bearer {}", other["access_token"].as_str().unwrap());
    let request = Request::get(path(&id)).header("authorization", bearer).body(Body::empty()).unwrap();
    assert_eq!(ask(scene.line.api(), request).await.status, StatusCode::NOT_FOUND);
    let text = scene.says(&user, "a").await.body["messageId"].as_str().unwrap().to_owned();
    for id in ["1", "..%2Fline.jsonl", &text] {
        assert_eq!(scene.fetch(id).await.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert_eq!(scene.fetch(&id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn withdrawn_content_is_gone_from_the_disk_too() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "image"}), None).await;
    scene.act(&scene.user().await, json!({"type": "unsend", "messageId": id})).await;
    assert_eq!((scene.fetch(&id).await.status, scene.kept()), (StatusCode::OK, 1));
    scene.act(&user, json!({"type": "unsend", "messageId": id})).await;
    assert_eq!((scene.fetch(&id).await.status, scene.kept()), (StatusCode::GONE, 0));
    assert_eq!(scene.program(&format!("/content/{id}"), Value::Null).await.status, StatusCode::NOT_FOUND);
    let scene = scene.restart();
    assert_eq!(scene.fetch(&id).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_picture_that_was_withdrawn_before_it_came_is_gone_from_the_start() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    scene.act(&user, json!({"type": "unsend", "messageId": "77"})).await;
    scene.sends(&user, json!({"type": "image", "id": "77"}), None).await;
    assert_eq!((scene.fetch("77").await.status, scene.kept()), (StatusCode::GONE, 0));
    let chat = scene.program(&format!("/users/{user}/chat"), Value::Null).await.body;
    assert_eq!((&chat["bubbles"][0]["unsent"], &chat["bubbles"][0]["message"]), (&json!(true), &Value::Null));
}

#[tokio::test]
async fn a_redelivery_leaves_the_picture_as_it_was() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "image"}), Some(b"\xff\xd8\xff mine")).await;
    scene.sends(&user, json!({"type": "image", "id": id}), None).await;
    assert_eq!(&scene.fetch(&id).await.bytes[..], b"\xff\xd8\xff mine");
}

#[tokio::test]
async fn content_is_in_preparation_as_often_as_ordered() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "video"}), Some(b"film")).await;
    scene.program("/preparing", json!({"count": 2})).await;
    let mut answers = Vec::new();
    for _ in 0..3 {
        answers.push(scene.fetch(&id).await.status);
    }
    assert_eq!(answers, [StatusCode::ACCEPTED, StatusCode::ACCEPTED, StatusCode::OK]);
}

#[tokio::test]
async fn requests_for_content_are_counted_and_meet_faults() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let id = scene.sends(&user, json!({"type": "image"}), None).await;
    let token = scene.token().await;
    scene.faults.set(Target::Line, Some(Mode::ServerError), 1);
    for status in [StatusCode::INTERNAL_SERVER_ERROR, StatusCode::OK] {
        let request = Request::get(path(&id)).header("authorization", format!("Bearer {token}")).body(Body::empty()).unwrap();
        assert_eq!(ask(scene.line.api(), request).await.status, status);
    }
    assert_eq!(scene.calls.show()["line"]["content"], 2);
}

#[tokio::test]
async fn line_has_nothing_of_a_file_without_bytes_or_of_a_picture_from_elsewhere() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let file = scene.sends(&user, json!({"type": "file"}), None).await;
    let elsewhere = json!({"type": "image", "contentProvider": {"type": "external", "originalContentUrl": "https://example.com/a.jpg"}});
    let elsewhere = scene.sends(&user, elsewhere, None).await;
    for id in [file, elsewhere] {
        assert_eq!(scene.fetch(&id).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn bytes_that_belong_nowhere_are_refused_and_20_mib_are_taken() {
    let scene = Scene::begin().await;
    let user = scene.friend().await;
    let image = json!({"type": "image"});
    let escaping = json!({"type": "image", "id": "../../x"});
    for (message, content) in [(json!({"type": "text", "text": "a"}), "QQ=="), (image.clone(), "no base64!"), (escaping, "QQ==")] {
        let answer = scene.act(&user, json!({"type": "message", "message": message, "content": content})).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{message}");
    }
    let large = vec![7; 20 * 1024 * 1024];
    let id = scene.sends(&user, image.clone(), Some(&large)).await;
    assert_eq!(scene.fetch(&id).await.bytes.len(), large.len());
    let too_large = BASE64_STANDARD.encode(vec![7; 31 * 1024 * 1024]);
    let answer = scene.act(&user, json!({"type": "message", "message": image, "content": too_large})).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
}
