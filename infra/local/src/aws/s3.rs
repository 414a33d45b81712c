//! S3: s3s over files in `<data>/s3`.

use std::{io, path::Path};

use axum::{
    Router,
    error_handling::HandleError,
    extract::{Request, State},
    http::{Method, StatusCode},
    middleware::{self, Next},
    response::Response,
};
use s3s::{HttpError, auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use serde_json::{Value, json};

use super::{
    ACCESS_KEY_ID, SECRET_ACCESS_KEY,
    wire::{AwsError, Wire},
};
use crate::faults::Target;

/// The system's bucket.
pub const BUCKET: &str = "hokenshitsu-local";

/// Serves `<data>/s3`, and makes sure of the bucket.
pub fn router(data: &Path, wire: Wire) -> io::Result<Router> {
    let root = data.join("s3");
    std::fs::create_dir_all(root.join(BUCKET))?;
    let files = FileSystem::new(&root).map_err(|error| io::Error::other(format!("{error:?}")))?;
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(ACCESS_KEY_ID, SECRET_ACCESS_KEY));
    let service = HandleError::new(service.build(), |error: HttpError| async move {
        tracing::error!(?error, "S3 could not answer");
        StatusCode::INTERNAL_SERVER_ERROR
    });
    Ok(Router::new().fallback_service(service).layer(middleware::from_fn_with_state(wire, arrive)))
}

async fn arrive(State(wire): State<Wire>, request: Request, next: Next) -> Response {
    let operation = operation(request.method(), request.uri().path());
    match wire.arrive(Target::S3, operation).await {
        Ok(()) => next.run(request).await,
        Err(answer) => answer,
    }
}

/// The operation's name as far as method and path tell it.
fn operation(method: &Method, path: &str) -> &'static str {
    let has_key = path.trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
    match (method, has_key) {
        (&Method::PUT, true) => "PutObject",
        (&Method::GET, true) => "GetObject",
        (&Method::HEAD, true) => "HeadObject",
        (&Method::DELETE, true) => "DeleteObject",
        (&Method::GET, false) => "ListObjects",
        _ => "other",
    }
}

/// The buckets and what lies in them, for the buckets page: `[{name,objects:[{key,size,modified}]}]`.
pub fn show(data: &Path) -> Result<Value, AwsError> {
    let failed = |error: io::Error| AwsError::internal(&error);
    let mut buckets = Vec::new();
    for entry in std::fs::read_dir(data.join("s3")).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        // Files that begin with a point are the server's own.
        if !entry.path().is_dir() || name.starts_with('.') {
            continue;
        }
        let mut objects = Vec::new();
        list(&entry.path(), "", &mut objects).map_err(failed)?;
        objects.sort_by(|a, b| a["key"].as_str().cmp(&b["key"].as_str()));
        buckets.push(json!({ "name": name, "objects": objects }));
    }
    Ok(json!(buckets))
}

fn list(directory: &Path, prefix: &str, objects: &mut Vec<Value>) -> io::Result<()> {
    for entry in std::fs::read_dir(directory)? {
        let entry = entry?;
        let key = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            list(&entry.path(), &format!("{key}/"), objects)?;
        } else if !entry.file_name().to_string_lossy().starts_with('.') {
            let modified = chrono::DateTime::<chrono::Utc>::from(metadata.modified()?);
            objects.push(json!({ "key": key, "size": metadata.len(), "modified": modified }));
        }
    }
    Ok(())
}
