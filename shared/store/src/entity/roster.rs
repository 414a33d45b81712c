//! A row of a tenant's roster. Its number stands in the key as a digest and in the item as HR delivered it: rows are matched
//! and listed, and go with the employment.

use domain::{id::TenantId, roster::RosterRow};

use crate::{
    Key, Store, StoreError,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::{Item, entity, item},
};

/// Number → employments: one Get, spread over 16 partitions a tenant. A tenant's roster: 16 Queries.
pub const ENTITY: Entity =
    Entity { name: "RosterRow", pk: "ROSTER#{tenant}#{first digit of number}", sk: "{number}", index: "", erasure: Erasure::Employment };

/// Reads a row from its fetched item.
pub fn from_item(item: Item) -> Result<RosterRow, StoreError> {
    entity(ENTITY.name, item)
}

impl Store {
    /// Adds or replaces a row; `number` is the digest of its number.
    pub async fn put_roster_row(&self, tenant: TenantId, number: &Digest, row: &RosterRow) -> Result<(), StoreError> {
        self.put(item(ENTITY.name, &Key::roster_row(tenant, number), row)?).await
    }

    /// The row of a number.
    pub async fn roster_row(&self, tenant: TenantId, number: &Digest) -> Result<Option<RosterRow>, StoreError> {
        self.get(&Key::roster_row(tenant, number)).await?.map(from_item).transpose()
    }
}
