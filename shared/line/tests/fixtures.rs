//! Every webhook in `events/line-webhook`, from the bytes that API Gateway hands over to typed events.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use line::{BadSignature, ChannelSecret, Content, Event, EventKind, Mode, Provider, SIGNATURE_HEADER, Source, decode, verify};
use serde_json::Value;

/// Every `type` of an event in LINE's definitions, and one that nobody knows.
const KINDS: [&str; 21] = [
    "message",
    "unsend",
    "follow",
    "unfollow",
    "join",
    "leave",
    "memberJoined",
    "memberLeft",
    "postback",
    "videoPlayComplete",
    "beacon",
    "accountLink",
    "membership",
    "module",
    "activated",
    "deactivated",
    "botSuspended",
    "botResumed",
    "delivery",
    "messageEdited",
    "hologramShown",
];

/// Every `type` of a message in LINE's definitions, and one that nobody knows.
const MESSAGES: [&str; 8] = ["text", "sticker", "image", "video", "audio", "file", "location", "hologram"];

struct Fixture {
    body: Vec<u8>,
    signature: Option<String>,
}

fn fixtures() -> BTreeMap<String, Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events/line-webhook");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let fixtures: BTreeMap<_, _> = files
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let request: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            let text = request["body"].as_str().unwrap();
            let encoded = request["isBase64Encoded"].as_bool().unwrap();
            let body = if encoded { STANDARD.decode(text).unwrap() } else { text.as_bytes().to_vec() };
            let signature = request["headers"][SIGNATURE_HEADER].as_str().map(str::to_owned);
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), Fixture { body, signature })
        })
        .collect();
    assert!(fixtures.len() > 50, "only {} fixtures were found", fixtures.len());
    fixtures
}

fn events(name: &str) -> Vec<Event> {
    decode(&fixtures()[name].body).unwrap().events.into_iter().map(Result::unwrap).collect()
}

fn event(name: &str) -> Event {
    let mut events = events(name);
    assert_eq!(events.len(), 1, "{name}");
    events.remove(0)
}

fn content(name: &str) -> Content {
    let EventKind::Message(message) = event(name).kind else { panic!("{name} is no message") };
    message.content
}

#[test]
fn every_signature_is_right_except_the_two_that_are_not() {
    let secret = ChannelSecret::new("demo-channel-secret-0123456789abcd");
    for (name, fixture) in fixtures() {
        let expected = match name.as_str() {
            "wrong-signature" => Err(BadSignature::Mismatch),
            "missing-signature" => Err(BadSignature::Missing),
            _ => Ok(()),
        };
        assert_eq!(verify(&secret, &fixture.body, fixture.signature.as_deref()), expected, "{name}");
    }
}

#[test]
fn every_event_is_readable() {
    for (name, fixture) in fixtures() {
        let delivery = decode(&fixture.body).unwrap();
        let expected = match name.as_str() {
            "empty-events" => 0,
            "mixed-users" => 3,
            "lone-surrogate" => 2,
            _ => 1,
        };
        assert_eq!(delivery.events.len(), expected, "{name}");
        assert!(delivery.destination.is_some(), "{name}");
        for event in delivery.events {
            assert!(event.is_ok(), "{name}: {event:?}");
        }
    }
}

#[test]
fn every_kind_that_line_defines_has_a_fixture() {
    let (mut kinds, mut messages) = (BTreeSet::new(), BTreeSet::new());
    for fixture in fixtures().values() {
        // The one body that is no JSON for a strict parser has kinds that others have too.
        let Ok(body) = serde_json::from_slice::<Value>(&fixture.body) else { continue };
        for event in body["events"].as_array().unwrap() {
            kinds.insert(event["type"].as_str().unwrap().to_owned());
            if event["type"] == "message" {
                messages.insert(event["message"]["type"].as_str().unwrap().to_owned());
            }
        }
    }
    assert_eq!(kinds, KINDS.map(str::to_owned).into());
    assert_eq!(messages, MESSAGES.map(str::to_owned).into());
}

