//! A message as Lambda hands it to a function. <https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html>

use s3s::crypto::{Checksum, Md5};
use serde_json::{Value, json};

use super::Message;
use crate::aws::{REGION, s3::hex};

/// The record of `message`, received from the queue of that ARN.
pub fn record(message: &Message, arn: &str) -> Value {
    let first_received_at = message.first_received_at.unwrap_or(message.sent_at);
    json!({
        "messageId": message.id,
        "receiptHandle": format!("{}-{}", message.id, message.receives),
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": message.receives.to_string(),
            "SentTimestamp": message.sent_at.timestamp_millis().to_string(),
            "SenderId": "AROALOCALLOCALLOCALL:S3-PROD-END",
            "ApproximateFirstReceiveTimestamp": first_received_at.timestamp_millis().to_string(),
        },
        "messageAttributes": {},
        "md5OfBody": hex(&Md5::checksum(message.body.as_bytes())),
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    })
}
