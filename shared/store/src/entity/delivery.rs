//! A delivered roster file (row D1): how far its import is and what it brought. The file itself goes when the import ends; this
//! stays, and holds counts and a keyed digest only.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    id::{ImportId, TenantId, UploadId},
    roster_change::Counts,
    roster_file::Kind,
    time::{self, stamp},
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::IndexKey,
    transaction::{entity, item},
};

/// Import → delivery: one Get. A tenant's deliveries: one Query. What waits or was cut short: the index, one Query.
pub const ENTITY: Entity = Entity {
    name: "Delivery",
    pk: "ROSTERFILES#{tenant}",
    sk: "DELIVERY#{import}",
    index: "DELIVERIES / {due}#{tenant}#{import}",
    erasure: Erasure::Kept("counts and a keyed digest of a file; no person is in it"),
};
/// Content → applied before: one Get; the key makes it once.
pub const CONTENT: Entity = Entity {
    name: "RosterContent",
    pk: "ROSTERFILES#{tenant}",
    sk: "CONTENT#{digest}",
    index: "",
    erasure: Erasure::Kept("a keyed digest of a file; no person is in it"),
};
/// Month → how many leave: one Get.
pub const MONTH: Entity =
    Entity { name: "RosterMonth", pk: "ROSTERFILES#{tenant}", sk: "MONTH#{month}", index: "", erasure: Erasure::Anonymous };
/// Tenant → who imports: the condition of each write.
pub const LEASE: Entity = Entity { name: "RosterLease", pk: "ROSTERFILES#{tenant}", sk: "LEASE", index: "", erasure: Erasure::Anonymous };

/// A file that needs a confirmation waits so long, then it is refused.
pub const WAITS: TimeDelta = TimeDelta::days(7);
/// Whoever imports holds the tenant's files for this long after each write; then the next one may go on.
pub const LEASE_TIME: TimeDelta = TimeDelta::minutes(2);

/// So often a word is tried where the import is written at the same time.
const TRIES: usize = 5;

/// Where an import stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// It was seen; nothing of it is applied.
    Received,
    /// More people leave than may without asking; nothing of it is applied.
    Waiting,
    /// Its rows are being written.
    Applying,
    /// All of it is on the roster.
    Applied,
    /// The same content was applied before; nothing was to be done.
    Repeated,
    /// Nothing of it was applied and nothing will be: it has errors, or was refused, or nobody confirmed it in time.
    Refused,
}

impl State {
    /// Whether the file has served.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Applied | Self::Repeated | Self::Refused)
    }
}

/// Who is asked about an import that waits: both have to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Party {
    /// The tenant's contact.
    Contact,
    /// An operator.
    Operator,
}

/// What one of them says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The file is right.
    Confirms,
    /// The file is not to be applied.
    Refuses,
}

/// It does not wait for anybody's word (any more).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotWaiting;

/// What came of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It is written down.
    Now(Delivery),
    /// The same had been said before; nothing was written.
    Before(Delivery),
    /// There is no such import that waits.
    NotWaiting,
}

/// What an import brought so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Brought {
    /// Employments that began.
    pub joined: u64,
    /// Names and dates that are another now.
    pub changed: u64,
    /// Employments that ended.
    pub left: u64,
}

impl Brought {
    /// Counts one more.
    pub const fn add(&mut self, counts: Counts) {
        match counts {
            Counts::Joined => self.joined += 1,
            Counts::Changed => self.changed += 1,
            Counts::Left => self.left += 1,
        }
    }
}

/// A delivered file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// Its import.
    pub import: ImportId,
    /// Whose roster.
    pub tenant: TenantId,
    /// What the file claims to be. Every item has its entity's name as `kind`.
    #[serde(rename = "file")]
    pub kind: Kind,
    /// When it was first seen.
    #[serde(with = "domain::time::stamped")]
    pub received_at: DateTime<Utc>,
    /// How long it is.
    pub bytes: u64,
    /// Where the import stands.
    pub state: State,
    /// The digest of its content, once it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<Digest>,
    /// Rows that could be read.
    pub rows: u64,
    /// Findings that keep it from being applied.
    pub blocking: u64,
    /// Findings that do not.
    pub warnings: u64,
    /// People who would leave, where it waits.
    pub leavers: u64,
    /// What it brought so far.
    pub brought: Brought,
    /// So many entries of the file are dealt with.
    pub cursor: u64,
    /// When its rows began to be written; leave dates count as reported then.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub applying_since: Option<DateTime<Utc>>,
    /// The import has ended, and its file is gone.
    #[serde(default)]
    pub discarded: bool,
    /// When the contact confirmed.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub contact_confirmed_at: Option<DateTime<Utc>>,
    /// When an operator confirmed.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub operator_confirmed_at: Option<DateTime<Utc>>,
    /// When it was refused while it waited.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub refused_at: Option<DateTime<Utc>>,
    /// By whom; an operator, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_by: Option<Party>,
    /// The upload on the contacts' page that it came of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<UploadId>,
    /// Counts the writes.
    pub version: u64,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    index: Option<IndexKey>,
}

