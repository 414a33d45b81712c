//! The request form of an interview (row C7): text and names of files sealed with the installation's own key, since the employee
//! need not be a member; the rest in clear, so that it can be deleted without that key. It stands in a partition of its tenant's,
//! where the purge of the tenant finds all of them.
//!
//! An object in S3 is put between two transactions. The first one queues its deletion, the second one names it in the form and
//! takes the deletion back: who is killed between the two leaves an object that is deleted soon.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use domain::{
    document::DocumentType,
    id::{InterviewId, RequestFileId, TenantId},
    interview::{
        request_form::{Attached, RequestForm, kept_until},
        state::Interview,
    },
};

use crate::{
    Documents, Guard, Installation, Key, Store, StoreError, Transaction,
    entity::{
        Entity, Erasure,
        outbox::{Kind, NewItem, OutboxItem, SealedWith},
    },
    seal::Sealed,
    transaction::{Item, entity, item},
};

/// The form of an interview: one Get. All of a tenant: one Query.
pub const ENTITY: Entity =
    Entity { name: "RequestForm", pk: "REQUESTS#{tenant}", sk: "{interview}", index: "", erasure: Erasure::Employment };

/// An object that no form names by then is deleted: far longer than the function that puts it can run.
const UNNAMED: TimeDelta = TimeDelta::minutes(10);

/// A request form as it was read; version 0 where there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredForm {
    tenant: TenantId,
    interview: InterviewId,
    stored: Stored,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
struct Stored {
    version: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Sealed>,
    files: Vec<StoredFile>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct StoredFile {
    id: RequestFileId,
    name: Sealed,
    content: DocumentType,
    bytes: u64,
    #[serde(with = "domain::time::stamped")]
    at: DateTime<Utc>,
}

impl StoredForm {
    /// The form of an interview for which none was submitted.
    pub fn none(tenant: TenantId, interview: InterviewId) -> Self {
        Self { tenant, interview, stored: Stored::default() }
    }

    /// The form of an interview in its fetched item, where there is one.
    pub fn of(tenant: TenantId, interview: InterviewId, item: Option<&Item>) -> Result<Self, StoreError> {
        let stored = item.cloned().map(|item| entity(ENTITY.name, item)).transpose()?.unwrap_or_default();
        Ok(Self { tenant, interview, stored })
    }

    /// What a contact saw, for the next change of it.
    pub const fn version(&self) -> u64 {
        self.stored.version
    }

    /// Whether nothing was submitted.
    pub const fn is_missing(&self) -> bool {
        self.stored.reason.is_none() && self.stored.files.is_empty()
    }

    /// Whether there is an item, be it an empty one.
    pub const fn is_there(&self) -> bool {
        self.stored.version > 0
    }

    /// How many files it has.
    pub const fn files(&self) -> u64 {
        self.stored.files.len() as u64
    }

    /// Whether it has this file.
    pub fn names(&self, file: RequestFileId) -> bool {
        self.stored.files.iter().any(|there| there.id == file)
    }

    /// What was submitted.
    pub fn open(&self, installation: &Installation) -> Result<RequestForm, StoreError> {
        let reason = self.stored.reason.as_ref().map(|reason| self.unseal(installation, REASON, reason)).transpose()?;
        let attached = |file: &StoredFile| {
            let name = self.unseal(installation, &file.id.to_string(), &file.name)?;
            Ok(Attached { id: file.id, name, kind: file.content, bytes: file.bytes, at: file.at })
        };
        Ok(RequestForm { reason, files: self.stored.files.iter().map(attached).collect::<Result<_, StoreError>>()? })
    }

    /// Puts `form` in its place, and queues its deletion for when its month is over. [`Guard::Version`] fails where somebody else
    /// changed it in between.
    pub fn replace(
        &self,
        transaction: &mut Transaction<'_>,
        form: &RequestForm,
        interview: &Interview,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let stored = Stored {
            version: self.stored.version + 1,
            reason: form.reason.as_ref().map(|reason| self.seal(installation, REASON, reason)).transpose()?,
            files: form.files.iter().map(|file| self.stored_file(installation, file)).collect::<Result<_, StoreError>>()?,
        };
        let (condition, values) = self.unchanged_since();
        transaction.put_if(Guard::Version, item(ENTITY.name, &self.key(), &stored)?, condition, &values)?;
        self.goes_with(transaction, interview, installation, now)
    }

    /// What follows for the form from a change of its interview, be it moved or over: its month ends at another time.
    /// [`Guard::Version`] fails where somebody else changed the form in between, so that what was decided by it holds.
    pub fn follow(
        &self,
        transaction: &mut Transaction<'_>,
        interview: &Interview,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (condition, values) = self.unchanged_since();
        transaction.check(Guard::Version, &self.key(), condition, &values)?;
        if self.is_there() { self.goes_with(transaction, interview, installation, now) } else { Ok(()) }
    }

