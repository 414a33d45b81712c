//! Licences of those who answer consultations.

use serde::{Deserialize, Serialize};

/// A licence that a nurse holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Licence {
    /// 看護師.
    Nurse,
    /// 保健師.
    PublicHealthNurse,
    /// 公認心理師.
    Psychologist,
}
