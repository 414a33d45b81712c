//! The queue of delivered rosters, and its dead-letter queue.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::Programs;
use crate::aws::wire::AwsError;

/// `GET /local/queues`: every queue with the messages that are not done, and those that failed too often.
pub async fn show(State(programs): State<Programs>) -> Json<Value> {
    Json(json!([programs.queue.show()]))
}

/// `POST /local/queues/deliver`: the body becomes a message, whatever it is: an event that comes twice, late or out of order.
pub async fn deliver(State(programs): State<Programs>, body: String) -> Result<Json<Value>, AwsError> {
    let id = programs.queue.send(body).map_err(|error| AwsError::internal(&error))?;
    Ok(Json(json!({ "messageId": id })))
}

/// `POST /local/queues/redrive`: what failed too often is tried again.
pub async fn redrive(State(programs): State<Programs>) -> Result<Json<Value>, AwsError> {
    let moved = programs.queue.redrive().map_err(|error| AwsError::internal(&error))?;
    Ok(Json(json!({ "moved": moved })))
}
