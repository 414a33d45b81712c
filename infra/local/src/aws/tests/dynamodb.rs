use aws_sdk_dynamodb::{
    Client,
    error::ProvideErrorMetadata,
    types::{AttributeValue, StreamViewType},
};
use chrono::TimeDelta;
use serde_json::json;

use super::Rig;
use crate::{
    aws::dynamodb::{KEY_TABLE, TABLE},
    faults::{Mode, Target},
};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

async fn put(client: &Client, pk: &str, sk: &str, ttl: Option<i64>) -> Result<(), String> {
    let put = client.put_item().table_name(TABLE).item("pk", text(pk)).item("sk", text(sk));
    let put = ttl.into_iter().fold(put, |put, ttl| put.item("ttl", AttributeValue::N(ttl.to_string())));
    put.send().await.map(|_| ()).map_err(|error| error.code().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn the_tables_are_made_as_the_template_makes_them() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    rig.tables.create().unwrap();
    let client = Client::new(&rig.dynamodb);
    let table = client.describe_table().table_name(TABLE).send().await.unwrap().table.unwrap();
    assert_eq!(table.global_secondary_indexes()[0].index_name(), Some("by_due"));
    assert_eq!(table.stream_specification().and_then(|stream| stream.stream_view_type.clone()), Some(StreamViewType::NewImage));
    for name in [TABLE, KEY_TABLE] {
        let ttl = client.describe_time_to_live().table_name(name).send().await.unwrap();
        assert_eq!(ttl.time_to_live_description.unwrap().attribute_name.as_deref(), Some("ttl"));
    }
}

#[tokio::test]
async fn requests_are_counted_and_fail_as_ordered() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.dynamodb);
    rig.faults.set(Target::Dynamodb, Some(Mode::ServerError), 1);
    assert_eq!(put(&client, "a", "b", None).await, Err("InternalServerError".to_owned()));
    rig.faults.set(Target::Dynamodb, Some(Mode::TooMany), 1);
    assert_eq!(put(&client, "a", "b", None).await, Err("ProvisionedThroughputExceededException".to_owned()));
    assert_eq!(put(&client, "a", "b", None).await, Ok(()));
    assert_eq!(rig.calls.show(), json!({"dynamodb": {"PutItem": 3}}));
}

#[tokio::test]
async fn items_survive_a_restart() {
    let data = tempfile::tempdir().unwrap();
    let first = Rig::start(data.path()).await;
    put(&Client::new(&first.dynamodb), "a", "b", None).await.unwrap();
    drop(first);
    let second = Rig::start(data.path()).await;
    assert_eq!(second.tables.scan(TABLE, &json!({})).unwrap().len(), 1);
}

#[tokio::test]
async fn items_expire_by_the_local_clock() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.dynamodb);
    let in_a_month = (rig.clock.now() + TimeDelta::days(30)).timestamp();
    put(&client, "a", "expires", Some(in_a_month)).await.unwrap();
    put(&client, "a", "stays", None).await.unwrap();
    assert_eq!(rig.tables.sweep(rig.clock.now()).await.unwrap(), 0);
    rig.clock.advance(TimeDelta::days(31));
    assert_eq!(rig.tables.sweep(rig.clock.now()).await.unwrap(), 1);
    assert_eq!(rig.tables.scan(TABLE, &json!({})).unwrap(), [json!({"pk": {"S": "a"}, "sk": {"S": "stays"}})]);
}
