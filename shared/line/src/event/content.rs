//! What a message holds.

use domain::personal::MessageText;

use super::{MessageId, Unreadable, json::Object};
use crate::redacted::redacted;

/// A message that a person sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Its id, which a later `unsend` names.
    pub id: MessageId,
    /// The earlier message that it quotes.
    pub quote: Option<MessageId>,
    /// What it holds.
    pub content: Content,
}

/// What a message holds, by kind.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A text; LINE's own emoji appear as their names in parentheses.
    Text(MessageText),
    /// A sticker.
    Sticker(Sticker),
    /// A picture, to be fetched by the message's id.
    Image(Provider),
    /// A film, to be fetched by the message's id.
    Video(Provider),
    /// A sound, to be fetched by the message's id.
    Audio(Provider),
    /// A file, to be fetched by the message's id.
    File {
        /// Its name, which often says what it is about.
        name: Option<FileName>,
        /// Its size in bytes.
        size: Option<u64>,
    },
    /// A place.
    Location(Location),
    /// A kind that is not known yet, by its name.
    Unknown(String),
}

/// Who keeps the content of a picture, film or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// LINE: it can be fetched from LINE's own host.
    Line,
    /// Somebody else, or a provider that we do not know: it must not be fetched with our token.
    External,
}

redacted! {
    /// The name of a file that a person sent.
    FileName,
}

/// A sticker. Its keywords are left out: LINE picks them at random for each event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sticker {
    /// The set it belongs to.
    pub package: Option<String>,
    /// Which one of the set.
    pub sticker: Option<String>,
    /// What the person wrote onto it (message stickers only).
    pub text: Option<MessageText>,
}

/// A place that a person sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// Its name.
    pub title: Option<MessageText>,
    /// Its address.
    pub address: Option<MessageText>,
    /// Where it is.
    pub position: Option<Position>,
}

/// A point on Earth, in degrees. `Debug` does not tell where.
#[derive(Clone, Copy, PartialEq)]
pub struct Position {
    /// Degrees to the north.
    pub latitude: f64,
    /// Degrees to the east.
    pub longitude: f64,
}

impl std::fmt::Debug for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹redacted›")
    }
}

impl Message {
    /// Reads the `message` of an event.
    pub(super) fn read(message: &Object<'_>) -> Result<Self, Unreadable> {
        Ok(Self {
            id: MessageId::read(message, "id").ok_or(Unreadable::Field("message.id"))?,
            quote: MessageId::read(message, "quotedMessageId"),
            content: Content::read(message)?,
        })
    }
}

impl Content {
    fn read(message: &Object<'_>) -> Result<Self, Unreadable> {
        let text = |name| message.text(name).map(MessageText::new);
        let kind = message.word("type").ok_or(Unreadable::Field("message.type"))?;
        Ok(match kind.as_str() {
            "text" => Self::Text(text("text").ok_or(Unreadable::Field("message.text"))?),
            "sticker" => {
                Self::Sticker(Sticker { package: message.word("packageId"), sticker: message.word("stickerId"), text: text("text") })
            }
            "image" => Self::Image(Provider::of(message)),
            "video" => Self::Video(Provider::of(message)),
            "audio" => Self::Audio(Provider::of(message)),
            "file" => Self::File {
                name: message.text("fileName").map(FileName::new),
                size: message.integer("fileSize").and_then(|bytes| bytes.try_into().ok()),
            },
            "location" => {
                let position = message.number("latitude").zip(message.number("longitude"));
                let position = position.map(|(latitude, longitude)| Position { latitude, longitude });
                Self::Location(Location { title: text("title"), address: text("address"), position })
            }
            _ => Self::Unknown(kind),
        })
    }
}

impl Provider {
    /// Messages from before there were providers name none: LINE kept them all.
    fn of(message: &Object<'_>) -> Self {
        let Some(provider) = message.object("contentProvider") else { return Self::Line };
        if provider.lacks("type") || provider.text("type").as_deref() == Some("line") { Self::Line } else { Self::External }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn read(json: &str) -> Result<Message, Unreadable> {
        Message::read(&Object::read(serde_json::from_str(json).unwrap()).unwrap())
    }

    fn content(fields: &str) -> Content {
        read(&format!(r#"{{"id":"1",{fields}}}"#)).unwrap().content
    }

    fn said(text: &str) -> MessageText {
        MessageText::new(text)
    }

    #[test]
    fn every_kind_of_content_is_read() {
        let sticker = Sticker { package: Some("446".into()), sticker: Some("1988".into()), text: Some(said("やあ")) };
        let place = Location {
            title: Some(said("社屋")),
            address: Some(said("東京都千代田区")),
            position: Some(Position { latitude: 35.5, longitude: 139.5 }),
        };
        for (fields, expected) in [
            (r#""type":"text","text":"眠れません""#, Content::Text(said("眠れません"))),
            (r#""type":"text","text":"""#, Content::Text(said(""))),
            (r#""type":"sticker","packageId":"446","stickerId":"1988","text":"やあ""#, Content::Sticker(sticker)),
            (r#""type":"image","contentProvider":{"type":"line"}"#, Content::Image(Provider::Line)),
            (r#""type":"video","contentProvider":{"type":"external"}"#, Content::Video(Provider::External)),
            (r#""type":"audio","contentProvider":{"type":"line"},"duration":60000"#, Content::Audio(Provider::Line)),
            (
                r#""type":"file","fileName":"健診.pdf","fileSize":2138"#,
                Content::File { name: Some(FileName::new("健診.pdf")), size: Some(2138) },
            ),
            (r#""type":"location","title":"社屋","address":"東京都千代田区","latitude":35.5,"longitude":139.5"#, Content::Location(place)),
            (r#""type":"hologram","depth":3"#, Content::Unknown("hologram".into())),
        ] {
            assert_eq!(content(fields), expected, "{fields}");
        }
    }

    #[test]
    fn optional_parts_of_the_wrong_type_read_as_absent() {
        for (fields, expected) in [
            (r#""type":"image""#, Content::Image(Provider::Line)),
            (r#""type":"image","contentProvider":"line""#, Content::Image(Provider::Line)),
            (r#""type":"image","contentProvider":{"type":null}"#, Content::Image(Provider::Line)),
            (r#""type":"image","contentProvider":{"type":7}"#, Content::Image(Provider::External)),
            (r#""type":"image","contentProvider":{"type":"someoneNew"}"#, Content::Image(Provider::External)),
            (r#""type":"file","fileName":[],"fileSize":-1"#, Content::File { name: None, size: None }),
            (
                r#""type":"location","title":1,"latitude":"north","longitude":139"#,
                Content::Location(Location { title: None, address: None, position: None }),
            ),
            (
                r#""type":"sticker","packageId":446,"stickerId":{}"#,
                Content::Sticker(Sticker { package: Some("446".into()), sticker: None, text: None }),
            ),
        ] {
            assert_eq!(content(fields), expected, "{fields}");
        }
    }

    #[test]
    fn a_quote_names_the_quoted_message() {
        let message = read(r#"{"id":"2","type":"text","text":"はい","quotedMessageId":"1"}"#).unwrap();
        assert_eq!(message.quote, MessageId::parse("1").ok());
    }

    #[test]
    fn what_nothing_can_work_without_is_named() {
        for (json, field) in [
            (r#"{"type":"text","text":"a"}"#, "message.id"),
            (r#"{"id":"1","text":"a"}"#, "message.type"),
            (r#"{"id":"1","type":"text","text":1}"#, "message.text"),
        ] {
            assert_eq!(read(json), Err(Unreadable::Field(field)), "{json}");
        }
    }
}
