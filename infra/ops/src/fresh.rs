//! Where everything random comes from: ids, codes, salts, secrets.

use chrono::{DateTime, Utc};
use ring::rand::{SecureRandom, SystemRandom};
use ulid::Ulid;

use crate::OpsError;

/// The system's randomness.
#[derive(Debug, Clone)]
pub struct Fresh(SystemRandom);

impl Default for Fresh {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Fresh {
    /// So many random bytes.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], OpsError> {
        let mut bytes = [0; N];
        self.0.fill(&mut bytes).map_err(|_| OpsError::NoRandomness)?;
        Ok(bytes)
    }

    /// An id that sorts by `now`; the years before 1970 sort as 1970.
    pub fn ulid(&self, now: DateTime<Utc>) -> Result<Ulid, OpsError> {
        let milliseconds = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        Ok(Ulid::from_parts(milliseconds, u128::from_be_bytes(self.bytes()?)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn ids_differ_and_sort_by_their_instant() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let earlier = Fresh::default().ulid(at("2026-11-24T00:00:00Z")).unwrap();
        let later = Fresh::default().ulid(at("2026-11-24T00:00:00.001Z")).unwrap();
        assert!(earlier < later);
        assert_ne!(earlier, Fresh::default().ulid(at("2026-11-24T00:00:00Z")).unwrap());
    }
}
