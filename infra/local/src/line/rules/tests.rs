#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]
#![allow(clippy::needless_pass_by_value, reason = "tests hand in literals")]

use serde_json::{Value, json};

use super::{check, check_menu};

/// The places that are refused when one message is sent.
fn refused(message: Value) -> Vec<String> {
    let places = check(&json!({"messages": [message]})).into_iter().map(|problem| problem.property);
    places.map(|place| place.strip_prefix("messages[0].").unwrap_or(&place).to_owned()).collect()
}

fn passes(message: Value) {
    assert_eq!(check(&json!({"messages": [message]})), []);
}

fn text_with_action(action: Value) -> Value {
    json!({"type": "text", "text": "a", "quickReply": {"items": [{"type": "action", "action": action}]}})
}

fn labelled(label: &str) -> Value {
    text_with_action(json!({"type": "message", "label": label, "text": "a"}))
}

#[test]
fn one_to_five_messages_are_sent_at_once() {
    let message = json!({"type": "text", "text": "a"});
    for (count, good) in [(0, false), (1, true), (5, true), (6, false)] {
        let problems = check(&json!({"messages": vec![message.clone(); count]}));
        assert_eq!(problems.is_empty(), good, "{count}");
    }
    assert_eq!(check(&json!({}))[0].property, "messages");
    assert_eq!(check(&json!({"messages": {}}))[0].message, "Size must be between 1 and 5");
}

#[test]
fn a_text_has_one_to_5000_utf16_units() {
    passes(json!({"type": "text", "text": "あ".repeat(5000)}));
    passes(json!({"type": "text", "text": "🤨".repeat(2500)}));
    for bad in ["", " \n", &"a".repeat(5001), &"🤨".repeat(2501)] {
        assert_eq!(refused(json!({"type": "text", "text": bad})), ["text"]);
    }
    assert_eq!(refused(json!({"type": "text", "text": 1})), ["text"]);
    assert_eq!(refused(json!({"type": "text"})), ["text"]);
}

#[test]
fn an_unknown_kind_of_message_is_refused() {
    assert_eq!(refused(json!({"type": "hologram"})), ["type"]);
    assert_eq!(refused(json!({"text": "a"})), ["type"]);
    assert_eq!(refused(json!("a")), ["type"]);
}

#[test]
fn at_most_13_quick_replies_are_shown() {
    let item = json!({"type": "action", "action": {"type": "message", "label": "a", "text": "a"}});
    for (count, good) in [(0, false), (1, true), (13, true), (14, false)] {
        let refused = refused(json!({"type": "text", "text": "a", "quickReply": {"items": vec![item.clone(); count]}}));
        assert_eq!(refused.is_empty(), good, "{count}");
    }
}

#[test]
fn a_label_has_at_most_20_graphemes() {
    passes(labelled(&"👩🏽‍⚕️".repeat(20)));
    passes(labelled(&"か\u{3099}".repeat(20)));
    for bad in [&"あ".repeat(21), ""] {
        assert_eq!(refused(labelled(bad)), ["quickReply.items[0].action.label"]);
    }
}

#[test]
fn actions_keep_their_limits() {
    let action = |field: &str| format!("quickReply.items[0].action.{field}");
    let postback =
        |field: &str, length: usize| text_with_action(json!({"type": "postback", "label": "a", "data": "d", field: "x".repeat(length)}));
    for field in ["data", "displayText"] {
        passes(postback(field, 300));
        assert_eq!(refused(postback(field, 301)), [action(field)]);
    }
    assert_eq!(refused(text_with_action(json!({"type": "postback", "label": "a"}))), [action("data")]);
    assert_eq!(
        refused(text_with_action(json!({"type": "postback", "label": "a", "data": "d", "text": "a", "displayText": "a"}))),
        [action("text")]
    );
    assert_eq!(refused(text_with_action(json!({"type": "message", "label": "a", "text": "x".repeat(301)}))), [action("text")]);
    assert_eq!(
        refused(text_with_action(json!({"type": "clipboard", "label": "a", "clipboardText": "x".repeat(1001)}))),
        [action("clipboardText")]
    );
    assert_eq!(refused(text_with_action(json!({"type": "richmenuswitch", "label": "a"}))), [action("type")]);
    assert_eq!(
        refused(json!({"type": "text", "text": "a", "quickReply": {"items": [{"type": "action"}]}})),
        ["quickReply.items[0].action"]
    );
    passes(text_with_action(json!({"type": "camera", "label": "a"})));
}

