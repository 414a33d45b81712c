//! The one place where ids begin: handed to rules and to the outbox.

use domain::{
    conversation::Fresh,
    id::{ConsultationId, KeyGeneration, MemberId},
};
use ulid::Ulid;
use uuid::Uuid;

/// Ids for one decision.
#[allow(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn ids() -> Fresh {
    Fresh { member: MemberId::new(Ulid::new()), key: KeyGeneration::new(Ulid::new()), consultation: ConsultationId::new(Ulid::new()) }
}

/// The id of an outbox item, which is LINE's retry key too, and so a UUID.
#[allow(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn outbox_id() -> Uuid {
    Uuid::new_v4()
}
