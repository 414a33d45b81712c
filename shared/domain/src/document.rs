//! Documents of a consultation (row B5): pictures and files that a member sent. What they are is decided by their content,
//! never by their name, and they go after one calendar month.

use chrono::{DateTime, Months, Utc};
use serde::{Deserialize, Serialize};

use crate::time;

/// Bytes of a document at most: 20 MiB.
pub const LARGEST: usize = 20 * 1024 * 1024;
/// Documents of a consultation at most, counted where one is to be uploaded.
pub const MOST: usize = 20;

/// What a document can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DocumentType {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// HEIC, as telephones take pictures.
    Heic,
}

impl DocumentType {
    /// What `content` is by its first bytes; `None` where it is nothing that is kept.
    pub fn of(content: &[u8]) -> Option<Self> {
        match infer::get(content)?.mime_type() {
            "application/pdf" => Some(Self::Pdf),
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            "image/heif" => Some(Self::Heic),
            _ => None,
        }
    }

    /// Its media type (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Heic => "image/heic",
        }
    }

    /// The endings of file names that go with it, the usual one first.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &[".pdf"],
            Self::Jpeg => &[".jpg", ".jpeg"],
            Self::Png => &[".png"],
            Self::Heic => &[".heic", ".heif"],
        }
    }
}

/// Why a file is not taken before anybody has seen its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotTaken {
    /// There is nothing in it.
    Empty,
    /// More than [`LARGEST`].
    TooLarge,
    /// Its sender says that it is something else.
    OtherType,
    /// The consultation has [`MOST`] documents.
    TooMany,
}

/// Media types that a browser gives to what can be a document; many know none for HEIC and give nothing.
const UPLOADABLE: [&str; 8] =
    ["application/pdf", "image/jpeg", "image/jpg", "image/pjpeg", "image/png", "image/heic", "image/heif", "application/octet-stream"];
const UNKNOWN: &str = "application/octet-stream";

/// Whether a file of `bytes` that claims to be `media_type` can be added to the `kept` documents of a consultation; answers the
/// media type under which it is to be sent. What it really is, its content decides later.
pub fn may_upload(bytes: u64, media_type: &str, kept: usize) -> Result<&'static str, NotTaken> {
    let claimed = if media_type.trim().is_empty() { UNKNOWN } else { media_type.trim() };
    match usize::try_from(bytes) {
        Ok(0) => return Err(NotTaken::Empty),
        Ok(bytes) if bytes <= LARGEST => {}
        Ok(_) | Err(_) => return Err(NotTaken::TooLarge),
    }
    let known = UPLOADABLE.into_iter().find(|known| known.eq_ignore_ascii_case(claimed)).ok_or(NotTaken::OtherType)?;
    if kept < MOST { Ok(known) } else { Err(NotTaken::TooMany) }
}

/// Why a document is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum NotKept {
    /// More than [`LARGEST`].
    TooLarge,
    /// None of [`DocumentType`].
    OtherType,
    /// LINE does not have it (any more).
    NotFetched,
}

/// From when on a document that was sent at `sent` cannot be read: one calendar month later at the same time of day, by
/// Japanese clocks; where that month has no such day, on its last one (31 January → 28 February).
pub fn expires(sent: DateTime<Utc>) -> DateTime<Utc> {
    let sent = time::jst(sent);
    sent.checked_add_months(Months::new(1)).map_or(DateTime::<Utc>::MAX_UTC, |at| at.to_utc())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn what_a_document_is_is_told_by_its_content() {
        for (content, expected) in [
            (b"%PDF-1.7\n".as_slice(), Some(DocumentType::Pdf)),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", Some(DocumentType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Some(DocumentType::Png)),
            (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", Some(DocumentType::Heic)),
            (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", Some(DocumentType::Heic)),
            (b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", None),
            (b"GIF89a", None),
            (b"PK\x03\x04", None),
            (b"<html><script>alert(1)</script>", None),
            (b"MZ\x90\x00", None),
            (b"", None),
        ] {
            assert_eq!(DocumentType::of(content), expected, "{content:?}");
        }
    }

    #[test]
    fn a_file_is_taken_by_its_size_its_claim_and_how_many_there_are() {
        for (bytes, claim, kept, expected) in [
            (1, "application/pdf", 0, Ok("application/pdf")),
            (20 * 1024 * 1024, "IMAGE/JPEG", 19, Ok("image/jpeg")),
            (5, "", 0, Ok("application/octet-stream")),
            (5, "image/heif", 0, Ok("image/heif")),
            (0, "application/pdf", 0, Err(NotTaken::Empty)),
            (20 * 1024 * 1024 + 1, "application/pdf", 0, Err(NotTaken::TooLarge)),
            (u64::MAX, "application/pdf", 0, Err(NotTaken::TooLarge)),
            (5, "image/svg+xml", 0, Err(NotTaken::OtherType)),
            (5, "text/html", 0, Err(NotTaken::OtherType)),
            (5, "image/png", 20, Err(NotTaken::TooMany)),
        ] {
            assert_eq!(may_upload(bytes, claim, kept), expected, "{bytes} {claim} {kept}");
        }
    }

    #[test]
    fn a_document_goes_after_one_calendar_month_at_the_same_time_of_day() {
        for (sent, gone) in [
            ("2027-01-31T10:20:30+09:00", "2027-02-28T10:20:30+09:00"),
            ("2028-01-31T10:20:30+09:00", "2028-02-29T10:20:30+09:00"),
            ("2026-11-24T00:00:00+09:00", "2026-12-24T00:00:00+09:00"),
            // By the Japanese calendar it is the first already, by UTC still the 31st.
            ("2026-11-01T03:00:00+09:00", "2026-12-01T03:00:00+09:00"),
            ("2026-12-31T23:59:59+09:00", "2027-01-31T23:59:59+09:00"),
        ] {
            assert_eq!(expires(sent.parse().unwrap()), gone.parse::<DateTime<Utc>>().unwrap(), "{sent}");
        }
    }
}
