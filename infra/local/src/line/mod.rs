//! LINE's stand-in: the endpoints that the system calls, strict about LINE's limits, and the people who chat.
//!
//! - `api`: what `https://api.line.me` and `https://api-data.line.me` answer, at one address. It refuses what LINE would refuse
//!   (`rules`, `tokens`, `media`).
//! - `programs` and `acting`: how pages and tests play LINE users, see the README.
//! - `world` and `journal`: users, chats, reply tokens, rich menus, kept in `<data>/line.jsonl`; `files`: their bytes, kept beside it.

mod acting;
mod api;
mod delivery;
mod events;
mod files;
mod ids;
mod journal;
mod media;
mod programs;
mod refusal;
mod rules;
mod sent;
#[cfg(test)]
mod tests;
mod tokens;
mod world;

use std::{
    fmt, io,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::Router;
use chrono::TimeDelta;
use url::Url;

use self::{
    files::Files,
    journal::Journal,
    tokens::{AccessTokens, REPLY_TOKEN_LIFE},
};
use crate::{calls::Calls, clock::LocalClock, faults::Faults};

/// How long a request is held that was ordered to time out.
const HELD: Duration = Duration::from_secs(10);

/// A channel of the Messaging API, as its owner sees it in LINE's console.
#[derive(Clone, PartialEq, Eq)]
pub struct LocalChannel {
    /// The path segment of its webhook: `/line/{channel}/webhook`.
    pub channel: String,
    /// Channel id, with `secret` the credentials for access tokens.
    pub channel_id: String,
    /// Signs the webhooks.
    pub secret: String,
    /// The account's id that people search for, such as `@123abcde`.
    pub basic_id: String,
    /// The account's name in the chat.
    pub name: String,
}

impl fmt::Debug for LocalChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalChannel").field("channel", &self.channel).finish_non_exhaustive()
    }
}

/// LINE, for this machine; clones are the same LINE.
#[derive(Clone)]
pub struct StandIn(Arc<Inner>);

struct Inner {
    clock: LocalClock,
    machine: runtime::Clock,
    faults: Faults,
    calls: Calls,
    held: Duration,
    state: Mutex<State>,
    http: delivery::Client,
}

/// Everything that changes.
struct State {
    journal: Journal,
    /// Pictures and files that people sent, by message id.
    contents: Files,
    /// Images of rich menus, by menu id.
    pictures: Files,
    channels: Vec<LocalChannel>,
    webhook_base: Option<Url>,
    access_tokens: AccessTokens,
    reply_token_life: TimeDelta,
    quota_exhausted: bool,
    /// So many replies and pushes will be accepted and yet answered with a 500.
    lost_answers: u32,
    /// So many requests for content will be told that it is still being prepared.
    preparing: u32,
}

impl StandIn {
    /// LINE with everything kept in `<data>/line.jsonl`, `<data>/line-content` and `<data>/line-menus`; `clock` dates what is
    /// said, `faults` and `calls` are those of the whole local system.
    pub fn open(data: &Path, clock: LocalClock, faults: Faults, calls: Calls) -> io::Result<Self> {
        let journal = Journal::open(data)?;
        let world = journal.world();
        let contents = Files::open(data, "line-content", |id| world.media(id).is_some_and(|media| !media.withdrawn))?;
        let pictures = Files::open(data, "line-menus", |id| world.menus().get(id).is_some_and(|menu| menu.pictured))?;
        let state = State {
            journal,
            contents,
            pictures,
            channels: Vec::new(),
            webhook_base: None,
            access_tokens: AccessTokens::default(),
            reply_token_life: REPLY_TOKEN_LIFE,
            quota_exhausted: false,
            lost_answers: 0,
            preparing: 0,
        };
        let machine = runtime::Clock::system();
        Ok(Self(Arc::new(Inner { clock, machine, faults, calls, held: HELD, state: Mutex::new(state), http: delivery::client() })))
    }

    /// Makes a channel known, or replaces the one with the same path segment. The first one is the default of the programs' interface.
    pub fn register_channel(&self, channel: LocalChannel) {
        let mut state = self.lock();
        match state.channels.iter_mut().find(|known| known.channel == channel.channel) {
            Some(known) => *known = channel,
            None => state.channels.push(channel),
        }
    }

    /// Where webhooks go: `{base}/line/{channel}/webhook`.
    pub fn set_webhook_base(&self, base: Url) {
        self.lock().webhook_base = Some(base);
    }

    /// What `https://api.line.me` and `https://api-data.line.me` answer.
    pub fn api(&self) -> Router {
        api::router(self.clone())
    }

    /// How pages and tests play LINE users; to be nested at `/local/line`.
    pub fn programs(&self) -> Router {
        programs::router(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
