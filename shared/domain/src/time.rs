//! Japan Standard Time, and the two ways an instant is written: for the table and for people.
//!
//! The only module that knows the offset. JST is +09:00 all year and has been since 1952, so a fixed offset is exact
//! and no time zone database is needed. All other modules hold instants in UTC and civil dates as [`NaiveDate`].

use chrono::{DateTime, Datelike, FixedOffset, Months, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeDelta, Utc, Weekday};

/// Evaluated by the compiler: a wrong offset would not build.
const JST: FixedOffset = match FixedOffset::east_opt(9 * 60 * 60) {
    Some(offset) => offset,
    None => panic!("nine hours are a valid offset"),
};

/// The instant as a Japanese clock shows it.
pub fn jst(now: DateTime<Utc>) -> DateTime<FixedOffset> {
    now.with_timezone(&JST)
}

/// The date that a Japanese calendar shows at `now`.
pub fn jst_date(now: DateTime<Utc>) -> NaiveDate {
    wall_clock(now).date()
}

/// The time that a Japanese clock shows at `now`.
pub fn jst_time(now: DateTime<Utc>) -> NaiveTime {
    wall_clock(now).time()
}

/// The instant at which Japanese clocks show `time` on `date`.
pub fn jst_instant(date: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    date.and_time(time).checked_sub_offset(JST).unwrap_or(NaiveDateTime::MIN).and_utc()
}

/// 00:00 JST of `date`.
pub fn start_of_day(date: NaiveDate) -> DateTime<Utc> {
    jst_instant(date, NaiveTime::MIN)
}

/// The first day of the month after the one that `date` lies in (row A4: the day on which access ends).
pub fn first_of_next_month(date: NaiveDate) -> NaiveDate {
    date.with_day(1).and_then(|first| first.checked_add_months(Months::new(1))).unwrap_or(NaiveDate::MAX)
}

/// The month that a Japanese calendar shows at `now`, written `2026-11`.
pub fn month(now: DateTime<Utc>) -> String {
    jst_date(now).format("%Y-%m").to_string()
}

/// `time` of day from whole hours and minutes, for constants; wraps at midnight.
pub(crate) fn time_of_day(hours: u32, minutes: u32) -> NaiveTime {
    NaiveTime::MIN + TimeDelta::minutes(i64::from(hours) * 60 + i64::from(minutes))
}

/// Like `naive_local`, but at the very end of chrono's range it stays there instead of panicking.
fn wall_clock(now: DateTime<Utc>) -> NaiveDateTime {
    now.naive_utc().checked_add_offset(JST).unwrap_or(NaiveDateTime::MAX)
}

const FIRST_STAMP: &str = "0000-01-01T00:00:00.000Z";
const LAST_STAMP: &str = "9999-12-31T23:59:59.999Z";

/// The form in which the table holds an instant: `2027-01-31T14:59:59.000Z`, UTC, always 24 characters, so that the
/// order of the texts is the order of the instants. What is finer than a millisecond is cut off; instants outside
/// the years 0 to 9999 become the first or the last stamp, which keeps the order.
pub fn stamp(at: DateTime<Utc>) -> String {
    match at.year() {
        ..0 => FIRST_STAMP.to_owned(),
        0..=9999 => at.to_rfc3339_opts(SecondsFormat::Millis, true),
        10_000.. => LAST_STAMP.to_owned(),
    }
}

/// The text is not what [`stamp`] writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an instant in the form 2027-01-31T14:59:59.000Z")]
pub struct BadStamp;

/// Reads what [`stamp`] wrote, and nothing else: another spelling of the same instant would sort elsewhere.
pub fn parse_stamp(text: &str) -> Result<DateTime<Utc>, BadStamp> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| BadStamp)?.to_utc();
    if stamp(at) == text { Ok(at) } else { Err(BadStamp) }
}

/// For `#[serde(with = "domain::time::stamped")]`: an instant as [`stamp`] writes it.
pub mod stamped {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the stamp.
    pub fn serialize<S: Serializer>(at: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::stamp(*at))
    }

    /// Reads a stamp.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
        super::parse_stamp(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// For `#[serde(with = "domain::time::stamped_option", default)]`: an instant that may be missing.
pub mod stamped_option {
    use chrono::{DateTime, Utc};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes the stamp, or a null.
    pub fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_some(&super::stamp(*at)),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a stamp or a null.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        text.map(|text| super::parse_stamp(&text).map_err(D::Error::custom)).transpose()
    }
}

/// `11月24日(火) 9:00`, in JST: for something that is near, such as the next opening.
pub fn soon_ja(at: DateTime<Utc>) -> String {
    let local = wall_clock(at);
    format!("{}({}) {}", local.format("%-m月%-d日"), weekday_ja(local.weekday()), local.format("%-H:%M"))
}

/// `Tue 24 Nov, 9:00`, in JST: for something that is near, such as the next opening.
pub fn soon_en(at: DateTime<Utc>) -> String {
    wall_clock(at).format("%a %-d %b, %-H:%M").to_string()
}

/// `2026年11月24日(火) 9:00`, in JST: for a deadline, which a person may read in another year.
pub fn deadline_ja(at: DateTime<Utc>) -> String {
    format!("{}年{}", wall_clock(at).year(), soon_ja(at))
}

/// `Tue 24 Nov 2026, 9:00`, in JST: for a deadline, which a person may read in another year.
pub fn deadline_en(at: DateTime<Utc>) -> String {
    wall_clock(at).format("%a %-d %b %Y, %-H:%M").to_string()
}

/// `2026年11月24日(火)`.
pub fn date_ja(day: NaiveDate) -> String {
    format!("{}年{}({})", day.year(), day.format("%-m月%-d日"), weekday_ja(day.weekday()))
}

