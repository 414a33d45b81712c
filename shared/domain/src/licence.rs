//! The licences that the nurses (産業看護職) hold.

use serde::{Deserialize, Serialize};

use crate::phrase::Phrase;

/// A licence that a nurse holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Licence {
    /// 看護師.
    Nurse,
    /// 保健師.
    PublicHealthNurse,
    /// 公認心理師.
    Psychologist,
}

impl Licence {
    /// Every licence.
    pub const ALL: [Self; 3] = [Self::Nurse, Self::PublicHealthNurse, Self::Psychologist];

    /// What people read.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Nurse => Phrase::LicenceNurse,
            Self::PublicHealthNurse => Phrase::LicencePublicHealthNurse,
            Self::Psychologist => Phrase::LicencePsychologist,
        }
    }

    /// Whether who holds it reads documents (row B5).
    pub const fn reads_documents(self) -> bool {
        match self {
            Self::Nurse | Self::PublicHealthNurse => true,
            Self::Psychologist => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn psychologists_read_no_documents() {
        assert_eq!(Licence::ALL.map(Licence::reads_documents), [true, true, false]);
    }
}
