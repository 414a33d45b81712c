use std::{path::Path, time::Duration};

use aws_sdk_dynamodb::{Client, types::AttributeValue};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{Recorder, Rig};
use crate::aws::{dynamodb::TABLE, lambda::FunctionError, streams::OutboxSource};

fn watch(rig: &Rig, data: &Path, target: &Recorder) -> JoinHandle<()> {
    tokio::spawn(OutboxSource::new(rig.tables.clone(), target.lambda(), data).run())
}

async fn put(rig: &Rig, sk: &str) {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let put = Client::new(&rig.dynamodb).put_item().table_name(TABLE).item("pk", text("MEMBER#1")).item("sk", text(sk));
    put.send().await.unwrap();
}

/// The sort keys of each invocation's records, once `enough` holds or after a few seconds.
async fn invocations(target: &Recorder, enough: impl Fn(&[Vec<String>]) -> bool) -> Vec<Vec<String>> {
    let sk = |record: &Value| record["dynamodb"]["NewImage"]["sk"]["S"].as_str().unwrap().to_owned();
    let mut seen = Vec::new();
    for _ in 0..200 {
        seen = target.seen().iter().map(|(_, event)| event["Records"].as_array().unwrap().iter().map(sk).collect()).collect();
        if enough(&seen) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    seen
}

fn flat(invocations: &[Vec<String>]) -> Vec<String> {
    invocations.concat()
}

#[tokio::test]
async fn an_outbox_item_reaches_the_function_as_lambda_would_send_it() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let source = watch(&rig, data.path(), &rig.target);
    put(&rig, "PROFILE").await;
    put(&rig, "OUTBOX#1").await;
    // A change of the same item is no insert.
    put(&rig, "OUTBOX#1").await;
    put(&rig, "OUTBOX#2").await;
    let seen = invocations(&rig.target, |seen| flat(seen).len() == 2).await;
    assert_eq!(flat(&seen), ["OUTBOX#1", "OUTBOX#2"]);
    let (function, event) = rig.target.seen().remove(0);
    let record = &event["Records"][0];
    assert_eq!(function, "outbox");
    assert_eq!(record["eventName"], "INSERT");
    assert_eq!(record["eventSource"], "aws:dynamodb");
    assert_eq!(record["awsRegion"], "ap-northeast-1");
    assert!(
        record["eventSourceARN"]
            .as_str()
            .unwrap()
            .starts_with("arn:aws:dynamodb:ap-northeast-1:000000000000:table/hokenshitsu-local/stream/")
    );
    assert_eq!(record["dynamodb"]["Keys"], json!({"pk": {"S": "MEMBER#1"}, "sk": {"S": "OUTBOX#1"}}));
    assert_eq!(record["dynamodb"]["StreamViewType"], "NEW_IMAGE");
    assert!(record["dynamodb"]["ApproximateCreationDateTime"].is_number());
    assert!(record["dynamodb"]["SizeBytes"].is_number());
    source.abort();
}

#[tokio::test]
async fn a_batch_that_fails_comes_again_and_nothing_after_it_overtakes() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    for number in 0..3 {
        put(&rig, &format!("OUTBOX#{number}")).await;
    }
    rig.target.will_answer([Err(FunctionError::Failed("once".to_owned()))]);
    let source = watch(&rig, data.path(), &rig.target);
    let seen = invocations(&rig.target, |seen| seen.len() == 2).await;
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[1], ["OUTBOX#0", "OUTBOX#1", "OUTBOX#2"]);
    source.abort();
}

#[tokio::test]
async fn of_a_batch_that_failed_in_part_the_rest_comes_again() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    for number in 0..3 {
        put(&rig, &format!("OUTBOX#{number}")).await;
    }
    let peek = Recorder::default();
    let first = watch(&rig, data.path(), &peek);
    invocations(&peek, |seen| !seen.is_empty()).await;
    first.abort();
    let second_record = peek.seen()[0].1["Records"][1]["dynamodb"]["SequenceNumber"].clone();
    let _gone = std::fs::remove_file(data.path().join("stream.json"));
    rig.target.will_answer([Ok(json!({"batchItemFailures": [{"itemIdentifier": second_record}]}))]);
    let source = watch(&rig, data.path(), &rig.target);
    let seen = invocations(&rig.target, |seen| seen.len() == 2).await;
    assert_eq!(seen[1], ["OUTBOX#1", "OUTBOX#2"]);
    source.abort();
}

#[tokio::test]
async fn batches_hold_at_most_ten() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    for number in 10..33 {
        put(&rig, &format!("OUTBOX#{number}")).await;
    }
    let source = watch(&rig, data.path(), &rig.target);
    let seen = invocations(&rig.target, |seen| flat(seen).len() == 23).await;
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 3]);
    source.abort();
}

#[tokio::test]
async fn after_a_restart_nothing_is_lost_and_nothing_done_comes_again() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    put(&rig, "OUTBOX#before").await;
    let source = watch(&rig, data.path(), &rig.target);
    invocations(&rig.target, |seen| flat(seen).len() == 1).await;
    // The position is written a moment after the function has answered.
    tokio::time::sleep(Duration::from_millis(200)).await;
    source.abort();
    put(&rig, "OUTBOX#while nobody watched").await;
    drop(rig);
    let rig = Rig::start(data.path()).await;
    let source = watch(&rig, data.path(), &rig.target);
    let seen = invocations(&rig.target, |seen| !seen.is_empty()).await;
    assert_eq!(flat(&seen), ["OUTBOX#while nobody watched"]);
    source.abort();
}
