//! Until when something is in time (row C6, 「産業看護職は実施日の前営業日まで、セミナーは実施日の1か月前まで」), and when a reminder
//! goes out (row C4).

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{BeyondHolidays, BusinessCalendar},
    time,
};

/// The last day on which something is in time: until 23:59:59 of it, in Japan. It is fixed when people are told of it, so that a
/// closure that the operator adds later does not move it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Deadline {
    last_day: NaiveDate,
}

impl Deadline {
    /// For an interview on `day`: the last business day before it. Until then it can be cancelled or moved without cost, and an
    /// approval that it waits for can come; at the end of that day what still waits lapses.
    pub fn of_interview(day: NaiveDate, calendar: &BusinessCalendar<'_>) -> Result<Self, BeyondHolidays> {
        calendar.last_business_day_before(day).map(|last_day| Self { last_day })
    }

    /// For a seminar on `day`: the same day one calendar month earlier, business day or not; where that month is shorter, its last
    /// day (31 March: 28 or 29 February).
    pub fn of_seminar(day: NaiveDate) -> Self {
        Self { last_day: day.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN) }
    }

    /// The last day that is in time.
    pub const fn last_day(self) -> NaiveDate {
        self.last_day
    }

    /// The last second that is in time, for people to read: 23:59:59.
    pub fn last_second(self) -> DateTime<Utc> {
        self.passes_at().checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(DateTime::<Utc>::MIN_UTC)
    }

    /// The first instant that is too late.
    pub fn passes_at(self) -> DateTime<Utc> {
        time::start_of_day(self.last_day.succ_opt().unwrap_or(NaiveDate::MAX))
    }

    /// Whether something at `now` is in time.
    pub fn is_met(self, now: DateTime<Utc>) -> bool {
        now < self.passes_at()
    }
}

/// When people are reminded of an interview on `day` (row C4), and of a request form that is missing (row C7): at the opening of
/// the previous business day. `None` where that has passed at `now`, when it was booked or moved: the guidance mail has just said
/// the same.
pub fn reminder(day: NaiveDate, calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, BeyondHolidays> {
    let at = time::jst_instant(calendar.last_business_day_before(day)?, calendar.hours.opens);
    Ok((now < at).then_some(at))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use proptest::prelude::*;

    use super::*;
    use crate::calendar::{BusinessHours, Closures, Holidays};

    fn calendar() -> BusinessCalendar<'static> {
        BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().unwrap()
    }

    #[test]
    fn an_interview_is_cancelled_in_time_until_the_last_moment_of_the_business_day_before() {
        for (day, last_day) in [
            ("2026-11-26", "2026-11-25"), // Thursday
            ("2026-11-24", "2026-11-20"), // Tuesday after a long weekend
            ("2026-09-24", "2026-09-18"), // after silver week
            ("2027-01-04", "2026-12-28"), // first business day of the year
            ("2025-01-06", "2024-12-27"), // Monday; the 28th was a Saturday
            ("2027-05-06", "2027-04-30"), // over golden week and the end of a month
            ("2026-12-01", "2026-11-30"), // first of a month
            ("2027-02-01", "2027-01-29"), // first of a month, a Monday
            ("2024-03-01", "2024-02-29"), // leap day
            ("2024-02-29", "2024-02-28"),
            ("2023-03-01", "2023-02-28"),
        ] {
            let deadline = Deadline::of_interview(date(day), &calendar()).unwrap();
            assert_eq!(deadline.last_day(), date(last_day), "{day}");
            assert_eq!(deadline.last_second(), at(&format!("{last_day}T23:59:59")), "{day}");
            assert!(deadline.is_met(at(&format!("{last_day}T23:59:59.999"))), "{day}");
            assert!(!deadline.is_met(deadline.passes_at()), "{day}");
            assert_eq!(deadline.passes_at(), at(&format!("{last_day}T23:59:59")) + TimeDelta::seconds(1), "{day}");
        }
    }

    #[test]
    fn a_seminar_is_cancelled_in_time_until_the_same_day_a_month_earlier() {
        for (day, last_day) in [
            ("2027-03-31", "2027-02-28"),
            ("2024-03-31", "2024-02-29"),
            ("2024-03-29", "2024-02-29"),
            ("2023-03-29", "2023-02-28"),
            ("2024-02-29", "2024-01-29"),
            ("2027-05-31", "2027-04-30"),
            ("2027-01-15", "2026-12-15"),
            ("2027-02-01", "2027-01-01"), // a holiday counts
            ("2026-12-23", "2026-11-23"),
        ] {
            let deadline = Deadline::of_seminar(date(day));
            assert_eq!(deadline.last_second(), at(&format!("{last_day}T23:59:59")), "{day}");
        }
    }

    #[test]
    fn people_are_reminded_at_the_opening_of_the_business_day_before() {
        for (day, now, reminded) in [
            ("2026-11-26", "2026-11-20T12:00:00", Some("2026-11-25T09:00:00")),
            ("2026-11-24", "2026-11-19T12:00:00", Some("2026-11-20T09:00:00")),
            ("2027-01-04", "2026-12-01T12:00:00", Some("2026-12-28T09:00:00")),
            ("2024-03-01", "2024-02-28T12:00:00", Some("2024-02-29T09:00:00")),
            ("2026-11-26", "2026-11-25T08:59:59", Some("2026-11-25T09:00:00")),
            ("2026-11-26", "2026-11-25T09:00:00", None),
            ("2026-11-26", "2026-11-26T09:00:00", None),
        ] {
            assert_eq!(reminder(date(day), &calendar(), at(now)), Ok(reminded.map(at)), "{day} booked {now}");
        }
    }

    #[test]
    fn beyond_the_holidays_no_deadline_is_guessed_and_the_last_known_day_has_one() {
        let beyond = BeyondHolidays { reaches_to: date("2027-12-31") };
        assert_eq!(Deadline::of_interview(date("2027-12-28"), &calendar()).unwrap().last_day(), date("2027-12-27"));
        assert_eq!(Deadline::of_interview(date("2028-01-04"), &calendar()), Err(beyond));
        assert_eq!(reminder(date("2028-01-04"), &calendar(), at("2027-12-01T00:00:00")), Err(beyond));
    }

    #[test]
    fn the_ends_of_the_calendar_do_not_panic() {
        for day in [NaiveDate::MIN, NaiveDate::MAX] {
            Deadline::of_seminar(day).last_second();
            Deadline { last_day: day }.passes_at();
        }
    }

    proptest! {
        #[test]
        fn no_business_day_lies_between_the_deadline_and_the_interview(day in 1..1450_i64) {
            let day = date("2024-01-05") + TimeDelta::days(day);
            let deadline = Deadline::of_interview(day, &calendar()).unwrap();
            prop_assert!(calendar().is_business_day(deadline.last_day()).unwrap());
            let between = deadline.last_day().iter_days().skip(1).take_while(|other| *other < day);
            prop_assert!(between.into_iter().all(|other| !calendar().is_business_day(other).unwrap()));
            prop_assert!(deadline.passes_at() <= time::start_of_day(day));
        }
    }
}
