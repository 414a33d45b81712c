//! The members' data keys. Each is made by KMS, wrapped under the installation's KMS key with tenant and member as encryption
//! context, and lives in the key table. Destroying that item destroys all that was sealed with it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_kms::{primitives::Blob, types::DataKeySpec};
use chrono::{DateTime, Utc};
use ring::hmac;
use serde::{Deserialize, Serialize};

use domain::id::{KeyGeneration, MemberId, TenantId};

use crate::{
    Key, Store, StoreError, Transaction, Wanted,
    entity::{Entity, Erasure},
    installation::{bits_of, digest_key},
    seal::{DoesNotOpen, Sealed, SealingKey},
    transaction::{Change, Item, entity, ttl},
};

const KIND: &str = "DataKey";

/// In the key table.
pub const ENTITY: Entity = Entity { name: KIND, pk: "MEMBER#{member}", sk: "", index: "", erasure: Erasure::Member };

/// A member's data key, unwrapped.
#[derive(Debug)]
pub struct DataKey {
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub generation: KeyGeneration,
    key: SealingKey,
    pseudonyms: hmac::Key,
}

impl DataKey {
    /// Seals a value for a field of this member.
    pub fn seal<T: Serialize>(&self, field: &str, value: &T) -> Result<Sealed, DoesNotOpen> {
        self.key.seal_json(&self.place(field), value)
    }

    /// Opens a value of a field of this member.
    pub fn open<T: serde::de::DeserializeOwned>(&self, field: &str, sealed: &Sealed) -> Result<T, DoesNotOpen> {
        self.key.open_json(&self.place(field), sealed)
    }

    /// 128 bits that stand for the member among all that have the same `parts`. Who has not the key can neither make them nor tell
    /// whose they are; when it is destroyed nobody can.
    pub(crate) fn pseudonym(&self, parts: &[&str]) -> u128 {
        bits_of(&self.pseudonyms, parts)
    }

    fn place(&self, field: &str) -> String {
        format!("{}|{}|{field}", self.member, self.generation)
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Wrapped {
    pk: String,
    tenant: TenantId,
    generation: KeyGeneration,
    #[serde(rename = "wrapped")]
    key: Sealed,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
}

/// Makes, unwraps and remembers data keys. Cheap to clone; clones share what they remember.
#[derive(Debug, Clone)]
pub struct DataKeys {
    kms: aws_sdk_kms::Client,
    kms_key: String,
    warm: Arc<Mutex<HashMap<KeyGeneration, Arc<DataKey>>>>,
}

/// A warm function remembers so many keys; then it forgets all and begins anew. 32 bytes each, so the limit bounds exposure, not memory.
const WARM_KEYS: usize = 1000;

impl DataKeys {
    /// Keys wrapped under `kms_key` (id, ARN or alias).
    pub fn new(kms: aws_sdk_kms::Client, kms_key: impl Into<String>) -> Self {
        Self { kms, kms_key: kms_key.into(), warm: Arc::default() }
    }

    /// Makes a key for `member` and puts it into `transaction`. Until [`DataKeys::keep`] it is forgotten at `until`.
    pub async fn make(
        &self,
        transaction: &mut Transaction<'_>,
        tenant: TenantId,
        member: MemberId,
        generation: KeyGeneration,
        until: DateTime<Utc>,
    ) -> Result<Arc<DataKey>, StoreError> {
        let made = self
            .kms
            .generate_data_key()
            .key_id(&self.kms_key)
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(context(tenant, member)))
            .send()
            .await
            .map_err(StoreError::unavailable("GenerateDataKey"))?;
        let (Some(plain), Some(wrapped)) = (made.plaintext, made.ciphertext_blob) else { return Err(unreadable("KMS gave no key")) };
        let key = self.remember(member, generation, plain.as_ref())?;
        transaction.put_data_key(HashMap::from([
            ("pk".to_owned(), AttributeValue::S(Key::data_key(member))),
            ("tenant".to_owned(), AttributeValue::S(tenant.to_string())),
            ("generation".to_owned(), AttributeValue::S(generation.to_string())),
            ("wrapped".to_owned(), AttributeValue::B(aws_sdk_dynamodb::primitives::Blob::new(wrapped.into_inner()))),
            ("ttl".to_owned(), ttl(until)),
        ]))?;
        Ok(key)
    }

    /// The key, where this process has unwrapped it before.
    pub fn warm(&self, generation: KeyGeneration) -> Option<Arc<DataKey>> {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner).get(&generation).cloned()
    }

    /// Forgets a key that turned out to be destroyed.
    pub fn forget(&self, generation: KeyGeneration) {
        self.warm.lock().unwrap_or_else(PoisonError::into_inner).remove(&generation);
    }

