//! The outbox: everything that leaves the system waits here, written with the effects that it tells of. An item is sent by
//! whoever takes it; who takes it holds it for a lease, after which the sweep finds it again.
//!
//! A direct LINE reply is an outbox item too, taken from the start by the function that handles the event: where that function
//! dies between the commit and LINE's answer, the sweep finds the reply overdue.

use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, update_item::UpdateItemError},
    types::{AttributeValue, ReturnValue},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

use domain::{
    id::{KeyGeneration, MemberId},
    mail::Mail,
    tenant::ChannelName,
    time::stamp,
};

use crate::{
    DataKey, DataKeys, Guard, Installation, Key, Parameters, Store, StoreError, Transaction,
    entity::{Entity, Erasure},
    installation::Digest,
    keys::{INDEX, INDEX_SHARDS, IndexKey},
    seal::Sealed,
    transaction::{Item, entity, item, ttl},
};

/// Inserts: the table's stream. Due and overdue ones: the index, [`INDEX_SHARDS`] Queries. Failed ones: one Query of the index.
pub const ENTITY: Entity = Entity {
    name: "Outbox",
    pk: "MEMBER#{member}, LINE#{user}, TENANT#{tenant} or OPERATOR",
    sk: "OUTBOX#{id}",
    index: "OUTBOX#DUE#{shard} or OUTBOX#FAILED / {due}#{id}",
    erasure: Erasure::Member,
};

/// Who takes an item has this long to send it.
pub const LEASE: TimeDelta = TimeDelta::seconds(30);
/// LINE accepts a retry key for 24 hours: an item that was tried so often, with these pauses, has been tried for that long.
pub const LAST_ATTEMPT: u32 = 16;
/// What was sent stays visible, without its body, for this long.
const SENT_LIFE: TimeDelta = TimeDelta::days(7);
/// What could not be sent to somebody who never registered is forgotten after this.
const FAILED_LIFE: TimeDelta = TimeDelta::days(30);

/// The pause after the `attempt`th attempt: 1, 2, 4 … minutes, 2 hours at most.
pub fn pause(attempt: u32) -> TimeDelta {
    TimeDelta::minutes(1_i64 << attempt.saturating_sub(1).min(7)).min(TimeDelta::hours(2))
}

/// What kind of effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// Messages to a LINE user.
    Line,
    /// A mail.
    Mail,
    /// A picture or file that LINE holds, to be stored as a document (row B1).
    FetchContent,
    /// A document that is withdrawn or has expired, to be deleted in all versions (row B5).
    DeleteDocument,
    /// A request form of an interview, or a file of one, to be deleted in all versions (row C7).
    DeleteRequestForm,
    /// The rich menu that fits a LINE user as they are when it is sent.
    ShowMenu,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// To be sent when due.
    Pending,
    /// Somebody is sending it; free again when due.
    Taken,
    /// The target accepted it.
    Sent,
    /// Given up; kept until an operator retries it.
    Failed,
    /// Not sent because the recipient blocks the account or is gone.
    Dropped,
}

/// Which key opens the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SealedWith {
    /// The data key of this member.
    Member(MemberId, KeyGeneration),
    /// The installation's own key: staff, and people who are not registered.
    Installation,
}

/// A queued effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    pk: String,
    sk: String,
    /// Its id, and LINE's retry key.
    pub id: Uuid,
    /// What kind.
    pub effect: Kind,
    /// Where it stands.
    pub state: State,
    /// Which attempt this is; 0 before the first.
    pub attempt: u32,
    /// When it is to be sent, or when its sender is overdue.
    #[serde(with = "domain::time::stamped")]
    pub due: DateTime<Utc>,
    /// When it was queued.
    #[serde(with = "domain::time::stamped")]
    pub created_at: DateTime<Utc>,
    /// The LINE channel to send through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<ChannelName>,
    /// The LINE user whom it is for: nothing is sent to those who block the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<Digest>,
    /// A reply token that may still be good: replies are free. Not personal, and of no use to anybody without the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_token: Option<String>,
    /// Until when the token is good for sure: where LINE says before that it is not, somebody used it.
    #[serde(with = "domain::time::stamped_option", default, skip_serializing_if = "Option::is_none")]
    pub reply_until: Option<DateTime<Utc>>,
    /// Which key opens the body.
    pub sealed_with: SealedWith,
    /// What is to be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Sealed>,
    /// Why the last attempt failed: a class, never content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    index: Option<IndexKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
}

