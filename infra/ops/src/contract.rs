//! The notice period of a contract (row D6).

use std::{fmt, str::FromStr};

use chrono::{Datelike, Days, Months, NaiveDate};

use domain::{tenant::Contract, time};

use crate::OpsError;

/// A month of the calendar, written `2027-01`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first: NaiveDate,
}

/// The text is no month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a month such as 2027-01")]
pub struct BadMonth;

impl Month {
    /// The month that `date` lies in.
    pub fn of(date: NaiveDate) -> Self {
        Self { first: date.with_day(1).unwrap_or(date) }
    }

    /// So many months later.
    #[must_use]
    pub fn plus(self, months: u32) -> Self {
        Self { first: self.first.checked_add_months(Months::new(months)).unwrap_or(NaiveDate::MAX) }
    }

    /// The last day.
    pub fn last_day(self) -> NaiveDate {
        time::first_of_next_month(self.first).checked_sub_days(Days::new(1)).unwrap_or(self.first)
    }
}

impl FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let (year, month) = text.split_once('-').ok_or(BadMonth)?;
        let digits = |part: &str, count| part.len() == count && part.bytes().all(|b| b.is_ascii_digit());
        if !(digits(year, 4) && digits(month, 2)) {
            return Err(BadMonth);
        }
        let first = year.parse().ok().zip(month.parse().ok()).and_then(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
        first.map(|first| Self { first }).ok_or(BadMonth)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first.format("%Y-%m"))
    }
}

/// The last day of service of a contract whose end with `month` is requested on `today` (JST): the request is due by the last
/// day of the second month before, so that the earliest month today is the second after this one. Where it is `agreed` with
/// the tenant, any month from the contract's first on will do.
pub fn last_day(contract: &Contract, month: Month, today: NaiveDate, agreed: bool) -> Result<NaiveDate, OpsError> {
    if month < Month::of(contract.starts) {
        return Err(OpsError::EndBeforeStart { asked: month, starts: contract.starts });
    }
    let earliest = Month::of(today).plus(2);
    if month < earliest && !agreed {
        return Err(OpsError::EndTooSoon { asked: month, earliest });
    }
    Ok(month.last_day())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn contract() -> Contract {
        Contract { starts: date("2026-04-01"), last_day: None, plans: [domain::tenant::Plan::EmployeeSupport].into() }
    }

    #[test]
    fn an_end_is_requested_by_the_last_day_of_the_second_month_before() {
        for (month, today, last) in [
            ("2027-01", "2026-11-30", Some("2027-01-31")),
            ("2027-01", "2026-12-01", None),
            ("2027-02", "2026-12-01", Some("2027-02-28")),
            ("2028-02", "2027-12-31", Some("2028-02-29")),
            ("2028-02", "2028-01-01", None),
            ("2026-12", "2026-12-01", None),
        ] {
            let answer = last_day(&contract(), month.parse().unwrap(), date(today), false);
            assert_eq!(answer.ok(), last.map(date), "{month} on {today}");
        }
    }

    #[test]
    fn a_refusal_names_the_earliest_month_and_an_agreement_overrides_it() {
        let (december, today) = ("2026-12".parse().unwrap(), date("2026-11-24"));
        let refused = last_day(&contract(), december, today, false).unwrap_err().to_string();
        assert!(refused.contains("2027-01") && refused.contains("--agreed"), "{refused}");
        assert_eq!(last_day(&contract(), december, today, true).unwrap(), date("2026-12-31"));
    }

    #[test]
    fn nothing_ends_before_it_starts() {
        assert!(matches!(
            last_day(&contract(), "2026-03".parse().unwrap(), date("2026-01-15"), true),
            Err(OpsError::EndBeforeStart { .. })
        ));
    }

    #[test]
    fn a_month_has_one_spelling() {
        assert_eq!("2027-01".parse::<Month>().unwrap().to_string(), "2027-01");
        for bad in ["", "2027", "2027-1", "2027-13", "2027-00", "27-01", "2027/01", "+027-01", "2027-01-01"] {
            assert_eq!(bad.parse::<Month>(), Err(BadMonth), "{bad}");
        }
    }
}
