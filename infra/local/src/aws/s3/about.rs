//! What is kept beside the bytes of a version.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A version of an object, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct About {
    /// The object's key; its folder has only a digest for a name.
    pub key: String,
    /// When the version was made, by the machine's clock, as signatures are.
    pub modified: DateTime<Utc>,
    /// `None`: a delete marker.
    pub content: Option<Content>,
}

/// What a version holds that is no delete marker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Content {
    /// Bytes.
    pub size: u64,
    /// Without the quotation marks.
    pub e_tag: String,
    /// What the bytes are served with.
    #[serde(flatten)]
    pub attributes: Attributes,
}

/// What the writer of an object says of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[allow(missing_docs, reason = "each is the header that it is named for")]
pub struct Attributes {
    pub cache_control: Option<String>,
    pub content_disposition: Option<String>,
    pub content_encoding: Option<String>,
    pub content_language: Option<String>,
    pub content_type: Option<String>,
    /// Headers `x-amz-meta-…`, without that.
    pub metadata: BTreeMap<String, String>,
    /// `AES256`, `aws:kms`: told again to whoever reads, and nothing more.
    pub encryption: Option<String>,
    pub kms_key: Option<String>,
}
