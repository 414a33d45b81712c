//! The event source mapping from a queue to a function, as the template deploys it: batches of ten, and
//! `ReportBatchItemFailures`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Message, Queue, record::record};
use crate::aws::lambda::{FunctionError, Lambda};

/// The template's batch size.
const BATCH: usize = 10;
/// Batches that are worked on at the same time. A standard queue's mapping begins with five pollers on AWS too.
const POLLERS: usize = 5;
/// Before the next try where the queue itself cannot be read or written.
const BACK_OFF: Duration = Duration::from_secs(1);

/// The mapping; [`Source::run`] works until it is dropped.
#[derive(Debug)]
pub struct Source {
    queue: Queue,
    lambda: Lambda,
    function: &'static str,
}

impl Source {
    /// Hands the messages of `queue` to `function`.
    pub fn new(queue: Queue, lambda: Lambda, function: &'static str) -> Self {
        Self { queue, lambda, function }
    }

    /// Hands messages over, for ever. A message that fails keeps no other one waiting.
    pub async fn run(self) {
        futures::future::join_all((0..POLLERS).map(|_| self.poll())).await;
    }

    async fn poll(&self) {
        loop {
            match self.queue.receive(BATCH) {
                Ok(batch) if batch.is_empty() => self.queue.something_to_receive().await,
                Ok(batch) => self.hand_over(&batch).await,
                Err(error) => {
                    tracing::warn!(%error, "the queue cannot be read for now");
                    tokio::time::sleep(BACK_OFF).await;
                }
            }
        }
    }

    async fn hand_over(&self, batch: &[Message]) {
        let arn = self.queue.arn();
        let records: Vec<Value> = batch.iter().map(|message| record(message, &arn)).collect();
        let answer = self.lambda.invoke(self.function, json!({ "Records": records })).await;
        let failed = failed(batch, &answer);
        if !failed.is_empty() {
            tracing::warn!(messages = failed.len(), function = self.function, error = ?answer.err(), "messages come again");
        }
        let settled = self.queue.settle(batch, |message| !failed.contains(&message.id.as_str()));
        if let Err(error) = settled {
            tracing::warn!(%error, "messages that are done may come again after the next start");
        }
    }
}

/// The ids of what comes again. No failures, or no answer at all, means that all are done; an answer that cannot be understood,
/// or names a message that was not in the batch, that none is.
/// <https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html>
fn failed<'a>(batch: &'a [Message], answer: &Result<Value, FunctionError>) -> Vec<&'a str> {
    let all = || batch.iter().map(|message| message.id.as_str()).collect();
    let failures = match answer {
        Ok(Value::Null) => return Vec::new(),
        Ok(Value::Object(members)) => match members.get("batchItemFailures") {
            None | Some(Value::Null) => return Vec::new(),
            Some(Value::Array(failures)) => failures,
            Some(_) => return all(),
        },
        Ok(_) | Err(_) => return all(),
    };
    let named = |failure: &Value| {
        let identifier = failure.get("itemIdentifier")?.as_str()?;
        batch.iter().map(|message| message.id.as_str()).find(|id| *id == identifier)
    };
    failures.iter().map(named).collect::<Option<Vec<_>>>().unwrap_or_else(all)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn an_answer_says_what_comes_again_as_lambda_reads_it() {
        let message = |id: &str| Message {
            id: id.to_owned(),
            body: String::new(),
            sent_at: DateTime::UNIX_EPOCH,
            first_received_at: None,
            receives: 1,
        };
        let batch = [message("a"), message("b")];
        let (none, all): (&[&str], &[&str]) = (&[], &["a", "b"]);
        let cases: [(Value, &[&str]); 11] = [
            (Value::Null, none),
            (json!({}), none),
            (json!({"batchItemFailures": null}), none),
            (json!({"batchItemFailures": []}), none),
            (json!({"batchItemFailures": [{"itemIdentifier": "b"}]}), &["b"]),
            (json!({"batchItemFailures": [{"itemIdentifier": "b"}, {"itemIdentifier": "c"}]}), all),
            (json!({"batchItemFailures": [{"itemIdentifier": ""}]}), all),
            (json!({"batchItemFailures": [{"itemIdentifier": null}]}), all),
            (json!({"batchItemFailures": [{"identifier": "a"}]}), all),
            (json!({"batchItemFailures": {}}), all),
            (json!("done"), all),
        ];
        for (answer, again) in cases {
            assert_eq!(failed(&batch, &Ok(answer.clone())), again, "{answer}");
        }
        assert_eq!(failed(&batch, &Err(FunctionError::Failed("why".to_owned()))), all);
    }
}
