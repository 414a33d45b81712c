//! The queues of delivered rosters and of uploaded documents, and their dead-letter queues.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Programs, refused};
use crate::aws::wire::AwsError;

/// Which queue is meant; without a name that of delivered rosters.
#[derive(Debug, Deserialize)]
pub struct Named {
    queue: Option<String>,
}

/// `GET /local/queues`: every queue with the messages that are not done, and those that failed too often.
pub async fn show(State(programs): State<Programs>) -> Json<Value> {
    Json(programs.queues.iter().map(crate::aws::sqs::Queue::show).collect())
}

/// `POST /local/queues/deliver`: the body becomes a message, whatever it is: an event that comes twice, late or out of order.
pub async fn deliver(State(programs): State<Programs>, Query(named): Query<Named>, body: String) -> Result<Json<Value>, AwsError> {
    let mut queues = programs.queues.iter();
    let queue = queues.find(|queue| named.queue.as_deref().is_none_or(|name| name == queue.name()));
    let queue = queue.ok_or_else(|| refused(&"there is no such queue"))?;
    let id = queue.send(body).map_err(|error| AwsError::internal(&error))?;
    Ok(Json(json!({ "messageId": id })))
}

/// `POST /local/queues/redrive`: what failed too often is tried again.
pub async fn redrive(State(programs): State<Programs>) -> Result<Json<Value>, AwsError> {
    let mut moved = 0;
    for queue in &programs.queues {
        moved += queue.redrive().map_err(|error| AwsError::internal(&error))?;
    }
    Ok(Json(json!({ "moved": moved })))
}