/// What opening a body gave.
#[derive(Debug)]
pub enum Opened<T> {
    /// The body.
    Body(T),
    /// The member's key was destroyed: the person was erased.
    KeyGone,
    /// The key is there and does not open it: a wrong secret, or a changed item.
    DoesNotOpen,
}

/// What a new item is made of.
#[derive(Debug)]
pub struct NewItem {
    /// In the partition of whom it concerns.
    pub key: Key,
    /// See [`OutboxItem::id`].
    pub id: Uuid,
    /// What kind.
    pub effect: Kind,
    /// See [`OutboxItem::channel`].
    pub channel: Option<ChannelName>,
    /// See [`OutboxItem::user`].
    pub user: Option<Digest>,
    /// See [`OutboxItem::reply_token`] and [`OutboxItem::reply_until`].
    pub reply: Option<(String, DateTime<Utc>)>,
    /// See [`OutboxItem::sealed_with`].
    pub sealed_with: SealedWith,
    /// See [`OutboxItem::body`].
    pub body: Sealed,
}

/// A new id of an item: LINE's retry key too, and so a UUID.
#[allow(clippy::disallowed_methods, reason = "one of the edges where ids are made")]
pub fn fresh_id() -> Uuid {
    Uuid::new_v4()
}

impl NewItem {
    /// A mail to staff or contacts, as the item at `key`, whose id is `id`.
    pub fn mail(key: Key, id: Uuid, mail: &Mail, installation: &Installation) -> Result<Self, StoreError> {
        let body = installation.seal().seal_json(OutboxItem::BODY, mail);
        let body = body.map_err(|_| StoreError::Unreadable { entity: ENTITY.name, reason: "its body cannot be sealed" })?;
        let sealed_with = SealedWith::Installation;
        Ok(Self { key, id, effect: Kind::Mail, channel: None, user: None, reply: None, sealed_with, body })
    }

    /// A mail that tells of a member: sealed with the member's key and in the member's partition, so that an erasure reaches it.
    pub fn mail_about_member(key: &DataKey, id: Uuid, mail: &Mail) -> Result<Self, StoreError> {
        let body = key.seal(OutboxItem::BODY, mail);
        let body = body.map_err(|_| StoreError::Unreadable { entity: ENTITY.name, reason: "its body cannot be sealed" })?;
        let (sealed_with, key) = (SealedWith::Member(key.member, key.generation), Key::outbox_of_member(key.member, id));
        Ok(Self { key, id, effect: Kind::Mail, channel: None, user: None, reply: None, sealed_with, body })
    }

    /// An item that is to be sent at once by whoever takes it.
    pub fn pending(self, now: DateTime<Utc>) -> OutboxItem {
        self.into_item(now, State::Pending, 0, now)
    }

    /// An item that is to be sent at `due`.
    pub fn pending_until(self, due: DateTime<Utc>, now: DateTime<Utc>) -> OutboxItem {
        self.into_item(now, State::Pending, 0, due)
    }

    /// An item that the caller sends itself.
    pub fn taken(self, now: DateTime<Utc>) -> OutboxItem {
        self.into_item(now, State::Taken, 1, now + LEASE)
    }

