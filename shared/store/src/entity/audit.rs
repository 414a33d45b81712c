//! The audit log (row B3): who of those who sign in read, wrote or was refused what, and when. Lines are only added. They hold
//! internal ids alone, so that nothing about a person is left in them when the member is erased.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use domain::{
    id::{ConsultationId, DocumentId, ImportId, InterviewId, MemberId, RequestFileId, TenantId},
    time,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    keys::AUDIT_SHARDS,
    transaction::{entity, item},
};

/// A day's lines: [`AUDIT_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "Audit",
    pk: "AUDIT#{day}#{shard}",
    sk: "{at}#{line}",
    index: "",
    erasure: Erasure::Kept("who of those who sign in saw what, by internal ids only"),
};

/// Who acted, as signed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The subject that the identity provider gave them.
    pub subject: String,
    /// The nurse, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nurse: Option<String>,
    /// The roles that they had.
    pub roles: BTreeSet<String>,
}

/// What was acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Object {
    /// Of this company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// A member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// A consultation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consultation: Option<ConsultationId>,
    /// A document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
    /// A delivered roster file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub import: Option<ImportId>,
    /// An interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<InterviewId>,
    /// A file of its request form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<RequestFileId>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was shown or done.
    Done,
    /// Their role does not allow it.
    Forbidden,
    /// It is not possible as it stands.
    Refused,
    /// There is no such thing (any more).
    Missing,
}

/// A line of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// When.
    #[serde(with = "domain::time::stamped")]
    pub at: DateTime<Utc>,
    /// Sorts lines of the same instant.
    pub line: Ulid,
    /// Who.
    pub actor: Actor,
    /// What: the name of the route, such as `Reply`.
    pub act: String,
    /// On what.
    pub object: Object,
    /// With what outcome.
    pub outcome: Outcome,
}

impl Audit {
    /// The same line with another outcome.
    #[must_use]
    pub fn with(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    fn key(&self) -> Key {
        Key::audit(time::jst_date(self.at), self.at, self.line)
    }

    /// Adds the line together with what it tells of.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(ENTITY.name, &self.key(), self)?)
    }
}

impl Store {
    /// Adds a line that tells of nothing that is written.
    pub async fn audit(&self, audit: &Audit) -> Result<(), StoreError> {
        self.put_once(item(ENTITY.name, &audit.key(), audit)?).await
    }

    /// The lines of a day (JST), the earliest first.
    pub async fn audit_of(&self, day: NaiveDate) -> Result<Vec<Audit>, StoreError> {
        let shards = (0..AUDIT_SHARDS).map(async |shard| self.query_all(&Key::audit_partition(day, shard)).await);
        let items = futures::future::try_join_all(shards).await?.concat();
        let mut lines = items.into_iter().map(|item| entity(ENTITY.name, item)).collect::<Result<Vec<Audit>, _>>()?;
        lines.sort_by_key(|line| (line.at, line.line));
        Ok(lines)
    }
}
