//! When nurses give interviews (row C1). All of them stand in one partition: a week of slots needs them all.

use serde::{Deserialize, Serialize};

use domain::{id::NurseId, interview::hours::Hours, personal::PersonName};

use crate::{
    Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item},
};

/// All nurses' hours: one Query.
pub const ENTITY: Entity =
    Entity { name: "Hours", pk: "HOURS", sk: "{nurse}", index: "", erasure: Erasure::Kept("the operator's own staff") };

/// A nurse's hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NurseHours {
    /// Whose.
    pub nurse: NurseId,
    /// The nurse's name, for contacts to choose by.
    pub name: PersonName,
    /// The hours.
    pub hours: Hours,
}

impl NurseHours {
    /// The hours in a fetched item.
    pub fn from_item(item: Item) -> Result<Self, StoreError> {
        entity(ENTITY.name, item)
    }

    /// Puts them in the place of those before.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put(item(ENTITY.name, &Key::hours(self.nurse), self)?)
    }
}

impl Store {
    /// Removes a nurse's hours, where there are any.
    pub async fn remove_hours(&self, nurse: NurseId) -> Result<bool, StoreError> {
        self.remove(&Key::hours(nurse)).await
    }

    /// Everybody's hours.
    pub async fn hours(&self) -> Result<Vec<NurseHours>, StoreError> {
        let items = self.query_all(Key::HOURS).await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}
