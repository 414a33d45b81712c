//! LINE's limits on what is sent, each checked before a request is made: LINE refuses the whole call otherwise.
//!
//! Source: LINE's reference, "Message objects", "Action objects", "Quick reply", "Rich menu object" and "Character counting in
//! a text". Texts count UTF-16 units and labels count graphemes; where LINE says only "characters", UTF-16 units are the stricter reading.

use std::ops::RangeInclusive;

use unicode_segmentation::UnicodeSegmentation;

/// Something that LINE bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Messages in one call: 1 to 5.
    Messages,
    /// The text of a message: 1 to 5000 UTF-16 units.
    Text,
    /// Quick replies below the last message: up to 13.
    QuickReplies,
    /// What a button says: 1 to 20 graphemes.
    Label,
    /// What a message button says for the person: 1 to 300 UTF-16 units.
    ActionText,
    /// The data of a postback button: 1 to 300 UTF-16 units.
    PostbackData,
    /// What the chat shows when a postback button is pressed: 1 to 300 UTF-16 units.
    DisplayText,
    /// The address of a link button, percent-encoded: 1 to 1000 bytes.
    Uri,
    /// Areas of a rich menu: 1 to 20.
    Areas,
    /// The name of a rich menu: 1 to 300 UTF-16 units.
    MenuName,
    /// What people touch to unfold a rich menu: 1 to 14 UTF-16 units.
    ChatBarText,
    /// The width of a rich menu's picture: 800 to 2500 pixels.
    MenuWidth,
    /// Its height: 250 to 1724 pixels, which is what the largest width allows.
    MenuHeight,
}

impl Limit {
    /// How much is allowed.
    pub fn allowed(self) -> RangeInclusive<usize> {
        match self {
            Self::Messages => 1..=5,
            Self::Text => 1..=5000,
            Self::QuickReplies => 0..=13,
            Self::Label | Self::Areas => 1..=20,
            Self::ActionText | Self::PostbackData | Self::DisplayText | Self::MenuName => 1..=300,
            Self::Uri => 1..=1000,
            Self::ChatBarText => 1..=14,
            Self::MenuWidth => 800..=2500,
            Self::MenuHeight => 250..=1724,
        }
    }

    /// What is counted.
    fn unit(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Text | Self::ActionText | Self::PostbackData | Self::DisplayText | Self::MenuName | Self::ChatBarText => "UTF-16 units",
            Self::QuickReplies => "buttons",
            Self::Label => "graphemes",
            Self::Uri => "bytes",
            Self::Areas => "areas",
            Self::MenuWidth | Self::MenuHeight => "pixels",
        }
    }

    /// Refuses a count that is not allowed.
    pub(crate) fn check(self, found: usize) -> Result<(), InvalidMessage> {
        if self.allowed().contains(&found) { Ok(()) } else { Err(InvalidMessage::Limit { limit: self, found }) }
    }

    /// Refuses a text that is too short or too long, counted as LINE counts this one.
    pub(crate) fn check_text(self, text: &str) -> Result<(), InvalidMessage> {
        self.check(match self {
            Self::Label => text.graphemes(true).count(),
            Self::Uri => text.len(),
            Self::Messages
            | Self::Text
            | Self::QuickReplies
            | Self::ActionText
            | Self::PostbackData
            | Self::DisplayText
            | Self::Areas
            | Self::MenuName
            | Self::ChatBarText
            | Self::MenuWidth
            | Self::MenuHeight => utf16_units(text),
        })
    }
}

/// Why LINE would refuse a message or a rich menu. Carries counts only, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidMessage {
    /// Too little or too much of something.
    #[error("{limit:?}: {found} {}, allowed are {} to {}", .limit.unit(), .limit.allowed().start(), .limit.allowed().end())]
    Limit {
        /// What is bounded.
        limit: Limit,
        /// How much of it there was.
        found: usize,
    },
    /// Quick replies on another message than the last one, where nobody would see them.
    #[error("quick replies belong on the last message")]
    QuickRepliesNotLast,
    /// A link button to something that LINE does not open.
    #[error("a link button opens http, https, line and tel addresses only")]
    UriScheme,
    /// A rich menu whose picture is less than 1.45 times as wide as it is high.
    #[error("a rich menu is at least 1.45 times as wide as it is high")]
    MenuTooTall,
    /// An area of a rich menu that is empty, or reaches out of the picture.
    #[error("an area of a rich menu lies in its picture")]
    AreaOutside,
}

/// The length of a text as LINE counts it.
pub(crate) fn utf16_units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_limit_and_what_was_found() {
        let error = Limit::Text.check(5001);
        assert_eq!(error, Err(InvalidMessage::Limit { limit: Limit::Text, found: 5001 }));
        assert_eq!(error.map_err(|error| error.to_string()), Err("Text: 5001 UTF-16 units, allowed are 1 to 5000".to_owned()));
    }

    #[test]
    fn each_text_is_counted_as_line_counts_it() {
        let family = "👨‍👩‍👧"; // one grapheme, 8 UTF-16 units, 18 bytes
        assert_eq!(Limit::Label.check_text(&family.repeat(20)), Ok(()));
        assert_eq!(Limit::Label.check_text(&family.repeat(21)), Err(InvalidMessage::Limit { limit: Limit::Label, found: 21 }));
        assert_eq!(Limit::DisplayText.check_text(&family.repeat(37)), Ok(()));
        assert_eq!(Limit::DisplayText.check_text(&family.repeat(38)), Err(InvalidMessage::Limit { limit: Limit::DisplayText, found: 304 }));
        assert_eq!(Limit::Uri.check_text(family), Ok(()));
        assert_eq!(Limit::Uri.check_text(&family.repeat(56)), Err(InvalidMessage::Limit { limit: Limit::Uri, found: 1008 }));
    }
}
