//! What happens to every request before a stand-in looks at it: it is counted, and it may meet an ordered fault. Also
//! the two shapes in which AWS services say no.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    calls::Calls,
    faults::{Faults, Mode, Target},
};

/// Longer than any client of the system waits.
const HOLD: Duration = Duration::from_secs(10);

/// Counts requests and applies faults; cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Wire {
    faults: Faults,
    calls: Calls,
}

impl Wire {
    /// Shares `faults` and `calls` with the other stand-ins.
    pub fn new(faults: Faults, calls: Calls) -> Self {
        Self { faults, calls }
    }

    /// Notes that a request for `operation` has arrived. `Err` is the answer that it gets instead of the stand-in's.
    pub async fn arrive(&self, target: Target, operation: &str) -> Result<(), Response> {
        self.calls.count(name(target), operation);
        match self.faults.take(target) {
            None => Ok(()),
            Some(Mode::ServerError) => Err(server_error(target)),
            Some(Mode::TooMany) => Err(too_many(target)),
            Some(Mode::Timeout) => {
                tokio::time::sleep(HOLD).await;
                Err(broken_off())
            }
        }
    }
}

fn name(target: Target) -> &'static str {
    match target {
        Target::Line => "line",
        Target::Dynamodb => "dynamodb",
        Target::Ses => "ses",
        Target::S3 => "s3",
        Target::Scheduler => "scheduler",
        Target::Kms => "kms",
        Target::Ssm => "ssm",
    }
}

/// Each service has its own name for the same trouble, and the SDK decides by the name what to retry.
fn server_error(target: Target) -> Response {
    let code = match target {
        Target::Kms => "KMSInternalException",
        Target::Ses => "InternalServiceErrorException",
        Target::Scheduler => "InternalServerException",
        Target::S3 => return s3_error(StatusCode::INTERNAL_SERVER_ERROR, "InternalError"),
        Target::Dynamodb | Target::Ssm | Target::Line => "InternalServerError",
    };
    AwsError { status: StatusCode::INTERNAL_SERVER_ERROR, code, message: "an ordered fault".to_owned() }.into_response()
}

fn too_many(target: Target) -> Response {
    let (status, code) = match target {
        Target::Dynamodb => (StatusCode::BAD_REQUEST, "ProvisionedThroughputExceededException"),
        Target::Kms | Target::Ssm => (StatusCode::BAD_REQUEST, "ThrottlingException"),
        Target::Scheduler => (StatusCode::TOO_MANY_REQUESTS, "ThrottlingException"),
        Target::Ses | Target::Line => (StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"),
        Target::S3 => return s3_error(StatusCode::SERVICE_UNAVAILABLE, "SlowDown"),
    };
    AwsError { status, code, message: "an ordered fault".to_owned() }.into_response()
}

fn s3_error(status: StatusCode, code: &str) -> Response {
    let xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>an ordered fault</Message></Error>");
    (status, [(header::CONTENT_TYPE, "application/xml")], xml).into_response()
}

/// A body that fails at its first byte makes the server close the connection in the middle of the answer.
fn broken_off() -> Response {
    let error = io::Error::other("held, then closed");
    Response::new(Body::from_stream(futures::stream::iter([Err::<Bytes, _>(error)])))
}

/// A refusal of a service that speaks JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwsError {
    /// The HTTP status; 400 unless the service says otherwise.
    pub status: StatusCode,
    /// The exception's name, by which SDKs know it.
    pub code: &'static str,
    /// For a person; without personal data.
    pub message: String,
}

impl AwsError {
    /// A refusal with status 400.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code, message: message.into() }
    }

    /// The stand-in's own trouble, for example a disk that is full.
    pub fn internal(error: &impl std::fmt::Display) -> Self {
        tracing::error!(%error, "a stand-in could not do its work");
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "InternalFailure", message: error.to_string() }
    }

    /// The same refusal with another status.
    #[must_use]
    pub fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }
}

impl IntoResponse for AwsError {
    /// The JSON protocols read the name from the body, the REST ones from the header; both are always there.
    fn into_response(self) -> Response {
        let body = serde_json::json!({ "__type": self.code, "message": self.message, "Message": self.message });
        let mut response = (self.status, axum::Json(body)).into_response();
        response.headers_mut().insert("x-amzn-errortype", HeaderValue::from_static(self.code));
        response
    }
}

/// The operation in `X-Amz-Target: <Service>_<version>.<Operation>`, with the service before the point.
pub fn target_of(headers: &http::HeaderMap) -> Option<(&str, &str)> {
    headers.get("x-amz-target")?.to_str().ok()?.rsplit_once('.')
}
