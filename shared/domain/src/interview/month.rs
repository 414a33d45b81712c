//! A calendar month in Japan: to one the allowance belongs (row C5).

use std::{fmt, str::FromStr};

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::time;

/// A calendar month, written `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    first: NaiveDate,
}

/// The text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month such as 2026-11")]
pub struct BadMonth;

impl Month {
    /// The month in which `day` lies.
    pub fn of(day: NaiveDate) -> Self {
        Self { first: day.with_day(1).unwrap_or(day) }
    }

    /// Its first day.
    pub const fn first_day(self) -> NaiveDate {
        self.first
    }

    /// Its last day.
    pub fn last_day(self) -> NaiveDate {
        time::first_of_next_month(self.first).pred_opt().unwrap_or(NaiveDate::MIN)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self { first: time::first_of_next_month(self.first) }
    }

    /// The one before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { first: self.first.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN) }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.first.format("%Y-%m").fmt(f)
    }
}

impl FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let digits = text.len() == 7 && text.bytes().filter(u8::is_ascii_digit).count() == 6;
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map_err(|_| BadMonth)?;
        if digits { Ok(Self { first }) } else { Err(BadMonth) }
    }
}

impl TryFrom<String> for Month {
    type Error = BadMonth;

    fn try_from(text: String) -> Result<Self, BadMonth> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_year_end() {
        for (day, month, before, after, last_day) in [
            ("2026-11-30", "2026-11", "2026-10", "2026-12", "2026-11-30"),
            ("2026-12-31", "2026-12", "2026-11", "2027-01", "2026-12-31"),
            ("2027-01-01", "2027-01", "2026-12", "2027-02", "2027-01-31"),
            ("2024-02-29", "2024-02", "2024-01", "2024-03", "2024-02-29"),
        ] {
            let parsed: Month = month.parse().unwrap();
            assert_eq!(Month::of(day.parse().unwrap()), parsed);
            assert_eq!((parsed.previous().to_string(), parsed.next().to_string()), (before.to_owned(), after.to_owned()));
            assert_eq!((parsed.to_string().as_str(), parsed.last_day().to_string().as_str()), (month, last_day));
        }
    }

    #[test]
    fn a_month_has_one_spelling() {
        for text in ["", "2026", "2026-1", "2026-13", "2026-00", "26-11", "2026-11-01", "2026/11", " 2026-11", "+202-11"] {
            assert_eq!(text.parse::<Month>(), Err(BadMonth), "{text}");
        }
    }
}
