//! The part of the Messaging API that the system calls.
//! <https://developers.line.biz/en/reference/messaging-api/>

mod content;
mod menus;
mod sending;

use std::time::Instant;

use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Form, FromRequestParts, Path, Request, State},
    middleware,
    response::Response,
    routing::{delete, get, post},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use serde::Deserialize;
use serde_json::{Value, json};

pub use self::menus::picture;
use super::{StandIn, ids, refusal::Refusal, tokens::ACCESS_TOKEN_LIFE};
use crate::faults;

/// Bytes of a request at most.
const REQUEST_BYTES: usize = 2 * 1024 * 1024;
const REQUEST_ID: &str = "x-line-request-id";

/// The endpoints, under the paths that they have at `https://api.line.me` and `https://api-data.line.me`. Each is counted, and
/// meets faults, under the name beside it.
pub fn router(line: StandIn) -> Router {
    let counted = |operation| middleware::from_fn_with_state((line.clone(), operation), arrive);
    let menu_image = get(menus::image).layer(counted("menu-image")).merge(post(menus::put_image).layer(counted("put-menu-image")));
    let one_menu = get(menus::one).layer(counted("menu")).merge(delete(menus::remove).layer(counted("delete-menu")));
    let default_menu = get(menus::default).layer(counted("default-menu"));
    let default_menu = default_menu.merge(delete(menus::cancel_default).layer(counted("cancel-default-menu")));
    let menu_of_user = get(menus::of_user).layer(counted("menu-of-user")).merge(delete(menus::unlink).layer(counted("unlink-menu")));
    Router::new()
        .route("/oauth2/v3/token", post(token).layer(counted("token")))
        .route("/v2/bot/message/reply", post(sending::reply).layer(counted("reply")))
        .route("/v2/bot/message/push", post(sending::push).layer(counted("push")))
        .route("/v2/bot/message/{messageId}/content", get(content::content).layer(counted("content")))
        .route("/v2/bot/profile/{userId}", get(profile).layer(counted("profile")))
        .route("/v2/bot/richmenu", post(menus::create).layer(counted("create-menu")))
        .route("/v2/bot/richmenu/list", get(menus::list).layer(counted("menus")))
        .route("/v2/bot/richmenu/{richMenuId}", one_menu)
        .route("/v2/bot/richmenu/{richMenuId}/content", menu_image)
        .route("/v2/bot/user/all/richmenu", default_menu)
        .route("/v2/bot/user/all/richmenu/{richMenuId}", post(menus::set_default).layer(counted("set-default-menu")))
        .route("/v2/bot/user/{userId}/richmenu", menu_of_user)
        .route("/v2/bot/user/{userId}/richmenu/{richMenuId}", post(menus::link).layer(counted("link-menu")))
        .fallback(async || Refusal::not_found())
        .layer(DefaultBodyLimit::max(REQUEST_BYTES))
        .with_state(line)
}

/// Counts the request, plays a fault that was ordered for it, and gives it its id.
async fn arrive(State((line, operation)): State<(StandIn, &'static str)>, mut request: Request, next: middleware::Next) -> Response {
    line.0.calls.count("line", operation);
    let id = RequestId(ids::request());
    request.extensions_mut().insert(id.clone());
    let mut response = faults::line::play(&line.0.faults, operation, line.0.held, request, |request| next.run(request)).await;
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

#[derive(Clone)]
struct RequestId(String);

/// The channel (its path segment) that a request speaks for, by its access token.
struct Caller(String);

impl FromRequestParts<StandIn> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, line: &StandIn) -> Result<Self, Refusal> {
        let given = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let state = line.lock();
        let channel = given.and_then(|given| state.access_tokens.channel(given.strip_prefix("Bearer ")?, Instant::now()));
        channel.map(|channel| Self(channel.to_owned())).ok_or_else(Refusal::unauthorised)
    }
}

type Body = Result<Bytes, axum::extract::rejection::BytesRejection>;

/// The JSON of a request.
fn read_json(headers: &HeaderMap, body: Body) -> Result<Value, Refusal> {
    let bytes = body.map_err(|_| Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "The request is larger than 2 MB"))?;
    if !media_type(headers).eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "The content type must be application/json"));
    }
    serde_json::from_slice(&bytes).map_err(|error| {
        let place = format!("line: {}, column: {}", error.line(), error.column());
        Refusal::new(StatusCode::BAD_REQUEST, &format!("The request body could not be parsed as JSON ({place})"))
    })
}

/// `Content-Type` without its parameters.
fn media_type(headers: &HeaderMap) -> &str {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim()
}

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

async fn profile(State(line): State<StandIn>, Caller(channel): Caller, Path(user): Path<String>) -> Result<Json<Value>, Refusal> {
    let state = line.lock();
    let world = state.journal.world();
    let friendship = world.friendship(&user, &channel);
    let known = world.user(&user).filter(|_| friendship.followed && !friendship.blocked);
    let known = known.ok_or_else(Refusal::not_found)?;
    Ok(Json(json!({"userId": user, "displayName": known.name, "language": "ja"})))
}
