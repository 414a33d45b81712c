//! HTTP/1 to one host, over TLS with compiled-in roots (reading the system's costs more than the call itself), or in
//! clear text to a loopback address.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use tokio::time::{Instant, timeout_at};

/// The most that is read of a refusal, however much a success may hold: LINE's reasons are below 1 KB.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// How long a connection is kept for the next call; shorter than servers do, so that they seldom close it first.
const KEEP_IDLE: Duration = Duration::from_secs(20);

/// A pool of connections; a clone shares it.
#[derive(Clone)]
pub(crate) struct Transport(legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// What came back.
pub(crate) struct Answer {
    pub status: StatusCode,
    /// From `Retry-After`, where it is given in seconds.
    pub retry_after: Option<Duration>,
    /// All of it, or why not. Mostly the status alone says what happened: see [`Answer::said`].
    pub body: Result<Bytes, NoBody>,
}

impl Answer {
    /// What the answer says; nothing where it could not be read.
    pub(crate) fn said(&self) -> &[u8] {
        self.body.as_deref().unwrap_or_default()
    }
}

/// Why an answer has no body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoBody {
    /// It is longer than was asked for.
    #[error("the answer is too long")]
    TooLarge,
    /// The connection broke before its end.
    #[error("the answer broke off: {0}")]
    Broken(String),
    /// Time ran out before its end.
    #[error("the answer did not end in time")]
    TimedOut,
}

/// Why nothing came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoAnswer {
    /// No connection, so that nothing was sent.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The connection broke; the request may have arrived.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// Time ran out; the request may have arrived.
    #[error("no answer in time")]
    TimedOut,
}

impl Transport {
    /// `clear_text` allows http next to https.
    pub(crate) fn new(clear_text: bool, connect: Duration) -> Result<Self, rustls::Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(connect));
        let tls = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?;
        let schemes = if clear_text { tls.https_or_http() } else { tls.https_only() };
        let connector = schemes.enable_http1().wrap_connector(tcp);
        let pool =
            legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(KEEP_IDLE).build(connector);
        Ok(Self(pool))
    }

    /// Sends a request and waits for the answer until `deadline`. Every answer is `Ok`, whatever its status; of a success not
    /// more than `at_most` bytes are read. A redirect is an answer as any other: nothing is sent to another host.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>, at_most: usize, deadline: Instant) -> Result<Answer, NoAnswer> {
        let response = match timeout_at(deadline, self.0.request(request)).await {
            Err(_) => return Err(NoAnswer::TimedOut),
            Ok(Err(error)) if error.is_connect() => return Err(NoAnswer::NoConnection(chain(&error))),
            Ok(Err(error)) => return Err(NoAnswer::Broken(chain(&error))),
            Ok(Ok(response)) => response,
        };
        let (head, body) = response.into_parts();
        let at_most = if head.status.is_success() { at_most } else { MAX_REFUSAL_BYTES };
        // Read to its end also where nobody needs it: only then is the connection free for the next call.
        let body = timeout_at(deadline, read(body, at_most)).await.unwrap_or(Err(NoBody::TimedOut));
        Ok(Answer { status: head.status, retry_after: retry_after(&head.headers), body })
    }
}

/// Not more than `at_most` bytes, neither by what the answer promises nor by what it holds.
async fn read(mut body: Incoming, at_most: usize) -> Result<Bytes, NoBody> {
    let promised = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if promised > at_most {
        return Err(NoBody::TooLarge);
    }
    let mut bytes = Vec::with_capacity(promised);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| NoBody::Broken(chain(&error)))?;
        let Some(part) = frame.data_ref() else { continue };
        if part.len() > at_most - bytes.len() {
            return Err(NoBody::TooLarge);
        }
        bytes.extend_from_slice(part);
    }
    Ok(bytes.into())
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

/// An error with its causes; `Display` of the outermost alone says too little.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn retry_after_is_read_in_seconds_only() {
        for (value, seconds) in [("3", Some(3)), (" 60 ", Some(60)), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static(value));
            assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs), "{value}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
