//! The roster as it is at one moment, and what it says about a member (rows A3, A4).

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    employee,
    id::EmploymentId,
    personal::{EmployeeNumber, PersonName},
    time,
};

/// What a tenant's roster says of one employee number: every employment that used it and is not erased yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterRow {
    /// The number, normalised.
    pub number: EmployeeNumber,
    /// In the order in which they were reported; a number that is used again has more than one.
    pub employments: Vec<Employment>,
}

/// One stay of a person with the tenant (glossary: employment).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Employment {
    /// Its own id: a rehire is a new employment.
    pub id: EmploymentId,
    /// As HR wrote it.
    pub name: PersonName,
    /// First day of employment, where one was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joined: Option<NaiveDate>,
    /// Its end, where one was reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leave: Option<Leave>,
    /// When HR last took an end back: a file that came earlier ends nothing any more.
    #[serde(with = "crate::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub kept_on_at: Option<DateTime<Utc>>,
}

impl Employment {
    /// Last day of employment, where one was reported.
    pub fn leaves(&self) -> Option<NaiveDate> {
        self.leave.map(|leave| leave.date)
    }

    /// Whether the employment gives access at `now`.
    pub fn gives_access(&self, now: DateTime<Utc>) -> bool {
        self.leave.is_none_or(|leave| now < leave.access_ends())
    }
}

/// The end of an employment as it was reported (row A4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Last day of employment.
    pub date: NaiveDate,
    /// When the date was reported.
    #[serde(with = "time::stamped")]
    pub reported_at: DateTime<Utc>,
    /// An operator confirmed a date that lies long in the past.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirmed: bool,
}

/// When everything about a person is erased (rows A4, D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EraseFrom {
    /// From this instant on.
    At(DateTime<Utc>),
    /// Not before an operator confirms the leave date.
    Unconfirmed,
}

/// The monthly purge runs so long after access ended: on the first at 03:00 JST (row D2).
pub const PURGE_AFTER: TimeDelta = TimeDelta::hours(3);
/// Who was reported late is purged so long after the report (row A4).
pub const PURGE_AFTER_LATE_REPORT: TimeDelta = TimeDelta::hours(24);
/// A leave date that was so many months past when it was reported may be a mistyped year (row A4).
const LONG_PAST: Months = Months::new(2);

impl Leave {
    /// A leave date that is reported at `now`.
    pub const fn reported(date: NaiveDate, now: DateTime<Utc>) -> Self {
        Self { date, reported_at: now, confirmed: false }
    }

    /// The instant from which access is refused: 00:00 JST on the first day of the month after the leave date.
    pub fn access_ends(self) -> DateTime<Utc> {
        time::start_of_day(time::first_of_next_month(self.date))
    }

    /// Whether access had ended already when the date was reported.
    pub fn is_late(self) -> bool {
        self.access_ends() <= self.reported_at
    }

    /// Whether the date lay more than two calendar months back when it was reported.
    pub fn is_long_past(self) -> bool {
        time::jst_date(self.reported_at).checked_sub_months(LONG_PAST).is_some_and(|limit| self.date < limit)
    }

    /// When the person is erased.
    pub fn erase_from(self) -> EraseFrom {
        if !self.is_late() {
            EraseFrom::At(self.access_ends() + PURGE_AFTER)
        } else if self.is_long_past() && !self.confirmed {
            EraseFrom::Unconfirmed
        } else {
            EraseFrom::At(self.reported_at + PURGE_AFTER_LATE_REPORT)
        }
    }
}

impl RosterRow {
    /// The employment that holds the number at `now`.
    pub fn holder(&self, now: DateTime<Utc>) -> Option<&Employment> {
        self.employments.iter().rev().find(|employment| employment.gives_access(now))
    }

    /// When the next of its employments is to be erased; `None` where nobody who held the number leaves.
    pub fn erase_from(&self) -> Option<EraseFrom> {
        let ends = || self.employments.iter().filter_map(|employment| employment.leave).map(Leave::erase_from);
        let instants = ends().filter_map(|end| match end {
            EraseFrom::At(at) => Some(at),
            EraseFrom::Unconfirmed => None,
        });
        instants.min().map(EraseFrom::At).or_else(|| ends().next())
    }

    fn find(&self, id: EmploymentId) -> Option<&Employment> {
        self.employments.iter().find(|employment| employment.id == id)
    }
}

