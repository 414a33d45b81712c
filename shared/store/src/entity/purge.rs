//! A run of the purge for one tenant, from the first person that it finds to its certificate (row D2). It is kept and holds no
//! personal data: counts only. A tenant has one open run at a time: its pointer's key can exist once.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::{PurgeId, TenantId},
    time,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{
        Entity, Erasure,
        erasure::{Cause, Counts},
    },
    transaction::{entity, item},
};

/// All runs, of one tenant or of all: one Query.
pub const ENTITY: Entity = Entity {
    name: "PurgeRun",
    pk: "PURGE",
    sk: "{tenant}#{run}",
    index: "",
    erasure: Erasure::Kept("the certificate of erasure: counts, and nothing about a person"),
};
/// A tenant's open run: one Get; all open ones: one Query.
pub const OPEN: Entity = Entity {
    name: "PurgeOpen",
    pk: "PURGE",
    sk: "OPEN#{tenant}",
    index: "",
    erasure: Erasure::Kept("says which run is under way; goes when it is complete"),
};

/// Whether a run goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Somebody is still to be erased.
    Open,
    /// Nothing was found any more, and the certificate is sent.
    Complete,
}

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Employments that left the roster because they ended.
    pub leavers: u64,
    /// Members, by why.
    pub members: BTreeMap<Cause, u64>,
    /// What was found before it was deleted, by entity or kind of object.
    pub deleted: Counts,
    /// What was found afterwards: a member is done when it is none.
    pub found_afterwards: u64,
}

impl Tally {
    /// Whether nothing was erased.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds what else was erased.
    pub fn add(&mut self, more: &Self) {
        self.leavers += more.leavers;
        self.found_afterwards += more.found_afterwards;
        for (cause, count) in &more.members {
            *self.members.entry(*cause).or_default() += count;
        }
        for (kind, count) in &more.deleted {
            *self.deleted.entry(kind.clone()).or_default() += count;
        }
    }
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurgeRun {
    /// Its id.
    pub id: PurgeId,
    /// Whose people.
    pub tenant: TenantId,
    /// Whether it goes on.
    pub state: State,
    /// When it found the first person.
    #[serde(with = "time::stamped")]
    pub started_at: DateTime<Utc>,
    /// When nothing was found any more.
    #[serde(with = "time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<DateTime<Utc>>,
    /// What was erased so far.
    #[serde(flatten)]
    pub tally: Tally,
    /// What the tenant itself had when its contract was over, counted once before anything of it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_had: Option<Counts>,
    version: u64,
}

/// Days for which the key table can be restored to an earlier moment.
const KEYS_RESTORABLE: Days = Days::new(1);
/// Days for which the single table can be restored to an earlier moment.
const TABLE_RESTORABLE: Days = Days::new(35);

impl PurgeRun {
    /// A run that begins.
    pub fn open(id: PurgeId, tenant: TenantId, now: DateTime<Utc>) -> Self {
        let tally = Tally::default();
        Self { id, tenant, state: State::Open, started_at: now, completed_at: None, tally, tenant_had: None, version: 0 }
    }

    /// The date after which no backup holds the keys: nothing that was sealed can be read any more. `None` while it is open.
    pub fn keys_backup_free_on(&self) -> Option<NaiveDate> {
        self.free(KEYS_RESTORABLE)
    }

    /// The date after which no backup holds anything of it: roster rows with number and name too. `None` while it is open.
    pub fn backup_free_on(&self) -> Option<NaiveDate> {
        self.free(TABLE_RESTORABLE)
    }

    fn free(&self, after: Days) -> Option<NaiveDate> {
        time::jst_date(self.completed_at?).checked_add_days(after)
    }

    /// Begins the run; [`Guard::Unique`] fails where the tenant has an open one.
    pub fn begin(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction
            .put_new(Guard::Unique, item(OPEN.name, &Key::purge_open(self.tenant), &Pointer { tenant: self.tenant, run: self.id })?)?;
        transaction.put_new(Guard::Unique, item(ENTITY.name, &Key::purge_run(self.tenant, self.id), self)?)
    }