/// `Tue 24 Nov 2026`.
pub fn date_en(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

const fn weekday_ja(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "月",
        Weekday::Tue => "火",
        Weekday::Wed => "水",
        Weekday::Thu => "木",
        Weekday::Fri => "金",
        Weekday::Sat => "土",
        Weekday::Sun => "日",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_japanese_day_begins_at_fifteen_hours_utc() {
        assert_eq!(jst_date(utc("2026-12-31T14:59:59.999Z")), date("2026-12-31"));
        assert_eq!(jst_date(utc("2026-12-31T15:00:00Z")), date("2027-01-01"));
        assert_eq!(start_of_day(date("2027-01-01")), utc("2026-12-31T15:00:00Z"));
        assert_eq!(jst_instant(date("2027-01-01"), time_of_day(17, 30)), utc("2027-01-01T08:30:00Z"));
        assert_eq!(jst_time(utc("2027-01-01T08:30:00Z")), time_of_day(17, 30));
        assert_eq!(jst(utc("2026-12-31T15:00:00Z")).to_rfc3339(), "2027-01-01T00:00:00+09:00");
    }

    #[test]
    fn the_month_after_begins_on_its_first_whatever_the_day() {
        for (day, first) in [
            ("2026-11-01", "2026-12-01"),
            ("2026-11-30", "2026-12-01"),
            ("2026-12-31", "2027-01-01"),
            ("2027-01-31", "2027-02-01"),
            ("2028-02-29", "2028-03-01"),
        ] {
            assert_eq!(first_of_next_month(date(day)), date(first), "{day}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
            jst_date(at);
            jst_time(at);
            soon_ja(at);
            deadline_en(at);
            assert_eq!(stamp(at).len(), 24);
        }
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            start_of_day(day);
            first_of_next_month(day);
        }
    }

    #[test]
    fn stamps_have_one_spelling() {
        assert_eq!(stamp(utc("2027-01-31T23:59:59+09:00")), "2027-01-31T14:59:59.000Z");
        assert_eq!(stamp(utc("2027-01-31T14:59:59.999999Z")), "2027-01-31T14:59:59.999Z");
        assert_eq!(parse_stamp("2027-01-31T14:59:59.000Z"), Ok(utc("2027-01-31T14:59:59Z")));
        for other in [
            "",
            "2027-01-31",
            "2027-01-31T14:59:59Z",
            "2027-01-31T14:59:59.0Z",
            "2027-01-31T14:59:59.0000Z",
            "2027-01-31t14:59:59.000z",
            "2027-01-31 14:59:59.000Z",
            "2027-01-31T23:59:59.000+09:00",
            "2027-01-31T14:59:59.000+00:00",
            "2027-02-30T14:59:59.000Z",
            "+2027-01-31T14:59:59.000Z",
            " 2027-01-31T14:59:59.000Z",
        ] {
            assert_eq!(parse_stamp(other), Err(BadStamp), "{other}");
        }
    }

    #[test]
    fn serde_writes_stamps() {
        #[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        struct Row {
            #[serde(with = "super::stamped")]
            at: DateTime<Utc>,
            #[serde(with = "super::stamped_option", default)]
            until: Option<DateTime<Utc>>,
        }
        let at = utc("2026-11-24T00:00:00Z");
        for (row, json) in [
            (Row { at, until: Some(at) }, r#"{"at":"2026-11-24T00:00:00.000Z","until":"2026-11-24T00:00:00.000Z"}"#),
            (Row { at, until: None }, r#"{"at":"2026-11-24T00:00:00.000Z","until":null}"#),
        ] {
            assert_eq!(serde_json::to_string(&row).unwrap(), json);
            assert_eq!(serde_json::from_str::<Row>(json).unwrap(), row);
        }
        assert_eq!(serde_json::from_str::<Row>(r#"{"at":"2026-11-24T00:00:00.000Z"}"#).unwrap(), Row { at, until: None });
        assert!(serde_json::from_str::<Row>(r#"{"at":"2026-11-24T00:00:00Z"}"#).is_err());
    }

    #[test]
    fn people_read_japanese_time_without_needless_zeros() {
        for (at, ja, en) in [
            ("2026-11-24T09:00:00+09:00", "11月24日(火) 9:00", "Tue 24 Nov, 9:00"),
            ("2027-01-04T00:05:59+09:00", "1月4日(月) 0:05", "Mon 4 Jan, 0:05"),
            ("2026-12-31T15:00:00Z", "1月1日(金) 0:00", "Fri 1 Jan, 0:00"),
            ("2026-11-28T17:30:00+09:00", "11月28日(土) 17:30", "Sat 28 Nov, 17:30"),
        ] {
            assert_eq!(soon_ja(utc(at)), ja);
            assert_eq!(soon_en(utc(at)), en);
        }
        assert_eq!(deadline_ja(utc("2026-12-31T23:59:59+09:00")), "2026年12月31日(木) 23:59");
        assert_eq!(deadline_en(utc("2026-12-31T23:59:59+09:00")), "Thu 31 Dec 2026, 23:59");
        assert_eq!(deadline_ja(utc("2026-12-31T15:00:00Z")), "2027年1月1日(金) 0:00");
    }

    proptest! {
        #[test]
        fn stamps_sort_as_their_instants_do_and_come_back(a in -62_167_219_200_000..253_402_300_800_000_i64, b in -62_167_219_200_000..253_402_300_800_000_i64) {
            let (a, b) = (DateTime::from_timestamp_millis(a).unwrap(), DateTime::from_timestamp_millis(b).unwrap());
            prop_assert_eq!(stamp(a).cmp(&stamp(b)), a.cmp(&b));
            prop_assert_eq!(parse_stamp(&stamp(a)), Ok(a));
        }
    }
}
