//! Bytes in and out: request bodies into files with their sums checked, and files into answers.

use std::{
    io::{self, SeekFrom},
    ops::Range,
    path::Path,
};

use axum::{body::Bytes, http::HeaderMap};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures::{Stream, StreamExt, stream::try_unfold};
use s3s::{
    S3Request, S3Result, TrailingHeaders,
    checksum::ChecksumHasher,
    crypto::{Checksum, Md5},
    dto::StreamingBlob,
    s3_error,
};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

use super::store::hex;

/// Bytes of a file that are in memory at once.
const PIECE: u64 = 64 * 1024;

/// What arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Bytes.
    pub size: u64,
    /// The `ETag` of what was sent in one piece: its MD5 sum, in hexadecimal digits.
    pub e_tag: String,
}

/// The sums that a sender gives with a body, in headers or after the body.
#[derive(Debug, Default)]
pub struct Sums {
    headers: HeaderMap,
    trailing: Option<TrailingHeaders>,
}

impl Sums {
    /// Those of `request`.
    pub fn of<T>(request: &S3Request<T>) -> Self {
        Self { headers: request.headers.clone(), trailing: request.trailing_headers.clone() }
    }

    /// Computes the sums that are given, or will be.
    fn hasher(&self) -> ChecksumHasher {
        let announced = self.headers.get("x-amz-trailer").and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
        let given = |name: &str| self.headers.contains_key(name) || announced.contains(name);
        ChecksumHasher {
            crc32: given("x-amz-checksum-crc32").then(Checksum::new),
            crc32c: given("x-amz-checksum-crc32c").then(Checksum::new),
            sha1: given("x-amz-checksum-sha1").then(Checksum::new),
            sha256: given("x-amz-checksum-sha256").then(Checksum::new),
            crc64nvme: given("x-amz-checksum-crc64nvme").then(Checksum::new),
        }
    }

    /// Whether what was computed is what was given.
    fn check(&self, md5: &[u8], hasher: ChecksumHasher) -> S3Result {
        let after = self.trailing.as_ref().and_then(TrailingHeaders::take).unwrap_or_default();
        let given = |name: &str| after.get(name).or_else(|| self.headers.get(name)).and_then(|value| value.to_str().ok());
        let sums = hasher.finalize();
        let computed = [
            ("content-md5", Some(BASE64_STANDARD.encode(md5))),
            ("x-amz-checksum-crc32", sums.checksum_crc32),
            ("x-amz-checksum-crc32c", sums.checksum_crc32c),
            ("x-amz-checksum-sha1", sums.checksum_sha1),
            ("x-amz-checksum-sha256", sums.checksum_sha256),
            ("x-amz-checksum-crc64nvme", sums.checksum_crc64nvme),
        ];
        for (name, computed) in computed {
            if given(name).is_some_and(|given| computed.as_deref() != Some(given)) {
                return Err(s3_error!(BadDigest, "{name} is not the sum of what arrived"));
            }
        }
        Ok(())
    }
}

/// Writes `body` to `file`, and refuses what does not have the sums that it came with.
pub async fn receive<E>(body: Option<impl Stream<Item = Result<Bytes, E>> + Unpin>, sums: &Sums, file: &Path) -> S3Result<Received> {
    let mut written = File::create(file).await.map_err(disk)?;
    let (mut md5, mut hasher, mut size) = (Md5::new(), sums.hasher(), 0_u64);
    if let Some(mut body) = body {
        while let Some(piece) = body.next().await {
            let piece = piece.map_err(|_| s3_error!(IncompleteBody))?;
            md5.update(&piece);
            hasher.update(&piece);
            written.write_all(&piece).await.map_err(disk)?;
            size = size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        }
    }
    written.flush().await.map_err(disk)?;
    let md5 = md5.finalize();
    sums.check(&md5, hasher)?;
    Ok(Received { size, e_tag: hex(&md5) })
}

/// The bytes `wanted` of `file`, which is open: it may be removed while it is read.
pub async fn send(mut file: File, wanted: Range<u64>) -> io::Result<StreamingBlob> {
    file.seek(SeekFrom::Start(wanted.start)).await?;
    let rest = file.take(wanted.end.saturating_sub(wanted.start));
    Ok(StreamingBlob::wrap(try_unfold(rest, async |mut rest| {
        let mut piece = Vec::with_capacity(usize::try_from(PIECE.min(rest.limit())).unwrap_or_default());
        let read = if piece.capacity() == 0 { 0 } else { rest.read_buf(&mut piece).await? };
        Ok::<_, io::Error>((read > 0).then(|| (Bytes::from(piece), rest)))
    })))
}

/// The disk's refusal as S3's.
pub fn disk(error: io::Error) -> s3s::S3Error {
    tracing::error!(%error, "S3 could not do its work");
    s3_error!(error, InternalError)
}