    fn into_item(self, now: DateTime<Utc>, state: State, attempt: u32, due: DateTime<Utc>) -> OutboxItem {
        OutboxItem {
            pk: self.key.pk,
            sk: self.key.sk,
            id: self.id,
            effect: self.effect,
            state,
            attempt,
            due,
            created_at: now,
            channel: self.channel,
            user: self.user,
            reply_until: self.reply.as_ref().map(|(_, until)| *until),
            reply_token: self.reply.map(|(token, _)| token),
            sealed_with: self.sealed_with,
            body: Some(self.body),
            why: None,
            index: Some(IndexKey::outbox_due(self.id, due)),
            ttl: None,
        }
    }
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The target accepted it.
    Sent,
    /// Nobody is to get it.
    Dropped(&'static str),
    /// To be tried again at this time; without its reply token, where that is spent.
    Retry {
        /// When.
        at: DateTime<Utc>,
        /// Why, as a class.
        why: &'static str,
        /// Whether the reply token is good no more.
        token_spent: bool,
    },
    /// Given up.
    Failed(&'static str),
}

impl OutboxItem {
    /// The field that [`Self::body`] is sealed for.
    pub const BODY: &'static str = "outbox";
    /// The [`Self::why`] of an attempt that may have arrived.
    pub const UNKNOWN: &'static str = "unknown outcome";

    /// Whether a reply token that LINE does not take at `now` is spent because an earlier try with it arrived.
    pub fn reply_arrived_before(&self, now: DateTime<Utc>) -> bool {
        self.attempt > 1 && self.reply_until.is_some_and(|until| now < until)
    }

    /// Where it stands in the table.
    pub fn key(&self) -> Key {
        Key { pk: self.pk.clone(), sk: self.sk.clone() }
    }

    /// Queues it.
    pub fn put(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(ENTITY.name, &self.key(), self)?)
    }

    /// Queues it in the place of what has its key, whatever that is.
    pub fn replace(&self, transaction: &mut Transaction<'_>) -> Result<(), StoreError> {
        transaction.put(item(ENTITY.name, &self.key(), self)?)
    }

    /// Takes the item at `key` back. [`Guard::Held`] fails where it is not there, or somebody has taken it.
    pub fn take_back(transaction: &mut Transaction<'_>, key: &Key) -> Result<(), StoreError> {
        let unsent = [(":pending", text("Pending"))];
        transaction.delete_if_named(Guard::Held, key, "#state = :pending", &[("#state", "state")], &unsent)
    }

    /// Reads an item, for example from the stream.
    pub fn from_item(item: Item) -> Result<Self, StoreError> {
        entity(ENTITY.name, item)
    }
}

impl Store {
    /// Queues a mail to staff or contacts by itself, once for its id: where it stands there already, nothing happens.
    pub async fn queue_mail(
        &self,
        key: Key,
        id: Uuid,
        mail: &Mail,
        installation: &Installation,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.transaction();
        NewItem::mail(key, id, mail, installation)?.pending(now).put(&mut transaction)?;
        match transaction.commit().await? {
            Err(cancelled) if !cancelled.by(Guard::Unique) => Err(StoreError::Contention),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Opens the body of an item with the key that it names.
    pub async fn open_outbox<T: DeserializeOwned>(
        &self,
        item: &OutboxItem,
        parameters: &Parameters,
        data_keys: &DataKeys,
    ) -> Result<Opened<T>, StoreError> {
        let Some(body) = &item.body else { return Ok(Opened::DoesNotOpen) };
        let opened = match item.sealed_with {
            SealedWith::Installation => parameters.installation().await?.seal().open_json(OutboxItem::BODY, body),
            SealedWith::Member(member, generation) => {
                let Some(key) = self.data_key(data_keys, member, generation).await? else { return Ok(Opened::KeyGone) };
                key.open(OutboxItem::BODY, body)
            }
        };
        Ok(opened.map_or(Opened::DoesNotOpen, Opened::Body))
    }

    /// Takes an item that is due at `now`, for [`LEASE`]. `None` where it is not due, is sent, or somebody else was faster.
    pub async fn take(&self, key: &Key, now: DateTime<Utc>) -> Result<Option<OutboxItem>, StoreError> {
        self.take_with(key, now, "").await
    }

    /// The same, also from somebody who still holds the item, where it waits for `reply_token`: a token works once, so two who
    /// send with the same one send once.
    pub async fn take_with(&self, key: &Key, now: DateTime<Utc>, reply_token: &str) -> Result<Option<OutboxItem>, StoreError> {
        let Some(id) = key.sk.strip_prefix("OUTBOX#").and_then(|id| id.parse().ok()) else { return Ok(None) };
        let due = now + LEASE;
        let taken = self
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET #state = :taken, due = :due, gsk = :gsk ADD attempt :one")
            .condition_expression("#state IN (:pending, :taken) AND (due <= :now OR reply_token = :token)")
            .expression_attribute_values(":token", text(reply_token))
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":pending", text("Pending"))
            .expression_attribute_values(":taken", text("Taken"))
            .expression_attribute_values(":now", text(stamp(now)))
            .expression_attribute_values(":due", text(stamp(due)))
            .expression_attribute_values(":gsk", text(IndexKey::outbox_due(id, due).gsk))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::AllNew)
            .send()
            .await;
        match taken {
            Ok(answer) => answer.attributes.map(|item| entity(ENTITY.name, item)).transpose(),
            Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => Ok(None),
            Err(error) => Err(StoreError::unavailable("UpdateItem")(error)),
        }
    }

