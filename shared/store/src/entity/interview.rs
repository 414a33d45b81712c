//! An interview (rows C2, C5, C6). Who it is for stands in it by number and employment only; it goes with the employment.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::{
    id::{InterviewId, NurseId, TenantId},
    interview::{
        mail::post::{Kind, Posted},
        state::{Head, Interview},
    },
    time::{self, stamp},
};

use crate::{
    Guard, Installation, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure, outbox::NewItem},
    keys::IndexKey,
    transaction::{Item, entity, item},
};

/// A tenant's interviews: one Query; one of them: one Get. What a nurse has to do, and what of it awaits approval: one Query of the
/// index each. One that lapses by itself is left in its partition of the index, which is only read from now on. What a nurse recorded
/// of late: one Query of the index, from then on.
pub const ENTITY: Entity = Entity {
    name: "Interview",
    pk: "INTERVIEWS#{tenant}",
    sk: "{interview}",
    index: "INTERVIEWS#{nurse} or AWAITING#{nurse} / {start}#{interview}, or RECORDED#{nurse} / {recorded}#{interview}",
    erasure: Erasure::Employment,
};

/// Above every instant in a key.
const LAST: &str = "9";

/// An interview as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredInterview {
    /// The head's; for conditions.
    version: u64,
    /// The interview.
    pub interview: Interview,
    #[serde(flatten, skip_serializing_if = "Option::is_none", default)]
    index: Option<IndexKey>,
}

impl StoredInterview {
    /// Puts `interview` in the place of the version before; [`Guard::Open`] fails where somebody else wrote in between, or where the
    /// first version of it stands there already.
    pub fn put(interview: &Interview, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let head = interview.head();
        let index = match interview {
            Interview::AwaitingApproval(_) => Some(IndexKey::interview(IndexKey::awaiting(head.slot.nurse()), head.slot.start(), head.id)),
            Interview::Confirmed(_) => Some(IndexKey::interview(IndexKey::interviews(head.slot.nurse()), head.slot.start(), head.id)),
            Interview::Ended(ended) => {
                let recorded = ended.outcome.was_held_or_missed();
                recorded.then(|| IndexKey::interview(IndexKey::recorded(head.slot.nurse()), ended.at, head.id))
            }
        };
        let stored = Self { version: head.version, interview: interview.clone(), index };
        let item = item(ENTITY.name, &Key::interview(head.tenant(), head.id), &stored)?;
        match head.version {
            0 | 1 => transaction.put_new(Guard::Open, item),
            version => {
                let before = AttributeValue::N((version - 1).to_string());
                transaction.put_if(Guard::Open, item, "version = :before", &[(":before", before)])
            }
        }
    }

    /// Removes it; [`Guard::Version`] fails where somebody else wrote in between.
    pub fn remove(head: &Head, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let version = AttributeValue::N(head.version.to_string());
        transaction.delete_if(Guard::Version, &Key::interview(head.tenant(), head.id), "version = :version", &[(":version", version)])
    }

    /// The interview in a fetched item.
    pub fn from_item(item: Item) -> Result<Interview, StoreError> {
        entity::<Self>(ENTITY.name, item).map(|stored| stored.interview)
    }
}

/// Queues the mails about an interview as it is after a change. Each has an id that follows from interview, version and kind: it is
/// queued once, and found again when it is not to be sent any more.
pub fn queue(
    transaction: &mut Transaction<'_>,
    interview: &Interview,
    mails: &[Posted],
    installation: &Installation,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let head = interview.head();
    for (kind, mail, due) in mails {
        let id = mail_id(head, head.version, *kind);
        let item = NewItem::mail(Key::outbox_of_tenant(head.tenant(), id), id, mail, installation)?;
        item.pending_until(due.unwrap_or(now), now).put(transaction)?;
    }
    Ok(())
}

/// Takes back the mails that wait for the interview as it was: nobody is reminded of what is cancelled or moved, or told that what
/// was decided in time has lapsed. [`Guard::Open`] fails where the outbox says so already: the decision comes too late.
pub fn forget_later_mails(transaction: &mut Transaction<'_>, before: &Head) -> Result<(), StoreError> {
    forget(transaction, before, Kind::Reminder)?;
    forget(transaction, before, Kind::RequestForm)?;
    let untouched = "attribute_not_exists(pk) OR attempt = :none";
    let lapsed = Key::outbox_of_tenant(before.tenant(), mail_id(before, before.version, Kind::Lapsed));
    transaction.delete_if(Guard::Open, &lapsed, untouched, &[(":none", AttributeValue::N("0".to_owned()))])
}

