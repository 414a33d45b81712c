//! People act: they write, press, take back, add and block. Each act becomes a webhook event that is completed, shown in the
//! chat, signed and delivered.

use axum::{
    Json,
    body::Bytes,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::StatusCode;
use serde_json::{Value, json};

use super::{
    LocalChannel, StandIn, State as LineState,
    delivery::{self, Lost},
    events::{self, BadEvent, Completed, Deed, Fresh},
    ids, media,
    programs::Of,
    sent::Sent,
    world::{Entry, Friendship},
};

/// Why the interface did not do what was asked: 400, 409 or 502 with `{"message"}`.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// 400.
    #[error("there is no channel with this name; GET /local/line/channels lists them")]
    UnknownChannel,
    /// 400.
    #[error("a user id is U and 32 lower-case hexadecimal digits")]
    BadUserId,
    /// 409.
    #[error("a user who blocked the account cannot write to it: send a follow event first")]
    Blocked,
    /// 413.
    #[error("the body is too long")]
    TooLong,
    /// 400.
    #[error("the body cannot be read: {0}")]
    Unreadable(#[from] serde_json::Error),
    /// 400.
    #[error("events must be a list")]
    NoEvents,
    /// 400.
    #[error("content is base64, and goes with an image, video, audio or file whose id (where given) is of digits")]
    BadContent,
    /// 400.
    #[error(transparent)]
    Event(#[from] BadEvent),
    /// 502.
    #[error("the webhook's address was not set")]
    NoWebhook,
    /// 502: the event has happened in the chat all the same.
    #[error(transparent)]
    Lost(#[from] Lost),
    /// 500.
    #[error("what happened cannot be kept: {0}")]
    Disk(#[from] std::io::Error),
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match self {
            Self::UnknownChannel | Self::BadUserId | Self::Unreadable(_) | Self::NoEvents | Self::BadContent | Self::Event(_) => {
                StatusCode::BAD_REQUEST
            }
            Self::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Blocked => StatusCode::CONFLICT,
            Self::NoWebhook | Self::Lost(_) => StatusCode::BAD_GATEWAY,
            Self::Disk(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, Json(json!({"message": self.to_string()}))).into_response()
    }
}

impl LineState {
    /// The channel with this path segment, or the first one.
    pub fn channel(&self, name: Option<&str>) -> Result<LocalChannel, Refused> {
        let mut channels = self.channels.iter();
        let found = match name {
            Some(name) => channels.find(|channel| channel.channel == name),
            None => channels.next(),
        };
        found.cloned().ok_or(Refused::UnknownChannel)
    }

    /// Makes sure that the person exists.
    pub fn meet(&mut self, user: &str, name: Option<String>) -> Result<(), Refused> {
        if !ids::is_user(user) {
            return Err(Refused::BadUserId);
        }
        if self.journal.world().user(user).is_none() {
            let name = name.unwrap_or_else(|| format!("ユーザー{}", self.journal.world().users().count() + 1));
            self.journal.keep(Entry::Joined { user: user.to_owned(), name })?;
        }
        Ok(())
    }
}

/// One event of a person, signed and delivered. Beside the event's own fields may be given `channel` and, for a picture or
/// file, its bytes as `content` (base64).
pub async fn act(State(line): State<StandIn>, Path(user): Path<String>, Sent(mut event): Sent<Value>) -> Result<Json<Value>, Refused> {
    let channel = event.as_object_mut().and_then(|event| event.remove("channel"));
    let (channel, done) = {
        let mut state = line.lock();
        let channel = state.channel(channel.as_ref().and_then(Value::as_str))?;
        let blocked = state.journal.world().friendship(&user, &channel.channel).blocked;
        let writes = matches!(event.get("type").and_then(Value::as_str), Some("message" | "postback" | "unsend"));
        if blocked && writes && events::group(&event).is_none() && event.get("isRedelivery") != Some(&Value::Bool(true)) {
            return Err(Refused::Blocked);
        }
        let done = happen(&line, &mut state, &channel, &user, event)?;
        (channel, done)
    };
    let Completed { event, event_id, message_id, reply_token, .. } = done;
    let mut answer = post_events(&line, &channel, &[event]).await?;
    if let Some(answer) = answer.as_object_mut() {
        answer.extend([
            ("webhookEventId".to_owned(), json!(event_id)),
            ("messageId".to_owned(), json!(message_id)),
            ("replyToken".to_owned(), json!(reply_token)),
        ]);
    }
    Ok(Json(answer))
}

/// Several events in one body, in any order and of any people (`userId` or `source` in each), as LINE may send them. Unlike
/// single events they may come from people who have blocked the account since, and from groups where LINE names nobody.
pub async fn deliver(State(line): State<StandIn>, Sent(mut body): Sent<Value>) -> Result<Json<Value>, Refused> {
    let channel = body.get("channel").and_then(Value::as_str).map(str::to_owned);
    let Some(Value::Array(events)) = body.get_mut("events").map(Value::take) else { return Err(Refused::NoEvents) };
    let (channel, done) = {
        let mut state = line.lock();
        let channel = state.channel(channel.as_deref())?;
        let mut done = Vec::with_capacity(events.len());
        for mut event in events {
            let named = event.as_object_mut().and_then(|event| event.remove("userId"));
            let user = named.as_ref().or_else(|| event.get("source")?.get("userId")).and_then(Value::as_str);
            let user = user.or_else(|| events::group(&event)).ok_or(Refused::BadUserId)?.to_owned();
            done.push(happen(&line, &mut state, &channel, &user, event)?);
        }
        (channel, done)
    };
    let ids: Vec<Value> = done
        .iter()
        .map(|done| json!({"webhookEventId": done.event_id, "messageId": done.message_id, "replyToken": done.reply_token}))
        .collect();
    let events: Vec<Value> = done.into_iter().map(|done| done.event).collect();
    let mut answer = post_events(&line, &channel, &events).await?;
    if let Some(answer) = answer.as_object_mut() {
        answer.insert("events".to_owned(), Value::Array(ids));
    }
    Ok(Json(answer))
}

/// Any bytes, signed and delivered as they are.
pub async fn deliver_raw(State(line): State<StandIn>, Query(of): Query<Of>, body: Bytes) -> Result<Json<Value>, Refused> {
    let channel = line.lock().channel(of.channel.as_deref())?;
    Ok(Json(post_body(&line, &channel, body.to_vec()).await?))
}

/// Completes the event and lets it happen in the chat. `user` is the person, or the group where it is not told who did it.
fn happen(line: &StandIn, state: &mut LineState, channel: &LocalChannel, user: &str, mut event: Value) -> Result<Completed, Refused> {
    let group = events::group(&event).map(str::to_owned);
    if group.as_deref() != Some(user) {
        state.meet(user, None)?;
    }
    let content = content(&mut event)?;
    let before = state.journal.world().friendship(user, &channel.channel);
    let now = line.0.clock.now();
    let fresh = Fresh {
        event_id: ids::event(now),
        message_id: state.journal.next_message_id(),
        reply_token: ids::token(),
        quote_token: ids::token(),
        now,
        unblocked: before.blocked,
        file_size: content.as_ref().map_or(0, Vec::len),
    };
    let done = events::complete(event, user, &fresh)?;
    keep_content(state, user, &done.deed, content.as_deref())?;
    let after = match &done.deed {
        _ if group.is_some() => before,
        Deed::Unfollowed => Friendship { followed: false, blocked: true },
        Deed::Followed => Friendship { followed: true, blocked: false },
        // Who writes without having added the account has opened the chat: from then on answers arrive.
        Deed::Said { .. } | Deed::Pressed { .. } => Friendship { followed: before.followed || !before.blocked, ..before },
        Deed::Withdrew(_) | Deed::Nothing => before,
    };
    let (user, name) = (user.to_owned(), channel.channel.clone());
    let befriended = (after != before).then(|| Entry::Befriended { user: user.clone(), channel: name.clone(), friendship: after });
    let issued = done.reply_token.clone().map(|token| {
        let to = group.clone().unwrap_or_else(|| user.clone());
        Entry::Issued { token, to, channel: name.clone(), at: line.0.machine.now() }
    });
    let said = |id: &String, message| Entry::Said { user: user.clone(), group, channel: name, at: now, id: id.clone(), message };
    let shown = match &done.deed {
        Deed::Said { id, message } => Some(said(id, message.clone())),
        Deed::Pressed { id, shown: Some(text) } => Some(said(id, json!({"type": "text", "text": text}))),
        Deed::Withdrew(id) => Some(Entry::Withdrew { user: user.clone(), id: id.clone() }),
        Deed::Followed | Deed::Unfollowed | Deed::Pressed { shown: None, .. } | Deed::Nothing => None,
    };
    state.journal.keep_all([befriended, shown, issued].into_iter().flatten().collect())?;
    if let Deed::Withdrew(id) = &done.deed
        && state.journal.world().media(id).is_some_and(|media| media.withdrawn)
    {
        state.contents.remove(id)?;
    }
    Ok(done)
}

/// Takes the bytes out of an event that a program gave.
fn content(event: &mut Value) -> Result<Option<Vec<u8>>, Refused> {
    let Some(content) = event.as_object_mut().and_then(|event| event.remove("content")) else { return Ok(None) };
    let bytes = content.as_str().and_then(|text| BASE64_STANDARD.decode(text).ok());
    bytes.map(Some).ok_or(Refused::BadContent)
}

/// Keeps the bytes of a message before anybody hears of it. What was said before, or was withdrawn before it came, keeps what it
/// has. A picture without bytes is [`media::EXAMPLE`]; of other messages without bytes LINE has nothing (any more).
fn keep_content(state: &LineState, user: &str, deed: &Deed, content: Option<&[u8]>) -> Result<(), Refused> {
    let held = match deed {
        Deed::Said { id, message } => media::kind(message).map(|kind| (id, kind)),
        Deed::Withdrew(_) | Deed::Followed | Deed::Unfollowed | Deed::Pressed { .. } | Deed::Nothing => None,
    };
    let Some((id, kind)) = held else { return if content.is_some() { Err(Refused::BadContent) } else { Ok(()) } };
    let world = state.journal.world();
    if world.media(id).is_some() || world.is_withdrawn(user, id) {
        return Ok(());
    }
    let example = || (kind == "image").then_some(media::EXAMPLE);
    let Some(bytes) = content.or_else(example) else { return Ok(()) };
    if !ids::is_message(id) {
        // The id is to be the name of a file.
        return if content.is_some() { Err(Refused::BadContent) } else { Ok(()) };
    }
    Ok(state.contents.write(id, bytes)?)
}

async fn post_events(line: &StandIn, channel: &LocalChannel, events: &[Value]) -> Result<Value, Refused> {
    let body = json!({"destination": ids::bot(&channel.channel_id), "events": events});
    post_body(line, channel, body.to_string().into_bytes()).await
}

async fn post_body(line: &StandIn, channel: &LocalChannel, body: Vec<u8>) -> Result<Value, Refused> {
    let base = line.lock().webhook_base.clone().ok_or(Refused::NoWebhook)?;
    let answer = delivery::deliver(&line.0.http, &base, channel, body).await?;
    Ok(json!({"status": answer.status.as_u16(), "tookMs": answer.took.as_millis()}))
}
