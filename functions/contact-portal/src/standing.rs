//! How a delivered file stands, as its contact is told.

use chrono::{DateTime, Utc};

use domain::{phrase::Phrase, roster_report::Outcome};
use store::entity::delivery::{Delivery, Party, State};

/// How a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is read.
    Reading,
    /// It waits for the contact, whatever the operator said.
    AsksContact,
    /// It waits for the operator only.
    AsksOperator,
    /// Both have confirmed it.
    Confirmed,
    /// It was taken back and is about to be deleted.
    Withdrawing,
    /// It is being written.
    Applying,
    /// All of it is on the roster.
    Applied,
    /// It was applied before.
    Repeated,
    /// It has errors.
    HasErrors,
    /// A contact took it back.
    Withdrawn,
    /// It was refused by the operator, not confirmed in time, or replaced.
    NotApplied,
}

impl Standing {
    /// How `delivery` stands at `now`.
    pub fn of(delivery: &Delivery, now: DateTime<Utc>) -> Self {
        let by_contact = delivery.refused_by == Some(Party::Contact);
        match delivery.state {
            State::Received => Self::Reading,
            State::Waiting if delivery.refused_at.is_some() && by_contact => Self::Withdrawing,
            State::Waiting if delivery.refused_at.is_some() => Self::NotApplied,
            State::Waiting if delivery.is_confirmed() => Self::Confirmed,
            State::Waiting if !delivery.is_asked(now) => Self::NotApplied,
            State::Waiting if delivery.contact_confirmed_at.is_none() => Self::AsksContact,
            State::Waiting => Self::AsksOperator,
            State::Applying => Self::Applying,
            State::Applied => Self::Applied,
            State::Repeated => Self::Repeated,
            State::Refused if delivery.blocking > 0 => Self::HasErrors,
            State::Refused if by_contact => Self::Withdrawn,
            State::Refused => Self::NotApplied,
        }
    }

    /// Whether it will stand otherwise in a moment, without anybody's doing.
    pub const fn is_moving(self) -> bool {
        matches!(self, Self::Reading | Self::Confirmed | Self::Withdrawing | Self::Applying)
    }

    /// What its report tells then.
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Reading | Self::AsksContact | Self::AsksOperator | Self::Confirmed => Outcome::Waiting,
            Self::Applying | Self::Applied => Outcome::Applied,
            Self::Repeated => Outcome::Unchanged,
            Self::Withdrawing | Self::HasErrors | Self::Withdrawn | Self::NotApplied => Outcome::Refused,
        }
    }

    /// In a word or two.
    pub const fn word(self) -> Phrase {
        match self {
            Self::Reading => Phrase::RosterReading,
            Self::AsksContact => Phrase::RosterAsksContact,
            Self::AsksOperator => Phrase::RosterAsksOperator,
            Self::Confirmed => Phrase::RosterConfirmed,
            Self::Withdrawing => Phrase::RosterWithdrawing,
            Self::Applying => Phrase::RosterApplying,
            Self::Applied => Phrase::RosterApplied,
            Self::Repeated => Phrase::RosterRepeated,
            Self::HasErrors => Phrase::RosterHasErrors,
            Self::Withdrawn => Phrase::RosterWithdrawn,
            Self::NotApplied => Phrase::RosterNotApplied,
        }
    }

    /// In a sentence.
    pub const fn sentence(self) -> Phrase {
        match self {
            Self::Reading => Phrase::RosterReadingText,
            Self::AsksContact => Phrase::RosterAsksContactText,
            Self::AsksOperator => Phrase::RosterAsksOperatorText,
            Self::Confirmed => Phrase::RosterConfirmedText,
            Self::Withdrawing => Phrase::RosterWithdrawingText,
            Self::Applying => Phrase::RosterApplyingText,
            Self::Applied => Phrase::Applied,
            Self::Repeated => Phrase::Repeated,
            Self::HasErrors => Phrase::Refused,
            Self::Withdrawn => Phrase::RosterWithdrawnText,
            Self::NotApplied => Phrase::RosterNotAppliedText,
        }
    }

    /// How much it matters, as the style sheet knows it.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Reading | Self::Confirmed | Self::Applying | Self::Applied | Self::Repeated => "applied",
            Self::AsksContact | Self::AsksOperator | Self::Withdrawing | Self::Withdrawn | Self::NotApplied => "waiting",
            Self::HasErrors => "refused",
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{
        id::{ImportId, TenantId},
        roster_file::Kind,
    };
    use ulid::Ulid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_file_that_waits_stands_as_those_who_are_asked_have_said() {
        let received = at("2026-11-24T10:00:00+09:00");
        let word = Some(at("2026-11-25T10:00:00+09:00"));
        let soon = at("2026-12-01T09:59:59+09:00");
        let over = at("2026-12-01T10:00:00+09:00");
        for (contact, operator, refused, now, standing) in [
            (None, None, None, soon, Standing::AsksContact),
            (None, word, None, soon, Standing::AsksContact),
            (word, None, None, soon, Standing::AsksOperator),
            (word, word, None, soon, Standing::Confirmed),
            (word, word, None, over, Standing::Confirmed),
            (word, None, None, over, Standing::NotApplied),
            (word, None, Some(Party::Contact), soon, Standing::Withdrawing),
            (word, None, Some(Party::Operator), soon, Standing::NotApplied),
        ] {
            let mut delivery = Delivery::new(ImportId::new(Ulid(1)), TenantId::new(Ulid(2)), Kind::Monthly, 10, received);
            delivery.state = State::Waiting;
            (delivery.contact_confirmed_at, delivery.operator_confirmed_at) = (contact, operator);
            (delivery.refused_at, delivery.refused_by) = (refused.and(word), refused);
            assert_eq!(Standing::of(&delivery, now), standing);
            delivery.state = State::Refused;
            let ended = if refused == Some(Party::Contact) { Standing::Withdrawn } else { Standing::NotApplied };
            assert_eq!(Standing::of(&delivery, now), ended);
            delivery.blocking = 1;
            assert_eq!(Standing::of(&delivery, now), Standing::HasErrors);
        }
    }
}
