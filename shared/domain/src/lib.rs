//! The rules of the service and their words. Nothing here knows AWS, tokio, the environment or a clock: time,
//! randomness and ids come in as arguments.

pub mod employee;
pub mod id;
pub mod personal;
