//! An interview that will be held, and what can become of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Ended, Head, Next, Outcome, Refusal, Went};
use crate::{
    id::NurseId,
    interview::allowance::{Charge, What},
};

/// An interview that will be held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    /// What is known of it.
    pub head: Head,
    /// What covers it.
    pub charge: Charge,
}

impl Confirmed {
    pub(super) fn cancel(self, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        if now >= self.head.slot.start() {
            Err(Refusal::HasBegun)
        } else if self.head.deadline.is_met(now) {
            Ok(self.head.ends(Outcome::CancelledInTime, What::CancelledInTime, now))
        } else {
            Ok(self.head.ends(Outcome::CancelledLate { charge: self.charge }, What::CancelledLate, now))
        }
    }

    /// A nurse calls it off: who holds it, or who is in charge of the company. It is never too late for the company, whose loss it
    /// must not be.
    pub fn call_off(self, by: NurseId, in_charge: Option<NurseId>, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        if by != self.head.slot.nurse() && in_charge != Some(by) {
            Err(Refusal::NotYours)
        } else if now >= self.head.slot.start() {
            Err(Refusal::HasBegun)
        } else {
            Ok(self.head.ends(Outcome::CalledOff, What::CalledOff, now))
        }
    }

    /// The nurse who holds it records how it went.
    pub fn record(self, by: NurseId, went: Went, now: DateTime<Utc>) -> Result<Next<Ended>, Refusal> {
        if by != self.head.slot.nurse() {
            Err(Refusal::NotYours)
        } else if now < self.head.slot.start() {
            Err(Refusal::NotBegun)
        } else {
            let what = if went == Went::NoShow { What::NoShow } else { What::TookPlace };
            Ok(self.head.ends(went.outcome(self.charge), what, now))
        }
    }
}
