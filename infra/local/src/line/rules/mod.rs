//! What LINE refuses: the limits of messages and rich menus, checked as strictly as LINE checks them, so that nothing passes here that
//! would fail there. Pure: a request's JSON in, a list of problems out.
//! <https://developers.line.biz/en/reference/messaging-api/#message-objects>

mod actions;
mod flex;
mod menu;
mod place;
mod templates;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use self::place::{Problem, Problems};
use self::{
    actions::Holder,
    place::{Place, Unit},
};

/// Messages of one request.
const MESSAGES: usize = 5;
/// UTF-16 code units of a text.
const TEXT: usize = 5000;
/// Quick reply buttons.
const QUICK_REPLIES: usize = 13;
/// UTF-16 code units of the text that stands in for a template or Flex message.
const ALT_TEXT: usize = 1500;
const MESSAGE_KINDS: [&str; 11] =
    ["text", "textV2", "sticker", "image", "video", "audio", "location", "imagemap", "template", "flex", "coupon"];

/// Everything that LINE would refuse in the `messages` and the common fields of a reply's or push's body.
pub fn check(request: &Value) -> Vec<Problem> {
    let mut problems = Problems::default();
    let root = Place::root(request);
    for message in problems.sized(&root.field("messages"), 1, MESSAGES) {
        check_message(&mut problems, &message);
    }
    let silent = request.get("notificationDisabled");
    if silent.is_some_and(|silent| !silent.is_boolean() && !silent.is_null()) {
        problems.add(&root.field("notificationDisabled"), "Must be a boolean");
    }
    problems.0
}

/// Everything that LINE would refuse in a rich menu.
pub fn check_menu(request: &Value) -> Vec<Problem> {
    let mut problems = Problems::default();
    menu::check(&mut problems, &Place::root(request));
    problems.0
}

fn check_message(problems: &mut Problems, message: &Place<'_>) {
    quick_reply(problems, &message.field("quickReply"));
    sender(problems, &message.field("sender"));
    let kind = message.field("type");
    match kind.text() {
        Some("text" | "textV2") => problems.required_text(&message.field("text"), TEXT, Unit::Utf16),
        Some("sticker") => {
            for name in ["packageId", "stickerId"] {
                let id = message.field(name);
                if !id.text().is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())) {
                    problems.add(&id, "Must be a string of digits");
                }
            }
        }
        Some("image" | "video") => {
            problems.https(&message.field("originalContentUrl"));
            problems.https(&message.field("previewImageUrl"));
        }
        Some("audio") => {
            problems.https(&message.field("originalContentUrl"));
            number(problems, &message.field("duration"), 1.0, f64::MAX);
        }
        Some("location") => {
            problems.required_text(&message.field("title"), 100, Unit::Utf16);
            problems.required_text(&message.field("address"), 100, Unit::Utf16);
            number(problems, &message.field("latitude"), -90.0, 90.0);
            number(problems, &message.field("longitude"), -180.0, 180.0);
        }
        Some("imagemap") => imagemap(problems, message),
        Some("template") => {
            problems.required_text(&message.field("altText"), ALT_TEXT, Unit::Utf16);
            templates::check(problems, &message.field("template"));
        }
        Some("flex") => {
            problems.required_text(&message.field("altText"), ALT_TEXT, Unit::Utf16);
            flex::check(problems, &message.field("contents"));
        }
        Some("coupon") => {
            problems.required_text(&message.field("couponId"), TEXT, Unit::Utf16);
            problems.optional_text(&message.field("deliveryTag"), 30, Unit::Utf16);
        }
        Some(_) | None => problems.one_of(&kind, &MESSAGE_KINDS),
    }
}

fn quick_reply(problems: &mut Problems, quick_reply: &Place<'_>) {
    if !quick_reply.is_given() {
        return;
    }
    for item in problems.sized(&quick_reply.field("items"), 1, QUICK_REPLIES) {
        let kind = item.field("type");
        if kind.is_given() {
            problems.one_of(&kind, &["action"]);
        }
        problems.optional_https(&item.field("imageUrl"));
        actions::check(problems, &item.field("action"), Holder::QuickReply);
    }
}

fn sender(problems: &mut Problems, sender: &Place<'_>) {
    let name = sender.field("name");
    problems.optional_text(&name, 20, Unit::Utf16);
    if name.text().is_some_and(|name| name.to_lowercase().contains("line")) {
        problems.add(&name, "Must not contain the name of LINE");
    }
    problems.optional_https(&sender.field("iconUrl"));
}

fn imagemap(problems: &mut Problems, message: &Place<'_>) {
    problems.https(&message.field("baseUrl"));
    problems.required_text(&message.field("altText"), ALT_TEXT, Unit::Utf16);
    let size = message.field("baseSize");
    number(problems, &size.field("width"), 1040.0, 1040.0);
    number(problems, &size.field("height"), 1.0, f64::MAX);
    problems.sized(&message.field("actions"), 1, 50);
}

fn number(problems: &mut Problems, place: &Place<'_>, min: f64, max: f64) {
    if !place.number().is_some_and(|number| (min..=max).contains(&number)) {
        problems.add(place, "Must be a number in the allowed range");
    }
}
