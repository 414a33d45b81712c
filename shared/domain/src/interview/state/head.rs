//! What is known of an interview in every state, and what all transitions do to it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AwaitingApproval, Confirmed, Ended, Interview, Next, Outcome, Refusal};
use crate::{
    calendar::BusinessCalendar,
    id::{EmploymentId, InterviewId, TenantId},
    interview::{
        admission::{Admitted, Booker},
        allowance::{Charge, Event, Unit, What},
        deadline::Deadline,
        purpose::{Method, Purpose},
        slot::Slot,
    },
    personal::{EmployeeNumber, MailAddress},
};

/// What a contact asks for, beside slot and employee. Why stands in the request form ([`crate::interview::request_form`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// How it is held.
    pub method: Method,
    /// What it is for.
    pub purpose: Purpose,
    /// Where the guidance mail goes.
    pub guidance_to: MailAddress,
}

/// What is known of an interview in every state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Its id, which it keeps when it is moved.
    pub id: InterviewId,
    /// Who booked it, for which company.
    pub booked_by: Booker,
    /// One higher with every write; who writes names the one that they saw.
    pub version: u64,
    /// The calendar entry's SEQUENCE: one higher whenever the entry that people have is replaced or withdrawn.
    pub sequence: u32,
    /// When, and with whom.
    pub slot: Slot,
    /// Until when it can be cancelled or moved without cost, and an approval can come: as people were told.
    pub deadline: Deadline,
    /// The employee's number.
    pub number: EmployeeNumber,
    /// The employee.
    pub employment: EmploymentId,
    /// What the contact asked for.
    pub details: Details,
}

impl Head {
    /// Whose interview it is.
    pub const fn tenant(&self) -> TenantId {
        self.booked_by.tenant
    }

    pub(super) fn event(&self, what: What, now: DateTime<Utc>) -> Event {
        Event { at: now, interview: self.id, what }
    }

    pub(super) fn covered(self, cover: Option<Unit>, now: DateTime<Utc>) -> Result<Interview, Refusal> {
        match cover {
            Some(unit) => Ok(Interview::Confirmed(Confirmed { head: self, charge: Charge::Base(unit) })),
            None if self.deadline.is_met(now) => Ok(Interview::AwaitingApproval(AwaitingApproval { head: self })),
            None => Err(Refusal::TooSoonForApproval),
        }
    }

    pub(super) fn written(self) -> Self {
        Self { version: self.version + 1, ..self }
    }

    /// In the slot of `to`; nothing else changes.
    pub(super) fn moved(self, to: &Admitted, calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Result<Self, Refusal> {
        if to.hold.by.tenant != self.tenant() {
            return Err(Refusal::OtherTenant);
        }
        if to.employment != self.employment {
            return Err(Refusal::OtherEmployee);
        }
        if !self.deadline.is_met(now) {
            return Err(Refusal::TooLate);
        }
        let deadline = to.deadline(calendar, now)?;
        Ok(Self { slot: to.hold.slot, deadline, sequence: self.sequence + 1, ..self.written() })
    }

    /// The end of an interview that will not be held, or was not.
    pub(super) fn ends(self, outcome: Outcome, what: What, now: DateTime<Utc>) -> Next<Ended> {
        let withdrawn = !outcome.was_held_or_missed();
        let (event, sequence) = (self.event(what, now), self.sequence + u32::from(withdrawn));
        let freed = if withdrawn { self.slot.cells().to_vec() } else { Vec::new() };
        let head = Self { sequence, ..self.written() };
        Next { state: Ended { head, outcome, at: now, continuing_told: outcome.is_to_continue() }, event, freed }
    }
}

impl Admitted {
    /// The deadline of the slot, where the slot can be had.
    pub(super) fn deadline(&self, calendar: &BusinessCalendar<'_>, now: DateTime<Utc>) -> Result<Deadline, Refusal> {
        if !self.hold.is_live(now) {
            Err(Refusal::HoldOver)
        } else if now >= self.hold.slot.start() {
            Err(Refusal::SlotBegun)
        } else {
            Ok(Deadline::of_interview(self.hold.slot.day(), calendar)?)
        }
    }
}
