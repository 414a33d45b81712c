//! Words that point to danger (row B4): a message that holds one gets helplines at once, at any hour.
//!
//! Finding too much costs a nurse a look; finding too little can cost a life. So spelling is evened out on both sides,
//! and a stray hit such as わたしにたいして (「しにたい」) is accepted.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::personal::MessageText;

/// A list of words that the operator keeps; see [`DangerWords::find`] for how they are read.
///
/// In settings one string, a word a line: every message reads the settings, and 150 strings cost more than all else in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct DangerWords {
    written: Vec<String>,
    needles: Vec<Needle>,
}

/// A word in the form in which it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Needle {
    /// Any run of letters, see [`letters_only`]: Japanese has no spaces to go by.
    Run(String),
    /// Whole ASCII words, see [`ascii_words`].
    Words(String),
}

static DEFAULT: LazyLock<DangerWords> = LazyLock::new(|| DangerWords::parse(include_str!("../data/danger-words.txt")));

impl From<Vec<String>> for DangerWords {
    /// A word without any letter or digit is kept as written, but never found: it would be in every message. A line break in a
    /// word, which is not looked at either, becomes a space.
    fn from(written: Vec<String>) -> Self {
        let written: Vec<String> = written.into_iter().map(|word| word.replace(['\r', '\n'], " ")).collect();
        let needles = written.iter().filter_map(|word| Needle::of(word)).collect();
        Self { written, needles }
    }
}

impl From<String> for DangerWords {
    fn from(lines: String) -> Self {
        lines.lines().map(str::to_owned).collect::<Vec<_>>().into()
    }
}

impl From<DangerWords> for String {
    fn from(words: DangerWords) -> Self {
        words.written.join("\n")
    }
}

impl DangerWords {
    /// The list that a new operator starts with, `data/danger-words.txt`.
    pub fn default_list() -> &'static Self {
        &DEFAULT
    }

    /// Reads one word a line; blank lines and lines that begin with `#` say nothing.
    pub fn parse(text: &str) -> Self {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(str::to_owned).collect::<Vec<_>>().into()
    }

    /// The words as they were written.
    pub fn words(&self) -> &[String] {
        &self.written
    }

    /// Whether the message holds one of the words.
    ///
    /// Widths, upper and lower case, hiragana and katakana are the same, and whatever stands between letters (spaces,
    /// line breaks, punctuation, emoji, invisible characters, `ー`) does not count: 「し に た い」 is 「シニタイ」. Kanji and kana are not
    /// the same: the list has a word in both where both are written. A word in ASCII letters is found as whole words only,
    /// so that `want to die` is not in `I want to diet`.
    pub fn find(&self, text: &MessageText) -> bool {
        let (run, words) = (letters_only(text.expose()), ascii_words(text.expose()));
        self.needles.iter().any(|needle| match needle {
            Needle::Run(needle) => run.contains(needle.as_str()),
            Needle::Words(needle) => words.contains(needle.as_str()),
        })
    }
}

impl Needle {
    fn of(word: &str) -> Option<Self> {
        let run = letters_only(word);
        if run.is_empty() {
            None
        } else if run.is_ascii() {
            Some(Self::Words(ascii_words(word)))
        } else {
            Some(Self::Run(run))
        }
    }
}

/// Letters and digits only, without width, case, kind of kana, small vowels (「しにたぃ」) and long vowel marks.
fn letters_only(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric() && *c != 'ー').map(|c| large_vowel(hiragana(c))).collect()
}

/// The runs of ASCII letters and digits in lower case, with one space before, between and after them.
fn ascii_words(text: &str) -> String {
    let lower: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let mut words = String::from(" ");
    for word in lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        words.push_str(word);
        words.push(' ');
    }
    words
}

/// The two blocks of kana stand in the same order, 0x60 apart.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        other => other,
    }
}

