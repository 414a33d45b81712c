//! Addresses of objects that a browser opens without credentials of its own: signed by this process, for one object, for a short
//! time. Signatures live by the machine's clock, documents by the business clock.

use std::time::Duration;

use aws_sdk_s3::{
    Client,
    presigning::{PresignedRequest, PresigningConfig},
};
use chrono::{DateTime, TimeDelta, Utc};

use domain::{document::DocumentType, personal::DocumentName};

use crate::{Documents, StoreError};

/// Who was let in begins to upload within this time.
const UPLOAD: Duration = Duration::from_mins(10);
/// Who opens a document does so at once.
const VIEW: TimeDelta = TimeDelta::seconds(60);

/// How one object is uploaded: a `PUT` with these headers. Its length is signed too; a browser sends that by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The address.
    pub url: String,
    /// Name and value, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Documents {
    /// Permits one upload of `bytes` bytes to `key`, for ten minutes, while nothing lies there.
    pub async fn upload_permit(&self, key: &str, media_type: &str, bytes: u64) -> Result<Upload, StoreError> {
        upload(&self.s3, &self.bucket, key, media_type, bytes).await
    }

    /// Scheme, host and port of the addresses that are permitted: a page's policy names them.
    pub async fn origin(&self) -> Result<String, StoreError> {
        origin(&self.s3, &self.bucket).await
    }

    /// The address at which a browser shows the document at `key` for a minute, or for the time that is left until `expires_at`;
    /// `None` where no whole second is.
    pub async fn view_link(
        &self,
        key: &str,
        kind: DocumentType,
        name: Option<&DocumentName>,
        expires_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<String>, StoreError> {
        let left = VIEW.min(expires_at - now);
        let Some(seconds) = u64::try_from(left.num_seconds()).ok().filter(|seconds| *seconds > 0) else { return Ok(None) };
        let get = self.s3.get_object().bucket(&self.bucket).key(key);
        let get = get.response_content_type(kind.media_type()).response_content_disposition(disposition(kind, name));
        let get = get.response_cache_control("no-store").presigned(lifetime(Duration::from_secs(seconds))?).await;
        Ok(Some(get.map_err(StoreError::unavailable("presigning a GetObject"))?.uri().to_owned()))
    }
}

/// Permits one upload of `bytes` bytes to `key`, for ten minutes, while nothing lies there.
pub async fn upload(s3: &Client, bucket: &str, key: &str, media_type: &str, bytes: u64) -> Result<Upload, StoreError> {
    let length = i64::try_from(bytes).map_err(StoreError::unavailable("presigning a PutObject"))?;
    let put = s3.put_object().bucket(bucket).key(key).content_type(media_type).content_length(length).if_none_match("*");
    let signed = put.presigned(lifetime(UPLOAD)?).await.map_err(StoreError::unavailable("presigning a PutObject"))?;
    let sent = signed.headers().filter(|(name, _)| !["content-length", "host"].contains(name));
    let headers = sent.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    Ok(Upload { url: signed.uri().to_owned(), headers })
}

/// Scheme, host and port of the addresses that are permitted.
pub async fn origin(s3: &Client, bucket: &str) -> Result<String, StoreError> {
    let get = s3.get_object().bucket(bucket).key("origin");
    let signed = get.presigned(lifetime(UPLOAD)?).await.map_err(StoreError::unavailable("presigning a GetObject"))?;
    Ok(origin_of(&signed).unwrap_or_default())
}

fn lifetime(lifetime: Duration) -> Result<PresigningConfig, StoreError> {
    PresigningConfig::expires_in(lifetime).map_err(StoreError::unavailable("presigning"))
}

fn origin_of(signed: &PresignedRequest) -> Option<String> {
    let (scheme, rest) = signed.uri().split_once("://")?;
    Some(format!("{scheme}://{}", rest.split(['/', '?']).next()?))
}

/// Shown by the browser, and saved under the name that the member gave (RFC 8187), which always ends as its content is.
fn disposition(kind: DocumentType, name: Option<&DocumentName>) -> String {
    let ending = kind.endings().first().copied().unwrap_or_default();
    let plain = format!("inline; filename=\"document{ending}\"");
    let Some(name) = name.map(|name| safe(name.expose())).filter(|name| !name.is_empty()) else { return plain };
    let ends = kind.endings().iter().any(|ending| name.to_lowercase().ends_with(ending));
    let name = if ends { name } else { name + ending };
    format!("{plain}; filename*=UTF-8''{}", encoded(&name))
}