impl Delivery {
    /// A file that is seen for the first time.
    pub const fn new(import: ImportId, tenant: TenantId, kind: Kind, bytes: u64, received_at: DateTime<Utc>) -> Self {
        Self {
            import,
            tenant,
            kind,
            received_at,
            bytes,
            state: State::Received,
            content: None,
            rows: 0,
            blocking: 0,
            warnings: 0,
            leavers: 0,
            brought: Brought { joined: 0, changed: 0, left: 0 },
            cursor: 0,
            applying_since: None,
            discarded: false,
            contact_confirmed_at: None,
            operator_confirmed_at: None,
            refused_at: None,
            refused_by: None,
            upload: None,
            version: 0,
            index: None,
        }
    }

    /// Until when it waits for confirmations.
    pub fn waits_until(&self) -> DateTime<Utc> {
        self.received_at + WAITS
    }

    /// Whether it waits for somebody's word at `now`.
    pub fn is_asked(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Waiting && self.refused_at.is_none() && now < self.waits_until()
    }

    /// Takes the word of one of those who are asked; `false` where they had said so before. An import is of the very bytes that it
    /// was checked with, so a word about it cannot be meant for another file.
    pub fn take(&mut self, party: Party, verdict: Verdict, now: DateTime<Utc>) -> Result<bool, NotWaiting> {
        if verdict == Verdict::Refuses && self.state == State::Waiting && self.refused_at.is_some() {
            return Ok(false);
        }
        if !self.is_asked(now) {
            return Err(NotWaiting);
        }
        let confirmed = match party {
            Party::Contact => &mut self.contact_confirmed_at,
            Party::Operator => &mut self.operator_confirmed_at,
        };
        match verdict {
            Verdict::Confirms if confirmed.is_some() => return Ok(false),
            Verdict::Confirms => *confirmed = Some(now),
            Verdict::Refuses => (self.refused_at, self.refused_by) = (Some(now), Some(party)),
        }
        Ok(true)
    }

    /// Whether both have confirmed it.
    pub const fn is_confirmed(&self) -> bool {
        self.contact_confirmed_at.is_some() && self.operator_confirmed_at.is_some()
    }

    /// Puts the delivery in the place of what was read; [`Guard::Progress`] fails where somebody else wrote in between.
    /// One whose file is still there is found at `due` in the index, whoever should have gone on with it.
    pub fn put(&mut self, transaction: &mut Transaction<'_>, due: DateTime<Utc>) -> Result<(), StoreError> {
        let before = self.version;
        self.version += 1;
        self.index = (!self.discarded).then(|| IndexKey::delivery(self.tenant, self.import, due));
        let item = item(ENTITY.name, &Key::delivery(self.tenant, self.import), self)?;
        if before == 0 {
            return transaction.put_new(Guard::Progress, item);
        }
        transaction.put_if(Guard::Progress, item, "version = :before", &[(":before", AttributeValue::N(before.to_string()))])
    }
}

/// What a tenant's files brought in a month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Month {
    /// Employments that files of the month ended.
    #[serde(default)]
    pub left: u64,
    /// Files that were applied.
    #[serde(default)]
    pub files: u64,
}

/// Counts into a tenant's month.
pub fn count(transaction: &mut Transaction<'_>, tenant: TenantId, month: &str, left: u64, files: u64) -> Result<(), StoreError> {
    transaction.update(
        Guard::None,
        &Key::roster_month(tenant, month),
        crate::transaction::Change {
            update: "ADD #left :left, files :files SET #kind = :kind".to_owned(),
            names: vec![("#left", "left"), ("#kind", "kind")],
            values: vec![
                (":left", AttributeValue::N(left.to_string())),
                (":files", AttributeValue::N(files.to_string())),
                (":kind", AttributeValue::S(MONTH.name.to_owned())),
            ],
            ..Default::default()
        },
    )
}

