//! What happens to interviews, as the ledger records it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::{InterviewId, NurseId},
    time,
};

/// Something that happened to an interview, in the order in which it was committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
    /// To which.
    pub interview: InterviewId,
    /// What.
    pub what: What,
}

/// What happened. Whether it was in time, [`super::deadline`] has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum What {
    /// The contact confirmed it for that day.
    Booked {
        /// Day of the interview.
        day: NaiveDate,
    },
    /// The nurse in charge approved it.
    Approved {
        /// The nurse.
        by: NurseId,
    },
    /// The nurse in charge declined it.
    Declined,
    /// The approval did not come in time.
    Lapsed,
    /// The contact moved it in time.
    Moved {
        /// New day of the interview.
        day: NaiveDate,
    },
    /// The contact cancelled it in time.
    CancelledInTime,
    /// The contact cancelled it too late.
    CancelledLate,
    /// We called it off, in time or not.
    CalledOff,
    /// It was held.
    TookPlace,
    /// The employee did not come.
    NoShow,
    /// That it was held, or that the employee did not come, was recorded by mistake.
    Corrected {
        /// It was held; else the employee did not come.
        held: bool,
    },
}
