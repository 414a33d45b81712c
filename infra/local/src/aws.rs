//! Stand-ins for the AWS services that the system calls. Each answers to any AWS SDK as the real service would, as far
//! as the system uses it, counts its requests and can be told to fail.

pub mod dynamodb;
pub mod feedback;
pub mod kms;
pub mod lambda;
pub mod router;
pub mod s3;
pub mod scheduler;
pub mod ses;
pub mod sqs;
pub mod ssm;
pub mod streams;
pub mod wire;

/// The region that everything here says it is in.
pub const REGION: &str = "ap-northeast-1";
/// The account that everything here says it belongs to.
pub const ACCOUNT: &str = "000000000000";
/// The only key id that S3 accepts; the other services accept any.
pub const ACCESS_KEY_ID: &str = "local";
/// The secret to [`ACCESS_KEY_ID`]. It guards nothing: every port is on loopback.
pub const SECRET_ACCESS_KEY: &str = "local-secret";

#[cfg(test)]
mod tests;
