//! One authorised call: the channel's token is added, and replaced once where LINE refuses it.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use serde::Serialize;
use tokio::time::Instant;
use uuid::Uuid;

use super::Client;
use crate::{
    error::SendError,
    token::{AccessToken, ChannelCredentials},
    transport::{Answer, NoAnswer},
};

/// Makes one push the same push however often it is tried (valid for 24 hours).
const RETRY_KEY: &str = "x-line-retry-key";

/// The most that is read of an answer, unless told otherwise. LINE's are below 1 KB.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What is asked of LINE.
pub(super) struct Call {
    method: Method,
    at: Uri,
    body: Option<Body>,
    retry_key: Option<Uuid>,
    at_most: usize,
    within: Option<Duration>,
}

struct Body {
    kind: &'static str,
    bytes: Bytes,
}

impl Call {
    fn new(method: Method, at: Uri) -> Self {
        Self { method, at, body: None, retry_key: None, at_most: MAX_ANSWER_BYTES, within: None }
    }

    pub(super) fn get(at: Uri) -> Self {
        Self::new(Method::GET, at)
    }

    pub(super) fn post(at: Uri) -> Self {
        Self::new(Method::POST, at)
    }

    pub(super) fn delete(at: Uri) -> Self {
        Self::new(Method::DELETE, at)
    }

    /// Writing into memory does not fail; should it ever, nothing was sent.
    pub(super) fn json(self, body: &impl Serialize) -> Result<Self, SendError> {
        let bytes = serde_json::to_vec(body).map_err(|_| SendError::NotSent { why: "the request cannot be written".to_owned() })?;
        Ok(self.body("application/json", bytes.into()))
    }

    pub(super) fn body(self, kind: &'static str, bytes: Bytes) -> Self {
        Self { body: Some(Body { kind, bytes }), ..self }
    }

    pub(super) fn retry_key(self, key: Uuid) -> Self {
        Self { retry_key: Some(key), ..self }
    }

    /// Bounds the answer's body, in bytes.
    pub(super) fn at_most(self, bytes: usize) -> Self {
        Self { at_most: bytes, ..self }
    }

    /// Bounds the whole call instead of the client's own time-out.
    pub(super) fn within(self, time: Duration) -> Self {
        Self { within: Some(time), ..self }
    }

    fn request(&self, token: &AccessToken) -> Result<Request<Full<Bytes>>, SendError> {
        let mut request =
            Request::builder().method(self.method.clone()).uri(self.at.clone()).header(header::AUTHORIZATION, token.header()?);
        if let Some(key) = self.retry_key {
            request = request.header(RETRY_KEY, key.to_string());
        }
        match &self.body {
            Some(body) => request = request.header(header::CONTENT_TYPE, body.kind),
            // Hyper leaves it out, and some servers then wait for a body (RFC 9110, 8.6).
            None if self.method == Method::POST => request = request.header(header::CONTENT_LENGTH, 0),
            None => {}
        }
        let bytes = self.body.as_ref().map(|body| body.bytes.clone()).unwrap_or_default();
        request.body(Full::new(bytes)).map_err(|error| SendError::NotSent { why: error.to_string() })
    }
}

impl Client {
    /// One try, or two where the first one's token was refused: LINE can end a token early.
    pub(super) async fn call(&self, channel: &ChannelCredentials, call: &Call) -> Result<Answer, SendError> {
        let deadline = Instant::now() + call.within.unwrap_or(self.0.call);
        let token = self.0.tokens.current(channel, None, deadline).await?;
        let answer = self.try_once(call, &token, deadline).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.0.tokens.current(channel, Some(&token), deadline).await?;
        self.try_once(call, &token, deadline).await
    }

    /// The same, for calls of which every success is as good as the other.
    pub(super) async fn done(&self, channel: &ChannelCredentials, call: &Call) -> Result<(), SendError> {
        let answer = self.call(channel, call).await?;
        if answer.status.is_success() { Ok(()) } else { Err(SendError::of(&answer)) }
    }

    async fn try_once(&self, call: &Call, token: &AccessToken, deadline: Instant) -> Result<Answer, SendError> {
        let request = call.request(token)?;
        self.0.transport.send(request, call.at_most, deadline).await.map_err(|error| match error {
            NoAnswer::NoConnection(_) => SendError::NotSent { why: error.to_string() },
            NoAnswer::Broken(_) | NoAnswer::TimedOut => SendError::Unknown { why: error.to_string() },
        })
    }
}