    /// Removes it; [`Guard::Version`] fails where somebody else changed it in between.
    pub fn remove(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let (condition, values) = self.unchanged_since();
        transaction.delete_if(Guard::Version, &self.key(), condition, &values)
    }

    fn goes_with(
        &self,
        transaction: &mut Transaction<'_>,
        interview: &Interview,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let deletion = Deletion { tenant: self.tenant, interview: self.interview, file: None };
        deletion.item(installation, kept_until(interview), now)?.replace(transaction)
    }

    fn key(&self) -> Key {
        Key::request_form(self.tenant, self.interview)
    }

    fn unchanged_since(&self) -> (&'static str, Vec<(&'static str, AttributeValue)>) {
        match self.stored.version {
            0 => ("attribute_not_exists(pk)", Vec::new()),
            version => ("version = :version", vec![(":version", AttributeValue::N(version.to_string()))]),
        }
    }

    fn seal<T: Serialize>(&self, installation: &Installation, field: &str, value: &T) -> Result<Sealed, StoreError> {
        installation.seal().seal_json(&place(self.interview, field), value).map_err(|_| unreadable("it cannot be sealed"))
    }

    fn unseal<T: DeserializeOwned>(&self, installation: &Installation, field: &str, sealed: &Sealed) -> Result<T, StoreError> {
        installation.seal().open_json(&place(self.interview, field), sealed).map_err(|_| unreadable("it does not open"))
    }

    fn stored_file(&self, installation: &Installation, file: &Attached) -> Result<StoredFile, StoreError> {
        let name = self.seal(installation, &file.id.to_string(), &file.name)?;
        Ok(StoredFile { id: file.id, name, content: file.kind, bytes: file.bytes, at: file.at })
    }
}

const REASON: &str = "reason";

/// What a text is sealed for.
fn place(interview: InterviewId, field: &str) -> String {
    format!("request-form|{interview}|{field}")
}

/// What is to be deleted: the form with all its files, or one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deletion {
    /// Whose interview it is.
    pub tenant: TenantId,
    /// The interview.
    pub interview: InterviewId,
    /// The file; without one everything.
    pub file: Option<RequestFileId>,
}

impl Deletion {
    /// What the keys of the objects begin with.
    pub fn objects(&self) -> String {
        match self.file {
            Some(file) => Documents::request_file(self.tenant, self.interview, file),
            None => Documents::request_form(self.tenant, self.interview),
        }
    }

    /// Queues the deletion of a file that is about to be put, unless the form names it by then. [`Guard::Unique`] fails where
    /// somebody puts the same one.
    pub fn queue_unless_named(
        &self,
        transaction: &mut Transaction<'_>,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.item(installation, now + UNNAMED, now)?.put(transaction)
    }

    /// Queues the deletion of a file that was removed from its form.
    pub fn queue(&self, transaction: &mut Transaction<'_>, installation: &Installation, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.item(installation, now, now)?.put(transaction)
    }

    /// Takes the deletion of a file back, which the form names from now on. [`Guard::Held`] fails where it is under way.
    pub fn take_back(&self, transaction: &mut Transaction<'_>, installation: &Installation) -> Result<(), StoreError> {
        OutboxItem::take_back(transaction, &self.key(installation))
    }

    /// Where it is queued.
    pub fn key(&self, installation: &Installation) -> Key {
        Key::outbox_of_tenant(self.tenant, self.id(installation))
    }

    fn id(&self, installation: &Installation) -> Uuid {
        installation.outbox_id(&["request-form", &self.objects()])
    }

    fn item(&self, installation: &Installation, due: DateTime<Utc>, now: DateTime<Utc>) -> Result<OutboxItem, StoreError> {
        let body = installation.seal().seal_json(OutboxItem::BODY, self).map_err(|_| unreadable("its deletion cannot be sealed"))?;
        let new = NewItem {
            key: self.key(installation),
            id: self.id(installation),
            effect: Kind::DeleteRequestForm,
            channel: None,
            user: None,
            reply: None,
            sealed_with: SealedWith::Installation,
            body,
        };
        Ok(new.pending_until(due, now))
    }
}

impl Store {
    /// The request form of an interview.
    pub async fn request_form(&self, tenant: TenantId, interview: InterviewId) -> Result<StoredForm, StoreError> {
        let item = self.get(&Key::request_form(tenant, interview)).await?;
        StoredForm::of(tenant, interview, item.as_ref())
    }
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: ENTITY.name, reason }
}
