//! What becomes of an interview (rows C2, C5, C6, C8).
//!
//! ```text
//! Hold -> Admitted -> AwaitingApproval -> Confirmed -> took place | no-show | cancelled in time or late | called off by us
//!                  \________________________/ |                  \-> moved in time: the same interview
//!                                             \-> cancelled | declined | lapsed
//! ```
//!
//! Each transition takes a state and gives the next one, with the [`Event`] for the ledger and the cells that become free, so that
//! one transaction can write all of it; a [`Refusal`] changes nothing. What covers an interview the ledger says
//! ([`super::allowance`]); whoever writes names the version that they saw.

mod confirmed;
mod ended;
mod head;
mod refusal;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

pub use self::{
    confirmed::Confirmed,
    ended::{CORRIGIBLE, Ended, Outcome, Went},
    head::{Details, Head},
    refusal::Refusal,
};
use super::{
    admission::{Admitted, Booker},
    allowance::{Charge, Event, Unit, What},
    slot::Cell,
};
use crate::{
    calendar::BusinessCalendar,
    id::{InterviewId, NurseId},
};

/// An interview that needs the approval of the nurse in charge; it keeps its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwaitingApproval {
    /// What is known of it.
    pub head: Head,
}

/// An interview in whatever state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Interview {
    /// It needs an approval.
    AwaitingApproval(AwaitingApproval),
    /// It will be held.
    Confirmed(Confirmed),
    /// It is over.
    Ended(Ended),
}

/// The state after an act, and what is written with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next<S> {
    /// The next state.
    pub state: S,
    /// What the ledger records.
    pub event: Event,
    /// What others may claim from now on.
    pub freed: Vec<Cell>,
}

impl<S> Next<S> {
    fn map<T>(self, into: impl FnOnce(S) -> T) -> Next<T> {
        Next { state: into(self.state), event: self.event, freed: self.freed }
    }
}

/// A nurse who is in charge of the company whose interview it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InCharge(NurseId);

impl InCharge {
    /// `in_charge` is the nurse in charge of the company, where one is.
    pub fn check(nurse: NurseId, in_charge: Option<NurseId>) -> Result<Self, Refusal> {
        if in_charge == Some(nurse) { Ok(Self(nurse)) } else { Err(Refusal::NotInCharge) }
    }
}

impl Admitted {
    /// Books the slot. `cover` is what the ledger says of the slot's month; without it the interview awaits approval.
    pub fn confirm(
        self,
        id: InterviewId,
        details: Details,
        cover: Option<Unit>,
        calendar: &BusinessCalendar<'_>,
        now: DateTime<Utc>,
    ) -> Result<Next<Interview>, Refusal> {
        let deadline = self.deadline(calendar, now)?;
        let Self { hold, number, employment } = self;
        let slot = hold.slot;
        let head = Head { id, booked_by: hold.by, version: 1, sequence: 0, slot, deadline, number, employment, details };
        let event = head.event(What::Booked { day: slot.day() }, now);
        Ok(Next { state: head.covered(cover, now)?, event, freed: Vec::new() })
    }
}

impl AwaitingApproval {
    fn is_live(&self, now: DateTime<Utc>) -> Result<(), Refusal> {
        if self.head.deadline.is_met(now) { Ok(()) } else { Err(Refusal::HasLapsed) }
    }

    /// The nurse in charge approves. `cover` is what the ledger says of the month now: a unit that became free meanwhile is used.
    pub fn approve(self, by: InCharge, cover: Option<Unit>, now: DateTime<Utc>) -> Result<Next<Confirmed>, Refusal> {
        self.is_live(now)?;
        let charge = cover.map_or(Charge::Extra { approved_by: by.0 }, Charge::Base);
        let event = self.head.event(What::Approved { by: by.0 }, now);
        Ok(Next { state: Confirmed { head: self.head.written(), charge }, event, freed: Vec::new() })
    }

    /// The nurse in charge declines.
    pub fn decline(self, _by: InCharge, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        self.is_live(now)?;
        Ok(self.head.ends(Outcome::Declined, What::Declined, now))
    }

