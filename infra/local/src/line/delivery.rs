//! Delivers webhooks: signs the body with the channel's secret and posts it.

use std::time::{Duration, Instant};

use base64::{Engine, prelude::BASE64_STANDARD};
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::{client::legacy, rt::TokioExecutor};
use ring::hmac;
use url::Url;

use super::LocalChannel;

/// Sends the webhooks.
pub type Client = legacy::Client<legacy::connect::HttpConnector, Full<Bytes>>;

/// Longer than LINE waits (2 seconds), so that a slow answer is seen as slow and not as lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// A client for plain HTTP on this machine.
pub fn client() -> Client {
    legacy::Client::builder(TokioExecutor::new()).build_http()
}

/// How a webhook was answered.
pub struct Answer {
    /// The function's status.
    pub status: StatusCode,
    /// How long it took.
    pub took: Duration,
}

/// Why a webhook got no answer.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// The webhook's address cannot be formed.
    #[error("the webhook has no valid address")]
    Address,
    /// Nobody answers there.
    #[error("the webhook cannot be reached: {0}")]
    Unreachable(#[from] legacy::Error),
    /// The answer broke off.
    #[error("the webhook's answer broke off: {0}")]
    BrokeOff(#[from] hyper::Error),
    /// No answer came in time.
    #[error("the webhook did not answer within {} seconds", PATIENCE.as_secs())]
    TooSlow,
}

/// `x-line-signature` of a body. Written here again and not taken from the crate `line`: the code that checks a signature must not
/// be its own judge.
pub fn signature(secret: &str, body: &[u8]) -> String {
    BASE64_STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body))
}

/// Posts `body` to the channel's webhook under `base`.
pub async fn deliver(client: &Client, base: &Url, channel: &LocalChannel, body: Vec<u8>) -> Result<Answer, Lost> {
    let address = base.join(&format!("/line/{}/webhook", channel.channel)).map_err(|_| Lost::Address)?;
    let request = Request::builder()
        .method(Method::POST)
        .uri(address.as_str())
        .header(header::CONTENT_TYPE, "application/json; charset=utf-8")
        .header(header::USER_AGENT, "LineBotWebhook/2.0")
        .header("x-line-signature", signature(&channel.secret, &body))
        .body(Full::new(Bytes::from(body)))
        .map_err(|_| Lost::Address)?;
    let begun = Instant::now();
    tokio::time::timeout(PATIENCE, async {
        let response = client.request(request).await?;
        let status = response.status();
        response.into_body().collect().await?;
        Ok(Answer { status, took: begun.elapsed() })
    })
    .await
    .map_err(|_| Lost::TooSlow)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_base64_of_hmac_sha256_over_the_bytes() {
        // RFC 4231, test case 2, in base64.
        assert_eq!(signature("Jefe", b"what do ya want for nothing?"), "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }
}
