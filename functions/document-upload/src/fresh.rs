//! Where the ids of documents begin.

use domain::id::DocumentId;
use ulid::Ulid;

/// The id of a document to be.
#[allow(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn document() -> DocumentId {
    DocumentId::new(Ulid::new())
}
