//! People whose access ended leave no trace.
//!
//! * **Trigger:** the scheduler: `{"monthly":true}` on the first at 03:00 JST, `{"sweep":true}` every ten minutes. Both do the same,
//!   found by what is due, so that a trigger which is lost, doubled or killed does not matter. An operator: `{"restored":true}` after
//!   a table was restored, which looks at every member first.
//! * **Reads:** what is due (the index: roster rows whose holder left, members of whom nothing is heard; tenants whose contract is
//!   over), queued orders to erase, and everything that a person can have left behind.
//! * **Writes:** closes memberships (access, data key, claim and order in one transaction), deletes items and documents in all
//!   versions, takes employments out of the roster, counts it all in the tenant's run, and queues the certificate's mails; words to
//!   members a week before their end.
//! * **On failure:** who could not be erased stays due, or stays queued, and alarms; the next sweep goes on. Everything can be
//!   killed at any point and done again. Where time runs out nobody else is begun; the monthly run alarms then.
//!
//! In reading order: [`handle`] (the order of the work), `leavers`, `members`, `contracts` and `restored` (who is due), `close` (one
//! membership), `erase` with `look` (one order, until nothing is found), `runs` (counting), `complete` with `certificate`, `notice`.

mod certificate;
mod close;
mod complete;
mod contracts;
mod erase;
mod fresh;
mod interviews;
mod leavers;
mod look;
mod members;
mod notice;
mod restored;
mod runs;
mod work;

use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::{Value, json};

use runtime::{Aws, Clock, Environment};
use store::{DataKeys, Documents, Parameters, RosterFiles, Store};

use work::Work;

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    data_keys: DataKeys,
    parameters: Parameters,
    documents: Documents,
    files: RosterFiles,
    clock: Clock,
    /// The deadline is the machine's time, whatever the business clock shows.
    machine: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb_for_batches(), &environment.table, &environment.key_table),
            data_keys: DataKeys::new(aws.kms(), &environment.kms_key),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            files: RosterFiles::new(aws.s3(), &environment.bucket),
            clock,
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
    Restored { restored: bool },
}

/// Erases who is due: closes first, which is what protects people, then deletes, then certifies. Answers
/// `{"erased":…,"leavers":…,"open":…,"incomplete":…,"noop":…}`: members erased, employments taken out of rosters, orders that
/// are still queued, whether somebody who is due is left, whether nothing was to be done.
///
/// # Errors
/// A payload that is none of ours; a table that does not answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let trigger: Trigger = serde_json::from_value(event.payload)?;
    let (Trigger::Monthly { monthly: is_meant } | Trigger::Sweep { sweep: is_meant } | Trigger::Restored { restored: is_meant }) = trigger;
    if !is_meant {
        return Ok(Value::Null);
    }
    let work = Work::begin(app, event.context.deadline).await?;
    if matches!(trigger, Trigger::Restored { .. }) {
        restored::close(&work).await?;
    }
    leavers::close(&work).await?;
    members::close(&work).await?;
    contracts::close(&work).await?;
    let open = erase::all(&work).await?;
    complete::all(&work).await?;
    notice::all(&work).await?;
    let done = work.done();
    let incomplete = done.late || done.failed > 0;
    if incomplete && matches!(trigger, Trigger::Monthly { .. }) {
        tracing::warn!(alarm = "purge", purge.failed = done.failed, "the monthly purge could not erase everybody; the sweep goes on");
    }
    if !done.is_nothing() {
        tracing::info!(purge.erased = done.erased, purge.leavers = done.leavers, purge.open = open.len(), "people were erased");
    }
    Ok(json!({
        "erased": done.erased, "leavers": done.leavers, "open": open.len(), "incomplete": incomplete, "noop": done.is_nothing(),
    }))
}
