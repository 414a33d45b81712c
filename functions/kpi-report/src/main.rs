//! Wires `kpi-report`: environment → clients → run.

use kpi_report::{App, handle};
use lambda_runtime::{Error, run, service_fn};
use runtime::{Clock, Environment};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    runtime::log::start(environment.log);
    let app = App::new(&environment, Clock::system());
    run(service_fn(|event| handle(&app, event))).await
}