    /// Writes down how the attempt ended, unless the item was taken by somebody else in the meantime.
    pub async fn settle(&self, taken: &OutboxItem, outcome: &Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
        let put = self
            .dynamodb
            .put_item()
            .table_name(&self.table)
            .set_item(Some(crate::transaction::item(ENTITY.name, &taken.key(), &taken.after(outcome, now))?))
            .condition_expression(HELD)
            .expression_attribute_names("#state", "state")
            .set_expression_attribute_values(Some(taken.held().map(|(name, value)| (name.to_owned(), value)).into()));
        match put.send().await {
            Ok(_) => Ok(()),
            // The lease ran out and somebody else holds the item now.
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => Ok(()),
            Err(error) => Err(StoreError::unavailable("PutItem")(error)),
        }
    }

    /// Drops an item that was not sent yet: its body is removed at once. Where it was sent, or is gone, nothing happens.
    pub(crate) async fn drop_unsent(&self, key: &Key, now: DateTime<Utc>) -> Result<(), StoreError> {
        let dropped = self
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET #state = :dropped, why = :why, #ttl = :ttl REMOVE body, reply_token, reply_until, gpk, gsk")
            .condition_expression("#state IN (:pending, :taken, :failed)")
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#ttl", "ttl")
            .expression_attribute_values(":dropped", text("Dropped"))
            .expression_attribute_values(":why", text("withdrawn"))
            .expression_attribute_values(":pending", text("Pending"))
            .expression_attribute_values(":taken", text("Taken"))
            .expression_attribute_values(":failed", text("Failed"))
            .expression_attribute_values(":ttl", ttl(now + SENT_LIFE))
            .send()
            .await;
        match dropped {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => Ok(()),
            Err(error) => Err(StoreError::unavailable("UpdateItem")(error)),
        }
    }

    /// Keys of items that are due at `now` and nobody holds, `limit` of each index partition at most.
    pub async fn due(&self, now: DateTime<Utc>, limit: i32) -> Result<Vec<Key>, StoreError> {
        let mut keys = Vec::new();
        for shard in 0..INDEX_SHARDS {
            keys.extend(self.index_until(IndexKey::outbox_shard(shard), &stamp(now), limit).await?);
        }
        Ok(keys)
    }

    /// Items that failed for good, the longest failed first.
    pub async fn failed(&self) -> Result<Vec<OutboxItem>, StoreError> {
        let mut failed = Vec::new();
        let mut pages = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("gpk = :gpk")
            .expression_attribute_values(":gpk", text(IndexKey::FAILED))
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            failed.push(OutboxItem::from_item(item.map_err(StoreError::unavailable("Query"))?)?);
        }
        Ok(failed)
    }

