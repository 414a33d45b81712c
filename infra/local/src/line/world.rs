//! What LINE knows: users, who is whose friend, what was said, which reply tokens are good, and the rich menus. It changes
//! only by [`Entry`]s, which are also what is kept on disk (see [`super::journal`]), so that a restart ends in the same world.

mod entry;
mod menus;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::{
    entry::{Accepted, Entry, Numbered},
    menus::{Menu, MenuEntry, Menus},
};
use super::{media, tokens::ReplyTokens};

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

/// A message whose content is bytes.
pub struct Media {
    /// Who sent it.
    user: String,
    /// The account that got it.
    pub channel: String,
    /// `image`, `video`, `audio` or `file`.
    pub kind: String,
    /// The person took it back.
    pub withdrawn: bool,
}

/// Everything that LINE knows.
#[derive(Default)]
pub struct World {
    users: HashMap<String, User>,
    /// User ids, oldest first.
    order: Vec<String>,
    /// What was said in groups and rooms, by their ids.
    groups: HashMap<String, Vec<Bubble>>,
    /// By message id.
    media: HashMap<String, Media>,
    /// User and id of every message that was taken back.
    withdrawn: HashSet<(String, String)>,
    reply_tokens: ReplyTokens,
    menus: Menus,
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

    /// What was said in this group or room, oldest first; `None` where no event came from it.
    pub fn group(&self, id: &str) -> Option<&[Bubble]> {
        self.groups.get(id).map(Vec::as_slice)
    }

    /// What this person and this account are to each other.
    pub fn friendship(&self, user: &str, channel: &str) -> Friendship {
        self.users.get(user).and_then(|user| user.friendships.get(channel)).copied().unwrap_or_default()
    }

    /// Whether the account's messages to this person, group or room are seen there.
    pub fn arrives(&self, to: &str, channel: &str) -> bool {
        let Friendship { followed, blocked } = self.friendship(to, channel);
        (followed && !blocked) || self.groups.contains_key(to)
    }

    /// The message with this id, where its content is bytes.
    pub fn media(&self, id: &str) -> Option<&Media> {
        self.media.get(id)
    }

    /// Whether this person took the message back.
    pub fn is_withdrawn(&self, user: &str, id: &str) -> bool {
        self.withdrawn.contains(&(user.to_owned(), id.to_owned()))
    }

    /// The reply tokens.
    pub fn reply_tokens(&self) -> &ReplyTokens {
        &self.reply_tokens
    }

    /// The rich menus.
    pub fn menus(&self) -> &Menus {
        &self.menus
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
            Entry::Said { user, group, channel, at, id, message } => self.say(user, group, channel, at, id, message),
            Entry::Withdrew { user, id } => self.withdraw(user, id),
            Entry::Issued { token, to, channel, at } => {
                if !self.users.contains_key(&to) {
                    self.groups.entry(to.clone()).or_default();
                }
                self.reply_tokens.issue(token, to, channel, at);
            }
            Entry::Accepted { to, channel, at, messages, arrived, retry, spent } => {
                if let Some(token) = spent {
                    self.reply_tokens.spend(&token);
                }
                for Numbered { id, message } in messages {
                    self.saw_message_id(&id);
                    if arrived {
                        self.bubble(&to, Bubble { id, channel: channel.clone(), at, from: Side::Bot, message, unsent: false });
                    }
                }
                self.accepted.extend(retry.map(|retry| (retry.key.clone(), retry)));
            }
            Entry::Menu(entry) => self.menus.apply(entry),
        }
    }

    fn say(&mut self, user: String, group: Option<String>, channel: String, at: DateTime<Utc>, id: String, message: Value) {
        let unsent = self.is_withdrawn(&user, &id);
        if let Some(kind) = media::kind(&message) {
            let media = Media { user: user.clone(), channel: channel.clone(), kind: kind.to_owned(), withdrawn: unsent };
            self.media.entry(id.clone()).or_insert(media);
        }
        let message = if unsent { Value::Null } else { message };
        self.bubble(&group.unwrap_or(user), Bubble { id, channel, at, from: Side::User, message, unsent });
    }

    fn withdraw(&mut self, user: String, id: String) {
        if let Some(media) = self.media.get_mut(&id).filter(|media| media.user == user) {
            media.withdrawn = true;
        }
        let own = self.users.get_mut(&user).into_iter().flat_map(|user| &mut user.chat);
        let said = own.chain(self.groups.values_mut().flatten()).find(|bubble| bubble.id == id && bubble.from == Side::User);
        if let Some(bubble) = said {
            bubble.unsent = true;
            bubble.message = Value::Null;
        }
        self.withdrawn.insert((user, id));
    }

    /// Adds the bubble to the chat of a person, or to a group's or room's, unless it is there.
    fn bubble(&mut self, conversation: &str, bubble: Bubble) {
        self.saw_message_id(&bubble.id);
        let chat = match self.users.get_mut(conversation) {
            Some(user) => &mut user.chat,
            None => self.groups.entry(conversation.to_owned()).or_default(),
        };
        if !chat.iter().any(|said| said.id == bubble.id) {
            chat.push(bubble);
        }
    }

    fn saw_message_id(&mut self, id: &str) {
        let number = id.parse().ok().filter(|number| *number < MESSAGE_IDS_TO).unwrap_or_default();
        self.last_message_id = self.last_message_id.max(number);
    }
}
