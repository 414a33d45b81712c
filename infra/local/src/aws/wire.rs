//! What happens to every request besides the stand-in's own work: it is counted, and it may meet an ordered fault. Also
//! the two shapes in which AWS services say no.

use std::time::Duration;

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::{
    calls::Calls,
    faults::{Faults, Met, Mode, Target, broken_off},
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

    /// Answers a request for `operation` with what was ordered for it, or with what `carry_out` makes of it.
    pub async fn answer(&self, target: Target, operation: &str, carry_out: impl Future<Output = Response>) -> Response {
        play(target, self.arrive(target, operation), carry_out).await
    }

    /// Counts a request for `operation`, and says what it meets: for who plays it otherwise than [`Wire::answer`] does.
    pub fn arrive(&self, target: Target, operation: &str) -> Option<Met> {
        self.calls.count(target.name(), operation);
        self.faults.take(target, operation, |_| true)
    }
}

/// What a request gets that has met `met`.
pub async fn play(target: Target, met: Option<Met>, carry_out: impl Future<Output = Response>) -> Response {
    let Some(met) = met else { return carry_out.await };
    match met.mode {
        Mode::ServerError => server_error(target),
        Mode::TooMany | Mode::Throttled | Mode::Quota | Mode::TooManyToUser | Mode::Refused => too_many(target),
        Mode::Timeout => {
            tokio::time::sleep(HOLD).await;
            broken_off()
        }
        Mode::Slow => {
            tokio::time::sleep(met.wait).await;
            carry_out.await
        }
        Mode::Reset => broken_off(),
        Mode::Lost => {
            drop(carry_out.await);
            server_error(target)
        }
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
