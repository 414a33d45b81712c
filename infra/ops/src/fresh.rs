//! Where everything random comes from: ids, codes, salts, secrets.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use ulid::Ulid;

use crate::OpsError;

/// The system's randomness. Cheap to clone; clones draw from one row of ids.
#[derive(Debug, Clone)]
pub struct Fresh {
    random: SystemRandom,
    last: Arc<Mutex<Ulid>>,
}

impl Default for Fresh {
    fn default() -> Self {
        Self { random: SystemRandom::new(), last: Arc::new(Mutex::new(Ulid::nil())) }
    }
}

impl Fresh {
    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], OpsError> {
        let mut bytes = [0; N];
        self.random.fill(&mut bytes).map_err(|_| OpsError::NoRandomness)?;
        Ok(bytes)
    }

    /// An id that sorts by `now` (the years before 1970 as 1970), and after the ids drawn before it in the same millisecond.
    pub fn ulid(&self, now: DateTime<Utc>) -> Result<Ulid, OpsError> {
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        let drawn = Ulid::from_parts(milliseconds, u128::from_be_bytes(self.bytes()?));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let follows = last.increment().filter(|_| last.timestamp_ms() == drawn.timestamp_ms());
        *last = follows.unwrap_or(drawn);
        Ok(*last)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn ids_differ_and_sort_by_their_instant_and_then_by_their_making() {
        let fresh = Fresh::default();
        let at = |text: &str| fresh.ulid(text.parse::<DateTime<Utc>>().unwrap()).unwrap();
        let ids = [at("2026-11-24T00:00:00Z"), at("2026-11-24T00:00:00Z"), at("2026-11-24T00:00:00.001Z")];
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        assert_ne!(at("2026-11-24T00:00:00Z"), ids[0]);
    }
}