/// Marks a content as applied.
pub fn applied(transaction: &mut Transaction<'_>, tenant: TenantId, content: &Digest, at: DateTime<Utc>) -> Result<(), StoreError> {
    #[derive(Serialize)]
    struct Mark {
        #[serde(with = "domain::time::stamped")]
        applied_at: DateTime<Utc>,
    }
    transaction.put(item(CONTENT.name, &Key::roster_content(tenant, content), &Mark { applied_at: at })?)
}

/// Who holds a tenant's files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lease {
    holder: String,
    #[serde(with = "domain::time::stamped")]
    until: DateTime<Utc>,
}

/// Holds the tenant's files for some more time; [`Guard::Lease`] fails where somebody else does.
pub fn hold(transaction: &mut Transaction<'_>, tenant: TenantId, holder: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let lease = Lease { holder: holder.to_owned(), until: now + LEASE_TIME };
    let values = [(":holder", AttributeValue::S(holder.to_owned())), (":now", AttributeValue::S(stamp(now)))];
    let condition = "attribute_not_exists(pk) OR holder = :holder OR #until <= :now";
    transaction.put_if_named(
        Guard::Lease,
        item(LEASE.name, &Key::roster_lease(tenant), &lease)?,
        condition,
        &[("#until", "until")],
        &values,
    )
}

impl Store {
    /// Takes a tenant's files; `false` where somebody else has them.
    pub async fn hold_roster_files(&self, tenant: TenantId, holder: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut transaction = self.transaction();
        hold(&mut transaction, tenant, holder, now)?;
        Ok(transaction.commit().await?.is_ok())
    }

    /// Gives them back, where this one still has them.
    pub async fn release_roster_files(&self, tenant: TenantId, holder: &str) -> Result<(), StoreError> {
        let mut transaction = self.transaction();
        let values = [(":holder", AttributeValue::S(holder.to_owned()))];
        transaction.delete_if(Guard::Lease, &Key::roster_lease(tenant), "holder = :holder", &values)?;
        transaction.commit().await.map(drop)
    }

    /// One delivery.
    pub async fn delivery(&self, tenant: TenantId, import: ImportId) -> Result<Option<Delivery>, StoreError> {
        self.get(&Key::delivery(tenant, import)).await?.map(|item| entity(ENTITY.name, item)).transpose()
    }

    /// A tenant's deliveries, the oldest first.
    pub async fn deliveries(&self, tenant: TenantId) -> Result<Vec<Delivery>, StoreError> {
        let items = self.query_prefix(&format!("ROSTERFILES#{tenant}"), "DELIVERY#").await?;
        let mut deliveries: Vec<Delivery> = items.into_iter().map(|item| entity(ENTITY.name, item)).collect::<Result<_, _>>()?;
        deliveries.sort_by_key(|delivery| delivery.received_at);
        Ok(deliveries)
    }

    /// Deliveries that are due at `now`: cut short, confirmed, or waiting for too long; `limit` at most.
    pub async fn due_deliveries(&self, now: DateTime<Utc>, limit: i32) -> Result<Vec<Key>, StoreError> {
        self.index_until(IndexKey::DELIVERIES.to_owned(), &stamp(now), limit).await
    }

