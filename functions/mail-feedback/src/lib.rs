//! Addresses that mails do not reach, or whose owners do not want them, are marked, and the operator is told (row D3).
//!
//! * **Trigger:** SES's events about the mails that it took, through SNS.
//! * **Reads:** the mark; whose address it is: contacts of all tenants, nurses, settings.
//! * **Writes:** the mark with a mail to the operators, in one transaction. The address of nobody of these is not marked, since it may
//!   be an employee's, to whom an invitation to an interview went; the operators are told of that too.
//! * **On failure:** Lambda invokes again, and in the end the event lies in the dead-letter queue; so does what SES would never
//!   send. An event that comes twice, or two about one address at once, find the mark and tell nobody a second time.
//!
//! In reading order: [`handle`], `feedback` (what SES says), `mark` (what is done), `holders` (whose address it is).

mod feedback;
mod holders;
mod mark;

use lambda_runtime::{Error, LambdaEvent};
use serde::Deserialize;
use serde_json::Value;

use runtime::{Aws, Clock, Environment};
use store::{Parameters, Store};

use feedback::{Feedback, Unreadable};

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    clock: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb_for_batches(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            clock,
        }
    }
}

/// What SNS hands to a function. <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "Records")]
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "Sns")]
    sns: Notification,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "Message")]
    message: String,
}

/// Marks the addresses that the event says are not reached.
///
/// # Errors
/// An event that is none of SES's, which is told without its content; a table that does not answer.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<(), Error> {
    // What serde says of a value would repeat it.
    let event: Event = serde_json::from_value(event.payload).map_err(|_| Unreadable)?;
    for record in event.records {
        match feedback::read(&record.sns.message)? {
            Feedback::Failed(failed) => {
                for address in &failed.addresses {
                    mark::mark(app, &failed, address).await?;
                }
            }
            Feedback::Passing { message } => tracing::info!(mail.message = message, "a mail did not arrive for now"),
            Feedback::Other => {}
        }
    }
    Ok(())
}
