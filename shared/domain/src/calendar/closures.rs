//! The days on which the operator closes although they are working days: a setting of the operator.

use std::{collections::BTreeSet, fmt, str::FromStr};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// When the operator is closed besides weekends and holidays. In settings:
/// `{ "yearly": [{ "from": "12-29", "to": "01-03" }], "days": ["2027-05-06"] }`; what is missing there has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Closures {
    /// Every year; by default 29 December to 3 January (row B1).
    pub yearly: Vec<YearlyClosure>,
    /// Once; by default none.
    pub days: BTreeSet<NaiveDate>,
}

impl Default for Closures {
    fn default() -> Self {
        let year_end = YearlyClosure { from: MonthDay { month: 12, day: 29 }, to: MonthDay { month: 1, day: 3 } };
        Self { yearly: vec![year_end], days: BTreeSet::new() }
    }
}

impl Closures {
    /// Whether the operator is closed on that day.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.days.contains(&date) || self.yearly.iter().any(|closure| closure.contains(date))
    }
}

/// A part of every year, first and last day included; where `from` comes after `to` it spans the year's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearlyClosure {
    /// The first day.
    pub from: MonthDay,
    /// The last day.
    pub to: MonthDay,
}

impl YearlyClosure {
    fn contains(self, date: NaiveDate) -> bool {
        let day = MonthDay { month: date.month(), day: date.day() };
        if self.from <= self.to { (self.from..=self.to).contains(&day) } else { day >= self.from || day <= self.to }
    }
}

/// A day of any year, written `12-29`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MonthDay {
    month: u32,
    day: u32,
}

/// The text is no day of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month and a day such as 12-29")]
pub struct BadMonthDay;

impl FromStr for MonthDay {
    type Err = BadMonthDay;

    fn from_str(text: &str) -> Result<Self, BadMonthDay> {
        let two_digits = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten().ok_or(BadMonthDay)
        };
        let (month, day) = text.split_once('-').ok_or(BadMonthDay)?;
        let (month, day) = (two_digits(month)?, two_digits(day)?);
        // A leap year, so that 02-29 can be named.
        NaiveDate::from_ymd_opt(2024, month, day).map(|_| Self { month, day }).ok_or(BadMonthDay)
    }
}

impl TryFrom<String> for MonthDay {
    type Error = BadMonthDay;

    fn try_from(text: String) -> Result<Self, BadMonthDay> {
        text.parse()
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl From<MonthDay> for String {
    fn from(day: MonthDay) -> Self {
        day.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_default_closes_from_29_december_to_3_january() {
        for (day, closed) in [
            ("2026-12-28", false),
            ("2026-12-29", true),
            ("2026-12-31", true),
            ("2027-01-01", true),
            ("2027-01-03", true),
            ("2027-01-04", false),
            ("2027-06-15", false),
        ] {
            assert_eq!(Closures::default().contains(date(day)), closed, "{day}");
        }
    }

    #[test]
    fn settings_say_only_what_differs_from_the_default() {
        let read = |json| serde_json::from_str::<Closures>(json).unwrap();
        assert_eq!(read("{}"), Closures::default());

        let extra = read(r#"{"days":["2027-05-06"]}"#);
        assert!(extra.contains(date("2027-05-06")) && !extra.contains(date("2028-05-06")) && extra.contains(date("2028-12-30")));

        let summer = read(r#"{"yearly":[{"from":"08-13","to":"08-15"},{"from":"02-29","to":"02-29"}]}"#);
        assert!(summer.contains(date("2027-08-13")) && summer.contains(date("2027-08-15")) && summer.contains(date("2028-02-29")));
        assert!(!summer.contains(date("2027-08-12")) && !summer.contains(date("2027-08-16")) && !summer.contains(date("2027-12-30")));
    }

    #[test]
    fn settings_are_written_as_they_are_read() {
        let json = r#"{"yearly":[{"from":"12-29","to":"01-03"}],"days":["2027-05-06"]}"#;
        assert_eq!(serde_json::to_string(&serde_json::from_str::<Closures>(json).unwrap()).unwrap(), json);
    }

    #[test]
    fn days_that_no_year_has_are_refused() {
        for bad in ["", "12", "1-3", "13-01", "00-10", "02-30", "12-29-", "+1-03", "12/29", "１２-29"] {
            assert_eq!(bad.parse::<MonthDay>(), Err(BadMonthDay), "{bad}");
        }
    }
}
