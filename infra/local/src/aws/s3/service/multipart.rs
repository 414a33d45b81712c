//! Objects that come in parts. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>

use std::{fs::File, io, path::PathBuf};

use chrono::{DateTime, Utc};
use s3s::{
    S3Request, S3Result,
    crypto::{Checksum, Md5},
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput, CompleteMultipartUploadOutput, CompletedPart,
        CreateMultipartUploadInput, CreateMultipartUploadOutput, ETag, ListPartsInput, ListPartsOutput, Part, UploadPartInput,
        UploadPartOutput,
    },
    s3_error,
};
use serde::{Deserialize, Serialize};

use super::{
    Service,
    headers::{encryption, honoured, replace},
    signed, timestamp,
};
use crate::aws::s3::{
    about::{About, Attributes, Content},
    bytes::{Sums, disk, receive},
    notification::Made,
    store::{Bucket, folders, hex, is_id, read_about, unique},
};

/// The numbers that parts can have.
const NUMBERS: std::ops::RangeInclusive<i32> = 1..=10_000;
/// Bytes of a part at least, the last one excepted.
const SMALLEST: u64 = 5 * 1024 * 1024;
/// Parts on one page of a list at most.
const MOST: i32 = 1000;

/// An upload that is under way.
#[derive(Debug, Serialize, Deserialize)]
struct Upload {
    key: String,
    attributes: Attributes,
}

/// A part that has arrived.
#[derive(Debug, Serialize, Deserialize)]
struct Arrived {
    #[serde(skip)]
    number: i32,
    size: u64,
    e_tag: String,
    modified: DateTime<Utc>,
}

impl Service {
    pub(super) fn begin_upload(&self, request: S3Request<CreateMultipartUploadInput>) -> S3Result<CreateMultipartUploadOutput> {
        let input = honoured(request)?.input;
        let bucket = self.bucket(&input.bucket)?;
        let upload = Upload { key: input.key.clone(), attributes: Attributes::from(&input) };
        let id = unique();
        let folder = bucket.begin().map_err(disk)?;
        bucket.replace(folder, &upload, &bucket.upload(&id)).map_err(disk)?;
        Ok(CreateMultipartUploadOutput {
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(id),
            server_side_encryption: Some(encryption(&upload.attributes)),
            ssekms_key_id: upload.attributes.kms_key,
            ..Default::default()
        })
    }

    /// A part that comes again takes the place of the one with its number.
    pub(super) async fn put_part(&self, request: S3Request<UploadPartInput>) -> S3Result<UploadPartOutput> {
        let request = honoured(request)?;
        let sums = Sums::of(&request);
        let input = request.input;
        if !NUMBERS.contains(&input.part_number) {
            return Err(s3_error!(InvalidArgument, "Part number must be an integer between 1 and 10000, inclusive"));
        }
        let bucket = self.bucket(&input.bucket)?;
        let upload = find(&bucket, &input.key, &input.upload_id)?;
        let filled = bucket.begin().map_err(disk)?;
        let received = receive(input.body, &sums, &filled.body()).await?;
        let e_tag = Some(ETag::Strong(received.e_tag.clone()));
        let arrived = Arrived { number: input.part_number, size: received.size, e_tag: received.e_tag, modified: self.machine.now() };
        let place = bucket.upload(&input.upload_id).join(folder_of(input.part_number));
        bucket.replace(filled, &arrived, &place).map_err(gone_or)?;
        Ok(UploadPartOutput { e_tag, server_side_encryption: Some(encryption(&upload.attributes)), ..Default::default() })
    }

    pub(super) fn parts_of(&self, input: ListPartsInput) -> S3Result<ListPartsOutput> {
        let bucket = self.bucket(&input.bucket)?;
        find(&bucket, &input.key, &input.upload_id)?;
        let after = input.part_number_marker.unwrap_or_default();
        let most = input.max_parts.unwrap_or(MOST).clamp(0, MOST);
        let mut parts = arrived(&bucket, &input.upload_id)?;
        parts.retain(|part| part.number > after);
        let count = usize::try_from(most).unwrap_or_default();
        let more = parts.len() > count;
        parts.truncate(count);
        Ok(ListPartsOutput {
            next_part_number_marker: parts.last().filter(|_| more).map(|part| part.number),
            is_truncated: Some(more),
            parts: Some(parts.into_iter().map(shown).collect()),
            bucket: Some(input.bucket),
            key: Some(input.key),
            upload_id: Some(input.upload_id),
            part_number_marker: Some(after),
            max_parts: Some(most),
            ..Default::default()
        })
    }

