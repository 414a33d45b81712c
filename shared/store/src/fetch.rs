//! Several items of both tables in one call.

use std::collections::HashMap;

use aws_sdk_dynamodb::{
    operation::{put_item::PutItemError, query::builders::QueryFluentBuilder},
    types::{AttributeValue, KeysAndAttributes, Select},
};

use domain::id::MemberId;

use crate::{Key, Store, StoreError, keys::INDEX, transaction::Item};

/// What to read in one call: items of the single table and wrapped data keys. At most 100.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Items of the single table.
    pub items: Vec<Key>,
    /// Members whose wrapped data key is wanted.
    pub data_keys: Vec<MemberId>,
}

/// What was there.
#[derive(Debug, Default)]
pub struct Fetched {
    items: HashMap<Key, Item>,
    data_keys: HashMap<String, Item>,
}

impl Fetched {
    /// The item at `key`, if there is one.
    pub fn item(&self, key: &Key) -> Option<&Item> {
        self.items.get(key)
    }

    /// The wrapped data key of `member`, if there is one.
    pub fn data_key(&self, member: MemberId) -> Option<&Item> {
        self.data_keys.get(&Key::data_key(member))
    }
}

/// Rounds of asking again for what the table left unprocessed.
const ROUNDS: u32 = 5;

impl Store {
    /// Reads all that is `wanted`, consistently, in one call where the table is not throttled.
    pub async fn fetch(&self, wanted: &Wanted) -> Result<Fetched, StoreError> {
        let mut fetched = Fetched::default();
        let mut open = self.requests(wanted)?;
        for round in 0..ROUNDS {
            if open.is_empty() {
                return Ok(fetched);
            }
            if round > 0 {
                tokio::time::sleep(std::time::Duration::from_millis(20 << round)).await;
            }
            let answer = self
                .dynamodb
                .batch_get_item()
                .set_request_items(Some(std::mem::take(&mut open)))
                .send()
                .await
                .map_err(StoreError::unavailable("BatchGetItem"))?;
            for (table, items) in answer.responses.unwrap_or_default() {
                for item in items {
                    fetched.add(table == self.key_table, item);
                }
            }
            open = answer.unprocessed_keys.unwrap_or_default();
        }
        if open.is_empty() { Ok(fetched) } else { Err(StoreError::Contention) }
    }

    fn requests(&self, wanted: &Wanted) -> Result<HashMap<String, KeysAndAttributes>, StoreError> {
        let mut keys: Vec<&Key> = wanted.items.iter().collect();
        keys.sort();
        keys.dedup();
        let data_keys: Vec<Item> =
            wanted.data_keys.iter().map(|member| HashMap::from([("pk".to_owned(), AttributeValue::S(Key::data_key(*member)))])).collect();
        let mut requests = HashMap::new();
        for (table, keys) in [(&self.table, keys.into_iter().map(Key::attributes).collect()), (&self.key_table, data_keys)] {
            if !keys.is_empty() {
                let request = KeysAndAttributes::builder()
                    .set_keys(Some(keys))
                    .consistent_read(true)
                    .build()
                    .map_err(StoreError::unavailable("building a BatchGetItem"))?;
                requests.insert(table.clone(), request);
            }
        }
        Ok(requests)
    }

    /// Reads one item, consistently.
    pub async fn get(&self, key: &Key) -> Result<Option<Item>, StoreError> {
        let answer = self
            .dynamodb
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .consistent_read(true)
            .send()
            .await
            .map_err(StoreError::unavailable("GetItem"))?;
        Ok(answer.item)
    }
}

/// Sort keys of the index go on behind the instant: `~` is above every character of an id.
fn above(until: &str) -> String {
    format!("{until}~")
}

async fn all(query: QueryFluentBuilder) -> Result<Vec<Item>, StoreError> {
    let mut items = Vec::new();
    let mut pages = query.into_paginator().items().send();
    while let Some(item) = pages.next().await {
        items.push(item.map_err(StoreError::unavailable("Query"))?);
    }
    Ok(items)
}

