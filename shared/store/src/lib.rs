//! The single table, the key table, and what is sealed in them.
//!
//! [`keys`] is the only author of keys; `entity` holds one file an entity, each with its keys, its mapping, its access
//! patterns and its erasure kind; [`transaction`] is how anything is written; [`seal`], [`data_key`] and [`installation`] keep
//! secrets; [`documents`] are objects in S3; [`parameters`] reads channel and installation secrets from SSM. Every read is a Get or a Query: nothing is scanned.
//! `docs/table.md` charts all of it, and a test keeps the chart true.

mod batch;
pub mod data_key;
pub mod documents;
pub mod entity;
pub mod error;
mod fetch;
pub mod installation;
pub mod keys;
pub mod parameters;
mod presigned;
pub mod roster_files;
pub mod seal;
pub mod transaction;
pub mod upload_link;

pub use data_key::{DataKey, DataKeys};
pub use documents::Documents;
pub use error::StoreError;
pub use fetch::{Fetched, Wanted};
pub use installation::Installation;
pub use keys::Key;
pub use parameters::Parameters;
pub use presigned::Upload;
pub use roster_files::RosterFiles;
pub use transaction::{Cancelled, Guard, Transaction};
pub use upload_link::UploadLink;

/// The tables, through the official client. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
    key_table: String,
}

impl Store {
    /// The store over `table` and `key_table`; nothing is called yet.
    pub fn new(dynamodb: aws_sdk_dynamodb::Client, table: impl Into<String>, key_table: impl Into<String>) -> Self {
        Self { dynamodb, table: table.into(), key_table: key_table.into() }
    }

    /// Begins a transaction (at most 100 items, 4 MB).
    pub fn transaction(&self) -> Transaction<'_> {
        Transaction::new(self)
    }
}
