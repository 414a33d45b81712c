//! Ids are made here; rules are handed them.

use ulid::Ulid;

/// A new ULID.
#[allow(clippy::disallowed_methods, reason = "one of the edges where ids are made")]
pub fn ulid() -> Ulid {
    Ulid::new()
}
