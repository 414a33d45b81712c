//! Ids of the service: ULIDs (sortable by creation), one type per thing, so that they cannot be mixed up.
//!
//! A rule never makes an id; the caller does and hands it in. Internal ids are the only ids that logs may carry.

use serde::{Deserialize, Serialize};
use ulid::Ulid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Ulid);

        impl $name {
            /// Wraps a ULID that the caller made.
            pub const fn new(ulid: Ulid) -> Self {
                Self(ulid)
            }

            /// The ULID.
            pub const fn ulid(self) -> Ulid {
                self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Ulid::from_string(text).map(Self).map_err(|_| BadId)
            }
        }
    )+};
}

ids! {
    /// A client company.
    TenantId,
    /// One membership of a LINE user with a tenant. A person who leaves and comes back is a new member.
    MemberId,
    /// One stay of a person on a tenant's roster (glossary: employment).
    EmploymentId,
    /// One thread between a member and the nurses.
    ConsultationId,
    /// One document of a consultation.
    DocumentId,
    /// One delivered roster file and its import.
    ImportId,
    /// One upload on the contacts' page, before it is known whether a file comes of it.
    UploadId,
    /// One run of the purge for a tenant.
    PurgeId,
    /// A nurse.
    NurseId,
    /// A tenant's contact.
    ContactId,
    /// One interview, whatever its time is moved to.
    InterviewId,
    /// One file of an interview's request form.
    RequestFileId,
    /// One generation of a member's data key. A destroyed key's generation never comes back.
    KeyGeneration,
}

/// The text is not a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a ULID (26 characters of Crockford's base 32)")]
pub struct BadId;
