//! How long a consultation waited for its first answer: an anonymous marker for the figures (row D3).

use chrono::{DateTime, Utc};
use futures::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use domain::{
    id::TenantId,
    interview::month::Month,
    kpi::marker::{self, Kind},
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure, marker::READ_AT_ONCE},
    keys::MARKER_SHARDS,
    transaction::{Item, entity, item},
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
        let shards = stream::iter(0..MARKER_SHARDS).map(|shard| async move {
            let mut answers = Vec::new();
            let take = |item: Item| entity(ENTITY.name, item).map(|answer| answers.push(answer));
            self.each(&Key::markers(tenant, month, Kind::FirstAnswer, shard), &["minutes", "urgent"], take).await?;
            Ok::<_, StoreError>(answers)
        });
        shards.buffer_unordered(READ_AT_ONCE).try_concat().await
    }
}
