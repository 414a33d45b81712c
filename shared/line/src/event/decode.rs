//! From the bytes of a body to its events.

use chrono::{DateTime, Utc};
use domain::personal::LineUserId;
use serde_json::value::RawValue;

use super::{
    Delivery, Event, EventId, EventKind, Message, MessageId, Mode, NotADelivery, PostbackParams, ReplyToken, Source, Unreadable,
    UnreadableEvent, json::Object, surrogate,
};
use crate::quick_reply::PostbackData;

/// Decodes the body of a webhook whose signature was verified: a JSON object with an array `events` (none, or `null`,
/// is an empty one). Each event stands for itself. Bytes that are no UTF-8 and halves of characters read as U+FFFD.
pub fn decode(body: &[u8]) -> Result<Delivery, NotADelivery> {
    let text = String::from_utf8_lossy(body);
    let json = surrogate::repair(&text);
    let raw: &RawValue = serde_json::from_str(&json).map_err(|_| NotADelivery::NotJson)?;
    let delivery = Object::read(raw).ok_or(NotADelivery::NotAnObject)?;
    let events = match delivery.list("events") {
        Some(events) => events,
        None if delivery.lacks("events") => Vec::new(),
        None => return Err(NotADelivery::EventsNotAList),
    };
    Ok(Delivery { destination: delivery.word("destination"), events: events.into_iter().map(event).collect() })
}

fn event(raw: &RawValue) -> Result<Event, UnreadableEvent> {
    let Some(fields) = Object::read(raw) else {
        return Err(UnreadableEvent { id: None, kind: None, why: Unreadable::NotAnObject });
    };
    read(&fields).map_err(|why| UnreadableEvent { id: EventId::read(&fields, "webhookEventId"), kind: fields.word("type"), why })
}

fn read(event: &Object<'_>) -> Result<Event, Unreadable> {
    Ok(Event {
        id: EventId::of(event),
        at: at(event).ok_or(Unreadable::Field("timestamp"))?,
        mode: mode(event),
        redelivery: event.object("deliveryContext").and_then(|context| context.flag("isRedelivery")).unwrap_or(false),
        source: source(event),
        reply_token: event.token("replyToken").map(ReplyToken::new),
        kind: kind(event)?,
    })
}

fn at(event: &Object<'_>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(event.integer("timestamp")?)
}

/// Old events name no mode and are active; whoever wrote a mode that we cannot read did not mean "answer".
fn mode(event: &Object<'_>) -> Mode {
    if event.lacks("mode") || event.text("mode").as_deref() == Some("active") { Mode::Active } else { Mode::Standby }
}

fn source(event: &Object<'_>) -> Source {
    let Some(source) = event.object("source") else { return Source::None };
    let user = source.word("userId").map(LineUserId::new);
    match (source.text("type").as_deref(), user) {
        (Some("user"), Some(user)) => Source::User(user),
        (Some("group"), user) => Source::Group { user },
        (Some("room"), user) => Source::Room { user },
        _ => Source::Other,
    }
}

