//! DynamoDB: dynoxide over a file, behind a front that counts requests and lets them fail.
//!
//! dynoxide serves HTTP only on a listener of its own, so the front passes requests on over loopback.

mod throttled;

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use dynoxide::{Database, DynoxideError, actions};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::{
    aws::wire::{AwsError, Wire, play, target_of},
    faults::{Met, Mode, Target},
};

/// The tables' names in the local system.
pub const TABLE: &str = "hokenshitsu-local";
/// The name of the members' key table.
pub const KEY_TABLE: &str = "hokenshitsu-local-keys";

/// An item's attribute `ttl` in SQL, seconds since 1970.
const TTL: &str = "CAST(json_extract(item_json, '$.ttl.N') AS INTEGER)";

/// The embedded database; clones are the same one.
#[derive(Clone)]
pub struct Tables {
    database: Database,
    file: Arc<PathBuf>,
    written: Arc<Notify>,
}

impl std::fmt::Debug for Tables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tables")
    }
}

/// What dynoxide, or a task that ran it, reports.
#[derive(Debug, thiserror::Error)]
pub enum TablesError {
    /// The database refused or failed.
    #[error("the tables: {0}")]
    Database(#[from] DynoxideError),
    /// The database's file.
    #[error("the tables: {0}")]
    File(#[from] rusqlite::Error),
    /// A request that the database does not understand.
    #[error("the tables: {0}")]
    Request(#[from] serde_json::Error),
    /// The task that ran the database stopped.
    #[error("the tables: {0}")]
    Task(#[from] tokio::task::JoinError),
}

impl Tables {
    /// Opens `<data>/tables.db`. Writes are not forced to the disk one by one: they survive a crash of this process, which
    /// is all that is asked of them, and are many times faster.
    pub fn open(data: &Path) -> Result<Self, TablesError> {
        let file = data.join("tables.db");
        let database = Database::new(&file.to_string_lossy())?;
        index_stream(&file)?;
        database.enable_bulk_loading()?;
        Ok(Self { database, file: Arc::new(file), written: Arc::default() })
    }

    /// The database itself, for parts of this process that read without being counted.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Waits until something may have been written through the front.
    pub async fn written(&self) {
        self.written.notified().await;
    }

    /// Creates the tables that are not there yet: the single table with its index, stream and time to live, and the key
    /// table.
    pub fn create(&self) -> Result<(), TablesError> {
        let string = |name: &str| json!({ "AttributeName": name, "AttributeType": "S" });
        let key =
            |hash: &str, range: &str| json!([{ "AttributeName": hash, "KeyType": "HASH" }, { "AttributeName": range, "KeyType": "RANGE" }]);
        self.create_table(
            TABLE,
            json!({
                "TableName": TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [string("pk"), string("sk"), string("gpk"), string("gsk")],
                "KeySchema": key("pk", "sk"),
                "GlobalSecondaryIndexes": [{ "IndexName": "by_due", "KeySchema": key("gpk", "gsk"), "Projection": { "ProjectionType": "ALL" } }],
                "StreamSpecification": { "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" },
            }),
        )?;
        self.create_table(
            KEY_TABLE,
            json!({
                "TableName": KEY_TABLE,
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [string("pk")],
                "KeySchema": [{ "AttributeName": "pk", "KeyType": "HASH" }],
            }),
        )?;
        [TABLE, KEY_TABLE].into_iter().try_for_each(|table| self.index_expiry(table))
    }

    fn index_expiry(&self, table: &str) -> Result<(), TablesError> {
        let index = format!("CREATE INDEX IF NOT EXISTS \"{table}_expiry\" ON \"{table}\" ({TTL}) WHERE {TTL} IS NOT NULL");
        Ok(rusqlite::Connection::open(self.file.as_path())?.execute_batch(&index)?)
    }

    fn create_table(&self, name: &str, request: Value) -> Result<(), TablesError> {
        if self.database.get_table_metadata(name)?.is_some() {
            return Ok(());
        }
        self.database.create_table(serde_json::from_value(request)?)?;
        let ttl = json!({ "TableName": name, "TimeToLiveSpecification": { "Enabled": true, "AttributeName": "ttl" } });
        self.database.update_time_to_live(serde_json::from_value(ttl)?)?;
        Ok(())
    }

    /// Deletes what has expired at `now` by its attribute `ttl`, and answers how many items that were.
    ///
    /// dynoxide's own sweep follows the machine's clock, and here a person moves the clock. DynamoDB may take days for
    /// this, so nothing may depend on it.
    pub async fn sweep(&self, now: DateTime<Utc>) -> Result<usize, TablesError> {
        let tables = self.clone();
        tokio::task::spawn_blocking(move || Ok(tables.sweep_table(TABLE, now)? + tables.sweep_table(KEY_TABLE, now)?)).await?
    }

    fn sweep_table(&self, table: &str, now: DateTime<Utc>) -> Result<usize, TablesError> {
        let expired = self.expired(table, now)?;
        for key in &expired {
            let request = json!({
                "TableName": table,
                "Key": key,
                "ConditionExpression": "#ttl < :now",
                "ExpressionAttributeNames": { "#ttl": "ttl" },
                "ExpressionAttributeValues": { ":now": { "N": now.timestamp().to_string() } },
            });
            match self.database.delete_item(serde_json::from_value(request)?) {
                // Written again since it was read.
                Ok(_) | Err(DynoxideError::ConditionalCheckFailedException(..)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(expired.len())
    }

    /// Keys of the items that have expired, by [`Tables::index_expiry`]: a scan would read every item, at each minute and each
    /// move of the clock.
    fn expired(&self, table: &str, now: DateTime<Utc>) -> Result<Vec<Value>, TablesError> {
        let connection = rusqlite::Connection::open(self.file.as_path())?;
        // The key table has no `sk`, and a patch leaves out what is null.
        let key = "json_patch('{}', json_object('pk', item_json -> 'pk', 'sk', item_json -> 'sk'))";
        let mut statement = connection.prepare(&format!("SELECT {key} FROM \"{table}\" WHERE {TTL} < ?1"))?;
        let expired = statement.query_map([now.timestamp()], |row| row.get::<_, String>(0))?;
        expired.map(|key| Ok(serde_json::from_str(&key?)?)).collect()
    }

    /// Every item of `table` that `request` (members of a Scan) lets through, in DynamoDB's JSON. For the local system's
    /// own pages and clean-up only: production code never scans.
    pub fn scan(&self, table: &str, request: &Value) -> Result<Vec<Value>, TablesError> {
        pages(table, request, |request| {
            Ok(serde_json::to_value(self.database.scan(serde_json::from_value::<actions::scan::ScanRequest>(request)?)?)?)
        })
    }

    /// Every item of `table` whose key `request` (members of a Query) names, in DynamoDB's JSON.
    pub fn query(&self, table: &str, request: &Value) -> Result<Vec<Value>, TablesError> {
        pages(table, request, |request| {
            Ok(serde_json::to_value(self.database.query(serde_json::from_value::<actions::query::QueryRequest>(request)?)?)?)
        })
    }
}

/// At every write dynoxide reads all stream records for the last sequence number, so that 5,000 writes took 40 times as
/// long as with this index.
fn index_stream(file: &Path) -> rusqlite::Result<()> {
    let index = "CREATE INDEX IF NOT EXISTS local_stream_order ON _stream_records (table_name, CAST(sequence_number AS INTEGER))";
    rusqlite::Connection::open(file)?.execute_batch(index)
}

/// Reads `request` of `table` page by page to its end.
fn pages(table: &str, request: &Value, read: impl Fn(Value) -> Result<Value, TablesError>) -> Result<Vec<Value>, TablesError> {
    let mut request = request.clone();
    merge(&mut request, "TableName", json!(table));
    let mut items = Vec::new();
    loop {
        let mut page = read(request.clone())?;
        if let Some(Value::Array(found)) = page.get_mut("Items").map(Value::take) {
            items.extend(found);
        }
        match page.get_mut("LastEvaluatedKey").map(Value::take) {
            Some(key) if key.is_object() => merge(&mut request, "ExclusiveStartKey", key),
            Some(_) | None => return Ok(items),
        }
    }
}

fn merge(object: &mut Value, name: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), value);
    }
}

/// The front of `tables`: counts, fails when told to, and passes on to dynoxide at `inner`.
pub fn front(tables: Tables, inner: SocketAddr, wire: Wire) -> Router {
    let client = Client::builder(TokioExecutor::new()).build_http();
    Router::new().fallback(answer).with_state(Front { tables, inner, wire, client })
}

#[derive(Clone)]
struct Front {
    tables: Tables,
    inner: SocketAddr,
    wire: Wire,
    client: Client<HttpConnector, Body>,
}

async fn answer(State(front): State<Front>, request: Request) -> Response {
    let operation = target_of(request.headers()).map_or("unknown", |(_, operation)| operation).to_owned();
    match front.wire.arrive(Target::Dynamodb, &operation) {
        Some(Met { mode: Mode::Throttled, .. }) => throttled::play(&operation, request, |request| front.pass_on(&operation, request)).await,
        met => play(Target::Dynamodb, met, front.pass_on(&operation, request)).await,
    }
}

impl Front {
    async fn pass_on(&self, operation: &str, mut request: Request) -> Response {
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        match format!("http://{}{path}", self.inner).parse() {
            Ok(uri) => *request.uri_mut() = uri,
            Err(error) => return AwsError::internal(&error).into_response(),
        }
        let answer = self.client.request(request).await;
        // Also after an error: what was written is known only to the database.
        if writes(operation) {
            self.tables.written.notify_one();
        }
        match answer {
            Ok(answer) => answer.map(Body::new),
            Err(error) => AwsError::internal(&error).into_response(),
        }
    }
}

fn writes(operation: &str) -> bool {
    ["Put", "Update", "Delete", "BatchWrite", "TransactWrite", "Execute", "BatchExecute"].iter().any(|verb| operation.starts_with(verb))
}
