//! How long somebody waits in business time (row B2): nights, weekends and holidays do not count.

use chrono::{DateTime, TimeDelta, Utc};

use super::{BeyondHolidays, BusinessCalendar};
use crate::time;

impl BusinessCalendar<'_> {
    /// The business time between two instants; none where `to` is not after `from`.
    ///
    /// # Errors
    /// Where a day between them lies beyond the list of holidays.
    pub fn business_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<TimeDelta, BeyondHolidays> {
        let mut sum = TimeDelta::zero();
        if to <= from {
            return Ok(sum);
        }
        let last = time::jst_date(to);
        for day in time::jst_date(from).iter_days().take_while(|day| *day <= last) {
            if self.is_business_day(day)? {
                let opens = time::jst_instant(day, self.hours.opens).max(from);
                let closes = time::jst_instant(day, self.hours.closes).min(to);
                sum += (closes - opens).max(TimeDelta::zero());
            }
        }
        Ok(sum)
    }

    /// The whole minutes of [`Self::business_time`].
    ///
    /// # Errors
    /// The same.
    pub fn business_minutes(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<u32, BeyondHolidays> {
        let minutes = self.business_time(from, to)?.num_minutes();
        Ok(u32::try_from(minutes).unwrap_or(u32::MAX))
    }
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

    /// An instant by the Japanese clock, `2026-11-24 9:00`.
    fn at(text: &str) -> DateTime<Utc> {
        let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        time::jst_instant(local.date(), local.time())
    }

    fn minutes(from: &str, to: &str) -> u32 {
        calendar().business_minutes(at(from), at(to)).unwrap()
    }

    #[test]
    fn only_business_hours_count() {
        assert_eq!(minutes("2026-11-24 10:00", "2026-11-24 10:45"), 45);
        assert_eq!(minutes("2026-11-24 08:00", "2026-11-24 09:10"), 10);
        assert_eq!(minutes("2026-11-24 17:20", "2026-11-25 09:05"), 15);
        assert_eq!(minutes("2026-11-24 00:00", "2026-11-25 00:00"), 510, "a day has eight hours and a half");
        // Friday evening to Tuesday morning, with a holiday on Monday.
        assert_eq!(minutes("2026-11-20 20:00", "2026-11-24 09:30"), 30);
        assert_eq!(minutes("2026-12-28 17:00", "2027-01-04 09:01"), 31);
        assert_eq!(minutes("2026-11-24 11:00", "2026-11-24 10:00"), 0, "a clock that was set back");
    }

    #[test]
    fn beyond_the_list_nothing_is_guessed() {
        assert_eq!(calendar().business_minutes(at("2027-12-28 17:00"), at("2027-12-31 23:59")), Ok(30));
        assert!(calendar().business_minutes(at("2027-12-28 17:00"), at("2028-01-01 00:00")).is_err());
        assert!(calendar().business_minutes(at("2028-03-01 00:00"), at("2028-03-01 00:01")).is_err());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn time_adds_up_never_runs_back_and_stands_still_while_closed(mut seconds in prop::array::uniform3(0..94_000_000_i64)) {
            seconds.sort_unstable();
            let calendar = calendar();
            let [a, b, c] = seconds.map(|second| at("2025-01-01 00:00") + TimeDelta::seconds(second));
            let between = |from, to| calendar.business_time(from, to).unwrap();
            prop_assert_eq!(between(a, b) + between(b, c), between(a, c));
            prop_assert!(between(a, b) <= between(a, c) && between(a, c) <= c - a);
            prop_assert_eq!(between(a, a), TimeDelta::zero());
            if let Some(period) = calendar.closed_period(a).unwrap() {
                prop_assert_eq!(between(period.from, period.until), TimeDelta::zero());
                prop_assert_eq!(between(period.until, period.until + TimeDelta::minutes(1)), TimeDelta::minutes(1));
            } else {
                prop_assert_eq!(between(a, a + TimeDelta::milliseconds(1)) , TimeDelta::milliseconds(1));
            }
        }
    }
}
