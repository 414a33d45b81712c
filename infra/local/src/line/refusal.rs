//! The errors of LINE's API, in its form: a status, and JSON with a message and the places that are wrong.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::StatusCode;
use serde_json::{Value, json};

use super::rules::Problem;

/// Why a request was not accepted.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    body: Value,
    /// `x-line-accepted-request-id`, where the request had been accepted before.
    accepted_request_id: Option<String>,
}

impl Refusal {
    /// A status with LINE's `message`.
    pub fn new(status: StatusCode, message: &str) -> Self {
        Self::with_body(status, json!({"message": message}))
    }

    /// A status with a body of its own form (the token endpoint has one).
    pub fn with_body(status: StatusCode, body: Value) -> Self {
        Self { status, body, accepted_request_id: None }
    }

    /// 400: fields are wrong.
    pub fn invalid(problems: &[Problem]) -> Self {
        let count = problems.len();
        let message = format!("The request body has {count} error{}", if count == 1 { "" } else { "s" });
        Self::with_body(StatusCode::BAD_REQUEST, json!({"message": message, "details": problems}))
    }

    /// 401: no token, an unknown one, or one that has expired.
    pub fn unauthorised() -> Self {
        let message = "Authentication failed. Confirm that the access token in the authorization header is valid.";
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 404.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found")
    }

    /// 409: the retry key was accepted before.
    pub fn already_accepted(request_id: &str, message_ids: &[String]) -> Self {
        let sent: Vec<Value> = message_ids.iter().map(|id| json!({"id": id})).collect();
        let body = json!({"message": "The retry key is already accepted", "sentMessages": sent});
        Self { accepted_request_id: Some(request_id.to_owned()), ..Self::with_body(StatusCode::CONFLICT, body) }
    }

    /// 500: LINE has a problem of its own; the request may have been accepted or not.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        if let Some(id) = self.accepted_request_id.and_then(|id| id.parse().ok()) {
            response.headers_mut().insert("x-line-accepted-request-id", id);
        }
        response
    }
}
