//! A consultation: the head of a thread. It holds nothing that is sealed, so that the queue can be shown without any key.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{
    consultation::{Head, State},
    id::{ConsultationId, MemberId},
    roster::RosterCheck,
    topic::Topic,
};

use crate::{
    Guard, Key, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::{INDEX, IndexKey},
    transaction::{Item, entity, item},
};

/// Member → consultations: one Query. Those that wait, by urgency and waiting time, and those that a nurse has answered and not
/// closed: one Query of the index each.
pub const ENTITY: Entity = Entity {
    name: "Consultation",
    pk: "MEMBER#{member}",
    sk: "CONSULTATION#{consultation}",
    index: "QUEUE or DESK#{nurse} / {0 urgent, 1 not, 2 answered}#{since}#{consultation}",
    erasure: Erasure::Member,
};

/// The head of a thread as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consultation {
    /// What is known of it.
    #[serde(flatten)]
    pub head: Head,
    /// Whose it is.
    pub member: MemberId,
    /// The LINE user behind the member.
    pub user: Digest,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    index: Option<IndexKey>,
}

impl Consultation {
    /// A consultation of `member`, as `head` says.
    pub fn new(head: Head, member: MemberId, user: Digest) -> Self {
        let index = IndexKey::consultation(&head);
        Self { head, member, user, index }
    }

    /// The same with another head.
    #[must_use]
    pub fn with(&self, head: Head) -> Self {
        Self::new(head, self.member, self.user.clone())
    }

    /// Where it stands in the table.
    pub fn key(&self) -> Key {
        Key::consultation(self.member, self.head.id)
    }

    /// Puts it in the place of the version before; [`Guard::Open`] fails where somebody else wrote in between.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let item = item(ENTITY.name, &self.key(), self)?;
        match self.head.version {
            0 | 1 => transaction.put_new(Guard::Open, item),
            version => {
                let before = AttributeValue::N((version - 1).to_string());
                transaction.put_if(Guard::Open, item, "version = :before", &[(":before", before)])
            }
        }
    }

    /// Writes nothing, but asks that nobody else wrote in between.
    pub fn unchanged(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        let version = AttributeValue::N(self.head.version.to_string());
        transaction.check(Guard::Open, &self.key(), "version = :version", &[(":version", version)])
    }

    /// The consultation in a fetched item.
    pub fn from_item(item: Item) -> Result<Self, StoreError> {
        entity(ENTITY.name, item)
    }
}

impl IndexKey {
    const QUEUE: &str = "QUEUE";

    /// A consultation that waits, or that a nurse has in hand; none where it is closed. One partition is enough: it takes a
    /// thousand writes a second, and people write some each minute.
    fn consultation(head: &Head) -> Option<Self> {
        if head.state == State::Closed {
            return None;
        }
        let sort = |rank: u8, since: DateTime<Utc>| format!("{rank}#{}#{}", domain::time::stamp(since), head.id);
        match (head.waiting_since, &head.assignee) {
            (Some(since), _) => Some(Self { gpk: Self::QUEUE.to_owned(), gsk: sort(u8::from(!head.urgent), since) }),
            (None, Some(nurse)) => Some(Self { gpk: Self::desk(&nurse.id), gsk: sort(2, head.last_message_at) }),
            (None, None) => None,
        }
    }

    fn desk(nurse: &str) -> String {
        format!("DESK#{nurse}")
    }
}

/// Which of the waiting consultations are wanted; nothing said means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// About one of these.
    pub topics: BTreeSet<Topic>,
    /// In this nurse's hands.
    pub assignee: Option<String>,
    /// In nobody's hands.
    pub free: bool,
    /// Of a member whom the roster does not know by number and name.
    pub unmatched: bool,
}

/// Some of the waiting consultations.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// Urgent ones first, then by how long they wait.
    pub consultations: Vec<Consultation>,
    /// Where to go on; `None` at the end.
    pub next: Option<String>,
}

impl Store {
    /// One consultation.
    pub async fn consultation(&self, member: MemberId, consultation: ConsultationId) -> Result<Option<Consultation>, StoreError> {
        self.get(&Key::consultation(member, consultation)).await?.map(Consultation::from_item).transpose()
    }

