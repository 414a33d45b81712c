//! SES v2: takes mails in and keeps them in `<data>/mail`, a file each, for the mailbox page.

use std::{
    io,
    path::{Path, PathBuf},
};

use axum::http::StatusCode;
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use mail_parser::{Address, MessageParser, MimeHeaders};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ulid::Ulid;

use crate::{aws::wire::AwsError, kept};

/// Recipients of one mail, as SES limits them.
const MOST_RECIPIENTS: usize = 50;

/// The mailbox of everybody.
#[derive(Debug, Clone)]
pub struct Mailbox {
    directory: PathBuf,
}

/// A mail as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mail {
    /// SES's message id; it sorts by time.
    pub id: String,
    /// When it was sent, by the local clock.
    pub at: DateTime<Utc>,
    /// The sender.
    pub from: String,
    /// Everybody in To, Cc and Bcc.
    pub to: Vec<String>,
    /// The subject, decoded.
    pub subject: String,
    /// The text part.
    pub text: Option<String>,
    /// The HTML part.
    pub html: Option<String>,
    /// The attached files, pictures in the HTML part included.
    pub attachments: Vec<Attachment>,
    /// The message as it came, where it came whole.
    pub raw: Option<String>,
    /// Sent to an address `bounce@…`: it came back.
    pub bounced: bool,
    /// Sent to an address `complaint@…`: it was reported as unwanted.
    #[serde(default)]
    pub complained: bool,
}

/// What becomes of a mail that does not just arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// It came back.
    Bounced,
    /// It was reported as unwanted.
    Complained,
}

impl Why {
    /// What becomes of mails to `address`: as those of SES's mailbox simulator do, addresses say it themselves.
    fn of(address: &str) -> Option<Self> {
        match bare(address).split_once('@')?.0 {
            "bounce" => Some(Self::Bounced),
            "complaint" => Some(Self::Complained),
            _ => None,
        }
    }

    /// As SES calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bounced => "Bounce",
            Self::Complained => "Complaint",
        }
    }
}

impl Mail {
    /// Recipients whom it did not just reach.
    pub fn failures(&self) -> impl Iterator<Item = (Why, &str)> {
        self.to.iter().filter_map(|address| Some((Why::of(address)?, bare(address))))
    }
}

/// A file in a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The file's name.
    pub name: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub media_type: String,
    /// What the HTML part calls it: `cid:<content id>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_id: Option<String>,
    /// Its bytes.
    pub base64: String,
}

impl Mailbox {
    /// Opens `<data>/mail`.
    pub fn open(data: &Path) -> io::Result<Self> {
        let directory = data.join("mail");
        std::fs::create_dir_all(&directory)?;
        Ok(Self { directory })
    }

    /// Every mail, oldest first.
    pub fn all(&self) -> io::Result<Vec<Mail>> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.directory)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        files.iter().map(|file| Ok(serde_json::from_slice(&std::fs::read(file)?)?)).collect()
    }

    /// Takes the mail of a `SendEmail` in.
    pub fn send(&self, request: &Value, now: DateTime<Utc>) -> Result<Mail, AwsError> {
        let at_millis = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        #[allow(clippy::disallowed_methods, reason = "SES draws its message ids itself")]
        let id = Ulid::from_parts(at_millis, Ulid::new().random()).to_string();
        let mail = parse(request, id, now)?;
        kept::write(&self.directory.join(format!("{}.json", mail.id)), &mail).map_err(|error| AwsError::internal(&error))?;
        Ok(mail)
    }
}

