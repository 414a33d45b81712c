//! A mail with more than text and HTML, as mail programs want it. Outlook takes the alternative `text/calendar; method=…` for an
//! invitation, others offer the attached file. Pictures stand beside the HTML that shows them (RFC 2387), so that they are no attachments.

use chrono::{DateTime, Utc};
use mail_builder::{
    MessageBuilder,
    headers::{content_type::ContentType, date::Date, raw::Raw},
    mime::MimePart,
};
use uuid::Uuid;

use domain::mail::Mail;

use super::ID_HEADER;

/// The name of the attached file.
const FILE: &str = "invite.ics";

/// What the mail's head says besides recipient and subject.
pub struct Envelope<'a> {
    /// The sender as SES takes it: an address, or `Name <address>` in ASCII.
    pub from: &'a str,
    /// The outbox item's.
    pub id: Uuid,
    /// When this attempt is made.
    pub at: DateTime<Utc>,
}

/// Writes it.
pub fn write(envelope: &Envelope<'_>, mail: &Mail) -> Vec<u8> {
    let mut alternatives = vec![MimePart::new("text/plain", mail.text.as_str())];
    alternatives.extend(mail.html.as_deref().map(|html| with_pictures(MimePart::new("text/html", html), mail)));
    let mut attached = Vec::new();
    if let Some(calendar) = &mail.calendar {
        let invitation = ContentType::new("text/calendar").attribute("charset", "utf-8").attribute("method", calendar.method.as_str());
        alternatives.push(MimePart::new(invitation, calendar.content.as_str()));
        let file = MimePart::new(ContentType::new("application/ics").attribute("name", FILE), calendar.content.as_bytes());
        attached.push(file.attachment(FILE));
    }
    let alternatives = MimePart::new("multipart/alternative", alternatives);
    let body = if attached.is_empty() {
        alternatives
    } else {
        MimePart::new("multipart/mixed", [alternatives].into_iter().chain(attached).collect::<Vec<_>>())
    };

    let domain = envelope.from.rsplit_once('@').map_or("localhost", |(_, domain)| domain.trim_end_matches('>'));
    let mut written = Vec::new();
    MessageBuilder::new()
        .header("From", Raw::new(envelope.from))
        .to(mail.to.expose())
        .subject(mail.subject.as_str())
        .date(Date::new(envelope.at.timestamp()))
        .message_id(format!("{}@{domain}", envelope.id))
        .header(ID_HEADER, Raw::new(envelope.id.to_string()))
        .body(body)
        .serialize(&mut written);
    written
}

fn with_pictures<'a>(html: MimePart<'a>, mail: &'a Mail) -> MimePart<'a> {
    if mail.pictures.is_empty() {
        return html;
    }
    let pictures = mail.pictures.iter().map(|picture| {
        let kind = ContentType::new("image/png").attribute("name", format!("{}.png", picture.name));
        MimePart::new(kind, picture.png.as_slice()).inline().cid(picture.content_id())
    });
    let related = ContentType::new("multipart/related").attribute("type", "text/html");
    MimePart::new(related, [html].into_iter().chain(pictures).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::{
        mail::{CalendarFile, CalendarMethod, Picture},
        personal::MailAddress,
    };
    use mail_parser::{MessageParser, MimeHeaders};

    use super::*;

    const ICS: &str =
        "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:面談のお知らせ、面談のお知らせ、面談\r\n のお知らせ\r\nEND:VCALENDAR\r\n";

    fn mail() -> Mail {
        let to = MailAddress::parse("taro@example.co.jp").unwrap();
        let subject = "【面談の取り消しのご案内】2027年1月12日(火) 10:00".to_owned();
        Mail::new(to, subject, "山田太郎 様\n\n取り消されました。\n.\n".to_owned())
            .with(CalendarFile { method: CalendarMethod::Cancel, content: ICS.to_owned() })
    }

    fn written(from: &str) -> Vec<u8> {
        let mail = mail();
        let envelope = Envelope { from, id: Uuid::from_u128(7), at: "2026-11-24T00:00:00Z".parse().unwrap() };
        write(&envelope, &mail)
    }

    #[test]
    fn another_program_reads_what_was_written() {
        let written = written("yoyaku@example.jp");
        let read = MessageParser::default().parse(&written).unwrap();
        assert_eq!(read.subject(), Some(mail().subject.as_str()));
        assert_eq!(read.body_text(0).unwrap().replace("\r\n", "\n"), mail().text);
        assert_eq!(read.body_html(0).unwrap(), mail().html.unwrap());
        assert_eq!(read.message_id(), Some("00000000-0000-0000-0000-000000000007@example.jp"));
        assert_eq!(read.header_raw("X-Hoken-Id").unwrap().trim(), Uuid::from_u128(7).to_string());
        assert_eq!(read.date().unwrap().to_rfc3339(), "2026-11-24T00:00:00Z");
        let calendars: Vec<(String, &[u8])> = read
            .parts
            .iter()
            .filter_map(|part| {
                let kind = part.content_type().filter(|kind| matches!(kind.subtype(), Some("calendar" | "ics")))?;
                let about = kind.attribute("method").or(part.attachment_name()).unwrap_or_default();
                Some((format!("{}/{} {about}", kind.ctype(), kind.subtype().unwrap_or_default()), part.contents()))
            })
            .collect();
        let (alternative, attached) = ("text/calendar CANCEL".to_owned(), "application/ics invite.ics".to_owned());
        assert_eq!(calendars, [(alternative, ICS.as_bytes()), (attached, ICS.as_bytes())]);
    }

    #[test]
    fn pictures_stand_beside_the_html_that_shows_them_and_are_no_attachments() {
        let picture = Picture { name: "people".to_owned(), png: vec![0x89, b'P', b'N', b'G', 0, 255] };
        let mail = Mail { calendar: None, pictures: vec![picture.clone()], ..mail() };
        let envelope = Envelope { from: "yoyaku@example.jp", id: Uuid::from_u128(7), at: "2026-11-24T00:00:00Z".parse().unwrap() };
        let written = write(&envelope, &mail);
        let read = MessageParser::default().parse(&written).unwrap();
        let kinds: Vec<String> = read
            .parts
            .iter()
            .filter_map(|part| Some((part.content_type()?, part)))
            .map(|(kind, part)| format!("{}/{} {}", kind.ctype(), kind.subtype().unwrap(), part.content_id().unwrap_or_default()))
            .collect();
        assert_eq!(
            kinds.iter().map(|kind| kind.trim()).collect::<Vec<_>>(),
            ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png people@hokenshitsu"]
        );
        assert_eq!(read.body_html(0).unwrap(), mail.html.unwrap());
        let shown = read.parts.iter().find(|part| part.content_id().is_some()).unwrap();
        assert_eq!((shown.contents(), shown.content_disposition().unwrap().ctype()), (picture.png.as_slice(), "inline"));
    }

    #[test]
    fn the_wire_has_ascii_in_short_lines_that_end_with_cr_lf() {
        let written = String::from_utf8(written("Yoyaku <yoyaku@example.jp>")).unwrap();
        assert!(written.is_ascii() && !written.replace("\r\n", "").contains(['\r', '\n']));
        assert!(written.split("\r\n").all(|line| line.len() <= 78), "{written}");
        assert!(written.contains("From: Yoyaku <yoyaku@example.jp>\r\n") && written.contains("@example.jp>\r\nX-Hoken-Id:"), "{written}");
    }
}
