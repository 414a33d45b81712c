//! The programs' interface to LINE's users, at `/local/line`: the chat page and tests play people with it.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::TimeDelta;
use http::{StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    LocalChannel, StandIn,
    acting::{self, Refused},
    api, ids, media,
    sent::Sent,
    world::{Bubble, Side},
};

/// Bytes of an event with a picture or file in base64.
const EVENT_BYTES: usize = 40 * 1024 * 1024;

/// The routes, to be nested at `/local/line`.
pub fn router(line: StandIn) -> Router {
    Router::new()
        .route("/channels", get(channels))
        .route("/users", get(users).post(add_user))
        .route("/users/{userId}/messages", get(messages))
        .route("/users/{userId}/chat", get(chat))
        .route("/users/{userId}/events", post(acting::act).layer(DefaultBodyLimit::max(EVENT_BYTES)))
        .route("/users/{userId}/menu", get(menu))
        .route("/menus/{richMenuId}/image", get(menu_image))
        .route("/content/{messageId}", get(content))
        .route("/groups/{groupId}/messages", get(group_messages))
        .route("/deliver", post(acting::deliver).layer(DefaultBodyLimit::max(EVENT_BYTES)))
        .route("/deliver/raw", post(acting::deliver_raw))
        .route("/quota", post(set_quota))
        .route("/preparing", post(set_preparing))
        .route("/lost-answers", post(set_lost_answers))
        .route("/reply-tokens", post(set_reply_token_life))
        .with_state(line)
}

async fn channels(State(line): State<StandIn>) -> Json<Value> {
    let shown = |channel: &LocalChannel| json!({"channel": channel.channel, "channelId": channel.channel_id, "basicId": channel.basic_id, "name": channel.name});
    Json(line.lock().channels.iter().map(shown).collect())
}

