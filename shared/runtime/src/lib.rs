//! What every function needs before it can handle its first event: its configuration ([`environment`]), the AWS
//! clients ([`aws`]), the business clock ([`clock`]), the log ([`log`]), and how S3 tells of an object ([`notification`]).
//!
//! This is the only room that reads the process environment or the system's clock.

pub mod aws;
pub mod clock;
pub mod environment;
mod http;
pub mod log;
pub mod notification;

pub use aws::Aws;
pub use clock::Clock;
pub use environment::{Environment, MissingVariables, SignInEnvironment};
