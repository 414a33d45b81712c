//! Wires `mail-feedback`: environment → clients → run.

use lambda_runtime::{Error, run, service_fn};
use mail_feedback::{App, handle};
use runtime::{Clock, Environment};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    runtime::log::start(environment.log);
    let app = App::new(&environment, Clock::system());
    run(service_fn(|event| handle(&app, event))).await
}
