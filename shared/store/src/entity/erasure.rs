//! An erasure that is queued: what the purge has to find everything of a member by. It goes with the purge.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::id::{KeyGeneration, MemberId, TenantId};

use crate::{
    Key, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    transaction::item,
};

/// Due erasures: one Query, the earliest first.
pub const ENTITY: Entity = Entity { name: "Erasure", pk: "ERASURE", sk: "{due}#{member}", index: "", erasure: Erasure::Member };

/// Why somebody is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// 退会, or registration with another tenant (row A1).
    MembersOwnAct,
}

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
}

impl ErasureRequest {
    /// Queues the erasure; the key is due at once, and a purge comes within a day.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put(item(ENTITY.name, &Key::erasure(self.requested_at, self.member), self)?)
    }
}
