//! How anything is written: one transaction with named guards, whose failure is an answer.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::{
    error::SdkError,
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        AttributeValue, CancellationReason, ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
    },
};
use serde::Serialize;

use crate::{Store, StoreError, keys::Key};

/// An item as the SDK holds it.
pub type Item = HashMap<String, AttributeValue>;

/// What a condition in a transaction protects. A transaction that is cancelled says which of them failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Nothing is asked of the item.
    None,
    /// The event was not handled before.
    NotHandled,
    /// Nobody else changed the item since it was read.
    Version,
    /// The member's data key is still there (it is not after a purge).
    DataKey,
    /// The consultation is still open.
    Open,
    /// The LINE message was not withdrawn before it came.
    NotWithdrawn,
    /// The key is not taken.
    Unique,
    /// The item is there.
    Exists,
    /// The roster files of the tenant are still in the hands of this import.
    Lease,
    /// The import stands where it stood.
    Progress,
    /// The document is still awaited, from LINE or from the upload page.
    Awaited,
    /// The run of the purge is open and as it was read.
    Run,
    /// The outbox item is still in the hands of who took it.
    Held,
    /// Nobody else has the time.
    Slot,
    /// Nothing else has happened to the tenant's interviews.
    Allowance,
    /// Nobody else has appended to the ledger.
    Ledger,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Cancelled {
    /// These guards failed; an item that stood in the way comes with its guard.
    Guards(Vec<(Guard, Option<Item>)>),
    /// Somebody else writes the same items at the same time; nothing is known about the guards.
    Conflict,
}

impl Cancelled {
    /// Whether `guard` failed.
    pub fn by(&self, guard: Guard) -> bool {
        match self {
            Self::Guards(failed) => failed.iter().any(|(which, _)| *which == guard),
            Self::Conflict => false,
        }
    }
}

/// An update expression with its parts.
#[derive(Debug, Default)]
pub struct Change {
    /// `SET … REMOVE … ADD …`
    pub update: String,
    /// The condition, or empty.
    pub condition: String,
    /// `#name` → attribute.
    pub names: Vec<(&'static str, &'static str)>,
    /// `:name` → value.
    pub values: Vec<(&'static str, AttributeValue)>,
}

/// Writes that happen together or not at all.
#[derive(Debug)]
pub struct Transaction<'a> {
    store: &'a Store,
    writes: Vec<(Guard, TransactWriteItem)>,
}

/// Conflicts are tried again this often, with a growing random pause: 5, 10, 20 … ms at most.
const CONFLICT_TRIES: u32 = 6;

impl<'a> Transaction<'a> {
    pub(crate) fn new(store: &'a Store) -> Self {
        Self { store, writes: Vec::new() }
    }

    /// Puts an item whatever stood there.
    pub fn put(&mut self, item: Item) -> Result<(), StoreError> {
        self.put_if(Guard::None, item, "", &[])
    }

    /// Puts an item whose key must be free.
    pub fn put_new(&mut self, guard: Guard, item: Item) -> Result<(), StoreError> {
        self.put_if(guard, item, "attribute_not_exists(pk)", &[])
    }

    /// Puts an item under a condition on what stands there.
    pub fn put_if(&mut self, guard: Guard, item: Item, condition: &str, values: &[(&str, AttributeValue)]) -> Result<(), StoreError> {
        self.put_if_named(guard, item, condition, &[], values)
    }

