//! Desks that members are referred to (row B4): a tenant names one for a topic, and the operator keeps a list of public ones.

use std::{collections::BTreeSet, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::{
    documents::WebLink,
    text::{Language, Text},
    topic::Topic,
};

/// Characters of a name at most.
const MAX_NAME: usize = 60;
/// Lines, and characters of one, at most.
const MAX_LINES: (usize, usize) = (5, 120);

/// A desk, with at least one way to reach it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenDesk")]
pub struct Desk {
    name: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lines: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<Phone>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<WebLink>,
}

/// A desk as it is written down.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct WrittenDesk {
    /// What it is called.
    pub name: String,
    /// What it is for, when it is open, how to reach it.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Its number.
    #[serde(default)]
    pub phone: Option<Phone>,
    /// Its page.
    #[serde(default)]
    pub url: Option<WebLink>,
}

/// Why something is no desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadDesk {
    /// No name, or too long a one.
    #[error("a desk has a name of 1 to {MAX_NAME} characters")]
    Name,
    /// Too many lines, or too long ones.
    #[error("a desk is described in at most {} lines of 1 to {} characters", MAX_LINES.0, MAX_LINES.1)]
    Lines,
    /// Nobody could reach it.
    #[error("a desk is reached by a phone number, a page, or what a line says")]
    Unreachable,
}

impl TryFrom<WrittenDesk> for Desk {
    type Error = BadDesk;

    fn try_from(written: WrittenDesk) -> Result<Self, BadDesk> {
        let WrittenDesk { name, lines, phone, url } = written;
        let fits = |text: &str, most: usize| (1..=most).contains(&text.chars().count()) && !text.contains(char::is_control);
        let name = name.trim().to_owned();
        if !fits(&name, MAX_NAME) {
            return Err(BadDesk::Name);
        }
        let lines: Vec<String> = lines.iter().map(|line| line.trim().to_owned()).collect();
        if lines.len() > MAX_LINES.0 || !lines.iter().all(|line| fits(line, MAX_LINES.1)) {
            return Err(BadDesk::Lines);
        }
        if lines.is_empty() && phone.is_none() && url.is_none() {
            return Err(BadDesk::Unreachable);
        }
        Ok(Self { name, lines, phone, url })
    }
}

impl Desk {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is for, when it is open, how to reach it.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    /// Its number.
    pub const fn phone(&self) -> Option<&Phone> {
        self.phone.as_ref()
    }

    /// Its page.
    pub const fn url(&self) -> Option<&WebLink> {
        self.url.as_ref()
    }

    /// Its lines in a text: what it is, then number and page, each on a line of its own.
    pub fn show(&self, language: Language) -> String {
        let phone = self.phone.as_ref().map(|phone| language.say(&Text::ReferralPhone { phone: phone.as_str().to_owned() }));
        let url = self.url.as_ref().map(|url| url.as_str().to_owned());
        let lines = [format!("■ {}", self.name)].into_iter().chain(self.lines.iter().cloned()).chain(phone).chain(url);
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// A phone number as one dials it in Japan: digits and hyphens, `+` or `#` in front; 3 to 20 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// The text is no phone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number: 3 to 20 digits and hyphens, such as 03-1234-5678 or #7119")]
pub struct BadPhone;

impl Phone {
    /// The number as it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Phone {
    type Err = BadPhone;

    fn from_str(text: &str) -> Result<Self, BadPhone> {
        let text = text.trim();
        let dialled = text.strip_prefix(['+', '#']).unwrap_or(text);
        let digits = dialled.bytes().filter(u8::is_ascii_digit).count();
        let fits = dialled.bytes().all(|b| b.is_ascii_digit() || b == b'-') && digits >= 3 && text.len() <= 20;
        if fits { Ok(Self(text.to_owned())) } else { Err(BadPhone) }
    }
}

impl TryFrom<String> for Phone {
    type Error = BadPhone;

    fn try_from(text: String) -> Result<Self, BadPhone> {
        text.parse()
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

/// A public desk, and what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicDesk {
    /// What it is for.
    pub topics: BTreeSet<Topic>,
    /// The desk.
    #[serde(flatten)]
    pub desk: Desk,
}

impl PublicDesk {
    /// The list that a new operator starts with, `data/public-desks.toml`. A file that lists no desks is an empty list; a test
    /// keeps that from happening.
    pub fn default_list() -> &'static [Self] {
        static DEFAULT: LazyLock<Vec<PublicDesk>> =
            LazyLock::new(|| serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/public-desks.json"))).unwrap_or_default());
        &DEFAULT
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn desk(name: &str, lines: &[&str]) -> Result<Desk, BadDesk> {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        WrittenDesk { name: name.to_owned(), lines, ..WrittenDesk::default() }.try_into()
    }

    #[test]
    fn a_desk_has_a_name_and_can_be_reached() {
        assert!(desk("人事相談室", &["内線 1234"]).is_ok());
        assert_eq!(desk(" ", &["内線 1234"]), Err(BadDesk::Name));
        assert_eq!(desk(&"あ".repeat(61), &["内線 1234"]), Err(BadDesk::Name));
        assert_eq!(desk("人事相談室", &[]), Err(BadDesk::Unreachable));
        assert_eq!(desk("人事相談室", &["内線 1234", ""]), Err(BadDesk::Lines));
        assert_eq!(desk("人事相談室", &["a\nb"]), Err(BadDesk::Lines));
        assert_eq!(desk("人事相談室", &["a"; 6]), Err(BadDesk::Lines));
        assert!(serde_json::from_str::<Desk>(r#"{"name":"人事相談室"}"#).is_err());
    }

    #[test]
    fn a_phone_number_can_be_dialled() {
        for good in ["03-1234-5678", "0120-783-556", "#7119", "119", "+81-3-1234-5678"] {
            assert_eq!(good.parse::<Phone>().unwrap().as_str(), good);
        }
        for bad in ["", "--", "03 1234 5678", "０３", "12", "03-1234-5678 内線1", "0312345678901234567890"] {
            assert_eq!(bad.parse::<Phone>(), Err(BadPhone), "{bad}");
        }
    }

    #[test]
    fn a_desk_comes_back_from_the_table_and_reads_line_by_line() {
        let text = r#"{"name":"相談室","lines":["平日 9:00〜17:00"],"phone":"03-1234-5678","url":"https://desk.example.jp/"}"#;
        let desk: Desk = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&desk).unwrap(), text);
        assert_eq!(desk.show(Language::Ja), "■ 相談室\n平日 9:00〜17:00\n電話：03-1234-5678\nhttps://desk.example.jp/");
    }

    #[test]
    fn every_topic_that_is_referred_has_a_public_desk() {
        let list = PublicDesk::default_list();
        assert_eq!(list.len(), 6);
        for topic in Topic::ALL.iter().filter(|topic| topic.is_referred()) {
            assert!(list.iter().any(|desk| desk.topics.contains(topic)), "{topic}");
        }
    }
}
