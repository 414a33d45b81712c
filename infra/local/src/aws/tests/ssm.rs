use aws_sdk_ssm::{Client, error::ProvideErrorMetadata, types::ParameterType};

use super::Rig;

const NAME: &str = "/hokenshitsu/local/line/demo/secret";

async fn put(client: &Client, name: &str, value: &str, overwrite: bool) -> Result<i64, String> {
    let put = client.put_parameter().name(name).value(value).r#type(ParameterType::SecureString).overwrite(overwrite);
    put.send().await.map(|put| put.version).map_err(|error| error.code().unwrap_or("none").to_owned())
}

async fn get(client: &Client, name: &str) -> Result<String, String> {
    let get = client.get_parameter().name(name).with_decryption(true).send().await;
    get.map(|got| got.parameter.unwrap().value.unwrap()).map_err(|error| error.code().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn a_secret_is_kept_sealed_over_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    assert_eq!(put(&Client::new(&rig.aws), NAME, "channel-secret", false).await, Ok(1));
    drop(rig);
    assert!(!std::fs::read_to_string(data.path().join("parameters.json")).unwrap().contains("channel-secret"));
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    assert_eq!(get(&client, NAME).await, Ok("channel-secret".to_owned()));
    let sealed = client.get_parameter().name(NAME).send().await.unwrap().parameter.unwrap().value.unwrap();
    assert_ne!(sealed, "channel-secret");
}

#[tokio::test]
async fn a_parameter_is_overwritten_only_when_asked_and_deleted_once() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    assert_eq!(get(&client, NAME).await, Err("ParameterNotFound".to_owned()));
    assert_eq!(put(&client, NAME, "a", false).await, Ok(1));
    assert_eq!(put(&client, NAME, "b", false).await, Err("ParameterAlreadyExists".to_owned()));
    assert_eq!(put(&client, NAME, "b", true).await, Ok(2));
    assert_eq!(get(&client, NAME).await, Ok("b".to_owned()));
    assert!(client.delete_parameter().name(NAME).send().await.is_ok());
    let again = client.delete_parameter().name(NAME).send().await.unwrap_err();
    assert_eq!(again.code(), Some("ParameterNotFound"));
}

#[tokio::test]
async fn several_parameters_come_at_once_and_by_path_in_pages() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    for number in 10..25 {
        put(&client, &format!("/a/{number}"), "x", false).await.unwrap();
    }
    put(&client, "/a/deep/er", "x", false).await.unwrap();
    put(&client, "/b", "x", false).await.unwrap();
    let several = client.get_parameters().names("/a/10").names("/none").send().await.unwrap();
    assert_eq!((several.parameters().len(), several.invalid_parameters()), (1, ["/none".to_owned()].as_slice()));
    let pages = client.get_parameters_by_path().path("/a").into_paginator().send();
    let pages: Vec<usize> = pages.collect::<Vec<_>>().await.into_iter().map(|page| page.unwrap().parameters().len()).collect();
    assert_eq!(pages, [10, 5]);
    let first = client.get_parameters_by_path().path("/a/").recursive(true).send().await.unwrap();
    let rest = client.get_parameters_by_path().path("/a/").recursive(true).next_token(first.next_token.unwrap()).send().await.unwrap();
    assert_eq!(rest.parameters().len(), 6);
}
