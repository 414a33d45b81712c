//! When a membership is erased without a leave date (row A1), who goes with an employment (row D2), and what people are told a
//! week before (rows A1, A4).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::BusinessHours,
    id::EmploymentId,
    line_user::Intake,
    roster::{EraseFrom, Leave, PURGE_AFTER, RosterRow},
    tenant::Contract,
    time,
};

/// How long a membership of which nothing is heard is kept: a setting of the operator (row A1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Terms {
    /// Days for which a member can block the account.
    pub blocked_days: u16,
    /// Days after registration in which the roster has to know the number.
    pub unmatched_days: u16,
}

impl Default for Terms {
    fn default() -> Self {
        Self { blocked_days: 180, unmatched_days: 90 }
    }
}

/// People are told so long before (rows A1, A4).
pub const NOTICE: TimeDelta = TimeDelta::days(7);

/// Why a membership ends by the passing of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// The account was blocked all the time: nobody can be told.
    Blocked,
    /// No roster row has had the number.
    Unmatched,
}

/// When a membership is erased unless something happens before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// From this instant on.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: Silence,
}

impl Due {
    /// Whether the member is to be told of it at `now`.
    pub fn is_announced(self, now: DateTime<Utc>) -> bool {
        self.why == Silence::Unmatched && now < self.at && now >= before(self.at, NOTICE)
    }
}

impl Terms {
    /// When a membership is erased; the earlier of the two terms. `None` where no term runs.
    pub fn due(self, blocked_since: Option<DateTime<Utc>>, registered_at: DateTime<Utc>, employment: Option<EmploymentId>) -> Option<Due> {
        let after = |from: DateTime<Utc>, days: u16, why| Due {
            at: from.checked_add_signed(TimeDelta::days(i64::from(days))).unwrap_or(DateTime::<Utc>::MAX_UTC),
            why,
        };
        let blocked = blocked_since.map(|since| after(since, self.blocked_days, Silence::Blocked));
        let unmatched = employment.is_none().then(|| after(registered_at, self.unmatched_days, Silence::Unmatched));
        blocked.into_iter().chain(unmatched).min_by_key(|due| due.at)
    }
}

/// A roster row of which employments are to be erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parting {
    /// The employments that go.
    pub ended: Vec<EmploymentId>,
    /// The row without them.
    pub rest: RosterRow,
}

impl Parting {
    /// What of `row` is to be erased at `now`; `None` where nothing is.
    pub fn of(row: &RosterRow, now: DateTime<Utc>) -> Option<Self> {
        let is_due = |leave: Leave| matches!(leave.erase_from(), EraseFrom::At(at) if at <= now);
        let (ended, stay): (Vec<_>, Vec<_>) = row.employments.iter().cloned().partition(|employment| employment.leave.is_some_and(is_due));
        let rest = RosterRow { number: row.number.clone(), employments: stay };
        (!ended.is_empty()).then(|| Self { ended: ended.into_iter().map(|employment| employment.id).collect(), rest })
    }

    /// Whether a member who claims the row's number goes with it: one who is bound to an employment that is erased, or never was
    /// matched while nobody who held the number is left.
    pub fn takes(&self, bound: Option<EmploymentId>) -> bool {
        bound.map_or(self.rest.employments.is_empty(), |bound| self.ended.contains(&bound))
    }
}

/// When the access of a member with an open consultation ends, where that is to be told at `now`: in the last week before
/// it (row A4). `None` where it is not known, too far away, or over.
pub fn closing_notice(row: &RosterRow, bound: Option<EmploymentId>, intake: Intake, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    intake.open?;
    let employment = row.employments.iter().find(|employment| Some(employment.id) == bound)?;
    let ends = employment.leave?.access_ends();
    (now < ends && now >= before(ends, NOTICE)).then_some(ends)
}

/// Notices go out by day only: from opening to closing, on any day of the week, so that none is late.
pub fn is_notice_time(hours: BusinessHours, now: DateTime<Utc>) -> bool {
    (hours.opens..hours.closes).contains(&time::jst_time(now))
}

/// When a tenant and everything of it is erased: three hours after the last moment of its contract (rows D2, D6).
pub fn contract_erased_from(contract: &Contract) -> Option<DateTime<Utc>> {
    let after = contract.last_day?.succ_opt()?;
    Some(time::start_of_day(after) + PURGE_AFTER)
}

