//! How an interview stands in the ledger.

use super::{Charge, Unit};

/// Why an interview uses nothing and costs nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Uncounted {
    /// It waits for the nurse in charge.
    AwaitsApproval,
    /// The approval did not come in time.
    Lapsed,
    /// The nurse in charge declined it.
    Declined,
    /// It was cancelled in time.
    CancelledInTime,
    /// We called it off.
    CalledOff,
}

/// How an interview that counts went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Course {
    /// Nothing is recorded yet.
    Planned,
    /// It was held.
    TookPlace,
    /// The employee did not come: counts as held.
    NoShow,
    /// It was cancelled too late: counts as held.
    CancelledLate,
}

/// How an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is covered by what was fixed when it was confirmed.
    Counted(Charge, Course),
    /// It uses nothing.
    Uncounted(Uncounted),
}

impl Standing {
    /// The unit that it uses.
    pub const fn unit(self) -> Option<Unit> {
        match self {
            Self::Counted(Charge::Base(unit), _) => Some(unit),
            Self::Counted(Charge::Extra { .. }, _) | Self::Uncounted(_) => None,
        }
    }
}
