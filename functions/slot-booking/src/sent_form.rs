//! A request form as it was sent: `multipart/form-data` (RFC 7578), since it can bring a file along.

use std::{collections::BTreeMap, convert::Infallible};

use futures::stream;
use lambda_http::{Request, http::header};
use multer::{Multipart, bytes::Bytes};

use domain::interview::request_form::{Added, Change};

/// The field with the file.
pub const ATTACHMENT: &str = "attachment";

/// What was sent.
pub struct SentForm {
    fields: BTreeMap<String, String>,
    file: Option<(String, Bytes)>,
}

impl SentForm {
    /// The form in the body of `request`; `None` where it is none of ours.
    pub async fn of(request: &Request) -> Option<Self> {
        let kind = request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
        let body: &[u8] = request.body();
        let body = stream::iter([Ok::<_, Infallible>(body.to_vec())]);
        let mut parts = Multipart::new(body, multer::parse_boundary(kind).ok()?);
        let mut sent = Self { fields: BTreeMap::new(), file: None };
        while let Some(part) = parts.next_field().await.ok()? {
            let name = part.name()?.to_owned();
            if name == ATTACHMENT {
                let told = part.file_name().unwrap_or_default().to_owned();
                let content = part.bytes().await.ok()?;
                // A browser sends a part without name and content where nobody chose a file.
                sent.file = Some((told, content)).filter(|(told, content)| !told.is_empty() || !content.is_empty());
            } else {
                sent.fields.insert(name, part.text().await.ok()?);
            }
        }
        Some(sent)
    }

    /// A field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str)
    }

    /// The version of the form that was seen.
    pub fn version(&self) -> Option<u64> {
        self.get("version")?.parse().ok()
    }

    /// What it asks for; `None` where the file has no id.
    pub fn change(&self) -> Option<Change<'_>> {
        let add = match &self.file {
            Some((name, content)) => Some(Added { id: self.get("file")?.parse().ok()?, name, content }),
            None => None,
        };
        Some(Change { reason: self.get("reason"), add, remove: self.get("remove").and_then(|file| file.parse().ok()) })
    }

    /// The content of the file.
    pub fn content(&self) -> Option<Bytes> {
        self.file.as_ref().map(|(_, content)| content.clone())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use lambda_http::Body;

    use super::*;

    const ID: &str = "01KAS2WJ0000000000000FJ1E1";

    async fn sent(kind: &str, body: &[u8]) -> Option<SentForm> {
        let request = lambda_http::http::Request::builder().header("content-type", kind).body(Body::Binary(body.to_vec()));
        SentForm::of(&request.unwrap()).await
    }

    fn part(head: &str, content: &[u8]) -> Vec<u8> {
        [b"--b\r\ncontent-disposition: form-data; ", head.as_bytes(), b"\r\n\r\n", content, b"\r\n"].concat()
    }

    fn form(file: &[u8]) -> Vec<u8> {
        let reason = part("name=\"reason\"", "一行目\r\n二行目".as_bytes());
        [
            part("name=\"csrf\"", b"token"),
            part("name=\"version\"", b"3"),
            part("name=\"file\"", ID.as_bytes()),
            reason,
            file.to_vec(),
            b"--b--\r\n".to_vec(),
        ]
        .concat()
    }

    #[tokio::test]
    async fn a_form_with_a_file_is_read_byte_by_byte() {
        let content = b"%PDF-1.7\r\n--a\r\n--\r\n\x00\xff\r\n";
        let file = part("name=\"attachment\"; filename=\"診断書.pdf\"\r\ncontent-type: application/pdf", content);
        let sent = sent("multipart/form-data; boundary=b", &form(&file)).await.unwrap();
        let change = sent.change().unwrap();
        assert_eq!((sent.get("csrf"), sent.version(), change.reason), (Some("token"), Some(3), Some("一行目\r\n二行目")));
        let added = change.add.unwrap();
        assert_eq!((added.id.to_string().as_str(), added.name, added.content), (ID, "診断書.pdf", content.as_slice()));
        assert_eq!(sent.content().unwrap(), content.as_slice());
    }

    #[tokio::test]
    async fn a_form_in_which_nobody_chose_a_file_brings_none() {
        let nothing = part("name=\"attachment\"; filename=\"\"\r\ncontent-type: application/octet-stream", b"");
        for file in [nothing, Vec::new()] {
            let sent = sent("multipart/form-data; boundary=b", &form(&file)).await.unwrap();
            assert!(sent.change().unwrap().add.is_none() && sent.content().is_none());
        }
        let empty = part("name=\"attachment\"; filename=\"empty.pdf\"", b"");
        let sent = sent("multipart/form-data; boundary=b", &form(&empty)).await.unwrap();
        assert_eq!(sent.change().unwrap().add.map(|added| added.content.len()), Some(0));
    }

    #[tokio::test]
    async fn what_is_no_such_form_is_none() {
        for (kind, body) in [
            ("application/x-www-form-urlencoded", b"csrf=token".as_slice()),
            ("multipart/form-data", b"--b--"),
            ("multipart/form-data; boundary=b", b""),
            ("multipart/form-data; boundary=b", b"--b\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\ntoken"),
            ("multipart/form-data; boundary=b", b"--b\r\n\r\ntoken\r\n--b--\r\n"),
        ] {
            assert!(sent(kind, body).await.is_none(), "{kind} {body:?}");
        }
    }
}
