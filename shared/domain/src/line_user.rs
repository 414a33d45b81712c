//! What is kept of one LINE user: presence, lock-out, an unfinished registration and a membership. One value, stored as one
//! item with one version, so that two events of the same user can never interleave.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    consultation::REOPENS_WITHIN,
    id::{ConsultationId, EmploymentId, KeyGeneration, MemberId, TenantId},
    passphrase::Lockout,
    personal::{EmployeeNumber, PersonName},
    roster::RosterCheck,
    time,
};

/// An unfinished dialogue is forgotten after this (row A1).
pub const DIALOGUE_LIFE: TimeDelta = TimeDelta::days(7);

/// A LINE user as we know them; a stranger is the default.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineUser {
    /// Friend or blocked.
    pub presence: Presence,
    /// Wrong passphrases (row A2); outlives a dialogue, so that beginning anew gives no more tries.
    pub lockout: Lockout,
    /// An unfinished registration.
    pub dialogue: Option<Dialogue>,
    /// The membership; a LINE user belongs to at most one tenant at a time.
    pub member: Option<Member>,
}

/// Whether the user blocks the account. LINE's events can arrive out of order, so the one with the later timestamp wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Presence {
    /// Since when the account is blocked.
    #[serde(with = "time::stamped_option", default)]
    pub blocked_since: Option<DateTime<Utc>>,
    #[serde(with = "time::stamped_option", default)]
    changed_at: Option<DateTime<Utc>>,
}

impl Presence {
    /// The account was followed or unblocked at `at`.
    #[must_use]
    pub fn followed(self, at: DateTime<Utc>) -> Self {
        self.change(at, None)
    }

    /// The account was blocked at `at`.
    #[must_use]
    pub fn unfollowed(self, at: DateTime<Utc>) -> Self {
        self.change(at, Some(at))
    }

    /// The user wrote at `at`: who blocks the account cannot, so a later block's end was missed.
    #[must_use]
    pub fn seen(self, at: DateTime<Utc>) -> Self {
        if self.blocked_since.is_some_and(|since| since < at) { self.followed(at) } else { self }
    }

    fn change(self, at: DateTime<Utc>, blocked_since: Option<DateTime<Utc>>) -> Self {
        if self.changed_at.is_some_and(|changed| changed > at) { self } else { Self { blocked_since, changed_at: Some(at) } }
    }
}

/// A registration under way (row A1): the code was accepted, and what is typed is sealed with the key of the member to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    /// Whose code it was.
    pub tenant: TenantId,
    /// The member that this becomes.
    pub member: MemberId,
    /// That member's data key.
    pub key: KeyGeneration,
    /// When the code was accepted.
    pub started_at: DateTime<Utc>,
    /// What is asked for.
    pub step: Step,
}

impl Dialogue {
    /// Whether it is to be forgotten at `now`.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        now >= self.started_at + DIALOGUE_LIFE
    }
}

/// What a registration waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// The tenant's passphrase.
    Passphrase,
    /// The employee number.
    Number,
    /// Consent, with the number that was given.
    Consent(EmployeeNumber),
}

/// A registered LINE user (登録者).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Internal id.
    pub id: MemberId,
    /// The company.
    pub tenant: TenantId,
    /// The data key that all of the member's texts are sealed with.
    pub key: KeyGeneration,
    /// When consent was given.
    pub registered_at: DateTime<Utc>,
    /// As given, normalised.
    pub number: EmployeeNumber,
    /// As given at the first consultation.
    pub name: Option<PersonName>,
    /// The employment whose access the member has; `None` as long as the number was not on the roster (`Unverified`).
    pub employment: Option<EmploymentId>,
    /// The last roster check (row A3).
    pub check: RosterCheck,
    /// What the bot waits for.
    pub expects: Expects,
    /// Where the consultation stands.
    pub intake: Intake,
}

/// What a member's next text can answer. Whatever it is, a text that does not answer it is a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Expects {
    /// Nothing: every text is a consultation.
    #[default]
    Nothing,
    /// The name for the roster check; the next text may be it, or may go on with the question.
    Name,
    /// Whether this was the name.
    NameConfirmation(PersonName),
    /// The new employee number, which the member asked to change.
    NewNumber,
    /// Whether 退会 is meant: nobody leaves by one touch or one word.
    LeaveConfirmation,
}

/// Where a member's consultation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Intake {
    /// The consultation that messages join.
    pub open: Option<ConsultationId>,
    /// The one that a nurse closed last, while none is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Closed>,
    /// A message of the open consultation had words that point to danger (row B4).
    pub urgent: bool,
    /// The first-time explanation was given (row B1).
    pub explained: bool,
    /// Out-of-hours notice was given for the closed period that ends then (row B1: once per closed period).
    #[serde(with = "time::stamped_option", default)]
    pub told_until: Option<DateTime<Utc>>,
}

/// A consultation that a nurse has closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// Which.
    pub consultation: ConsultationId,
    /// When.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
}

impl Intake {
    /// The consultation that a message at `now` opens again (row B2).
    pub fn reopens(&self, now: DateTime<Utc>) -> Option<ConsultationId> {
        let closed = self.closed.filter(|closed| self.open.is_none() && now < closed.at + REOPENS_WITHIN)?;
        Some(closed.consultation)
    }

    /// A nurse closes what is open.
    #[must_use]
    pub fn closed(self, consultation: ConsultationId, at: DateTime<Utc>) -> Self {
        Self { open: None, urgent: false, closed: Some(Closed { consultation, at }), ..self }
    }

    /// A nurse opens `consultation` again; `None` where another one is open.
    pub fn reopened(self, consultation: ConsultationId) -> Option<Self> {
        let is_free = self.open.is_none_or(|open| open == consultation);
        is_free.then_some(Self { open: Some(consultation), closed: None, ..self })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_block_and_its_end_count_by_their_time_not_by_their_arrival() {
        let at = |minute: u32| format!("2026-11-24T10:{minute:02}:00Z").parse::<DateTime<Utc>>().unwrap();
        let late_block = Presence::default().followed(at(5)).unfollowed(at(3));
        assert_eq!(late_block.blocked_since, None);
        let blocked = Presence::default().followed(at(3)).unfollowed(at(5));
        assert_eq!(blocked.blocked_since, Some(at(5)));
        assert_eq!(blocked.followed(at(6)).blocked_since, None);
        assert_eq!(blocked.seen(at(6)).blocked_since, None);
        assert_eq!(blocked.seen(at(4)), blocked);
    }
}
