//! Calling LINE. A reply is free and needs the event's reply token; a push counts against the monthly quota and carries a
//! retry key, so that trying it again never sends it twice. [`content`] fetches what people send, `rich_menus` are the
//! buttons at the bottom of the chat.

mod address;
mod call;
pub mod content;
mod rich_menus;

use std::{sync::Arc, time::Duration};

use domain::personal::LineUserId;
use http::{StatusCode, Uri};
use serde::Serialize;
use url::Url;
use uuid::Uuid;

use crate::{
    error::SendError,
    event::ReplyToken,
    message::Outgoing,
    token::{ChannelCredentials, Tokens},
    transport::Transport,
};
use address::Base;
use call::Call;

/// How long building a connection may take, unless told otherwise.
const CONNECT: Duration = Duration::from_secs(1);

/// How long a call may take, unless told otherwise.
const CALL: Duration = Duration::from_secs(5);

/// Calls LINE, for any number of channels. Built once and cloned: clones share connections and access tokens.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    transport: Transport,
    tokens: Tokens,
    api: Base,
    data: Base,
    reply: Uri,
    push: Uri,
    call: Duration,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client")
    }
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
    /// For the API at `api` (`https://api.line.me/`) and pictures and files at `data` (`https://api-data.line.me/`), with one
    /// second to connect and five for a whole call.
    pub fn new(api: &Url, data: &Url) -> Result<Self, NoClient> {
        Self::with_timeouts(api, data, CONNECT, CALL)
    }

    /// The same with other time-outs. `connect` bounds building a TCP connection; `call` bounds everything, the access
    /// token and a second try with a fresh one included.
    pub fn with_timeouts(api: &Url, data: &Url, connect: Duration, call: Duration) -> Result<Self, NoClient> {
        let unusable = |_| NoClient::Address(api.clone());
        let (base, data) = (Base::new(api)?, Base::new(data)?);
        let transport = Transport::new(base.is_clear_text() || data.is_clear_text(), connect)?;
        let tokens = Tokens::new(transport.clone(), base.at(&["oauth2", "v3", "token"]).map_err(unusable)?);
        let reply = base.at(&["v2", "bot", "message", "reply"]).map_err(unusable)?;
        let push = base.at(&["v2", "bot", "message", "push"]).map_err(unusable)?;
        Ok(Self(Arc::new(Inner { transport, tokens, api: base, data, reply, push, call })))
    }

    /// Answers an event. Carries no retry key (LINE refuses one here): where the outcome is unknown, trying again with
    /// the same `token` is safe, because a token that worked is spent.
    pub async fn reply(&self, channel: &ChannelCredentials, token: &ReplyToken, messages: &Outgoing) -> Result<(), SendError> {
        self.done(channel, &Call::post(self.0.reply.clone()).json(&Reply { reply_token: token.expose(), messages })?).await
    }

    /// Sends to a person unasked. Trying again takes the same `retry_key` and the same messages.
    pub async fn push(
        &self,
        channel: &ChannelCredentials,
        to: &LineUserId,
        messages: &Outgoing,
        retry_key: Uuid,
    ) -> Result<Sent, SendError> {
        let call = Call::post(self.0.push.clone()).json(&Push { to: to.expose(), messages })?.retry_key(retry_key);
        let answer = self.call(channel, &call).await?;
        match answer.status {
            StatusCode::CONFLICT => Ok(Sent::AcceptedBefore),
            status if status.is_success() => Ok(Sent::Accepted),
            _ => Err(SendError::of(&answer)),
        }
    }
}
