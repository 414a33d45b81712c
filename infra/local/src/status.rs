//! What `GET /local/status` tells: where every part answers, and who there is to play with.

use serde::Serialize;
use url::Url;

use crate::{demo::DemoTenant, provider::DemoPerson};

/// The addresses, the demo tenants and what an SDK needs to connect.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Where every part answers.
    pub addresses: Addresses,
    /// What to give an AWS SDK or CLI besides the addresses.
    pub aws: AwsAccess,
    /// The demo tenants.
    pub tenants: Vec<DemoTenant>,
    /// Demo people who can sign in.
    pub people: Vec<DemoPerson>,
}

/// Base addresses.
#[derive(Debug, Clone, Serialize)]
pub struct Addresses {
    /// The pages, the programs' interface and the functions.
    pub front: Url,
    /// Webhooks go to `{webhook}{channel}/webhook`.
    pub webhook: Url,
    /// `DynamoDB`.
    pub dynamodb: Url,
    /// S3.
    pub s3: Url,
    /// LINE's API.
    pub line: Url,
    /// KMS, SSM, SES and Scheduler.
    pub aws: Url,
}

/// Region, credentials and names. The secret is no secret: it opens nothing but this machine's own ports.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "each is the AWS word")]
pub struct AwsAccess {
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub table: String,
    pub key_table: String,
    pub kms_key: String,
    pub parameters: String,
    pub bucket: String,
}
