//! Deliveries that failed for good (row D8).

use store::{Key, entity::outbox::OutboxItem};

use crate::{Ops, OpsError};

/// An item's key in one word, as lists show it: `{pk}/{sk}`.
pub fn show_key(key: &Key) -> String {
    format!("{}/{}", key.pk, key.sk)
}

/// Reads what [`show_key`] wrote.
pub fn parse_key(text: &str) -> Option<Key> {
    let (pk, sk) = text.split_once('/')?;
    Some(Key { pk: pk.to_owned(), sk: sk.to_owned() })
}

impl Ops {
    /// What failed for good, the longest failed first.
    pub async fn failed_deliveries(&self) -> Result<Vec<OutboxItem>, OpsError> {
        Ok(self.store.failed().await?)
    }

    /// Makes a failed delivery due at once, with all its attempts before it; the next sweep sends it.
    pub async fn retry_delivery(&self, key: &str) -> Result<(), OpsError> {
        let retried = match parse_key(key) {
            Some(key) => self.store.retry(&key, self.now()).await?,
            None => false,
        };
        retried.then_some(()).ok_or_else(|| OpsError::NotFailed(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back() {
        let key = Key { pk: "MEMBER#01J0".to_owned(), sk: "OUTBOX#67e55044".to_owned() };
        assert_eq!(parse_key(&show_key(&key)), Some(key));
        assert_eq!(parse_key("MEMBER#01J0"), None);
    }
}
