//! The dates of roster files: every form that Japanese HR systems and spreadsheets write, and none that can be read twice.

use std::borrow::Cow;

use chrono::{Datelike, Days, NaiveDate};
use unicode_normalization::UnicodeNormalization;

/// The text is no date, or could be more than one. It does not quote the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a date that can be read in one way only")]
pub struct BadDate;

/// From which day a spreadsheet counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Epoch {
    /// 1 is 1900-01-01, and 60 a 29 February 1900 that never was (ECMA-376, 18.17.4.1).
    #[default]
    Year1900,
    /// 0 is 1904-01-01: files that began on an old Macintosh.
    Year1904,
}

/// Years outside are slips of the keyboard.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

struct Era {
    names: [&'static str; 3],
    first: (i32, u32, u32),
    last: (i32, u32, u32),
}

/// 明治45年7月30日 is also 大正元年, and 大正15年12月25日 also 昭和元年: both edicts count the day of the change twice.
const ERAS: [Era; 5] = [
    Era { names: ["令和", "r", "令"], first: (2019, 5, 1), last: (2199, 12, 31) },
    Era { names: ["平成", "h", "平"], first: (1989, 1, 8), last: (2019, 4, 30) },
    Era { names: ["昭和", "s", "昭"], first: (1926, 12, 25), last: (1989, 1, 7) },
    Era { names: ["大正", "t", "大"], first: (1912, 7, 30), last: (1926, 12, 25) },
    Era { names: ["明治", "m", "明"], first: (1868, 1, 25), last: (1912, 7, 30) },
];

/// Reads a date.
///
/// `2027-01-31`, `2027/1/31`, `2027.1.31`, `2027年1月31日`, `20270131`, an era (令和9年1月31日, 令和元年5月1日, `R9.1.31`) and a
/// spreadsheet's serial number of five digits (1927 to 2173: a shorter or a longer one could be a year or `yymmdd`); digits of
/// any width. A time of day behind it is ignored, one with an offset is not: it could be another day.
pub fn parse_date(text: &str, epoch: Epoch) -> Result<NaiveDate, BadDate> {
    let folded = fold(text);
    let day = without_time(folded.trim());
    if let Some(digits) = digits(day, 5..=8) {
        return match day.len() {
            8 => civil(digits / 10_000, digits / 100 % 100, digits % 100),
            5 if !day.starts_with('0') => from_serial(digits, epoch),
            _ => Err(BadDate),
        };
    }
    match ERAS.iter().find_map(|era| Some((era, after_name(era, day)?))) {
        None => {
            let [year, month, date] = parts(day)?;
            civil(digits(year, 4..=4).ok_or(BadDate)?, month_or_day(month)?, month_or_day(date)?)
        }
        Some((era, rest)) => {
            let [year, month, date] = parts(rest)?;
            let nth = if year == "元" { 1 } else { digits(year, 1..=2).filter(|nth| *nth > 0).ok_or(BadDate)? };
            let year = u32::try_from(era.first.0).map_err(|_| BadDate)? + nth - 1;
            let date = civil(year, month_or_day(month)?, month_or_day(date)?)?;
            let day = (date.year(), date.month(), date.day());
            if (era.first..=era.last).contains(&day) { Ok(date) } else { Err(BadDate) }
        }
    }
}

/// The day that a spreadsheet means by a whole number of days.
pub(super) fn from_serial(days: u32, epoch: Epoch) -> Result<NaiveDate, BadDate> {
    let (year, month, day, days) = match (epoch, days) {
        (Epoch::Year1900, 0 | 60) => return Err(BadDate),
        (Epoch::Year1900, ..60) => (1899, 12, 31, days),
        (Epoch::Year1900, _) => (1899, 12, 30, days),
        (Epoch::Year1904, _) => (1904, 1, 1, days),
    };
    let date = NaiveDate::from_ymd_opt(year, month, day).and_then(|first| first.checked_add_days(Days::new(u64::from(days))));
    date.filter(|date| YEARS.contains(&date.year())).ok_or(BadDate)
}

fn civil(year: u32, month: u32, day: u32) -> Result<NaiveDate, BadDate> {
    let year = i32::try_from(year).map_err(|_| BadDate)?;
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| YEARS.contains(&year)).ok_or(BadDate)
}

fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_ascii() || "年月日元令和平成昭和大正明治".contains(c)) {
        return Cow::Borrowed(text);
    }
    let plain_dash = |c| if matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}') { '-' } else { c };
    Cow::Owned(text.nfkc().map(plain_dash).collect())
}

/// `2027-01-31 0:00:00` and `2027-01-31T00:00` without what begins at the blank or the T.
fn without_time(text: &str) -> &str {
    let time = |tail: &str| {
        let mut parts = tail.split(':');
        let plain = |part: Option<&str>| part.is_some_and(|part| digits(part, 1..=2).is_some());
        let seconds = |part: &str| plain(Some(part.split_once('.').map_or(part, |(whole, _)| whole)));
        plain(parts.next()) && plain(parts.next()) && parts.next().is_none_or(seconds) && parts.next().is_none()
    };
    match text.rsplit_once([' ', 'T']) {
        Some((day, tail)) if time(tail) => day.trim_end(),
        _ => text,
    }
}

fn after_name<'a>(era: &Era, text: &'a str) -> Option<&'a str> {
    let named = |name: &&str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    era.names.iter().find(|name| named(name)).and_then(|name| text.get(name.len()..))
}

