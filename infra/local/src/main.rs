//! `cargo local`: the whole system on this machine, until Ctrl-C.

use std::{io, path::PathBuf, process::ExitCode};

use clap::Parser;
use local::{Error, directory::Directory, log, status::Status, system};
use tokio::signal::unix::{SignalKind, signal};

/// Runs the whole system on this machine, on loopback only.
#[derive(Debug, Parser)]
#[command(name = "local")]
struct Arguments {
    /// Where everything is kept over a restart
    #[arg(long, default_value = ".local")]
    data: PathBuf,
    /// The front's port; `DynamoDB`, S3, the other AWS services and LINE take the next four (0: any free ones)
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Begin anew: empties the data directory first
    #[arg(long)]
    fresh: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[allow(clippy::print_stderr, reason = "the answer to the person who started it")]
            {
                eprintln!("local: {error}");
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Error> {
    let directory = Directory::open(&arguments.data, arguments.fresh)?;
    log::start(directory.path())?;
    let running = system::start_in(directory, arguments.port, None).await?;
    greet(&running.status, &arguments);
    until_told_to_stop().await?;
    running.stop().await;
    Ok(())
}

/// Ctrl-C, or the signal by which scripts end a process.
async fn until_told_to_stop() -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted,
        _ = terminate.recv() => Ok(()),
    }
}

#[allow(clippy::print_stdout, reason = "the list of addresses is what one starts this for")]
fn greet(status: &Status, arguments: &Arguments) {
    let addresses = &status.addresses;
    println!("Hokenshitsu runs on this machine. Ctrl-C stops it.\n");
    println!("  front      {}", addresses.front);
    println!("  webhook    {}{{channel}}/webhook", addresses.webhook);
    println!("  DynamoDB   {}", addresses.dynamodb);
    println!("  S3         {}", addresses.s3);
    println!("  AWS        {}   (KMS, SSM, SES, Scheduler)", addresses.aws);
    println!("  LINE       {}", addresses.line);
    println!("  status     {}local/status", addresses.front);
    println!("  data, log  {0}, {0}/log.jsonl\n", arguments.data.display());
    for tenant in &status.tenants {
        let front = addresses.front.as_str().trim_end_matches('/');
        println!("  {}: {front}{}", tenant.name, tenant.registration_link);
    }
}
