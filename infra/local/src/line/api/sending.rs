//! Replies and pushes.

use axum::{Extension, Json, extract::State};
use chrono::{DateTime, Utc};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::{
    super::{
        StandIn, State as LineState, ids,
        refusal::Refusal,
        rules::{self, Problem},
        world::{Accepted, Entry, Numbered},
    },
    Body, Caller, RequestId, read_json,
};

const RETRY_KEY: &str = "x-line-retry-key";

/// The JSON of a request whose messages LINE would take.
fn messages(headers: &HeaderMap, body: Body) -> Result<Value, Refusal> {
    let request = read_json(headers, body)?;
    let problems = rules::check(&request);
    if problems.is_empty() { Ok(request) } else { Err(Refusal::invalid(&problems)) }
}

/// Answers an event by its reply token. The token is looked at and spent under one lock.
pub async fn reply(State(line): State<StandIn>, Caller(channel): Caller, headers: HeaderMap, body: Body) -> Result<Json<Value>, Refusal> {
    if headers.contains_key(RETRY_KEY) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "The X-Line-Retry-Key header cannot be used here"));
    }
    let request = messages(&headers, body)?;
    let token = request.get("replyToken").and_then(Value::as_str).unwrap_or_default();
    let mut state = line.lock();
    let tokens = state.journal.world().reply_tokens();
    let to = tokens.answers(token, &channel, state.reply_token_life, line.0.machine.now()).map(str::to_owned);
    let to = to.ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "Invalid reply token"))?;
    let accepting = Accepting { to, channel, request: &request, retry: None, spent: Some(token.to_owned()) };
    accept(&mut state, accepting, line.0.clock.now())
}

/// Sends to a person, a group or a room. The retry key is looked for and kept under one lock.
pub async fn push(
    State(line): State<StandIn>,
    Caller(channel): Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let retry_key = retry_key(&headers)?;
    let request = messages(&headers, body)?;
    let now = line.0.machine.now();
    let mut state = line.lock();
    if let Some(key) = &retry_key {
        refuse_repeated(&state, key, &request, now)?;
    }
    let to = request.get("to").and_then(Value::as_str).unwrap_or_default();
    let world = state.journal.world();
    if world.user(to).is_none() && world.group(to).is_none() {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "The property, 'to', in the request body is invalid (line: -, column: -)"));
    }
    if state.quota_exhausted {
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit."));
    }
    let retry = retry_key.map(|key| Retry { key, request_id, at: now });
    accept(&mut state, Accepting { to: to.to_owned(), channel, request: &request, retry, spent: None }, line.0.clock.now())
}

/// The retry key: a UUID in its usual form.
fn retry_key(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    let Some(value) = headers.get(RETRY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().filter(|text| text.len() == 36).and_then(|text| uuid::Uuid::parse_str(text).ok());
    key.map(|key| Some(key.to_string())).ok_or_else(|| {
        let problem = Problem { message: "Must be a UUID".to_owned(), property: "X-Line-Retry-Key".to_owned() };
        Refusal::invalid(&[problem])
    })
}

/// A key that was accepted with the same body is a conflict, which a client takes for success. With another body LINE would
/// keep silent about the lost message; here it is an error, so that the mistake is seen.
fn refuse_repeated(state: &LineState, key: &str, request: &Value, now: DateTime<Utc>) -> Result<(), Refusal> {
    match state.journal.world().accepted(key, now) {
        None => Ok(()),
        Some(accepted) if accepted.body == *request => Err(Refusal::already_accepted(&accepted.request_id, &accepted.message_ids)),
        Some(_) => Err(Refusal::new(StatusCode::BAD_REQUEST, "The retry key was accepted with another request body")),
    }
}

/// A request that passed every check.
struct Accepting<'a> {
    /// A person, group or room.
    to: String,
    channel: String,
    request: &'a Value,
    retry: Option<Retry>,
    /// The reply token that it uses up.
    spent: Option<String>,
}

/// What a repetition is recognised by.
struct Retry {
    key: String,
    request_id: String,
    at: DateTime<Utc>,
}

/// Keeps the messages, on disk before the answer, and answers. `now` is local time.
fn accept(state: &mut LineState, accepting: Accepting<'_>, now: DateTime<Utc>) -> Result<Json<Value>, Refusal> {
    let Accepting { to, channel, request, retry, spent } = accepting;
    let bodies = request.get("messages").and_then(Value::as_array).into_iter().flatten();
    let messages: Vec<Numbered> =
        bodies.map(|message| Numbered { id: state.journal.next_message_id(), message: message.clone() }).collect();
    let message_ids: Vec<String> = messages.iter().map(|message| message.id.clone()).collect();
    let sent: Vec<Value> = message_ids.iter().map(|id| json!({"id": id, "quoteToken": ids::token()})).collect();
    let retry = retry.map(|Retry { key, request_id, at }| Accepted { key, body: request.clone(), request_id, message_ids, at });
    let arrived = state.journal.world().arrives(&to, &channel);
    state.journal.keep(Entry::Accepted { to, channel, at: now, messages, arrived, retry, spent }).map_err(|_| Refusal::internal())?;
    if state.lost_answers > 0 {
        state.lost_answers -= 1;
        return Err(Refusal::internal());
    }
    Ok(Json(json!({"sentMessages": sent})))
}
