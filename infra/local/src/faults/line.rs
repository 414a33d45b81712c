//! How LINE fails. <https://developers.line.biz/en/reference/messaging-api/#status-codes>

use std::time::Duration;

use axum::{
    Json,
    body::{self, Body},
    extract::Request,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::{Faults, Mode, Target, broken_off};

/// Larger than any request that LINE takes.
const REQUEST_BYTES: usize = 8 * 1024 * 1024;
/// Seconds for which a client is asked to keep away.
const RETRY_AFTER: &str = "1";

/// Answers `request` for `operation` with what was ordered, or with what `carry_out` makes of it. `held` is how long a
/// request hangs that is to time out.
pub async fn play<F: Future<Output = Response>>(
    faults: &Faults,
    operation: &str,
    held: Duration,
    request: Request,
    carry_out: impl FnOnce(Request) -> F,
) -> Response {
    // Bodies are looked into only while it matters what is in them.
    let (request, quick_reply) = match faults.ordered(Target::Line) {
        Some(Mode::Refused) if sends(operation) => match look_into(request).await {
            Ok(looked) => looked,
            Err(answer) => return answer,
        },
        Some(_) | None => (request, None),
    };
    let could = |mode| match mode {
        Mode::Quota => operation == "push",
        Mode::TooManyToUser => sends(operation),
        Mode::Refused => quick_reply.is_some(),
        Mode::ServerError | Mode::TooMany | Mode::Timeout | Mode::Slow | Mode::Reset | Mode::Lost | Mode::Throttled => true,
    };
    let Some(met) = faults.take(Target::Line, operation, could) else { return carry_out(request).await };
    match met.mode {
        Mode::ServerError => internal(),
        Mode::TooMany => {
            let refusal = refusal(StatusCode::TOO_MANY_REQUESTS, "The API rate limit has been exceeded. Try again later.");
            ([(header::RETRY_AFTER, RETRY_AFTER)], refusal).into_response()
        }
        Mode::Quota => refusal(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit."),
        Mode::TooManyToUser => refusal(StatusCode::TOO_MANY_REQUESTS, "Too many messages have been sent to the same user."),
        Mode::Refused => refuse(&quick_reply.unwrap_or_default()),
        Mode::Timeout => {
            tokio::time::sleep(held).await;
            refusal(StatusCode::GATEWAY_TIMEOUT, "Gateway timeout")
        }
        Mode::Slow => {
            tokio::time::sleep(met.wait).await;
            carry_out(request).await
        }
        Mode::Lost => {
            drop(carry_out(request).await);
            internal()
        }
        Mode::Reset | Mode::Throttled => broken_off(),
    }
}

fn sends(operation: &str) -> bool {
    matches!(operation, "reply" | "push")
}

/// The request with its body read, and where its first quick reply is: `messages[0].quickReply`.
async fn look_into(request: Request) -> Result<(Request, Option<String>), Response> {
    let (head, body) = request.into_parts();
    let bytes =
        body::to_bytes(body, REQUEST_BYTES).await.map_err(|_| refusal(StatusCode::PAYLOAD_TOO_LARGE, "The request is too large"))?;
    let body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let mut messages = body.get("messages").and_then(Value::as_array).into_iter().flatten();
    let quick_reply = messages.position(|message| message.get("quickReply").is_some());
    Ok((Request::from_parts(head, Body::from(bytes)), quick_reply.map(|index| format!("messages[{index}].quickReply"))))
}

fn refusal(status: StatusCode, message: &str) -> Response {
    (status, Json(json!({ "message": message }))).into_response()
}

fn internal() -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "Internal server error")
}