/// Without what names a folder, ends a line, or turns the direction of writing around.
fn safe(name: &str) -> String {
    let unsafe_ = |c: char| {
        c.is_control()
            || "/\\:*?\"<>|".contains(c)
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    name.chars().filter(|c| !unsafe_(*c)).collect::<String>().trim_matches(['.', ' ']).to_owned()
}

/// `value-chars` of RFC 8187: letters, digits and some marks as they are.
fn encoded(text: &str) -> String {
    let as_is = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte);
    text.bytes().map(|byte| if as_is(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};

    use super::*;

    fn documents() -> Documents {
        let config = aws_sdk_s3::Config::builder().behavior_version(BehaviorVersion::latest()).region(Region::new("ap-northeast-1"));
        let config = config.credentials_provider(Credentials::new("id", "secret", None, None, "test"));
        Documents::new(aws_sdk_s3::Client::from_conf(config.build()), "bucket")
    }

    #[tokio::test]
    async fn an_upload_is_signed_with_its_length_its_type_and_that_nothing_is_there() {
        let upload = documents().upload_permit("uploads/a/b/c", "image/png", 123).await.unwrap();
        let signed = "X-Amz-SignedHeaders=content-length%3Bcontent-type%3Bhost%3Bif-none-match";
        assert!(upload.url.starts_with("https://bucket.s3.ap-northeast-1.amazonaws.com/uploads/a/b/c?"), "{}", upload.url);
        assert!(upload.url.contains(signed) && upload.url.contains("X-Amz-Expires=600"), "{}", upload.url);
        let mut headers = upload.headers;
        headers.sort();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(headers, [pair("content-type", "image/png"), pair("if-none-match", "*")]);
        assert_eq!(documents().origin().await.unwrap(), "https://bucket.s3.ap-northeast-1.amazonaws.com");
    }

    #[tokio::test]
    async fn a_document_is_shown_for_a_minute_or_until_its_month_is_over() {
        let expires = "2026-12-24T10:00:00+09:00".parse::<DateTime<Utc>>().unwrap();
        for (left, seconds) in
            [(3_600_000, Some(60)), (60_000, Some(60)), (59_999, Some(59)), (1_000, Some(1)), (999, None), (0, None), (-1, None)]
        {
            let now = expires - TimeDelta::milliseconds(left);
            let link = documents().view_link("documents/a/b/c", DocumentType::Pdf, None, expires, now).await.unwrap();
            let lives = |link: &str, seconds: u64| link.contains(&format!("X-Amz-Expires={seconds}&"));
            assert_eq!(link.as_ref().map(|_| ()), seconds.map(|_| ()), "{left}");
            assert!(link.iter().zip(seconds).all(|(link, seconds)| lives(link, seconds)), "{left}: {link:?}");
            assert!(link.iter().all(|link| link.contains("response-content-type=application%2Fpdf")), "{link:?}");
        }
    }

    #[test]
    fn a_name_cannot_leave_its_header_or_pretend_another_kind() {
        for (name, expected) in [
            ("診断書.pdf", "; filename*=UTF-8''%E8%A8%BA%E6%96%AD%E6%9B%B8.pdf"),
            ("a b'(1).PDF", "; filename*=UTF-8''a%20b%27%281%29.PDF"),
            ("x\r\nset-cookie: a=b", "; filename*=UTF-8''xset-cookie%20a%3Db.pdf"),
            ("../../page.html", "; filename*=UTF-8''page.html.pdf"),
            ("invoice\u{202e}fdp.exe", "; filename*=UTF-8''invoicefdp.exe.pdf"),
            ("\u{202e}/..", ""),
        ] {
            let shown = disposition(DocumentType::Pdf, Some(&DocumentName::new(name)));
            assert_eq!(shown, format!("inline; filename=\"document.pdf\"{expected}"));
        }
        assert_eq!(disposition(DocumentType::Heic, None), "inline; filename=\"document.heic\"");
    }
}
