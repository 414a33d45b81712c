//! Dividing a text that is too long for one message, without cutting what a reader sees as one character.

use unicode_segmentation::UnicodeSegmentation;

use crate::limit::{Limit, utf16_units};

/// How far before the end of a full part a better place to cut is looked for, in UTF-16 units.
const NEAR_THE_END: usize = 1000;

/// Divides a text into parts of at most 5000 UTF-16 units each. A part ends behind the last line break near its end,
/// else behind the last `。` there, else between two graphemes. Joined, the parts are the text; an empty text has none.
pub fn split_text(text: &str) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (part, behind) = rest.split_at(first_part(rest));
        parts.push(part.to_owned());
        rest = behind;
    }
    parts
}

/// Where the first part of a text that is not empty ends, in bytes.
fn first_part(text: &str) -> usize {
    let most = *Limit::Text.allowed().end();
    let (mut units, mut whole, mut line, mut sentence) = (0, 0, None, None);
    for (start, grapheme) in text.grapheme_indices(true) {
        units += utf16_units(grapheme);
        if units > most {
            let cut = line.or(sentence).unwrap_or(whole);
            return if cut == 0 { inside_of_a_grapheme(text, most) } else { cut };
        }
        whole = start + grapheme.len();
        if units > most - NEAR_THE_END {
            match grapheme {
                "\n" | "\r\n" => line = Some(whole),
                "。" => sentence = Some(whole),
                _ => {}
            }
        }
    }
    text.len()
}

/// One letter with thousands of marks on it fits nowhere: the only thing left to keep whole is the character.
fn inside_of_a_grapheme(text: &str, most: usize) -> usize {
    let mut units = 0;
    text.char_indices()
        .find(|(_, character)| {
            units += character.len_utf16();
            units > most
        })
        .map_or(text.len(), |(start, _)| start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn lengths(text: &str) -> Vec<usize> {
        split_text(text).iter().map(|part| utf16_units(part)).collect()
    }

    #[test]
    fn a_text_that_fits_stays_whole() {
        assert!(split_text("").is_empty());
        assert_eq!(split_text("一行目\n二行目。"), ["一行目\n二行目。"]);
        assert_eq!(lengths(&"あ".repeat(5000)), [5000]);
        assert_eq!(lengths(&"あ".repeat(5001)), [5000, 1]);
        assert_eq!(lengths(&"あ".repeat(12_000)), [5000, 5000, 2000]);
    }

    #[test]
    fn a_line_break_near_the_end_is_preferred_to_a_full_stop_and_that_to_nothing() {
        let long = |separator: &str, place: usize| format!("{}{separator}{}", "あ".repeat(place), "い".repeat(5000));
        assert_eq!(lengths(&long("\n", 4500)), [4501, 5000]);
        assert_eq!(lengths(&long("\r\n", 4500)), [4502, 5000]);
        assert_eq!(lengths(&long("。", 4500)), [4501, 5000]);
        assert_eq!(lengths(&long("\nう。", 4500)), [4501, 5000, 2]);
        assert_eq!(lengths(&long("\n", 3000)), [5000, 3001], "a break far from the end would make parts needlessly short");
        assert_eq!(lengths(&long("。", 4999)), [5000, 5000]);
    }

    #[test]
    fn no_grapheme_is_cut() {
        for grapheme in ["🤨", "👨‍👩‍👧", "か\u{3099}", "🇯🇵", "\r\n"] {
            let text = format!("a{}", grapheme.repeat(4000));
            for part in split_text(&text) {
                assert!(part.ends_with(grapheme), "{grapheme:?}");
            }
        }
    }

    #[test]
    fn a_grapheme_that_fits_nowhere_is_cut_between_characters() {
        let monster = format!("a{}", "\u{301}".repeat(6000));
        assert_eq!(lengths(&monster), [5000, 1001]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn the_parts_of_any_text_are_the_text_and_each_can_be_sent(
            pieces in prop::collection::vec((".{1,8}|👨‍👩‍👧|\u{301}|\r\n|。|🇯🇵", 1_usize..4000), 0..6),
        ) {
            let text: String = pieces.iter().map(|(piece, times)| piece.repeat(*times)).collect();
            let parts = split_text(&text);
            prop_assert_eq!(parts.concat(), text);
            for part in &parts {
                prop_assert!(Limit::Text.check_text(part).is_ok());
            }
        }
    }
}
