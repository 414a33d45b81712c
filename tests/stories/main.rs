//! The stories, one file a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a story stops at the first surprise")]

mod budget;
mod consultation;
mod exactly_once;
mod fixtures;
mod hostile;
mod leaving;
mod outbox;
mod registration;
mod secrecy;