fn kind(event: &Object<'_>) -> Result<EventKind, Unreadable> {
    let part = |name| event.object(name).ok_or(Unreadable::Field(name));
    let kind = event.word("type").ok_or(Unreadable::Field("type"))?;
    Ok(match kind.as_str() {
        "message" => EventKind::Message(Message::read(&part("message")?)?),
        "unsend" => {
            let message_id = MessageId::read(&part("unsend")?, "messageId").ok_or(Unreadable::Field("unsend.messageId"))?;
            EventKind::Unsend { message_id }
        }
        "follow" => {
            let unblocked = event.object("follow").and_then(|follow| follow.flag("isUnblocked")).unwrap_or(false);
            EventKind::Follow { unblocked }
        }
        "unfollow" => EventKind::Unfollow,
        "postback" => {
            let postback = part("postback")?;
            let data = postback.text("data").map(PostbackData::new).ok_or(Unreadable::Field("postback.data"))?;
            let params = PostbackParams(postback.object("params").map(|params| params.texts()).unwrap_or_default());
            EventKind::Postback { data, params }
        }
        "accountLink" => EventKind::AccountLink,
        _ => EventKind::Other(kind),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use domain::personal::MessageText;
    use proptest::prelude::*;

    use super::*;
    use crate::event::Content;

    fn only(json: &str) -> Result<Event, UnreadableEvent> {
        let mut events = decode(format!(r#"{{"events":[{json}]}}"#).as_bytes()).unwrap().events;
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    fn follow_with(fields: &str) -> Event {
        only(&format!(r#"{{"type":"follow","timestamp":1795482900000{fields}}}"#)).unwrap()
    }

    fn kind_of(fields: &str) -> Result<EventKind, Unreadable> {
        only(&format!(r#"{{"timestamp":1,{fields}}}"#)).map(|event| event.kind).map_err(|unreadable| unreadable.why)
    }

    #[test]
    fn a_complete_event_is_read_to_the_last_field() {
        let event = only(
            r#"{"type":"message","message":{"type":"text","id":"468789577898262530","quoteToken":"q3Plxr4AgKd","text":"肩がこります"},
            "webhookEventId":"01KAV8W3QZ0000000000000000","deliveryContext":{"isRedelivery":true},"timestamp":1795482900123,
            "source":{"type":"user","userId":"U80696558e1aa831aca0ba3d1c6d8b6ed"},"replyToken":"757913772c4646b784d4b7ce46d12671","mode":"active"}"#,
        )
        .unwrap();
        assert_eq!(event.id.as_str(), "01KAV8W3QZ0000000000000000");
        assert_eq!(event.at.timestamp_millis(), 1_795_482_900_123);
        assert_eq!(event.mode, Mode::Active);
        assert!(event.redelivery);
        assert_eq!(event.source, Source::User(LineUserId::new("U80696558e1aa831aca0ba3d1c6d8b6ed")));
        assert_eq!(event.reply_token, Some(ReplyToken::new("757913772c4646b784d4b7ce46d12671")));
        let EventKind::Message(message) = event.kind else { panic!("{:?}", event.kind) };
        assert_eq!(message.content, Content::Text(MessageText::new("肩がこります")));
    }

    #[test]
    fn every_kind_has_its_value() {
        let message_id = MessageId::parse("7").unwrap();
        for (fields, expected) in [
            (r#""type":"unsend","unsend":{"messageId":"7"}"#, EventKind::Unsend { message_id }),
            (r#""type":"follow","follow":{"isUnblocked":true}"#, EventKind::Follow { unblocked: true }),
            (r#""type":"follow","follow":{"isUnblocked":"yes"}"#, EventKind::Follow { unblocked: false }),
            (r#""type":"follow""#, EventKind::Follow { unblocked: false }),
            (r#""type":"unfollow""#, EventKind::Unfollow),
            (r#""type":"accountLink","link":{"result":"ok","nonce":"n"}"#, EventKind::AccountLink),
            (
                r#""type":"postback","postback":{"data":"consent=yes"}"#,
                EventKind::Postback { data: PostbackData::new("consent=yes"), params: PostbackParams::default() },
            ),
        ] {
            assert_eq!(kind_of(fields), Ok(expected), "{fields}");
        }
        for other in [
            "join",
            "leave",
            "memberJoined",
            "memberLeft",
            "beacon",
            "videoPlayComplete",
            "membership",
            "module",
            "activated",
            "deactivated",
            "botSuspended",
            "botResumed",
            "delivery",
            "messageEdited",
            "somethingNew",
        ] {
            assert_eq!(kind_of(&format!(r#""type":"{other}""#)), Ok(EventKind::Other(other.to_owned())));
        }
    }

    #[test]
    fn the_choice_of_a_date_picker_comes_with_the_postback() {
        let kind = kind_of(r#""type":"postback","postback":{"data":"d","params":{"datetime":"2026-12-01T10:00","odd":1}}"#);
        let Ok(EventKind::Postback { params, .. }) = kind else { panic!("{kind:?}") };
        assert_eq!((params.get("datetime"), params.get("odd")), (Some("2026-12-01T10:00"), None));
    }

    #[test]
    fn what_nothing_can_work_without_is_named() {
        for (fields, field) in [
            (r#""kind":"message""#, "type"),
            (r#""type":true"#, "type"),
            (r#""type":"two words""#, "type"),
            (r#""type":"message""#, "message"),
            (r#""type":"message","message":"hello""#, "message"),
            (r#""type":"unsend""#, "unsend"),
            (r#""type":"unsend","unsend":{}"#, "unsend.messageId"),
            (r#""type":"postback","postback":{}"#, "postback.data"),
        ] {
            assert_eq!(kind_of(fields), Err(Unreadable::Field(field)), "{fields}");
        }
    }

    #[test]
    fn an_event_without_a_usable_time_is_unreadable() {
        for timestamp in ["", r#","timestamp":null"#, r#","timestamp":"soon""#, r#","timestamp":9223372036854775807"#] {
            let unreadable = only(&format!(r#"{{"type":"follow","webhookEventId":"01KAV8W3QZ"{timestamp}}}"#)).unwrap_err();
            assert_eq!(unreadable.why, Unreadable::Field("timestamp"), "{timestamp}");
            assert_eq!(unreadable.id.unwrap().as_str(), "01KAV8W3QZ");
            assert_eq!(unreadable.kind.as_deref(), Some("follow"));
        }
    }

    #[test]
    fn modes() {
        for (fields, mode) in [
            ("", Mode::Active),
            (r#","mode":null"#, Mode::Active),
            (r#","mode":"active""#, Mode::Active),
            (r#","mode":"standby""#, Mode::Standby),
            (r#","mode":"somethingNew""#, Mode::Standby),
            (r#","mode":1"#, Mode::Standby),
        ] {
            assert_eq!(follow_with(fields).mode, mode, "{fields}");
        }
    }

    #[test]
    fn sources() {
        let user = || LineUserId::new("Uab12");
        for (source, expected) in [
            (r#"{"type":"user","userId":"Uab12"}"#, Source::User(user())),
            (r#"{"type":"group","groupId":"C1","userId":"Uab12"}"#, Source::Group { user: Some(user()) }),
            (r#"{"type":"group","groupId":"C1"}"#, Source::Group { user: None }),
            (r#"{"type":"room","roomId":"R1","userId":"Uab12"}"#, Source::Room { user: Some(user()) }),
            (r#"{"type":"room","roomId":"R1","userId":""}"#, Source::Room { user: None }),
            (r#"{"type":"user"}"#, Source::Other),
            (r#"{"type":"user","userId":"not an id"}"#, Source::Other),
            (r#"{"type":"square","userId":"Uab12"}"#, Source::Other),
            ("{}", Source::Other),
            ("null", Source::None),
            (r#""user""#, Source::None),
        ] {
            assert_eq!(follow_with(&format!(r#","source":{source}"#)).source, expected, "{source}");
        }
        assert_eq!(follow_with("").source, Source::None);
    }

    #[test]
    fn optional_fields_of_the_wrong_type_read_as_absent() {
        let event = follow_with(r#","replyToken":{},"deliveryContext":[],"webhookEventId":["x"]"#);
        assert_eq!((event.reply_token, event.redelivery), (None, false));
        assert!(event.id.as_str().starts_with("derived-"));
    }

    #[test]
    fn deliveries_that_are_none() {
        for (body, why) in [
            ("", NotADelivery::NotJson),
            ("{", NotADelivery::NotJson),
            ("[]", NotADelivery::NotAnObject),
            ("null", NotADelivery::NotAnObject),
            (r#"{"events":{}}"#, NotADelivery::EventsNotAList),
            (r#"{"events":"none"}"#, NotADelivery::EventsNotAList),
        ] {
            assert_eq!(decode(body.as_bytes()), Err(why), "{body}");
        }
        for body in ["{}", r#"{"events":[]}"#, r#"{"events":null,"destination":7.5}"#] {
            assert_eq!(decode(body.as_bytes()), Ok(Delivery { destination: None, events: vec![] }), "{body}");
        }
    }

    #[test]
    fn half_a_character_costs_itself_only() {
        let event = only(r#"{"type":"message","timestamp":1,"message":{"id":"1","type":"text","text":"つらい\ud83e"}}"#).unwrap();
        let EventKind::Message(message) = event.kind else { panic!("{:?}", event.kind) };
        assert_eq!(message.content, Content::Text(MessageText::new("つらい\u{fffd}")));
    }

    #[test]
    fn a_broken_byte_costs_itself_only() {
        let mut body = br#"{"events":[{"type":"message","timestamp":1,"message":{"id":"1","type":"text","text":"?"}}]}"#.to_vec();
        let at = body.iter().position(|&byte| byte == b'?').unwrap();
        body[at] = 0xff;
        assert!(decode(&body).unwrap().events[0].is_ok());
    }

    #[test]
    fn a_bottomless_event_costs_its_siblings_nothing() {
        let deep = format!("{}1{}", r#"{"a":["#.repeat(50_000), "]}".repeat(50_000));
        let good = r#"{"type":"unfollow","timestamp":1}"#;
        let needed = format!(r#"{{"type":"message","timestamp":1,"message":{{"id":{deep}}}}}"#);
        let unneeded = format!(r#"{{"type":"unfollow","timestamp":1,"extra":{deep}}}"#);
        let body = format!(r#"{{"events":[{good},{deep},{needed},{unneeded},{good}]}}"#);
        let readable: Vec<bool> = decode(body.as_bytes()).unwrap().events.iter().map(Result::is_ok).collect();
        assert_eq!(readable, [true, false, false, true, true]);
    }

    #[test]
    fn debug_shows_nothing_that_a_person_wrote() {
        let event = only(
            r#"{"type":"message","timestamp":1,"replyToken":"hush","source":{"type":"user","userId":"Usecret"},
            "message":{"id":"1","type":"location","title":"secret","address":"secret","latitude":35.5,"longitude":1}}"#,
        );
        let postback = only(r#"{"type":"postback","timestamp":1,"postback":{"data":"secret","params":{"date":"secret"}}}"#);
        let shown = format!("{event:?}{postback:?}");
        for hidden in ["secret", "hush", "35.5"] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    /// Any JSON value, with names and values that events use more often than chance would.
    fn json() -> impl Strategy<Value = serde_json::Value> {
        let word = prop_oneof![
            Just("message".to_owned()),
            Just("text".to_owned()),
            Just("postback".to_owned()),
            Just("unsend".to_owned()),
            ".{0,8}",
        ];
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            word.prop_map(Into::into),
        ];
        let name = prop::sample::select(vec![
            "type",
            "timestamp",
            "mode",
            "message",
            "id",
            "text",
            "source",
            "userId",
            "replyToken",
            "webhookEventId",
            "deliveryContext",
            "isRedelivery",
            "postback",
            "data",
            "params",
            "unsend",
            "messageId",
            "contentProvider",
            "fileName",
            "latitude",
            "events",
        ]);
        leaf.prop_recursive(4, 40, 8, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
                prop::collection::vec((name.clone(), inner), 0..8).prop_map(|fields| fields
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<serde_json::Map<_, _>>()
                    .into()),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_delivery_or_not_but_never_a_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&body);
        }

        #[test]
        fn any_document_is_a_delivery_or_not_but_never_a_panic(body in json()) {
            let _ = decode(body.to_string().as_bytes());
        }

        #[test]
        fn whatever_an_event_is_its_siblings_are_read(odd in json()) {
            let good = |id: &str| format!(r#"{{"type":"unfollow","timestamp":1,"webhookEventId":"{id}"}}"#);
            let delivery = decode(format!(r#"{{"events":[{},{odd},{}]}}"#, good("A"), good("B")).as_bytes()).unwrap();
            prop_assert_eq!(delivery.events.len(), 3);
            prop_assert_eq!(delivery.events[0].as_ref().unwrap().id.as_str(), "A");
            prop_assert_eq!(delivery.events[2].as_ref().unwrap().id.as_str(), "B");
        }
    }
}
