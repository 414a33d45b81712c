//! Every event of `events/line-webhook` through the function's own handler, as API Gateway hands it over.

use std::{collections::BTreeMap, fs, path::Path};

use lambda_http::{Request, Response, request::LambdaRequest};
use serde_json::{Value, json};
use stories::House;

fn events() -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/line-webhook");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let events = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    events
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), serde_json::from_slice(&fs::read(&path).unwrap()).unwrap()))
        .collect()
}

async fn invoke(app: &line_webhook::App, event: &Value) -> Response<lambda_http::Body> {
    let request: LambdaRequest = serde_json::from_value(event.clone()).unwrap();
    line_webhook::handle(app, Request::from(request)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_gets_its_answer() {
    let house = House::open().await;
    let app = line_webhook::App::new(&house.system.environment, house.system.clock.business()).unwrap();
    let events = events();
    assert!(events.len() > 40, "{} events", events.len());
    for (name, event) in &events {
        let expected = if name.contains("signature") { 401 } else { 200 };
        assert_eq!(invoke(&app, event).await.status(), expected, "{name}");
        assert_eq!(invoke(&app, event).await.status(), expected, "{name}, delivered again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_leaves_nothing_in_the_table() {
    let house = House::open().await;
    let app = line_webhook::App::new(&house.system.environment, house.system.clock.business()).unwrap();
    let before = house.items().await;
    let events = events();
    for name in ["wrong-signature", "missing-signature"] {
        assert_eq!(invoke(&app, &events[name]).await.status(), 401);
    }
    let mut unknown = events["message-text"].clone();
    unknown["rawPath"] = json!("/line/nobody/webhook");
    unknown["requestContext"]["http"]["path"] = json!("/line/nobody/webhook");
    assert_eq!(invoke(&app, &unknown).await.status(), 404);
    assert_eq!(house.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_failure_is_a_500_and_the_redelivery_is_handled() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("dynamodb", "500", 50).await;
    let sent = person.sends("頭が重いです").await.json();
    assert_eq!(sent["status"], 500, "{sent}");
    house.fault("dynamodb", "none", 0).await;
    assert!(house.items_of("Message").await.is_empty());
    let again = json!({
        "type": "message", "message": { "type": "text", "id": sent["messageId"], "text": "頭が重いです" },
        "webhookEventId": sent["webhookEventId"], "isRedelivery": true,
    });
    person.act(again).await.ok();
    assert_eq!(house.items_of("Message").await.len(), 1);
}
