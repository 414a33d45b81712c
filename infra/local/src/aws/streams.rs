//! The event source mapping from the table's stream to `outbox`, with the filter that the template deploys: inserts of
//! outbox items. At least once and in order, as Lambda does it: the position is kept only after the function succeeded.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use dynoxide::streams::{shard_id, stream_arn};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aws::{
        ACCOUNT, REGION,
        dynamodb::{TABLE, Tables, TablesError},
        lambda::{FunctionError, Lambda},
    },
    kept,
};

/// The template's batch size.
const BATCH: usize = 10;
/// Records read at a time.
const PAGE: usize = 500;
/// Looks for records even when no write was noticed.
const IDLE: Duration = Duration::from_secs(1);
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const LONGEST_BACK_OFF: Duration = Duration::from_secs(5);

/// The mapping; [`OutboxSource::run`] works until it is dropped.
#[derive(Debug)]
pub struct OutboxSource {
    tables: Tables,
    lambda: Lambda,
    file: PathBuf,
}

/// What `stream.json` holds.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Position {
    /// Everything up to here has been handled; `None` at the stream's beginning.
    sequence_number: Option<String>,
}

#[derive(Debug, thiserror::Error)]
enum SourceError {
    #[error(transparent)]
    Tables(#[from] TablesError),
    #[error("the position in the stream: {0}")]
    Position(#[from] std::io::Error),
    #[error("the stream's answer has no {0}")]
    Shape(&'static str),
}

impl From<serde_json::Error> for SourceError {
    fn from(error: serde_json::Error) -> Self {
        Self::Tables(error.into())
    }
}

impl OutboxSource {
    /// Reads the stream of `tables` from the position kept in `<data>/stream.json`.
    pub fn new(tables: Tables, lambda: Lambda, data: &Path) -> Self {
        Self { tables, lambda, file: data.join("stream.json") }
    }

    /// Hands records to the function, for ever.
    pub async fn run(self) {
        let mut back_off = FIRST_BACK_OFF;
        loop {
            match self.advance().await {
                Ok(true) => back_off = FIRST_BACK_OFF,
                Ok(false) => {
                    back_off = FIRST_BACK_OFF;
                    let _written_or_idle = tokio::time::timeout(IDLE, self.tables.written()).await;
                }
                Err(error) => {
                    tracing::warn!(%error, "the stream's records stay where they are for now");
                    tokio::time::sleep(back_off).await;
                    back_off = (back_off * 2).min(LONGEST_BACK_OFF);
                }
            }
        }
    }

    /// Handles the next page of records; `false` when there are none.
    async fn advance(&self) -> Result<bool, SourceError> {
        let mut position: Position = kept::read(&self.file)?;
        let records = self.read(position.sequence_number.clone()).await?;
        let Some(last) = records.last().map(sequence_number) else { return Ok(false) };
        let wanted: Vec<Value> = records.iter().filter(|record| is_outbox_insert(record)).cloned().collect();
        for batch in wanted.chunks(BATCH) {
            position.sequence_number = Some(self.hand_over(batch).await);
            kept::write(&self.file, &position)?;
        }
        position.sequence_number = Some(last);
        kept::write(&self.file, &position)?;
        Ok(true)
    }

    /// Invokes the function until it has taken the whole batch, and answers the last record's sequence number.
    async fn hand_over(&self, batch: &[Value]) -> String {
        let mut rest = batch;
        let mut back_off = FIRST_BACK_OFF;
        while !rest.is_empty() {
            let answer = self.lambda.invoke("outbox", json!({ "Records": rest })).await;
            let done = taken(rest, &answer);
            if done == 0 {
                tracing::warn!(records = rest.len(), answer = ?answer.err(), "the outbox did not take a batch; it gets it again");
                tokio::time::sleep(back_off).await;
                back_off = (back_off * 2).min(LONGEST_BACK_OFF);
            }
            rest = rest.get(done..).unwrap_or_default();
        }
        batch.last().map(sequence_number).unwrap_or_default()
    }

    async fn read(&self, after: Option<String>) -> Result<Vec<Value>, SourceError> {
        let database = self.tables.database().clone();
        let read = move || {
            let metadata = database.get_table_metadata(TABLE).map_err(TablesError::from)?.ok_or(SourceError::Shape("table"))?;
            let label = metadata.stream_label.ok_or(SourceError::Shape("stream"))?;
            let kind = if after.is_some() { "AFTER_SEQUENCE_NUMBER" } else { "TRIM_HORIZON" };
            let iterator = json!({
                "StreamArn": stream_arn(TABLE, &label),
                "ShardId": shard_id(TABLE),
                "ShardIteratorType": kind,
                "SequenceNumber": after,
            });
            let iterator = database.get_shard_iterator(serde_json::from_value(iterator)?).map_err(TablesError::from)?;
            let request = json!({ "ShardIterator": iterator.shard_iterator.ok_or(SourceError::Shape("iterator"))?, "Limit": PAGE });
            let page = database.get_records(serde_json::from_value(request)?).map_err(TablesError::from)?;
            page.records.iter().map(|record| Ok(as_lambda_sends(serde_json::to_value(record)?, &label))).collect()
        };
        tokio::task::spawn_blocking(read).await.map_err(TablesError::from)?
    }
}

/// dynoxide's records are shaped as the streams' API has them; Lambda adds the source.
fn as_lambda_sends(mut record: Value, label: &str) -> Value {
    if let Some(members) = record.as_object_mut() {
        members.insert("awsRegion".to_owned(), json!(REGION));
        members.insert("eventSourceARN".to_owned(), json!(format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{TABLE}/stream/{label}")));
    }
    record
}

fn sequence_number(record: &Value) -> String {
    record.pointer("/dynamodb/SequenceNumber").and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// The filter of the event source mapping: `{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"OUTBOX#"}]}}}}`.
fn is_outbox_insert(record: &Value) -> bool {
    let sk = record.pointer("/dynamodb/Keys/sk/S").and_then(Value::as_str);
    record.get("eventName").and_then(Value::as_str) == Some("INSERT") && sk.is_some_and(|sk| sk.starts_with("OUTBOX#"))
}

/// How many records from the first are done. A failed record means that it and all after it come again; a failure
/// without a record that is known, all of them.
fn taken(batch: &[Value], answer: &Result<Value, FunctionError>) -> usize {
    let Ok(answer) = answer else { return 0 };
    let failures = answer.get("batchItemFailures").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let place = |failure: &Value| {
        let identifier = failure.get("itemIdentifier").and_then(Value::as_str).unwrap_or_default();
        batch.iter().position(|record| sequence_number(record) == identifier).unwrap_or(0)
    };
    failures.iter().map(place).min().unwrap_or(batch.len())
}
