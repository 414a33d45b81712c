//! A row of a tenant's roster. Its number stands in the key as a digest and in the item as HR delivered it: rows are matched
//! and listed, and go with the employment. A row whose holder leaves stands in the index, by when the person is to be erased.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::TenantId,
    roster::{EraseFrom, PURGE_AFTER, PURGE_AFTER_LATE_REPORT, RosterRow},
    time::stamp,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::{INDEX_SHARDS, IndexKey},
    transaction::{Item, entity, item},
};

/// Number → employments: one Get, spread over 16 partitions a tenant. A tenant's roster: 16 Queries. Whom the purge is to erase:
/// the index, [`INDEX_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "RosterRow",
    pk: "ROSTER#{tenant}#{first digit of number}",
    sk: "{number}",
    index: "LEAVING#{shard} or LEAVING#UNCONFIRMED / {erased from}#{tenant}#{number}",
    erasure: Erasure::Employment,
};

/// A row with the version that the next write asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRow {
    /// The row.
    pub row: RosterRow,
    version: u64,
}

impl StoredRow {
    /// How it stands after [`replace`] has put `row` in its place.
    pub fn after(before: Option<&Self>, row: RosterRow) -> Self {
        Self { row, version: before.map_or(0, |before| before.version) + 1 }
    }
}

#[derive(Serialize, Deserialize)]
struct Stored {
    #[serde(flatten)]
    row: RosterRow,
    version: u64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    index: Option<IndexKey>,
}

/// Reads a row from its fetched item.
pub fn from_item(item: Item) -> Result<StoredRow, StoreError> {
    entity::<Stored>(ENTITY.name, item).map(|stored| StoredRow { row: stored.row, version: stored.version })
}

/// Puts `row` in the place of what was read: [`Guard::Version`] fails where somebody else wrote in between. A row without
/// employments is removed.
pub fn replace(
    transaction: &mut Transaction<'_>,
    tenant: TenantId,
    number: &Digest,
    before: Option<&StoredRow>,
    row: &RosterRow,
) -> Result<(), StoreError> {
    let key = Key::roster_row(tenant, number);
    let version = before.map_or(0, |before| before.version);
    let expected = [(":version", AttributeValue::N(version.to_string()))];
    if row.employments.is_empty() {
        return transaction.delete_if(Guard::Version, &key, "attribute_not_exists(pk) OR version = :version", &expected);
    }
    let index = row.erase_from().map(|from| IndexKey::leaving(tenant, number, from));
    let item = item(ENTITY.name, &key, &Stored { row: row.clone(), version: version + 1, index })?;
    match before {
        None => transaction.put_new(Guard::Version, item),
        Some(_) => transaction.put_if(Guard::Version, item, "version = :version", &expected),
    }
}

impl Store {
    /// Writes one row by itself; `false` where somebody else wrote in between.
    pub async fn replace_roster_row(
        &self,
        tenant: TenantId,
        number: &Digest,
        before: Option<&StoredRow>,
        row: &RosterRow,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.transaction();
        replace(&mut transaction, tenant, number, before, row)?;
        Ok(transaction.commit().await?.is_ok())
    }

    /// The row of a number.
    pub async fn roster_row(&self, tenant: TenantId, number: &Digest) -> Result<Option<StoredRow>, StoreError> {
        self.get(&Key::roster_row(tenant, number)).await?.map(from_item).transpose()
    }

    /// A tenant's whole roster, by number; its partitions are read in parallel.
    pub async fn roster(&self, tenant: TenantId) -> Result<Vec<StoredRow>, StoreError> {
        let partitions = Key::roster_partitions(tenant).map(async |partition| self.query_all(&partition).await);
        let items = futures::future::try_join_all(partitions).await?.concat();
        let mut rows: Vec<StoredRow> = items.into_iter().map(from_item).collect::<Result<_, _>>()?;
        rows.sort_by(|a, b| a.row.number.cmp(&b.row.number));
        Ok(rows)
    }

    /// How many rows a tenant's roster has: its partitions are counted, no row is read.
    pub async fn roster_size(&self, tenant: TenantId) -> Result<usize, StoreError> {
        let partitions = Key::roster_partitions(tenant).map(async |partition| self.query_count(&partition).await);
        Ok(futures::future::try_join_all(partitions).await?.into_iter().sum())
    }

    /// Keys of rows with somebody who is to be erased at `until` or before, the earliest of each index partition first, `most`
    /// of each.
    pub async fn leaving(&self, until: DateTime<Utc>, most: usize) -> Result<Vec<Key>, StoreError> {
        let until = stamp(until);
        let shards = (0..INDEX_SHARDS).map(async |shard| self.index_all_until(&IndexKey::leaving_shard(shard), &until, most).await);
        Ok(futures::future::try_join_all(shards).await?.concat())
    }

    /// Keys of rows with somebody whose access may be over at `end`, 00:00 JST on the first of a month: those that the purge was to
    /// take before, and those whose end was reported late. Whoever left with that month has access until `end`, and is erased at
    /// one and the same moment after it.
    pub async fn leaving_without_access(&self, end: DateTime<Utc>) -> Result<Vec<Key>, StoreError> {
        let moment = TimeDelta::milliseconds(1);
        let purge = end + PURGE_AFTER;
        // Below every instant.
        let before = ("0".to_owned(), stamp(purge - moment));
        let late = (stamp(purge + moment), stamp(end + PURGE_AFTER_LATE_REPORT));
        let mut keys = self.index_between(IndexKey::LEAVING_UNCONFIRMED, "0", "~").await?;
        for (from, until) in [before, late] {
            for shard in 0..INDEX_SHARDS {
                keys.extend(self.index_between(&IndexKey::leaving_shard(shard), &from, &until).await?);
            }
        }
        Ok(keys)
    }

    /// Keys of rows with a leave date that waits for an operator's confirmation, `limit` at most.
    pub async fn leaving_unconfirmed(&self, limit: i32) -> Result<Vec<Key>, StoreError> {
        self.index_until(IndexKey::LEAVING_UNCONFIRMED.to_owned(), "~", limit).await
    }
}

impl IndexKey {
    /// The partition of rows whose leave date waits for a confirmation.
    pub const LEAVING_UNCONFIRMED: &str = "LEAVING#UNCONFIRMED";

    /// A row with somebody who is to be erased.
    fn leaving(tenant: TenantId, number: &Digest, from: EraseFrom) -> Self {
        let (gpk, at) = match from {
            EraseFrom::At(at) => (Self::leaving_shard(number.index_shard()), at),
            EraseFrom::Unconfirmed => (Self::LEAVING_UNCONFIRMED.to_owned(), DateTime::UNIX_EPOCH),
        };
        Self { gpk, gsk: format!("{}#{tenant}#{}", stamp(at), number.as_str()) }
    }

    fn leaving_shard(shard: u8) -> String {
        format!("LEAVING#{shard}")
    }
}