/// What a claimed number means at registration (rows A1, A4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Somebody with access holds the number.
    Holds(EmploymentId),
    /// The number is not on the roster: the member is `Unverified`.
    Unknown,
    /// All who held the number have left.
    Left,
}

/// Judges a number that a person claims at `now`; `row` is the roster's row for it, if there is one.
pub fn claim(row: Option<&RosterRow>, now: DateTime<Utc>) -> Claim {
    match row {
        None => Claim::Unknown,
        Some(row) => match row.holder(now) {
            Some(holder) => Claim::Holds(holder.id),
            None if row.employments.is_empty() => Claim::Unknown,
            None => Claim::Left,
        },
    }
}

/// Whether the employment that a member is bound to has ended at `now`. An employment that is no longer on the roster was
/// erased, so it has ended too. A member who was never matched is bound to none, and is refused like at registration where all
/// who held the number have left: the roster came after the registration, and the leave date before the next message.
pub fn has_left(bound: Option<EmploymentId>, row: Option<&RosterRow>, now: DateTime<Utc>) -> bool {
    match bound {
        Some(id) => row.and_then(|row| row.find(id)).is_none_or(|employment| !employment.gives_access(now)),
        None => claim(row, now) == Claim::Left,
    }
}

/// Number **and** name against the roster (row A3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RosterCheck {
    /// Both match the same employment.
    Matched(EmploymentId),
    /// 未照合: the number is not on the roster.
    NumberUnknown,
    /// 未照合: the number is on the roster, the person has not said a name yet.
    NameMissing,
    /// 未照合: the number is on the roster under another name.
    NameDiffers,
}

impl RosterCheck {
    /// Whether number and name match.
    pub const fn is_matched(self) -> bool {
        matches!(self, Self::Matched(_))
    }
}

