//! What S3 tells through SQS. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use percent_encoding::percent_decode_str;
use serde::Deserialize;

/// A message of the queue.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    message_id: String,
    #[serde(default)]
    body: String,
}

/// An object that a notification names. Its key can be HR's own: never for a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// Its key, decoded.
    pub key: String,
    /// Its version.
    pub version: String,
    /// How long it is.
    pub bytes: u64,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Records", default)]
    records: Option<Vec<Record>>,
    /// `s3:TestEvent`, which S3 sends when the notification is set up.
    #[serde(rename = "Event", default)]
    event: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    #[serde(default)]
    event_source: String,
    #[serde(default)]
    event_name: String,
    #[serde(default)]
    s3: Option<S3>,
}

#[derive(Deserialize)]
struct S3 {
    object: S3Object,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct S3Object {
    key: String,
    #[serde(default)]
    size: u64,
    #[serde(default)]
    version_id: String,
}

impl Message {
    /// Its id, by which the queue is told that it failed.
    pub fn id(&self) -> &str {
        &self.message_id
    }

    /// The objects that were created; none for a test event or a deletion. `None` where the body is nothing that S3 sends.
    pub fn objects(&self) -> Option<Vec<Object>> {
        let notification: Notification = serde_json::from_str(&self.body).ok()?;
        let Some(records) = notification.records else { return notification.event.map(|_| Vec::new()) };
        let created = records.into_iter().filter(|record| record.event_source == "aws:s3" && record.event_name.contains("ObjectCreated:"));
        let objects = created.filter_map(|record| record.s3).map(|s3| s3.object);
        Some(objects.map(|object| Object { key: decoded(&object.key), version: object.version_id, bytes: object.size }).collect())
    }
}

/// Keys arrive as in a form: percent-encoded, with `+` for a blank.
fn decoded(key: &str) -> String {
    percent_decode_str(&key.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_decoded_as_s3_encodes_them() {
        for (encoded, key) in [
            ("roster-in/T/monthly/2026-11.csv", "roster-in/T/monthly/2026-11.csv"),
            ("roster-in/T/monthly/%E5%90%8D%E7%B0%BF+%281%29%2B.csv", "roster-in/T/monthly/名簿 (1)+.csv"),
        ] {
            assert_eq!(decoded(encoded), key);
        }
    }
}
