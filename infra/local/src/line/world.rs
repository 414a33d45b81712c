//! What LINE knows: users, who is whose friend, and what was said. It changes only by [`Entry`]s, which are also what is
//! kept on disk (see [`super::journal`]), so that a restart ends in the same world.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that happened.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Entry {
    /// A person began to use LINE.
    Joined { user: String, name: String },
    /// A person added, blocked or unblocked an account.
    Befriended { user: String, channel: String, friendship: Friendship },
    /// A person wrote something.
    Said { user: String, channel: String, at: DateTime<Utc>, id: String, message: Value },
    /// A person took back what they wrote.
    Withdrew { user: String, id: String },
    /// LINE accepted a reply or push; `arrived` is false where the person sees nothing of it.
    Accepted { user: String, channel: String, at: DateTime<Utc>, messages: Vec<Numbered>, arrived: bool, retry: Option<Accepted> },
}

/// A message with the id that LINE gave it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Numbered {
    /// Decimal digits.
    pub id: String,
    /// As the bot sent it.
    pub message: Value,
}

/// A push that was accepted under a retry key.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// `X-Line-Retry-Key`.
    pub key: String,
    /// The request's body.
    pub body: Value,
    /// `x-line-request-id` of the answer that accepted it.
    pub request_id: String,
    /// Ids of the messages.
    pub message_ids: Vec<String>,
    /// By the machine's clock: 24 hours later the key is forgotten.
    pub at: DateTime<Utc>,
}

/// What a person and an account are to each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Friendship {
    /// The person added the account.
    pub followed: bool,
    /// The person blocked the account: nothing arrives.
    pub blocked: bool,
}

/// One bubble of a chat.
#[derive(Clone, Serialize)]
pub struct Bubble {
    /// The message's id.
    pub id: String,
    /// The account.
    pub channel: String,
    /// Local time.
    pub at: DateTime<Utc>,
    /// Who said it.
    pub from: Side,
    /// As LINE's API (bot) or LINE's webhook (user) has it; `null` once it was withdrawn.
    pub message: Value,
    /// The user withdrew it.
    pub unsent: bool,
}

/// One side of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The person.
    User,
    /// The account.
    Bot,
}

/// A person on LINE.
#[derive(Default)]
pub struct User {
    /// Display name.
    pub name: String,
    /// By the account's path segment.
    pub friendships: BTreeMap<String, Friendship>,
    /// Oldest first, over all accounts.
    pub chat: Vec<Bubble>,
}

/// Everything that LINE knows.
#[derive(Default)]
pub struct World {
    users: HashMap<String, User>,
    /// User ids, oldest first.
    order: Vec<String>,
    accepted: HashMap<String, Accepted>,
    last_message_id: u64,
}

/// The first message id, less one: real ones have 18 digits, too.
const MESSAGE_IDS_FROM: u64 = 500_000_000_000_000_000;
const MESSAGE_IDS_TO: u64 = 999_999_999_999_999_999;

impl World {
    /// The person with this id.
    pub fn user(&self, id: &str) -> Option<&User> {
        self.users.get(id)
    }

    /// All people, in the order in which they came.
    pub fn users(&self) -> impl Iterator<Item = (&str, &User)> {
        self.order.iter().filter_map(|id| self.users.get(id).map(|user| (id.as_str(), user)))
    }

    /// What this person and this account are to each other.
    pub fn friendship(&self, user: &str, channel: &str) -> Friendship {
        self.users.get(user).and_then(|user| user.friendships.get(channel)).copied().unwrap_or_default()
    }

    /// The push accepted under this retry key in the 24 hours before `now`.
    pub fn accepted(&self, key: &str, now: DateTime<Utc>) -> Option<&Accepted> {
        self.accepted.get(key).filter(|accepted| now - accepted.at < TimeDelta::hours(24))
    }

    /// A message id that was not used before and is greater than all others.
    pub fn next_message_id(&mut self) -> String {
        self.last_message_id = self.last_message_id.max(MESSAGE_IDS_FROM) + 1;
        self.last_message_id.to_string()
    }

    /// Lets `entry` happen.
    pub fn apply(&mut self, entry: Entry) {
        match entry {
            Entry::Joined { user, name } => {
                if !self.users.contains_key(&user) {
                    self.order.push(user.clone());
                }
                self.users.entry(user).or_default().name = name;
            }
            Entry::Befriended { user, channel, friendship } => {
                if let Some(user) = self.users.get_mut(&user) {
                    user.friendships.insert(channel, friendship);
                }
            }
            Entry::Said { user, channel, at, id, message } => {
                self.bubble(&user, Bubble { id, channel, at, from: Side::User, message, unsent: false });
            }
            Entry::Withdrew { user, id } => {
                let chat = self.users.get_mut(&user).map(|user| &mut user.chat);
                if let Some(bubble) = chat.and_then(|chat| chat.iter_mut().find(|bubble| bubble.id == id && bubble.from == Side::User)) {
                    bubble.unsent = true;
                    bubble.message = Value::Null;
                }
            }
            Entry::Accepted { user, channel, at, messages, arrived, retry } => {
                for Numbered { id, message } in messages {
                    self.saw_message_id(&id);
                    if arrived {
                        self.bubble(&user, Bubble { id, channel: channel.clone(), at, from: Side::Bot, message, unsent: false });
                    }
                }
                self.accepted.extend(retry.map(|retry| (retry.key.clone(), retry)));
            }
        }
    }

    fn bubble(&mut self, user: &str, bubble: Bubble) {
        self.saw_message_id(&bubble.id);
        if let Some(user) = self.users.get_mut(user)
            && !user.chat.iter().any(|said| said.id == bubble.id)
        {
            user.chat.push(bubble);
        }
    }

    fn saw_message_id(&mut self, id: &str) {
        let number = id.parse().ok().filter(|number| *number < MESSAGE_IDS_TO).unwrap_or_default();
        self.last_message_id = self.last_message_id.max(number);
    }
}