/// Checks what a member claims against the roster at `now`.
pub fn check(name: Option<&PersonName>, row: Option<&RosterRow>, now: DateTime<Utc>) -> RosterCheck {
    let Some(row) = row.filter(|row| row.holder(now).is_some()) else { return RosterCheck::NumberUnknown };
    let Some(name) = name else { return RosterCheck::NameMissing };
    row.employments
        .iter()
        .rev()
        .find(|employment| employment.gives_access(now) && employee::same_name(&employment.name, name))
        .map_or(RosterCheck::NameDiffers, |employment| RosterCheck::Matched(employment.id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn employment(id: u128, name: &str, leaves: Option<&str>) -> Employment {
        Employment {
            id: EmploymentId::new(ulid::Ulid(id)),
            name: employee::parse_name(name).unwrap(),
            joined: None,
            leave: leaves.map(|date| Leave::reported(date.parse().unwrap(), at("2026-01-05T10:00:00+09:00"))),
            kept_on_at: None,
        }
    }

    fn row(employments: Vec<Employment>) -> RosterRow {
        RosterRow { number: employee::parse_number("00123", None).unwrap(), employments }
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn access_ends_at_midnight_of_the_first_day_of_the_month_after_the_leave_date() {
        for (leaves, last) in [
            ("2026-11-01", "2026-11-30T23:59:59+09:00"),
            ("2026-11-30", "2026-11-30T23:59:59+09:00"),
            ("2026-12-31", "2026-12-31T23:59:59+09:00"),
            ("2028-02-29", "2028-02-29T23:59:59+09:00"),
        ] {
            let leaver = employment(1, "山田太郎", Some(leaves));
            assert!(leaver.gives_access(at(last)), "{leaves}");
            assert!(!leaver.gives_access(at(last) + chrono::TimeDelta::seconds(1)), "{leaves}");
        }
    }

    #[test]
    fn a_person_is_erased_on_the_first_at_three_or_a_day_after_a_late_report() {
        for (date, reported, erased) in [
            ("2026-11-30", "2026-11-30T23:59:59+09:00", Some("2026-12-01T03:00:00+09:00")),
            ("2026-11-01", "2026-10-20T10:00:00+09:00", Some("2026-12-01T03:00:00+09:00")),
            ("2026-11-30", "2026-12-01T00:00:00+09:00", Some("2026-12-02T00:00:00+09:00")),
            ("2026-11-30", "2027-01-30T10:00:00+09:00", Some("2027-01-31T10:00:00+09:00")),
            ("2026-11-30", "2027-01-31T10:00:00+09:00", Some("2027-02-01T10:00:00+09:00")),
            ("2026-11-30", "2027-02-01T10:00:00+09:00", None),
            ("2025-11-30", "2026-11-24T10:00:00+09:00", None),
        ] {
            let leave = Leave::reported(date.parse().unwrap(), at(reported));
            let expected = erased.map_or(EraseFrom::Unconfirmed, |erased| EraseFrom::At(at(erased)));
            assert_eq!(leave.erase_from(), expected, "{date} reported {reported}");
            let confirmed = Leave { confirmed: true, ..leave };
            assert_ne!(confirmed.erase_from(), EraseFrom::Unconfirmed, "{date} reported {reported}");
        }
    }

    #[test]
    fn a_row_is_erased_with_its_first_leaver() {
        let leaves = |dates: &[Option<&str>]| row(dates.iter().map(|date| employment(1, "山田太郎", *date)).collect());
        assert_eq!(leaves(&[None]).erase_from(), None);
        let first = EraseFrom::At(at("2026-12-01T03:00:00+09:00"));
        assert_eq!(leaves(&[Some("2026-12-10"), Some("2026-11-10"), None]).erase_from(), Some(first));
        assert_eq!(leaves(&[Some("2025-10-10"), None]).erase_from(), Some(EraseFrom::Unconfirmed));
        assert_eq!(leaves(&[Some("2025-10-10"), Some("2026-11-10")]).erase_from(), Some(first));
    }

    #[test]
    fn a_number_that_is_used_again_belongs_to_its_present_holder() {
        let now = at("2026-11-24T10:00:00+09:00");
        let row = row(vec![employment(1, "山田太郎", Some("2026-10-15")), employment(2, "鈴木花子", None)]);
        assert_eq!(claim(Some(&row), now), Claim::Holds(EmploymentId::new(ulid::Ulid(2))));
        assert!(has_left(Some(EmploymentId::new(ulid::Ulid(1))), Some(&row), now));
        assert!(!has_left(Some(EmploymentId::new(ulid::Ulid(2))), Some(&row), now));
        let former = employee::parse_name("山田太郎").unwrap();
        assert_eq!(check(Some(&former), Some(&row), now), RosterCheck::NameDiffers);
    }

    #[test]
    fn a_number_whose_holders_have_all_left_is_refused_at_registration() {
        let row = row(vec![employment(1, "山田太郎", Some("2026-10-15"))]);
        assert_eq!(claim(Some(&row), at("2026-11-24T10:00:00+09:00")), Claim::Left);
        assert_eq!(claim(Some(&row), at("2026-10-24T10:00:00+09:00")), Claim::Holds(EmploymentId::new(ulid::Ulid(1))));
        assert_eq!(claim(None, at("2026-11-24T10:00:00+09:00")), Claim::Unknown);
    }

    #[test]
    fn an_employment_that_was_erased_has_ended() {
        assert!(has_left(Some(EmploymentId::new(ulid::Ulid(1))), None, at("2026-11-24T10:00:00+09:00")));
        assert!(!has_left(None, None, at("2026-11-24T10:00:00+09:00")));
    }

    #[test]
    fn a_member_who_was_never_matched_leaves_with_the_last_who_held_the_number() {
        let row = row(vec![employment(1, "山田太郎", Some("2026-10-15"))]);
        assert!(!has_left(None, Some(&row), at("2026-10-31T23:59:59+09:00")));
        assert!(has_left(None, Some(&row), at("2026-11-01T00:00:00+09:00")));
    }

    #[test]
    fn number_and_name_must_both_match() {
        let now = at("2026-11-24T10:00:00+09:00");
        let row = row(vec![employment(1, "山田 太郎", None)]);
        let right = employee::parse_name("山田　太郎").unwrap();
        let wrong = employee::parse_name("山田次郎").unwrap();
        assert!(check(Some(&right), Some(&row), now).is_matched());
        assert_eq!(check(Some(&wrong), Some(&row), now), RosterCheck::NameDiffers);
        assert_eq!(check(None, Some(&row), now), RosterCheck::NameMissing);
        assert_eq!(check(Some(&right), None, now), RosterCheck::NumberUnknown);
    }
}
