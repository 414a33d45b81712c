//! The port of KMS, SSM, SES and Scheduler: each is known by its header or its path, so that one address serves all.

use axum::{
    Router,
    extract::State,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::post,
};
use serde_json::{Value, json};

use super::{
    feedback::Feedback,
    kms::Kms,
    scheduler::{self, schedules::Schedules},
    ses::Mailbox,
    ssm::Ssm,
    wire::{AwsError, Wire, target_of},
};
use crate::{clock::LocalClock, faults::Target};

/// The stand-ins behind the port.
#[derive(Debug, Clone)]
pub struct Services {
    /// Data keys.
    pub kms: Kms,
    /// Parameters.
    pub ssm: Ssm,
    /// Mail.
    pub mailbox: Mailbox,
    /// What became of mails.
    pub feedback: Feedback,
    /// Schedules.
    pub schedules: Schedules,
    /// When mails are sent and parameters changed.
    pub clock: LocalClock,
    /// Counts and faults.
    pub wire: Wire,
}

/// Serves `services`.
pub fn router(services: Services) -> Router {
    let schedules = scheduler::router(services.schedules.clone(), services.wire.clone());
    Router::new().route("/", post(by_target)).route("/v2/email/outbound-emails", post(send_email)).with_state(services).merge(schedules)
}

async fn by_target(State(services): State<Services>, headers: HeaderMap, body: String) -> Response {
    let unknown = || AwsError::new("UnknownOperationException", "no service here has this operation").into_response();
    let Some((service, operation)) = target_of(&headers) else { return unknown() };
    let target = match service {
        "TrentService" => Target::Kms,
        "AmazonSSM" => Target::Ssm,
        _ => return unknown(),
    };
    let answer = async {
        let Ok(request) = serde_json::from_str::<Value>(&body) else {
            return AwsError::new("SerializationException", "the request is not JSON").into_response();
        };
        if target == Target::Kms {
            services.kms.answer(operation, &request)
        } else {
            services.ssm.answer(operation, &request, services.clock.now())
        }
    };
    services.wire.answer(target, operation, answer).await
}

async fn send_email(State(services): State<Services>, body: String) -> Response {
    let mut sent = None;
    let answer = async {
        let request = serde_json::from_str(&body).map_err(|_| AwsError::new("BadRequestException", "the request is not JSON"));
        let mail = request.and_then(|request| services.mailbox.send(&request, services.clock.now()));
        mail.map(|mail| axum::Json(json!({ "MessageId": sent.insert(mail).id }))).into_response()
    };
    let answer = services.wire.answer(Target::Ses, "SendEmail", answer).await;
    if let Some(mail) = sent {
        services.feedback.publish(&mail, services.clock.now());
    }
    answer
}
