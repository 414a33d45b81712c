//! Queued effects leave the system: LINE messages, mails, rich menus; documents are fetched from LINE and deleted in S3.
//!
//! * **Trigger:** the table's stream, filtered to inserted outbox items, and a sweep every minute.
//! * **Reads:** the item, the LINE user (nothing is sent to those who block the account), the data key, channel secrets (SSM).
//! * **Writes:** the item's state: taken, then sent, dropped, to be tried again, or failed for good. With a document that was
//!   fetched: its state, or the word to the member that it is not kept.
//! * **On failure:** a target that does not accept sets the item's next attempt, and the next item's turn comes; what was given up
//!   stays in the table as `Failed`, alarms, and can be retried by an operator. Only where an item cannot be taken or settled does
//!   the invocation fail: the stream delivers again, and the sweep finds what is due in any case.
//!
//! In reading order: [`handle`] (which items), `deliver` (take, send, settle), then one target each: `to_line`, `to_mail`,
//! `fetch_content`, `delete_document`, `delete_request_form`, `show_menu`.

mod delete_document;
mod delete_request_form;
mod deliver;
mod fetch_content;
mod show_menu;
mod to_line;
mod to_mail;

use aws_lambda_events::dynamodb::EventRecord;
use futures::{StreamExt, stream};
use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};

use runtime::{Aws, Clock, Environment};
use store::{DataKeys, Documents, Key, Parameters, Store, StoreError};

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    data_keys: DataKeys,
    parameters: Parameters,
    documents: Documents,
    line: line::Client,
    ses: aws_sdk_sesv2::Client,
    mail_from: String,
    clock: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Result<Self, line::NoClient> {
        let aws = Aws::new(&environment.aws);
        Ok(Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            data_keys: DataKeys::new(aws.kms(), &environment.kms_key),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            line: line::Client::new(&environment.line_api, &environment.line_data_api)?,
            ses: aws.ses(),
            mail_from: environment.mail_from.clone(),
            clock,
        })
    }
}

/// So many items are sent at the same time. Each may hold a document of up to 20 MiB in memory.
const AT_ONCE: usize = 4;
/// A sweep looks at so many items of each index partition; the next one comes a minute later.
const SWEEP: i32 = 100;

/// What invokes the function.
#[derive(Deserialize)]
#[serde(untagged)]
enum Trigger {
    Stream {
        #[serde(rename = "Records")]
        records: Vec<EventRecord>,
    },
    Sweep {
        sweep: bool,
    },
}

/// Sends what the stream names, or what is due. Answers a stream with its partial batch failures, a sweep with its count.
///
/// # Errors
/// A payload that is neither; a sweep whose table does not answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    match serde_json::from_value(event.payload)? {
        Trigger::Stream { records } => Ok(handle_stream(app, records).await),
        Trigger::Sweep { sweep: true } => Ok(handle_sweep(app).await?),
        Trigger::Sweep { sweep: false } => Ok(Value::Null),
    }
}

/// Items of one partition go out in the order of the stream, so that a person reads answers in their order. What is slow for one
/// person does not keep another one waiting, and documents, the slowest, come after everything else.
async fn handle_stream(app: &App, records: Vec<EventRecord>) -> Value {
    let (mut quick, mut slow) = (Vec::new(), Vec::new());
    for record in records {
        let sequence_number = record.change.sequence_number.clone();
        let Some((key, is_document)) = pending(record) else { continue };
        let lanes: &mut Vec<Vec<(Option<String>, Key)>> = if is_document { &mut slow } else { &mut quick };
        match lanes.iter_mut().find(|lane| lane.first().is_some_and(|(_, first)| first.pk == key.pk)) {
            Some(lane) => lane.push((sequence_number, key)),
            None => lanes.push(vec![(sequence_number, key)]),
        }
    }
    let mut failures = deliver_lanes(app, quick).await;
    failures.extend(deliver_lanes(app, slow).await);
    json!({ "batchItemFailures": failures })
}

/// Sends lanes side by side, each in its order up to what fails.
async fn deliver_lanes(app: &App, lanes: Vec<Vec<(Option<String>, Key)>>) -> Vec<Value> {
    let sent = stream::iter(lanes).map(|lane| async move {
        for (sequence_number, key) in lane {
            if let Err(error) = deliver::deliver(app, &key).await {
                tracing::error!(error = %error, "the table failed while an outbox item was sent");
                return sequence_number;
            }
        }
        None
    });
    let failed: Vec<Option<String>> = sent.buffer_unordered(AT_ONCE).collect().await;
    failed.into_iter().flatten().map(|number| json!({ "itemIdentifier": number })).collect()
}

/// The key of an inserted item that waits for anybody, and whether it is about a document; what its writer sends itself is left
/// to the writer.
fn pending(record: EventRecord) -> Option<(Key, bool)> {
    let new: serde_dynamo::Item = record.change.new_image;
    let text = |name: &str| match new.get(name) {
        Some(serde_dynamo::AttributeValue::S(text)) => Some(text.clone()),
        _ => None,
    };
    let is_insert = record.event_name == "INSERT" && text("kind").as_deref() == Some("Outbox");
    let is_pending = text("state").as_deref() == Some("Pending");
    let is_document = matches!(text("effect").as_deref(), Some("FetchContent" | "DeleteDocument" | "DeleteRequestForm"));
    (is_insert && is_pending).then(|| Some((Key { pk: text("pk")?, sk: text("sk")? }, is_document)))?
}

async fn handle_sweep(app: &App) -> Result<Value, StoreError> {
    let due = app.store.due(app.clock.now(), SWEEP).await?;
    let found = due.len();
    let delivered: Vec<Result<(), StoreError>> =
        stream::iter(due).map(|key| async move { deliver::deliver(app, &key).await }).buffer_unordered(AT_ONCE).collect().await;
    delivered.into_iter().collect::<Result<Vec<()>, _>>()?;
    if found > 0 {
        tracing::info!(outbox.due = found, "a sweep sent what was due");
    }
    Ok(json!({ "due": found }))
}
