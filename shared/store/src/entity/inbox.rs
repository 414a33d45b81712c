//! The mark that an event of a LINE user was handled: written with its effects, so an event counts once however often it comes.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Guard, Key, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::{Item, entity, item},
};

/// Event → handled: the key is free once.
pub const ENTITY: Entity = Entity { name: "Inbox", pk: "LINE#{user}", sk: "INBOX#{event}", index: "", erasure: Erasure::Member };

/// LINE redelivers within hours; the table forgets a mark after this.
const LIFE: TimeDelta = TimeDelta::days(30);

/// The mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// When the event was handled.
    #[serde(with = "domain::time::stamped")]
    pub handled_at: DateTime<Utc>,
    /// The key of the outbox item that holds the answer until it is known to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<(String, String)>,
    /// When the table forgets it, in seconds since 1970.
    ttl: i64,
}

impl Mark {
    /// A mark made at `now`.
    pub fn new(now: DateTime<Utc>, reply: Option<Key>) -> Self {
        Self { handled_at: now, reply: reply.map(|key| (key.pk, key.sk)), ttl: (now + LIFE).timestamp() }
    }

    /// Where the answer waits, or waited.
    pub fn reply_key(&self) -> Option<Key> {
        self.reply.clone().map(|(pk, sk)| Key { pk, sk })
    }

    /// Writes the mark, which must be the first for its event.
    pub fn put(&self, transaction: &mut Transaction<'_>, user: &Digest, event: &str) -> Result<(), StoreError> {
        transaction.put_new(Guard::NotHandled, item(ENTITY.name, &Key::inbox(user, event), self)?)
    }

    /// Reads a mark.
    pub fn from_item(item: Item) -> Result<Self, StoreError> {
        entity(ENTITY.name, item)
    }
}