#[test]
fn a_link_is_ascii_of_a_known_scheme_and_at_most_1000_characters() {
    let link = |uri: &str| text_with_action(json!({"type": "uri", "label": "a", "uri": uri}));
    passes(link("tel:0312345678"));
    passes(link(&format!("https://example.com/{}", "a".repeat(980))));
    let bad = ["", "javascript:alert(1)", "https://example.com/あ", "example.com", &format!("https://example.com/{}", "a".repeat(981))];
    for uri in bad {
        assert_eq!(refused(link(uri)), ["quickReply.items[0].action.uri"], "{uri}");
    }
}

#[test]
fn a_date_picker_reads_its_bounds_in_the_format_of_its_mode() {
    let picker = |mode: &str, initial: &str| {
        text_with_action(json!({"type": "datetimepicker", "label": "a", "data": "d", "mode": mode, "initial": initial}))
    };
    passes(picker("date", "2027-01-31"));
    passes(picker("time", "09:00"));
    passes(picker("datetime", "2027-01-31T09:00"));
    assert_eq!(refused(picker("date", "2027-02-30")), ["quickReply.items[0].action.initial"]);
}

#[test]
fn templates_keep_their_limits() {
    let button = json!({"type": "message", "label": "a", "text": "a"});
    let message = |template: Value| json!({"type": "template", "altText": "a", "template": template});
    let buttons =
        |text: usize, count: usize| message(json!({"type": "buttons", "text": "x".repeat(text), "actions": vec![button.clone(); count]}));
    passes(buttons(160, 4));
    assert_eq!(refused(buttons(161, 4)), ["template.text"]);
    assert_eq!(refused(buttons(1, 5)), ["template.actions"]);
    assert_eq!(refused(buttons(1, 0)), ["template.actions"]);
    let titled = message(json!({"type": "buttons", "title": "t", "text": "x".repeat(61), "actions": [button]}));
    assert_eq!(refused(titled), ["template.text"]);
    let confirm =
        |text: usize, count: usize| message(json!({"type": "confirm", "text": "x".repeat(text), "actions": vec![button.clone(); count]}));
    passes(confirm(240, 2));
    assert_eq!(refused(confirm(241, 2)), ["template.text"]);
    assert_eq!(refused(confirm(1, 1)), ["template.actions"]);
    assert_eq!(refused(message(json!({"type": "wheel"}))), ["template.type"]);
    let without_alt_text = json!({"type": "template", "template": {"type": "confirm", "text": "a", "actions": [button, button]}});
    assert_eq!(refused(without_alt_text), ["altText"]);
}

#[test]
fn the_columns_of_a_carousel_are_alike() {
    let button = json!({"type": "message", "label": "a", "text": "a"});
    let carousel = |counts: &[usize]| {
        let columns: Vec<Value> = counts.iter().map(|count| json!({"text": "a", "actions": vec![button.clone(); *count]})).collect();
        json!({"type": "template", "altText": "a", "template": {"type": "carousel", "columns": columns}})
    };
    passes(carousel(&[3, 3]));
    assert_eq!(refused(carousel(&[3, 2])), ["template.columns"]);
    assert_eq!(refused(carousel(&[1; 11])), ["template.columns"]);
}

#[test]
fn a_flex_message_keeps_its_size_and_shape() {
    let flex = |contents: Value| json!({"type": "flex", "altText": "a", "contents": contents});
    let bubble =
        |text: &str| json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": text}]}});
    passes(flex(bubble("a")));
    passes(flex(json!({"type": "carousel", "contents": vec![bubble("a"); 12]})));
    assert_eq!(refused(flex(json!({"type": "carousel", "contents": vec![bubble("a"); 13]}))), ["contents.contents"]);
    assert_eq!(refused(flex(json!({"type": "bubble"}))), ["contents"]);
    assert_eq!(refused(flex(bubble(""))), ["contents.body.contents[0].text"]);
    let heavy = json!({"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": vec![json!({"type": "text", "text": "x".repeat(1000)}); 31]}});
    assert_eq!(refused(flex(heavy)), ["contents"]);
}

#[test]
fn media_come_from_https_addresses() {
    passes(json!({"type": "image", "originalContentUrl": "https://example.com/a.jpg", "previewImageUrl": "https://example.com/b.jpg"}));
    let plain = json!({"type": "image", "originalContentUrl": "http://example.com/a.jpg", "previewImageUrl": "https://example.com/b.jpg"});
    assert_eq!(refused(plain), ["originalContentUrl"]);
    assert_eq!(refused(json!({"type": "sticker", "packageId": "446", "stickerId": "x"})), ["stickerId"]);
    assert_eq!(refused(json!({"type": "audio", "originalContentUrl": "https://example.com/a.m4a"})), ["duration"]);
    assert_eq!(refused(json!({"type": "location", "title": "a", "address": "b", "latitude": 91, "longitude": 1})), ["latitude"]);
}

