//! How `DynamoDB` says that a partition has no capacity left. It says so in three ways: as an exception, as the reason
//! why a transaction was cancelled, and, in a batch, by leaving a part undone.
//! <https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html>

use axum::{
    Json,
    body::{self, Body},
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};

use crate::aws::wire::AwsError;

/// `DynamoDB`'s limits: a request has 16 MB at most, and so has an answer.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// Answers `request` for `operation` as throttled; what remains of a batch is carried out.
pub async fn play<F: Future<Output = Response>>(operation: &str, request: Request, carry_out: impl FnOnce(Request) -> F) -> Response {
    let (head, body) = request.into_parts();
    let asked: Value = match body::to_bytes(body, MOST_BYTES).await {
        Ok(bytes) => serde_json::from_slice(&bytes).unwrap_or_default(),
        Err(_) => return refused(),
    };
    let left_out = match operation {
        "BatchGetItem" => "UnprocessedKeys",
        "BatchWriteItem" => "UnprocessedItems",
        "TransactWriteItems" | "TransactGetItems" => return cancelled(&asked),
        _ => return refused(),
    };
    let Some((done, left)) = split(&asked) else { return refused() };
    let mut request = Request::from_parts(head, Body::from(done.to_string()));
    request.headers_mut().remove(header::CONTENT_LENGTH);
    leave(carry_out(request).await, left_out, left).await
}

fn refused() -> Response {
    AwsError::new("ThrottlingException", "Throughput exceeds the current capacity of your table or index.").into_response()
}

/// No action of a transaction is carried out where one cannot be; the reasons stand in the actions' order.
fn cancelled(asked: &Value) -> Response {
    let actions = asked.get("TransactItems").and_then(Value::as_array).map_or(1, Vec::len).max(1);
    let code = |index| if index == 0 { "ThrottlingError" } else { "None" };
    let codes: Vec<&str> = (0..actions).map(code).collect();
    let reasons: Vec<Value> = codes.iter().map(|code| json!({ "Code": code })).collect();
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": format!("Transaction cancelled, please refer cancellation reasons for specific reasons [{}]", codes.join(", ")),
        "CancellationReasons": reasons,
    });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

/// The batch with half of each table's keys or writes, and the other, larger half. `None` where nothing would be done:
/// then the whole batch is refused.
fn split(asked: &Value) -> Option<(Value, Map<String, Value>)> {
    let (mut done, mut left) = (Map::new(), Map::new());
    for (table, wanted) in asked.get("RequestItems")?.as_object()? {
        let (mut first, mut rest) = (wanted.clone(), wanted.clone());
        let of_rest = entries(&mut rest)?;
        let half: Vec<Value> = of_rest.drain(..of_rest.len() / 2).collect();
        if !half.is_empty() {
            *entries(&mut first)? = half;
            done.insert(table.clone(), first);
        }
        left.insert(table.clone(), rest);
    }
    if done.is_empty() {
        return None;
    }
    let mut batch = asked.clone();
    *batch.get_mut("RequestItems")? = Value::Object(done);
    Some((batch, left))
}

/// A table's part of a batch: reads have their keys in `Keys`, writes are a list themselves.
fn entries(part: &mut Value) -> Option<&mut Vec<Value>> {
    match part {
        Value::Array(writes) => Some(writes),
        Value::Object(read) => read.get_mut("Keys")?.as_array_mut(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// The answer to what was done, with what was left out added to it.
async fn leave(answer: Response, member: &str, mut left: Map<String, Value>) -> Response {
    if !answer.status().is_success() {
        return answer;
    }
    let read = body::to_bytes(answer.into_body(), MOST_BYTES).await.map_err(|error| AwsError::internal(&error));
    let mut said: Value = match read.and_then(|bytes| serde_json::from_slice(&bytes).map_err(|error| AwsError::internal(&error))) {
        Ok(said) => said,
        Err(error) => return error.into_response(),
    };
    let Some(members) = said.as_object_mut() else { return refused() };
    // A batch can be too large as well, whatever was ordered.
    if let Some(Value::Object(too_large)) = members.remove(member) {
        for (table, mut part) in too_large {
            match (left.get_mut(&table).and_then(entries), entries(&mut part)) {
                (Some(ours), Some(theirs)) => ours.append(theirs),
                _ => drop(left.insert(table, part)),
            }
        }
    }
    members.insert(member.to_owned(), Value::Object(left));
    Json(said).into_response()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use super::*;

    async fn ask(operation: &str, asked: Value, answer: Value) -> (Value, Option<Value>) {
        let mut carried_out = None;
        let carry_out = async |request: Request| {
            let bytes = body::to_bytes(request.into_body(), MOST_BYTES).await.unwrap();
            carried_out = Some(serde_json::from_slice(&bytes).unwrap());
            Json(answer).into_response()
        };
        let answer = play(operation, Request::new(Body::from(asked.to_string())), carry_out).await;
        let bytes = body::to_bytes(answer.into_body(), MOST_BYTES).await.unwrap();
        (serde_json::from_slice(&bytes).unwrap(), carried_out)
    }

    #[tokio::test]
    async fn a_part_of_a_batch_is_left_out_with_everything_that_belongs_to_it() {
        let read = |keys: &[u32]| json!({ "Keys": keys, "ConsistentRead": true });
        let asked = json!({ "RequestItems": { "a": read(&[1, 2, 3]), "b": read(&[4]) }, "ReturnConsumedCapacity": "NONE" });
        let answer = json!({ "Responses": { "a": [1] }, "UnprocessedKeys": {} });
        let (said, carried_out) = ask("BatchGetItem", asked, answer).await;
        assert_eq!(carried_out, Some(json!({ "RequestItems": { "a": read(&[1]) }, "ReturnConsumedCapacity": "NONE" })));
        assert_eq!(said, json!({ "Responses": { "a": [1] }, "UnprocessedKeys": { "a": read(&[2, 3]), "b": read(&[4]) } }));
    }

    #[tokio::test]
    async fn what_the_database_left_out_itself_stays_left_out() {
        let asked = json!({ "RequestItems": { "a": [1, 2] } });
        let (said, _) = ask("BatchWriteItem", asked, json!({ "UnprocessedItems": { "a": [1], "b": [5] } })).await;
        assert_eq!(said, json!({ "UnprocessedItems": { "a": [2, 1], "b": [5] } }));
    }

    #[tokio::test]
    async fn a_batch_of_which_nothing_would_be_done_is_refused() {
        let asked = json!({ "RequestItems": { "a": { "Keys": [1] } } });
        let (said, carried_out) = ask("BatchGetItem", asked, json!({})).await;
        assert_eq!((&said["__type"], carried_out), (&json!("ThrottlingException"), None));
    }

    #[tokio::test]
    async fn a_transaction_is_cancelled_with_a_reason_for_each_action() {
        let (said, carried_out) = ask("TransactWriteItems", json!({ "TransactItems": [{}, {}] }), json!({})).await;
        assert_eq!(said["CancellationReasons"], json!([{ "Code": "ThrottlingError" }, { "Code": "None" }]));
        assert_eq!(carried_out, None);
    }
}
