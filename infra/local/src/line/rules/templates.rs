//! Template messages: buttons, confirm, carousel, image carousel.
//! <https://developers.line.biz/en/reference/messaging-api/#template-messages>

use super::{
    actions::{self, Holder},
    place::{Place, Problems, Unit},
};

/// Checks the object at `template`.
pub fn check(problems: &mut Problems, template: &Place<'_>) {
    let kind = template.field("type");
    match kind.text() {
        Some("buttons") => panel(problems, template, &Panel { text: 160, text_beside: 60, actions: 4 }),
        Some("confirm") => {
            problems.required_text(&template.field("text"), 240, Unit::Utf16);
            buttons(problems, template, 2, 2);
        }
        Some("carousel") => carousel(problems, template),
        Some("image_carousel") => {
            for column in problems.sized(&template.field("columns"), 1, 10) {
                problems.https(&column.field("imageUrl"));
                actions::check(problems, &column.field("action"), Holder::ImageCarousel);
            }
        }
        Some(_) | None => problems.one_of(&kind, &["buttons", "confirm", "carousel", "image_carousel"]),
    }
}

/// The limits of a panel with picture, title, text and buttons.
struct Panel {
    /// Characters of the text where it stands alone.
    text: usize,
    /// Characters of the text beside a picture or a title.
    text_beside: usize,
    /// Buttons at most.
    actions: usize,
}

fn panel(problems: &mut Problems, place: &Place<'_>, limits: &Panel) {
    let (picture, title) = (place.field("thumbnailImageUrl"), place.field("title"));
    problems.optional_https(&picture);
    problems.optional_text(&title, 40, Unit::Utf16);
    let alone = !picture.is_given() && !title.is_given();
    problems.required_text(&place.field("text"), if alone { limits.text } else { limits.text_beside }, Unit::Utf16);
    let tap = place.field("defaultAction");
    if tap.is_given() {
        actions::check(problems, &tap, Holder::Tap);
    }
    buttons(problems, place, 1, limits.actions);
}

fn buttons(problems: &mut Problems, place: &Place<'_>, min: usize, max: usize) {
    for action in problems.sized(&place.field("actions"), min, max) {
        actions::check(problems, &action, Holder::Template);
    }
}

fn carousel(problems: &mut Problems, template: &Place<'_>) {
    let columns = problems.sized(&template.field("columns"), 1, 10);
    for column in &columns {
        panel(problems, column, &Panel { text: 120, text_beside: 60, actions: 3 });
    }
    let mut shapes = columns.iter().map(|column| {
        let buttons = column.field("actions").elements().map_or(0, |actions| actions.len());
        (buttons, column.field("thumbnailImageUrl").is_given(), column.field("title").is_given())
    });
    let first = shapes.next();
    if shapes.any(|shape| Some(shape) != first) {
        problems.add(&template.field("columns"), "All columns must have the same number of actions, and all or none a title and a picture");
    }
}
