//! What members have uploaded becomes documents (row B5).
//!
//! * **Trigger:** S3 `ObjectCreated` below `uploads/`, through SQS (partial batch failures).
//! * **Reads:** the document's item, its consultation, the LINE user, the tenant, the data key; the object.
//! * **Writes:** the object at `documents/{member}/{consultation}/{document}`; then one transaction: the document is `Stored`, and
//!   a message of the consultation. What is too large, or none of the kinds that are kept by its content, is `NotKept`, and its
//!   member is told by LINE through the outbox. The object in the quarantine is deleted in all versions.
//! * **On failure:** the message comes again and finds what is there: killed anywhere it ends the same. In the end it lies in the
//!   dead-letter queue.

use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};

use runtime::notification::Message;
use store::{Documents, StoreError};

use crate::{App, keep};

/// What the queue hands over.
#[derive(Deserialize)]
struct Batch {
    #[serde(rename = "Records")]
    records: Vec<Message>,
}

/// Looks at what the queue names. Answers with its partial batch failures.
///
/// # Errors
/// A payload that is no batch of a queue.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let batch: Batch = serde_json::from_value(event.payload)?;
    let mut failures = Vec::new();
    for message in &batch.records {
        if let Err(error) = handle_message(app, message).await {
            tracing::error!(queue.message = message.id(), error = %error, "an upload could not be kept; its message comes again");
            failures.push(json!({ "itemIdentifier": message.id() }));
        }
    }
    Ok(json!({ "batchItemFailures": failures }))
}

async fn handle_message(app: &App, message: &Message) -> Result<(), StoreError> {
    let Some(objects) = message.objects() else {
        tracing::error!(alarm = "upload", queue.message = message.id(), "a message is no notification of S3 and is set aside");
        return Ok(());
    };
    for object in &objects {
        if let Some(place) = Documents::of_upload(&object.key) {
            keep::run(app, &place).await?;
        } else {
            tracing::error!(alarm = "upload", queue.message = message.id(), "an object is in no place of the quarantine");
        }
    }
    Ok(())
}
