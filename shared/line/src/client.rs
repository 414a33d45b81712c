//! Sending. A reply is free and needs the event's reply token; a push counts against the monthly quota and carries a
//! retry key, so that trying it again never sends it twice.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use domain::personal::LineUserId;
use http::{Method, Request, StatusCode, Uri, header};
use http_body_util::Full;
use serde::Serialize;
use tokio::time::Instant;
use url::{Host, Url};
use uuid::Uuid;

use crate::{
    error::SendError,
    event::ReplyToken,
    message::Outgoing,
    token::{AccessToken, ChannelCredentials, Tokens},
    transport::{Answer, NoAnswer, Transport},
};

/// How long building a connection may take, unless told otherwise.
const CONNECT: Duration = Duration::from_secs(1);

/// How long a call may take, unless told otherwise.
const CALL: Duration = Duration::from_secs(5);

/// Makes one push the same push however often it is tried (valid for 24 hours).
const RETRY_KEY: &str = "x-line-retry-key";

/// Sends to LINE, for any number of channels. Built once and cloned: clones share connections and access tokens.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    tokens: Tokens,
    reply: Uri,
    push: Uri,
    call: Duration,
}

/// A push that LINE has accepted. Whether it arrived, LINE does not tell: to someone who blocked the account it does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Just now.
    Accepted,
    /// By an earlier try with the same retry key, whose answer was lost.
    AcceptedBefore,
}

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum NoClient {
    /// Secrets and messages would travel in clear text, or the address is none to which a path can be added.
    #[error("LINE's address must be https, or http on a loopback address: {0}")]
    Address(Url),
    /// TLS cannot be set up.
    #[error("TLS: {0}")]
    Tls(#[from] rustls::Error),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Reply<'a> {
    reply_token: &'a str,
    messages: &'a Outgoing,
}

#[derive(Serialize)]
struct Push<'a> {
    to: &'a str,
    messages: &'a Outgoing,
}

impl Client {
    /// For the API at `api_base` (`https://api.line.me/`), with one second to connect and five for a whole call.
    pub fn new(api_base: &Url) -> Result<Self, NoClient> {
        Self::with_timeouts(api_base, CONNECT, CALL)
    }

    /// The same with other time-outs. `connect` bounds building a TCP connection; `call` bounds everything, the access
    /// token and a second try with a fresh one included.
    pub fn with_timeouts(api_base: &Url, connect: Duration, call: Duration) -> Result<Self, NoClient> {
        let clear_text = match api_base.scheme() {
            "https" => false,
            "http" if is_loopback(api_base) => true,
            _ => return Err(NoClient::Address(api_base.clone())),
        };
        let endpoint = |path| endpoint(api_base, path).ok_or_else(|| NoClient::Address(api_base.clone()));
        let transport = Transport::new(clear_text, connect)?;
        let tokens = Tokens::new(transport.clone(), endpoint("oauth2/v3/token")?);
        let (reply, push) = (endpoint("v2/bot/message/reply")?, endpoint("v2/bot/message/push")?);
        Ok(Self(Arc::new(Inner { transport, tokens, reply, push, call })))
    }

    /// Answers an event. Carries no retry key (LINE refuses one here): where the outcome is unknown, trying again with
    /// the same `token` is safe, because a token that worked is spent.
    pub async fn reply(&self, channel: &ChannelCredentials, token: &ReplyToken, messages: &Outgoing) -> Result<(), SendError> {
        let body = json(&Reply { reply_token: token.expose(), messages })?;
        let answer = self.post(&self.0.reply, channel, body, None).await?;
        if answer.status.is_success() { Ok(()) } else { Err(SendError::of(&answer)) }
    }

    /// Sends to a person unasked. Trying again takes the same `retry_key` and the same messages.
    pub async fn push(
        &self,
        channel: &ChannelCredentials,
        to: &LineUserId,
        messages: &Outgoing,
        retry_key: Uuid,
    ) -> Result<Sent, SendError> {
        let body = json(&Push { to: to.expose(), messages })?;
        let answer = self.post(&self.0.push, channel, body, Some(retry_key)).await?;
        match answer.status {
            StatusCode::CONFLICT => Ok(Sent::AcceptedBefore),
            status if status.is_success() => Ok(Sent::Accepted),
            _ => Err(SendError::of(&answer)),
        }
    }

    /// One call, or two where the first one's token was refused: LINE can end a token early.
    async fn post(&self, endpoint: &Uri, channel: &ChannelCredentials, body: Bytes, retry_key: Option<Uuid>) -> Result<Answer, SendError> {
        let deadline = Instant::now() + self.0.call;
        let token = self.0.tokens.current(channel, None, deadline).await?;
        let answer = self.try_once(endpoint, &token, body.clone(), retry_key, deadline).await?;
        if answer.status != StatusCode::UNAUTHORIZED {
            return Ok(answer);
        }
        let token = self.0.tokens.current(channel, Some(&token), deadline).await?;
        self.try_once(endpoint, &token, body, retry_key, deadline).await
    }

    async fn try_once(
        &self,
        endpoint: &Uri,
        token: &AccessToken,
        body: Bytes,
        retry_key: Option<Uuid>,
        deadline: Instant,
    ) -> Result<Answer, SendError> {
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(endpoint.clone())
            .header(header::AUTHORIZATION, token.header()?)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = retry_key {
            request = request.header(RETRY_KEY, key.to_string());
        }
        let request = request.body(Full::new(body)).map_err(|error| SendError::NotSent { why: error.to_string() })?;
        self.0.transport.send(request, deadline).await.map_err(|error| match error {
            NoAnswer::NoConnection(_) => SendError::NotSent { why: error.to_string() },
            NoAnswer::Broken(_) | NoAnswer::TimedOut => SendError::Unknown { why: error.to_string() },
        })
    }
}

/// Writing into memory does not fail; should it ever, nothing was sent.
fn json(body: &impl Serialize) -> Result<Bytes, SendError> {
    serde_json::to_vec(body).map(Bytes::from).map_err(|_| SendError::NotSent { why: "the request cannot be written".to_owned() })
}

fn is_loopback(address: &Url) -> bool {
    match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// A path below the base, whether or not the base ends with a slash.
fn endpoint(base: &Url, path: &str) -> Option<Uri> {
    let mut url = base.clone();
    url.path_segments_mut().ok()?.pop_if_empty().extend(path.split('/'));
    url.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    #[test]
    fn clear_text_stays_on_this_machine() {
        for good in ["https://api.line.me/", "http://127.0.0.1:8080", "http://[::1]:1/", "http://localhost:9/line"] {
            assert!(Client::new(&good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in ["http://api.line.me/", "http://10.0.0.1/", "http://localhost.example.jp/", "ftp://127.0.0.1/", "mailto:a@b.jp"] {
            let bad: Url = bad.parse().unwrap();
            assert_eq!(Client::new(&bad).map(|_| ()), Err(NoClient::Address(bad)));
        }
    }

    #[test]
    fn paths_are_added_to_any_base() {
        for (base, expected) in [
            ("https://api.line.me", "https://api.line.me/v2/bot/message/push"),
            ("https://api.line.me/", "https://api.line.me/v2/bot/message/push"),
            ("http://127.0.0.1:8080/line/", "http://127.0.0.1:8080/line/v2/bot/message/push"),
        ] {
            assert_eq!(endpoint(&base.parse().unwrap(), "v2/bot/message/push").unwrap(), expected);
        }
    }
}
