//! The audit log of who of the staff did what, every read and every refusal of it (row B3). An entry is written once and never
//! changed; it holds internal ids, no content.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use domain::{
    id::{ConsultationId, DocumentId, MemberId, TenantId},
    time,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    keys::AUDIT_SHARDS,
    transaction::{entity, item},
};

/// A day: [`AUDIT_SHARDS`] Queries.
pub const ENTITY: Entity = Entity {
    name: "Audit",
    pk: "AUDIT#{day}#{shard}",
    sk: "{at}#{entry}",
    index: "",
    erasure: Erasure::Kept("who of the staff did what; a former member is a meaningless id in it"),
};

/// What was done, or was to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Act {
    /// Signed in.
    SignIn,
    /// Signed out.
    SignOut,
    /// Read the queue.
    Queue,
    /// Read a thread.
    ThreadRead,
    /// Read a member's earlier consultations.
    MemberRead,
    /// Looked for a member by tenant and number; what was looked for is not written down.
    Search,
    /// Answered.
    Reply,
    /// Wrote a private note.
    Note,
    /// Took a consultation over.
    TakeOver,
    /// Handed one over to a colleague.
    HandOver,
    /// Closed one.
    Close,
    /// Opened a closed one again.
    Reopen,
    /// Sorted one.
    TopicChange,
    /// Referred the member to a desk.
    Referral,
    /// Disclosed to the tenant's contact.
    Disclosure,
    /// Read the ledger of disclosures.
    LedgerRead,
    /// Opened a document.
    DocumentViewed,
    /// Asked the roster for a name.
    RosterQuestion,
    /// Added, changed or removed a template.
    TemplateChange,
    /// Any other page.
    Page,
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was not allowed.
    Refused,
    /// Somebody else was faster; nothing was done.
    Stale,
}

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Who {
    /// The subject of the sign-in, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// The staff's id that belongs to it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// The roles that the sign-in gave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
}

/// What it concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct About {
    /// The tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// The member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member: Option<MemberId>,
    /// The consultation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consultation: Option<ConsultationId>,
    /// The document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentId>,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    /// Its id.
    pub id: Ulid,
    /// When.
    #[serde(with = "time::stamped")]
    pub at: DateTime<Utc>,
    /// Who.
    #[serde(flatten)]
    pub who: Who,
    /// What.
    pub act: Act,
    /// How it ended.
    pub outcome: Outcome,
    /// The route's pattern, never what was asked for with it.
    pub route: String,
    /// What it concerned.
    #[serde(flatten)]
    pub about: About,
}

impl Audit {
    /// An act that was done at `now` through `route`, whose query, if any, is left out. The id is a new one.
    pub fn new(id: Ulid, now: DateTime<Utc>, who: Who, act: Act, route: &str) -> Self {
        let route = route.split(['?', '#']).next().unwrap_or_default().to_owned();
        Self { id, at: now, who, act, outcome: Outcome::Done, route, about: About::default() }
    }

    /// What it concerned.
    #[must_use]
    pub fn about(self, about: About) -> Self {
        Self { about, ..self }
    }

    /// How it ended, where it was not done.
    #[must_use]
    pub fn ended(self, outcome: Outcome) -> Self {
        Self { outcome, ..self }
    }

    fn key(&self) -> Key {
        Key::audit(self.at, self.id)
    }

    /// Adds the entry with the act that it tells of.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put_new(Guard::Logged, item(ENTITY.name, &self.key(), self)?)
    }
}

impl Store {
    /// Adds an entry by itself. Where it stands there already, an earlier try arrived.
    pub async fn audit(&self, entry: &Audit) -> Result<(), StoreError> {
        self.put_once(item(ENTITY.name, &entry.key(), entry)?).await.map(drop)
    }

    /// All entries of a day in JST, in their order.
    pub async fn audit_of(&self, day: NaiveDate) -> Result<Vec<Audit>, StoreError> {
        let partitions = (0..AUDIT_SHARDS).map(|shard| Key::partition_of_audit(day, shard)).collect::<Vec<_>>();
        let items = futures::future::try_join_all(partitions.iter().map(|pk| self.query_all(pk))).await?;
        let entries: Result<Vec<Audit>, StoreError> = items.into_iter().flatten().map(|item| entity(ENTITY.name, item)).collect();
        let mut entries = entries?;
        entries.sort_by_key(|entry| (entry.at, entry.id));
        Ok(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_written_down_without_what_was_asked_for() {
        let entry = Audit::new(Ulid(1), DateTime::UNIX_EPOCH, Who::default(), Act::Search, "/search?number=000123#1");
        assert_eq!((entry.route.as_str(), entry.outcome), ("/search", Outcome::Done));
    }
}
