//! A message of a consultation. Its body is sealed with the member's data key.

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    consultation::Assignee,
    conversation::Content,
    id::{ConsultationId, MemberId},
    personal::MessageText,
    time::stamp,
};

use crate::{
    DataKey, Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    seal::Sealed,
    transaction::{Change, entity, item},
};

/// Consultation → its messages in the order of their times: one Query.
pub const ENTITY: Entity =
    Entity { name: "Message", pk: "MEMBER#{member}", sk: "MESSAGE#{consultation}#{at}#{message}", index: "", erasure: Erasure::Member };

const FIELD: &str = "message";

/// Who wrote a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Author {
    /// The member, on LINE.
    Member,
    /// A nurse, whose words went to the member.
    Nurse(Assignee),
    /// A nurse, for colleagues: the member never sees it.
    Note(Assignee),
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Who wrote it.
    pub author: Author,
    /// When it was written (LINE's timestamp).
    #[serde(with = "domain::time::stamped")]
    pub at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Sealed>,
    /// When it was withdrawn (`unsend`); its body is gone then.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime<Utc>>,
}

impl Message {
    /// A member's message, sealed.
    pub fn of_member(at: DateTime<Utc>, content: &Content, key: &DataKey) -> Result<Self, StoreError> {
        let body = key.seal(FIELD, content).map_err(|_| unreadable("it cannot be sealed"))?;
        Ok(Self { author: Author::Member, at, body: Some(body), withdrawn_at: None })
    }

    /// A nurse's words, sealed.
    pub fn of_nurse(author: Author, at: DateTime<Utc>, text: &MessageText, key: &DataKey) -> Result<Self, StoreError> {
        let body = key.seal(FIELD, &Content::Text(text.clone())).map_err(|_| unreadable("it cannot be sealed"))?;
        Ok(Self { author, at, body: Some(body), withdrawn_at: None })
    }

    /// What was sent; `None` where it was withdrawn.
    pub fn content(&self, key: &DataKey) -> Result<Option<Content>, StoreError> {
        self.body.as_ref().map(|body| key.open(FIELD, body)).transpose().map_err(|_| unreadable("it does not open"))
    }

    /// Adds the message to a consultation; `id` is LINE's.
    pub fn put(
        &self,
        transaction: &mut Transaction<'_>,
        member: MemberId,
        consultation: ConsultationId,
        id: &str,
    ) -> Result<Key, StoreError> {
        let key = Key::message(member, consultation, self.at, id);
        transaction.put_new(Guard::Unique, item(ENTITY.name, &key, self)?)?;
        Ok(key)
    }
}

/// Removes the content of the message at sort key `message`, where it is still there.
pub(crate) fn withdraw(transaction: &mut Transaction<'_>, member: MemberId, message: String, now: DateTime<Utc>) -> Result<(), StoreError> {
    transaction.update(
        Guard::Exists,
        &Key { pk: format!("MEMBER#{member}"), sk: message },
        Change {
            update: "SET withdrawn_at = :now REMOVE body".to_owned(),
            condition: "attribute_exists(pk)".to_owned(),
            names: Vec::new(),
            values: vec![(":now", AttributeValue::S(stamp(now)))],
        },
    )
}

impl Store {
    /// The messages of a consultation, oldest first.
    pub async fn messages(&self, member: MemberId, consultation: ConsultationId) -> Result<Vec<Message>, StoreError> {
        let thread = Key::thread(member, consultation);
        let items = self.query_prefix(&thread.pk, &thread.sk).await?;
        items.into_iter().map(|item| entity(ENTITY.name, item)).collect()
    }
}

impl Store {
    /// Whether the message with this id is in the consultation.
    pub async fn has_message(&self, member: MemberId, consultation: ConsultationId, id: &str) -> Result<bool, StoreError> {
        let thread = Key::thread(member, consultation);
        let items = self.query_prefix(&thread.pk, &thread.sk).await?;
        Ok(items.iter().filter_map(Key::of).any(|key| key.sk.ends_with(&format!("#{id}"))))
    }
}

fn unreadable(reason: &'static str) -> StoreError {
    StoreError::Unreadable { entity: ENTITY.name, reason }
}
