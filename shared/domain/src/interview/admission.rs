//! A slot on hold, and who may book it for whom (rows C2, A3, D6).

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::slot::Slot;
use crate::{
    id::{ContactId, EmploymentId, TenantId},
    personal::{EmployeeNumber, PersonName},
    phrase::Phrase,
    roster::{self, RosterCheck, RosterRow},
    tenant::{Plan, Tenant},
    time,
};

/// A slot is held so long for the contact who chose it (row C2).
pub const HELD_FOR: TimeDelta = TimeDelta::minutes(10);

/// A contact who is signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booker {
    /// The contact.
    pub contact: ContactId,
    /// The contact's company.
    pub tenant: TenantId,
}

/// A slot that is kept for a contact while they fill in the form. It ends by itself: whoever comes later may take its cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// For whom.
    pub by: Booker,
    /// What.
    pub slot: Slot,
    /// From this instant on it holds nothing.
    #[serde(with = "time::stamped")]
    pub until: DateTime<Utc>,
}

impl Hold {
    /// Begins at `now`.
    pub fn begun(by: Booker, slot: Slot, now: DateTime<Utc>) -> Self {
        Self { by, slot, until: now.checked_add_signed(HELD_FOR).unwrap_or(DateTime::<Utc>::MAX_UTC) }
    }

    /// Whether it keeps others off.
    pub fn is_live(self, now: DateTime<Utc>) -> bool {
        now < self.until
    }

    /// Lets the contact book the slot for an employee: `name` is what the contact wrote, `row` is what the roster says of the
    /// number at `now`.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn admit(self, tenant: &Tenant, name: &PersonName, row: Option<&RosterRow>, now: DateTime<Utc>) -> Result<Admitted, NotAdmitted> {
        self.is_bought(tenant, now)?;
        match (row, roster::check(Some(name), row, now)) {
            (Some(row), RosterCheck::Matched(employment)) => self.with(row, employment),
            (None, _) | (_, RosterCheck::NumberUnknown) => Err(NotAdmitted::NumberUnknown),
            (_, RosterCheck::NameMissing | RosterCheck::NameDiffers) => Err(NotAdmitted::NameDiffers),
        }
    }

    /// Lets the contact move an interview of `employment` to the slot; `row` is what the roster says of the number at `now`.
    ///
    /// # Errors
    /// The first reason against it.
    pub fn admit_again(
        self,
        tenant: &Tenant,
        employment: EmploymentId,
        row: Option<&RosterRow>,
        now: DateTime<Utc>,
    ) -> Result<Admitted, NotAdmitted> {
        self.is_bought(tenant, now)?;
        self.with(row.ok_or(NotAdmitted::NumberUnknown)?, employment)
    }

    fn is_bought(self, tenant: &Tenant, now: DateTime<Utc>) -> Result<(), NotAdmitted> {
        let contract = &tenant.contract;
        if self.by.tenant != tenant.id {
            Err(NotAdmitted::OtherTenant)
        } else if !contract.in_force(now) {
            Err(NotAdmitted::NoContract)
        } else if !contract.plans.contains(&Plan::InterviewSupport) {
            Err(NotAdmitted::NotInPlan)
        } else if !contract.in_force(self.slot.start()) {
            Err(NotAdmitted::ContractEndsBefore)
        } else {
            Ok(())
        }
    }

    fn with(self, row: &RosterRow, id: EmploymentId) -> Result<Admitted, NotAdmitted> {
        let employment = row.employments.iter().find(|employment| employment.id == id).ok_or(NotAdmitted::NumberUnknown)?;
        if !employment.gives_access(self.slot.start()) {
            return Err(NotAdmitted::LeavesBefore);
        }
        Ok(Admitted { hold: self, number: row.number.clone(), employment: id })
    }
}

/// Why a contact cannot book a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAdmitted {
    /// The contact belongs to another company.
    #[error("the contact belongs to another tenant")]
    OtherTenant,
    /// The contract does not run.
    #[error("the contract is not in force")]
    NoContract,
    /// The plan has no interviews (row D6).
    #[error("the plan has no interviews")]
    NotInPlan,
    /// The contract will be over on the day of the interview.
    #[error("the contract is over before the interview")]
    ContractEndsBefore,
    /// The number is not on the roster, or whoever had it has left.
    #[error("the number is not on the roster")]
    NumberUnknown,
    /// The number is on the roster under another name.
    #[error("the roster has the number under another name")]
    NameDiffers,
    /// The employee will have left by the day of the interview (row A4).
    #[error("the employee has left before the interview")]
    LeavesBefore,
}

impl NotAdmitted {
    /// What the contact is told.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::OtherTenant => Phrase::InterviewAdmitOtherTenant,
            Self::NoContract => Phrase::InterviewAdmitNoContract,
            Self::NotInPlan => Phrase::InterviewAdmitNotInPlan,
            Self::ContractEndsBefore => Phrase::InterviewAdmitContractEnds,
            Self::NumberUnknown => Phrase::InterviewAdmitNumberUnknown,
            Self::NameDiffers => Phrase::InterviewAdmitNameDiffers,
            Self::LeavesBefore => Phrase::InterviewAdmitLeavesBefore,
        }
    }
}

/// A hold with the employee for whom it may be booked: what an interview is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    pub(super) hold: Hold,
    pub(super) number: EmployeeNumber,
    pub(super) employment: EmploymentId,
}

