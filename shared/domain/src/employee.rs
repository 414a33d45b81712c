//! Employee numbers and names: how what people type and what rosters hold becomes comparable (rows A1, A3).

mod likeness;

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

pub use self::likeness::looks_like_name;
use crate::personal::{EmployeeNumber, PersonName};

/// The longest employee number, in characters.
pub const MAX_NUMBER: usize = 20;
/// The longest name, in characters; a variation selector counts as one.
pub const MAX_NAME: usize = 60;

/// How many digits a tenant's employee numbers have, where it says so: 1 to [`MAX_NUMBER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct NumberWidth(u8);

/// The width is outside 1 to [`MAX_NUMBER`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the width of employee numbers is a number from 1 to {MAX_NUMBER}")]
pub struct BadWidth;

impl NumberWidth {
    /// Takes a number of digits.
    pub fn new(digits: u8) -> Result<Self, BadWidth> {
        if (1..=MAX_NUMBER).contains(&usize::from(digits)) { Ok(Self(digits)) } else { Err(BadWidth) }
    }
}

impl TryFrom<u8> for NumberWidth {
    type Error = BadWidth;

    fn try_from(digits: u8) -> Result<Self, BadWidth> {
        Self::new(digits)
    }
}

impl From<NumberWidth> for u8 {
    fn from(width: NumberWidth) -> Self {
        width.0
    }
}

impl fmt::Display for NumberWidth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is no employee number. It does not quote the text: what a person typed is personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadNumber {
    /// There is no letter and no digit in it.
    #[error("the employee number is empty")]
    Empty,
    /// It is longer than [`MAX_NUMBER`] characters.
    #[error("the employee number has more than {MAX_NUMBER} characters")]
    TooLong,
    /// It has a character other than ASCII letters, digits and `-` `_` `.` `/`, or more than one line.
    #[error("the employee number has a character other than letters, digits and - _ . /")]
    Character,
}

/// The normal form of an employee number, for what people type and for what rosters hold alike.
///
/// NFKC (full-width digits become ASCII), upper case, every dash a `-`. Spaces go, inside too: phones insert them and
/// people group digits; but a second line is taken for something else and refused. Leading zeros stay. A number of
/// digits only is padded with zeros to the tenant's width, because spreadsheets drop them; a longer one stays as it is.
pub fn parse_number(text: &str, width: Option<NumberWidth>) -> Result<EmployeeNumber, BadNumber> {
    match plain_number(text) {
        Some(number) => Ok(padded(Cow::Borrowed(number), width)),
        None => normalised(text).map(|number| padded(Cow::Owned(number), width)),
    }
}

/// A text that is its own normal form, as most of a roster's are; `None` says nothing of the others.
fn plain_number(text: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_./".contains(&byte);
    let fits = text.len() <= MAX_NUMBER && text.bytes().all(plain) && text.bytes().any(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(text)
}

fn padded(number: Cow<'_, str>, width: Option<NumberWidth>) -> EmployeeNumber {
    let width = width.map_or(0, |NumberWidth(width)| usize::from(width));
    if width <= number.len() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return EmployeeNumber::from_normalised(number.into_owned());
    }
    let mut padded = String::with_capacity(width);
    padded.extend(std::iter::repeat_n('0', width - number.len()));
    padded.push_str(&number);
    EmployeeNumber::from_normalised(padded)
}

fn normalised(text: &str) -> Result<String, BadNumber> {
    let visible: String = text.nfkc().filter(|c| !is_invisible(*c)).collect();
    let line = visible.trim();
    if line.contains(is_line_break) {
        return Err(BadNumber::Character);
    }
    let number = with_plain_dashes(&line.replace(char::is_whitespace, "")).to_ascii_uppercase();
    if number.chars().any(|c| !(c.is_ascii_alphanumeric() || "-_./".contains(c))) {
        return Err(BadNumber::Character);
    }
    if !number.contains(|c: char| c.is_ascii_alphanumeric()) {
        return Err(BadNumber::Empty);
    }
    if number.len() > MAX_NUMBER {
        return Err(BadNumber::TooLong);
    }
    Ok(number)
}

