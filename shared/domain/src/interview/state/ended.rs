//! An interview that is over, and how it ended.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{Head, Next, Refusal};
use crate::{
    id::NurseId,
    interview::allowance::{Charge, What},
    time,
};

/// So long after it was recorded first, how an interview went can be corrected: long enough to notice a slip, and short enough that
/// the company can rely on what it reads. A correction does not prolong it. It never changes what is used or charged.
pub const CORRIGIBLE: TimeDelta = TimeDelta::days(7);

/// An interview that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What is known of it.
    pub head: Head,
    /// How it ended.
    pub outcome: Outcome,
    /// When that was recorded first.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
    /// The contact was told that continuing is recommended, as it stands now or before it was corrected. They are told once.
    #[serde(default)]
    pub continuing_told: bool,
}

/// How an interview went that was not called off or cancelled, as a nurse records it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Went {
    /// It was held.
    Held {
        /// The nurse recommends to continue (row C8).
        continuing: bool,
    },
    /// The employee did not come.
    NoShow,
}

impl Went {
    /// The end of an interview that `charge` covers.
    pub(super) const fn outcome(self, charge: Charge) -> Outcome {
        match self {
            Self::Held { continuing } => Outcome::TookPlace { charge, continuing },
            Self::NoShow => Outcome::NoShow { charge },
        }
    }
}

impl Ended {
    /// Until when a record of how it went can be corrected.
    pub fn corrigible_until(&self) -> DateTime<Utc> {
        self.at.checked_add_signed(CORRIGIBLE).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// The nurse who held it corrects what they recorded. The company uses and pays the same.
    pub fn correct(self, by: NurseId, went: Went, now: DateTime<Utc>) -> Result<Next<Self>, Refusal> {
        let (Outcome::TookPlace { charge, .. } | Outcome::NoShow { charge }) = self.outcome else { return Err(Refusal::NotRecorded) };
        let outcome = went.outcome(charge);
        if by != self.head.slot.nurse() {
            Err(Refusal::NotYours)
        } else if now >= self.corrigible_until() {
            Err(Refusal::TooLateToCorrect)
        } else if outcome == self.outcome {
            Err(Refusal::RecordedSo)
        } else {
            let event = self.head.event(What::Corrected { held: went != Went::NoShow }, now);
            let continuing_told = self.continuing_told || outcome.is_to_continue();
            Ok(Next { state: Self { head: self.head.written(), outcome, at: self.at, continuing_told }, event, freed: Vec::new() })
        }
    }
}

/// How an interview ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was held.
    TookPlace {
        /// What covered it.
        charge: Charge,
        /// The nurse recommends to continue (row C8).
        continuing: bool,
    },
    /// The employee did not come.
    NoShow {
        /// What covered it.
        charge: Charge,
    },
    /// It was cancelled too late.
    CancelledLate {
        /// What covered it.
        charge: Charge,
    },
    /// It was cancelled in time.
    CancelledInTime,
    /// We called it off.
    CalledOff,
    /// The nurse in charge declined it.
    Declined,
    /// The approval did not come in time.
    Lapsed,
}

impl Outcome {
    /// Whether the contact is to be told that continuing is recommended.
    pub const fn is_to_continue(self) -> bool {
        matches!(self, Self::TookPlace { continuing: true, .. })
    }

    /// Whether it was to be held until the end: its time is used up, and the calendar entry stands.
    pub const fn was_held_or_missed(self) -> bool {
        matches!(self, Self::TookPlace { .. } | Self::NoShow { .. })
    }
}
