//! When the nurses answer (row B1), and the business days by which deadlines are counted (row C6).
//!
//! A business day is Monday to Friday, no national holiday, and no closure of the operator. The holidays are known up to
//! 31 December of the last year that the Cabinet Office listed; what needs a later day is refused with
//! [`BeyondHolidays`], so that the caller can say so in the log and alarm instead of telling people a guess.
//! All days and times of day are Japanese ones ([`crate::time`]).

mod closures;
mod holidays;

use std::iter;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use serde::{Deserialize, Serialize};

pub use self::{
    closures::{BadMonthDay, Closures, MonthDay, YearlyClosure},
    holidays::Holidays,
};
use crate::time;

/// The part of a business day in which nurses answer, `[opens, closes)`; by default 9:00 to 17:30.
/// In settings `{ "opens": "09:00", "closes": "17:30" }`; hours that never open are refused there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "WrittenHours")]
pub struct BusinessHours {
    /// The first moment.
    pub opens: NaiveTime,
    /// The moment after the last.
    pub closes: NaiveTime,
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self { opens: time::time_of_day(9, 0), closes: time::time_of_day(17, 30) }
    }
}

#[derive(Deserialize)]
struct WrittenHours {
    opens: NaiveTime,
    closes: NaiveTime,
}

/// The hours end before they begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("business hours must open before they close")]
pub struct BadHours;

impl TryFrom<WrittenHours> for BusinessHours {
    type Error = BadHours;

    fn try_from(WrittenHours { opens, closes }: WrittenHours) -> Result<Self, BadHours> {
        if opens < closes { Ok(Self { opens, closes }) } else { Err(BadHours) }
    }
}

/// The answer would need a day that the list of holidays says nothing about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the list of national holidays reaches to {reaches_to}; renew shared/domain/data/holidays.csv")]
pub struct BeyondHolidays {
    /// 31 December of the last year listed.
    pub reaches_to: NaiveDate,
}

/// The time between two business times.
///
/// `until` identifies it for "once per closed period": two periods never end with the same opening, and when the operator
/// moves an opening, those who were told the old one are told again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClosedPeriod {
    /// The closing that began it.
    pub from: DateTime<Utc>,
    /// The opening that ends it.
    pub until: DateTime<Utc>,
}

/// The operator's business days and hours.
#[derive(Debug, Clone)]
pub struct BusinessCalendar<'a> {
    /// National holidays, normally [`Holidays::shipped`].
    pub holidays: &'a Holidays,
    /// Setting of the operator.
    pub hours: BusinessHours,
    /// Setting of the operator.
    pub closures: Closures,
}