/// The longest number that spreadsheets are known to cut zeros off: no company writes longer ones with zeros before them.
const LONGEST_PADDED: usize = 10;

/// The numbers that a number of digits only may have been before a spreadsheet took its zeros.
pub fn with_more_zeros(number: &EmployeeNumber) -> impl Iterator<Item = EmployeeNumber> {
    let digits = number.expose();
    (digits.len() + 1..=LONGEST_PADDED).map(move |width| EmployeeNumber::from_normalised(format!("{digits:0>width$}")))
}

/// Dashes become `-`; so do the long vowel mark and the ruled line, which Japanese keyboards offer in their place, but
/// only between two ASCII letters or digits, where they can mean nothing else.
fn with_plain_dashes(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let between = || plain.ends_with(|c: char| c.is_ascii_alphanumeric());
        let is_dash = match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2043}' => true,
            'ー' | '─' | '━' => between() && rest.peek().is_some_and(char::is_ascii_alphanumeric),
            _ => false,
        };
        plain.push(if is_dash { '-' } else { c });
    }
    plain
}

/// Why a text is no name. It does not quote the text: what a person typed is personal data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// There is nothing to see in it.
    #[error("the name is empty")]
    Empty,
    /// It is longer than [`MAX_NAME`] characters.
    #[error("the name has more than {MAX_NAME} characters")]
    TooLong,
    /// It has a line break, a tab or a character that turns the direction of writing.
    #[error("the name has a control character")]
    Control,
}

/// A name as it was written: only blanks and invisible characters around it go. 髙, 﨑, 𠮷 and variation selectors stay,
/// because that is how the person writes the name; comparing is [`same_name`]'s.
pub fn parse_name(text: &str) -> Result<PersonName, BadName> {
    if is_plain_name(text) { Ok(PersonName::from_checked(text.to_owned())) } else { checked_name(text) }
}

/// Whether the text is a name as it stands, as most of a roster's are: kana, kanji and ASCII, with blanks only within.
fn is_plain_name(text: &str) -> bool {
    let visible = |c: char| matches!(c, '!'..='~' | 'ぁ'..='ん' | 'ァ'..='ー' | '\u{4E00}'..='\u{9FFF}' | '々');
    let blank = |c: char| matches!(c, ' ' | '\u{3000}');
    let mut length = 0;
    let all = text.chars().all(|c| {
        length += 1;
        visible(c) || blank(c)
    });
    all && length <= MAX_NAME && text.starts_with(visible) && text.ends_with(visible)
}

fn checked_name(text: &str) -> Result<PersonName, BadName> {
    let name = text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c));
    if name.chars().all(|c| c.is_whitespace() || is_invisible(c) || is_variation_selector(c)) {
        return Err(BadName::Empty);
    }
    if name.chars().any(|c| c.is_control() || is_line_break(c) || turns_direction(c)) {
        return Err(BadName::Control);
    }
    if name.chars().count() > MAX_NAME {
        return Err(BadName::TooLong);
    }
    Ok(PersonName::from_checked(name.to_owned()))
}

/// Whether two names are the same after NFKC, without spaces (row A3), invisible characters and variation selectors.
///
/// A selector picks a shape of the same character, which rosters often cannot hold, so 葛󠄀 is 葛. Nothing beyond that is
/// evened out: 髙 and 高, 﨑 and 崎 are different characters also after NFKC, and so are `Smith` and `SMITH`.
pub fn same_name(a: &PersonName, b: &PersonName) -> bool {
    comparable(a.expose()).eq(comparable(b.expose()))
}

fn comparable(name: &str) -> impl Iterator<Item = char> {
    // What does not count goes first, so that NFKC joins what it stood between (サ ﾞ is ザ); spaces again, since NFKC makes some.
    let counts = |c: &char| !(c.is_whitespace() || is_invisible(*c) || is_variation_selector(*c));
    name.chars().filter(counts).nfkc().filter(|c| !c.is_whitespace())
}

/// The selectors of Unicode: 16 for shapes such as emoji, 240 for shapes of kanji (IVS).
const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Characters that take no room and that copying or a keyboard leaves behind: zero-width spaces and joiners, marks of
/// direction, the soft hyphen, the byte order mark.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}')
        || turns_direction(c)
}

