//! Delivered roster files become the roster.

use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;

use runtime::{Aws, Clock, Environment};
use store::{Documents, Parameters, Store};

/// What the function needs, built once. Cheap to clone.
#[derive(Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    documents: Documents,
    clock: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            clock,
        }
    }
}

/// Handles an event.
///
/// # Errors
/// A payload that is none of ours.
pub async fn handle(app: &App, event: LambdaEvent<Value>) -> Result<Value, Error> {
    let _unfinished = (app, event);
    Ok(Value::Null)
}