#[test]
fn what_needs_more_than_an_acknowledgement_has_a_value_of_its_own() {
    assert_eq!(content("message-image"), Content::Image(Provider::Line));
    assert_eq!(content("message-image-external"), Content::Image(Provider::External));
    assert!(matches!(content("message-text"), Content::Text(text) if text.expose() == "最近よく眠れません。どうしたらよいでしょうか。"));
    assert!(
        matches!(content("message-file"), Content::File { name: Some(name), size: Some(213_804) } if name.expose() == "健康診断結果.pdf")
    );
    assert!(matches!(content("message-sticker"), Content::Sticker(sticker) if sticker.sticker.as_deref() == Some("1988")));
    assert!(matches!(content("message-location"), Content::Location(location) if location.position.is_some()));
    assert_eq!(content("unknown-message-kind"), Content::Unknown("hologram".into()));
    assert_eq!(event("follow").kind, EventKind::Follow { unblocked: false });
    assert_eq!(event("follow-unblocked").kind, EventKind::Follow { unblocked: true });
    assert_eq!(event("unfollow").kind, EventKind::Unfollow);
    assert_eq!(event("account-link").kind, EventKind::AccountLink);
    assert_eq!(event("unknown-kind").kind, EventKind::Other("hologramShown".into()));
    assert!(matches!(event("postback").kind, EventKind::Postback { data, .. } if data.expose() == "consent=yes"));
    let EventKind::Postback { params, .. } = event("postback-datetime").kind else { panic!("a postback") };
    assert_eq!(params.get("datetime"), Some("2026-12-01T10:00"));
}

#[test]
fn an_unsend_and_a_quote_name_the_message_that_was_sent() {
    let EventKind::Message(sent) = event("message-text").kind else { panic!("a message") };
    assert_eq!(event("unsend").kind, EventKind::Unsend { message_id: sent.id.clone() });
    assert!(matches!(event("message-text-quoted").kind, EventKind::Message(message) if message.quote == Some(sent.id)));
}

#[test]
fn what_surrounds_an_event_is_read() {
    assert!(event("redelivery").redelivery && !event("message-text").redelivery);
    assert_eq!((event("standby").mode, event("message-text").mode), (Mode::Standby, Mode::Active));
    assert!(matches!(event("message-text").source, Source::User(_)));
    assert!(matches!(event("group-text").source, Source::Group { user: Some(_) }));
    assert!(matches!(event("room-text").source, Source::Room { user: Some(_) }));
    assert!(matches!(event("join").source, Source::Group { user: None }));
    assert_eq!(event("no-source").source, Source::None);
    assert!(event("message-text").reply_token.is_some() && event("no-reply-token").reply_token.is_none());
    assert!(!event("no-delivery-context").redelivery);
    assert!(event("no-webhook-event-id").id.as_str().starts_with("derived-"));
    assert_eq!(event("message-text").at.to_rfc3339(), "2026-11-24T01:15:37.123+00:00");
}

#[test]
fn users_are_told_apart_and_half_a_character_costs_itself_only() {
    let users: Vec<_> = events("mixed-users").iter().map(|event| event.source.user().unwrap().clone()).collect();
    assert!(users[0] == users[2] && users[0] != users[1]);

    let texts: Vec<String> = events("lone-surrogate")
        .into_iter()
        .map(|event| {
            let EventKind::Message(line::Message { content: Content::Text(text), .. }) = event.kind else { panic!("a text") };
            text.expose().to_owned()
        })
        .collect();
    assert_eq!(texts, ["つらいです\u{fffd}", "隣の相談です"]);
}

#[test]
fn no_event_shows_a_person_or_what_was_written() {
    for (name, fixture) in fixtures() {
        let shown = format!("{:?}", decode(&fixture.body).unwrap().events);
        for event in events(&name) {
            if let Some(user) = event.source.user() {
                assert!(!shown.contains(user.expose()), "{name}: {shown}");
            }
        }
        assert!(shown.chars().all(|character| character.is_ascii() || "‹›".contains(character)), "{name}: {shown}");
    }
}
