//! How long a consultation waited for its first answer: an anonymous marker for the figures (row D3).

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use domain::{
    id::TenantId,
    interview::month::Month,
    kpi::marker::{self, Kind},
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    keys::MARKER_SHARDS,
    transaction::{entity, item},
};

/// A tenant's month: [`MARKER_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "FirstAnswer",
    pk: "MARKERS#{tenant}#{month}#FIRST-ANSWER#{shard}",
    sk: "{marker}",
    index: "",
    erasure: Erasure::Anonymous,
};

/// One first answer. Its id is drawn for it, so that it leads to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstAnswer {
    /// Minutes of business time between the first message and the answer.
    pub minutes: i64,
    /// Whether a message had pointed to danger.
    pub urgent: bool,
}

impl FirstAnswer {
    /// Adds the marker to the month (JST) of `now`, together with the answer.
    pub fn put(&self, transaction: &mut Transaction<'_>, tenant: TenantId, marker: Ulid, now: DateTime<Utc>) -> Result<(), StoreError> {
        let key = Key::marker(tenant, marker::month(now), Kind::FirstAnswer, marker.0, marker.to_string());
        transaction.put_new(Guard::Unique, item(ENTITY.name, &key, self)?)
    }
}

impl Store {
    /// All first answers of a tenant's month.
    pub async fn first_answers(&self, tenant: TenantId, month: Month) -> Result<Vec<FirstAnswer>, StoreError> {
        let shards = (0..MARKER_SHARDS).map(async |shard| self.query_all(&Key::markers(tenant, month, Kind::FirstAnswer, shard)).await);
        let items = futures::future::try_join_all(shards).await?.concat();
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}
