//! How long a consultation waited for its first answer: a marker that is counted by month (rows B2, D3). It names nobody, and its
//! id, a random one, leads to nobody.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::id::TenantId;

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{entity, item},
};

/// A tenant's month: 16 Queries.
pub const ENTITY: Entity = Entity {
    name: "FirstAnswer",
    pk: "MARKERS#{tenant}#{month}#FIRST_ANSWER#{shard}",
    sk: "{marker}",
    index: "",
    erasure: Erasure::Anonymous,
};

/// A consultation that was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstAnswer {
    /// Minutes of business time ([`domain::calendar::BusinessCalendar::business_minutes`]).
    pub minutes: u32,
    /// Whether it had words that point to danger.
    pub urgent: bool,
}

impl FirstAnswer {
    /// Counts the answer in `month` ([`domain::time::month`]) with the answer's own transaction. `marker` is a random id.
    pub fn put(self, transaction: &mut Transaction<'_>, tenant: TenantId, month: &str, marker: Uuid) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(ENTITY.name, &Key::first_answer(tenant, month, marker), &self)?)
    }
}

impl Store {
    /// The first answers of a tenant's month, in no order.
    pub async fn first_answers(&self, tenant: TenantId, month: &str) -> Result<Vec<FirstAnswer>, StoreError> {
        let partitions: Vec<String> = Key::partitions_of_first_answers(tenant, month).collect();
        let items = futures::future::try_join_all(partitions.iter().map(|pk| self.query_all(pk))).await?;
        items.into_iter().flatten().map(|item| entity(ENTITY.name, item)).collect()
    }
}
