//! Where the ids of runs begin.

use domain::id::PurgeId;
use ulid::Ulid;

/// The id of a run.
#[allow(clippy::disallowed_methods, reason = "the edge where ids are made")]
pub fn run() -> PurgeId {
    PurgeId::new(Ulid::new())
}
