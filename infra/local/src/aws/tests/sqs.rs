//! From an object in the bucket to the function, by way of the queue.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    config::Builder,
    types::{CompletedMultipartUpload, CompletedPart},
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use super::{Recorder, Rig};
use crate::aws::{lambda::FunctionError, s3::BUCKET, sqs::source::Source};

fn watch(rig: &Rig, target: &Recorder) -> JoinHandle<()> {
    tokio::spawn(Source::new(rig.queue.clone(), target.lambda(), "roster-import").run())
}

fn client(rig: &Rig) -> Client {
    Client::from_conf(Builder::from(&rig.s3).force_path_style(true).build())
}

async fn put(rig: &Rig, key: &str) -> String {
    let put = client(rig).put_object().bucket(BUCKET).key(key).body(b"1,2".to_vec().into()).send().await;
    put.unwrap().version_id.unwrap()
}

fn records(event: &Value) -> &Vec<Value> {
    event["Records"].as_array().unwrap()
}

/// All records that the function has got, once `enough` holds or after a few seconds.
async fn received(target: &Recorder, enough: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    let mut seen = Vec::new();
    for _ in 0..200 {
        seen = target.seen().iter().flat_map(|(_, event)| records(event).clone()).collect();
        if enough(&seen) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    seen
}

/// Waits until so many messages are left, and so many are dead.
async fn left(rig: &Rig, messages: usize, dead: usize) -> Value {
    for _ in 0..200 {
        let shown = rig.queue.show();
        if shown["messages"].as_array().unwrap().len() == messages && shown["dead"].as_array().unwrap().len() == dead {
            return shown;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("{}", rig.queue.show());
}

/// The one event in a record's body.
fn event(record: &Value) -> Value {
    let body: Value = serde_json::from_str(record["body"].as_str().unwrap()).unwrap();
    assert_eq!(records(&body).len(), 1);
    body["Records"][0].clone()
}

fn bodies(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["body"].as_str().unwrap()).collect()
}

fn failure() -> Result<Value, FunctionError> {
    Err(FunctionError::Failed("once".to_owned()))
}

#[tokio::test]
async fn a_delivered_file_reaches_the_function_as_s3_and_sqs_would_send_it() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let source = watch(&rig, &rig.target);
    put(&rig, "documents/1").await;
    let version = put(&rig, "roster-in/01ABC/monthly/名簿 11月+1.csv").await;
    let seen = received(&rig.target, |seen| !seen.is_empty()).await;
    assert_eq!((rig.target.seen()[0].0.as_str(), seen.len()), ("roster-import", 1));
    let record = &seen[0];
    assert_eq!(record["eventSource"], "aws:sqs");
    assert_eq!(record["eventSourceARN"], "arn:aws:sqs:ap-northeast-1:000000000000:roster-import");
    assert_eq!(record["attributes"]["ApproximateReceiveCount"], "1");
    assert!(record["attributes"]["SentTimestamp"].as_str().unwrap().parse::<u64>().is_ok());
    assert_eq!(record["md5OfBody"].as_str().unwrap().len(), 32);
    let event = event(record);
    assert_eq!((&event["eventVersion"], &event["eventSource"]), (&json!("2.1"), &json!("aws:s3")));
    assert_eq!(event["eventName"], "ObjectCreated:Put");
    assert_eq!(event["s3"]["bucket"]["name"], BUCKET);
    let object = &event["s3"]["object"];
    assert_eq!(object["key"], "roster-in/01ABC/monthly/%E5%90%8D%E7%B0%BF+11%E6%9C%88%2B1.csv");
    assert_eq!((&object["size"], &object["versionId"]), (&json!(3), &json!(version)));
    assert_eq!(object["eTag"].as_str().unwrap().len(), 32);
    left(&rig, 0, 0).await;
    source.abort();
}

/// Where in a value something stands, whatever it is.
fn paths(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<String> =
        value.as_object().into_iter().flatten().flat_map(|(name, value)| paths(value, &format!("{at}/{name}"))).collect();
    if below.is_empty() { vec![at.to_owned()] } else { below }
}

#[tokio::test]
async fn what_is_told_has_the_shape_of_the_fixtures() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let source = watch(&rig, &rig.target);
    put(&rig, "roster-in/01ABC/monthly/a.csv").await;
    let told = received(&rig.target, |seen| !seen.is_empty()).await;
    let fixture: Value = serde_json::from_str(include_str!("../../../../../events/roster-import/one-record.json")).unwrap();
    assert_eq!(paths(&told[0], ""), paths(&records(&fixture)[0], ""));
    assert_eq!(paths(&event(&told[0]), ""), paths(&event(&records(&fixture)[0]), ""));
    source.abort();
}

