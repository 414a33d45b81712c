//! Deleting many items of the single table, and reading partitions without what is sealed in them.

use std::{collections::HashMap, time::Duration};

use aws_sdk_dynamodb::types::{AttributeValue, DeleteRequest, WriteRequest};

use crate::{Key, Store, StoreError, keys::INDEX, transaction::Item};

/// `BatchWriteItem` takes so many.
const BATCH: usize = 25;
/// Rounds of asking again for what the table left unprocessed: 20, 40, 80 … ms apart.
const ROUNDS: u32 = 8;

impl Store {
    /// Removes items whether or not they are there.
    pub async fn delete_all(&self, keys: &[Key]) -> Result<(), StoreError> {
        for batch in keys.chunks(BATCH) {
            let request = |key: &Key| {
                let delete = DeleteRequest::builder().set_key(Some(key.attributes())).build();
                delete.map(|delete| WriteRequest::builder().delete_request(delete).build())
            };
            let requests: Result<Vec<_>, _> = batch.iter().map(request).collect();
            self.write_batch(requests.map_err(StoreError::unavailable("building a BatchWriteItem"))?).await?;
        }
        Ok(())
    }

    async fn write_batch(&self, requests: Vec<WriteRequest>) -> Result<(), StoreError> {
        let mut open = HashMap::from([(self.table.clone(), requests)]);
        for round in 0..ROUNDS {
            if round > 0 {
                tokio::time::sleep(Duration::from_millis(10 << round)).await;
            }
            let answer = self.dynamodb.batch_write_item().set_request_items(Some(open)).send().await;
            open = answer.map_err(StoreError::unavailable("BatchWriteItem"))?.unprocessed_items.unwrap_or_default();
            if open.values().all(Vec::is_empty) {
                return Ok(());
            }
        }
        Err(StoreError::Contention)
    }

    /// The attributes `names` of all items of a partition, consistently: nothing that is sealed has to be read to delete it.
    pub async fn outline(&self, pk: &str, names: &[&str]) -> Result<Vec<Item>, StoreError> {
        let mut items = Vec::new();
        self.each(pk, names, |item| {
            items.push(item);
            Ok(())
        })
        .await?;
        Ok(items)
    }

    /// Hands the same one by one to `take`, in the order of their keys: no more than a page of them is held.
    pub(crate) async fn each(
        &self,
        pk: &str,
        names: &[&str],
        mut take: impl FnMut(Item) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let aliases = names.iter().enumerate().map(|(number, name)| (format!("#n{number}"), (*name).to_owned()));
        let aliases: HashMap<String, String> = aliases.collect();
        let mut projected: Vec<&str> = aliases.keys().map(String::as_str).collect();
        projected.extend(["pk", "sk"]);
        let mut pages = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .projection_expression(projected.join(", "))
            .set_expression_attribute_names((!aliases.is_empty()).then_some(aliases.clone()))
            .consistent_read(true)
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            take(item.map_err(StoreError::unavailable("Query"))?)?;
        }
        Ok(())
    }

    /// A page of a partition, consistently: `limit` items at most, from behind sort key `after` on. With the sort key to go on behind.
    pub(crate) async fn query_page(&self, pk: &str, after: Option<&str>, limit: i32) -> Result<(Vec<Item>, Option<String>), StoreError> {
        let start = after.map(|sk| Key { pk: pk.to_owned(), sk: sk.to_owned() }.attributes());
        let page = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(pk.to_owned()))
            .set_exclusive_start_key(start)
            .consistent_read(true)
            .limit(limit)
            .send()
            .await
            .map_err(StoreError::unavailable("Query"))?;
        let last = page.last_evaluated_key.as_ref().and_then(Key::of).map(|key| key.sk);
        Ok((page.items.unwrap_or_default(), last))
    }

    /// Keys in a partition of the index whose sort keys begin with something from `from` to `until`, the lowest first.
    pub(crate) async fn index_between(&self, gpk: &str, from: &str, until: &str) -> Result<Vec<Key>, StoreError> {
        self.index_some(gpk, from, until, usize::MAX).await
    }

    /// Keys in a partition of the index whose sort key is not above `until`, the lowest first; all of them, up to `most`.
    pub(crate) async fn index_all_until(&self, gpk: &str, until: &str, most: usize) -> Result<Vec<Key>, StoreError> {
        // No sort key begins with a blank, which is below all that one begins with.
        self.index_some(gpk, " ", until, most).await
    }

    async fn index_some(&self, gpk: &str, from: &str, until: &str, most: usize) -> Result<Vec<Key>, StoreError> {
        let mut keys = Vec::new();
        let mut pages = self
            .dynamodb
            .query()
            .table_name(&self.table)
            .index_name(INDEX)
            .key_condition_expression("gpk = :gpk AND gsk BETWEEN :from AND :until")
            .expression_attribute_values(":gpk", AttributeValue::S(gpk.to_owned()))
            .expression_attribute_values(":from", AttributeValue::S(from.to_owned()))
            .expression_attribute_values(":until", AttributeValue::S(format!("{until}~")))
            .projection_expression("pk, sk")
            .into_paginator()
            .items()
            .send();
        while let Some(item) = pages.next().await {
            keys.extend(Key::of(&item.map_err(StoreError::unavailable("Query"))?));
            if keys.len() >= most {
                break;
            }
        }
        Ok(keys)
    }
}
