//! When a schedule is due: `at(…)`, `rate(…)` and `cron(…)` as EventBridge Scheduler defines them.

use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use croner::{
    Cron,
    parser::{CronParser, Seconds, Year},
};

/// The years that AWS accepts in a cron expression.
const YEARS: std::ops::RangeInclusive<u16> = 1970..=2199;

/// A schedule expression that was understood.
#[derive(Debug, Clone)]
pub enum Expression {
    /// Once, at this local time.
    At(NaiveDateTime),
    /// Again and again, this far apart.
    Rate(TimeDelta),
    /// At every local time that matches, to the minute.
    Cron(Box<Cron>),
}

/// An expression that AWS would refuse.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid Schedule Expression {0}.")]
pub struct InvalidExpression(pub String);

impl FromStr for Expression {
    type Err = InvalidExpression;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let inside = |kind: &str| text.strip_prefix(kind)?.strip_prefix('(')?.strip_suffix(')');
        let parsed = if let Some(at) = inside("at") {
            NaiveDateTime::parse_from_str(at, "%Y-%m-%dT%H:%M:%S").ok().map(Self::At)
        } else if let Some(rate) = inside("rate") {
            parse_rate(rate).map(Self::Rate)
        } else {
            inside("cron").and_then(parse_cron).map(|cron| Self::Cron(Box::new(cron)))
        };
        parsed.ok_or_else(|| InvalidExpression(text.to_owned()))
    }
}

impl Expression {
    /// The first due instant after `after`, or `None` when there is none. A rate counts from `start`, which is due itself.
    pub fn next(&self, zone: Tz, start: DateTime<Utc>, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self {
            Self::At(local) => zone.from_local_datetime(local).earliest().map(|at| at.to_utc()).filter(|at| *at > after),
            Self::Rate(rate) => {
                let passed = (after - start).num_milliseconds();
                if passed < 0 {
                    return Some(start);
                }
                let times = passed / rate.num_milliseconds() + 1;
                start.checked_add_signed(TimeDelta::milliseconds(times.checked_mul(rate.num_milliseconds())?))
            }
            Self::Cron(cron) => cron.find_next_occurrence(&after.with_timezone(&zone), false).ok().map(|at| at.to_utc()),
        }
    }

    /// The due instants in (`after`, `until`], earliest first.
    ///
    /// A rate gives only the last of them: a person who moves the clock by a month does not want 43,200 sweeps. A cron
    /// expression gives all, because each of its instants means a day or a month that something has to be done for.
    pub fn due(&self, zone: Tz, start: DateTime<Utc>, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        match self {
            Self::Rate(rate) => {
                let from = after.max(until - *rate);
                self.next(zone, start, from).into_iter().filter(|at| *at <= until).collect()
            }
            Self::At(_) | Self::Cron(_) => {
                let following = |at: &DateTime<Utc>| self.next(zone, start, *at);
                std::iter::successors(self.next(zone, start, after), following).take_while(|at| *at <= until).collect()
            }
        }
    }

    /// Whether it comes again.
    pub fn recurs(&self) -> bool {
        !matches!(self, Self::At(_))
    }
}

fn parse_rate(text: &str) -> Option<TimeDelta> {
    let (value, unit) = text.split_once(' ')?;
    let value = value.parse::<u32>().ok().filter(|value| *value > 0)?;
    let value = i64::from(value);
    match unit.trim() {
        "minute" | "minutes" => TimeDelta::try_minutes(value),
        "hour" | "hours" => TimeDelta::try_hours(value),
        "day" | "days" => TimeDelta::try_days(value),
        _ => None,
    }
}

/// AWS's six fields are minute, hour, day of month, month, day of week (1 is Sunday) and year; exactly one of the two
/// days is `?`.
fn parse_cron(text: &str) -> Option<Cron> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    let [_, _, day, _, weekday, year] = fields.as_slice() else { return None };
    let one_open_day = (*day == "?") != (*weekday == "?");
    if !one_open_day || !weekdays_fit(weekday) || !years_fit(year) {
        return None;
    }
    let parser = CronParser::builder()
        .seconds(Seconds::Required)
        .year(Year::Required)
        .alternative_weekdays(true)
        // AWS writes "every 10 minutes from 0" as 0/10.
        .sloppy_ranges(true)
        .build();
    parser.parse(&format!("0 {}", fields.join(" "))).ok()
}

/// croner would let 0 pass as a weekday.
fn weekdays_fit(field: &str) -> bool {
    let base = |item: &str| item.split(['/', '#']).next().unwrap_or_default().to_owned();
    field.split(',').map(base).all(|item| item.split('-').all(|day| day.parse::<u8>().map_or(true, |day| (1..=7).contains(&day))))
}