fn before(at: DateTime<Utc>, span: TimeDelta) -> DateTime<Utc> {
    at.checked_sub_signed(span).unwrap_or(DateTime::<Utc>::MIN_UTC)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use ulid::Ulid;

    use super::*;
    use crate::{employee, id::ConsultationId, roster::Employment};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn id(number: u128) -> EmploymentId {
        EmploymentId::new(Ulid(number))
    }

    fn row(employments: &[(u128, Option<&str>, &str)]) -> RosterRow {
        let employments = employments.iter().map(|(number, leaves, reported)| Employment {
            id: id(*number),
            name: employee::parse_name("山田太郎").unwrap(),
            joined: None,
            leave: leaves.map(|date| Leave::reported(date.parse().unwrap(), at(reported))),
            kept_on_at: None,
        });
        RosterRow { number: employee::parse_number("00123", None).unwrap(), employments: employments.collect() }
    }

    const REPORTED: &str = "2026-11-05T10:00:00+09:00";

    #[test]
    fn a_block_counts_from_its_beginning_and_an_unknown_number_from_the_registration() {
        let terms = Terms::default();
        let (registered, blocked) = (at("2026-11-24T10:00:00+09:00"), at("2026-12-01T10:00:00+09:00"));
        let known = Some(id(1));
        assert_eq!(terms.due(None, registered, known), None);
        let due = terms.due(Some(blocked), registered, known).unwrap();
        assert_eq!(due, Due { at: at("2027-05-30T10:00:00+09:00"), why: Silence::Blocked });
        let due = terms.due(Some(blocked), registered, None).unwrap();
        assert_eq!(due, Due { at: at("2027-02-22T10:00:00+09:00"), why: Silence::Unmatched });
    }

    #[test]
    fn only_who_can_be_told_is_told_and_only_in_the_last_week() {
        let due = |why| Due { at: at("2027-02-22T10:00:00+09:00"), why };
        for (now, told) in [
            ("2027-02-15T09:59:59+09:00", false),
            ("2027-02-15T10:00:00+09:00", true),
            ("2027-02-22T09:59:59+09:00", true),
            ("2027-02-22T10:00:00+09:00", false),
        ] {
            assert_eq!(due(Silence::Unmatched).is_announced(at(now)), told, "{now}");
            assert!(!due(Silence::Blocked).is_announced(at(now)), "{now}");
        }
    }

    #[test]
    fn an_employment_goes_when_it_is_due_and_the_others_stay() {
        let row = row(&[(1, Some("2026-11-30"), REPORTED), (2, Some("2025-01-31"), REPORTED), (3, None, REPORTED)]);
        assert_eq!(Parting::of(&row, at("2026-12-01T02:59:59+09:00")), None);
        let parting = Parting::of(&row, at("2026-12-01T03:00:00+09:00")).unwrap();
        assert_eq!(parting.ended, [id(1)]);
        assert_eq!(parting.rest.employments.iter().map(|employment| employment.id).collect::<Vec<_>>(), [id(2), id(3)]);
    }

    #[test]
    fn who_was_never_matched_goes_with_the_last_who_held_the_number() {
        let now = at("2026-12-01T03:00:00+09:00");
        let alone = Parting::of(&row(&[(1, Some("2026-11-30"), REPORTED)]), now).unwrap();
        assert!(alone.takes(None) && alone.takes(Some(id(1))) && !alone.takes(Some(id(2))));
        let unconfirmed = Parting::of(&row(&[(1, Some("2026-11-30"), REPORTED), (2, Some("2025-01-31"), REPORTED)]), now).unwrap();
        assert!(!unconfirmed.takes(None) && unconfirmed.takes(Some(id(1))), "a date that waits for its confirmation holds the number");
    }

    #[test]
    fn an_open_consultation_is_closed_with_a_word_in_the_last_week_of_access() {
        let row = row(&[(1, Some("2026-11-30"), REPORTED)]);
        let open = Intake { open: Some(ConsultationId::new(Ulid(7))), ..Intake::default() };
        let ends = Some(at("2026-12-01T00:00:00+09:00"));
        for (now, told) in [
            ("2026-11-23T23:59:59+09:00", None),
            ("2026-11-24T00:00:00+09:00", ends),
            ("2026-11-30T23:59:59+09:00", ends),
            ("2026-12-01T00:00:00+09:00", None),
        ] {
            assert_eq!(closing_notice(&row, Some(id(1)), open, at(now)), told, "{now}");
            assert_eq!(closing_notice(&row, Some(id(1)), Intake::default(), at(now)), None, "nothing is open");
            assert_eq!(closing_notice(&row, Some(id(2)), open, at(now)), None, "another employment");
        }
    }

    #[test]
    fn a_tenant_goes_three_hours_after_the_last_moment_of_its_contract() {
        let mut contract = Contract { starts: "2026-04-01".parse().unwrap(), last_day: None, plans: std::collections::BTreeSet::new() };
        assert_eq!(contract_erased_from(&contract), None);
        contract.last_day = Some("2027-01-31".parse().unwrap());
        assert_eq!(contract_erased_from(&contract), Some(at("2027-02-01T03:00:00+09:00")));
    }

    #[test]
    fn notices_go_out_by_day() {
        let hours = BusinessHours::default();
        for (now, by_day) in [("08:59", false), ("09:00", true), ("17:29", true), ("17:30", false)] {
            assert_eq!(is_notice_time(hours, at(&format!("2026-11-24T{now}:00+09:00"))), by_day, "{now}");
        }
    }
}