    /// Puts the named parts together as a new version.
    pub(super) fn complete(&self, input: CompleteMultipartUploadInput) -> S3Result<CompleteMultipartUploadOutput> {
        let replace = replace(input.if_match.as_ref(), input.if_none_match.as_ref())?;
        let bucket = self.bucket(&input.bucket)?;
        let upload = find(&bucket, &input.key, &input.upload_id)?;
        let named = input.multipart_upload.and_then(|upload| upload.parts).unwrap_or_default();
        let parts = chosen(arrived(&bucket, &input.upload_id)?, &named)?;
        let folder = bucket.upload(&input.upload_id);
        let filled = bucket.begin().map_err(disk)?;
        let mut whole = File::create(filled.body()).map_err(disk)?;
        let (mut size, mut sums) = (0, Vec::new());
        for part in &parts {
            let body = folder.join(folder_of(part.number)).join("body");
            size += File::open(body).and_then(|mut part| io::copy(&mut part, &mut whole)).map_err(gone_or)?;
            sums.extend(from_hex(&part.e_tag));
        }
        let e_tag = format!("{}-{}", hex(&Md5::checksum(&sums)), parts.len());
        let encryption = encryption(&upload.attributes);
        let content = Content { size, e_tag: e_tag.clone(), attributes: upload.attributes };
        let about = About { key: input.key.clone(), modified: self.machine.now(), content: Some(content) };
        let version = bucket.put(filled, &about, replace, Made::CompleteMultipartUpload)?;
        bucket.discard(&folder).map_err(disk)?;
        Ok(CompleteMultipartUploadOutput {
            location: Some(format!("/{}/{}", input.bucket, input.key)),
            bucket: Some(input.bucket),
            key: Some(input.key),
            e_tag: Some(ETag::Strong(e_tag)),
            version_id: Some(version),
            server_side_encryption: Some(encryption),
            ..Default::default()
        })
    }

    pub(super) fn abort(&self, input: &AbortMultipartUploadInput) -> S3Result<AbortMultipartUploadOutput> {
        let bucket = self.bucket(&input.bucket)?;
        find(&bucket, &input.key, &input.upload_id)?;
        bucket.discard(&bucket.upload(&input.upload_id)).map_err(disk)?;
        Ok(AbortMultipartUploadOutput::default())
    }
}

/// The upload of that id, where it is one of `key`.
fn find(bucket: &Bucket, key: &str, id: &str) -> S3Result<Upload> {
    let known = if is_id(id) { read_about::<Upload>(&bucket.upload(id)).map_err(disk)? } else { None };
    known.filter(|upload| upload.key == key).ok_or_else(|| s3_error!(NoSuchUpload))
}

/// The parts that have arrived, by number.
fn arrived(bucket: &Bucket, upload: &str) -> S3Result<Vec<Arrived>> {
    let folder = bucket.upload(upload);
    let mut parts = Vec::new();
    for name in folders(&folder).map_err(disk)? {
        let Ok(number) = name.parse() else { continue };
        parts.extend(read_about::<Arrived>(&folder.join(name)).map_err(disk)?.map(|part| Arrived { number, ..part }));
    }
    parts.sort_by_key(|part| part.number);
    Ok(parts)
}

/// The parts that are named, where they are all there as they are named, in order, and large enough.
fn chosen(mut arrived: Vec<Arrived>, named: &[CompletedPart]) -> S3Result<Vec<Arrived>> {
    let numbers: Vec<i32> = named.iter().filter_map(|part| part.part_number).collect();
    if numbers.is_empty() || numbers.len() != named.len() {
        return Err(s3_error!(MalformedXML));
    }
    if !numbers.is_sorted_by(|one, next| one < next) {
        return Err(s3_error!(InvalidPartOrder));
    }
    let is_named = |part: &Arrived| {
        let e_tag = |named: &CompletedPart| named.e_tag.as_ref().is_none_or(|e_tag| e_tag.value() == part.e_tag);
        named.iter().any(|named| named.part_number == Some(part.number) && e_tag(named))
    };
    arrived.retain(is_named);
    if arrived.len() != named.len() {
        return Err(s3_error!(InvalidPart));
    }
    match arrived.split_last() {
        Some((_, others)) if others.iter().any(|part| part.size < SMALLEST) => Err(s3_error!(EntityTooSmall)),
        Some(_) | None => Ok(arrived),
    }
}

fn shown(part: Arrived) -> Part {
    Part {
        part_number: Some(part.number),
        size: Some(signed(part.size)),
        e_tag: Some(ETag::Strong(part.e_tag)),
        last_modified: Some(timestamp(part.modified)),
        ..Default::default()
    }
}

fn folder_of(number: i32) -> PathBuf {
    PathBuf::from(format!("{number:05}"))
}

/// The upload was completed or aborted meanwhile.
fn gone_or(error: io::Error) -> s3s::S3Error {
    if error.kind() == io::ErrorKind::NotFound { s3_error!(NoSuchUpload) } else { disk(error) }
}

fn from_hex(digits: &str) -> impl Iterator<Item = u8> {
    let digits = digits.as_bytes().chunks_exact(2).filter_map(|pair| std::str::from_utf8(pair).ok());
    digits.filter_map(|pair| u8::from_str_radix(pair, 16).ok())
}