#[cfg(test)]
pub(super) mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use std::collections::{BTreeMap, BTreeSet};

    use ulid::Ulid;

    use super::*;
    use crate::{
        employee,
        id::NurseId,
        interview::allowance::Allowance,
        roster::{Employment, Leave},
        tenant::Contract,
        text::Language,
    };

    pub const BY: Booker = Booker { contact: ContactId::new(Ulid(21)), tenant: TenantId::new(Ulid(1)) };
    pub const YAMADA: EmploymentId = EmploymentId::new(Ulid(31));

    pub fn at(text: &str) -> DateTime<Utc> {
        format!("{text}+09:00").parse().unwrap()
    }

    pub fn slot(start: &str) -> Slot {
        Slot::new(NurseId::new(Ulid(11)), at(start)).unwrap()
    }

    pub fn tenant(plans: &[Plan], last_day: Option<&str>) -> Tenant {
        Tenant {
            id: BY.tenant,
            name: "さくら工業".to_owned(),
            code: "ABCD2345".parse().unwrap(),
            channel: "main".parse().unwrap(),
            language: Language::Ja,
            number_width: None,
            passphrase: None,
            contract: Contract {
                starts: "2026-04-01".parse().unwrap(),
                last_day: last_day.map(|day| day.parse().unwrap()),
                plans: plans.iter().copied().collect::<BTreeSet<_>>(),
            },
            desks: BTreeMap::new(),
            in_charge: None,
            allowance: Allowance::default(),
        }
    }

    pub fn row(leaves: Option<&str>) -> RosterRow {
        let employment = Employment {
            id: YAMADA,
            name: employee::parse_name("山田 太郎").unwrap(),
            joined: None,
            leave: leaves.map(|day| Leave::reported(day.parse().unwrap(), at("2026-11-01T10:00:00"))),
            kept_on_at: None,
        };
        RosterRow { number: employee::parse_number("00123", None).unwrap(), employments: vec![employment] }
    }

    #[test]
    fn a_hold_ends_by_itself_after_ten_minutes() {
        let hold = Hold::begun(BY, slot("2026-12-01T10:00:00"), at("2026-11-24T09:00:00"));
        for (now, live) in [("2026-11-24T09:00:00", true), ("2026-11-24T09:09:59.999", true), ("2026-11-24T09:10:00", false)] {
            assert_eq!(hold.is_live(at(now)), live, "{now}");
        }
    }

    #[test]
    fn a_contact_books_for_an_employee_of_their_own_company_whose_plan_has_interviews() {
        let both = &[Plan::EmployeeSupport, Plan::InterviewSupport][..];
        for (plans, last_day, name, leaves, refused) in [
            (both, None, "山田太郎", None, None),
            (&[Plan::InterviewSupport], None, "山田　太郎", None, None),
            (&[Plan::EmployeeSupport], None, "山田太郎", None, Some(NotAdmitted::NotInPlan)),
            (both, Some("2026-11-30"), "山田太郎", None, Some(NotAdmitted::ContractEndsBefore)),
            (both, Some("2026-12-31"), "山田太郎", None, None),
            (both, Some("2026-10-31"), "山田太郎", None, Some(NotAdmitted::NoContract)),
            (both, None, "山田次郎", None, Some(NotAdmitted::NameDiffers)),
            (both, None, "山田太郎", Some("2026-10-15"), Some(NotAdmitted::NumberUnknown)),
            (both, None, "山田太郎", Some("2026-11-15"), Some(NotAdmitted::LeavesBefore)),
            (both, None, "山田太郎", Some("2026-12-01"), None),
        ] {
            let hold = Hold::begun(BY, slot("2026-12-08T10:00:00"), at("2026-11-24T09:00:00"));
            let name = employee::parse_name(name).unwrap();
            let admitted = hold.admit(&tenant(plans, last_day), &name, Some(&row(leaves)), at("2026-11-24T09:05:00"));
            assert_eq!(admitted.as_ref().err(), refused.as_ref(), "{plans:?} {last_day:?} {leaves:?}");
            assert!(admitted.is_ok_and(|admitted| admitted.employment == YAMADA) || refused.is_some());
        }
    }

    #[test]
    fn an_unknown_number_and_another_company_s_contact_are_refused() {
        let (hold, now) = (Hold::begun(BY, slot("2026-12-08T10:00:00"), at("2026-11-24T09:00:00")), at("2026-11-24T09:05:00"));
        let (name, tenant) = (employee::parse_name("山田太郎").unwrap(), tenant(&[Plan::InterviewSupport], None));
        assert_eq!(hold.admit(&tenant, &name, None, now), Err(NotAdmitted::NumberUnknown));
        let other = Hold { by: Booker { tenant: TenantId::new(Ulid(2)), ..BY }, ..hold };
        assert_eq!(other.admit(&tenant, &name, Some(&row(None)), now), Err(NotAdmitted::OtherTenant));
    }

    #[test]
    fn an_interview_is_moved_only_to_where_its_employee_still_is() {
        let (tenant, now) = (tenant(&[Plan::InterviewSupport], Some("2027-01-31")), at("2026-11-24T09:05:00"));
        let again = |start: &str, row: Option<&RosterRow>| {
            Hold::begun(BY, slot(start), now).admit_again(&tenant, YAMADA, row, now).map(|admitted| admitted.hold.slot)
        };
        let (leaver, stays) = (row(Some("2026-12-15")), row(None));
        assert_eq!(again("2026-12-28T10:00:00", Some(&leaver)), Ok(slot("2026-12-28T10:00:00")));
        assert_eq!(again("2027-01-05T10:00:00", Some(&leaver)), Err(NotAdmitted::LeavesBefore));
        assert_eq!(again("2027-02-02T10:00:00", Some(&stays)), Err(NotAdmitted::ContractEndsBefore));
        assert_eq!(again("2026-12-28T10:00:00", None), Err(NotAdmitted::NumberUnknown));
        let next_holder = RosterRow { employments: Vec::new(), ..stays };
        assert_eq!(again("2026-12-28T10:00:00", Some(&next_holder)), Err(NotAdmitted::NumberUnknown));
    }
}
