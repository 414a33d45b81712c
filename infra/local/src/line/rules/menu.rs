//! Rich menus. <https://developers.line.biz/en/reference/messaging-api/#rich-menu-object>

use super::{
    actions::{self, Holder},
    place::{Place, Problems, Unit},
};

/// Pixels of the image's width.
const WIDTH: std::ops::RangeInclusive<i64> = 800..=2500;
/// Pixels of the image's height, at least.
const HEIGHT: i64 = 250;
/// UTF-16 code units of the name, which only the account's owner sees.
const NAME: usize = 300;
/// UTF-16 code units of the bar that opens and closes it.
const CHAT_BAR_TEXT: usize = 14;
/// Areas that can be touched.
const AREAS: usize = 20;

/// Checks a whole rich menu.
pub fn check(problems: &mut Problems, menu: &Place<'_>) {
    let size = menu.field("size");
    let width = whole(problems, &size.field("width"), *WIDTH.start(), *WIDTH.end());
    let height = whole(problems, &size.field("height"), HEIGHT, i64::MAX);
    // Width through height is 1.45 at least; in whole numbers.
    if width.zip(height).is_some_and(|(width, height)| width * 20 < height.saturating_mul(29)) {
        problems.add(&size, "The aspect ratio (width / height) must be at least 1.45");
    }
    if menu.field("selected").truth().is_none() {
        problems.add(&menu.field("selected"), "Must be a boolean");
    }
    problems.required_text(&menu.field("name"), NAME, Unit::Utf16);
    problems.required_text(&menu.field("chatBarText"), CHAT_BAR_TEXT, Unit::Utf16);
    for area in problems.sized(&menu.field("areas"), 1, AREAS) {
        let bounds = area.field("bounds");
        within(problems, &bounds, ("x", "width"), width);
        within(problems, &bounds, ("y", "height"), height);
        actions::check(problems, &area.field("action"), Holder::RichMenu);
    }
}

/// An area begins inside of the image, and ends there.
fn within(problems: &mut Problems, bounds: &Place<'_>, (begin, length): (&str, &str), all: Option<i64>) {
    let from = whole(problems, &bounds.field(begin), 0, i64::MAX);
    let long = whole(problems, &bounds.field(length), 1, i64::MAX);
    if let (Some(from), Some(long), Some(all)) = (from, long, all)
        && from.saturating_add(long) > all
    {
        problems.add(bounds, "The area must lie within the size of the rich menu");
    }
}

/// The whole number at `place`, when it is one from `min` to `max`.
fn whole(problems: &mut Problems, place: &Place<'_>, min: i64, max: i64) -> Option<i64> {
    let number = place.whole().filter(|number| (min..=max).contains(number));
    if number.is_none() {
        problems.add(place, "Must be a whole number in the allowed range");
    }
    number
}
