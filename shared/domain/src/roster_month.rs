//! A month's roster (row D1): until when it is expected, and from when on somebody asks for it.

use chrono::{DateTime, Datelike, Utc};

use crate::time;

/// A contact who has delivered nothing is reminded on this day of the month.
pub const REMINDED_FROM: u32 = 25;
/// From this day on the operator is alarmed.
pub const ALARMED_FROM: u32 = 28;

/// How a tenant's month stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Month {
    /// A file came, also one that waits for a confirmation.
    Delivered,
    /// Nothing came, and there is time.
    Awaited,
    /// Nothing came, and the day of the reminder is over.
    Late,
}

impl Month {
    /// How the month stands in which `now` lies.
    pub fn at(now: DateTime<Utc>, is_delivered: bool) -> Self {
        match (is_delivered, time::jst_date(now).day()) {
            (true, _) => Self::Delivered,
            (false, ..=REMINDED_FROM) => Self::Awaited,
            (false, _) => Self::Late,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_month_is_late_when_its_25th_is_over_in_japan() {
        for (now, is_delivered, month) in [
            ("2026-11-01T00:00:00+09:00", false, Month::Awaited),
            ("2026-11-25T23:59:59+09:00", false, Month::Awaited),
            ("2026-11-26T00:00:00+09:00", false, Month::Late),
            ("2026-11-30T23:59:59+09:00", false, Month::Late),
            ("2026-11-30T15:00:00Z", false, Month::Awaited),
            ("2026-11-30T23:59:59+09:00", true, Month::Delivered),
        ] {
            assert_eq!(Month::at(now.parse().unwrap(), is_delivered), month, "{now}");
        }
    }
}