impl Fetched {
    fn add(&mut self, is_data_key: bool, item: Item) {
        if is_data_key {
            if let Some(pk) = item.get("pk").and_then(|pk| pk.as_s().ok()).cloned() {
                self.data_keys.insert(pk, item);
            }
        } else if let Some(key) = Key::of(&item) {
            self.items.insert(key, item);
        }
    }
}

impl Store {
    /// All items of a partition whose sort key begins with `prefix`, in its order, consistently.
    pub(crate) async fn query_prefix(&self, pk: &str, prefix: &str) -> Result<Vec<Item>, StoreError> {
        let query = self
            .partition(pk, "pk = :pk AND begins_with(sk, :prefix)")
            .expression_attribute_values(":prefix", AttributeValue::S(prefix.to_owned()));
        all(query).await
    }

    /// All items of a partition, consistently.
    pub(crate) async fn query_all(&self, pk: &str) -> Result<Vec<Item>, StoreError> {
        all(self.partition(pk, "pk = :pk")).await
    }

    /// The last item of a partition, consistently.
    pub(crate) async fn query_last(&self, pk: &str) -> Result<Option<Item>, StoreError> {
        let last = self.partition(pk, "pk = :pk").scan_index_forward(false).limit(1).send().await;
        Ok(last.map_err(StoreError::unavailable("Query"))?.items.and_then(|mut items| items.pop()))
    }

    /// How many items a partition has.
    pub(crate) async fn query_count(&self, pk: &str) -> Result<usize, StoreError> {
        let mut count = 0;
        let mut pages = self.partition(pk, "pk = :pk").select(Select::Count).into_paginator().send();
        while let Some(page) = pages.next().await {
            count += page.map_err(StoreError::unavailable("Query"))?.count();
        }
        Ok(usize::try_from(count).unwrap_or_default())
    }

    fn partition(&self, pk: &str, condition: &str) -> QueryFluentBuilder {
        self.dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression(condition)
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .consistent_read(true)
    }

    /// Keys in a partition of the index whose sort key is not above `until`, the lowest first.
    pub(crate) async fn index_until(&self, gpk: String, until: &str, limit: i32) -> Result<Vec<Key>, StoreError> {
        let until = AttributeValue::S(above(until));
        self.index(gpk, "gpk = :gpk AND gsk <= :until", limit, [(":until", until)].into()).await
    }

    async fn index(&self, gpk: String, condition: &str, limit: i32, values: HashMap<&str, AttributeValue>) -> Result<Vec<Key>, StoreError> {
        let values = values.into_iter().chain([(":gpk", AttributeValue::S(gpk))]);
        let answer = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression(condition)
            .set_expression_attribute_values(Some(values.map(|(name, value)| (name.to_owned(), value)).collect()))
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable("Query"))?;
        Ok(answer.items.unwrap_or_default().iter().filter_map(Key::of).collect())
    }

    /// Puts one item whatever stood there.
    pub(crate) async fn put(&self, item: Item) -> Result<(), StoreError> {
        let put = self.dynamodb.put_item().table_name(&self.table).set_item(Some(item));
        put.send().await.map(drop).map_err(StoreError::unavailable("PutItem"))
    }

    /// Puts one item, where its key is free; doing it again changes nothing.
    pub(crate) async fn put_once(&self, item: Item) -> Result<(), StoreError> {
        let put = self.dynamodb.put_item().table_name(&self.table).set_item(Some(item)).condition_expression("attribute_not_exists(pk)");
        match put.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.as_service_error().is_some_and(PutItemError::is_conditional_check_failed_exception) => Ok(()),
            Err(error) => Err(StoreError::unavailable("PutItem")(error)),
        }
    }

    /// Removes one item; `false` where there was none.
    pub(crate) async fn remove(&self, key: &Key) -> Result<bool, StoreError> {
        let removed = self
            .dynamodb
            .delete_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .return_values(aws_sdk_dynamodb::types::ReturnValue::AllOld)
            .send()
            .await
            .map_err(StoreError::unavailable("DeleteItem"))?;
        Ok(removed.attributes.is_some())
    }
}
