//! Half a character. JSON writes a character beyond U+FFFF as two `\u` escapes; a text that some app cut between them
//! ends in half of one, which is no text in Rust and makes the JSON parser refuse. The half is replaced by U+FFFD.

use std::borrow::Cow;

/// A replacement of the same length, so that nothing else in the document moves.
const REPLACEMENT: &str = "\\ufffd";

/// The document with every lone surrogate escape replaced. Whether the rest is JSON is the parser's business: outside
/// strings, JSON has no backslash, so that looking at backslashes alone is enough.
pub(super) fn repair(json: &str) -> Cow<'_, str> {
    let mut repaired: Option<String> = None;
    let mut kept = 0;
    let mut at = 0;
    while let Some(found) = json.get(at..).and_then(|rest| rest.find('\\')) {
        let start = at + found;
        match unit(json, start) {
            Some(0xd800..=0xdbff) if matches!(unit(json, start + 6), Some(0xdc00..=0xdfff)) => at = start + 12,
            Some(0xd800..=0xdfff) => {
                let document = repaired.get_or_insert_with(|| String::with_capacity(json.len()));
                document.push_str(json.get(kept..start).unwrap_or_default());
                document.push_str(REPLACEMENT);
                kept = start + REPLACEMENT.len();
                at = kept;
            }
            Some(_) => at = start + 6,
            // A two-character escape. What it escapes may be a backslash, which then begins nothing.
            None => at = start + 1 + json.get(start + 1..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8),
        }
    }
    match repaired {
        Some(mut document) => {
            document.push_str(json.get(kept..).unwrap_or_default());
            Cow::Owned(document)
        }
        None => Cow::Borrowed(json),
    }
}

/// The UTF-16 unit that a `\uXXXX` escape at `start` stands for.
fn unit(json: &str, start: usize) -> Option<u16> {
    let digits = json.get(start..start + 6)?.strip_prefix("\\u")?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u16::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lone_halves_are_replaced_and_everything_else_stays() {
        for (written, repaired) in [
            (r#""plain""#, r#""plain""#),
            (r#""\ud83e\udd28""#, r#""\ud83e\udd28""#),
            (r#""\uD83E\uDD28""#, r#""\uD83E\uDD28""#),
            (r#""\ud83e""#, r#""\ufffd""#),
            (r#""\udd28""#, r#""\ufffd""#),
            (r#""a\ud83eb\ud83e\ud83e\udd28c""#, r#""a\ufffdb\ufffd\ud83e\udd28c""#),
            (r#""\udd28\ud83e""#, r#""\ufffd\ufffd""#),
            (r#""\\ud83e""#, r#""\\ud83e""#),
            (r#""\\\ud83e""#, r#""\\\ufffd""#),
            (r#""\ud83e\n""#, r#""\ufffd\n""#),
            (r#""あ\ud83eい""#, r#""あ\ufffdい""#),
            (r"\", r"\"),
            (r"\u", r"\u"),
            (r"\あ\ud83e", r"\あ\ufffd"),
            (r#""\u+123""#, r#""\u+123""#),
        ] {
            assert_eq!(repair(written), repaired, "{written}");
        }
        assert!(matches!(repair(r#""\ud83e\udd28 🤨""#), Cow::Borrowed(_)), "nothing is copied where nothing is wrong");
    }

    proptest! {
        #[test]
        fn any_units_become_a_readable_text(units in prop::collection::vec(prop_oneof![any::<u16>(), 0xd7f0_u16..0xe010], 0..20)) {
            let escapes: Vec<String> = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let json = format!("\"{}\"", escapes.concat());
            let text: String = serde_json::from_str(&repair(&json)).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn any_text_is_left_alone_or_keeps_its_length(text in r"(\\|u|[dD]8|3e|.){0,40}") {
            prop_assert_eq!(repair(&text).len(), text.len());
        }
    }
}