    /// Makes an item that failed for good due at `now`, with all its attempts before it. `false` where none failed at `key`.
    pub async fn retry(&self, key: &Key, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let Some(id) = key.sk.strip_prefix("OUTBOX#").and_then(|id| id.parse().ok()) else { return Ok(false) };
        let index = IndexKey::outbox_due(id, now);
        let retried = self
            .dynamodb
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .update_expression("SET #state = :pending, due = :due, attempt = :none, gpk = :gpk, gsk = :gsk")
            .condition_expression("#state = :failed")
            .expression_attribute_names("#state", "state")
            .expression_attribute_values(":failed", text("Failed"))
            .expression_attribute_values(":pending", text("Pending"))
            .expression_attribute_values(":due", text(stamp(now)))
            .expression_attribute_values(":none", AttributeValue::N("0".to_owned()))
            .expression_attribute_values(":gpk", text(index.gpk))
            .expression_attribute_values(":gsk", text(index.gsk))
            .send()
            .await;
        match retried {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(UpdateItemError::is_conditional_check_failed_exception) => Ok(false),
            Err(error) => Err(StoreError::unavailable("UpdateItem")(error)),
        }
    }
}

/// The condition under which an attempt is settled.
const HELD: &str = "#state = :taken AND attempt = :attempt";

impl OutboxItem {
    /// Writes down how the attempt ended, together with what else follows from it. [`Guard::Held`] fails where the item was
    /// taken by somebody else in the meantime.
    pub fn settle_in(&self, transaction: &mut Transaction<'_>, outcome: &Outcome, now: DateTime<Utc>) -> Result<(), StoreError> {
        let settled = item(ENTITY.name, &self.key(), &self.after(outcome, now))?;
        transaction.put_if_named(Guard::Held, settled, HELD, &[("#state", "state")], &self.held())
    }

    fn held(&self) -> [(&'static str, AttributeValue); 2] {
        [(":taken", text("Taken")), (":attempt", AttributeValue::N(self.attempt.to_string()))]
    }

    /// The item after an attempt.
    fn after(&self, outcome: &Outcome, now: DateTime<Utc>) -> Self {
        let mut item = self.clone();
        match outcome {
            Outcome::Sent => item.close(State::Sent, None, now),
            Outcome::Dropped(why) => item.close(State::Dropped, Some(why), now),
            Outcome::Failed(why) => {
                item.state = State::Failed;
                item.why = Some((*why).to_owned());
                item.index = Some(IndexKey::outbox_failed(item.id, now));
                // Of somebody who never registered no purge will ask.
                item.ttl = (item.sealed_with == SealedWith::Installation && item.user.is_some()).then(|| (now + FAILED_LIFE).timestamp());
            }
            Outcome::Retry { at, why, token_spent } => {
                item.state = State::Pending;
                item.due = *at;
                item.why = Some((*why).to_owned());
                item.index = Some(IndexKey::outbox_due(item.id, *at));
                if *token_spent {
                    item.reply_token = None;
                    item.reply_until = None;
                }
            }
        }
        item
    }

    fn close(&mut self, state: State, why: Option<&str>, now: DateTime<Utc>) {
        self.state = state;
        self.why = why.map(str::to_owned);
        self.body = None;
        self.reply_token = None;
        self.reply_until = None;
        self.index = None;
        self.ttl = Some((now + SENT_LIFE).timestamp());
    }
}

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_tried_for_less_than_the_24_hours_of_line_s_retry_key() {
        let tried: TimeDelta = (1..LAST_ATTEMPT).map(pause).sum();
        assert!(tried < TimeDelta::hours(24), "{tried}");
        assert!(tried > TimeDelta::hours(12), "{tried}");
    }
}
