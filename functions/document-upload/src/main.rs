//! Wires `document-upload`: environment → clients → run.

use document_upload::{App, handle};
use lambda_http::{Error, run, service_fn};
use runtime::{Clock, Environment};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    runtime::log::start(environment.log);
    let app = App::new(&environment, Clock::system());
    run(service_fn(|request| handle(&app, request))).await
}
