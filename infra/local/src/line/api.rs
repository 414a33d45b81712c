//! The part of the Messaging API that the system calls.
//! <https://developers.line.biz/en/reference/messaging-api/>

use std::time::Instant;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Form, Path, Request, State},
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    StandIn, ids,
    refusal::Refusal,
    rules::{self, Problem},
    tokens::ACCESS_TOKEN_LIFE,
    world::{Accepted, Entry, Numbered},
};
use crate::faults::{Mode, Target};

/// Bytes of a request at most.
const REQUEST_BYTES: usize = 2 * 1024 * 1024;
const RETRY_KEY: &str = "x-line-retry-key";
const REQUEST_ID: &str = "x-line-request-id";

/// The endpoints, under the paths that they have at `https://api.line.me`.
pub fn router(line: StandIn) -> Router {
    let counted = |operation| middleware::from_fn_with_state((line.clone(), operation), arrive);
    Router::new()
        .route("/oauth2/v3/token", post(token).layer(counted("token")))
        .route("/v2/bot/message/reply", post(reply).layer(counted("reply")))
        .route("/v2/bot/message/push", post(push).layer(counted("push")))
        .route("/v2/bot/profile/{userId}", get(profile).layer(counted("profile")))
        .fallback(async || Refusal::new(StatusCode::NOT_FOUND, "Not found"))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES))
        .with_state(line)
}

/// Counts the request, plays a fault that was ordered for it, and gives it its id.
async fn arrive(State((line, operation)): State<(StandIn, &'static str)>, mut request: Request, next: middleware::Next) -> Response {
    line.0.calls.count("line", operation);
    let id = RequestId(ids::request());
    request.extensions_mut().insert(id.clone());
    let mut response = match line.0.faults.take(Target::Line) {
        None => next.run(request).await,
        Some(Mode::ServerError) => Refusal::internal().into_response(),
        Some(Mode::TooMany) => {
            Refusal::new(StatusCode::TOO_MANY_REQUESTS, "The API rate limit has been exceeded. Try again later.").into_response()
        }
        Some(Mode::Timeout) => {
            tokio::time::sleep(line.0.held).await;
            Refusal::new(StatusCode::GATEWAY_TIMEOUT, "Gateway timeout").into_response()
        }
    };
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[derive(Clone)]
struct RequestId(String);

#[derive(Deserialize)]
struct TokenRequest {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// Issues a stateless channel access token.
async fn token(
    State(line): State<StandIn>,
    form: Result<Form<TokenRequest>, axum::extract::rejection::FormRejection>,
) -> Result<Json<Value>, Refusal> {
    let refuse = |error: &str, description: &str| {
        Refusal::with_body(StatusCode::BAD_REQUEST, json!({"error": error, "error_description": description}))
    };
    let Form(request) = form.map_err(|_| refuse("invalid_request", "a form is needed"))?;
    if request.grant_type.as_deref() != Some("client_credentials") {
        return Err(refuse("unsupported_grant_type", "grant_type must be client_credentials"));
    }
    let mut state = line.lock();
    let known = state
        .channels
        .iter()
        .find(|channel| request.client_id.as_ref() == Some(&channel.channel_id) && request.client_secret.as_ref() == Some(&channel.secret));
    let channel = known.map(|channel| channel.channel.clone()).ok_or_else(|| refuse("invalid_client", "invalid channel id or secret"))?;
    let token = state.access_tokens.issue(&channel, Instant::now());
    Ok(Json(json!({"token_type": "Bearer", "access_token": token, "expires_in": ACCESS_TOKEN_LIFE.as_secs()})))
}

/// The channel that the caller speaks for.
fn authorise(line: &StandIn, headers: &HeaderMap) -> Result<String, Refusal> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).and_then(|value| value.strip_prefix("Bearer "));
    let state = line.lock();
    let channel = bearer.and_then(|token| state.access_tokens.channel(token, Instant::now()));
    channel.map(str::to_owned).ok_or_else(Refusal::unauthorised)
}

type Body = Result<Bytes, axum::extract::rejection::BytesRejection>;

/// The JSON of a request whose messages LINE would take.
fn messages(headers: &HeaderMap, body: Body) -> Result<Value, Refusal> {
    let bytes = body.map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The request is larger than 2 MB"))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")) {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The content type must be application/json"));
    }
    let request: Value = serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line: {}, column: {}", error.line(), error.column());
        Refusal::new(StatusCode::BAD_REQUEST, &format!("The request body could not be parsed as JSON ({place})"))
    })?;
    let problems = rules::check(&request);
    if problems.is_empty() { Ok(request) } else { Err(Refusal::invalid(&problems)) }
}

