//! Objects and their versions. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html>

use std::io;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use s3s::{
    S3Error, S3ErrorCode, S3Request, S3Result,
    dto::{
        CopyObjectInput, CopyObjectOutput, CopyObjectResult, CopySource, DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput,
        DeleteObjectsOutput, DeletedObject, ETag, GetObjectInput, GetObjectOutput, HeadObjectInput, HeadObjectOutput, MetadataDirective,
        PutObjectInput, PutObjectOutput, Range,
    },
    path::check_bucket_name,
    s3_error,
};

use super::{
    Service,
    headers::{Conditions, encryption, honoured, replace},
    signed, timestamp,
};
use crate::aws::s3::{
    about::{About, Attributes, Content},
    bytes::{Sums, disk, receive, send},
    notification::Made,
    store::{Bucket, Replace, Version, is_id},
};

const DELETE_MARKER: HeaderName = HeaderName::from_static("x-amz-delete-marker");
const VERSION: HeaderName = HeaderName::from_static("x-amz-version-id");

/// What a delete did.
struct Deleted {
    /// The version that is gone, or the marker that is new.
    version: String,
    /// Whether that is a delete marker.
    marker: bool,
}

/// What a read asks for.
struct Asked<'a> {
    key: &'a str,
    version: Option<&'a str>,
    range: Option<Range>,
    part: Option<i32>,
    conditions: Conditions<'a>,
}

/// What a read gets.
struct Found {
    version: Version,
    content: Content,
    /// The bytes that are asked for.
    wanted: std::ops::Range<u64>,
    /// Where they are in the whole, where a part is asked for.
    content_range: Option<String>,
}

// GetObject and HeadObject ask and tell the same in shapes of their own.
macro_rules! asked {
    ($input:expr) => {
        Asked {
            key: &$input.key,
            version: $input.version_id.as_deref(),
            range: $input.range,
            part: $input.part_number,
            conditions: Conditions {
                if_match: $input.if_match.as_ref(),
                if_none_match: $input.if_none_match.as_ref(),
                if_modified_since: $input.if_modified_since.as_ref(),
                if_unmodified_since: $input.if_unmodified_since.as_ref(),
            },
        }
    };
}

macro_rules! told {
    ($shape:ident, $found:expr) => {{
        let Found { version, content, wanted, content_range } = $found;
        let encryption = encryption(&content.attributes);
        let attributes = content.attributes;
        $shape {
            accept_ranges: Some("bytes".to_owned()),
            content_length: Some(signed(wanted.end - wanted.start)),
            content_range,
            e_tag: Some(ETag::Strong(content.e_tag)),
            last_modified: Some(timestamp(version.about.modified)),
            version_id: Some(version.id),
            server_side_encryption: Some(encryption),
            ssekms_key_id: attributes.kms_key,
            cache_control: attributes.cache_control,
            content_disposition: attributes.content_disposition,
            content_encoding: attributes.content_encoding,
            content_language: attributes.content_language,
            content_type: Some(attributes.content_type.unwrap_or_else(|| "binary/octet-stream".to_owned())),
            metadata: Some(attributes.metadata.into_iter().collect()),
            ..Default::default()
        }
    }};
}

