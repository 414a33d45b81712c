mod listing;
mod multipart;
mod reading;
mod versions;

use std::{path::Path, time::Duration};

use aws_sdk_s3::{
    Client,
    config::Builder,
    error::{ProvideErrorMetadata, SdkError},
    operation::put_object::PutObjectOutput,
    presigning::PresigningConfig,
    primitives::ByteStream,
};
use serde_json::{Value, json};

use super::Rig;
use crate::{
    aws::s3::BUCKET,
    faults::{Mode, Target},
};

fn client(rig: &Rig) -> Client {
    Client::from_conf(Builder::from(&rig.s3).force_path_style(true).build())
}

async fn put(client: &Client, key: &str, body: &str) -> PutObjectOutput {
    client.put_object().bucket(BUCKET).key(key).body(body.as_bytes().to_vec().into()).send().await.unwrap()
}

/// What a reader gets, or the error's code.
async fn read(client: &Client, key: &str, version: Option<&str>) -> Result<String, String> {
    match client.get_object().bucket(BUCKET).key(key).set_version_id(version.map(str::to_owned)).send().await {
        Ok(got) => Ok(String::from_utf8(got.body.collect().await.unwrap().to_vec()).unwrap()),
        Err(error) => Err(error.code().unwrap_or("none").to_owned()),
    }
}

fn header<E>(error: &SdkError<E>, name: &str) -> Option<String> {
    error.raw_response()?.headers().get(name).map(str::to_owned)
}

/// Whether a file below `folder` holds `bytes`.
fn on_disk(folder: &Path, bytes: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { on_disk(&path, bytes) } else { std::fs::read(path).unwrap().windows(bytes.len()).any(|part| part == bytes) }
    })
}

#[tokio::test]
async fn an_object_is_stored_read_and_shown() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let key = "rosters/名簿.csv";
    put(&client, key, "1,2").await;
    assert_eq!(read(&client, key, None).await.as_deref(), Ok("1,2"));
    let shown = rig.buckets.show().unwrap();
    assert_eq!(
        (&shown[0]["name"], &shown[0]["objects"][0]["key"], &shown[0]["objects"][0]["size"]),
        (&json!(BUCKET), &json!(key), &json!(3))
    );
    assert_eq!(rig.calls.show(), json!({"s3": {"GetObject": 1, "PutObject": 1}}));
}

#[tokio::test]
async fn a_presigned_address_writes_and_reads_without_a_key() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let soon = || PresigningConfig::expires_in(Duration::from_mins(1)).unwrap();
    let write = client.put_object().bucket(BUCKET).key("上り").content_type("image/png").presigned(soon()).await.unwrap();
    let read = client.get_object().bucket(BUCKET).key("上り").response_content_type("text/plain").presigned(soon()).await.unwrap();
    let (status, _, _) = ask("PUT", write.uri(), write.headers(), "bytes").await;
    assert_eq!(status, 200);
    let (status, kind, body) = ask("GET", read.uri(), read.headers(), "").await;
    assert_eq!((status, kind.as_str(), body.as_str()), (200, "text/plain", "bytes"));
    let forged = read.uri().replace("X-Amz-Expires=60", "X-Amz-Expires=6000");
    assert_eq!(ask("GET", &forged, read.headers(), "").await.0, 403);
}

async fn ask<'a>(method: &str, uri: &str, headers: impl Iterator<Item = (&'a str, &'a str)>, body: &'static str) -> (u16, String, String) {
    use http_body_util::BodyExt;
    let request = headers.fold(http::Request::builder().method(method).uri(uri), |request, (name, value)| request.header(name, value));
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let answer = client.request(request.body(axum::body::Body::from(body)).unwrap()).await.unwrap();
    let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = answer.status().as_u16();
    (status, kind, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[tokio::test]
async fn strangers_are_refused_and_faults_are_s3s() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    rig.faults.set(Target::S3, Some(Mode::TooMany), 1);
    let slow = client.list_objects_v2().bucket(BUCKET).send().await.unwrap_err();
    assert_eq!(slow.code(), Some("SlowDown"));
    let stranger = aws_credential_types::Credentials::new("stranger", "secret", None, None, "test");
    let stranger = Client::from_conf(Builder::from(&rig.s3).force_path_style(true).credentials_provider(stranger).build());
    assert!(stranger.list_objects_v2().bucket(BUCKET).send().await.is_err());
}

#[tokio::test]
async fn a_body_without_its_sum_is_refused_and_leaves_nothing() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let put = client.put_object().bucket(BUCKET).key("a").body(ByteStream::from_static(b"other bytes"));
    let error = put.checksum_sha256("ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=").send().await.unwrap_err();
    assert_eq!(error.code(), Some("BadDigest"));
    assert!(!on_disk(data.path(), b"other bytes"));
    assert_eq!(read(&client, "a", None).await, Err("NoSuchKey".to_owned()));
}

#[tokio::test]
async fn what_is_not_done_is_refused_and_not_passed_over() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let tagged = client.put_object().bucket(BUCKET).key("a").tagging("a=b").body(ByteStream::from_static(b"1")).send().await;
    assert_eq!(tagged.unwrap_err().code(), Some("NotImplemented"));
    let elsewhere = client.put_object().bucket("another-bucket").key("a").body(ByteStream::from_static(b"1")).send().await;
    assert_eq!(elsewhere.unwrap_err().code(), Some("NoSuchBucket"));
}
