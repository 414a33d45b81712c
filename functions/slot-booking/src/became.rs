//! What becomes of what a contact asks for. The pages and the API say the same, each in its way.

use chrono::{DateTime, NaiveDate, Utc};

use domain::{
    id::InterviewId,
    interview::{request::Missing, slot::Slot},
    phrase::Phrase,
};
use store::entity::audit::Outcome;

/// What became of it, where it is not what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Not {
    /// Who asks may not.
    Allowed,
    /// The company's plan has no interviews.
    Bought,
    /// There is nothing of the kind, or it is another company's.
    There,
    /// The form has to be mended.
    Complete(Vec<Missing>),
    /// What the form asks for cannot be; other answers in it could.
    Admitted(Phrase),
    /// The interview stands otherwise than whoever asks believed.
    Possible(Phrase),
    /// Somebody else was faster, or the time is over: here is what is free in the week of that day.
    Free(Phrase, NaiveDate),
    /// The idempotency key was used for another request.
    TheSameRequest,
}

impl Not {
    /// How it stands in the audit log.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Allowed => Outcome::Forbidden,
            Self::There => Outcome::Missing,
            Self::Bought | Self::Complete(_) | Self::Admitted(_) | Self::Possible(_) | Self::Free(..) | Self::TheSameRequest => {
                Outcome::Refused
            }
        }
    }
}

/// A slot on hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// The id that the interview will have.
    pub id: InterviewId,
    /// The slot.
    pub slot: Slot,
    /// From this instant on it holds nothing.
    pub until: DateTime<Utc>,
}
