//! A document of a consultation (row B5): what is known of the object in S3, which alone says nothing. The item comes before there
//! is an object, with the message or with the permission to upload, and stays after it: as what was withdrawn, not kept, or deleted.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use domain::{
    document::{DocumentType, NotKept, expires},
    id::{ConsultationId, DocumentId, MemberId},
    personal::{DocumentName, LineUserId},
    text::Language,
};

use crate::{
    DataKey, Guard, Installation, Key, Store, StoreError, Transaction,
    entity::{
        Entity, Erasure,
        outbox::{Kind, NewItem, OutboxItem, SealedWith},
    },
    seal::Sealed,
    transaction::{Change, entity, item},
};

/// Document → what is known of it: one Get. All of a consultation: one Query.
pub const ENTITY: Entity =
    Entity { name: "Document", pk: "MEMBER#{member}", sk: "DOCUMENT#{consultation}#{document}", index: "", erasure: Erasure::Member };

const NAME: &str = "document";
/// What was to be uploaded and did not come within this time does not count any more.
const ABANDONED: TimeDelta = TimeDelta::hours(1);

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// LINE holds it; it is being fetched.
    Awaited,
    /// Its member may upload it, or has done so and nobody has looked at it yet.
    Uploading,
    /// S3 holds it.
    Stored,
    /// It is not kept, see [`Document::why`].
    NotKept,
    /// The member withdrew it.
    Withdrawn,
    /// Its month is over and it was deleted.
    Expired,
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its id.
    pub id: DocumentId,
    /// Its consultation.
    pub consultation: ConsultationId,
    /// Where it stands.
    pub state: State,
    /// Why it is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<NotKept>,
    /// When the member sent it.
    #[serde(with = "domain::time::stamped")]
    pub sent_at: DateTime<Utc>,
    /// From when on nobody reads it.
    #[serde(with = "domain::time::stamped")]
    pub expires_at: DateTime<Utc>,
    /// What it is, by its content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<DocumentType>,
    /// How long it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Sealed>,
}

impl Document {
    /// A document that LINE still holds.
    pub fn awaited(
        id: DocumentId,
        consultation: ConsultationId,
        name: Option<&DocumentName>,
        sent_at: DateTime<Utc>,
        key: &DataKey,
    ) -> Result<Self, StoreError> {
        Self::new(id, consultation, State::Awaited, name, sent_at, key)
    }

    /// A document that its member may upload from now on.
    pub fn uploading(
        id: DocumentId,
        consultation: ConsultationId,
        name: Option<&DocumentName>,
        now: DateTime<Utc>,
        key: &DataKey,
    ) -> Result<Self, StoreError> {
        Self::new(id, consultation, State::Uploading, name, now, key)
    }

    fn new(
        id: DocumentId,
        consultation: ConsultationId,
        state: State,
        name: Option<&DocumentName>,
        sent_at: DateTime<Utc>,
        key: &DataKey,
    ) -> Result<Self, StoreError> {
        let name = name.map(|name| key.seal(NAME, name)).transpose().map_err(|_| unreadable("its name cannot be sealed"))?;
        let expires_at = expires(sent_at);
        Ok(Self { id, consultation, state, why: None, sent_at, expires_at, content: None, bytes: None, name })
    }

    /// Whether it takes one of a consultation's places at `now`: what was never uploaded gives its place back.
    pub fn takes_place(&self, now: DateTime<Utc>) -> bool {
        match self.state {
            State::Awaited | State::Stored => true,
            State::Uploading => now < self.sent_at + ABANDONED,
            State::NotKept | State::Withdrawn | State::Expired => false,
        }
    }

    /// The file's name; a picture has none.
    pub fn name(&self, key: &DataKey) -> Result<Option<DocumentName>, StoreError> {
        self.name.as_ref().map(|name| key.open(NAME, name)).transpose().map_err(|_| unreadable("its name does not open"))
    }

    /// Adds it to its consultation.
    pub fn put(&self, transaction: &mut Transaction<'_>, member: MemberId) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(ENTITY.name, &Key::document(member, self.consultation, self.id), self)?)
    }
}

/// How a document's state changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// S3 holds it: this, so long.
    Stored(DocumentType, u64),
    /// It is not kept.
    NotKept(NotKept),
    /// The member withdrew it. Its name goes at once.
    Withdrawn,
    /// Its month is over.
    Expired,
}