    /// Tidies up after the deadline; nothing waits for that.
    pub fn lapse(self, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        match self.is_live(now) {
            Ok(()) => Err(Refusal::NotLapsed),
            Err(_) => Ok(self.head.ends(Outcome::Lapsed, What::Lapsed, now)),
        }
    }

    fn cancel(self, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        self.is_live(now)?;
        Ok(self.head.ends(Outcome::CancelledInTime, What::CancelledInTime, now))
    }
}

impl Interview {
    /// What is known of it.
    pub const fn head(&self) -> &Head {
        match self {
            Self::AwaitingApproval(AwaitingApproval { head })
            | Self::Confirmed(Confirmed { head, .. })
            | Self::Ended(Ended { head, .. }) => head,
        }
    }

    /// The interview as it is at `now`: an approval that did not come in time has lapsed, whether or not that was recorded.
    #[must_use]
    pub fn seen_at(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::AwaitingApproval(awaiting) if awaiting.is_live(now).is_err() => {
                let at = awaiting.head.deadline.passes_at();
                Self::Ended(Ended { head: awaiting.head, outcome: Outcome::Lapsed, at, continuing_told: false })
            }
            Self::AwaitingApproval(_) | Self::Confirmed(_) | Self::Ended(_) => self,
        }
    }

    /// For what only an interview that awaits approval can do.
    pub fn awaiting_approval(self) -> Result<AwaitingApproval, Refusal> {
        match self {
            Self::AwaitingApproval(awaiting) => Ok(awaiting),
            Self::Confirmed(_) => Err(Refusal::AwaitsNothing),
            Self::Ended(_) => Err(Refusal::IsOver),
        }
    }

    /// For what only a confirmed interview can do.
    pub fn confirmed(self) -> Result<Confirmed, Refusal> {
        match self {
            Self::AwaitingApproval(_) => Err(Refusal::NotConfirmed),
            Self::Confirmed(confirmed) => Ok(confirmed),
            Self::Ended(_) => Err(Refusal::IsOver),
        }
    }

    /// For what only an interview can do that is over.
    pub fn ended(self) -> Result<Ended, Refusal> {
        match self {
            Self::AwaitingApproval(_) => Err(Refusal::NotConfirmed),
            Self::Confirmed(_) => Err(Refusal::NotRecorded),
            Self::Ended(ended) => Ok(ended),
        }
    }

    /// A contact of the company cancels it; whether that is in time, its deadline says.
    pub fn cancel(self, by: Booker, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        if by.tenant != self.head().tenant() {
            return Err(Refusal::OtherTenant);
        }
        match self {
            Self::AwaitingApproval(awaiting) => awaiting.cancel(now),
            Self::Confirmed(confirmed) => confirmed.cancel(now),
            Self::Ended(_) => Err(Refusal::IsOver),
        }
    }

    /// A contact moves it to another slot in time: it stays the same interview. `cover` is what the ledger says of the move.
    pub fn move_to(
        self,
        to: &Admitted,
        cover: Option<Unit>,
        calendar: &BusinessCalendar<'_>,
        now: DateTime<Utc>,
    ) -> Result<Next<Self>, Refusal> {
        let old = self.head().slot;
        let state = match self {
            Self::AwaitingApproval(awaiting) => {
                awaiting.is_live(now)?;
                awaiting.head.moved(to, calendar, now)?.covered(cover, now)?
            }
            Self::Confirmed(Confirmed { head, charge: charge @ Charge::Extra { .. } }) => {
                Self::Confirmed(Confirmed { head: head.moved(to, calendar, now)?, charge })
            }
            Self::Confirmed(Confirmed { head, charge: Charge::Base(_) }) => head.moved(to, calendar, now)?.covered(cover, now)?,
            Self::Ended(_) => return Err(Refusal::IsOver),
        };
        let event = state.head().event(What::Moved { day: state.head().slot.day() }, now);
        Ok(Next { freed: old.cells_without(state.head().slot), state, event })
    }
}

impl From<Next<Confirmed>> for Next<Interview> {
    fn from(next: Next<Confirmed>) -> Self {
        next.map(Interview::Confirmed)
    }
}

impl From<Next<Ended>> for Next<Interview> {
    fn from(next: Next<Ended>) -> Self {
        next.map(Interview::Ended)
    }
}
