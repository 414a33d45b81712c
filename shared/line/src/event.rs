//! What LINE tells the webhook: a delivery of events, decoded one by one and tolerantly. New event types, message
//! kinds, sources, values and fields arrive unannounced, and old shapes lack fields that the definitions call required.
//!
//! An unknown kind is a value ([`EventKind::Other`], [`Content::Unknown`]); an event that lacks what nothing can work
//! without is an [`UnreadableEvent`] in its place. Neither costs its siblings anything.

mod content;
mod decode;
mod id;
mod json;
mod surrogate;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use domain::personal::LineUserId;

pub use content::{Content, FileName, Location, Message, Position, Provider, Sticker};
pub use decode::decode;
pub use id::{EventId, MessageId, ReplyToken};

use crate::quick_reply::PostbackData;
pub use crate::word::BadId;

/// One POST of LINE to the webhook. `events` is empty when the console's "Verify" asks, and may mix users.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// The user id of the bot that the events are for.
    pub destination: Option<String>,
    /// The events in the order of the body, which is not the order in which they happened: see [`Event::at`].
    pub events: Vec<Result<Event, UnreadableEvent>>,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// The same for every delivery of the same event.
    pub id: EventId,
    /// When it happened; a redelivery keeps the time of the original.
    pub at: DateTime<Utc>,
    /// Whether this channel may answer.
    pub mode: Mode,
    /// Whether LINE says that it delivered this event before. Duplicates also come without it.
    pub redelivery: bool,
    /// Where it happened, and who did it.
    pub source: Source,
    /// What a reply needs, where one is possible.
    pub reply_token: Option<ReplyToken>,
    /// What happened.
    pub kind: EventKind,
}

/// Who may answer an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// This channel answers.
    Active,
    /// Another module answers; this channel must stay silent. A mode that we do not know counts as this one.
    Standby,
}

/// Where an event comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A one-to-one chat.
    User(LineUserId),
    /// A group chat; the user is named only where LINE may tell.
    Group {
        /// Who did it.
        user: Option<LineUserId>,
    },
    /// A multi-person chat; the user is named only where LINE may tell.
    Room {
        /// Who did it.
        user: Option<LineUserId>,
    },
    /// A source of a kind that we do not know, or a one-to-one chat without a user id.
    Other,
    /// The event names no source.
    None,
}

impl Source {
    /// Who did it, wherever it happened.
    pub fn user(&self) -> Option<&LineUserId> {
        match self {
            Self::User(user) => Some(user),
            Self::Group { user } | Self::Room { user } => user.as_ref(),
            Self::Other | Self::None => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum EventKind {
    /// A person sent a message.
    Message(Message),
    /// A person withdrew a message: its content must become unseeable, also in storage.
    Unsend {
        /// The withdrawn message, which may arrive after this.
        message_id: MessageId,
    },
    /// A person added the account as a friend.
    Follow {
        /// `true` where the person had blocked the account before.
        unblocked: bool,
    },
    /// A person blocked the account.
    Unfollow,
    /// A person pressed a button that carries data.
    Postback {
        /// The data that we had put into the button.
        data: PostbackData,
        /// What the person chose in a date picker or a rich menu.
        params: PostbackParams,
    },
    /// A person linked the LINE account with an account of ours, or failed to.
    AccountLink,
    /// Everything that needs an acknowledgement only, by its name: `join`, `beacon`, `messageEdited` and so on, and
    /// every kind that is not known yet.
    Other(String),
}

/// The choice that comes with a postback: `date`, `time` or `datetime` (local, without a zone), or a rich menu's
/// `newRichMenuAliasId` and `status`. Empty for a plain button.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct PostbackParams(BTreeMap<String, String>);

impl PostbackParams {
    /// The value of one parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

impl std::fmt::Debug for PostbackParams {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "{}" } else { "‹redacted›" })
    }
}

/// The body is no delivery at all. With a valid signature that is LINE's mistake, or ours; nothing in it can be saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotADelivery {
    /// Not JSON.
    #[error("the body is not JSON")]
    NotJson,
    /// JSON, but not an object.
    #[error("the body is not a JSON object")]
    NotAnObject,
    /// `events` is there but is no array.
    #[error("the body's events are not an array")]
    EventsNotAList,
}

/// An event that cannot be used. Names what was readable, never content, so that it may be logged and counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an event cannot be read: {why}")]
pub struct UnreadableEvent {
    /// Its `webhookEventId`.
    pub id: Option<EventId>,
    /// Its `type`.
    pub kind: Option<String>,
    /// What was wrong.
    pub why: Unreadable,
}

/// What makes an event unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The element of `events` is not an object.
    #[error("it is not an object")]
    NotAnObject,
    /// A field that nothing can work without is missing or of the wrong type.
    #[error("{0} is missing or of the wrong type")]
    Field(&'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_user_is_found_wherever_the_event_happened() {
        let user = LineUserId::new("U1");
        assert_eq!(Source::User(user.clone()).user(), Some(&user));
        assert_eq!(Source::Group { user: Some(user.clone()) }.user(), Some(&user));
        assert_eq!(Source::Room { user: Some(user.clone()) }.user(), Some(&user));
        for nobody in [Source::Group { user: None }, Source::Room { user: None }, Source::Other, Source::None] {
            assert_eq!(nobody.user(), None);
        }
    }
}