    /// Writes the run in the place of what was read; [`Guard::Run`] fails where somebody else wrote in between.
    pub fn write(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let next = Self { version: self.version + 1, ..self.clone() };
        let expected = [(":version", AttributeValue::N(self.version.to_string())), (":open", AttributeValue::S("Open".to_owned()))];
        transaction.put_if_named(
            Guard::Run,
            item(ENTITY.name, &Key::purge_run(self.tenant, self.id), &next)?,
            "version = :version AND #state = :open",
            &[("#state", "state")],
            &expected,
        )
    }

    /// As it stands in the table after [`Self::write`] was committed.
    #[must_use]
    pub fn written(mut self) -> Self {
        self.version += 1;
        self
    }

    /// Ends the run at `now`: the next person of the tenant opens another.
    pub fn complete(self, transaction: &mut Transaction<'_>, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let complete = Self { state: State::Complete, completed_at: Some(now), ..self };
        complete.write(transaction)?;
        transaction.delete(&Key::purge_open(complete.tenant))?;
        Ok(complete)
    }

    /// Forgets a run in which nothing was erased after all; [`Guard::Run`] fails where something was in between.
    pub fn forget(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let expected = [(":version", AttributeValue::N(self.version.to_string()))];
        transaction.delete_if(Guard::Run, &Key::purge_run(self.tenant, self.id), "version = :version", &expected)?;
        transaction.delete(&Key::purge_open(self.tenant))
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Pointer {
    tenant: TenantId,
    run: PurgeId,
}

impl Store {
    /// The tenants with an open run.
    pub async fn open_purges(&self) -> Result<Vec<TenantId>, StoreError> {
        let pointers = self.query_prefix(OPEN.pk, "OPEN#").await?;
        pointers.into_iter().map(|item| entity::<Pointer>(OPEN.name, item).map(|pointer| pointer.tenant)).collect()
    }

    /// A tenant's open run.
    pub async fn open_purge(&self, tenant: TenantId) -> Result<Option<PurgeRun>, StoreError> {
        let Some(pointer) = self.get(&Key::purge_open(tenant)).await? else { return Ok(None) };
        let pointer: Pointer = entity(OPEN.name, pointer)?;
        let run = self.get(&Key::purge_run(tenant, pointer.run)).await?;
        run.map(|item| entity(ENTITY.name, item)).transpose()
    }

    /// All runs, those of a tenant together, oldest first.
    pub async fn purges(&self) -> Result<Vec<PurgeRun>, StoreError> {
        let items = self.query_all(ENTITY.pk).await?;
        let runs =
            items.into_iter().filter(|item| item.get("kind").and_then(|kind| kind.as_s().ok()).is_some_and(|kind| kind == ENTITY.name));
        runs.map(|item| entity(ENTITY.name, item)).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn tallies_add_up() {
        let one =
            Tally { leavers: 1, members: [(Cause::Left, 1)].into(), deleted: [("Message".to_owned(), 3)].into(), found_afterwards: 0 };
        let mut sum = one.clone();
        sum.add(&one);
        assert_eq!((sum.leavers, sum.members.get(&Cause::Left), sum.deleted.get("Message")), (2, Some(&2), Some(&6)));
    }

    #[test]
    fn a_certificate_says_when_the_last_backup_is_gone() {
        let ulid = ulid::Ulid(1);
        let at = "2026-12-01T03:00:00+09:00".parse().unwrap();
        let run = PurgeRun { completed_at: Some(at), ..PurgeRun::open(PurgeId::new(ulid), TenantId::new(ulid), at) };
        assert_eq!(run.keys_backup_free_on(), "2026-12-02".parse().ok());
        assert_eq!(run.backup_free_on(), "2027-01-05".parse().ok());
    }
}
