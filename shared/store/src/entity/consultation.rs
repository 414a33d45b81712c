//! A consultation: the head of a thread. It holds nothing that is sealed, so that the queue can be shown without any key.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    conversation::Consult,
    id::{ConsultationId, TenantId},
    roster::RosterCheck,
    time::stamp,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::IndexKey,
    transaction::{Change, entity, item},
};

/// Member → consultations: one Query. Open ones by urgency and waiting time: the index, [`crate::keys::INDEX_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "Consultation",
    pk: "MEMBER#{member}",
    sk: "CONSULTATION#{consultation}",
    index: "QUEUE#{shard} / {0 urgent, 1 not}#{waiting since}#{consultation}",
    erasure: Erasure::Member,
};

/// Whether messages join. Who closes a consultation takes it out of the member's `intake.open` in the same transaction, so that
/// the next message opens a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// The member's messages join it.
    Open,
}

/// The head of a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// Its id.
    pub id: ConsultationId,
    /// The member's tenant.
    pub tenant: TenantId,
    /// The LINE user behind the member.
    pub user: Digest,
    /// Whether messages join.
    pub state: State,
    /// When the first message was written.
    #[serde(with = "domain::time::stamped")]
    pub opened_at: DateTime<Utc>,
    /// When the member wrote last.
    #[serde(with = "domain::time::stamped")]
    pub last_message_at: DateTime<Utc>,
    /// Whether a message had words that point to danger (row B4).
    pub urgent: bool,
    /// The roster check at the last message; anything but `Matched` is 未照合 (row A3).
    pub check: RosterCheck,
    /// Whether another LINE user claimed the same number at the last message (row A3).
    pub contested: bool,
    #[serde(flatten)]
    index: IndexKey,
}

/// Opens the consultation of `consult`, or lets its message join.
pub fn put(
    transaction: &mut Transaction<'_>,
    consult: &Consult,
    user: &Digest,
    contested: bool,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let key = Key::consultation(consult.member, consult.consultation);
    let queue = IndexKey::queue(consult.consultation, consult.urgent, at);
    if consult.opens {
        let head = Consultation {
            id: consult.consultation,
            tenant: consult.tenant,
            user: user.clone(),
            state: State::Open,
            opened_at: at,
            last_message_at: at,
            urgent: consult.urgent,
            check: consult.check,
            contested,
            index: queue,
        };
        return transaction.put_new(Guard::Open, item(ENTITY.name, &key, &head)?);
    }
    let check = serde_dynamo::to_attribute_value(consult.check)
        .map_err(|_| StoreError::Unreadable { entity: ENTITY.name, reason: "the check does not serialise" })?;
    let mut change = Change {
        update: "SET last_message_at = :at, #check = :check, contested = :contested".to_owned(),
        condition: "#state = :open".to_owned(),
        names: vec![("#check", "check"), ("#state", "state")],
        values: vec![
            (":at", AttributeValue::S(stamp(at))),
            (":check", check),
            (":contested", AttributeValue::Bool(contested)),
            (":open", AttributeValue::S("Open".to_owned())),
        ],
    };
    if consult.raises {
        change.update.push_str(", urgent = :urgent, gsk = :gsk");
        change.values.extend([(":urgent", AttributeValue::Bool(true)), (":gsk", AttributeValue::S(queue.gsk))]);
    }
    transaction.update(Guard::Open, &key, change)
}

impl Store {
    /// One consultation.
    pub async fn consultation(&self, key: &Key) -> Result<Option<Consultation>, StoreError> {
        self.get(key).await?.map(|item| entity(ENTITY.name, item)).transpose()
    }
}