/// Year, month and day around 年月日, or around one separator that stands twice.
fn parts(text: &str) -> Result<[&str; 3], BadDate> {
    let split = |text| -> Option<[&str; 3]> {
        if let Some((year, rest)) = str::split_once(text, '年') {
            let (month, day) = rest.strip_suffix('日')?.split_once('月')?;
            return Some([year, month, day]);
        }
        let separator = text.chars().find(|c| "-/.".contains(*c))?;
        let (year, rest) = text.split_once(separator)?;
        let (month, day) = rest.split_once(separator)?;
        Some([year, month, day])
    };
    split(text).map(|parts| parts.map(str::trim)).ok_or(BadDate)
}

fn month_or_day(text: &str) -> Result<u32, BadDate> {
    digits(text, 1..=2).ok_or(BadDate)
}

fn digits(text: &str, length: std::ops::RangeInclusive<usize>) -> Option<u32> {
    if length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<String, BadDate> {
        parse_date(text, Epoch::Year1900).map(|date| date.to_string())
    }

    #[test]
    fn every_form_is_the_same_day() {
        for text in [
            "2027-01-31",
            "2027-1-31",
            "2027/1/31",
            "2027/01/31",
            "2027.1.31",
            "2027. 1.31",
            "20270131",
            "2027年1月31日",
            "2027年 1月31日",
            "２０２７／０１／３１",
            "２０２７年１月３１日",
            "2027−01−31",
            " 2027-01-31\u{3000}",
            "2027-01-31 0:00:00",
            "2027-01-31 00:00",
            "2027-01-31T00:00",
            "2027-01-31T00:00:00",
            "2027-01-31T00:00:00.000",
            "2027/1/31 23:59:59",
            "46418",
            "令和9年1月31日",
            "令和９年１月３１日",
            "令和09年01月31日",
            "㋿9年1月31日",
            "R9.1.31",
            "r9/1/31",
            "R09.01.31",
            "Ｒ９．１．３１",
            "令9.1.31",
            "R9.1.31 0:00",
        ] {
            assert_eq!(read(text).as_deref(), Ok("2027-01-31"), "{text}");
        }
    }

    #[test]
    fn an_era_holds_within_its_own_days() {
        for (text, day) in [
            ("令和元年5月1日", "2019-05-01"),
            ("R1.5.1", "2019-05-01"),
            ("H31.4.30", "2019-04-30"),
            ("平成元年1月8日", "1989-01-08"),
            ("S64.1.7", "1989-01-07"),
            ("昭和元年12月25日", "1926-12-25"),
            ("大正15年12月25日", "1926-12-25"),
            ("T1.7.30", "1912-07-30"),
            ("明治45年7月30日", "1912-07-30"),
            ("M33.1.1", "1900-01-01"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(day), "{text}");
        }
        for text in
            ["H31.5.1", "令和元年4月30日", "S64.1.8", "平成元年1月7日", "T1.7.29", "昭和元年12月24日", "M32.12.31", "R0.5.1", "令和5月1日"]
        {
            assert_eq!(read(text), Err(BadDate), "{text}");
        }
    }

    #[test]
    fn a_spreadsheet_s_days_are_counted_with_its_errors() {
        for (days, epoch, day) in [
            (1, Epoch::Year1900, Some("1900-01-01")),
            (59, Epoch::Year1900, Some("1900-02-28")),
            (60, Epoch::Year1900, None),
            (61, Epoch::Year1900, Some("1900-03-01")),
            (0, Epoch::Year1900, None),
            (46_418, Epoch::Year1900, Some("2027-01-31")),
            (44_956, Epoch::Year1904, Some("2027-01-31")),
            (0, Epoch::Year1904, Some("1904-01-01")),
            (200_000, Epoch::Year1900, None),
            (u32::MAX, Epoch::Year1904, None),
        ] {
            assert_eq!(from_serial(days, epoch).ok().map(|date| date.to_string()).as_deref(), day, "{days}");
        }
    }

    #[test]
    fn what_could_be_read_twice_is_no_date() {
        for text in [
            "",
            "-",
            "未定",
            "1/31/2027",
            "27/1/31",
            "27-01-31",
            "270131",
            "100131",
            "2027",
            "2027/1",
            "2027年1月",
            "1月31日",
            "2027-02-30",
            "2027-13-01",
            "2027-1/31",
            "2027-01-31-1",
            "2027--1-31",
            "1899-12-31",
            "2200-01-01",
            "9999-12-31",
            "00001",
            "2027-01-31T00:00:00Z",
            "2027-01-31T00:00:00+09:00",
            "2027-01-31 頃",
            "X9.1.31",
            "R9",
            "R100.1.1",
            "2027年1月31",
            "46418.5",
        ] {
            assert_eq!(read(text), Err(BadDate), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,16}|[RHSTM令和平成元年月日0-9０-９./: -]{0,14}") {
            let _ = parse_date(&text, Epoch::Year1904);
        }

        #[test]
        fn a_day_comes_back_from_each_of_its_forms(days in 10_000_u32..99_999) {
            let day = from_serial(days, Epoch::Year1900).unwrap();
            for form in [day.to_string(), day.format("%Y/%-m/%-d").to_string(), day.format("%Y%m%d").to_string(), day.format("%Y年%-m月%-d日").to_string(), days.to_string()] {
                prop_assert_eq!(parse_date(&form, Epoch::Year1900), Ok(day));
            }
        }
    }
}