#[tokio::test]
async fn every_way_of_making_an_object_is_told_in_order_and_a_deletion_is_not() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let (client, key) = (client(&rig), "roster-in/01ABC/full/a.csv");
    put(&rig, key).await;
    client.copy_object().bucket(BUCKET).key(key).copy_source(format!("{BUCKET}/{key}")).send().await.unwrap();
    let upload = client.create_multipart_upload().bucket(BUCKET).key(key).send().await.unwrap().upload_id.unwrap();
    let part = client.upload_part().bucket(BUCKET).key(key).upload_id(&upload).part_number(1).body(b"3".to_vec().into()).send().await;
    let part = CompletedPart::builder().part_number(1).set_e_tag(part.unwrap().e_tag).build();
    let parts = CompletedMultipartUpload::builder().parts(part).build();
    client.complete_multipart_upload().bucket(BUCKET).key(key).upload_id(&upload).multipart_upload(parts).send().await.unwrap();
    client.delete_object().bucket(BUCKET).key(key).send().await.unwrap();
    let source = watch(&rig, &rig.target);
    let seen = received(&rig.target, |seen| seen.len() == 3).await;
    let mut told: Vec<(String, String)> = Vec::new();
    for event in seen.iter().map(event) {
        told.push((event["s3"]["object"]["sequencer"].as_str().unwrap().to_owned(), event["eventName"].as_str().unwrap().to_owned()));
    }
    told.sort();
    let names: Vec<&str> = told.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names, ["ObjectCreated:Put", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload"]);
    assert!(told.iter().all(|(sequencer, _)| sequencer.len() == 18 && u64::from_str_radix(sequencer, 16).is_ok()));
    source.abort();
}

#[tokio::test]
async fn what_is_not_put_is_not_told() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    put(&rig, "roster-in/a").await;
    let again = client(&rig).put_object().bucket(BUCKET).key("roster-in/a").if_none_match("*").body(b"2".to_vec().into()).send().await;
    assert!(again.is_err());
    assert_eq!(rig.queue.show()["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_message_that_fails_comes_again_and_keeps_no_other_waiting() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.target.will_answer([failure(), failure()]);
    let source = watch(&rig, &rig.target);
    rig.queue.send("bad".to_owned()).unwrap();
    received(&rig.target, |seen| !seen.is_empty()).await;
    received(&rig.target, |seen| seen.len() == 2).await;
    rig.queue.send("good".to_owned()).unwrap();
    let seen = received(&rig.target, |seen| seen.len() == 4).await;
    assert_eq!(bodies(&seen), ["bad", "bad", "good", "bad"]);
    assert_eq!(seen[3]["attributes"]["ApproximateReceiveCount"], "3");
    assert_eq!(seen[0]["messageId"], seen[3]["messageId"]);
    assert_ne!(seen[0]["receiptHandle"], seen[3]["receiptHandle"]);
    left(&rig, 0, 0).await;
    source.abort();
}

#[tokio::test]
async fn of_a_batch_only_what_is_named_comes_again() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let ids: Vec<String> = ["1", "2", "3"].iter().map(|body| rig.queue.send((*body).to_owned()).unwrap()).collect();
    rig.target.will_answer([Ok(json!({"batchItemFailures": [{"itemIdentifier": ids[1]}]}))]);
    let source = watch(&rig, &rig.target);
    let seen = received(&rig.target, |seen| seen.len() == 4).await;
    assert_eq!(bodies(&seen), ["1", "2", "3", "2"]);
    left(&rig, 0, 0).await;
    source.abort();
}