fn refuse(property: &str) -> Response {
    let details = json!([{ "message": "An ordered fault", "property": property }]);
    (StatusCode::BAD_REQUEST, Json(json!({ "message": "The request body has 1 error", "details": details }))).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use std::{
        sync::atomic::{AtomicU32, Ordering},
        time::Instant,
    };

    use super::*;
    use crate::faults::Fault;

    const HELD: Duration = Duration::from_millis(30);
    const PLAIN: &str = r#"{"messages":[{"type":"text","text":"a"}]}"#;
    const WITH_QUICK_REPLIES: &str = r#"{"messages":[{"type":"text"},{"type":"text","quickReply":{"items":[]}}]}"#;

    #[derive(Default)]
    struct Scene {
        faults: Faults,
        carried_out: AtomicU32,
    }

    impl Scene {
        fn with(mode: Mode) -> Self {
            let scene = Self::default();
            scene.faults.order(Target::Line, Fault::always(mode)).unwrap();
            scene
        }

        async fn ask(&self, operation: &str, sent: &'static str) -> (StatusCode, http::HeaderMap, Value) {
            let carry_out = async |request: Request| {
                assert_eq!(body::to_bytes(request.into_body(), 1000).await.unwrap(), sent);
                self.carried_out.fetch_add(1, Ordering::Relaxed);
                StatusCode::OK.into_response()
            };
            let answer = play(&self.faults, operation, HELD, Request::new(Body::from(sent)), carry_out).await;
            let (head, body) = answer.into_parts();
            let bytes = body::to_bytes(body, 1000).await.unwrap_or_default();
            (head.status, head.headers, serde_json::from_slice(&bytes).unwrap_or_default())
        }

        fn carried_out(&self) -> u32 {
            self.carried_out.load(Ordering::Relaxed)
        }
    }

    #[tokio::test]
    async fn each_429_says_which_it_is() {
        for (mode, words, retry_after) in
            [(Mode::TooMany, "rate limit", true), (Mode::Quota, "monthly limit", false), (Mode::TooManyToUser, "same user", false)]
        {
            let scene = Scene::with(mode);
            let (status, headers, said) = scene.ask("push", PLAIN).await;
            assert_eq!((status, headers.contains_key(header::RETRY_AFTER)), (StatusCode::TOO_MANY_REQUESTS, retry_after));
            assert!(said["message"].as_str().unwrap().contains(words), "{said}");
            assert_eq!(scene.carried_out(), 0);
        }
    }

    #[tokio::test]
    async fn the_quota_is_of_pushes_and_too_many_to_a_user_of_messages() {
        let scene = Scene::with(Mode::Quota);
        assert_eq!(scene.ask("reply", PLAIN).await.0, StatusCode::OK);
        let scene = Scene::with(Mode::TooManyToUser);
        assert_eq!(scene.ask("token", "").await.0, StatusCode::OK);
        assert_eq!(scene.ask("reply", PLAIN).await.0, StatusCode::TOO_MANY_REQUESTS);
    }

    #[tokio::test]
    async fn messages_with_quick_replies_are_refused_and_those_without_pass() {
        let scene = Scene::with(Mode::Refused);
        let (status, _, said) = scene.ask("push", WITH_QUICK_REPLIES).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert_eq!(
            (&said["message"], &said["details"][0]["property"]),
            (&json!("The request body has 1 error"), &json!("messages[1].quickReply"))
        );
        assert_eq!(scene.ask("push", PLAIN).await.0, StatusCode::OK);
        assert_eq!(scene.ask("profile", "").await.0, StatusCode::OK);
    }

    #[tokio::test]
    async fn a_lost_answer_is_lost_after_the_request_was_carried_out() {
        let scene = Scene::with(Mode::Lost);
        assert_eq!(scene.ask("reply", PLAIN).await.0, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(scene.carried_out(), 1);
    }

    #[tokio::test]
    async fn a_slow_request_is_answered_in_the_end_and_one_that_times_out_is_not() {
        let scene = Scene::default();
        scene.faults.order(Target::Line, Fault { ms: Some(30), ..Fault::always(Mode::Slow) }).unwrap();
        let begin = Instant::now();
        assert_eq!(scene.ask("push", PLAIN).await.0, StatusCode::OK);
        assert!(begin.elapsed() >= Duration::from_millis(30));
        let scene = Scene::with(Mode::Timeout);
        let begin = Instant::now();
        assert_eq!(scene.ask("push", PLAIN).await.0, StatusCode::GATEWAY_TIMEOUT);
        assert!(begin.elapsed() >= HELD && scene.carried_out() == 0);
    }
}
