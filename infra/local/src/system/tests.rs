//! The whole system in one process, driven as programs drive it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::{path::Path, time::Duration};

use axum::body::Body;
use http_body_util::BodyExt;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use serde_json::{Value, json};

use super::{Error, Options, Running, start};
use crate::{directory::DirectoryError, ports::PortError};

async fn run(data: &Path) -> Running {
    start(Options { data: data.to_owned(), port: 0, fresh: false, now: None }).await.unwrap()
}

async fn ask(running: &Running, method: &str, path: &str, body: &str) -> (u16, Value) {
    let url = running.status.addresses.front.join(path).unwrap();
    let request = http::Request::builder().method(method).uri(url.as_str()).body(Body::from(body.to_owned())).unwrap();
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
    let status = answer.status().as_u16();
    let bytes = answer.into_body().collect().await.unwrap().to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn get(running: &Running, path: &str) -> Value {
    let (status, answer) = ask(running, "GET", path, "").await;
    assert_eq!(status, 200, "{path}");
    answer
}

#[tokio::test]
async fn every_part_answers_and_is_named_by_the_status() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    let status = get(&running, "/local/status").await;
    for part in ["front", "webhook", "dynamodb", "s3", "line", "aws"] {
        assert!(status["addresses"][part].as_str().unwrap().starts_with("http://127.0.0.1:"), "{part}");
    }
    for path in ["mail", "faults", "calls", "schedules", "table", "table?table=keys", "table?pk=none", "outbox", "buckets", "line/users"] {
        get(&running, &format!("/local/{path}")).await;
    }
    for page in ["/", "/chat", "/mailbox", "/schedules", "/clock", "/table", "/buckets"] {
        get(&running, page).await;
    }
    running.stop().await;
}

#[tokio::test]
async fn the_clock_is_set_and_advanced_and_bad_moves_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    let (_, shown) = ask(&running, "POST", "/local/clock", r#"{"now":"2027-01-31T23:00:00+09:00"}"#).await;
    // It runs on while what is due fires.
    assert!(shown["jst"].as_str().unwrap().starts_with("2027-01-31 23:0"), "{shown}");
    let (_, shown) = ask(&running, "POST", "/local/clock", r#"{"advance":"PT1H"}"#).await;
    assert!(shown["jst"].as_str().unwrap().starts_with("2027-02-01 00:0"), "{shown}");
    let (_, shown) = ask(&running, "POST", "/local/clock", r#"{"now":"2027-04-01T08:59:59+09:00","hold":true}"#).await;
    tokio::time::sleep(Duration::from_millis(1100)).await;
    assert_eq!((&shown, &shown["jst"]), (&get(&running, "/local/clock").await, &json!("2027-04-01 08:59:59")));
    for refused in ["", "{}", r#"{"now":"tomorrow"}"#, r#"{"advance":"an hour"}"#, r#"{"back":"PT1H"}"#] {
        assert_eq!(ask(&running, "POST", "/local/clock", refused).await.0, 400, "{refused}");
    }
    running.stop().await;
}

#[tokio::test]
async fn faults_are_ordered_shown_and_cleared() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    let (_, shown) = ask(&running, "POST", "/local/faults", r#"{"target":"ses","mode":"429","count":3}"#).await;
    assert_eq!(shown, json!({"ses": {"mode": "429", "count": 3}}));
    assert_eq!(ask(&running, "POST", "/local/faults", r#"{"target":"ses","mode":"none"}"#).await, (200, json!({})));
    assert_eq!(ask(&running, "POST", "/local/faults", r#"{"target":"moon","mode":"500"}"#).await.0, 400);
    running.stop().await;
}

#[tokio::test]
async fn the_sweep_is_scheduled_once_and_can_be_run() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    running.stop().await;
    let running = run(data.path()).await;
    let schedules = get(&running, "/local/schedules").await;
    let sweeps: Vec<&Value> = schedules.as_array().unwrap().iter().filter(|schedule| schedule["name"] == "outbox-sweep").collect();
    assert_eq!((sweeps.len(), &sweeps[0]["state"]), (1, &json!("ENABLED")));
    assert_eq!(ask(&running, "POST", "/local/schedules/outbox-sweep/run", "").await.0, 200);
    assert_eq!(ask(&running, "POST", "/local/schedules/none/run", "").await.0, 404);
    running.stop().await;
}

#[tokio::test]
async fn a_file_put_on_the_front_port_is_delivered_and_downloaded() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    let key = "local/s3/object?key=documents/%E5%90%8D%E7%B0%BF.csv";
    let (status, put) = ask(&running, "PUT", key, "[1,2]").await;
    assert_eq!((status, &put["key"], &put["size"]), (200, &json!("documents/名簿.csv"), &json!(5)));
    assert_eq!(get(&running, key).await, json!([1, 2]));
    assert_eq!(ask(&running, "GET", "local/s3/object?key=none", "").await.0, 404);
    assert_eq!(get(&running, "local/queues").await[0]["messages"], json!([]));
    assert_eq!(ask(&running, "PUT", "local/s3/object?key=roster-in/nobody/monthly/a.csv", "x").await.0, 200);
    assert_eq!(ask(&running, "POST", "local/queues/deliver", "no event").await.0, 200);
    for _ in 0..200 {
        if get(&running, "local/queues").await[0]["messages"] == json!([]) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    let queue = &get(&running, "local/queues").await[0];
    assert_eq!((&queue["name"], &queue["messages"], &queue["dead"]), (&json!("roster-import"), &json!([]), &json!([])));
    assert_eq!(ask(&running, "POST", "local/queues/redrive", "").await, (200, json!({"moved": 0})));
    running.stop().await;
}

#[tokio::test]
async fn a_port_or_a_directory_in_use_is_told() {
    let data = tempfile::tempdir().unwrap();
    let running = run(data.path()).await;
    let again = start(Options { data: data.path().to_owned(), port: 0, fresh: false, now: None }).await;
    assert!(matches!(again, Err(Error::Directory(DirectoryError::InUse(_)))));
    let other = tempfile::tempdir().unwrap();
    let port = running.status.addresses.front.port().unwrap();
    let taken = start(Options { data: other.path().to_owned(), port, fresh: false, now: None }).await;
    assert!(matches!(taken, Err(Error::Port(PortError::Taken { port: told, .. })) if told == port));
    running.stop().await;
}
