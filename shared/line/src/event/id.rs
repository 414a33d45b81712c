//! Names of things in events: the event itself, a message, and the token that a reply needs.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::digest;

use super::json::Object;
use crate::{redacted::redacted, word::words};

/// What differs between two deliveries of one event, and so is no part of a derived id.
const NOT_IDENTITY: [&str; 2] = ["deliveryContext", "replyToken"];

words! {
    /// Names an event, the same in every delivery of it: LINE's `webhookEventId` (a ULID), or `derived-` and 43
    /// characters of URL-safe base64 where LINE sent none.
    EventId,
    /// Names a message; what `unsend` refers to.
    MessageId,
}

redacted! {
    /// Lets the service answer one event: single use, for about a minute.
    ReplyToken,
}

impl EventId {
    /// The id of an event: LINE's own, or else one derived from what the event says (SHA-256 over its fields in the
    /// order of their names, each with its length, without [`NOT_IDENTITY`]).
    pub(super) fn of(event: &Object<'_>) -> Self {
        Self::read(event, "webhookEventId").unwrap_or_else(|| Self::derive(event))
    }

    pub(super) fn read(event: &Object<'_>, name: &str) -> Option<Self> {
        event.word(name).map(Self)
    }

    fn derive(event: &Object<'_>) -> Self {
        let mut hash = digest::Context::new(&digest::SHA256);
        for (name, value) in event.fields().filter(|(name, _)| !NOT_IDENTITY.contains(name)) {
            for part in [name, value] {
                hash.update(&(part.len() as u64).to_be_bytes());
                hash.update(part.as_bytes());
            }
        }
        Self(format!("derived-{}", URL_SAFE_NO_PAD.encode(hash.finish())))
    }
}

impl MessageId {
    pub(super) fn read(object: &Object<'_>, name: &str) -> Option<Self> {
        object.word(name).map(Self)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn id(json: &str) -> EventId {
        EventId::of(&Object::read(serde_json::from_str(json).unwrap()).unwrap())
    }

    #[test]
    fn lines_own_id_is_taken() {
        assert_eq!(id(r#"{"type":"x","webhookEventId":"01KAV8W3QZ0000000000000000"}"#).as_str(), "01KAV8W3QZ0000000000000000");
    }

    #[test]
    fn the_same_event_has_the_same_derived_id_however_often_it_comes() {
        let first = id(r#"{"type":"follow","timestamp":1,"replyToken":"a","deliveryContext":{"isRedelivery":false}}"#);
        let again = id(r#"{"deliveryContext":{"isRedelivery":true},"timestamp":1,"type":"follow"}"#);
        assert_eq!(first, again);
        assert!(EventId::parse(first.as_str()).is_ok() && first.as_str().starts_with("derived-"), "{first}");
    }

    #[test]
    fn other_events_have_other_derived_ids() {
        let ids = [
            id(r#"{"type":"follow","timestamp":1}"#),
            id(r#"{"type":"follow","timestamp":2}"#),
            id(r#"{"type":"unfollow","timestamp":1}"#),
            id(r#"{"type":"follow","timestamp":1,"source":{"userId":"U1"}}"#),
            id(r#"{"type":"follow","timestamp":1,"webhookEventId":"not an id"}"#),
            id("{}"),
        ];
        assert_eq!(std::collections::BTreeSet::from(ids.clone()).len(), ids.len());
    }
}
