//! What is left of an act that is counted (row D3): a key, and nothing else. It outlives the person and leads to nobody.
//!
//! The key of a member's act is made with the member's data key, of tenant, month and kind. So the same act finds the same key,
//! the months of a person cannot be joined, and when the data key is destroyed nobody can tell any more whose a marker was.

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;
use uuid::Uuid;

use domain::{
    id::{ConsultationId, TenantId},
    interview::month::Month,
    kpi::marker::{self, Kind},
};

use crate::{
    DataKey, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    keys::MARKER_SHARDS,
    transaction::{Item, item},
};

/// How many of a kind in a tenant's month: [`MARKER_SHARDS`] Queries that count.
pub const ENTITY: Entity =
    Entity { name: "Marker", pk: "MARKERS#{tenant}#{month}#{kind}#{shard}", sk: "{marker}", index: "", erasure: Erasure::Anonymous };

/// So many shards are read side by side, because each holds a page of up to a megabyte; counting holds nothing.
pub(super) const READ_AT_ONCE: usize = 4;

#[derive(Serialize)]
struct Nothing {}

/// How many acts, and of how many people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ActsOfPeople {
    /// The acts.
    pub acts: u32,
    /// Who did them.
    pub people: u32,
}

/// Marks what the member of `key` does at `now`. In one month there is one marker of a kind, or one of each consultation.
pub fn of_member(
    transaction: &mut Transaction<'_>,
    (key, tenant): (&DataKey, TenantId),
    kind: Kind,
    consultation: Option<ConsultationId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let month = marker::month(now);
    let of = [&tenant.to_string(), &month.to_string(), kind.code()];
    let person = key.pseudonym(&of);
    let marker = match consultation {
        None => format!("{person:032x}"),
        // Not the consultation's own id, which the audit log keeps.
        Some(consultation) => {
            let act = key.pseudonym(&[of.as_slice(), &[&consultation.to_string()]].concat());
            format!("{person:032x}#{act:032x}")
        }
    };
    put(transaction, &Key::marker(tenant, month, kind, person, marker))
}

/// Marks an act of which it is not to be found again who did it; `marker` is drawn for it, and is
/// random in all its bits, so that it does not tell the moment either. That it is marked once is up to what
/// else is in the transaction.
pub fn of_nobody(
    transaction: &mut Transaction<'_>,
    tenant: TenantId,
    kind: Kind,
    marker: Uuid,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = marker.as_u128();
    put(transaction, &Key::marker(tenant, marker::month(now), kind, id, format!("{id:032x}")))
}

/// Whatever stands there: a second act of the month finds the first, and is no reason to refuse anything.
fn put(transaction: &mut Transaction<'_>, key: &Key) -> Result<(), StoreError> {
    transaction.put(item(ENTITY.name, key, &Nothing {})?)
}

impl Store {
    /// How many markers of a kind there are in a tenant's month; no item is read.
    pub async fn markers(&self, tenant: TenantId, month: Month, kind: Kind) -> Result<u32, StoreError> {
        let shards = (0..MARKER_SHARDS).map(async |shard| self.query_count(&Key::markers(tenant, month, kind, shard)).await);
        let counts = futures::future::try_join_all(shards).await?;
        Ok(u32::try_from(counts.into_iter().sum::<usize>()).unwrap_or(u32::MAX))
    }

    /// The same of a kind whose markers tell the acts of one person by their keys.
    pub async fn markers_by_person(&self, tenant: TenantId, month: Month, kind: Kind) -> Result<ActsOfPeople, StoreError> {
        let shards = stream::iter(0..MARKER_SHARDS).map(|shard| async move {
            let (mut counted, mut last) = (ActsOfPeople::default(), String::new());
            let count = |item: Item| {
                let person = Key::of(&item).and_then(|key| key.sk.split('#').next().map(str::to_owned)).unwrap_or_default();
                counted.acts += 1;
                // In the order of their keys, those of a person stand together.
                counted.people += u32::from(person != last);
                last = person;
                Ok(())
            };
            self.each(&Key::markers(tenant, month, kind, shard), &[], count).await?;
            Ok::<_, StoreError>(counted)
        });
        let mut counted = ActsOfPeople::default();
        let mut shards = shards.buffer_unordered(READ_AT_ONCE);
        while let Some(shard) = shards.try_next().await? {
            counted.acts += shard.acts;
            counted.people += shard.people;
        }
        Ok(counted)
    }
}
