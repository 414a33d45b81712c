//! Webhook events: what a caller left out is filled in as LINE would. Pure: ids and times come in.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

/// Ids and times for the parts that a caller did not give.
pub struct Fresh {
    /// A ULID.
    pub event_id: String,
    /// Decimal digits, greater than all before.
    pub message_id: String,
    /// For events that can be replied to.
    pub reply_token: String,
    /// For messages that can be quoted.
    pub quote_token: String,
    /// When it happens, in local time.
    pub now: DateTime<Utc>,
    /// For a follow: the person had blocked the account.
    pub unblocked: bool,
    /// For a file: its bytes.
    pub file_size: usize,
}

/// An event as LINE would deliver it.
pub struct Completed {
    /// The event.
    pub event: Value,
    /// Its `webhookEventId`.
    pub event_id: String,
    /// The message that it carries or takes back.
    pub message_id: Option<String>,
    /// Its reply token.
    pub reply_token: Option<String>,
    /// What it changes in the chat.
    pub deed: Deed,
}

/// What an event changes in the chat.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// The person says something.
    Said {
        /// Its id.
        id: String,
        /// The message as the webhook has it.
        message: Value,
    },
    /// The person takes back the message with this id.
    Withdrew(String),
    /// The person adds or unblocks the account.
    Followed,
    /// The person blocks the account.
    Unfollowed,
    /// A button was pressed that shows this text, or none, as the person's.
    Pressed {
        /// Id of the shown text.
        id: String,
        /// `displayText` of the action.
        shown: Option<String>,
    },
    /// Nothing that can be seen.
    Nothing,
}

/// What is wrong with an event that a caller gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadEvent {
    /// It is no JSON object.
    #[error("an event is a JSON object")]
    NotAnObject,
    /// It has no type.
    #[error("an event needs a type, such as \"message\"")]
    Typeless,
    /// A message event without a message.
    #[error("a message event needs a message with a type, such as {{\"type\":\"text\",\"text\":\"…\"}}")]
    NoMessage,
    /// An unsend without the message's id.
    #[error("an unsend event needs a messageId")]
    NoMessageId,
    /// A postback without data.
    #[error("a postback event needs data")]
    NoData,
}

/// Kinds of events that LINE gives a reply token.
const ANSWERABLE: [&str; 8] = ["message", "follow", "postback", "join", "memberJoined", "beacon", "accountLink", "videoPlayComplete"];
/// Kinds of messages that can be quoted.
const QUOTABLE: [&str; 4] = ["text", "sticker", "image", "video"];
/// Kinds of messages that say who provides their content. Files come from LINE always.
const PROVIDED: [&str; 3] = ["image", "video", "audio"];

/// The group or room that the event comes from; `None` for a one-to-one chat.
pub fn group(event: &Value) -> Option<&str> {
    let source = event.get("source")?;
    let id = match source.get("type")?.as_str()? {
        "group" => "groupId",
        "room" => "roomId",
        _ => return None,
    };
    source.get(id)?.as_str()
}

/// Completes an event of the person `user`. Besides LINE's own form it takes short forms: `isRedelivery`, for an unsend
/// `messageId`, for a postback `data`, `params` and `displayText`. A field given as `null` is left out.
pub fn complete(event: Value, user: &str, fresh: &Fresh) -> Result<Completed, BadEvent> {
    let Value::Object(mut event) = event else { return Err(BadEvent::NotAnObject) };
    let kind = event.get("type").and_then(Value::as_str).ok_or(BadEvent::Typeless)?.to_owned();
    let deed = match kind.as_str() {
        "message" => message(&mut event, fresh)?,
        "unsend" => unsend(&mut event)?,
        "postback" => postback(&mut event, fresh)?,
        "follow" => {
            event.entry("follow").or_insert_with(|| json!({"isUnblocked": fresh.unblocked}));
            Deed::Followed
        }
        "unfollow" => Deed::Unfollowed,
        _ => Deed::Nothing,
    };
    let redelivered = event.remove("isRedelivery").is_some_and(|is| is == Value::Bool(true));
    let answerable = ANSWERABLE.contains(&kind.as_str()) && event.get("mode").and_then(Value::as_str) != Some("standby");
    if answerable {
        event.entry("replyToken").or_insert_with(|| json!(fresh.reply_token));
    }
    event.entry("source").or_insert_with(|| json!({"type": "user", "userId": user}));
    event.entry("timestamp").or_insert_with(|| json!(fresh.now.timestamp_millis()));
    event.entry("mode").or_insert_with(|| json!("active"));
    event.entry("webhookEventId").or_insert_with(|| json!(fresh.event_id));
    event.entry("deliveryContext").or_insert_with(|| json!({"isRedelivery": redelivered}));
    event.retain(|_, value| !value.is_null());
    let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
    let (event_id, reply_token) = (text("webhookEventId").unwrap_or_default(), text("replyToken"));
    let message_id = match &deed {
        Deed::Said { id, .. } | Deed::Withdrew(id) => Some(id.clone()),
        Deed::Followed | Deed::Unfollowed | Deed::Pressed { .. } | Deed::Nothing => None,
    };
    Ok(Completed { event: Value::Object(event), event_id, message_id, reply_token, deed })
}

