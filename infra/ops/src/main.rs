//! `ops`: the operator's command. It answers on standard output, tells what is to be mended on standard error, and ends with
//! 0, with 2 where the operator has to say something otherwise, and with 1 where the installation failed.

mod cli;

use std::process::ExitCode;

use clap::Parser;

use crate::cli::{Arguments, output};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let as_json = arguments.json;
    match cli::run(arguments).await {
        Ok(report) => {
            output::show(&report, as_json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            output::tell(&error);
            ExitCode::from(error.exit_code())
        }
    }
}
