//! Client companies: what an operator sets up for each, and when their contract lets members in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    desk::Desk,
    employee::NumberWidth,
    id::{NurseId, TenantId},
    interview::allowance::Allowance,
    passphrase::PassphraseHash,
    text::Language,
    time,
    topic::Topic,
};

/// A client company (契約企業).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tenant {
    /// Its id in every key and log.
    pub id: TenantId,
    /// The company's name as members read it.
    pub name: String,
    /// What its QR code types into the chat (row A1).
    pub code: RegistrationCode,
    /// The LINE channel that its members use.
    pub channel: ChannelName,
    /// The language that the bot speaks to its members (row A6).
    pub language: Language,
    /// Numbers of digits only are padded with zeros to this width (row A1).
    pub number_width: Option<NumberWidth>,
    /// Asked for at registration where set (row A2).
    pub passphrase: Option<PassphraseHash>,
    /// What was bought, and for how long.
    pub contract: Contract,
    /// The company's own desks, by what they are for (row B4).
    #[serde(default)]
    pub desks: BTreeMap<Topic, Desk>,
    /// The nurse in charge, who approves what goes beyond the allowance (row C5).
    #[serde(default)]
    pub in_charge: Option<NurseId>,
    /// How many interviews of a month the plan includes (row C5).
    #[serde(default)]
    pub allowance: Allowance,
}

impl Tenant {
    /// Whether its employees have the LINE service at `now` (rows A4, D6).
    pub fn offers_line(&self, now: DateTime<Utc>) -> bool {
        self.contract.in_force(now) && self.contract.plans.contains(&Plan::EmployeeSupport)
    }
}

/// What a tenant bought (契約プラン).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Plan {
    /// 従業員サポート: LINE registration, consultations, content.
    EmployeeSupport,
    /// 面談サポート: interviews and the regular meeting.
    InterviewSupport,
}

/// Days of service (JST) and plans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contract {
    /// First day of service.
    pub starts: NaiveDate,
    /// Last day of service, where an end was requested; a contract ends with a month (row D6).
    pub last_day: Option<NaiveDate>,
    /// At least one.
    pub plans: BTreeSet<Plan>,
}

impl Contract {
    /// Whether `now` lies between 00:00 of the first day and the last moment of the last day.
    pub fn in_force(&self, now: DateTime<Utc>) -> bool {
        let today = time::jst_date(now);
        self.starts <= today && self.last_day.is_none_or(|last| today <= last)
    }
}

/// The path segment that names a LINE channel in `/line/{channel}/webhook`: lower-case letters, digits and `-`, 1 to 32.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChannelName(String);

/// The text cannot name a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a channel is named with 1 to 32 lower-case letters, digits or '-'")]
pub struct BadChannelName;

impl ChannelName {
    /// The name as it stands in the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ChannelName {
    type Err = BadChannelName;

    fn from_str(text: &str) -> Result<Self, BadChannelName> {
        let fits = (1..=32).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(BadChannelName) }
    }
}

impl TryFrom<String> for ChannelName {
    type Error = BadChannelName;

    fn try_from(text: String) -> Result<Self, BadChannelName> {
        text.parse()
    }
}

impl From<ChannelName> for String {
    fn from(name: ChannelName) -> Self {
        name.0
    }
}

impl std::fmt::Display for ChannelName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Eight characters that say which tenant a LINE user wants to register with. Not a secret: a passphrase is (row A2).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RegistrationCode(String);

/// The text is no registration code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a registration code has 8 characters of A to Z and 2 to 9, without I and O")]
pub struct BadRegistrationCode;

/// Without 0, O, 1 and I, which people mistake for each other on paper. 32 characters: one random byte modulo 32 is fair.
const CODE_ALPHABET: [char; 32] = [
    'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '2', '3', '4',
    '5', '6', '7', '8', '9',
];

