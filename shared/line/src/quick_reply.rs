//! Buttons below the last message, and what they do. They vanish when another message arrives, so nothing may depend on
//! them alone.

use domain::personal::MessageText;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    limit::{InvalidMessage, Limit},
    redacted::redacted,
};

redacted! {
    /// The data of a postback button: ours, and it comes back when the button is pressed.
    #[derive(Serialize, Deserialize)]
    #[serde(transparent)]
    PostbackData,
}

/// What a button does, as LINE's JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Action {
    /// Says something in the name of the person.
    Message {
        /// What the button says.
        label: String,
        /// What is said.
        text: MessageText,
    },
    /// Sends us data.
    Postback {
        /// What the button says.
        label: String,
        /// The data.
        data: PostbackData,
        /// What the chat shows as if the person had said it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        display_text: Option<MessageText>,
    },
    /// Opens a page or a telephone number.
    Uri {
        /// What the button says.
        label: String,
        /// What is opened.
        uri: Url,
    },
}

impl Action {
    /// Sends us `data`, and shows `display_text` in the chat.
    pub fn postback(label: impl Into<String>, data: impl Into<String>, display_text: Option<String>) -> Self {
        Self::Postback { label: label.into(), data: PostbackData::new(data), display_text: display_text.map(MessageText::new) }
    }

    /// Refuses what LINE would refuse, below a message and in a rich menu alike.
    pub(crate) fn check(&self) -> Result<(), InvalidMessage> {
        match self {
            Self::Message { label, text } => {
                Limit::Label.check_text(label)?;
                Limit::ActionText.check_text(text.expose())
            }
            Self::Postback { label, data, display_text } => {
                Limit::Label.check_text(label)?;
                Limit::PostbackData.check_text(data.expose())?;
                display_text.as_ref().map_or(Ok(()), |text| Limit::DisplayText.check_text(text.expose()))
            }
            Self::Uri { label, uri } => {
                Limit::Label.check_text(label)?;
                if !["http", "https", "line", "tel"].contains(&uri.scheme()) {
                    return Err(InvalidMessage::UriScheme);
                }
                Limit::Uri.check_text(uri.as_str())
            }
        }
    }
}

/// A button below a message that LINE accepts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Item", into = "Item")]
pub struct QuickReply(Action);

impl QuickReply {
    /// Checks an action against LINE's limits.
    pub fn new(action: Action) -> Result<Self, InvalidMessage> {
        action.check()?;
        Ok(Self(action))
    }

    /// A button that says `text` in the name of the person.
    pub fn message(label: impl Into<String>, text: impl Into<String>) -> Result<Self, InvalidMessage> {
        Self::new(Action::Message { label: label.into(), text: MessageText::new(text) })
    }

    /// A button that sends us `data`, and shows `display_text` in the chat.
    pub fn postback(label: impl Into<String>, data: impl Into<String>, display_text: Option<String>) -> Result<Self, InvalidMessage> {
        Self::new(Action::postback(label, data, display_text))
    }

    /// A button that opens `uri`.
    pub fn uri(label: impl Into<String>, uri: Url) -> Result<Self, InvalidMessage> {
        Self::new(Action::Uri { label: label.into(), uri })
    }

    /// What the button does.
    pub fn action(&self) -> &Action {
        &self.0
    }
}

/// LINE's wrapping around an action that is a quick reply.
#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
enum Item {
    Action { action: Action },
}

impl TryFrom<Item> for QuickReply {
    type Error = InvalidMessage;

    fn try_from(Item::Action { action }: Item) -> Result<Self, InvalidMessage> {
        Self::new(action)
    }
}

impl From<QuickReply> for Item {
    fn from(QuickReply(action): QuickReply) -> Self {
        Self::Action { action }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn buttons_are_written_as_line_wants_them_and_read_back() {
        for (button, expected) in [
            (QuickReply::message("はい", "同意します"), json!({"type": "message", "label": "はい", "text": "同意します"})),
            (QuickReply::postback("いいえ", "consent=no", None), json!({"type": "postback", "label": "いいえ", "data": "consent=no"})),
            (
                QuickReply::postback("はい", "consent=yes", Some("同意します".into())),
                json!({"type": "postback", "label": "はい", "data": "consent=yes", "displayText": "同意します"}),
            ),
            (
                QuickReply::uri("規約", url("https://example.jp/規約")),
                json!({"type": "uri", "label": "規約", "uri": "https://example.jp/%E8%A6%8F%E7%B4%84"}),
            ),
            (QuickReply::uri("電話", url("tel:0120-000-000")), json!({"type": "uri", "label": "電話", "uri": "tel:0120-000-000"})),
        ] {
            let button = button.unwrap();
            let written = serde_json::to_value(&button).unwrap();
            assert_eq!(written, json!({"type": "action", "action": expected}));
            assert_eq!(serde_json::from_value::<QuickReply>(written).unwrap(), button);
        }
    }

    #[test]
    fn each_limit_is_named() {
        let page = url("https://example.jp/");
        for (button, limit, found) in [
            (QuickReply::message("", "a"), Limit::Label, 0),
            (QuickReply::message("あ".repeat(21), "a"), Limit::Label, 21),
            (QuickReply::postback("あ".repeat(21), "a", None), Limit::Label, 21),
            (QuickReply::uri("あ".repeat(21), page.clone()), Limit::Label, 21),
            (QuickReply::message("a", ""), Limit::ActionText, 0),
            (QuickReply::message("a", "あ".repeat(301)), Limit::ActionText, 301),
            (QuickReply::postback("a", "", None), Limit::PostbackData, 0),
            (QuickReply::postback("a", "d".repeat(301), None), Limit::PostbackData, 301),
            (QuickReply::postback("a", "d", Some(String::new())), Limit::DisplayText, 0),
            (QuickReply::postback("a", "d", Some("あ".repeat(301))), Limit::DisplayText, 301),
            (QuickReply::uri("a", url(&format!("{page}{}", "あ".repeat(110)))), Limit::Uri, 19 + 990),
        ] {
            assert_eq!(button, Err(InvalidMessage::Limit { limit, found }));
        }
        for scheme in ["ftp://example.jp/", "javascript:alert(1)", "data:text/plain,a"] {
            assert_eq!(QuickReply::uri("a", url(scheme)), Err(InvalidMessage::UriScheme));
        }
    }

    #[test]
    fn what_is_allowed_to_the_last_unit_is_accepted() {
        assert!(QuickReply::postback("あ".repeat(20), "d".repeat(300), Some("あ".repeat(300))).is_ok());
        assert!(QuickReply::message("あ", "あ".repeat(300)).is_ok());
        assert!(QuickReply::uri("a", url(&format!("https://example.jp/{}", "a".repeat(981)))).is_ok());
    }

    #[test]
    fn a_stored_button_is_checked_again() {
        let stored = json!({"type": "action", "action": {"type": "message", "label": "", "text": "a"}});
        assert!(serde_json::from_value::<QuickReply>(stored).is_err());
    }
}
