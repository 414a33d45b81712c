//! Objects as programs and people read and write them on the front port, without S3's protocol and signatures.

use std::io;

use axum::{
    body::Body,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use url::form_urlencoded::byte_serialize;

use super::{
    BUCKET, Buckets,
    about::{About, Attributes, Content},
    bytes::{Sums, receive, send},
    notification::Made,
    store::{Bucket, Replace, is_id},
};
use crate::aws::wire::AwsError;

/// The most bytes that a key has on S3.
const LONGEST_KEY: usize = 1024;

impl Buckets {
    /// Stores `body` in the system's bucket as the S3 port would, and answers `{"key","version","size"}`.
    pub async fn put(&self, key: &str, headers: &HeaderMap, body: Body) -> Result<Value, AwsError> {
        if key.is_empty() || key.len() > LONGEST_KEY {
            return Err(AwsError::new("BadRequest", "an object's key has 1 to 1024 bytes: ?key=…"));
        }
        let bucket = self.bucket()?;
        let filled = bucket.begin().map_err(|error| AwsError::internal(&error))?;
        let received = receive(Some(body.into_data_stream()), &Sums::default(), &filled.body()).await;
        let received = received.map_err(|error| AwsError::new("BadRequest", error.to_string()))?;
        let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).map(str::to_owned);
        let attributes = Attributes { content_type: kind, ..Attributes::default() };
        let content = Content { size: received.size, e_tag: received.e_tag, attributes };
        let about = About { key: key.to_owned(), modified: self.machine.now(), content: Some(content) };
        let version = bucket.put(filled, &about, Replace::Any, Made::Put).map_err(|error| AwsError::internal(&error))?;
        Ok(json!({ "key": key, "version": version, "size": received.size }))
    }

    /// An object of the system's bucket as a download: its latest version, or the one of that id. Without one: 404.
    pub async fn download(&self, key: &str, version: Option<&str>) -> Result<Response, AwsError> {
        let bucket = self.bucket()?;
        let missing = || AwsError::new("NoSuchKey", "there is no such object").with_status(StatusCode::NOT_FOUND);
        if version.is_some_and(|id| !is_id(id)) {
            return Err(missing());
        }
        let versions = bucket.versions(key).map_err(|error| AwsError::internal(&error))?;
        let found = versions.into_iter().find(|found| version.is_none_or(|id| found.id == id)).ok_or_else(missing)?;
        let content = found.about.content.ok_or_else(missing)?;
        let body = match tokio::fs::File::open(bucket.body(key, &found.id)).await {
            Ok(file) => send(file, 0..content.size).await,
            // Removed since it was found.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(missing()),
            Err(error) => Err(error),
        };
        let body = body.map_err(|error| AwsError::internal(&error))?;
        let name = key.rsplit('/').next().unwrap_or(key);
        let headers = [
            (header::CONTENT_TYPE, content.attributes.content_type.unwrap_or_else(|| "application/octet-stream".to_owned())),
            (header::CONTENT_LENGTH, content.size.to_string()),
            (header::CONTENT_DISPOSITION, format!("attachment; filename*=UTF-8''{}", encoded(name))),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        Ok((headers, Body::from_stream(body)).into_response())
    }

    fn bucket(&self) -> Result<Bucket, AwsError> {
        self.store.bucket(BUCKET).ok_or_else(|| AwsError::internal(&"the bucket is gone"))
    }
}

/// A file name as RFC 8187 writes it.
fn encoded(name: &str) -> String {
    byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20").replace('*', "%2A")
}
