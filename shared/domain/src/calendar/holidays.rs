//! The national holidays of Japan, as the Cabinet Office publishes them (国民の祝日, with substitute holidays and the
//! days between two holidays, which the list calls 休日).
//!
//! `data/holidays.csv` is their file in UTF-8 with ISO dates. The office adds a year each February; to renew:
//!
//! ```sh
//! curl -s https://www8.cao.go.jp/chosei/shukujitsu/syukujitsu.csv | iconv -f CP932 -t UTF-8 | tr -d '\r' | sed 1d |
//!   awk -F'[/,]' '{ printf "%04d-%02d-%02d,%s\n", $1, $2, $3, $4 }' > shared/domain/data/holidays.csv
//! ```

use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};

/// The holidays of the years that the list covers. About a year that it does not list it knows nothing, and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holidays {
    /// In ascending order.
    days: Vec<NaiveDate>,
    /// 1 January of the first year listed and 31 December of the last.
    covers: Option<(NaiveDate, NaiveDate)>,
}

/// Why a text is no list of holidays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadHolidays {
    /// A line does not read `2027-11-23,勤労感謝の日`.
    #[error("line {line}: not a date and a name such as 2027-11-23,勤労感謝の日")]
    Line {
        /// Counted from 1.
        line: usize,
    },
    /// A day does not come after the one before it.
    #[error("line {line}: the day is not after the one before it")]
    Order {
        /// Counted from 1.
        line: usize,
    },
    /// There is no day in the list.
    #[error("the list is empty")]
    Empty,
}

static SHIPPED: LazyLock<Holidays> = LazyLock::new(|| {
    // A test reads the file. Should it be broken all the same, a list that covers no day makes every answer a refusal.
    Holidays::parse(include_str!("../../data/holidays.csv")).unwrap_or(Holidays { days: Vec::new(), covers: None })
});

impl Holidays {
    /// The list that this build carries.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads lines such as `2027-11-23,勤労感謝の日`, in ascending order.
    pub fn parse(text: &str) -> Result<Self, BadHolidays> {
        let mut days = Vec::with_capacity(text.len() / 20);
        let mut newest = NaiveDate::MIN;
        for (line, row) in (1..).zip(text.lines()) {
            let day = day_of(row).ok_or(BadHolidays::Line { line })?;
            if day <= newest {
                return Err(BadHolidays::Order { line });
            }
            newest = day;
            days.push(day);
        }
        let first = days.first().and_then(|day| NaiveDate::from_ymd_opt(day.year(), 1, 1)).ok_or(BadHolidays::Empty)?;
        let last = NaiveDate::from_ymd_opt(newest.year(), 12, 31).ok_or(BadHolidays::Empty)?;
        Ok(Self { days, covers: Some((first, last)) })
    }

    /// 31 December of the last year listed: the last day that can be answered for.
    pub fn reaches_to(&self) -> NaiveDate {
        self.covers.map_or(NaiveDate::MIN, |(_, last)| last)
    }

    /// Whether the day is a holiday; `None` where the list says nothing about its year.
    pub fn contains(&self, day: NaiveDate) -> Option<bool> {
        let (first, last) = self.covers?;
        (first..=last).contains(&day).then(|| self.days.binary_search(&day).is_ok())
    }
}

/// The date of one line. Read by hand: the list has a thousand lines and a cold start waits for it.
fn day_of(row: &str) -> Option<NaiveDate> {
    let (date, name) = row.split_once(',')?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = date.as_bytes() else { return None };
    let number = |digits: &[u8]| digits.iter().try_fold(0, |sum, digit| Some(sum * 10 + char::from(*digit).to_digit(10)?));
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let day = NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)?;
    (!name.trim().is_empty()).then_some(day)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_list_reads_and_reaches_to_the_end_of_its_last_year() {
        let list = Holidays::parse(include_str!("../../data/holidays.csv")).unwrap();
        assert_eq!(&list, Holidays::shipped());
        assert_eq!(list.days.len(), 1067);
        assert_eq!(list.reaches_to(), date("2027-12-31"));
    }

    #[test]
    fn holidays_substitutes_and_days_between_are_listed() {
        for (day, holiday) in [
            ("1955-01-01", Some(true)),
            ("2019-05-01", Some(true)),  // the enthronement, once only
            ("2020-07-24", Some(true)),  // スポーツの日, moved for the Olympic Games
            ("2020-10-12", Some(false)), // where it would have been
            ("2026-05-06", Some(true)),  // substitute for 3 May, a Sunday
            ("2026-09-22", Some(true)),  // between two holidays
            ("2026-11-23", Some(true)),
            ("2026-11-24", Some(false)),
            ("2027-03-22", Some(true)), // substitute for 21 March, a Sunday
            ("2027-12-31", Some(false)),
            ("2028-01-01", None),
            ("1954-12-31", None),
        ] {
            assert_eq!(Holidays::shipped().contains(date(day)), holiday, "{day}");
        }
    }

    #[test]
    fn a_broken_list_is_refused_with_its_line() {
        for (text, why) in [
            ("", BadHolidays::Empty),
            ("2027-01-01,元日\n\n", BadHolidays::Line { line: 2 }),
            ("国民の祝日・休日月日,国民の祝日・休日名称\n", BadHolidays::Line { line: 1 }),
            ("2027/1/1,元日\n", BadHolidays::Line { line: 1 }),
            ("2027-01-01\n", BadHolidays::Line { line: 1 }),
            ("2027-01-01,\n", BadHolidays::Line { line: 1 }),
            ("2027-02-30,元日\n", BadHolidays::Line { line: 1 }),
            ("20x7-01-01,元日\n", BadHolidays::Line { line: 1 }),
            ("2027-01-01,元日\n2027-01-01,元日\n", BadHolidays::Order { line: 2 }),
            ("2027-01-11,成人の日\n2027-01-01,元日\n", BadHolidays::Order { line: 2 }),
        ] {
            assert_eq!(Holidays::parse(text), Err(why), "{text}");
        }
    }
}
