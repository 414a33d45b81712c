use std::time::{Duration, Instant};

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem},
};
use serde_json::json;

use super::Rig;
use crate::{
    aws::dynamodb::TABLE,
    faults::{Fault, Mode, Target},
};

fn text(value: &str) -> AttributeValue {
    AttributeValue::S(value.to_owned())
}

fn order(rig: &Rig, mode: Mode) {
    rig.faults.order(Target::Dynamodb, Fault::always(mode)).unwrap();
}

async fn put(client: &Client, sk: &str) -> Result<(), SdkError<aws_sdk_dynamodb::operation::put_item::PutItemError>> {
    client.put_item().table_name(TABLE).item("pk", text("a")).item("sk", text(sk)).send().await.map(|_| ())
}

fn stored(rig: &Rig) -> usize {
    rig.tables.scan(TABLE, &json!({})).unwrap().len()
}

#[tokio::test]
async fn a_lost_answer_is_lost_after_the_write() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    order(&rig, Mode::Lost);
    assert_eq!(put(&Client::new(&rig.dynamodb), "1").await.unwrap_err().code(), Some("InternalServerError"));
    assert_eq!(stored(&rig), 1);
}

#[tokio::test]
async fn a_reset_breaks_the_connection_before_the_write() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    order(&rig, Mode::Reset);
    let error = put(&Client::new(&rig.dynamodb), "1").await.unwrap_err();
    assert!(matches!(error, SdkError::DispatchFailure(_)), "{error:?}");
    assert_eq!(stored(&rig), 0);
}

#[tokio::test]
async fn every_service_has_the_faults_that_all_have() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let ssm = aws_sdk_ssm::Client::new(&rig.aws);
    let s3 = aws_sdk_s3::Client::from_conf(aws_sdk_s3::config::Builder::from(&rig.s3).force_path_style(true).build());
    rig.faults.order(Target::Ssm, Fault::always(Mode::Reset)).unwrap();
    assert!(matches!(ssm.get_parameter().name("/a").send().await, Err(SdkError::DispatchFailure(_))));
    rig.faults.order(Target::S3, Fault::always(Mode::Lost)).unwrap();
    let put = s3.put_object().bucket(crate::aws::s3::BUCKET).key("a").body(aws_sdk_s3::primitives::ByteStream::from_static(b"1"));
    assert_eq!(put.send().await.unwrap_err().code(), Some("InternalError"));
    assert_eq!(rig.buckets.versions("a").unwrap().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_slow_write_is_written() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let mut slow = Fault::always(Mode::Slow);
    slow.ms = Some(200);
    rig.faults.order(Target::Dynamodb, slow).unwrap();
    let begin = Instant::now();
    put(&Client::new(&rig.dynamodb), "1").await.unwrap();
    assert!(begin.elapsed() >= Duration::from_millis(200) && stored(&rig) == 1);
}

#[tokio::test]
async fn only_the_operation_that_is_named_meets_its_fault() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let mut fault = Fault::always(Mode::ServerError);
    fault.operation = Some("GetItem".to_owned());
    rig.faults.order(Target::Dynamodb, fault).unwrap();
    let client = Client::new(&rig.dynamodb);
    put(&client, "1").await.unwrap();
    assert!(client.get_item().table_name(TABLE).key("pk", text("a")).key("sk", text("1")).send().await.is_err());
}

#[tokio::test]
async fn a_throttled_table_says_so_in_each_way_that_it_has() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.dynamodb);
    for sk in ["1", "2", "3"] {
        put(&client, sk).await.unwrap();
    }
    order(&rig, Mode::Throttled);
    assert_eq!(put(&client, "4").await.unwrap_err().code(), Some("ThrottlingException"));

    let action = |sk: &str| {
        let put = Put::builder().table_name(TABLE).item("pk", text("a")).item("sk", text(sk)).build().unwrap();
        TransactWriteItem::builder().put(put).build()
    };
    let cancelled = client.transact_write_items().transact_items(action("4")).transact_items(action("5")).send().await.unwrap_err();
    let cancelled = cancelled.into_service_error();
    assert!(cancelled.is_transaction_canceled_exception());
    let aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError::TransactionCanceledException(cancelled) = cancelled
    else {
        panic!("it is cancelled")
    };
    let codes: Vec<_> = cancelled.cancellation_reasons().iter().map(|reason| reason.code()).collect();
    assert_eq!((codes, stored(&rig)), (vec![Some("ThrottlingError"), Some("None")], 3));

    let key = |sk: &str| [("pk".to_owned(), text("a")), ("sk".to_owned(), text(sk))].into_iter().collect();
    let keys = KeysAndAttributes::builder().keys(key("1")).keys(key("2")).keys(key("3")).build().unwrap();
    let (mut read, mut wanted) = (Vec::new(), Some(keys));
    for _ in 0..4 {
        let Some(keys) = wanted.take() else { break };
        if keys.keys().len() == 1 {
            rig.faults.set(Target::Dynamodb, None, 0);
        }
        let answer = client.batch_get_item().request_items(TABLE, keys).send().await.unwrap();
        read.extend(answer.responses.unwrap().remove(TABLE).unwrap_or_default());
        wanted = answer.unprocessed_keys.and_then(|mut left| left.remove(TABLE));
    }
    assert_eq!((read.len(), wanted), (3, None));
}