impl Becomes {
    /// Changes the document at `key`. [`Guard::Awaited`] fails where its content is not awaited any more, from LINE or from the
    /// upload page, [`Guard::Exists`] where there is no such document (a purge), or none that can expire.
    pub fn write(self, transaction: &mut Transaction<'_>, key: &Key) -> Result<(), StoreError> {
        let attribute = |value| serde_dynamo::to_attribute_value(value).map_err(|_| unreadable("its state does not serialise"));
        let (guard, state, more) = match self {
            Self::Stored(..) => (Guard::Awaited, State::Stored, ", content = :content, bytes = :bytes"),
            Self::NotKept(_) => (Guard::Awaited, State::NotKept, ", why = :why REMOVE #name"),
            Self::Withdrawn => (Guard::Exists, State::Withdrawn, " REMOVE #name"),
            Self::Expired => (Guard::Exists, State::Expired, " REMOVE #name"),
        };
        // What a document has to be to become this.
        let from = match self {
            Self::Stored(..) | Self::NotKept(_) => Some([State::Awaited, State::Uploading]),
            Self::Expired => Some([State::Stored, State::Uploading]),
            Self::Withdrawn => None,
        };
        let condition = if from.is_some() { "#state IN (:from, :or_from)" } else { "attribute_exists(pk)" };
        let mut change = Change {
            update: format!("SET #state = :state{more}"),
            condition: condition.to_owned(),
            names: vec![("#state", "state")],
            values: vec![(":state", attribute(state)?)],
        };
        if let Some([from, or_from]) = from {
            change.values.extend([(":from", attribute(from)?), (":or_from", attribute(or_from)?)]);
        }
        match self {
            Self::Stored(content, bytes) => change.values.extend([
                (":content", serde_dynamo::to_attribute_value(content).map_err(|_| unreadable("its type does not serialise"))?),
                (":bytes", AttributeValue::N(bytes.to_string())),
            ]),
            Self::NotKept(why) => {
                change.names.push(("#name", "name"));
                change
                    .values
                    .push((":why", serde_dynamo::to_attribute_value(why).map_err(|_| unreadable("its reason does not serialise"))?));
            }
            Self::Withdrawn | Self::Expired => change.names.push(("#name", "name")),
        }
        transaction.update(guard, key, change)
    }
}

/// What the outbox needs to fetch a document from LINE; sealed with the member's key.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Fetch {
    /// The document's consultation.
    pub consultation: ConsultationId,
    /// The document.
    pub document: DocumentId,
    /// LINE's id of the message that holds it.
    pub message: String,
    /// Who is told where it cannot be kept.
    pub to: LineUserId,
    /// In which language.
    pub language: Language,
}

/// Which document: all that is needed to delete it. Works without any key of the member's.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Deletion {
    /// Whose it is.
    pub member: MemberId,
    /// Its consultation.
    pub consultation: ConsultationId,
    /// The document.
    pub document: DocumentId,
}

impl Deletion {
    /// Where the document's item is.
    pub fn key(&self) -> Key {
        Key::document(self.member, self.consultation, self.document)
    }

    /// Queues the deletion at `due` as the outbox item `id`.
    pub fn queue(
        &self,
        transaction: &mut Transaction<'_>,
        id: Uuid,
        installation: &Installation,
        due: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let body = installation.seal().seal_json(OutboxItem::BODY, self).map_err(|_| unreadable("its deletion cannot be sealed"))?;
        let new = NewItem {
            key: Key::outbox_of_member(self.member, id),
            id,
            effect: Kind::DeleteDocument,
            channel: None,
            user: None,
            reply: None,
            sealed_with: SealedWith::Installation,
            body,
        };
        new.pending_until(due, now).put(transaction)
    }
}

impl Store {
    /// One document.
    pub async fn document(&self, key: &Key) -> Result<Option<Document>, StoreError> {
        self.get(key).await?.map(|item| entity(ENTITY.name, item)).transpose()
    }

    /// All documents of a consultation, whatever became of them.
    pub async fn documents(&self, member: MemberId, consultation: ConsultationId) -> Result<Vec<Document>, StoreError> {
        let documents = Key::documents(member, consultation);
        let items = self.query_prefix(&documents.pk, &documents.sk).await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: ENTITY.name, reason }
}
