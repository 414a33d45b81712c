//! An erasure that is queued: what the purge has to find everything of a member by. Access is closed with it; it goes when
//! nothing is found any more.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::id::{KeyGeneration, MemberId, TenantId};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::{entity, item},
};

/// Due erasures: one Query, the earliest first.
pub const ENTITY: Entity = Entity { name: "Erasure", pk: "ERASURE", sk: "{due}#{member}", index: "", erasure: Erasure::Member };

/// Why somebody is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// The employment ended (row A4).
    Left,
    /// 退会, or registration with another tenant (row A1).
    MembersOwnAct,
    /// The account was blocked for the operator's term (row A1).
    Blocked,
    /// No roster row had the number for the operator's term (row A1).
    Unmatched,
    /// The tenant's contract ended (row D2).
    ContractEnd,
}

/// How much there was, by entity or kind of object.
pub type Counts = BTreeMap<String, u64>;

/// A queued erasure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErasureRequest {
    /// Who.
    pub member: MemberId,
    /// The data key to destroy.
    pub key: KeyGeneration,
    /// The member's tenant.
    pub tenant: TenantId,
    /// The LINE user behind the member.
    pub user: Digest,
    /// The claimed number.
    pub number: Digest,
    /// Why.
    pub cause: Cause,
    /// When access was closed.
    #[serde(with = "domain::time::stamped")]
    pub requested_at: DateTime<Utc>,
    /// What was found before anything was deleted. Written once, so that a purge that was killed counts nothing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
}

impl ErasureRequest {
    /// Where it stands.
    pub fn place(&self) -> Key {
        Key::erasure(self.requested_at, self.member)
    }

    /// Queues the erasure; the key is due at once, and a purge comes within a day.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put(item(ENTITY.name, &self.place(), self)?)
    }

    /// Removes the order, of which nothing is left; [`Guard::Exists`] fails where somebody else was faster.
    pub fn finish(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.delete_if(Guard::Exists, &self.place(), "attribute_exists(pk)", &[])
    }
}

/// An order as it was read: one that cannot be read does not hold up the others.
pub type ReadOrder = Result<ErasureRequest, StoreError>;

impl Store {
    /// Orders that are queued, the earliest first: `limit` at most, from behind `after` on. With the sort key to go on behind.
    pub async fn erasures(&self, after: Option<&str>, limit: i32) -> Result<(Vec<ReadOrder>, Option<String>), StoreError> {
        let (items, last) = self.query_page(ENTITY.pk, after, limit).await?;
        Ok((items.into_iter().map(|item| entity(ENTITY.name, item)).collect(), last))
    }

    /// Writes down what was found of a member before anything was deleted, and answers what is written: the first count stays.
    /// `None` where the order is gone.
    pub async fn count_erasure(&self, order: &ErasureRequest, counts: Counts) -> Result<Option<Counts>, StoreError> {
        let value = serde_dynamo::to_attribute_value(&counts)
            .map_err(|_| StoreError::Unreadable { entity: ENTITY.name, reason: "its counts do not serialise" })?;
        let written = self
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(order.place().attributes()))
            .update_expression("SET #counts = :counts")
            .condition_expression("attribute_exists(pk) AND attribute_not_exists(#counts)")
            .expression_attribute_names("#counts", "counts")
            .expression_attribute_values(":counts", value)
            .send()
            .await;
        match written {
            Ok(_) => Ok(Some(counts)),
            Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => {
                let there: Option<ErasureRequest> = self.get(&order.place()).await?.map(|item| entity(ENTITY.name, item)).transpose()?;
                Ok(there.and_then(|there| there.counts))
            }
            Err(error) => Err(StoreError::unavailable("UpdateItem")(error)),
        }
    }
}
