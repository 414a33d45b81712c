//! An interview that is over, and how it ended.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Head;
use crate::{interview::allowance::Charge, time};

/// An interview that is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// What is known of it.
    pub head: Head,
    /// How it ended.
    pub outcome: Outcome,
    /// When that was recorded.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
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