fn message(event: &mut Map<String, Value>, fresh: &Fresh) -> Result<Deed, BadEvent> {
    let message = event.get_mut("message").and_then(Value::as_object_mut).ok_or(BadEvent::NoMessage)?;
    let kind = message.get("type").and_then(Value::as_str).ok_or(BadEvent::NoMessage)?.to_owned();
    message.entry("id").or_insert_with(|| json!(fresh.message_id));
    if QUOTABLE.contains(&kind.as_str()) {
        message.entry("quoteToken").or_insert_with(|| json!(fresh.quote_token));
    }
    if PROVIDED.contains(&kind.as_str()) {
        message.entry("contentProvider").or_insert_with(|| json!({"type": "line"}));
    }
    if kind == "file" {
        message.entry("fileName").or_insert_with(|| json!("資料.pdf"));
        message.entry("fileSize").or_insert_with(|| json!(fresh.file_size));
    }
    if kind == "sticker" {
        message.entry("packageId").or_insert_with(|| json!("446"));
        message.entry("stickerId").or_insert_with(|| json!("1988"));
        message.entry("stickerResourceType").or_insert_with(|| json!("STATIC"));
    }
    let id = message.get("id").and_then(Value::as_str).ok_or(BadEvent::NoMessage)?.to_owned();
    Ok(Deed::Said { id, message: Value::Object(message.clone()) })
}

fn unsend(event: &mut Map<String, Value>) -> Result<Deed, BadEvent> {
    if let Some(id) = event.remove("messageId") {
        event.insert("unsend".to_owned(), json!({"messageId": id}));
    }
    let id = event.get("unsend").and_then(|unsend| unsend.get("messageId")).and_then(Value::as_str);
    id.map(|id| Deed::Withdrew(id.to_owned())).ok_or(BadEvent::NoMessageId)
}

