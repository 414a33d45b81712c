//! What lies in the buckets, and objects themselves.

use std::collections::HashMap;

use axum::{
    Json,
    body::Body,
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;
use serde_json::Value;

use super::Programs;
use crate::aws::wire::AwsError;

/// Which object is meant.
#[derive(Debug, Deserialize)]
pub struct Object {
    key: String,
    version: Option<String>,
}

/// `GET /local/buckets`: every bucket with its objects.
pub async fn show(State(programs): State<Programs>) -> Result<Json<Value>, AwsError> {
    programs.buckets.show().map(Json)
}

/// `GET /local/s3?prefix=`: the objects of the system's bucket with all their versions.
pub async fn versions(
    State(programs): State<Programs>,
    Query(parameters): Query<HashMap<String, String>>,
) -> Result<Json<Value>, AwsError> {
    programs.buckets.versions(parameters.get("prefix").map_or("", String::as_str)).map(Json)
}

/// `GET /local/s3/object?key=…&version=…`: an object's bytes; without `version` those of the latest one.
pub async fn download(State(programs): State<Programs>, Query(object): Query<Object>) -> Result<Response, AwsError> {
    programs.buckets.download(&object.key, object.version.as_deref()).await
}

/// `PUT /local/s3/object?key=…`: the body becomes a new version of the object.
pub async fn put(
    State(programs): State<Programs>,
    Query(object): Query<Object>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, AwsError> {
    programs.buckets.put(&object.key, &headers, body).await.map(Json)
}
