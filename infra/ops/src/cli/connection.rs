//! Which installation a command speaks to.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use aws_config::{BehaviorVersion, Region};
use chrono::TimeDelta;
use clap::Args;
use serde::Deserialize;

use ops::{LineHosts, Ops, ParameterStore};
use runtime::{Clock, Environment};
use store::{RosterFiles, Store};
use url::Url;

use super::error::CliError;

/// The same variables that functions find in their environment. Credentials come as for every AWS tool: from variables, a
/// profile, single sign-on, a credential process.
#[derive(Debug, Args)]
#[command(next_help_heading = "Installation")]
pub struct Connection {
    /// Speak to the local system whose data is in DIR; everything below comes from there
    #[arg(long, global = true, value_name = "DIR", num_args = 0..=1, require_equals = true, default_missing_value = ".local")]
    local: Option<PathBuf>,
    /// The single table
    #[arg(long, global = true, value_name = "NAME", env = "HOKEN_TABLE")]
    table: Option<String>,
    /// The table of the members' keys
    #[arg(long, global = true, value_name = "NAME", env = "HOKEN_KEY_TABLE")]
    key_table: Option<String>,
    /// The bucket of documents and roster files
    #[arg(long, global = true, value_name = "NAME", env = "HOKEN_BUCKET")]
    bucket: Option<String>,
    /// Path of the installation's parameters in SSM, such as /hokenshitsu/prod
    #[arg(long, global = true, value_name = "PATH", env = "HOKEN_PARAMETERS")]
    parameters: Option<String>,
    /// KMS key that seals the parameters; the account's key for parameters where not set
    #[arg(long, global = true, value_name = "KEY", env = "HOKEN_KMS_KEY")]
    kms_key: Option<String>,
    /// AWS region; the profile's where not set
    #[arg(long, global = true, value_name = "REGION", env = "AWS_REGION")]
    region: Option<String>,
    /// Another address for all AWS services
    #[arg(long, global = true, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    endpoint_url: Option<String>,
    #[arg(help = "Another address for DynamoDB", long, global = true, value_name = "URL", env = "AWS_ENDPOINT_URL_DYNAMODB")]
    endpoint_url_dynamodb: Option<String>,
    /// Another address for S3
    #[arg(long, global = true, value_name = "URL", env = "AWS_ENDPOINT_URL_S3")]
    endpoint_url_s3: Option<String>,
    /// Another address for SSM
    #[arg(long, global = true, value_name = "URL", env = "AWS_ENDPOINT_URL_SSM")]
    endpoint_url_ssm: Option<String>,
    /// LINE's API
    #[arg(long, global = true, value_name = "URL", env = "HOKEN_LINE_API", default_value = "https://api.line.me/")]
    line_api: Url,
    /// LINE's host of pictures and files
    #[arg(long, global = true, value_name = "URL", env = "HOKEN_LINE_DATA_API", default_value = "https://api-data.line.me/")]
    line_data_api: Url,
}

/// Opens the installation that is meant.
pub async fn open(connection: &Connection) -> Result<Ops, CliError> {
    match &connection.local {
        Some(directory) => local(directory),
        None => aws(connection).await,
    }
}

async fn aws(connection: &Connection) -> Result<Ops, CliError> {
    let [table, key_table, parameters, bucket] = installation(connection)?;
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(runtime::aws::http_client());
    if let Some(region) = &connection.region {
        loader = loader.region(Region::new(region.clone()));
    }
    let config = loader.load().await;
    if config.region().is_none() {
        return Err(CliError::NotSet("--region (AWS_REGION)".to_owned()));
    }
    let address = |own: &Option<String>| own.clone().or_else(|| connection.endpoint_url.clone());
    let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(&config);
    if let Some(url) = address(&connection.endpoint_url_dynamodb) {
        dynamodb = dynamodb.endpoint_url(url);
    }
    let mut ssm = aws_sdk_ssm::config::Builder::from(&config);
    if let Some(url) = address(&connection.endpoint_url_ssm) {
        ssm = ssm.endpoint_url(url);
    }
    let mut s3 = aws_sdk_s3::config::Builder::from(&config);
    if let Some(url) = address(&connection.endpoint_url_s3) {
        s3 = s3.endpoint_url(url).force_path_style(true);
    }
    let files = RosterFiles::new(aws_sdk_s3::Client::from_conf(s3.build()), bucket);
    let store = Store::new(aws_sdk_dynamodb::Client::from_conf(dynamodb.build()), table, key_table);
    let parameters = ParameterStore::new(aws_sdk_ssm::Client::from_conf(ssm.build()), parameters, connection.kms_key.clone());
    let line = LineHosts { api: connection.line_api.clone(), data: connection.line_data_api.clone() };
    Ok(Ops::new(store, parameters, files, line, Clock::system()))
}

/// What says which installation is meant; what is missing is told all at once.
fn installation(connection: &Connection) -> Result<[&str; 4], CliError> {
    let said = [
        (&connection.table, "--table (HOKEN_TABLE)"),
        (&connection.key_table, "--key-table (HOKEN_KEY_TABLE)"),
        (&connection.parameters, "--parameters (HOKEN_PARAMETERS)"),
        (&connection.bucket, "--bucket (HOKEN_BUCKET)"),
    ];
    let missing: Vec<&str> = said.iter().filter(|(value, _)| value.is_none()).map(|(_, name)| *name).collect();
    if missing.is_empty() {
        Ok(said.map(|(value, _)| value.as_deref().unwrap_or_default()))
    } else {
        Err(CliError::NotSet(missing.join(", ")))
    }
}

/// How far the local system's clock is ahead of the machine's.
#[derive(Default, Deserialize)]
struct LocalClock {
    ahead_ms: i64,
}

fn local(directory: &Path) -> Result<Ops, CliError> {
    let file = directory.join("environment.json");
    let wrong = |why: String| CliError::Local { path: file.clone(), why };
    let json = std::fs::read(&file).map_err(|error| wrong(error.to_string()))?;
    let variables: BTreeMap<String, String> = serde_json::from_slice(&json).map_err(|error| wrong(error.to_string()))?;
    let environment = Environment::from_lookup(|name| variables.get(name).cloned()).map_err(|error| wrong(error.to_string()))?;
    Ok(Ops::of(&environment, local_clock(directory)))
}

/// The local system's clock, which a person can move: notice periods are judged by it.
fn local_clock(directory: &Path) -> Clock {
    let kept = std::fs::read(directory.join("clock.json")).ok().and_then(|json| serde_json::from_slice(&json).ok());
    let LocalClock { ahead_ms } = kept.unwrap_or_default();
    Clock::from_source(move || {
        let machine = Clock::system().now();
        machine.checked_add_signed(TimeDelta::milliseconds(ahead_ms)).unwrap_or(machine)
    })
}
