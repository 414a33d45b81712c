//! That a contact's request was carried out (row C2): whoever repeats it under the same idempotency key changes nothing, and is
//! answered as before.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::{ContactId, InterviewId},
    time::{self, stamp},
};

use crate::{
    Guard, Installation, Key, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::{Item, entity, item, ttl},
};

/// Whether a request was carried out: the condition in its own transaction, or one Get.
pub const ENTITY: Entity = Entity { name: "CarriedOut", pk: "IDEMPOTENCY#{digest}", sk: "DONE", index: "", erasure: Erasure::Anonymous };

/// A key is good for this long; after it the same text is a new one. TTL tidies up.
pub const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(24);

/// A request under an idempotency key. Neither key nor request stand in the table, because both may name a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Where it is found that it was carried out.
    pub key: Key,
    /// What was asked for.
    asked: Digest,
}

impl Request {
    /// What `contact` asks for under the idempotency key `key`.
    pub fn new(installation: &Installation, contact: ContactId, key: &str, asked: &[&str]) -> Self {
        let contact = contact.to_string();
        let asked: Vec<&str> = ["asked"].iter().chain(asked).copied().collect();
        Self { key: Key::carried_out(&installation.digest(&["idempotency", &contact, key])), asked: installation.digest(&asked) }
    }

    /// Remembers that it was carried out at `now`. [`Guard::Unique`] fails where the key was used before.
    pub fn put(
        &self,
        transaction: &mut Transaction<'_>,
        interview: InterviewId,
        held_until: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut item = item(ENTITY.name, &self.key, &CarriedOut { asked: self.asked.clone(), interview, held_until, at: now })?;
        item.insert("ttl".to_owned(), ttl(now + REMEMBERED_FOR));
        let forgotten = [(":forgotten", AttributeValue::S(stamp(now - REMEMBERED_FOR)))];
        transaction.put_if_named(Guard::Unique, item, "attribute_not_exists(pk) OR #at <= :forgotten", &[("#at", "at")], &forgotten)
    }

    /// What became of it, by the item at its key.
    pub fn before(&self, item: Option<&Item>, now: DateTime<Utc>) -> Result<Before, StoreError> {
        let Some(item) = item else { return Ok(Before::New) };
        let done: CarriedOut = entity(ENTITY.name, item.clone())?;
        Ok(if done.at + REMEMBERED_FOR <= now {
            Before::New
        } else if done.asked == self.asked {
            Before::Done { interview: done.interview, held_until: done.held_until }
        } else {
            Before::Other
        })
    }
}

/// What became of a request before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing: it comes for the first time.
    New,
    /// It was carried out.
    Done {
        /// The interview that it is about.
        interview: InterviewId,
        /// Until when it holds a slot, where it does.
        held_until: Option<DateTime<Utc>>,
    },
    /// The key was used for another request.
    Other,
}

#[derive(Serialize, Deserialize)]
struct CarriedOut {
    asked: Digest,
    interview: InterviewId,
    #[serde(with = "time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    held_until: Option<DateTime<Utc>>,
    #[serde(with = "time::stamped")]
    at: DateTime<Utc>,
}