    /// Unwraps the key in `item`, which was fetched for `member`; `None` where it is of another generation.
    pub async fn unwrap(&self, member: MemberId, generation: KeyGeneration, item: &Item) -> Result<Option<Arc<DataKey>>, StoreError> {
        if let Some(key) = self.warm(generation) {
            return Ok(Some(key));
        }
        let stored: Wrapped = entity(KIND, item.clone())?;
        if stored.generation != generation {
            return Ok(None);
        }
        let opened = self
            .kms
            .decrypt()
            .key_id(&self.kms_key)
            .ciphertext_blob(Blob::new(stored.key.into_bytes()))
            .set_encryption_context(Some(context(stored.tenant, member)))
            .send()
            .await
            .map_err(StoreError::unavailable("Decrypt"))?;
        let plain = opened.plaintext.ok_or_else(|| unreadable("KMS gave no key"))?;
        self.remember(member, generation, plain.as_ref()).map(Some)
    }

    fn remember(&self, member: MemberId, generation: KeyGeneration, plain: &[u8]) -> Result<Arc<DataKey>, StoreError> {
        let keys = SealingKey::new(plain).zip(digest_key(plain, "pseudonym"));
        let (key, pseudonyms) = keys.ok_or_else(|| unreadable("it has not 32 bytes"))?;
        let key = Arc::new(DataKey { member, generation, key, pseudonyms });
        let mut warm = self.warm.lock().unwrap_or_else(PoisonError::into_inner);
        if warm.len() >= WARM_KEYS {
            warm.clear();
        }
        warm.insert(generation, key.clone());
        Ok(key)
    }
}

impl Store {
    /// A member's key, warm or from the table; `None` where it was destroyed.
    pub async fn data_key(
        &self,
        data_keys: &DataKeys,
        member: MemberId,
        generation: KeyGeneration,
    ) -> Result<Option<Arc<DataKey>>, StoreError> {
        if let Some(warm) = data_keys.warm(generation) {
            return Ok(Some(warm));
        }
        let fetched = self.fetch(&Wanted { items: Vec::new(), data_keys: vec![member] }).await?;
        match fetched.data_key(member) {
            Some(item) => data_keys.unwrap(member, generation, item).await,
            None => Ok(None),
        }
    }
}

/// Asks in `transaction` that the key is still there: a warm function cannot write after a purge.
pub fn check(transaction: &mut Transaction<'_>, member: MemberId, generation: KeyGeneration) -> Result<(), StoreError> {
    transaction.check_data_key(Key::data_key(member), "generation = :generation", &[(":generation", text(generation))])
}

/// Keeps a key that would be forgotten with its dialogue.
pub fn keep(transaction: &mut Transaction<'_>, member: MemberId, generation: KeyGeneration) -> Result<(), StoreError> {
    transaction.update_data_key(
        Key::data_key(member),
        Change {
            update: "REMOVE #ttl".to_owned(),
            condition: "generation = :generation".to_owned(),
            names: vec![("#ttl", "ttl")],
            values: vec![(":generation", text(generation))],
        },
    )
}

/// Destroys a key.
pub fn destroy(transaction: &mut Transaction<'_>, member: MemberId) -> Result<(), StoreError> {
    transaction.delete_data_key(Key::data_key(member))
}

fn text(generation: KeyGeneration) -> AttributeValue {
    AttributeValue::S(generation.to_string())
}

/// Internal ULIDs only: the encryption context appears in `CloudTrail`.
fn context(tenant: TenantId, member: MemberId) -> HashMap<String, String> {
    HashMap::from([("tenant".to_owned(), tenant.to_string()), ("member".to_owned(), member.to_string())])
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: KIND, reason }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use ulid::Ulid;

    use super::*;

    fn key(byte: u8) -> DataKey {
        let secret = [byte; SealingKey::LEN];
        DataKey {
            member: MemberId::new(Ulid(1)),
            generation: KeyGeneration::new(Ulid(1)),
            key: SealingKey::new(&secret).unwrap(),
            pseudonyms: digest_key(&secret, "pseudonym").unwrap(),
        }
    }

    #[test]
    fn a_pseudonym_is_another_one_for_each_month_kind_and_key_and_needs_the_key() {
        let parts = ["tenant", "2026-11", "ACTIVE"];
        assert_eq!(key(1).pseudonym(&parts), key(1).pseudonym(&parts));
        // The member and the generation are the same: with them alone nobody makes it again.
        assert_ne!(key(1).pseudonym(&parts), key(2).pseudonym(&parts));
        for other in [["tenant", "2026-12", "ACTIVE"], ["tenant", "2026-11", "CONSULTATION"], ["other", "2026-11", "ACTIVE"]] {
            assert_ne!(key(1).pseudonym(&parts), key(1).pseudonym(&other));
        }
        assert_ne!(
            digest_key(&[1; 32], "pseudonym").map(|key| bits_of(&key, &parts)),
            digest_key(&[1; 32], "digest").map(|key| bits_of(&key, &parts))
        );
    }
}
