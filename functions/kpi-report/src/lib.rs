//! Months are counted and frozen, and the contacts get their reports (rows D3 and D7).
//!
//! * **Trigger:** the scheduler: `{"monthly":true}` on the first at 00:15 JST, when the month before has settled, and
//!   `{"sweep":true}` daily at 01:45. Both do the same, found by what is not there yet.
//! * **Reads:** tenants; a tenant's figures in one Query; for a month that has settled its markers and its roster (counted, not
//!   read) and its ledger of interviews; for a report the contacts.
//! * **Writes:** a month's figures with what the company may see of them, in one transaction; a report with a mail to each contact,
//!   in one transaction.
//! * **On failure:** what is not frozen or not queued is done by the next run, the oldest first, and alarms (`alarm="kpi"`). Two
//!   runs at once, or one that is killed anywhere, freeze each month once and queue each report once: their keys exist once. The
//!   sweep at 01:45 comes before the purge at 03:00, with which the contacts of a contract that has ended go.
//!
//! In reading order: [`handle`], `work` (one tenant, step by step), `close` with `employed` (one month), `send` (one report), `html` and `picture` (how it looks).

mod close;
mod employed;
mod html;
mod picture;
mod send;
mod work;

use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, stream};
use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use runtime::{Aws, Clock, Environment};
use store::{Parameters, Store};

use work::{Done, Work};

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    clock: Clock,
    /// Where contacts read reports, also when the mail is gone.
    contacts: Url,
    /// The deadline is the machine's time, whatever the business clock shows.
    machine: Clock,
}

/// So many tenants are worked on side by side.
const AT_ONCE: usize = 8;
/// With less time than this no other tenant is begun.
const REST: TimeDelta = TimeDelta::seconds(60);

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb_for_batches(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            clock,
            contacts: environment.contacts.clone(),
            machine: Clock::system(),
        }
    }
}

/// What invokes the function.
#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Trigger {
    Monthly { monthly: bool },
    Sweep { sweep: bool },
}

/// Freezes what has settled, and queues what is due. Answers `{"months":…,"reports":…,"failed":…}`: months frozen, reports
/// queued, tenants with which something is left to do.
///
/// # Errors
/// A payload that is none of ours; a table that does not answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    match serde_json::from_value(event.payload)? {
        Trigger::Monthly { monthly: true } | Trigger::Sweep { sweep: true } => {}
        Trigger::Monthly { monthly: false } | Trigger::Sweep { sweep: false } => return Ok(Value::Null),
    }
    let until = i64::try_from(event.context.deadline).ok().and_then(DateTime::from_timestamp_millis);
    let until = until.unwrap_or(DateTime::<Utc>::MAX_UTC) - REST;
    let work = Work::begin(app).await?;
    let tenants = app.store.all_tenants().await?;
    let done = stream::iter(tenants.into_values()).map(|tenant| {
        let work = &work;
        async move { if app.machine.now() < until { work.tenant(&tenant).await } else { Done::late(&tenant) } }
    });
    let done: Done = done.buffer_unordered(AT_ONCE).collect::<Vec<Done>>().await.into_iter().sum();
    if done != Done::default() {
        tracing::info!(kpi.months = done.months, kpi.reports = done.reports, kpi.failed = done.failed, "figures were reported");
    }
    Ok(json!({ "months": done.months, "reports": done.reports, "failed": done.failed }))
}
