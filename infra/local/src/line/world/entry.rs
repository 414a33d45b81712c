//! The steps in which the world changes.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Friendship, menus::MenuEntry};

/// Something that happened.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Entry {
    /// A person began to use LINE.
    Joined { user: String, name: String },
    /// A person added, blocked or unblocked an account.
    Befriended { user: String, channel: String, friendship: Friendship },
    /// A person wrote something: to the account, or in a group or room.
    Said {
        user: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        channel: String,
        at: DateTime<Utc>,
        id: String,
        message: Value,
    },
    /// A person took back what they wrote, or will have written: events can be delivered in any order.
    Withdrew { user: String, id: String },
    /// A reply token went out with an event. `to` is the id of the person, group or room that it answers to; `at` is of the
    /// machine's clock.
    Issued { token: String, to: String, channel: String, at: DateTime<Utc> },
    /// LINE accepted a reply or push to a person, group or room; `arrived` is false where nobody sees anything of it. A reply
    /// spends its token in the same entry, so that there is never one without the other.
    Accepted {
        #[serde(alias = "user")]
        to: String,
        channel: String,
        at: DateTime<Utc>,
        messages: Vec<Numbered>,
        arrived: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry: Option<Accepted>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        spent: Option<String>,
    },
    /// Rich menus changed.
    Menu(MenuEntry),
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