    /// A member's consultations, the oldest first.
    pub async fn consultations(&self, member: MemberId) -> Result<Vec<Consultation>, StoreError> {
        let items = self.query_prefix(&format!("MEMBER#{member}"), "CONSULTATION#").await?;
        items.into_iter().map(Consultation::from_item).collect()
    }

    /// `limit` of the consultations that wait, from behind `after` on. One call: where a filter leaves few of the megabyte
    /// that DynamoDB reads, fewer come, and [`Waiting::next`] goes on behind what was read.
    pub async fn waiting(&self, filter: &Filter, after: Option<&str>, limit: usize) -> Result<Waiting, StoreError> {
        let (condition, values) = filter.expression()?;
        let mut query = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("gpk = :gpk AND gsk > :after")
            .expression_attribute_values(":gpk", AttributeValue::S(IndexKey::QUEUE.to_owned()))
            .expression_attribute_values(":after", AttributeValue::S(after.unwrap_or("0").to_owned()));
        query = match condition {
            // One more than asked for tells whether there is more.
            None => query.limit(i32::try_from(limit + 1).unwrap_or(i32::MAX)),
            Some(condition) => {
                // A word of DynamoDB's.
                let query = if condition.contains(CHECK) { query.expression_attribute_names(CHECK, "check") } else { query };
                values
                    .into_iter()
                    .fold(query.filter_expression(condition), |query, (name, value)| query.expression_attribute_values(name, value))
            }
        };
        let answer = query.send().await.map_err(StoreError::unavailable("Query"))?;
        let read_to = answer.last_evaluated_key.as_ref().and_then(|key| key.get("gsk")?.as_s().ok()).cloned();
        let mut consultations: Vec<Consultation> =
            answer.items.unwrap_or_default().into_iter().map(Consultation::from_item).collect::<Result<_, _>>()?;
        let is_cut = consultations.len() > limit;
        consultations.truncate(limit);
        let last = consultations.last().and_then(|last| last.index.as_ref()).map(|index| index.gsk.clone());
        Ok(Waiting { next: if is_cut { last } else { read_to }, consultations })
    }

    /// Consultations that `nurse` has answered and not closed, those that were silent for longest first, `limit` at most.
    pub async fn answered(&self, nurse: &str, limit: i32) -> Result<Vec<Consultation>, StoreError> {
        let answer = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("gpk = :gpk")
            .expression_attribute_values(":gpk", AttributeValue::S(IndexKey::desk(nurse)))
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable("Query"))?;
        answer.items.unwrap_or_default().into_iter().map(Consultation::from_item).collect()
    }
}

const CHECK: &str = "#check";

type Values = Vec<(String, AttributeValue)>;

impl Filter {
    /// As DynamoDB's filter expression.
    fn expression(&self) -> Result<(Option<String>, Values), StoreError> {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        if !self.topics.is_empty() {
            let names: Vec<String> = (0..self.topics.len()).map(|index| format!(":topic{index}")).collect();
            conditions.push(format!("topic IN ({})", names.join(", ")));
            for (name, topic) in names.into_iter().zip(&self.topics) {
                values.push((name, attribute(topic)?));
            }
        }
        if let Some(assignee) = &self.assignee {
            conditions.push("assignee.id = :assignee".to_owned());
            values.push((":assignee".to_owned(), AttributeValue::S(assignee.clone())));
        }
        if self.free {
            conditions.push("attribute_not_exists(assignee)".to_owned());
        }
        if self.unmatched {
            let unmatched = [RosterCheck::NameMissing, RosterCheck::NameDiffers, RosterCheck::NumberUnknown];
            conditions.push(format!("{CHECK} IN (:missing, :differs, :unknown)"));
            for (name, check) in [":missing", ":differs", ":unknown"].into_iter().zip(unmatched) {
                values.push((name.to_owned(), attribute(&check)?));
            }
        }
        Ok(((!conditions.is_empty()).then(|| conditions.join(" AND ")), values))
    }
}

fn attribute<T: Serialize>(value: &T) -> Result<AttributeValue, StoreError> {
    serde_dynamo::to_attribute_value(value)
        .map_err(|_| StoreError::Unreadable { entity: ENTITY.name, reason: "a filter does not serialise" })
}
