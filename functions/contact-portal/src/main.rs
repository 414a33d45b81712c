//! Wires `contact-portal`: environment → clients → run.

use contact_portal::{App, handle};
use lambda_http::{Error, run, service_fn};
use runtime::{Clock, Environment, SignInEnvironment};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let environment = Environment::from_process()?;
    let sign_in = SignInEnvironment::from_process()?;
    runtime::log::start(environment.log);
    let app = App::new(&environment, &sign_in, Clock::system());
    run(service_fn(|request| handle(&app, request))).await
}
