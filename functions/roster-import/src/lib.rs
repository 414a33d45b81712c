//! Delivered roster files become the roster (rows D1, A4).
//!
//! * **Trigger**: S3 `ObjectCreated` below `roster-in/`, wrapped in SQS (partial batch failures); a sweep every minute
//!   (`{"sweep":true}`) that goes on with what was cut short, confirmed, or waited too long; a daily look at who has delivered
//!   nothing (`{"remind":true}`).
//! * **Reads**: the file, as it arrives; the tenant; the roster rows that it speaks of (all of them for a full roster).
//! * **Writes**: rows that change, in transactions that also count them, move the import's cursor and hold the tenant's lease; the
//!   report below `roster-out/`; mails through the outbox. The file is deleted, all versions, when its import has ended.
//! * **On failure**: the message comes again, and in the end lies in the dead-letter queue; the sweep goes on in any case.
//!
//! An event only says where to look: each invocation takes a tenant's files as they lie in the bucket, the longest delivered
//! first. So an event that comes twice, late or out of order finds what is there, the newest version of a key is the one that is
//! read, and nothing has to be remembered of events.

mod apply;
mod aside;
mod check;
mod finish;
mod import;
mod present;
mod read;
mod remind;

use std::collections::BTreeSet;

use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use domain::id::TenantId;
use runtime::{Aws, Clock, Environment, notification::Message};
use store::{Key, Parameters, RosterFiles, Store, StoreError, roster_files::Place};

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    files: RosterFiles,
    contacts: Url,
    clock: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb_for_batches(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            files: RosterFiles::new(aws.s3(), &environment.bucket),
            contacts: environment.contacts.clone(),
            clock,
        }
    }
}

/// What invokes the function.
#[derive(Deserialize)]
#[serde(untagged)]
enum Trigger {
    Queue {
        #[serde(rename = "Records")]
        records: Vec<Message>,
    },
    Sweep {
        sweep: bool,
    },
    Remind {
        remind: bool,
    },
}

/// Imports what the queue names, or what is due. Answers a queue with its partial batch failures.
///
/// # Errors
/// A payload that is none of these; a sweep whose table does not answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let holder = event.context.request_id;
    match serde_json::from_value(event.payload)? {
        Trigger::Queue { records } => Ok(handle_queue(app, &holder, &records).await),
        Trigger::Sweep { sweep: true } => Ok(sweep(app, &holder).await?),
        Trigger::Remind { remind: true } => Ok(remind::run(app).await?),
        Trigger::Sweep { sweep: false } | Trigger::Remind { remind: false } => Ok(Value::Null),
    }
}

async fn handle_queue(app: &App, holder: &str, messages: &[Message]) -> Value {
    let mut failures = Vec::new();
    for message in messages {
        if let Err(error) = handle_message(app, holder, message).await {
            tracing::error!(queue.message = message.id(), error = %error, "a roster could not be imported; its message comes again");
            failures.push(json!({ "itemIdentifier": message.id() }));
        }
    }
    json!({ "batchItemFailures": failures })
}

async fn handle_message(app: &App, holder: &str, message: &Message) -> Result<(), StoreError> {
    let Some(objects) = message.objects() else {
        tracing::error!(alarm = "roster", queue.message = message.id(), "a message is no notification of S3 and is set aside");
        return Ok(());
    };
    let mut tenants = BTreeSet::new();
    for object in &objects {
        match Place::of(&object.key) {
            Place::Delivery(tenant, _) if app.store.tenant(tenant).await?.is_some() => {
                tenants.insert(tenant);
            }
            Place::Delivery(..) | Place::Unknown => aside::tell(app, object).await?,
            Place::Folder => {}
        }
    }
    for tenant in tenants {
        if !take(app, holder, tenant).await? {
            // Somebody else imports: this message comes again, and finds what is left then.
            return Err(StoreError::Contention);
        }
    }
    Ok(())
}

/// The sweep looks at so many deliveries; the next one comes a minute later.
const SWEEP: i32 = 1000;

async fn sweep(app: &App, holder: &str) -> Result<Value, StoreError> {
    let due = app.store.due_deliveries(app.clock.now(), SWEEP).await?;
    let tenants: BTreeSet<TenantId> = due.iter().filter_map(tenant_of).collect();
    for tenant in &tenants {
        if let Err(error) = take(app, holder, *tenant).await {
            tracing::error!(tenant.id = %tenant, error = %error, "a roster could not be imported; the next sweep tries again");
        }
    }
    Ok(json!({ "due": due.len() }))
}

fn tenant_of(key: &Key) -> Option<TenantId> {
    key.pk.rsplit('#').next().and_then(|tenant| tenant.parse().ok())
}

/// Imports a tenant's files, one after the other; `false` where somebody else does so now.
async fn take(app: &App, holder: &str, tenant: TenantId) -> Result<bool, StoreError> {
    if !app.store.hold_roster_files(tenant, holder, app.clock.now()).await? {
        return Ok(false);
    }
    let imported = import::all(app, holder, tenant).await;
    app.store.release_roster_files(tenant, holder).await?;
    imported.map(|()| true)
}
