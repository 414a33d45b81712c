//! Access tokens. LINE's stateless ones live for 15 minutes and cannot be revoked; each channel's is fetched once and
//! shared until shortly before it ends.
//!
//! Source: LINE, "Issue stateless channel access token" (`POST /oauth2/v3/token`).

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header};
use http_body_util::Full;
use serde::Deserialize;
use tokio::{
    sync::Mutex,
    time::{Instant, timeout_at},
};
use url::form_urlencoded;

use crate::{
    error::SendError,
    redacted::redacted,
    signature::ChannelSecret,
    transport::{Answer, Transport},
};

/// How long a token is used at most.
const USED_FOR: Duration = Duration::from_mins(13);

/// How long before LINE's own end a token is no longer used.
const MARGIN: Duration = Duration::from_mins(2);

/// The most that is read of an answer; LINE's have less than 1 KB.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// Who a channel is to LINE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelCredentials {
    /// The channel's id: digits, no secret.
    pub channel_id: String,
    /// The channel's secret, the same that signs webhooks.
    pub secret: ChannelSecret,
}

redacted! {
    /// Allows sending in the name of one channel.
    AccessToken,
}

impl AccessToken {
    /// The value of the `authorization` header.
    pub(crate) fn header(&self) -> Result<HeaderValue, SendError> {
        let value = HeaderValue::try_from(format!("Bearer {}", self.expose()));
        let mut value = value.map_err(|_| SendError::NotSent { why: "LINE's access token does not fit into a header".to_owned() })?;
        value.set_sensitive(true);
        Ok(value)
    }
}

/// The tokens of all channels, fetched when they are needed.
pub(crate) struct Tokens {
    transport: Transport,
    endpoint: Uri,
    /// One slot per channel. Whoever holds a slot fetches its token; the others of that channel wait for it.
    slots: std::sync::Mutex<HashMap<String, Arc<Mutex<Option<Cached>>>>>,
}

struct Cached {
    token: AccessToken,
    until: Instant,
}

impl Tokens {
    pub(crate) fn new(transport: Transport, endpoint: Uri) -> Self {
        Self { transport, endpoint, slots: std::sync::Mutex::default() }
    }

    /// The channel's token, kept or new. `refused` is one that LINE did not accept: it is not handed out again, but
    /// where another caller has replaced it meanwhile, the replacement is.
    pub(crate) async fn current(
        &self,
        channel: &ChannelCredentials,
        refused: Option<&AccessToken>,
        deadline: Instant,
    ) -> Result<AccessToken, SendError> {
        let slot = self.slot(&channel.channel_id);
        let Ok(mut slot) = timeout_at(deadline, slot.lock()).await else {
            return Err(SendError::NotSent { why: "no access token in time".to_owned() });
        };
        if let Some(Cached { token, until }) = slot.as_ref()
            && *until > Instant::now()
            && refused != Some(token)
        {
            return Ok(token.clone());
        }
        *slot = None;
        let asked_at = Instant::now();
        let (token, lifetime) = self.fetch(channel, deadline).await?;
        *slot = Some(Cached { token: token.clone(), until: asked_at + lifetime });
        Ok(token)
    }

    fn slot(&self, channel_id: &str) -> Arc<Mutex<Option<Cached>>> {
        // A panic elsewhere cannot leave the map half-changed.
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(channel_id) {
            return Arc::clone(slot);
        }
        Arc::clone(slots.entry(channel_id.to_owned()).or_default())
    }

    async fn fetch(&self, channel: &ChannelCredentials, deadline: Instant) -> Result<(AccessToken, Duration), SendError> {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "client_credentials")
            .append_pair("client_id", &channel.channel_id)
            .append_pair("client_secret", channel.secret.expose())
            .finish();
        let request = Request::builder()
            .method(Method::POST)
            .uri(self.endpoint.clone())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Full::new(Bytes::from(form)))
            .map_err(|error| SendError::NotSent { why: error.to_string() })?;
        let answer = self.transport.send(request, MAX_ANSWER_BYTES, deadline).await;
        let answer = answer.map_err(|error| SendError::NotSent { why: format!("no access token: {error}") })?;
        if answer.status.is_success() { issued(&answer) } else { Err(SendError::of_token(&answer)) }
    }
}

#[derive(Deserialize)]
struct Issued {
    access_token: String,
    /// Seconds from now.
    expires_in: u64,
}

fn issued(answer: &Answer) -> Result<(AccessToken, Duration), SendError> {
    let issued: Issued = serde_json::from_slice(answer.said())
        .map_err(|_| SendError::NotSent { why: "LINE's token endpoint answered something else than a token".to_owned() })?;
    Ok((AccessToken::new(issued.access_token), lifetime(Duration::from_secs(issued.expires_in))))
}

fn lifetime(expires_in: Duration) -> Duration {
    expires_in.saturating_sub(MARGIN).min(USED_FOR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_for_thirteen_minutes_and_never_in_its_last_two() {
        for (expires_in, used_for) in [(900, 780), (3600, 780), (600, 480), (120, 0), (5, 0)] {
            assert_eq!(lifetime(Duration::from_secs(expires_in)), Duration::from_secs(used_for), "{expires_in}");
        }
    }

    #[test]
    fn tokens_do_not_show_themselves() {
        let token = AccessToken::new("very-secret");
        let shown = format!("{token:?} {:?}", token.header());
        assert!(!shown.contains("very-secret"), "{shown}");
        assert!(AccessToken::new("two\nlines").header().is_err());
    }
}