/// Takes back the mail of this kind about the interview as it is.
pub fn forget(transaction: &mut Transaction<'_>, head: &Head, kind: Kind) -> Result<(), StoreError> {
    transaction.delete(&Key::outbox_of_tenant(head.tenant(), mail_id(head, head.version, kind)))
}

/// Asks that nobody else has changed the interview since it was read: [`Guard::Open`] fails then.
pub fn unchanged(transaction: &mut Transaction<'_>, head: &Head) -> Result<(), StoreError> {
    let version = AttributeValue::N(head.version.to_string());
    transaction.check(Guard::Open, &Key::interview(head.tenant(), head.id), "version = :version", &[(":version", version)])
}

/// Where all mails about an interview are, or were.
pub fn mails_of(head: &Head) -> Vec<Key> {
    let ids = (1..=head.version).flat_map(|version| Kind::ALL.map(|kind| mail_id(head, version, kind)));
    ids.map(|id| Key::outbox_of_tenant(head.tenant(), id)).collect()
}

/// The lower bits of a ULID are random: what is changed in them for one interview meets no other.
fn mail_id(head: &Head, version: u64, kind: Kind) -> Uuid {
    Uuid::from_u128(head.id.ulid().0 ^ ((u128::from(version) << 4) | (kind as u128 + 1)))
}

impl IndexKey {
    fn interview(gpk: String, at: DateTime<Utc>, interview: InterviewId) -> Self {
        Self { gpk, gsk: format!("{}#{interview}", stamp(at)) }
    }

    fn recorded(nurse: NurseId) -> String {
        format!("RECORDED#{nurse}")
    }

    fn awaiting(nurse: NurseId) -> String {
        format!("AWAITING#{nurse}")
    }

    fn interviews(nurse: NurseId) -> String {
        format!("INTERVIEWS#{nurse}")
    }
}

impl Store {
    /// One interview of a tenant.
    pub async fn interview(&self, tenant: TenantId, id: InterviewId) -> Result<Option<Interview>, StoreError> {
        let key = Key::interview(tenant, id);
        let fetched = self.fetch(&crate::Wanted { items: vec![key.clone()], data_keys: Vec::new() }).await?;
        fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()
    }

    /// All interviews of a tenant, the first booked first.
    pub async fn interviews(&self, tenant: TenantId) -> Result<Vec<Interview>, StoreError> {
        let items = self.query_all(&Key::partition_of_interviews(tenant)).await?;
        items.into_iter().map(StoredInterview::from_item).collect()
    }

    /// Keys of a nurse's interviews that are confirmed and not over, until the end of `day` (JST), the earliest first.
    pub async fn interviews_of_nurse(&self, nurse: NurseId, day: NaiveDate, limit: i32) -> Result<Vec<Key>, StoreError> {
        let end = time::start_of_day(day.succ_opt().unwrap_or(day));
        self.index_until(IndexKey::interviews(nurse), &stamp(end), limit).await
    }

    /// Keys of a nurse's interviews that are confirmed or await approval and begin after `now`.
    pub async fn interviews_ahead(&self, nurse: NurseId, now: DateTime<Utc>) -> Result<Vec<Key>, StoreError> {
        let mut keys = Vec::new();
        for partition in [IndexKey::interviews(nurse), IndexKey::awaiting(nurse)] {
            keys.extend(self.index_between(&partition, &stamp(now), LAST).await?);
        }
        Ok(keys)
    }

    /// Keys of a nurse's interviews whose course was recorded from `since` on, the latest first.
    pub async fn interviews_recorded(&self, nurse: NurseId, since: DateTime<Utc>) -> Result<Vec<Key>, StoreError> {
        let mut keys = self.index_between(&IndexKey::recorded(nurse), &stamp(since), LAST).await?;
        keys.reverse();
        Ok(keys)
    }
}
