//! Where the ids begin that rules are handed.

use domain::{
    conversation::Fresh,
    id::{ConsultationId, DocumentId, KeyGeneration, MemberId},
};
use ulid::Ulid;

/// Ids for one decision.
#[allow(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn ids() -> Fresh {
    Fresh {
        member: MemberId::new(Ulid::new()),
        key: KeyGeneration::new(Ulid::new()),
        consultation: ConsultationId::new(Ulid::new()),
        document: DocumentId::new(Ulid::new()),
    }
}