/// Embeddings, overrides and isolates: inside a name they would change how the text around it reads.
const fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

const fn is_line_break(c: char) -> bool {
    matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    fn number(text: &str, width: Option<u8>) -> Result<String, BadNumber> {
        parse_number(text, width.map(|digits| NumberWidth::new(digits).unwrap())).map(|number| number.expose().to_owned())
    }

    #[test]
    fn numbers_have_one_form_however_they_are_typed() {
        for (text, width, normal) in [
            ("12345", None, "12345"),
            ("１２３４５", None, "12345"),
            ("  12345\n", None, "12345"),
            ("\u{3000}１２３４５\u{3000}", None, "12345"),
            ("\u{FEFF}12345\u{200B}", None, "12345"),
            ("12\u{200D}345", None, "12345"),
            ("00123", None, "00123"),
            ("0", None, "0"),
            ("00 12 34", None, "001234"),
            ("12\u{3000}34", None, "1234"),
            ("a0012", None, "A0012"),
            ("ａ００１２", None, "A0012"),
            ("①②", None, "12"),
            ("A-12_3.4/5", None, "A-12_3.4/5"),
            ("A‐12", None, "A-12"),
            ("A–12", None, "A-12"),
            ("A—12", None, "A-12"),
            ("A−12", None, "A-12"),
            ("A－12", None, "A-12"),
            ("Aー12", None, "A-12"),
            ("Ａｰ１２", None, "A-12"),
            ("A─12", None, "A-12"),
            ("A ー 12", None, "A-12"),
            ("12345678901234567890", None, "12345678901234567890"),
            ("123", Some(6), "000123"),
            ("１２３", Some(6), "000123"),
            ("0123", Some(6), "000123"),
            ("1234567", Some(6), "1234567"),
            ("0001234567", Some(6), "0001234567"),
            ("A123", Some(6), "A123"),
            ("1-23", Some(6), "1-23"),
            ("7", Some(20), "00000000000000000007"),
        ] {
            assert_eq!(number(text, width).as_deref(), Ok(normal), "{text}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_with_the_reason() {
        for (text, why) in [
            ("", BadNumber::Empty),
            (" \u{3000}\u{200B}\n", BadNumber::Empty),
            ("---", BadNumber::Empty),
            ("123456789012345678901", BadNumber::TooLong),
            ("12345 佐藤花子", BadNumber::Character),
            ("12345\n67890", BadNumber::Character),
            ("わかりません", BadNumber::Character),
            ("12345です", BadNumber::Character),
            ("社員番号:12345", BadNumber::Character),
            ("データ", BadNumber::Character),
            ("OKー", BadNumber::Character),
            ("12345!", BadNumber::Character),
            ("12#345", BadNumber::Character),
            ("é12", BadNumber::Character),
            ("1️⃣", BadNumber::Character),
        ] {
            assert_eq!(number(text, Some(6)), Err(why), "{text}");
        }
    }

    #[test]
    fn a_width_is_between_one_and_twenty() {
        assert_eq!(NumberWidth::new(0), Err(BadWidth));
        assert_eq!(NumberWidth::new(21), Err(BadWidth));
        assert_eq!(serde_json::from_str::<NumberWidth>("8").unwrap(), NumberWidth::new(8).unwrap());
        assert_eq!(serde_json::to_string(&NumberWidth::new(8).unwrap()).unwrap(), "8");
        assert!(serde_json::from_str::<NumberWidth>("0").is_err());
    }

    #[test]
    fn names_stay_as_written() {
        for (text, name) in [
            ("佐藤 花子", "佐藤 花子"),
            ("\u{3000}佐藤　花子 \n", "佐藤　花子"),
            ("\u{FEFF}ｻﾄｳ ﾊﾅｺ\u{200B}", "ｻﾄｳ ﾊﾅｺ"),
            ("髙﨑 𠮷野", "髙﨑 𠮷野"),
            ("葛\u{E0100}", "葛\u{E0100}"),
            ("John O'Neil", "John O'Neil"),
            ("김민수", "김민수"),
            ("王", "王"),
        ] {
            assert_eq!(parse_name(text).unwrap().expose(), name);
        }
        assert_eq!(parse_name(&"山".repeat(60)).unwrap().expose(), "山".repeat(60));
    }

    #[test]
    fn what_is_no_name_is_refused_with_the_reason() {
        for (text, why) in [
            ("", BadName::Empty),
            (" \u{3000}\u{200B}", BadName::Empty),
            ("\u{FE0F}\u{E0100}", BadName::Empty),
            ("佐藤\n花子", BadName::Control),
            ("佐藤\t花子", BadName::Control),
            ("佐藤\u{2028}花子", BadName::Control),
            ("佐藤\u{202E}花子", BadName::Control),
            ("佐藤\u{0}", BadName::Control),
        ] {
            assert_eq!(parse_name(text), Err(why), "{text:?}");
        }
        assert_eq!(parse_name(&"山".repeat(61)), Err(BadName::TooLong));
    }

    #[test]
    fn names_compare_after_nfkc_without_spaces_and_selectors() {
        for (a, b, same) in [
            ("佐藤 花子", "佐藤花子", true),
            ("佐藤　花子", "佐藤 花子", true),
            ("サトウ ハナコ", "ｻﾄｳ ﾊﾅｺ", true),
            ("ガク", "ｶﾞｸ", true),
            ("か\u{3099}く", "がく", true),
            ("ｻ ﾞｲｾﾞﾝ", "ザイゼン", true),
            ("Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith", true),
            ("葛\u{E0100}城", "葛城", true),
            ("辻\u{E0101}", "辻\u{E0100}", true),
            ("か\u{FE00}\u{3099}く", "がく", true),
            ("佐\u{200B}藤", "佐藤", true),
            ("神田", "神田", true), // a compatibility ideograph
            ("김민수", "김민수", true),
            ("髙橋", "高橋", false),
            ("﨑田", "崎田", false),
            ("𠮷野", "吉野", false),
            ("齋藤", "斎藤", false),
            ("佐藤花子", "佐藤華子", false),
            ("さとう", "サトウ", false),
            ("John Smith", "JOHN SMITH", false),
            ("佐藤", "佐藤花子", false),
        ] {
            assert_eq!(same_name(&parse_name(a).unwrap(), &parse_name(b).unwrap()), same, "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_judged_without_panic_and_a_number_is_its_own_normal_form(text in "\\PC{0,40}|[-0-9A-Za-z ０-９ー‐]{0,25}", width in prop::option::of(1..=20_u8)) {
            let _ = looks_like_name(&text);
            let _ = parse_name(&text);
            if let Ok(normal) = number(&text, width) {
                prop_assert!((1..=MAX_NUMBER).contains(&normal.len()));
                prop_assert_eq!(number(&normal, width), Ok(normal));
            }
        }

        #[test]
        fn the_short_ways_lead_where_the_long_ones_do(
            number in "[-0-9A-Z_./]{0,25}|[-0-9A-Za-z ０-９_./ー‐]{0,25}|\\PC{0,25}",
            name in "[ \u{3000}!-~ぁ-ーﾊ髙々\u{4E00}-\u{9FFF}]{0,70}|[佐藤ぁー \u{3000}\u{7F}\u{3099}\u{30FB}]{0,8}|\\PC{0,20}",
            width in prop::option::of(1..=20_u8),
        ) {
            let width = width.map(|digits| NumberWidth::new(digits).unwrap());
            prop_assert_eq!(parse_number(&number, width), normalised(&number).map(|number| padded(Cow::Owned(number), width)));
            prop_assert_eq!(parse_name(&name), checked_name(&name));
        }

        #[test]
        fn a_name_equals_itself_with_other_spaces(name in "[佐藤花子髙﨑ｶﾞサA-Za-z]{1,20}", cut in 0..20_usize) {
            let spaced: String = name.chars().enumerate().flat_map(|(i, c)| [c].into_iter().chain((i == cut).then_some('\u{3000}'))).collect();
            prop_assert!(same_name(&parse_name(&name).unwrap(), &parse_name(&spaced).unwrap()));
        }
    }
}