fn parse(request: &Value, id: String, at: DateTime<Utc>) -> Result<Mail, AwsError> {
    let text = |pointer: &str| request.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
    let named: Vec<String> = ["ToAddresses", "CcAddresses", "BccAddresses"]
        .iter()
        .filter_map(|kind| request.pointer(&format!("/Destination/{kind}"))?.as_array())
        .flatten()
        .filter_map(|address| address.as_str().map(str::to_owned))
        .collect();
    let mut mail = Mail {
        id,
        at,
        from: text("/FromEmailAddress").unwrap_or_default(),
        to: named,
        subject: text("/Content/Simple/Subject/Data").unwrap_or_default(),
        text: text("/Content/Simple/Body/Text/Data"),
        html: text("/Content/Simple/Body/Html/Data"),
        attachments: Vec::new(),
        raw: None,
        bounced: false,
        complained: false,
    };
    if let Some(raw) = text("/Content/Raw/Data") {
        read_raw(&mut mail, &raw)?;
    } else if request.pointer("/Content/Simple").is_some() {
        let attachments = request.pointer("/Content/Simple/Attachments").and_then(Value::as_array).into_iter().flatten();
        mail.attachments = attachments.filter_map(simple_attachment).collect();
    } else {
        return Err(AwsError::new("BadRequestException", "the content is neither Simple nor Raw"));
    }
    check(&mail)?;
    let failures: Vec<Why> = mail.failures().map(|(why, _)| why).collect();
    (mail.bounced, mail.complained) = (failures.contains(&Why::Bounced), failures.contains(&Why::Complained));
    Ok(mail)
}

fn read_raw(mail: &mut Mail, raw: &str) -> Result<(), AwsError> {
    let malformed = || AwsError::new("BadRequestException", "the raw message cannot be read");
    let bytes = BASE64_STANDARD.decode(raw).map_err(|_| malformed())?;
    let message = MessageParser::default().parse(&bytes).ok_or_else(malformed)?;
    if mail.from.is_empty() {
        mail.from = addresses(message.from()).into_iter().next().unwrap_or_default();
    }
    if mail.to.is_empty() {
        mail.to = [message.to(), message.cc(), message.bcc()].into_iter().flat_map(addresses).collect();
    }
    message.subject().unwrap_or_default().clone_into(&mut mail.subject);
    // mail-parser would make a text of the HTML part, and the other way round, where there is only one.
    let text = message.text_bodies().find(|part| part.is_text() && !part.is_text_html());
    let html = message.html_bodies().find(|part| part.is_text_html());
    mail.text = text.and_then(|part| part.text_contents()).map(str::to_owned);
    mail.html = html.and_then(|part| part.text_contents()).map(str::to_owned);
    mail.attachments = message
        .attachments()
        .map(|part| Attachment {
            name: part.attachment_name().unwrap_or("file").to_owned(),
            media_type: part.content_type().map_or("application/octet-stream".to_owned(), |kind| {
                format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("octet-stream"))
            }),
            content_id: part.content_id().map(str::to_owned),
            base64: BASE64_STANDARD.encode(part.contents()),
        })
        .collect();
    mail.raw = Some(String::from_utf8_lossy(&bytes).into_owned());
    Ok(())
}

fn simple_attachment(attachment: &Value) -> Option<Attachment> {
    let text = |name: &str| attachment.get(name).and_then(Value::as_str).map(str::to_owned);
    Some(Attachment {
        name: text("FileName")?,
        media_type: text("ContentType").unwrap_or_else(|| "application/octet-stream".to_owned()),
        content_id: text("ContentId"),
        base64: text("RawContent")?,
    })
}

fn addresses(header: Option<&Address<'_>>) -> Vec<String> {
    header.into_iter().flat_map(Address::iter).filter_map(|address| address.address()).map(str::to_owned).collect()
}

/// The address without a name before it: `保健室 <a@example.com>` is `a@example.com`.
fn bare(address: &str) -> &str {
    address.rsplit_once('<').map_or(address, |(_, rest)| rest.trim_end_matches('>'))
}

fn check(mail: &Mail) -> Result<(), AwsError> {
    let refused = |message: &str| Err(AwsError::new("BadRequestException", message).with_status(StatusCode::BAD_REQUEST));
    let is_address = |address: &str| {
        let parts = bare(address).split_once('@');
        parts.is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.') && bare(address).is_ascii())
    };
    if !is_address(&mail.from) {
        return refused("Missing or illegal sender");
    }
    if mail.to.is_empty() || mail.to.len() > MOST_RECIPIENTS {
        return refused("A mail has 1 to 50 recipients");
    }
    if !mail.to.iter().all(|address| is_address(address)) {
        return refused("Illegal address");
    }
    Ok(())
}