async fn reply(
    State(line): State<StandIn>,
    axum::Extension(RequestId(request_id)): axum::Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let channel = authorise(&line, &headers)?;
    if headers.contains_key(RETRY_KEY) {
        return Err(Refusal::new(StatusCode::BAD_REQUEST, "The X-Line-Retry-Key header cannot be used here"));
    }
    let request = messages(&headers, body)?;
    let token = request.get("replyToken").and_then(Value::as_str).unwrap_or_default();
    let user = line.lock().reply_tokens.spend(token, &channel, Instant::now());
    let user = user.ok_or_else(|| Refusal::new(StatusCode::BAD_REQUEST, "Invalid reply token"))?;
    accept(&line, Accepting { user: &user, channel: &channel, request: &request, request_id, retry_key: None })
}

async fn push(
    State(line): State<StandIn>,
    axum::Extension(RequestId(request_id)): axum::Extension<RequestId>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<Value>, Refusal> {
    let channel = authorise(&line, &headers)?;
    let retry_key = retry_key(&headers)?;
    let request = messages(&headers, body)?;
    if let Some(key) = &retry_key {
        refuse_repeated(&line, key, &request)?;
    }
    let user = request.get("to").and_then(Value::as_str).unwrap_or_default();
    let quota_exhausted = {
        let state = line.lock();
        if state.journal.world().user(user).is_none() {
            return Err(Refusal::new(StatusCode::BAD_REQUEST, "The property, 'to', in the request body is invalid (line: -, column: -)"));
        }
        state.quota_exhausted
    };
    if quota_exhausted {
        return Err(Refusal::new(StatusCode::TOO_MANY_REQUESTS, "You have reached your monthly limit."));
    }
    accept(&line, Accepting { user, channel: &channel, request: &request, request_id, retry_key })
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
fn refuse_repeated(line: &StandIn, key: &str, request: &Value) -> Result<(), Refusal> {
    let state = line.lock();
    match state.journal.world().accepted(key, line.0.machine.now()) {
        None => Ok(()),
        Some(accepted) if accepted.body == *request => Err(Refusal::already_accepted(&accepted.request_id, &accepted.message_ids)),
        Some(_) => Err(Refusal::new(StatusCode::BAD_REQUEST, "The retry key was accepted with another request body")),
    }
}

/// A request that passed every check.
struct Accepting<'a> {
    user: &'a str,
    channel: &'a str,
    request: &'a Value,
    request_id: String,
    retry_key: Option<String>,
}

/// Keeps the messages, on disk before the answer, and answers.
fn accept(line: &StandIn, accepting: Accepting<'_>) -> Result<Json<Value>, Refusal> {
    let Accepting { user, channel, request, request_id, retry_key } = accepting;
    let mut state = line.lock();
    let bodies = request.get("messages").and_then(Value::as_array).into_iter().flatten();
    let messages: Vec<Numbered> =
        bodies.map(|message| Numbered { id: state.journal.next_message_id(), message: message.clone() }).collect();
    let message_ids: Vec<String> = messages.iter().map(|message| message.id.clone()).collect();
    let sent: Vec<Value> = message_ids.iter().map(|id| json!({"id": id, "quoteToken": ids::token()})).collect();
    let friendship = state.journal.world().friendship(user, channel);
    let retry = retry_key.map(|key| Accepted { key, body: request.clone(), request_id, message_ids, at: line.0.machine.now() });
    let entry = Entry::Accepted {
        user: user.to_owned(),
        channel: channel.to_owned(),
        at: line.0.clock.now(),
        messages,
        arrived: friendship.followed && !friendship.blocked,
        retry,
    };
    state.journal.keep(entry).map_err(|_| Refusal::internal())?;
    if state.lost_answers > 0 {
        state.lost_answers -= 1;
        return Err(Refusal::internal());
    }
    Ok(Json(json!({"sentMessages": sent})))
}

async fn profile(State(line): State<StandIn>, Path(user): Path<String>, headers: HeaderMap) -> Result<Json<Value>, Refusal> {
    let channel = authorise(&line, &headers)?;
    let state = line.lock();
    let world = state.journal.world();
    let friendship = world.friendship(&user, &channel);
    let known = world.user(&user).filter(|_| friendship.followed && !friendship.blocked);
    let known = known.ok_or_else(|| Refusal::new(StatusCode::NOT_FOUND, "Not found"))?;
    Ok(Json(json!({"userId": user, "displayName": known.name, "language": "ja"})))
}