const fn large_vowel(c: char) -> char {
    match c {
        'ぁ' => 'あ',
        'ぃ' => 'い',
        'ぅ' => 'う',
        'ぇ' => 'え',
        'ぉ' => 'お',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    fn found(text: &str) -> bool {
        DangerWords::default_list().find(&MessageText::new(text))
    }

    /// The texts that are judged otherwise, all of them at once.
    fn missing(expected: bool, texts: &str) -> Vec<&str> {
        texts.split('|').filter(|text| found(text) != expected).collect()
    }

    #[test]
    fn danger_is_found_however_it_is_written() {
        let missed = missing(
            true,
            "\
             死にたい|もう死にたいです。|死 に た い|死\u{200B}にたい|死、に、た、い|死\nにたい|死😢にたい|しにたい|し に た い|\
             シニタイ|ｼﾆﾀｲ|しにたぃ|しにたーい|死んでしまいたい|消えたい|きえたい|いなくなりたい|生きていたくない|\
             自殺を考えています|首を吊ろうと思う|首吊り|首をつりたい|リストカットをした|リスカしてしまう|りすとかっと|\
             ビルから飛び降りたい|飛びおりる|遺書を書いた|薬を大量に飲んだ|オーバードーズ|胸が締め付けられる|\
             胸がしめつけられて苦しい|息ができない|息が出来ません|呼吸が苦しいです|意識がない|父の意識が無い|同僚が倒れました|\
             ろれつが回らない|血を吐いた|上司を殺したい|殺される|夫に殴られました|suicide|ＳＵＩＣＩＤＥ|I feel suicidal.|\
             I want to kill myself|kill  myself|KILL-MYSELF|I can't breathe|I can’t breathe|cant breathe|I want to die|\
             suicideしたい|my chest is tight",
        );
        assert!(missed.is_empty(), "{missed:?}");
    }

    #[test]
    fn near_misses_are_left_alone() {
        let mistaken = missing(
            false,
            "\
             。。。|見えたい|遠くまで見えたい|目が見えない|シミを消したい|痛みが消えた|話したい|はなしたい|はなしにいきたい|\
             死角に入った|必死に働いています|首が痛い|首がつった|肩と首がこる|飛び込み営業|飛行機に乗る|胸やけがする|胸焼け|\
             息子が元気です|息切れしやすい|意識して水を飲む|意識が高い|蚊に刺された|面倒です|倒産が心配|血圧が高い|眠れない|\
             腰が痛くて生活に支障があります|薬を飲み忘れた|救急箱|I want to diet|I cut my finger|skill myself up|breathe|\
             good die-cast|生きたい|長生きしたい|生き方を変えたい|休みたい|会社を辞めたい|クスリは何時に飲むのですか|ありますか|\
             逃げたい|太りたくない",
        );
        assert!(mistaken.is_empty(), "{mistaken:?}");
    }

    #[test]
    fn the_operators_words_are_found_like_ours_and_kept_as_written() {
        let words = DangerWords::from(["ツライ", " !? ", "Help\nMe"].map(str::to_owned).to_vec());
        for (text, hit) in [("つ ら い", true), ("help, me!", true), ("helpme", false), ("help men", false), ("!?", false), ("", false)]
        {
            assert_eq!(words.find(&MessageText::new(text)), hit, "{text}");
        }
        let kept = serde_json::to_string(&words).unwrap();
        assert_eq!(kept, r#""ツライ\n !? \nHelp Me""#);
        assert_eq!(serde_json::from_str::<DangerWords>(&kept).unwrap(), words);
        assert_eq!(serde_json::from_str::<DangerWords>(r#""""#).unwrap(), DangerWords::from(Vec::new()));
        assert!(!DangerWords::from(Vec::new()).find(&MessageText::new("死にたい")));
    }

    #[test]
    fn every_word_of_the_list_finds_itself_and_stands_there_once() {
        let list = DangerWords::default_list();
        assert_eq!(list.needles.len(), list.words().len());
        let finders = |word: &MessageText| list.words().iter().filter(|other| DangerWords::parse(other).find(word)).count();
        let redundant: Vec<_> = list.words().iter().filter(|word| finders(&MessageText::new(word.as_str())) != 1).collect();
        assert!(redundant.is_empty(), "found by another word too, or not at all: {redundant:?}");
    }

    proptest! {
        #[test]
        fn a_word_is_found_in_any_surroundings(before in "\\PC{0,20}", after in "\\PC{0,20}", gap in "[ 　\n、。!😀\u{200B}ー]{0,3}") {
            let spread = ["死", "に", "た", "い"].join(&gap);
            let text = format!("{before}{spread}{after}");
            prop_assert!(found(&text));
        }
    }
}
