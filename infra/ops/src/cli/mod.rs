//! From the command line to an act and back to words: `arguments` is what can be said, `connection` says to which
//! installation, `act` carries it out, `report` is what comes back, `output` writes it.

mod act;
mod arguments;
mod audit;
mod connection;
mod desk;
mod error;
mod kpi;
mod ledger;
mod menu;
pub mod output;
mod report;
mod secret;
mod template;
mod value;
mod view;

pub use arguments::Arguments;

use error::CliError;
use report::Report;

/// Carries out a command.
pub async fn run(arguments: Arguments) -> Result<Report, CliError> {
    let ops = connection::open(&arguments.connection).await?;
    act::act(&ops, arguments.command).await
}