async fn users(State(line): State<StandIn>) -> Json<Value> {
    let state = line.lock();
    let users = state.journal.world().users();
    Json(users.map(|(id, user)| json!({"userId": id, "name": user.name, "friendships": user.friendships})).collect())
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase", default)]
struct NewUser {
    name: Option<String>,
    user_id: Option<String>,
}

async fn add_user(State(line): State<StandIn>, Sent(new): Sent<NewUser>) -> Result<Json<Value>, Refused> {
    let id = new.user_id.unwrap_or_else(ids::user);
    let name = new.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let mut state = line.lock();
    state.meet(&id, name)?;
    let name = state.journal.world().user(&id).map(|user| user.name.clone());
    Ok(Json(json!({"userId": id, "name": name})))
}

/// `?channel=`: only this one.
#[derive(Deserialize)]
pub struct Of {
    /// The path segment; without it, the first channel or all of them.
    pub channel: Option<String>,
}

impl Of {
    fn holds(&self, bubble: &Bubble) -> bool {
        self.channel.as_ref().is_none_or(|channel| *channel == bubble.channel)
    }
}

/// What the person has seen: the messages as they were sent to LINE's API, with the local time `at`.
async fn messages(State(line): State<StandIn>, Path(user): Path<String>, Query(of): Query<Of>) -> Json<Vec<Value>> {
    let state = line.lock();
    let chat = state.journal.world().user(&user).map(|user| user.chat.as_slice());
    Json(from_bot(chat.unwrap_or_default(), &of))
}

/// What the accounts said in a group or room, in the same form.
async fn group_messages(State(line): State<StandIn>, Path(group): Path<String>, Query(of): Query<Of>) -> Json<Vec<Value>> {
    let state = line.lock();
    Json(from_bot(state.journal.world().group(&group).unwrap_or_default(), &of))
}

fn from_bot(chat: &[Bubble], of: &Of) -> Vec<Value> {
    let seen = chat.iter().filter(|bubble| bubble.from == Side::Bot && of.holds(bubble)).map(|bubble| {
        let mut message = bubble.message.clone();
        if let Some(fields) = message.as_object_mut() {
            fields.insert("at".to_owned(), json!(bubble.at));
        }
        message
    });
    seen.collect()
}

/// The rich menu that the person sees, with the address of its image; `null` where there is none.
async fn menu(State(line): State<StandIn>, Path(user): Path<String>, Query(of): Query<Of>) -> Result<Json<Value>, Refused> {
    let state = line.lock();
    let channel = state.channel(of.channel.as_deref())?.channel;
    let menus = state.journal.world().menus();
    let linked = menus.linked_to(&channel, &user);
    let Some(menu) = linked.or_else(|| menus.default_of(&channel)) else { return Ok(Json(Value::Null)) };
    let mut shown = menu.definition.clone();
    if let Some(fields) = shown.as_object_mut() {
        fields.extend([
            ("richMenuId".to_owned(), json!(menu.id)),
            ("image".to_owned(), json!(format!("/local/line/menus/{}/image", menu.id))),
            ("linked".to_owned(), json!(linked.is_some())),
        ]);
    }
    Ok(Json(shown))
}

async fn menu_image(State(line): State<StandIn>, Path(id): Path<String>) -> Response {
    api::picture(&line, &id).await.unwrap_or_else(|| StatusCode::NOT_FOUND.into_response())
}

/// The picture or file of a message, as long as it was not taken back: the chat page shows it.
async fn content(State(line): State<StandIn>, Path(id): Path<String>) -> Response {
    let held = {
        let state = line.lock();
        let media = state.journal.world().media(&id).filter(|media| !media.withdrawn);
        media.map(|media| (media.kind.clone(), state.contents.path(&id)))
    };
    let Some((kind, file)) = held else { return StatusCode::NOT_FOUND.into_response() };
    let Ok(bytes) = tokio::fs::read(file).await else { return StatusCode::NOT_FOUND.into_response() };
    let headers = [(header::CONTENT_TYPE, media::content_type(&kind, &bytes)), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, bytes).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Chat<'a> {
    user_id: &'a str,
    name: &'a str,
    friendships: Map<String, Value>,
    bubbles: Vec<&'a Bubble>,
}

/// Both sides of the chat, for the chat page.
async fn chat(State(line): State<StandIn>, Path(user_id): Path<String>, Query(of): Query<Of>) -> Response {
    let state = line.lock();
    let Some(user) = state.journal.world().user(&user_id) else {
        return (StatusCode::NOT_FOUND, Json(json!({"message": "there is no such user"}))).into_response();
    };
    let friendships = user.friendships.iter().map(|(channel, friendship)| (channel.clone(), json!(friendship))).collect();
    let bubbles = user.chat.iter().filter(|bubble| of.holds(bubble)).collect();
    Json(Chat { user_id: &user_id, name: &user.name, friendships, bubbles }).into_response()
}

#[derive(Deserialize)]
struct Quota {
    exhausted: bool,
}

async fn set_quota(State(line): State<StandIn>, Sent(quota): Sent<Quota>) -> StatusCode {
    line.lock().quota_exhausted = quota.exhausted;
    StatusCode::NO_CONTENT
}

/// So many of the next requests for content are told that it is still being prepared.
async fn set_preparing(State(line): State<StandIn>, Sent(preparing): Sent<Count>) -> StatusCode {
    line.lock().preparing = preparing.count;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct Count {
    count: u32,
}

/// The next replies and pushes are accepted, but answered with a 500: the sender cannot know.
async fn set_lost_answers(State(line): State<StandIn>, Sent(lost): Sent<Count>) -> StatusCode {
    line.lock().lost_answers = lost.count;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct ReplyTokenLife {
    seconds: u32,
}

/// How long reply tokens serve; 0 lets every one come too late.
async fn set_reply_token_life(State(line): State<StandIn>, Sent(new): Sent<ReplyTokenLife>) -> StatusCode {
    line.lock().reply_token_life = TimeDelta::seconds(i64::from(new.seconds));
    StatusCode::NO_CONTENT
}
