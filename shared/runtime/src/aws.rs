//! The AWS clients, built once per process over one connection pool.
//!
//! TLS is rustls with ring and only the roots that Amazon Trust Services publishes, embedded: parsing the system's
//! bundle was nine tenths of a cold start. `roots/amazon.pem` holds Amazon Root CA 1 to 4 and Starfield Services Root G2.

use std::time::Duration;

use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::timeout::{TimeoutConfig, TimeoutConfigBuilder};
use aws_types::{SdkConfig, region::Region};

use crate::{environment::AwsVariables, http};

const AMAZON_ROOTS: &[u8] = include_bytes!("../roots/amazon.pem");

/// A call that hangs must not take the function's time with it: the webhook answers LINE within 2 s.
const CONNECT_TIMEOUT: Duration = Duration::from_millis(500);
const ATTEMPT_TIMEOUT: Duration = Duration::from_millis(1500);
/// Whole rosters are read in pages of 1 MB, and nobody waits for the answer.
const BATCH_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);
/// SES knows no idempotency key: a mail that is given up too early comes twice. All tries fit into the lease of an outbox item.
const SES_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const S3_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(7);
/// With all tries: together with fetching a document it has to fit into the lease of an outbox item.
const S3_TIMEOUT: Duration = Duration::from_secs(14);

/// Gives out clients that share one connection pool; cheap to clone.
#[derive(Debug, Clone)]
pub struct Aws {
    config: SdkConfig,
    variables: AwsVariables,
}

macro_rules! clients {
    ($($(#[$doc:meta])* $name:ident: $sdk:ident, $service:literal, $timeout:expr;)+) => {$(
        $(#[$doc])*
        pub fn $name(&self) -> $sdk::Client {
            let mut config = $sdk::config::Builder::from(&self.config).timeout_config(patience($timeout).build());
            if let Some(endpoint) = self.endpoint($service) {
                config = config.endpoint_url(endpoint);
            }
            $sdk::Client::from_conf(config.build())
        }
    )+};
}

impl Aws {
    /// Reads nothing and connects to nothing yet.
    pub fn new(variables: &AwsVariables) -> Self {
        let credentials = Credentials::new(
            variables.access_key_id.clone(),
            variables.secret_access_key.clone(),
            variables.session_token.clone(),
            None,
            "environment",
        );
        let config = SdkConfig::builder()
            .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
            .region(Region::new(variables.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client())
            .build();
        Self::from_config(config, variables.clone())
    }

    fn from_config(config: SdkConfig, variables: AwsVariables) -> Self {
        Self { config, variables }
    }

    fn endpoint(&self, service: &str) -> Option<&str> {
        self.variables.endpoints.get(service).or_else(|| self.variables.endpoints.get("")).map(url::Url::as_str)
    }

    clients! {
        /// The tables.
        dynamodb: aws_sdk_dynamodb, "DYNAMODB", ATTEMPT_TIMEOUT;
        /// The tables, for functions that read and write many items and that nobody waits for.
        dynamodb_for_batches: aws_sdk_dynamodb, "DYNAMODB", BATCH_ATTEMPT_TIMEOUT;
        /// Wraps and unwraps data keys.
        kms: aws_sdk_kms, "KMS", ATTEMPT_TIMEOUT;
        /// Mail.
        ses: aws_sdk_sesv2, "SESV2", SES_ATTEMPT_TIMEOUT;
        /// Parameters: channel secrets and the installation's own secret.
        ssm: aws_sdk_ssm, "SSM", ATTEMPT_TIMEOUT;
    }

    /// Documents. Up to 20 MiB take longer than the calls of the other services.
    pub fn s3(&self) -> aws_sdk_s3::Client {
        let patience = patience(S3_ATTEMPT_TIMEOUT).operation_timeout(S3_TIMEOUT).build();
        let mut config = aws_sdk_s3::config::Builder::from(&self.config).timeout_config(patience);
        if let Some(endpoint) = self.endpoint("S3") {
            // An address of one's own has no subdomain for each bucket.
            config = config.endpoint_url(endpoint).force_path_style(true);
        }
        aws_sdk_s3::Client::from_conf(config.build())
    }
}

fn patience(attempt: Duration) -> TimeoutConfigBuilder {
    TimeoutConfig::builder().connect_timeout(CONNECT_TIMEOUT).operation_attempt_timeout(attempt)
}

/// The HTTP client of all AWS clients.
pub fn http_client() -> SharedHttpClient {
    http::client(AMAZON_ROOTS, CONNECT_TIMEOUT)
}