impl Service {
    pub(super) async fn put(&self, request: S3Request<PutObjectInput>) -> S3Result<PutObjectOutput> {
        let mut request = honoured(request)?;
        let sums = Sums::of(&request);
        let body = request.input.body.take();
        let input = &request.input;
        let replace = replace(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let bucket = self.bucket(&input.bucket)?;
        let filled = bucket.begin().map_err(disk)?;
        let received = receive(body, &sums, &filled.body()).await?;
        let attributes = Attributes::from(input);
        let output = PutObjectOutput {
            e_tag: Some(ETag::Strong(received.e_tag.clone())),
            server_side_encryption: Some(encryption(&attributes)),
            ssekms_key_id: attributes.kms_key.clone(),
            ..Default::default()
        };
        let content = Content { size: received.size, e_tag: received.e_tag, attributes };
        let about = About { key: input.key.clone(), modified: self.machine.now(), content: Some(content) };
        Ok(PutObjectOutput { version_id: Some(bucket.put(filled, &about, replace, Made::Put)?), ..output })
    }

    pub(super) async fn get(&self, input: GetObjectInput) -> S3Result<GetObjectOutput> {
        let bucket = self.bucket(&input.bucket)?;
        let found = read(&bucket, &asked!(input))?;
        let opened = tokio::fs::File::open(bucket.body(&input.key, &found.version.id)).await;
        // Removed since it was found.
        let file = opened.map_err(|error| if error.kind() == io::ErrorKind::NotFound { s3_error!(NoSuchKey) } else { disk(error) })?;
        let body = send(file, found.wanted.clone()).await.map_err(disk)?;
        Ok(GetObjectOutput { body: Some(body), ..told!(GetObjectOutput, found) })
    }

    pub(super) fn head(&self, input: &HeadObjectInput) -> S3Result<HeadObjectOutput> {
        let found = read(&self.bucket(&input.bucket)?, &asked!(input))?;
        Ok(told!(HeadObjectOutput, found))
    }

    /// A copy holds the same bytes under the same `ETag`, in a version of its own.
    pub(super) fn copy(&self, request: S3Request<CopyObjectInput>) -> S3Result<CopyObjectOutput> {
        let input = honoured(request)?.input;
        let CopySource::Bucket { bucket, key, version_id } = &input.copy_source else {
            return Err(s3_error!(NotImplemented, "a copy is made from a bucket"));
        };
        if !check_bucket_name(bucket) {
            return Err(s3_error!(NoSuchBucket));
        }
        let (from, to) = (self.bucket(bucket)?, self.bucket(&input.bucket)?);
        let (source, mut content) = find(&from, key, version_id.as_deref())?;
        if input.metadata_directive.as_ref().is_some_and(|directive| directive.as_str() == MetadataDirective::REPLACE) {
            content.attributes = Attributes::from(&input);
        }
        let filled = to.begin().map_err(disk)?;
        std::fs::copy(from.body(key, &source.id), filled.body()).map_err(disk)?;
        let modified = self.machine.now();
        let result = CopyObjectResult {
            e_tag: Some(ETag::Strong(content.e_tag.clone())),
            last_modified: Some(timestamp(modified)),
            ..Default::default()
        };
        let encryption = encryption(&content.attributes);
        let about = About { key: input.key, modified, content: Some(content) };
        Ok(CopyObjectOutput {
            copy_object_result: Some(result),
            copy_source_version_id: Some(source.id),
            server_side_encryption: Some(encryption),
            version_id: Some(to.put(filled, &about, Replace::Any, Made::Copy)?),
            ..Default::default()
        })
    }

    pub(super) fn delete(&self, input: &DeleteObjectInput) -> S3Result<DeleteObjectOutput> {
        if input.if_match.is_some() {
            return Err(s3_error!(NotImplemented, "a delete has no condition"));
        }
        let bucket = self.bucket(&input.bucket)?;
        let deleted = self.delete_one(&bucket, &input.key, input.version_id.as_deref())?;
        Ok(DeleteObjectOutput { delete_marker: deleted.marker.then_some(true), version_id: Some(deleted.version), ..Default::default() })
    }

    pub(super) fn delete_all(&self, input: DeleteObjectsInput) -> S3Result<DeleteObjectsOutput> {
        let bucket = self.bucket(&input.bucket)?;
        if input.delete.objects.is_empty() || input.delete.objects.len() > 1000 {
            return Err(s3_error!(MalformedXML));
        }
        let mut deleted = Vec::new();
        for object in input.delete.objects {
            let done = self.delete_one(&bucket, &object.key, object.version_id.as_deref())?;
            deleted.push(DeletedObject {
                delete_marker: done.marker.then_some(true),
                delete_marker_version_id: done.marker.then_some(done.version),
                key: Some(object.key),
                version_id: object.version_id,
            });
        }
        let told = input.delete.quiet != Some(true);
        Ok(DeleteObjectsOutput { deleted: told.then_some(deleted), ..Default::default() })
    }

    /// Without a version: hides the object behind a delete marker, also where there is none. With one: removes it, bytes
    /// and all; that it is gone already is no error.
    fn delete_one(&self, bucket: &Bucket, key: &str, version: Option<&str>) -> S3Result<Deleted> {
        let Some(version) = version else {
            let about = About { key: key.to_owned(), modified: self.machine.now(), content: None };
            let marker = bucket.put(bucket.begin().map_err(disk)?, &about, Replace::Any, Made::DeleteMarker)?;
            return Ok(Deleted { version: marker, marker: true });
        };
        check_id(version)?;
        let removed = bucket.remove(key, version).map_err(disk)?;
        Ok(Deleted { version: version.to_owned(), marker: removed.is_some_and(|about| about.content.is_none()) })
    }
}

/// The version that is asked for, and the bytes of it, where the conditions hold.
fn read(bucket: &Bucket, asked: &Asked<'_>) -> S3Result<Found> {
    if asked.part.is_some() {
        return Err(s3_error!(NotImplemented, "an object is read as a whole or by range"));
    }
    let (version, content) = find(bucket, asked.key, asked.version)?;
    asked.conditions.check(&version.about, &content)?;
    let wanted = asked.range.map_or(Ok(0..content.size), |range| range.check(content.size))?;
    let content_range = asked.range.map(|_| format!("bytes {}-{}/{}", wanted.start, wanted.end.saturating_sub(1), content.size));
    Ok(Found { version, content, wanted, content_range })
}

/// The version of that id, or the latest.
fn find(bucket: &Bucket, key: &str, id: Option<&str>) -> S3Result<(Version, Content)> {
    if let Some(id) = id {
        check_id(id)?;
    }
    let versions = bucket.versions(key).map_err(disk)?;
    let found = versions.into_iter().find(|version| id.is_none_or(|id| version.id == id));
    let missing = if id.is_some() { S3ErrorCode::NoSuchVersion } else { S3ErrorCode::NoSuchKey };
    let version = found.ok_or_else(|| S3Error::new(missing))?;
    match version.about.content.clone() {
        Some(content) => Ok((version, content)),
        None => Err(hidden(&version.id, id.is_some())),
    }
}

/// A delete marker reads as if there were nothing, but says so; asked for by its id, it cannot be read at all.
fn hidden(id: &str, asked_for: bool) -> S3Error {
    let mut error = S3Error::new(if asked_for { S3ErrorCode::MethodNotAllowed } else { S3ErrorCode::NoSuchKey });
    let mut headers = HeaderMap::from_iter([(DELETE_MARKER, HeaderValue::from_static("true"))]);
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(VERSION, id);
    }
    error.set_headers(headers);
    error
}

fn check_id(id: &str) -> S3Result {
    if is_id(id) { Ok(()) } else { Err(s3_error!(InvalidArgument, "Invalid version id specified")) }
}
