use aws_sdk_kms::{Client, error::ProvideErrorMetadata, primitives::Blob, types::DataKeySpec};
use serde_json::json;

use super::Rig;
use crate::{
    aws::kms::{KEY_ALIAS, KEY_ID},
    faults::{Mode, Target},
};

async fn open(client: &Client, sealed: &Blob, member: &str) -> Result<Blob, String> {
    let decrypt = client.decrypt().ciphertext_blob(sealed.clone()).encryption_context("tenant", "1").encryption_context("member", member);
    decrypt.send().await.map(|opened| opened.plaintext.unwrap()).map_err(|error| error.code().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn a_data_key_opens_with_its_encryption_context_only_also_after_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    let generate = client.generate_data_key().key_id(KEY_ALIAS).key_spec(DataKeySpec::Aes256);
    let key = generate.encryption_context("member", "2").encryption_context("tenant", "1").send().await.unwrap();
    let (plain, sealed) = (key.plaintext.unwrap(), key.ciphertext_blob.unwrap());
    assert_eq!(plain.as_ref().len(), 32);
    assert_eq!(open(&client, &sealed, "2").await, Ok(plain.clone()));
    assert_eq!(open(&client, &sealed, "3").await, Err("InvalidCiphertextException".to_owned()));
    assert_eq!(open(&client, &Blob::new("nothing sealed"), "2").await, Err("InvalidCiphertextException".to_owned()));
    drop(rig);
    let rig = Rig::start(data.path()).await;
    assert_eq!(open(&Client::new(&rig.aws), &sealed, "2").await, Ok(plain));
}

#[tokio::test]
async fn the_key_is_known_by_id_arn_and_alias_and_no_other_is() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    let arn = format!("arn:aws:kms:ap-northeast-1:000000000000:key/{KEY_ID}");
    for key in [KEY_ID, KEY_ALIAS, &arn] {
        assert!(client.generate_data_key().key_id(key).key_spec(DataKeySpec::Aes256).send().await.is_ok(), "{key}");
    }
    let other = client.generate_data_key().key_id("alias/other").key_spec(DataKeySpec::Aes256).send().await;
    assert_eq!(other.unwrap_err().code(), Some("NotFoundException"));
}

#[tokio::test]
async fn calls_are_counted_and_throttled_as_ordered() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.faults.set(Target::Kms, Some(Mode::TooMany), 1);
    let throttled = open(&Client::new(&rig.aws), &Blob::new("x"), "2").await;
    assert_eq!(throttled, Err("ThrottlingException".to_owned()));
    assert_eq!(rig.calls.show(), json!({"kms": {"Decrypt": 1}}));
}
