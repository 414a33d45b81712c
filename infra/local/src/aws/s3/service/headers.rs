//! What a request says about an object beside its bytes.

use axum::http::HeaderMap;
use s3s::{
    S3Error, S3Request, S3Result,
    dto::{CopyObjectInput, CreateMultipartUploadInput, ETag, ETagCondition, PutObjectInput, ServerSideEncryption, Timestamp},
    s3_error,
};

use super::timestamp;
use crate::aws::s3::{
    about::{About, Attributes, Content},
    store::Replace,
};

/// Headers that would change what is stored or who may read it, by their beginnings. What is not done is not passed over.
const NOT_DONE: [&str; 8] = [
    "x-amz-acl",
    "x-amz-grant-",
    "x-amz-object-lock-",
    "x-amz-server-side-encryption-customer-",
    "x-amz-copy-source-if-",
    "x-amz-tagging",
    "x-amz-website-redirect-location",
    "x-amz-write-offset-bytes",
];

/// Refuses what this S3 does not do.
pub fn refuse_not_done(headers: &HeaderMap) -> S3Result {
    match headers.keys().find(|name| NOT_DONE.iter().any(|not_done| name.as_str().starts_with(not_done))) {
        Some(name) => Err(s3_error!(NotImplemented, "the local S3 does not have {name}")),
        None => Ok(()),
    }
}

macro_rules! attributes {
    ($input:expr) => {{
        let input = $input;
        Attributes {
            cache_control: input.cache_control.clone(),
            content_disposition: input.content_disposition.clone(),
            content_encoding: input.content_encoding.clone(),
            content_language: input.content_language.clone(),
            content_type: input.content_type.clone(),
            metadata: input.metadata.clone().unwrap_or_default().into_iter().collect(),
            encryption: input.server_side_encryption.as_ref().map(|kind| kind.as_str().to_owned()),
            kms_key: input.ssekms_key_id.clone(),
        }
    }};
}

impl From<&PutObjectInput> for Attributes {
    fn from(input: &PutObjectInput) -> Self {
        attributes!(input)
    }
}

impl From<&CreateMultipartUploadInput> for Attributes {
    fn from(input: &CreateMultipartUploadInput) -> Self {
        attributes!(input)
    }
}

impl From<&CopyObjectInput> for Attributes {
    fn from(input: &CopyObjectInput) -> Self {
        attributes!(input)
    }
}

/// How an object is encrypted: as its writer said, else as S3 does unasked.
pub fn encryption(attributes: &Attributes) -> ServerSideEncryption {
    attributes.encryption.clone().map_or_else(|| ServerSideEncryption::from_static(ServerSideEncryption::AES256), Into::into)
}

/// What a write asks of the object that is there. S3 knows `If-None-Match: *` and, with an `ETag`, `If-Match`, which nobody
/// here uses.
pub fn replace(if_match: Option<&ETagCondition>, if_none_match: Option<&ETagCondition>) -> S3Result<Replace> {
    match (if_match, if_none_match) {
        (None, None) => Ok(Replace::Any),
        (None, Some(ETagCondition::Any)) => Ok(Replace::Nothing),
        _ => Err(s3_error!(NotImplemented, "a write has If-None-Match: * or no condition")),
    }
}

/// What a read asks of the object.
#[allow(clippy::struct_field_names, reason = "each is the header that it is named for")]
pub struct Conditions<'a> {
    pub if_match: Option<&'a ETagCondition>,
    pub if_none_match: Option<&'a ETagCondition>,
    pub if_modified_since: Option<&'a Timestamp>,
    pub if_unmodified_since: Option<&'a Timestamp>,
}

impl Conditions<'_> {
    /// Refuses as RFC 9110 section 13.2.2 has it: an `ETag` is asked before a time.
    pub fn check(&self, about: &About, content: &Content) -> S3Result {
        let e_tag = ETag::Strong(content.e_tag.clone());
        let modified = timestamp(about.modified);
        let is = |condition: &ETagCondition| match condition {
            ETagCondition::Any => true,
            ETagCondition::ETag(asked) => asked.weak_cmp(&e_tag),
        };
        let may = match (self.if_match, self.if_unmodified_since) {
            (Some(condition), _) => is(condition),
            (None, Some(since)) => modified <= *since,
            (None, None) => true,
        };
        let is_new = match (self.if_none_match, self.if_modified_since) {
            (Some(condition), _) => !is(condition),
            (None, Some(since)) => modified > *since,
            (None, None) => true,
        };
        match (may, is_new) {
            (false, _) => Err(s3_error!(PreconditionFailed)),
            (true, false) => Err(S3Error::new(s3s::S3ErrorCode::NotModified)),
            (true, true) => Ok(()),
        }
    }
}

/// A request whose headers can all be honoured.
pub fn honoured<T>(request: S3Request<T>) -> S3Result<S3Request<T>> {
    refuse_not_done(&request.headers)?;
    Ok(request)
}