#[test]
fn a_sender_may_not_pose_as_line() {
    assert_eq!(refused(json!({"type": "text", "text": "a", "sender": {"name": "LINE公式"}})), ["sender.name"]);
    assert_eq!(refused(json!({"type": "text", "text": "a", "sender": {"name": "あ".repeat(21)}})), ["sender.name"]);
    passes(json!({"type": "text", "text": "a", "sender": {"name": "健康推進室"}}));
}

#[test]
fn every_problem_is_named_at_once() {
    let problems = check(&json!({"messages": [{"type": "text"}, {"type": "video"}], "notificationDisabled": "yes"}));
    let places: Vec<&str> = problems.iter().map(|problem| problem.property.as_str()).collect();
    assert_eq!(places, ["messages[0].text", "messages[1].originalContentUrl", "messages[1].previewImageUrl", "notificationDisabled"]);
}

fn rich_menu() -> Value {
    json!({
        "size": {"width": 2500, "height": 843}, "selected": false, "name": "n", "chatBarText": "メニュー",
        "areas": [{"bounds": {"x": 0, "y": 0, "width": 2500, "height": 843}, "action": {"type": "postback", "data": "a"}}],
    })
}

fn refused_menu(pointer: &str, value: Value) -> Vec<String> {
    let mut menu = rich_menu();
    *menu.pointer_mut(pointer).unwrap() = value;
    check_menu(&menu).into_iter().map(|problem| problem.property).collect()
}

#[test]
fn a_rich_menu_keeps_to_its_sizes() {
    assert!(check_menu(&rich_menu()).is_empty());
    let bounds = json!({"x": 0, "y": 0, "width": 800, "height": 250});
    for (width, height, good) in [(800, 551, true), (800, 552, false), (2500, 1724, true), (2500, 1725, false)] {
        let mut menu = rich_menu();
        menu["size"] = json!({"width": width, "height": height});
        menu["areas"][0]["bounds"] = bounds.clone();
        assert_eq!(check_menu(&menu).is_empty(), good, "{width} × {height}");
    }
    assert_eq!(refused_menu("/size/width", json!(2501)), ["size.width"]);
    assert_eq!(refused_menu("/size/width", json!(799)), ["size.width"]);
    assert!(refused_menu("/size/height", json!(249)).contains(&"size.height".to_owned()));
    assert_eq!(refused_menu("/size", json!(null)), ["size.width", "size.height"]);
}

#[test]
fn a_rich_menus_areas_lie_within_it() {
    for (field, value) in [("x", 1), ("y", 1), ("width", 2501), ("height", 844), ("width", i64::MAX)] {
        assert_eq!(refused_menu(&format!("/areas/0/bounds/{field}"), json!(value)), ["areas[0].bounds"], "{field}");
    }
    for (field, value) in [("x", json!(-1)), ("y", json!(0.5)), ("width", json!(0)), ("height", json!("843"))] {
        assert_eq!(refused_menu(&format!("/areas/0/bounds/{field}"), value), [format!("areas[0].bounds.{field}")]);
    }
}

#[test]
fn a_rich_menu_keeps_to_its_counts() {
    assert_eq!(refused_menu("/areas", json!([])), ["areas"]);
    let area = rich_menu()["areas"][0].clone();
    assert!(refused_menu("/areas", json!(vec![area.clone(); 20])).is_empty());
    assert_eq!(refused_menu("/areas", json!(vec![area; 21])), ["areas"]);
    assert!(refused_menu("/chatBarText", json!("あ".repeat(14))).is_empty());
    assert_eq!(refused_menu("/chatBarText", json!("あ".repeat(15))), ["chatBarText"]);
    assert!(refused_menu("/name", json!("n".repeat(300))).is_empty());
    assert_eq!(refused_menu("/name", json!("n".repeat(301))), ["name"]);
    assert_eq!(refused_menu("/selected", json!(null)), ["selected"]);
}

#[test]
fn a_rich_menus_actions_are_checked_as_others_are() {
    assert_eq!(refused_menu("/areas/0/action", json!({"type": "camera", "label": "a"})), ["areas[0].action.type"]);
    assert_eq!(refused_menu("/areas/0/action", json!({"type": "postback"})), ["areas[0].action.data"]);
    let labelled = |label: String| refused_menu("/areas/0/action", json!({"type": "message", "text": "a", "label": label}));
    assert!(labelled("あ".repeat(20)).is_empty());
    assert_eq!(labelled("あ".repeat(21)), ["areas[0].action.label"]);
}
