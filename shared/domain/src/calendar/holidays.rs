//! The national holidays of Japan, as the Cabinet Office publishes them (国民の祝日, with substitute holidays and the
//! days between two holidays, which the list calls 休日).
//!
//! `data/holidays.csv` is their file in UTF-8 with ISO dates. The office adds a year each February; to renew:
//!
//! ```sh
//! curl -s https://www8.cao.go.jp/chosei/shukujitsu/syukujitsu.csv | iconv -f CP932 -t UTF-8 | tr -d '\r' | sed 1d |
//!   awk -F'[/,]' '{ printf "%04d-%02d-%02d,%s\n", $1, $2, $3, $4 }' > shared/domain/data/holidays.csv
//! ```

use chrono::{Datelike, NaiveDate};

/// The holidays of the years that the list covers. About a year that it does not list it knows nothing, and says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holidays {
    /// At least one, in ascending order.
    days: &'static [NaiveDate],
}

/// A list that does not read does not compile.
static SHIPPED: Holidays = {
    const LIST: &[u8] = include_bytes!("../../data/holidays.csv");
    static DAYS: [NaiveDate; lines(LIST)] = days(LIST);
    Holidays { days: &DAYS }
};

impl Holidays {
    /// The list that this build carries.
    pub const fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// 31 December of the last year listed: the last day that can be answered for.
    pub fn reaches_to(&self) -> NaiveDate {
        self.days.last().and_then(|day| NaiveDate::from_ymd_opt(day.year(), 12, 31)).unwrap_or(NaiveDate::MIN)
    }

    /// Whether the day is a holiday; `None` where the list says nothing about its year.
    pub fn contains(&self, day: NaiveDate) -> Option<bool> {
        let (first, last) = (self.days.first()?.year(), self.days.last()?.year());
        (first..=last).contains(&day.year()).then(|| self.days.binary_search(&day).is_ok())
    }
}

const fn lines(mut list: &[u8]) -> usize {
    let mut count = 0;
    while let [byte, rest @ ..] = list {
        if *byte == b'\n' {
            count += 1;
        }
        list = rest;
    }
    count
}

/// The days of lines such as `2027-11-23,勤労感謝の日`, each after the one before it.
#[allow(clippy::indexing_slicing, reason = "`line` is less than COUNT, and nothing else is const yet")]
const fn days<const COUNT: usize>(list: &[u8]) -> [NaiveDate; COUNT] {
    let mut days = [NaiveDate::MIN; COUNT];
    let (mut line, mut rest, mut newest) = (0, list, 0);
    while line < COUNT {
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b',', name @ ..] = rest else { panic!("a line is no date with a name") };
        assert!(!matches!(name, [b'\n', ..]), "a holiday has no name");
        let (year, month, day) = (number(&[*y1, *y2, *y3, *y4]), number(&[*m1, *m2]), number(&[*d1, *d2]));
        assert!(year * 10_000 + month * 100 + day > newest, "a day is not after the one before it");
        newest = year * 10_000 + month * 100 + day;
        let Some(date) = NaiveDate::from_ymd_opt(year.cast_signed(), month, day) else { panic!("there is no such day") };
        days[line] = date;
        rest = name;
        while let [byte, next @ ..] = rest {
            rest = next;
            if *byte == b'\n' {
                break;
            }
        }
        line += 1;
    }
    assert!(COUNT > 0 && rest.is_empty(), "the list is empty, or its last line does not end");
    days
}

const fn number(mut digits: &[u8]) -> u32 {
    let mut number = 0;
    while let [digit, rest @ ..] = digits {
        assert!(digit.is_ascii_digit(), "a date is not made of digits");
        number = number * 10 + (*digit - b'0') as u32;
        digits = rest;
    }
    number
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_shipped_list_reaches_to_the_end_of_its_last_year() {
        let list = Holidays::shipped();
        assert_eq!((list.days.len(), list.days.first()), (1067, Some(&date("1955-01-01"))));
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
    fn lines_become_days() {
        assert_eq!(days("2027-01-01,元日\n2027-01-11,成人の日\n".as_bytes()), [date("2027-01-01"), date("2027-01-11")]);
    }

    /// So that such a file stops the build.
    #[test]
    fn a_broken_list_has_no_days() {
        for text in [
            "",
            "国民の祝日・休日月日\n",
            "2027/1/1,元日\n",
            "2027-01-01\n",
            "2027-01-01,\n",
            "2027-02-30,元日\n",
            "20x7-01-01,元日\n",
            "2027-01-01,元日\n2027-01-11,成人の日",
        ] {
            let read = std::panic::catch_unwind(|| days::<1>(text.as_bytes()));
            assert!(read.is_err(), "{text}");
        }
        for text in ["2027-01-01,元日\n2027-01-01,元日\n", "2027-01-11,成人の日\n2027-01-01,元日\n"] {
            assert!(std::panic::catch_unwind(|| days::<2>(text.as_bytes())).is_err(), "{text}");
        }
    }
}