    /// The same with `#name` → attribute, for attributes whose names are words of DynamoDB.
    pub(crate) fn put_if_named(
        &mut self,
        guard: Guard,
        item: Item,
        condition: &str,
        attributes: &[(&'static str, &'static str)],
        values: &[(&str, AttributeValue)],
    ) -> Result<(), StoreError> {
        let put = Put::builder()
            .table_name(&self.store.table)
            .set_item(Some(item))
            .set_condition_expression((!condition.is_empty()).then(|| condition.to_owned()))
            .set_expression_attribute_names(names(attributes))
            .set_expression_attribute_values(named(values))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld)
            .build()
            .map_err(StoreError::unavailable("building a Put"))?;
        self.writes.push((guard, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    /// Changes attributes of the item at `key`.
    pub fn update(&mut self, guard: Guard, key: &Key, change: Change) -> Result<(), StoreError> {
        let table = self.store.table.clone();
        self.update_in(guard, table, key.attributes(), change)
    }

    fn update_in(&mut self, guard: Guard, table: String, key: Item, change: Change) -> Result<(), StoreError> {
        let update = Update::builder()
            .table_name(table)
            .set_key(Some(key))
            .update_expression(change.update)
            .set_condition_expression((!change.condition.is_empty()).then_some(change.condition))
            .set_expression_attribute_names(names(&change.names))
            .set_expression_attribute_values(named(&change.values))
            .build()
            .map_err(StoreError::unavailable("building an Update"))?;
        self.writes.push((guard, TransactWriteItem::builder().update(update).build()));
        Ok(())
    }

    /// Removes the item at `key`, if it is there.
    pub fn delete(&mut self, key: &Key) -> Result<(), StoreError> {
        self.delete_if(Guard::None, key, "", &[])
    }

    /// Removes the item at `key` under a condition on what stands there.
    pub fn delete_if(&mut self, guard: Guard, key: &Key, condition: &str, values: &[(&str, AttributeValue)]) -> Result<(), StoreError> {
        self.delete_if_named(guard, key, condition, &[], values)
    }

    /// The same with `#name` → attribute, for attributes whose names are words of DynamoDB.
    pub(crate) fn delete_if_named(
        &mut self,
        guard: Guard,
        key: &Key,
        condition: &str,
        attributes: &[(&'static str, &'static str)],
        values: &[(&str, AttributeValue)],
    ) -> Result<(), StoreError> {
        let delete = Delete::builder()
            .table_name(&self.store.table)
            .set_key(Some(key.attributes()))
            .set_condition_expression((!condition.is_empty()).then(|| condition.to_owned()))
            .set_expression_attribute_names(names(attributes))
            .set_expression_attribute_values(named(values))
            .build()
            .map_err(StoreError::unavailable("building a Delete"))?;
        self.writes.push((guard, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Writes nothing to the item at `key`, but asks for `condition`.
    pub fn check(&mut self, guard: Guard, key: &Key, condition: &str, values: &[(&str, AttributeValue)]) -> Result<(), StoreError> {
        let table = self.store.table.clone();
        self.check_in(guard, table, key.attributes(), condition, values)
    }

    fn check_in(
        &mut self,
        guard: Guard,
        table: String,
        key: Item,
        condition: &str,
        values: &[(&str, AttributeValue)],
    ) -> Result<(), StoreError> {
        let check = ConditionCheck::builder()
            .table_name(table)
            .set_key(Some(key))
            .condition_expression(condition)
            .set_expression_attribute_values(named(values))
            .build()
            .map_err(StoreError::unavailable("building a ConditionCheck"))?;
        self.writes.push((guard, TransactWriteItem::builder().condition_check(check).build()));
        Ok(())
    }

    /// Puts a member's wrapped data key, which must be a new one.
    pub(crate) fn put_data_key(&mut self, item: Item) -> Result<(), StoreError> {
        let put = Put::builder()
            .table_name(&self.store.key_table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(pk)")
            .build()
            .map_err(StoreError::unavailable("building a Put"))?;
        self.writes.push((Guard::Unique, TransactWriteItem::builder().put(put).build()));
        Ok(())
    }

    pub(crate) fn update_data_key(&mut self, pk: String, change: Change) -> Result<(), StoreError> {
        let table = self.store.key_table.clone();
        self.update_in(Guard::DataKey, table, data_key_attributes(pk), change)
    }

    pub(crate) fn check_data_key(&mut self, pk: String, condition: &str, values: &[(&str, AttributeValue)]) -> Result<(), StoreError> {
        let table = self.store.key_table.clone();
        self.check_in(Guard::DataKey, table, data_key_attributes(pk), condition, values)
    }

    pub(crate) fn delete_data_key(&mut self, pk: String) -> Result<(), StoreError> {
        let delete = Delete::builder()
            .table_name(&self.store.key_table)
            .set_key(Some(data_key_attributes(pk)))
            .build()
            .map_err(StoreError::unavailable("building a Delete"))?;
        self.writes.push((Guard::None, TransactWriteItem::builder().delete(delete).build()));
        Ok(())
    }

    /// Writes all of it, or says what stood in the way.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] where the outcome is not known: the caller's event is delivered again and finds its mark.
    pub async fn commit(self) -> Result<Result<(), Cancelled>, StoreError> {
        let (guards, writes): (Vec<Guard>, Vec<TransactWriteItem>) = self.writes.into_iter().unzip();
        for attempt in 0..CONFLICT_TRIES {
            let sent = self.store.dynamodb.transact_write_items().set_transact_items(Some(writes.clone())).send().await;
            let cancelled = match sent {
                Ok(_) => return Ok(Ok(())),
                Err(error) => cancelled(error, &guards)?,
            };
            if !matches!(cancelled, Cancelled::Conflict) {
                return Ok(Err(cancelled));
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Ok(Err(Cancelled::Conflict))
    }
}

/// Waits before an act is decided anew behind somebody else's: the longer, the more often it was too late, and never as long as the
/// others do.
pub async fn wait_behind(attempt: u32) {
    tokio::time::sleep(pause(attempt)).await;
}

/// A random pause before try `attempt` + 1 (full jitter).
fn pause(attempt: u32) -> Duration {
    use ring::rand::{SecureRandom, SystemRandom};
    let mut byte = [0; 1];
    // Without a random byte the pause is the longest one, which is as good.
    let share = SystemRandom::new().fill(&mut byte).map_or(255, |()| byte[0]);
    Duration::from_micros(5000 * (1 << attempt.min(6)) * u64::from(share) / 255)
}

fn data_key_attributes(pk: String) -> Item {
    HashMap::from([("pk".to_owned(), AttributeValue::S(pk))])
}

fn cancelled(error: SdkError<TransactWriteItemsError>, guards: &[Guard]) -> Result<Cancelled, StoreError> {
    let reasons = match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => cancelled.cancellation_reasons().to_vec(),
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => return Ok(Cancelled::Conflict),
        _ => return Err(StoreError::unavailable("TransactWriteItems")(error)),
    };
    let failed: Vec<_> = guards
        .iter()
        .zip(reasons.iter())
        .filter(|(_, reason)| reason.code() == Some("ConditionalCheckFailed"))
        .map(|(guard, reason)| (*guard, reason.item().cloned()))
        .collect();
    if !failed.is_empty() {
        return Ok(Cancelled::Guards(failed));
    }
    let conflict = |reason: &CancellationReason| matches!(reason.code(), Some("TransactionConflict" | "ThrottlingError"));
    if reasons.iter().any(conflict) {
        return Ok(Cancelled::Conflict);
    }
    Err(StoreError::unavailable("TransactWriteItems")(error))
}

fn names(names: &[(&'static str, &'static str)]) -> Option<HashMap<String, String>> {
    (!names.is_empty()).then(|| names.iter().map(|(name, attribute)| ((*name).to_owned(), (*attribute).to_owned())).collect())
}

fn named(values: &[(&str, AttributeValue)]) -> Option<Item> {
    (!values.is_empty()).then(|| values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// An entity's item: its own attributes, its key, and its kind.
pub(crate) fn item<T: Serialize>(kind: &'static str, key: &Key, entity: &T) -> Result<Item, StoreError> {
    let mut item: Item =
        serde_dynamo::to_item(entity).map_err(|_| StoreError::Unreadable { entity: kind, reason: "it does not serialise" })?;
    item.extend(key.attributes());
    item.insert("kind".to_owned(), AttributeValue::S(kind.to_owned()));
    Ok(item)
}

/// Reads an entity from its item.
pub(crate) fn entity<T: serde::de::DeserializeOwned>(kind: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|_| StoreError::Unreadable { entity: kind, reason: "it does not deserialise" })
}

/// An instant as TTL wants it: seconds since 1970.
pub(crate) fn ttl(at: chrono::DateTime<chrono::Utc>) -> AttributeValue {
    AttributeValue::N(at.timestamp().to_string())
}