    /// Writes down what `party` says of an import that waits, with what `also` adds to the transaction. Where both have confirmed, or
    /// one refuses, the next sweep goes on with it. Of two who say the same, one writes.
    pub async fn answer_delivery(
        &self,
        tenant: TenantId,
        import: ImportId,
        (party, verdict): (Party, Verdict),
        now: DateTime<Utc>,
        also: impl Fn(&mut Transaction<'_>, &Delivery) -> Result<(), StoreError>,
    ) -> Result<Answered, StoreError> {
        for _ in 0..TRIES {
            let Some(mut delivery) = self.delivery(tenant, import).await? else { return Ok(Answered::NotWaiting) };
            match delivery.take(party, verdict, now) {
                Ok(true) => {}
                Ok(false) => return Ok(Answered::Before(delivery)),
                Err(NotWaiting) => return Ok(Answered::NotWaiting),
            }
            let is_due = delivery.is_confirmed() || delivery.refused_at.is_some();
            let due = if is_due { now } else { delivery.waits_until() };
            let mut transaction = self.transaction();
            delivery.put(&mut transaction, due)?;
            also(&mut transaction, &delivery)?;
            if transaction.commit().await?.is_ok() {
                return Ok(Answered::Now(delivery));
            }
        }
        Err(StoreError::Contention)
    }

    /// Whether a tenant has delivered in a month, written `2026-11`: a file that waits for a confirmation counts too.
    pub async fn has_delivered(&self, tenant: TenantId, month: &str) -> Result<bool, StoreError> {
        if self.roster_month(tenant, month).await?.files > 0 {
            return Ok(true);
        }
        let waits = |delivery: &Delivery| delivery.state == State::Waiting && time::month(delivery.received_at) == month;
        Ok(self.deliveries(tenant).await?.iter().any(waits))
    }

    /// Whether a file with this content was applied before.
    pub async fn was_applied(&self, tenant: TenantId, content: &Digest) -> Result<bool, StoreError> {
        Ok(self.get(&Key::roster_content(tenant, content)).await?.is_some())
    }

    /// What a tenant's files brought in a month, written `2026-11`.
    pub async fn roster_month(&self, tenant: TenantId, month: &str) -> Result<Month, StoreError> {
        let found = self.get(&Key::roster_month(tenant, month)).await?;
        found.map_or_else(|| Ok(Month::default()), |item| entity(MONTH.name, item))
    }
}

impl IndexKey {
    /// The partition of deliveries that have not ended.
    pub const DELIVERIES: &str = "DELIVERIES";

    fn delivery(tenant: TenantId, import: ImportId, due: DateTime<Utc>) -> Self {
        Self { gpk: Self::DELIVERIES.to_owned(), gsk: format!("{}#{tenant}#{import}", stamp(due)) }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use ulid::Ulid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn waiting() -> Delivery {
        let received = at("2026-11-24T10:00:00+09:00");
        let mut delivery = Delivery::new(ImportId::new(Ulid(1)), TenantId::new(Ulid(2)), Kind::Monthly, 10, received);
        delivery.state = State::Waiting;
        delivery
    }

    #[test]
    fn both_confirm_once_in_any_order() {
        for parties in [[Party::Contact, Party::Operator], [Party::Operator, Party::Contact]] {
            let mut delivery = waiting();
            for (party, confirmed) in parties.into_iter().zip([false, true]) {
                assert_eq!(delivery.take(party, Verdict::Confirms, at("2026-11-25T10:00:00+09:00")), Ok(true));
                assert_eq!(delivery.take(party, Verdict::Confirms, at("2026-11-26T10:00:00+09:00")), Ok(false), "the first word stands");
                assert_eq!(delivery.is_confirmed(), confirmed);
            }
            assert_eq!(delivery.contact_confirmed_at, Some(at("2026-11-25T10:00:00+09:00")));
        }
    }

    #[test]
    fn what_is_refused_stays_refused_and_what_is_over_is_not_asked_for() {
        let mut refused = waiting();
        assert_eq!(refused.take(Party::Contact, Verdict::Refuses, at("2026-11-25T10:00:00+09:00")), Ok(true));
        assert_eq!(refused.take(Party::Operator, Verdict::Refuses, at("2026-11-25T11:00:00+09:00")), Ok(false));
        assert_eq!(refused.take(Party::Operator, Verdict::Confirms, at("2026-11-25T11:00:00+09:00")), Err(NotWaiting));
        assert_eq!(refused.refused_by, Some(Party::Contact));
        for verdict in [Verdict::Confirms, Verdict::Refuses] {
            assert_eq!(waiting().take(Party::Contact, verdict, at("2026-12-01T09:59:59+09:00")), Ok(true));
            assert_eq!(waiting().take(Party::Contact, verdict, at("2026-12-01T10:00:00+09:00")), Err(NotWaiting));
            for state in [State::Received, State::Applying, State::Applied, State::Repeated, State::Refused] {
                let mut delivery = Delivery { state, ..waiting() };
                assert_eq!(delivery.take(Party::Contact, verdict, at("2026-11-25T10:00:00+09:00")), Err(NotWaiting), "{state:?}");
            }
        }
    }
}