#[tokio::test]
async fn batches_hold_at_most_ten_messages() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    for number in 0..23 {
        rig.queue.send(number.to_string()).unwrap();
    }
    let source = watch(&rig, &rig.target);
    received(&rig.target, |seen| seen.len() == 23).await;
    let sizes: Vec<usize> = rig.target.seen().iter().map(|(_, event)| records(event).len()).collect();
    assert_eq!(sizes, [10, 10, 3]);
    source.abort();
}

#[tokio::test]
async fn what_fails_five_times_waits_in_the_dead_letter_queue_until_it_is_sent_anew() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.target.will_answer((0..5).map(|_| failure()));
    let source = watch(&rig, &rig.target);
    rig.queue.send("bad".to_owned()).unwrap();
    let shown = left(&rig, 0, 1).await;
    assert_eq!((&shown["dead"][0]["body"], &shown["dead"][0]["receives"]), (&json!("bad"), &json!(5)));
    assert_eq!(rig.queue.redrive().unwrap(), 1);
    left(&rig, 0, 0).await;
    let seen = received(&rig.target, |seen| seen.len() == 6).await;
    assert_eq!(seen[5]["attributes"]["ApproximateReceiveCount"], "1");
    assert_eq!(rig.queue.redrive().unwrap(), 0);
    source.abort();
}

#[tokio::test]
async fn after_a_restart_what_was_not_done_comes_again_also_what_was_in_flight_or_dead() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let never = crate::aws::lambda::Lambda::new(|_, _| std::future::pending());
    rig.queue.send("in flight".to_owned()).unwrap();
    let source = tokio::spawn(Source::new(rig.queue.clone(), never, "roster-import").run());
    while rig.queue.show()["messages"][0]["state"] != "inFlight" {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    source.abort();
    // As a process that is killed leaves it: neither sent nor taken back.
    std::mem::forget(rig.queue.prepare("prepared".to_owned()).unwrap());
    drop(rig.queue.prepare("taken back".to_owned()).unwrap());
    drop(rig);
    let rig = Rig::start(data.path()).await;
    let source = watch(&rig, &rig.target);
    let seen = received(&rig.target, |seen| seen.len() == 2).await;
    assert_eq!(bodies(&seen), ["in flight", "prepared"]);
    assert_eq!(seen[0]["attributes"]["ApproximateReceiveCount"], "2");
    left(&rig, 0, 0).await;
    source.abort();
}

#[tokio::test]
async fn an_object_of_the_front_port_is_one_of_the_s3_port_and_the_other_way_round() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let key = "roster-in/01ABC/monthly/名簿.csv";
    let put_answer = rig.buckets.put(key, &http::HeaderMap::new(), "new".into()).await.unwrap();
    assert_eq!((&put_answer["key"], &put_answer["size"]), (&json!(key), &json!(3)));
    assert_eq!(rig.queue.show()["messages"].as_array().unwrap().len(), 1);
    let read = client(&rig).get_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!(read.version_id.as_deref(), put_answer["version"].as_str());
    assert_eq!(read.body.collect().await.unwrap().to_vec(), b"new");
    let newer = put(&rig, key).await;
    assert_eq!(download(&rig, key, None).await, Ok("1,2".to_owned()));
    assert_eq!(download(&rig, key, Some(&newer)).await, Ok("1,2".to_owned()));
    assert_eq!(download(&rig, key, put_answer["version"].as_str()).await, Ok("new".to_owned()));
    client(&rig).delete_object().bucket(BUCKET).key(key).send().await.unwrap();
    for (key, version) in [(key, None), ("none", None), (key, Some("../about")), (key, Some("9-X"))] {
        assert_eq!(download(&rig, key, version).await, Err(404));
    }
    assert!(rig.buckets.put("", &http::HeaderMap::new(), "x".into()).await.is_err());
}

async fn download(rig: &Rig, key: &str, version: Option<&str>) -> Result<String, u16> {
    use http_body_util::BodyExt;
    match rig.buckets.download(key, version).await {
        Ok(answer) => {
            let disposition = answer.headers()["content-disposition"].to_str().unwrap();
            assert_eq!(disposition, "attachment; filename*=UTF-8''%E5%90%8D%E7%B0%BF.csv");
            Ok(String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
        }
        Err(error) => Err(error.status.as_u16()),
    }
}
