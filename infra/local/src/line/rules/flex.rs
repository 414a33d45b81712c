//! Flex messages: their size, their shape, and the actions in them.
//! <https://developers.line.biz/en/reference/messaging-api/#flex-message>

use super::{
    actions::{self, Holder},
    place::{Place, Problems, Unit},
};

const BUBBLE_BYTES: usize = 30 * 1024;
const CAROUSEL_BYTES: usize = 50 * 1024;
const BUBBLES: usize = 12;
const COMPONENTS: [&str; 9] = ["box", "button", "image", "video", "icon", "text", "span", "separator", "filler"];

/// Checks the container at `contents`.
pub fn check(problems: &mut Problems, contents: &Place<'_>) {
    let kind = contents.field("type");
    match kind.text() {
        Some("bubble") => bubble(problems, contents),
        Some("carousel") => {
            size(problems, contents, CAROUSEL_BYTES);
            for each in problems.sized(&contents.field("contents"), 1, BUBBLES) {
                bubble(problems, &each);
            }
        }
        Some(_) | None => problems.one_of(&kind, &["bubble", "carousel"]),
    }
}

fn size(problems: &mut Problems, place: &Place<'_>, max: usize) {
    if place.json_size() > max {
        problems.add(place, format!("Size must be at most {max} bytes"));
    }
}

fn bubble(problems: &mut Problems, bubble: &Place<'_>) {
    size(problems, bubble, BUBBLE_BYTES);
    let blocks = ["header", "hero", "body", "footer"].map(|name| bubble.field(name));
    if !blocks.iter().any(Place::is_given) {
        problems.add(bubble, "At least one block must be specified");
    }
    tap(problems, bubble);
    for block in blocks.iter().filter(|block| block.is_given()) {
        component(problems, block);
    }
}

fn tap(problems: &mut Problems, place: &Place<'_>) {
    let action = place.field("action");
    if action.is_given() {
        actions::check(problems, &action, Holder::Tap);
    }
}

fn component(problems: &mut Problems, place: &Place<'_>) {
    let kind = place.field("type");
    match kind.text() {
        Some("box") => {
            problems.one_of(&place.field("layout"), &["horizontal", "vertical", "baseline"]);
            tap(problems, place);
            let contents = place.field("contents");
            match contents.elements() {
                Some(parts) => parts.iter().for_each(|part| component(problems, part)),
                None => problems.add(&contents, "Must be an array"),
            }
        }
        Some("button") => actions::check(problems, &place.field("action"), Holder::FlexButton),
        Some("text") => {
            let spans = place.field("contents");
            match spans.elements() {
                Some(parts) => parts.iter().for_each(|part| component(problems, part)),
                None => problems.required_text(&place.field("text"), 2000, Unit::Utf16),
            }
            tap(problems, place);
        }
        Some("span") => problems.required_text(&place.field("text"), 2000, Unit::Utf16),
        Some("image") => {
            problems.https(&place.field("url"));
            tap(problems, place);
        }
        Some("icon") => problems.https(&place.field("url")),
        Some("video") => {
            problems.https(&place.field("url"));
            problems.https(&place.field("previewUrl"));
            component(problems, &place.field("altContent"));
        }
        Some("separator" | "filler") => {}
        Some(_) | None => problems.one_of(&kind, &COMPONENTS),
    }
}