fn postback(event: &mut Map<String, Value>, fresh: &Fresh) -> Result<Deed, BadEvent> {
    let (data, params, shown) = (event.remove("data"), event.remove("params"), event.remove("displayText"));
    if let Some(data) = data {
        let mut postback = Map::from_iter([("data".to_owned(), data)]);
        postback.extend(params.map(|params| ("params".to_owned(), params)));
        event.insert("postback".to_owned(), Value::Object(postback));
    }
    let given = event.get("postback").and_then(|postback| postback.get("data")).is_some_and(Value::is_string);
    let shown = shown.as_ref().and_then(Value::as_str).map(str::to_owned);
    if given { Ok(Deed::Pressed { id: fresh.message_id.clone(), shown }) } else { Err(BadEvent::NoData) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
    use super::*;

    fn done(event: Value) -> Completed {
        complete(event, "Uabc", &fresh()).unwrap()
    }

    fn fresh() -> Fresh {
        Fresh {
            event_id: "01H".into(),
            message_id: "5001".into(),
            reply_token: "r".into(),
            quote_token: "q".into(),
            now: "2027-01-31T14:59:59.123Z".parse().unwrap(),
            unblocked: true,
            file_size: 7,
        }
    }

    #[test]
    fn a_text_gets_everything_that_line_sends_with_it() {
        let done = done(json!({"type": "message", "message": {"type": "text", "text": "こんにちは"}}));
        let expected = json!({
            "type": "message", "message": {"type": "text", "text": "こんにちは", "id": "5001", "quoteToken": "q"},
            "replyToken": "r", "source": {"type": "user", "userId": "Uabc"}, "timestamp": 1_801_407_599_123_i64, "mode": "active",
            "webhookEventId": "01H", "deliveryContext": {"isRedelivery": false},
        });
        assert_eq!(done.event, expected);
        assert_eq!((done.message_id.as_deref(), done.reply_token.as_deref()), (Some("5001"), Some("r")));
    }

    #[test]
    fn what_is_given_stays_and_null_leaves_a_field_out() {
        let event = json!({
            "type": "message", "message": {"type": "text", "id": "7", "text": "a", "quoteToken": "mine"}, "replyToken": "old", "timestamp": 5,
            "webhookEventId": "02H", "isRedelivery": true, "source": null,
        });
        let done = done(event);
        assert_eq!(
            (&done.event["replyToken"], &done.event["timestamp"], &done.event["webhookEventId"]),
            (&json!("old"), &json!(5), &json!("02H"))
        );
        assert_eq!(done.event["deliveryContext"], json!({"isRedelivery": true}));
        assert_eq!(done.event["message"]["quoteToken"], "mine");
        assert!(done.event.get("source").is_none() && done.event.get("isRedelivery").is_none());
    }

    #[test]
    fn short_forms_become_lines_forms() {
        assert_eq!(done(json!({"type": "unsend", "messageId": "5"})).event["unsend"], json!({"messageId": "5"}));
        let pressed = done(json!({"type": "postback", "data": "a=1", "params": {"date": "2027-01-01"}, "displayText": "はい"}));
        assert_eq!(pressed.event["postback"], json!({"data": "a=1", "params": {"date": "2027-01-01"}}));
        assert_eq!(pressed.deed, Deed::Pressed { id: "5001".into(), shown: Some("はい".into()) });
        assert!(pressed.event.get("displayText").is_none());
        assert_eq!(done(json!({"type": "follow"})).event["follow"], json!({"isUnblocked": true}));
    }

    #[test]
    fn a_file_has_a_name_and_a_size() {
        let file = |message: Value| done(json!({"type": "message", "message": message})).event["message"].clone();
        let named = file(json!({"type": "file", "fileName": "健診.pdf"}));
        assert_eq!(named, json!({"type": "file", "fileName": "健診.pdf", "fileSize": 7, "id": "5001"}));
        assert_eq!(file(json!({"type": "file", "fileSize": 1}))["fileSize"], 1);
    }

    #[test]
    fn groups_and_rooms_are_told_from_one_to_one_chats() {
        let from = |source: Value| group(&json!({"type": "message", "source": source})).map(str::to_owned);
        assert_eq!(from(json!({"type": "group", "groupId": "C1", "userId": "U1"})).as_deref(), Some("C1"));
        assert_eq!(from(json!({"type": "room", "roomId": "R1"})).as_deref(), Some("R1"));
        assert_eq!(from(json!({"type": "user", "userId": "U1"})), None);
        assert_eq!(from(Value::Null), None);
    }

    #[test]
    fn only_events_that_can_be_answered_have_a_reply_token() {
        for (kind, answerable) in [("follow", true), ("unfollow", false), ("leave", false), ("beacon", true)] {
            assert_eq!(done(json!({"type": kind})).reply_token.is_some(), answerable, "{kind}");
        }
        assert!(done(json!({"type": "follow", "mode": "standby"})).reply_token.is_none());
    }

    #[test]
    fn an_event_that_line_could_not_send_is_refused() {
        let bad = |event| complete(event, "U", &fresh()).err();
        assert_eq!(bad(json!([])), Some(BadEvent::NotAnObject));
        assert_eq!(bad(json!({})), Some(BadEvent::Typeless));
        assert_eq!(bad(json!({"type": "message"})), Some(BadEvent::NoMessage));
        assert_eq!(bad(json!({"type": "message", "message": {"text": "a"}})), Some(BadEvent::NoMessage));
        assert_eq!(bad(json!({"type": "unsend"})), Some(BadEvent::NoMessageId));
        assert_eq!(bad(json!({"type": "postback"})), Some(BadEvent::NoData));
    }
}
