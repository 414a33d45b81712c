//! S3: buckets whose objects keep their versions, as files in `<data>/s3`. s3s speaks the protocol and checks signatures.

mod about;
mod bytes;
mod cors;
pub mod notification;
mod objects;
mod service;
mod store;

use std::{collections::BTreeMap, io, path::Path};

use axum::{
    Router,
    error_handling::HandleError,
    extract::{Request, State},
    http::{Method, StatusCode, Uri},
    middleware::{self, Next},
    response::Response,
};
use runtime::Clock;
use s3s::{HttpError, auth::SimpleAuth, service::S3ServiceBuilder};
use serde_json::{Value, json};
use url::Url;

pub(super) use self::store::hex;
use self::{
    notification::Notifications,
    service::Service,
    store::{Store, Version},
};
use super::{
    ACCESS_KEY_ID, SECRET_ACCESS_KEY,
    wire::{AwsError, Wire},
};
use crate::faults::Target;

/// The system's bucket.
pub const BUCKET: &str = "hokenshitsu-local";

/// The buckets; clones are the same ones.
#[derive(Debug, Clone)]
pub struct Buckets {
    store: Store,
    machine: Clock,
}

impl Buckets {
    /// What is in `<data>/s3`, and makes sure of the system's bucket, which tells `notifications` of what is put into it.
    pub fn open(data: &Path, notifications: Notifications) -> io::Result<Self> {
        let store = Store::at(data.join("s3"), Some(notifications));
        store.prepare(BUCKET)?;
        Ok(Self { store, machine: Clock::system() })
    }

    /// The S3 port, which pages of `origin` may use too.
    pub fn router(&self, wire: Wire, origin: &Url) -> Router {
        let mut service = S3ServiceBuilder::new(Service::new(self.store.clone()));
        service.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
        let service = HandleError::new(service.build(), |error: HttpError| async move {
            tracing::error!(?error, "S3 could not answer");
            StatusCode::INTERNAL_SERVER_ERROR
        });
        Router::new()
            .fallback_service(service)
            .layer(middleware::from_fn_with_state(wire, arrive))
            .layer(middleware::from_fn_with_state(cors::allowed(origin), cors::answer))
    }

    /// The buckets and what lies in them, for the buckets page: `[{name,objects:[{key,size,modified,versions}]}]`, where `size`
    /// is `null` when the latest version is a delete marker, and `versions` are as [`Buckets::versions`] gives them.
    pub fn show(&self) -> Result<Value, AwsError> {
        let mut buckets = Vec::new();
        for name in self.store.buckets().map_err(|error| AwsError::internal(&error))? {
            let objects = self.all(&name, "")?;
            let objects: Vec<Value> = objects.iter().map(|(key, versions)| object(key, versions)).collect();
            buckets.push(json!({ "name": name, "objects": objects }));
        }
        Ok(json!(buckets))
    }

    /// Every object of the system's bucket whose key begins with `prefix`, by key:
    /// `[{key,versions:[{id,size,latest,deleteMarker,modified}]}]`, the newest version first.
    pub fn versions(&self, prefix: &str) -> Result<Value, AwsError> {
        let shown = |(key, versions): (&String, &Vec<Version>)| {
            let versions: Vec<Value> = versions.iter().map(version).collect();
            json!({ "key": key, "versions": versions })
        };
        Ok(self.all(BUCKET, prefix)?.iter().map(shown).collect())
    }

    fn all(&self, bucket: &str, prefix: &str) -> Result<BTreeMap<String, Vec<Version>>, AwsError> {
        let all = self.store.bucket(bucket).map(|bucket| bucket.all(prefix)).transpose();
        all.map(Option::unwrap_or_default).map_err(|error| AwsError::internal(&error))
    }
}

async fn arrive(State(wire): State<Wire>, request: Request, next: Next) -> Response {
    let copies = request.headers().contains_key("x-amz-copy-source");
    let operation = operation(request.method(), request.uri(), copies);
    wire.answer(Target::S3, operation, next.run(request)).await
}

/// The operation's name, as far as method, address and the header of a copy tell it.
fn operation(method: &Method, uri: &Uri, copies: bool) -> &'static str {
    let has_key = uri.path().trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
    let asks = |name: &str| uri.query().unwrap_or_default().split('&').any(|part| part.split('=').next() == Some(name));
    match (method, has_key) {
        (&Method::PUT, true) if asks("partNumber") => "UploadPart",
        (&Method::PUT, true) if copies => "CopyObject",
        (&Method::PUT, true) => "PutObject",
        (&Method::POST, true) if asks("uploads") => "CreateMultipartUpload",
        (&Method::POST, true) if asks("uploadId") => "CompleteMultipartUpload",
        (&Method::GET, true) if asks("uploadId") => "ListParts",
        (&Method::GET, true) => "GetObject",
        (&Method::HEAD, true) => "HeadObject",
        (&Method::DELETE, true) if asks("uploadId") => "AbortMultipartUpload",
        (&Method::DELETE, true) => "DeleteObject",
        (&Method::POST, false) if asks("delete") => "DeleteObjects",
        (&Method::GET, false) if asks("versions") => "ListObjectVersions",
        (&Method::GET, false) if asks("list-type") => "ListObjectsV2",
        _ => "other",
    }
}

fn object(key: &str, versions: &[Version]) -> Value {
    let latest = versions.first().map(|latest| &latest.about);
    json!({
        "key": key,
        "size": latest.and_then(|about| about.content.as_ref()).map(|content| content.size),
        "modified": latest.map(|about| about.modified),
        "versions": versions.iter().map(version).collect::<Vec<_>>(),
    })
}

fn version(version: &Version) -> Value {
    let content = version.about.content.as_ref();
    json!({
        "id": version.id,
        "size": content.map(|content| content.size),
        "latest": version.latest,
        "deleteMarker": content.is_none(),
        "modified": version.about.modified,
    })
}
