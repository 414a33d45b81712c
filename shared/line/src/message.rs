//! What we send: the messages of one call, checked when they are made and again when they are read back from storage.

use domain::personal::MessageText;
use serde::{Deserialize, Serialize};

use crate::{
    limit::{InvalidMessage, Limit},
    quick_reply::QuickReply,
};

/// The messages of one reply or push, one to five. Serialises to LINE's `messages` array.
///
/// LINE's bound of 2 MB for a request cannot be reached within the other limits; a test holds that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<OutgoingMessage>")]
pub struct Outgoing(Vec<OutgoingMessage>);

/// One message, as LINE's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum OutgoingMessage {
    /// A text.
    Text {
        /// What it says.
        text: MessageText,
        /// The buttons below it.
        #[serde(default, skip_serializing_if = "QuickReplies::is_empty")]
        quick_reply: QuickReplies,
    },
}

/// The buttons below a message.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct QuickReplies {
    items: Vec<QuickReply>,
}

impl QuickReplies {
    /// The buttons from left to right.
    pub fn items(&self) -> &[QuickReply] {
        &self.items
    }

    /// Whether there are none, which LINE wants expressed by leaving the field out.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Outgoing {
    /// One message per text, with the buttons below the last one. A long text is divided by [`crate::split_text`] first.
    pub fn new(texts: Vec<String>, quick_replies: Vec<QuickReply>) -> Result<Self, InvalidMessage> {
        let mut messages: Vec<_> = texts
            .into_iter()
            .map(|text| OutgoingMessage::Text { text: MessageText::new(text), quick_reply: QuickReplies::default() })
            .collect();
        if let Some(OutgoingMessage::Text { quick_reply, .. }) = messages.last_mut() {
            *quick_reply = QuickReplies { items: quick_replies };
        }
        Self::try_from(messages)
    }

    /// The same texts and nothing else: what is left to try where LINE has refused the messages as they were.
    #[must_use]
    pub fn plain(&self) -> Self {
        let plain = |OutgoingMessage::Text { text, .. }: &OutgoingMessage| OutgoingMessage::Text {
            text: text.clone(),
            quick_reply: QuickReplies::default(),
        };
        Self(self.0.iter().map(plain).collect())
    }

    /// The messages in the order in which they appear.
    pub fn messages(&self) -> &[OutgoingMessage] {
        &self.0
    }
}

impl TryFrom<Vec<OutgoingMessage>> for Outgoing {
    type Error = InvalidMessage;

    fn try_from(messages: Vec<OutgoingMessage>) -> Result<Self, InvalidMessage> {
        Limit::Messages.check(messages.len())?;
        for (place, OutgoingMessage::Text { text, quick_reply }) in messages.iter().enumerate() {
            Limit::Text.check_text(text.expose())?;
            Limit::QuickReplies.check(quick_reply.items.len())?;
            if !quick_reply.is_empty() && place + 1 < messages.len() {
                return Err(InvalidMessage::QuickRepliesNotLast);
            }
        }
        Ok(Self(messages))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use serde_json::json;

    use super::*;

    /// LINE's bound for the body of a request.
    const MAX_REQUEST_BYTES: usize = 2_000_000;

    fn buttons(count: usize) -> Vec<QuickReply> {
        vec![QuickReply::message("はい", "はい").unwrap(); count]
    }

    fn texts(count: usize) -> Vec<String> {
        vec!["こんにちは".to_owned(); count]
    }

    #[test]
    fn messages_are_written_as_line_wants_them_and_read_back() {
        let outgoing = Outgoing::new(texts(2), buttons(1)).unwrap();
        let written = serde_json::to_value(&outgoing).unwrap();
        let button = json!({"type": "action", "action": {"type": "message", "label": "はい", "text": "はい"}});
        let expected = json!([
            {"type": "text", "text": "こんにちは"},
            {"type": "text", "text": "こんにちは", "quickReply": {"items": [button]}},
        ]);
        assert_eq!(written, expected);
        assert_eq!(serde_json::from_value::<Outgoing>(written).unwrap(), outgoing);
        assert_eq!(outgoing.messages().len(), 2);
    }

    #[test]
    fn each_limit_is_named() {
        for (outgoing, limit, found) in [
            (Outgoing::new(texts(0), vec![]), Limit::Messages, 0),
            (Outgoing::new(texts(0), buttons(1)), Limit::Messages, 0),
            (Outgoing::new(texts(6), vec![]), Limit::Messages, 6),
            (Outgoing::new(vec![String::new()], vec![]), Limit::Text, 0),
            (Outgoing::new(vec!["あ".repeat(5001)], vec![]), Limit::Text, 5001),
            (Outgoing::new(vec!["🤨".repeat(2501)], vec![]), Limit::Text, 5002),
            (Outgoing::new(texts(1), buttons(14)), Limit::QuickReplies, 14),
        ] {
            assert_eq!(outgoing, Err(InvalidMessage::Limit { limit, found }));
        }
        assert!(Outgoing::new(vec!["🤨".repeat(2500); 5], buttons(13)).is_ok());
    }

    #[test]
    fn plain_messages_keep_their_texts_and_nothing_else() {
        let plain = Outgoing::new(texts(2), buttons(3)).unwrap().plain();
        assert_eq!(plain, Outgoing::new(texts(2), vec![]).unwrap());
        assert_eq!(plain.plain(), plain);
    }

    #[test]
    fn stored_messages_are_checked_again() {
        let mut stored = serde_json::to_value(Outgoing::new(texts(2), buttons(1)).unwrap()).unwrap();
        stored.as_array_mut().unwrap().reverse();
        let error = serde_json::from_value::<Outgoing>(stored).unwrap_err();
        assert_eq!(error.to_string(), InvalidMessage::QuickRepliesNotLast.to_string());
        assert!(serde_json::from_value::<Outgoing>(json!([])).is_err());
        assert!(serde_json::from_value::<Outgoing>(json!([{"type": "flex", "text": "a"}])).is_err());
    }

    #[test]
    fn the_largest_call_stays_far_below_two_megabytes() {
        // U+0001 takes six bytes of JSON for one unit, more than any other character.
        let longest = |units: usize| "\u{1}".repeat(units);
        let button = QuickReply::postback(longest(20), longest(300), Some(longest(300))).unwrap();
        let outgoing = Outgoing::new(vec![longest(5000); 5], vec![button; 13]).unwrap();
        assert!(serde_json::to_vec(&outgoing).unwrap().len() < MAX_REQUEST_BYTES / 10);
    }

    #[test]
    fn debug_does_not_show_what_is_said() {
        assert!(!format!("{:?}", Outgoing::new(texts(1), vec![]).unwrap()).contains("こんにちは"));
    }
}