/// What stands before the code in the text that the QR code types in, so that a member's question never reads as a code.
const CODE_PREFIXES: [&str; 2] = ["登録コード", "REGISTRATION CODE"];

impl RegistrationCode {
    /// A code from eight random bytes.
    pub fn from_random(bytes: [u8; 8]) -> Self {
        Self(bytes.iter().filter_map(|byte| CODE_ALPHABET.get(usize::from(byte % 32))).collect())
    }

    /// The code as it is printed.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The chat text that registers: what the QR code types in.
    pub fn chat_text(&self) -> String {
        format!("登録コード {}", self.0)
    }

    /// The code in a chat text that is meant as one: after the prefix of [`Self::chat_text`].
    pub fn announced_in(text: &str) -> Option<Self> {
        let folded = fold(text);
        let rest = CODE_PREFIXES.iter().find_map(|prefix| folded.strip_prefix(prefix))?;
        rest.trim_start_matches([' ', ':']).parse().ok()
    }

    /// The code in the text of somebody who is not registered, who may have typed just the code.
    pub fn typed_in(text: &str) -> Option<Self> {
        Self::announced_in(text).or_else(|| fold(text).parse().ok())
    }
}

fn fold(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().collect::<String>().trim().to_uppercase()
}

impl std::str::FromStr for RegistrationCode {
    type Err = BadRegistrationCode;

    fn from_str(text: &str) -> Result<Self, BadRegistrationCode> {
        let code = text.trim();
        if code.chars().count() == 8 && code.chars().all(|c| CODE_ALPHABET.contains(&c)) {
            Ok(Self(code.to_owned()))
        } else {
            Err(BadRegistrationCode)
        }
    }
}

impl TryFrom<String> for RegistrationCode {
    type Error = BadRegistrationCode;

    fn try_from(text: String) -> Result<Self, BadRegistrationCode> {
        text.parse()
    }
}

impl From<RegistrationCode> for String {
    fn from(code: RegistrationCode) -> Self {
        code.0
    }
}

impl std::fmt::Display for RegistrationCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_contract_holds_from_its_first_moment_to_its_last_in_jst() {
        let contract = Contract {
            starts: "2026-11-01".parse().unwrap(),
            last_day: Some("2027-01-31".parse().unwrap()),
            plans: BTreeSet::from([Plan::EmployeeSupport]),
        };
        assert!(!contract.in_force(instant("2026-10-31T23:59:59+09:00")));
        assert!(contract.in_force(instant("2026-11-01T00:00:00+09:00")));
        assert!(contract.in_force(instant("2027-01-31T23:59:59+09:00")));
        assert!(!contract.in_force(instant("2027-02-01T00:00:00+09:00")));
    }

    #[test]
    fn a_code_is_read_however_the_phone_wrote_it() {
        let code: RegistrationCode = "ABCD2345".parse().unwrap();
        for text in ["登録コード ABCD2345", "登録コード:abcd2345", "登録コード：ＡＢＣＤ２３４５", " Registration code ABCD2345 "]
        {
            assert_eq!(RegistrationCode::announced_in(text), Some(code.clone()), "{text}");
        }
        assert_eq!(RegistrationCode::typed_in("abcd2345"), Some(code.clone()));
        assert_eq!(RegistrationCode::announced_in("abcd2345"), None);
        assert_eq!(RegistrationCode::announced_in(&code.chat_text()), Some(code));
    }

    #[test]
    fn other_texts_are_no_codes() {
        for text in ["", "登録コード", "登録コード ABCD234", "登録コード ABCD2340", "頭が痛いです", "登録コード ABCD2345 です"]
        {
            assert_eq!(RegistrationCode::typed_in(text), None, "{text}");
        }
    }

    #[test]
    fn a_code_made_of_random_bytes_reads_back() {
        let code = RegistrationCode::from_random([0, 31, 32, 255, 7, 100, 200, 9]);
        assert_eq!(code.as_str().parse(), Ok(code));
    }
}