fn years_fit(field: &str) -> bool {
    let base = |item: &str| item.split('/').next().unwrap_or_default().to_owned();
    field.split(',').map(base).all(|item| item.split('-').all(|year| year == "*" || year.parse().is_ok_and(|year| YEARS.contains(&year))))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const TOKYO: Tz = chrono_tz::Asia::Tokyo;

    fn jst(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().unwrap()
    }

    fn expression(text: &str) -> Expression {
        text.parse().unwrap()
    }

    #[test]
    fn the_next_instant_is_found_in_tokyo_time() {
        let cases = [
            ("at(2027-01-31T23:59:59)", "2027-01-01T00:00:00", Some("2027-01-31T23:59:59")),
            ("at(2027-01-31T23:59:59)", "2027-01-31T23:59:59", None),
            ("cron(0 9 1 * ? *)", "2027-01-01T09:00:00", Some("2027-02-01T09:00:00")),
            ("cron(0 9 1 * ? *)", "2027-01-01T08:59:59.900", Some("2027-01-01T09:00:00")),
            ("cron(30 0 * * ? *)", "2027-02-28T12:00:00", Some("2027-03-01T00:30:00")),
            ("cron(0 18 ? * MON-FRI *)", "2026-11-20T18:00:00", Some("2026-11-23T18:00:00")),
            ("cron(0 18 ? * 2-6 *)", "2026-11-20T18:00:00", Some("2026-11-23T18:00:00")),
            ("cron(0 12 ? * 1 *)", "2026-11-23T00:00:00", Some("2026-11-29T12:00:00")),
            ("cron(0 0 L * ? *)", "2028-02-01T00:00:00", Some("2028-02-29T00:00:00")),
            ("cron(0 10 ? * 2#2 *)", "2027-01-01T00:00:00", Some("2027-01-11T10:00:00")),
            ("cron(0/10 8-17 ? * MON-FRI *)", "2026-11-20T17:50:00", Some("2026-11-23T08:00:00")),
            ("cron(15 10 1 4 ? 2027)", "2027-04-01T10:15:00", None),
            ("rate(1 minute)", "2027-01-01T00:00:29", Some("2027-01-01T00:01:00")),
            ("rate(5 minutes)", "2026-12-31T23:59:59", Some("2027-01-01T00:00:00")),
            ("rate(2 hours)", "2027-01-01T02:00:00", Some("2027-01-01T04:00:00")),
            ("rate(1 day)", "2027-01-01T12:00:00", Some("2027-01-02T00:00:00")),
        ];
        let start = jst("2027-01-01T00:00:00");
        for (text, after, wanted) in cases {
            assert_eq!(expression(text).next(TOKYO, start, jst(after)), wanted.map(jst), "{text} after {after}");
        }
    }

    #[test]
    fn the_zone_decides_what_midnight_is() {
        let midnight = expression("cron(0 0 * * ? *)");
        let after = "2027-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(midnight.next(TOKYO, after, after), Some("2027-01-01T15:00:00Z".parse().unwrap()));
        assert_eq!(midnight.next(Tz::UTC, after, after), Some("2027-01-02T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_long_jump_gives_every_cron_instant_but_one_of_a_rate() {
        let (after, until) = (jst("2027-01-01T00:00:00"), jst("2027-04-15T00:00:30"));
        let months = expression("cron(0 9 1 * ? *)").due(TOKYO, after, after, until);
        assert_eq!(months, ["2027-01-01T09:00:00", "2027-02-01T09:00:00", "2027-03-01T09:00:00", "2027-04-01T09:00:00"].map(jst));
        let sweeps = expression("rate(1 minute)").due(TOKYO, after, after, until);
        assert_eq!(sweeps, [jst("2027-04-15T00:00:00")]);
    }

    #[test]
    fn what_aws_refuses_is_refused() {
        let refused = [
            "",
            "at()",
            "at(2027-02-30T00:00:00)",
            "at(2027-01-01 00:00:00)",
            "at(2027-01-01T00:00:00Z)",
            "rate(0 minutes)",
            "rate(1 second)",
            "rate(-1 hours)",
            "rate(5minutes)",
            "cron(0 9 1 * *)",
            "cron(0 9 1 * * *)",
            "cron(0 9 ? * ? *)",
            "cron(60 9 1 * ? *)",
            "cron(0 24 1 * ? *)",
            "cron(0 9 32 * ? *)",
            "cron(0 9 ? * 0 *)",
            "cron(0 9 ? * 8 *)",
            "cron(0 9 1 13 ? *)",
            "cron(0 9 1 * ? 1969)",
            "cron(0 0 9 1 * ? *)",
            "every day",
        ];
        for text in refused {
            assert_eq!(text.parse::<Expression>().err(), Some(InvalidExpression(text.to_owned())), "{text}");
        }
    }
}
