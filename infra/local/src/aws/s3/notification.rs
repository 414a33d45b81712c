//! What the bucket tells queues: `s3:ObjectCreated:*` below `roster-in/` and below `uploads/`, as the template deploys it.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::{
    about::{About, Content},
    store::unique,
};
use crate::aws::{
    REGION,
    sqs::{Prepared, Queue},
};

/// Where rosters are delivered.
const ROSTERS: &str = "roster-in/";
/// The quarantine of documents.
const UPLOADS: &str = "uploads/";

/// How a version came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the operation that it is named for")]
pub enum Made {
    Put,
    Copy,
    CompleteMultipartUpload,
    /// Not an object that was created: nobody is told.
    DeleteMarker,
}

/// Tells queues; clones are the same.
#[derive(Debug, Clone)]
pub struct Notifications {
    /// By the filter: what the keys of objects begin with that a queue is told of.
    queues: Vec<(&'static str, Queue)>,
    /// Of the last event.
    sequence: Arc<AtomicU64>,
}

impl Notifications {
    /// Notifications of delivered rosters to one queue, and of uploads to another.
    pub fn to(rosters: Queue, uploads: Queue) -> Self {
        Self { queues: vec![(ROSTERS, rosters), (UPLOADS, uploads)], sequence: Arc::default() }
    }

    /// Prepares the message about a version of an object in `bucket` that is about to be there; `None` where nobody is told.
    pub fn prepare(&self, bucket: &str, about: &About, version: &str, made: Made) -> io::Result<Option<Prepared>> {
        let name = match made {
            Made::Put => "Put",
            Made::Copy => "Copy",
            Made::CompleteMultipartUpload => "CompleteMultipartUpload",
            Made::DeleteMarker => return Ok(None),
        };
        let queue = self.queues.iter().find(|(prefix, _)| about.key.starts_with(prefix));
        match (&about.content, queue) {
            (Some(content), Some((prefix, queue))) => {
                let made = Event { id: prefix.trim_end_matches('/'), name, sequence: self.next(about) };
                let event = event(bucket, about, content, version, &made);
                queue.prepare(json!({ "Records": [event] }).to_string()).map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Grows with every event, also over a restart: it begins with the time.
    fn next(&self, about: &About) -> u64 {
        let micros = u64::try_from(about.modified.timestamp_micros()).unwrap_or_default();
        let grown = |last: u64| last.saturating_add(1).max(micros);
        let last = self.sequence.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(grown(last)));
        grown(last.unwrap_or_else(|last| last))
    }
}

struct Event<'a> {
    /// Of the notification's configuration.
    id: &'a str,
    name: &'a str,
    sequence: u64,
}

fn event(bucket: &str, about: &About, content: &Content, version: &str, made: &Event<'_>) -> Value {
    json!({
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": REGION,
        "eventTime": domain::time::stamp(about.modified),
        "eventName": format!("ObjectCreated:{}", made.name),
        "userIdentity": { "principalId": "AWS:AIDALOCALLOCALLOCALL" },
        "requestParameters": { "sourceIPAddress": "127.0.0.1" },
        "responseElements": { "x-amz-request-id": unique(), "x-amz-id-2": unique() },
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": made.id,
            "bucket": {
                "name": bucket,
                "ownerIdentity": { "principalId": "A0LOCALLOCALLO" },
                "arn": format!("arn:aws:s3:::{bucket}"),
            },
            "object": {
                "key": encoded(&about.key),
                "size": content.size,
                "eTag": content.e_tag,
                "versionId": version,
                "sequencer": format!("{:018X}", made.sequence),
            },
        },
    })
}

/// A key as notifications hold it: encoded as in a form, with its slashes left as they are.
fn encoded(key: &str) -> String {
    byte_serialize(key.as_bytes()).collect::<String>().replace("%2F", "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_encoded_as_s3_does_it() {
        for (key, expected) in [
            ("roster-in/01AB/monthly/a-b_c.csv", "roster-in/01AB/monthly/a-b_c.csv"),
            ("red flower+1%.csv", "red+flower%2B1%25.csv"),
            ("名簿 (1).csv", "%E5%90%8D%E7%B0%BF+%281%29.csv"),
        ] {
            assert_eq!(encoded(key), expected);
        }
    }
}
