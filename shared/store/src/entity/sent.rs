//! Where a LINE message of a user went. An `unsend` finds the message by it, and one that comes first leaves its tombstone here,
//! so that the message is not kept when it arrives.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use domain::{id::MemberId, time::stamp};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure, message},
    installation::Digest,
    transaction::{Change, entity, item},
};

/// LINE message id → message: one Get.
pub const ENTITY: Entity = Entity { name: "Sent", pk: "LINE#{user}", sk: "SENT#{message}", index: "", erasure: Erasure::Member };

/// LINE lets people unsend for a day; a later one still works for as long as this.
const LIFE: TimeDelta = TimeDelta::days(30);

/// A message can come between the look and the tombstone once; more often only under heavy contention.
const TRIES: usize = 5;

/// A message that was sent, or withdrawn before it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Sent {
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<MemberId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<DateTime<Utc>>,
    ttl: i64,
}

/// Notes that the user's LINE message `id` is the message at `key` of `member`.
pub fn put(
    transaction: &mut Transaction<'_>,
    user: &Digest,
    id: &str,
    member: MemberId,
    key: &Key,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let sent = Sent { member: Some(member), message: Some(key.sk.clone()), withdrawn_at: None, ttl: (now + LIFE).timestamp() };
    transaction.put_new(Guard::NotWithdrawn, item(ENTITY.name, &Key::sent(user, id), &sent)?)
}

impl Store {
    /// Withdraws the user's LINE message `id`: its content is removed and a tombstone with the time stays, also where the
    /// message has not come yet. Doing it again changes nothing.
    pub async fn withdraw(&self, user: &Digest, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = Key::sent(user, id);
        for _ in 0..TRIES {
            let mut transaction = self.transaction();
            match self.get(&key).await? {
                None => {
                    let tombstone = Sent { member: None, message: None, withdrawn_at: Some(now), ttl: (now + LIFE).timestamp() };
                    transaction.put_new(Guard::Unique, item(ENTITY.name, &key, &tombstone)?)?;
                }
                Some(found) => {
                    let sent: Sent = entity(ENTITY.name, found)?;
                    let (Some(member), Some(message), None) = (sent.member, sent.message, sent.withdrawn_at) else { return Ok(()) };
                    message::withdraw(&mut transaction, member, message, now)?;
                    transaction.update(
                        Guard::None,
                        &key,
                        Change {
                            update: "SET withdrawn_at = :now".to_owned(),
                            values: vec![(":now", AttributeValue::S(stamp(now)))],
                            ..Change::default()
                        },
                    )?;
                }
            }
            match transaction.commit().await? {
                Ok(()) => return Ok(()),
                // The message was purged: nothing is left to withdraw.
                Err(cancelled) if cancelled.by(Guard::Exists) => return Ok(()),
                // The message came in between: look again.
                Err(_) => {}
            }
        }
        Err(StoreError::Contention)
    }
}
