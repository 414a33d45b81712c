use std::time::Duration;

use aws_sdk_s3::{Client, config::Builder, error::ProvideErrorMetadata, presigning::PresigningConfig, primitives::ByteStream};
use serde_json::json;

use super::Rig;
use crate::{
    aws::s3::{BUCKET, show},
    faults::{Mode, Target},
};

fn client(rig: &Rig) -> Client {
    Client::from_conf(Builder::from(&rig.s3).force_path_style(true).build())
}

#[tokio::test]
async fn an_object_is_stored_read_and_listed() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let key = "rosters/名簿.csv";
    client.put_object().bucket(BUCKET).key(key).body(ByteStream::from_static(b"1,2")).send().await.unwrap();
    let got = client.get_object().bucket(BUCKET).key(key).send().await.unwrap();
    assert_eq!(got.body.collect().await.unwrap().to_vec(), b"1,2");
    let shown = show(data.path()).unwrap();
    assert_eq!(
        (&shown[0]["name"], &shown[0]["objects"][0]["key"], &shown[0]["objects"][0]["size"]),
        (&json!(BUCKET), &json!(key), &json!(3))
    );
    assert_eq!(rig.calls.show(), json!({"s3": {"GetObject": 1, "PutObject": 1}}));
}

#[tokio::test]
async fn a_bad_signature_is_refused_and_faults_are_s3s() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = client(&rig);
    let presigned =
        client.put_object().bucket(BUCKET).key("a").presigned(PresigningConfig::expires_in(Duration::from_mins(1)).unwrap()).await;
    assert!(presigned.unwrap().uri().contains("X-Amz-Signature"));
    rig.faults.set(Target::S3, Some(Mode::TooMany), 1);
    let slow = client.list_objects_v2().bucket(BUCKET).send().await.unwrap_err();
    assert_eq!(slow.code(), Some("SlowDown"));
    let stranger = aws_credential_types::Credentials::new("stranger", "secret", None, None, "test");
    let stranger = Client::from_conf(Builder::from(&rig.s3).force_path_style(true).credentials_provider(stranger).build());
    assert!(stranger.list_objects_v2().bucket(BUCKET).send().await.is_err());
}
