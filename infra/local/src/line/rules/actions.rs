//! Actions: what a button does.
//! <https://developers.line.biz/en/reference/messaging-api/#action-objects>

use super::place::{Place, Problems, Unit};

/// Where an action hangs; the label's limit and the allowed kinds depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A quick reply button: the only holder of camera, camera roll and location.
    QuickReply,
    /// A button of a buttons, confirm or carousel template.
    Template,
    /// A column of an image carousel.
    ImageCarousel,
    /// A tap on a whole template or on a part of a Flex message: needs no label.
    Tap,
    /// A button of a Flex message.
    FlexButton,
    /// An area of a rich menu; the label is what a screen reader says. `richmenuswitch` is not known here, as aliases are not.
    RichMenu,
}

const KINDS: [&str; 5] = ["postback", "message", "uri", "datetimepicker", "clipboard"];
const QUICK_REPLY_ONLY: [&str; 3] = ["camera", "cameraRoll", "location"];
const LINK_SCHEMES: [&str; 4] = ["http", "https", "line", "tel"];

/// Checks the action at `action`, which hangs at `holder`.
pub fn check(problems: &mut Problems, action: &Place<'_>, holder: Holder) {
    if !action.is_given() {
        return problems.add(action, "May not be empty");
    }
    label(problems, &action.field("label"), holder);
    let kind = action.field("type");
    match kind.text() {
        Some("postback") => postback(problems, action),
        Some("message") => problems.required_text(&action.field("text"), 300, Unit::Utf16),
        Some("uri") => uri(problems, action),
        Some("datetimepicker") => date_picker(problems, action),
        Some("clipboard") => problems.required_text(&action.field("clipboardText"), 1000, Unit::Utf16),
        Some(other) if holder == Holder::QuickReply && QUICK_REPLY_ONLY.contains(&other) => {}
        Some(_) | None => problems.one_of(&kind, &KINDS),
    }
}

fn label(problems: &mut Problems, label: &Place<'_>, holder: Holder) {
    match holder {
        Holder::QuickReply | Holder::Template => problems.required_text(label, 20, Unit::Grapheme),
        Holder::ImageCarousel => problems.optional_text(label, 12, Unit::Grapheme),
        Holder::FlexButton => problems.required_text(label, 40, Unit::Grapheme),
        Holder::RichMenu => problems.optional_text(label, 20, Unit::Grapheme),
        Holder::Tap => problems.optional_text(label, 40, Unit::Grapheme),
    }
}

fn postback(problems: &mut Problems, action: &Place<'_>) {
    let (data, shown, text, typed) = (action.field("data"), action.field("displayText"), action.field("text"), action.field("fillInText"));
    problems.required_text(&data, 300, Unit::Utf16);
    problems.optional_text(&shown, 300, Unit::Utf16);
    problems.optional_text(&text, 300, Unit::Utf16);
    problems.optional_text(&typed, 300, Unit::Utf16);
    if shown.is_given() && text.is_given() {
        problems.add(&text, "Must not be specified together with displayText");
    }
    let option = action.field("inputOption");
    if option.is_given() {
        problems.one_of(&option, &["closeRichMenu", "openRichMenu", "openKeyboard", "openVoice"]);
    }
    if typed.is_given() && option.text() != Some("openKeyboard") {
        problems.add(&typed, "Needs inputOption openKeyboard");
    }
}

fn uri(problems: &mut Problems, action: &Place<'_>) {
    problems.address(&action.field("uri"), &LINK_SCHEMES, 1000);
    let desktop = action.field("altUri").field("desktop");
    if desktop.is_given() {
        problems.address(&desktop, &LINK_SCHEMES, 1000);
    }
}

fn date_picker(problems: &mut Problems, action: &Place<'_>) {
    problems.required_text(&action.field("data"), 300, Unit::Utf16);
    let mode = action.field("mode");
    problems.one_of(&mode, &["date", "time", "datetime"]);
    for name in ["initial", "max", "min"] {
        let moment = action.field(name);
        let readable = match (mode.text(), moment.text()) {
            (Some("date"), Some(text)) => chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok(),
            (Some("time"), Some(text)) => chrono::NaiveTime::parse_from_str(text, "%H:%M").is_ok(),
            (Some("datetime"), Some(text)) => {
                ["%Y-%m-%dT%H:%M", "%Y-%m-%dt%H:%M"].iter().any(|format| chrono::NaiveDateTime::parse_from_str(text, format).is_ok())
            }
            (_, Some(_) | None) => !moment.is_given(),
        };
        if !readable {
            problems.add(&moment, "Must be in the format of the mode");
        }
    }
}