impl BusinessCalendar<'_> {
    /// Whether nurses work on that day.
    pub fn is_business_day(&self, date: NaiveDate) -> Result<bool, BeyondHolidays> {
        // The list is asked first: beyond it even a Sunday is not answered, so that the end shows on its first day.
        let holiday = self.holidays.contains(date).ok_or_else(|| self.beyond())?;
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        Ok(!(holiday || weekend || self.closures.contains(date)))
    }

    /// Whether `now` is business time.
    pub fn is_open(&self, now: DateTime<Utc>) -> Result<bool, BeyondHolidays> {
        let in_hours = (self.hours.opens..self.hours.closes).contains(&time::jst_time(now));
        Ok(self.is_business_day(time::jst_date(now))? && in_hours)
    }

    /// The first opening after `now`. While closed it ends the closed period; during business time, the moment of opening
    /// included, it is the opening of the next business day.
    pub fn next_opening(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, BeyondHolidays> {
        let today = time::jst_date(now);
        let opens_today = time::jst_time(now) < self.hours.opens && self.is_business_day(today)?;
        let day = if opens_today { today } else { self.next_business_day_after(today)? };
        Ok(time::jst_instant(day, self.hours.opens))
    }

    /// The closed period that `now` lies in; `None` in business time.
    pub fn closed_period(&self, now: DateTime<Utc>) -> Result<Option<ClosedPeriod>, BeyondHolidays> {
        if self.is_open(now)? {
            return Ok(None);
        }
        let today = time::jst_date(now);
        let closed_today = time::jst_time(now) >= self.hours.closes && self.is_business_day(today)?;
        let day = if closed_today { today } else { self.last_business_day_before(today)? };
        Ok(Some(ClosedPeriod { from: time::jst_instant(day, self.hours.closes), until: self.next_opening(now)? }))
    }

    /// How much business time lies between `from` and `to`; none where `to` is not later.
    pub fn business_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<TimeDelta, BeyondHolidays> {
        let mut sum = TimeDelta::zero();
        let mut day = time::jst_date(from);
        while time::start_of_day(day) < to {
            if self.is_business_day(day)? {
                let (opens, closes) = (time::jst_instant(day, self.hours.opens), time::jst_instant(day, self.hours.closes));
                sum += (to.min(closes) - from.max(opens)).max(TimeDelta::zero());
            }
            let Some(next) = day.succ_opt() else { break };
            day = next;
        }
        Ok(sum)
    }

    /// The last business day before `date`, which itself does not count (前営業日).
    pub fn last_business_day_before(&self, date: NaiveDate) -> Result<NaiveDate, BeyondHolidays> {
        self.first_business_day_of(iter::successors(date.pred_opt(), NaiveDate::pred_opt))
    }

    /// The first business day after `date`, which itself does not count (翌営業日).
    pub fn next_business_day_after(&self, date: NaiveDate) -> Result<NaiveDate, BeyondHolidays> {
        self.first_business_day_of(iter::successors(date.succ_opt(), NaiveDate::succ_opt))
    }

    /// Ends even if the operator never works: at the end of the list.
    fn first_business_day_of(&self, days: impl Iterator<Item = NaiveDate>) -> Result<NaiveDate, BeyondHolidays> {
        for day in days {
            if self.is_business_day(day)? {
                return Ok(day);
            }
        }
        Err(self.beyond())
    }

    fn beyond(&self) -> BeyondHolidays {
        BeyondHolidays { reaches_to: self.holidays.reaches_to() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    fn calendar() -> BusinessCalendar<'static> {
        BusinessCalendar { holidays: Holidays::shipped(), hours: BusinessHours::default(), closures: Closures::default() }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// An instant by the Japanese clock, `2026-11-24 9:00:00`.
    fn at(text: &str) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap();
        time::jst_instant(local.date(), local.time())
    }

    const BEYOND: BeyondHolidays = BeyondHolidays { reaches_to: NaiveDate::from_ymd_opt(2027, 12, 31).unwrap() };

    #[test]
    fn nurses_answer_on_business_days_from_9_00_to_17_30() {
        for (now, open) in [
            ("2026-11-24 00:00:00", false),
            ("2026-11-24 08:59:59", false),
            ("2026-11-24 08:59:59.999", false),
            ("2026-11-24 09:00:00", true),
            ("2026-11-24 12:15:00", true),
            ("2026-11-24 17:29:59", true),
            ("2026-11-24 17:29:59.999", true),
            ("2026-11-24 17:30:00", false),
            ("2026-11-24 23:59:59", false),
            ("2026-11-21 10:00:00", false), // Saturday
            ("2026-11-22 10:00:00", false), // Sunday
            ("2026-11-23 10:00:00", false), // 勤労感謝の日, a Monday
            ("2026-12-28 17:29:59", true),
            ("2026-12-29 10:00:00", false), // Tuesday, closed
            ("2027-01-04 09:00:00", true),
        ] {
            assert_eq!(calendar().is_open(at(now)), Ok(open), "{now}");
        }
    }

    #[test]
    fn only_business_time_counts_as_waiting() {
        for (from, to, minutes) in [
            ("2026-11-25 10:00:00", "2026-11-25 10:45:00", 45),
            // Asked at night, answered in the morning.
            ("2026-11-24 23:00:00", "2026-11-25 09:10:00", 10),
            // Over a weekend.
            ("2026-11-27 17:00:00", "2026-11-30 09:30:00", 60),
            // Two whole days between.
            ("2026-11-24 17:30:00", "2026-11-27 09:00:00", 2 * 510),
            ("2026-11-28 10:00:00", "2026-11-29 10:00:00", 0),
            ("2026-11-25 11:00:00", "2026-11-25 10:00:00", 0),
        ] {
            assert_eq!(calendar().business_time(at(from), at(to)).unwrap().num_minutes(), minutes, "{from} {to}");
        }
    }

    #[test]
    fn weekends_holidays_substitutes_and_the_year_end_are_no_business_days() {
        for (day, business) in [
            ("2026-09-18", true),
            ("2026-09-19", false),
            ("2026-09-21", false), // 敬老の日
            ("2026-09-22", false), // between two holidays
            ("2026-09-23", false), // 秋分の日
            ("2026-09-24", true),
            ("2026-05-06", false), // substitute for Sunday 3 May
            ("2027-03-22", false), // substitute for Sunday 21 March
            ("2026-02-23", false),
            ("2025-02-24", false), // substitute for Sunday 23 February
            ("2026-12-28", true),
            ("2026-12-29", false),
            ("2026-12-30", false),
            ("2026-12-31", false),
            ("2027-01-01", false),
            ("2027-01-03", false),
            ("2027-01-04", true),
            ("2027-12-28", true),
            ("2027-12-31", false),
        ] {
            assert_eq!(calendar().is_business_day(date(day)), Ok(business), "{day}");
        }
    }

    #[test]
    fn the_next_opening_is_told_with_its_true_date() {
        for (now, opening) in [
            ("2026-11-24 08:59:59", "2026-11-24 09:00:00"),
            ("2026-11-24 09:00:00", "2026-11-25 09:00:00"), // open: the next one
            ("2026-11-24 17:29:59", "2026-11-25 09:00:00"),
            ("2026-11-24 17:30:00", "2026-11-25 09:00:00"),
            ("2026-11-24 20:00:00", "2026-11-25 09:00:00"),
            ("2026-11-20 18:00:00", "2026-11-24 09:00:00"), // Friday evening before a long weekend
            ("2026-11-23 03:46:08", "2026-11-24 09:00:00"),
            ("2026-09-18 17:30:00", "2026-09-24 09:00:00"), // silver week
            ("2026-12-28 17:30:00", "2027-01-04 09:00:00"),
            ("2024-12-27 18:00:00", "2025-01-06 09:00:00"), // Friday; 4 and 5 January are a weekend
        ] {
            assert_eq!(calendar().next_opening(at(now)), Ok(at(opening)), "{now}");
        }
    }

    #[test]
    fn one_closed_period_lasts_from_closing_to_opening() {
        let long_weekend = ClosedPeriod { from: at("2026-11-20 17:30:00"), until: at("2026-11-24 09:00:00") };
        for (now, period) in [
            ("2026-11-20 17:29:59", None),
            ("2026-11-20 17:30:00", Some(long_weekend)),
            ("2026-11-21 00:00:00", Some(long_weekend)),
            ("2026-11-23 12:00:00", Some(long_weekend)),
            ("2026-11-24 08:59:59", Some(long_weekend)),
            ("2026-11-24 09:00:00", None),
            ("2026-11-24 17:30:00", Some(ClosedPeriod { from: at("2026-11-24 17:30:00"), until: at("2026-11-25 09:00:00") })),
            ("2027-01-01 00:00:00", Some(ClosedPeriod { from: at("2026-12-28 17:30:00"), until: at("2027-01-04 09:00:00") })),
        ] {
            assert_eq!(calendar().closed_period(at(now)), Ok(period), "{now}");
        }
    }

    #[test]
    fn business_days_before_and_after_step_over_closed_days() {
        for (day, before, after) in [
            ("2026-11-24", "2026-11-20", "2026-11-25"),
            ("2026-11-21", "2026-11-20", "2026-11-24"),
            ("2026-09-24", "2026-09-18", "2026-09-25"),
            ("2027-01-04", "2026-12-28", "2027-01-05"),
            ("2027-05-06", "2027-04-30", "2027-05-07"),
        ] {
            assert_eq!(calendar().last_business_day_before(date(day)), Ok(date(before)), "{day}");
            assert_eq!(calendar().next_business_day_after(date(day)), Ok(date(after)), "{day}");
        }
    }

    #[test]
    fn an_extra_closure_moves_the_opening_and_so_makes_a_new_period() {
        let mut calendar = calendar();
        let evening = at("2026-11-24 20:00:00");
        let before = calendar.closed_period(evening).unwrap().unwrap();
        calendar.closures.days.insert(date("2026-11-25"));
        let after = calendar.closed_period(evening).unwrap().unwrap();
        assert_eq!(after, ClosedPeriod { from: before.from, until: at("2026-11-26 09:00:00") });
    }

    #[test]
    fn beyond_the_list_nothing_is_guessed() {
        let calendar = calendar();
        assert_eq!(calendar.is_open(at("2027-12-28 10:00:00")), Ok(true));
        assert_eq!(calendar.is_open(at("2027-12-31 23:59:59")), Ok(false));
        assert_eq!(calendar.closed_period(at("2027-12-28 10:00:00")), Ok(None));
        assert_eq!(calendar.next_opening(at("2027-12-27 18:00:00")), Ok(at("2027-12-28 09:00:00")));
        assert_eq!(calendar.last_business_day_before(date("2028-01-01")), Ok(date("2027-12-28")));

        assert_eq!(calendar.next_opening(at("2027-12-28 10:00:00")), Err(BEYOND));
        assert_eq!(calendar.closed_period(at("2027-12-28 17:30:00")), Err(BEYOND));
        assert_eq!(calendar.next_business_day_after(date("2027-12-28")), Err(BEYOND));
        assert_eq!(calendar.last_business_day_before(date("2028-01-02")), Err(BEYOND));
        for now in ["2028-01-01 00:00:00", "2028-01-05 03:00:00", "2028-01-05 10:00:00", "2030-06-03 10:00:00"] {
            assert_eq!(calendar.is_open(at(now)), Err(BEYOND), "{now}");
            assert_eq!(calendar.is_business_day(time::jst_date(at(now))), Err(BEYOND), "{now}");
        }
        assert_eq!(calendar.next_business_day_after(NaiveDate::MAX), Err(BEYOND));
        assert_eq!(calendar.last_business_day_before(NaiveDate::MIN), Err(BEYOND));
    }

    #[test]
    fn an_operator_who_never_works_gets_a_refusal_and_no_endless_search() {
        let mut calendar = calendar();
        calendar.closures = serde_json::from_str(r#"{"yearly":[{"from":"01-01","to":"12-31"}]}"#).unwrap();
        assert_eq!(calendar.closed_period(at("2026-11-24 10:00:00")), Err(BEYOND));
    }

    #[test]
    fn hours_are_read_from_settings_and_must_open_before_they_close() {
        let read = |json: &str| serde_json::from_str::<BusinessHours>(json);
        assert_eq!(read(r#"{"opens":"09:00","closes":"17:30"}"#).unwrap(), BusinessHours::default());
        assert_eq!(read(&serde_json::to_string(&BusinessHours::default()).unwrap()).unwrap(), BusinessHours::default());
        assert!(read(r#"{"opens":"17:30","closes":"09:00"}"#).is_err());
        assert!(read(r#"{"opens":"09:00","closes":"09:00"}"#).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn nothing_opens_before_the_next_opening_and_that_one_is_open(second in 0..at("2027-12-28 09:00:00").timestamp() - at("2024-01-01 00:00:00").timestamp()) {
            let calendar = calendar();
            let now = at("2024-01-01 00:00:00") + TimeDelta::seconds(second);
            let opening = calendar.next_opening(now).unwrap();
            prop_assert!(opening > now);
            prop_assert!(calendar.is_open(opening).unwrap());
            prop_assert!(!calendar.is_open(opening - TimeDelta::milliseconds(1)).unwrap());

            let minutes = iter::successors(Some(now), |at| Some(*at + TimeDelta::minutes(1))).take_while(|at| *at < opening);
            let mut closed_from_here = minutes.skip_while(|at| calendar.is_open(*at).unwrap());
            prop_assert!(closed_from_here.all(|at| !calendar.is_open(at).unwrap()));
        }

        #[test]
        fn a_closed_period_holds_now_and_is_the_same_from_everywhere_in_it(second in 0..94_000_000_i64, share in 0.0..1.0_f64) {
            let calendar = calendar();
            let now = at("2025-01-01 00:00:00") + TimeDelta::seconds(second);
            if let Some(period) = calendar.closed_period(now).unwrap() {
                prop_assert!(period.from <= now && now < period.until);
                #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "any moment will do")]
                let elsewhere = period.from + TimeDelta::seconds(((period.until - period.from).num_seconds() as f64 * share) as i64);
                prop_assert_eq!(calendar.closed_period(elsewhere).unwrap(), Some(period));
                prop_assert!(calendar.is_open(period.from - TimeDelta::milliseconds(1)).unwrap());
            } else {
                prop_assert!(calendar.is_open(now).unwrap());
            }
        }

        #[test]
        fn business_days_before_and_after_are_neighbours(day in 0..1450_i64) {
            let calendar = calendar();
            let day = date("2024-01-01") + TimeDelta::days(day);
            let (before, after) = (calendar.last_business_day_before(day).unwrap(), calendar.next_business_day_after(day).unwrap());
            prop_assert!(before < day && day < after);
            prop_assert!(calendar.is_business_day(before).unwrap() && calendar.is_business_day(after).unwrap());
            let between = before.iter_days().skip(1).take_while(|date| *date < after).filter(|date| *date != day);
            for date in between {
                prop_assert!(!calendar.is_business_day(date).unwrap());
            }
        }
    }
}
