//! The tables as plain JSON, for a person to look at.

use std::collections::{BTreeMap, HashMap};

use axum::{
    Json,
    extract::{Query, State},
};
use serde_json::{Value, json};

use super::Programs;
use crate::aws::{
    dynamodb::{KEY_TABLE, TABLE, TablesError},
    wire::AwsError,
};

/// `GET /local/table?pk=…`: the partition's items; without `pk`: the partitions with their number of items. `table=keys`
/// is the key table.
pub async fn browse(State(programs): State<Programs>, Query(parameters): Query<HashMap<String, String>>) -> Result<Json<Value>, AwsError> {
    let table = if parameters.get("table").is_some_and(|table| table == "keys") { KEY_TABLE } else { TABLE };
    let pk = parameters.get("pk").cloned();
    on_tables(programs, move |programs| {
        if let Some(pk) = pk {
            let request = json!({ "KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": { ":pk": { "S": pk } } });
            let items = programs.tables.query(table, &request)?;
            return Ok(json!({ "items": items.iter().map(plain_item).collect::<Vec<_>>() }));
        }
        let mut partitions = BTreeMap::<String, u64>::new();
        for item in programs.tables.scan(table, &json!({ "ProjectionExpression": "pk" }))? {
            let pk = item.pointer("/pk/S").and_then(Value::as_str).unwrap_or_default();
            *partitions.entry(pk.to_owned()).or_default() += 1;
        }
        Ok(json!({ "partitions": partitions.iter().map(|(pk, count)| json!({ "pk": pk, "count": count })).collect::<Vec<_>>() }))
    })
    .await
}

/// `GET /local/outbox`: every outbox item.
pub async fn outbox(State(programs): State<Programs>) -> Result<Json<Value>, AwsError> {
    on_tables(programs, |programs| {
        let request =
            json!({ "FilterExpression": "begins_with(sk, :outbox)", "ExpressionAttributeValues": { ":outbox": { "S": "OUTBOX#" } } });
        Ok(programs.tables.scan(TABLE, &request)?.iter().map(plain_item).collect())
    })
    .await
}

async fn on_tables(
    programs: Programs,
    look: impl FnOnce(&Programs) -> Result<Value, TablesError> + Send + 'static,
) -> Result<Json<Value>, AwsError> {
    let looked = tokio::task::spawn_blocking(move || look(&programs)).await;
    let shown = looked.map_err(TablesError::from).and_then(|shown| shown);
    shown.map(Json).map_err(|error| AwsError::internal(&error))
}

fn plain_item(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    Value::Object(members.map(|(name, value)| (name.clone(), plain(value))).collect())
}

/// A value without DynamoDB's type letters; bytes stay in base64.
fn plain(value: &Value) -> Value {
    let Some((kind, inner)) = value.as_object().and_then(|typed| typed.iter().next()) else { return value.clone() };
    match kind.as_str() {
        "N" => number(inner),
        "NULL" => Value::Null,
        "M" => plain_item(inner),
        "L" => inner.as_array().into_iter().flatten().map(plain).collect(),
        "NS" => inner.as_array().into_iter().flatten().map(number).collect(),
        _ => inner.clone(),
    }
}

/// DynamoDB writes numbers as text.
fn number(text: &Value) -> Value {
    text.as_str().and_then(|digits| serde_json::from_str(digits).ok()).unwrap_or_else(|| text.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_shown_as_plain_json() {
        let item = json!({
            "pk": {"S": "TENANT#1"}, "count": {"N": "12"}, "open": {"BOOL": true}, "gone": {"NULL": true},
            "map": {"M": {"list": {"L": [{"N": "1.5"}, {"S": "x"}]}}}, "names": {"SS": ["a", "b"]}, "sealed": {"B": "AAE="},
        });
        let shown = json!({
            "pk": "TENANT#1", "count": 12, "open": true, "gone": null,
            "map": {"list": [1.5, "x"]}, "names": ["a", "b"], "sealed": "AAE=",
        });
        assert_eq!(plain_item(&item), shown);
    }
}
