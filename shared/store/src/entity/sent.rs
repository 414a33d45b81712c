//! Where a LINE message of a user went. An `unsend` finds the message by it, and one that comes first leaves its tombstone here,
//! so that the message is not kept when it arrives.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use uuid::Uuid;

use domain::{
    id::{ConsultationId, DocumentId, MemberId},
    time::stamp,
};

use crate::{
    Guard, Installation, Key, Store, StoreError, Transaction,
    entity::{
        Entity, Erasure,
        document::{Becomes, Deletion},
        message,
    },
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Sent {
    #[serde(skip_serializing_if = "Option::is_none")]
    member: Option<MemberId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// The document that the message holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<(ConsultationId, DocumentId)>,
    /// The answer in the outbox that repeats words of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    echo: Option<(String, String)>,
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<DateTime<Utc>>,
    ttl: i64,
}

/// Where a LINE message went.
#[derive(Debug, Clone, Default)]
pub struct Place {
    /// Whose it is, and its key, where it is kept in a consultation.
    pub message: Option<(MemberId, Key)>,
    /// The document that it holds.
    pub document: Option<(ConsultationId, DocumentId)>,
    /// The key of the answer that repeats words of it.
    pub echo: Option<Key>,
}

/// Notes where the user's LINE message `id` went.
pub fn put(transaction: &mut Transaction<'_>, user: &Digest, id: &str, place: &Place, now: DateTime<Utc>) -> Result<(), StoreError> {
    let sent = Sent {
        member: place.message.as_ref().map(|(member, _)| *member),
        message: place.message.as_ref().map(|(_, key)| key.sk.clone()),
        document: place.document,
        echo: place.echo.clone().map(|key| (key.pk, key.sk)),
        withdrawn_at: None,
        ttl: (now + LIFE).timestamp(),
    };
    transaction.put_new(Guard::NotWithdrawn, item(ENTITY.name, &Key::sent(user, id), &sent)?)
}

/// Asks that the user's LINE message `id`, of which nothing is kept that could be withdrawn later, was not withdrawn before.
pub fn check(transaction: &mut Transaction<'_>, user: &Digest, id: &str) -> Result<(), StoreError> {
    transaction.check(Guard::NotWithdrawn, &Key::sent(user, id), "attribute_not_exists(pk)", &[])
}

/// What a withdrawal needs beside the message.
#[derive(Debug, Clone, Copy)]
pub struct Withdrawing<'a> {
    /// Seals the order to delete a document.
    pub installation: &'a Installation,
    /// The id of that order in the outbox.
    pub deletion: Uuid,
    /// The moment.
    pub now: DateTime<Utc>,
}

impl Store {
    /// Withdraws the user's LINE message `id`: its content is removed, also from an answer that waits to be sent; its document
    /// is queued to be deleted; and a tombstone with the time stays, also where the message has not come yet. Doing it again
    /// changes nothing.
    pub async fn withdraw(&self, user: &Digest, id: &str, withdrawing: &Withdrawing<'_>) -> Result<(), StoreError> {
        let (key, now) = (Key::sent(user, id), withdrawing.now);
        for _ in 0..TRIES {
            let mut transaction = self.transaction();
            match self.get(&key).await? {
                None => {
                    let tombstone = Sent { withdrawn_at: Some(now), ttl: (now + LIFE).timestamp(), ..Sent::default() };
                    transaction.put_new(Guard::Unique, item(ENTITY.name, &key, &tombstone)?)?;
                }
                Some(found) => {
                    let sent: Sent = entity(ENTITY.name, found)?;
                    if sent.withdrawn_at.is_some() {
                        return Ok(());
                    }
                    if let Some((pk, sk)) = sent.echo {
                        self.drop_unsent(&Key { pk, sk }, now).await?;
                    }
                    if let (Some(member), Some(message)) = (sent.member, sent.message) {
                        message::withdraw(&mut transaction, member, message, now)?;
                    }
                    if let (Some(member), Some((consultation, document))) = (sent.member, sent.document) {
                        let deletion = Deletion { member, consultation, document };
                        Becomes::Withdrawn.write(&mut transaction, &deletion.key())?;
                        deletion.queue(&mut transaction, withdrawing.deletion, withdrawing.installation, now, now)?;
                    }
                    transaction.update(
                        Guard::Exists,
                        &key,
                        Change {
                            update: "SET withdrawn_at = :now".to_owned(),
                            condition: "attribute_exists(pk)".to_owned(),
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
