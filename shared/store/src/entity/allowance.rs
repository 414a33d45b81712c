//! What happened to a tenant's interviews, in the order in which it was committed: the ledger of the allowance is made from it
//! (row C5). It names no person, and stays when one is erased.

use serde::{Deserialize, Serialize};

use domain::{
    id::TenantId,
    interview::allowance::{Allowance, Contradiction, Event, Ledger},
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{entity, item},
};

/// All that happened to a tenant's interviews: one Query.
pub const ENTITY: Entity = Entity {
    name: "InterviewEvent",
    pk: "ALLOWANCE#{tenant}",
    sk: "{number}",
    index: "",
    erasure: Erasure::Kept("what is billed, by ids of interviews only; who they were for goes with the interview"),
};

#[derive(Serialize, Deserialize)]
struct StoredEvent {
    event: Event,
}

/// A tenant's ledger as it was read, and where it goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadLedger {
    /// The ledger.
    pub ledger: Ledger,
    /// How many events it is made of.
    events: u64,
}

impl ReadLedger {
    /// Adds what happens next. [`Guard::Allowance`] fails where something else happened in between: then the ledger has to be read
    /// again, because what is free may have changed. So two interviews never use one unit.
    pub fn append(&self, transaction: &mut Transaction<'_>, tenant: TenantId, event: Event) -> Result<(), StoreError> {
        let key = Key::interview_event(tenant, self.events + 1);
        transaction.put_new(Guard::Allowance, item(ENTITY.name, &key, &StoredEvent { event })?)
    }
}

impl Store {
    /// A tenant's ledger with this allowance.
    pub async fn ledger_of_interviews(&self, tenant: TenantId, allowance: &Allowance) -> Result<ReadLedger, StoreError> {
        let items = self.query_all(&Key::partition_of_interview_events(tenant)).await?;
        let events: Result<Vec<StoredEvent>, _> = items.into_iter().map(|item| entity(ENTITY.name, item)).collect();
        let events: Vec<Event> = events?.into_iter().map(|stored| stored.event).collect();
        let unreadable = |_: Contradiction| StoreError::Unreadable { entity: ENTITY.name, reason: "its events contradict each other" };
        let ledger = Ledger::of(allowance.clone(), &events).map_err(unreadable)?;
        Ok(ReadLedger { ledger, events: events.len() as u64 })
    }
}
