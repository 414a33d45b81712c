//! The programs' interface to LINE's users, at `/local/line`: the chat page and tests play people with it.

use std::time::Duration;

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    LocalChannel, StandIn,
    acting::{self, Refused},
    ids,
    sent::Sent,
    world::{Bubble, Side},
};

/// The routes, to be nested at `/local/line`.
pub fn router(line: StandIn) -> Router {
    Router::new()
        .route("/channels", get(channels))
        .route("/users", get(users).post(add_user))
        .route("/users/{userId}/messages", get(messages))
        .route("/users/{userId}/chat", get(chat))
        .route("/users/{userId}/events", post(acting::act))
        .route("/deliver", post(acting::deliver))
        .route("/deliver/raw", post(acting::deliver_raw))
        .route("/quota", post(set_quota))
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
    let chat = state.journal.world().user(&user).map(|user| user.chat.as_slice()).unwrap_or_default();
    let seen = chat.iter().filter(|bubble| bubble.from == Side::Bot && of.holds(bubble)).map(|bubble| {
        let mut message = bubble.message.clone();
        if let Some(fields) = message.as_object_mut() {
            fields.insert("at".to_owned(), json!(bubble.at));
        }
        message
    });
    Json(seen.collect())
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

#[derive(Deserialize)]
struct LostAnswers {
    count: u32,
}

/// The next replies and pushes are accepted, but answered with a 500: the sender cannot know.
async fn set_lost_answers(State(line): State<StandIn>, Sent(lost): Sent<LostAnswers>) -> StatusCode {
    line.lock().lost_answers = lost.count;
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
struct ReplyTokenLife {
    seconds: u64,
}

/// How long reply tokens serve; 0 lets every one come too late.
async fn set_reply_token_life(State(line): State<StandIn>, Sent(new): Sent<ReplyTokenLife>) -> StatusCode {
    line.lock().reply_tokens.life = Duration::from_secs(new.seconds);
    StatusCode::NO_CONTENT
}
