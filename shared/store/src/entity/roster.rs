//! A row of a tenant's roster. Its number stands in the key as a digest and in the item as HR delivered it: rows are matched
//! and listed, and go with the employment.

use aws_sdk_dynamodb::types::AttributeValue;

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

    /// A tenant's whole roster, by number; its partitions are read in parallel.
    pub async fn roster(&self, tenant: TenantId) -> Result<Vec<RosterRow>, StoreError> {
        let partitions = Key::roster_partitions(tenant).map(|partition| self.roster_partition(partition));
        let mut rows = futures::future::try_join_all(partitions).await?.concat();
        rows.sort_by(|a, b| a.number.cmp(&b.number));
        Ok(rows)
    }

    async fn roster_partition(&self, partition: String) -> Result<Vec<RosterRow>, StoreError> {
        let mut rows = Vec::new();
        let mut pages = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(partition))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            rows.push(from_item(item.map_err(StoreError::unavailable("Query"))?)?);
        }
        Ok(rows)
    }
}
