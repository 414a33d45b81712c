//! A mail as it waits in the outbox.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::{personal::MailAddress, text::Language};

/// A mail to one person. The sender is the installation's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// To whom.
    pub to: MailAddress,
    /// One line; no health word in it.
    pub subject: String,
    /// The text part; complete.
    pub text: String,
    /// The HTML part, which says the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub html: Option<String>,
    /// What the recipient's calendar makes of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarFile>,
    /// What the HTML part shows of itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pictures: Vec<Picture>,
}

/// A PNG file that comes with a mail: its HTML part shows it as `cid:` and its [content id](Self::content_id), so that nothing is
/// fetched from anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// Its name: ASCII letters.
    pub name: String,
    /// The file.
    #[serde(with = "base64_text")]
    pub png: Vec<u8>,
}

impl Picture {
    /// What the HTML part calls it (RFC 2392); it has the form of a message id.
    pub fn content_id(&self) -> String {
        format!("{}@hokenshitsu", self.name)
    }
}

/// An iCalendar file (RFC 5545) that goes with a mail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CalendarFile {
    /// The file's METHOD, which stands in the mail's headers too.
    pub method: CalendarMethod,
    /// The file.
    pub content: String,
}

/// What a calendar is to do with a file (RFC 5546, 1.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CalendarMethod {
    /// Put the entry in, or in the place of a former one.
    #[serde(rename = "REQUEST")]
    Request,
    /// Take the entry out.
    #[serde(rename = "CANCEL")]
    Cancel,
}

impl CalendarMethod {
    /// As files and headers write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

impl Mail {
    /// A mail whose HTML part says the same as its text, with links that can be touched.
    pub fn new(to: MailAddress, subject: String, text: String) -> Self {
        Self::in_language(Language::Ja, to, subject, text)
    }

    /// The same, where it may be in another language than Japanese.
    pub fn in_language(language: Language, to: MailAddress, subject: String, text: String) -> Self {
        let html = Some(html(language, &text));
        Self { to, subject, text, html, calendar: None, pictures: Vec::new() }
    }

    /// A mail whose HTML part is written for it.
    pub const fn with_html(to: MailAddress, subject: String, text: String, html: String, pictures: Vec<Picture>) -> Self {
        Self { to, subject, text, html: Some(html), calendar: None, pictures }
    }

    /// The mail with a file for the recipient's calendar.
    #[must_use]
    pub fn with(self, calendar: CalendarFile) -> Self {
        Self { calendar: Some(calendar), ..self }
    }
}

/// The HTML of a text: a paragraph for each block, a link for each line that is one. No external resource, inline styles only,
/// because mail programs drop everything else.
fn html(language: Language, text: &str) -> String {
    let code = language.code();
    let mut html = format!(
        "<!DOCTYPE html><html lang=\"{code}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"></head>\
         <body style=\"margin:0;padding:16px;background:#ffffff\">\
         <div style=\"max-width:600px;margin:0 auto;font-family:sans-serif;font-size:15px;line-height:1.7;color:#222222\">",
    );
    for block in text.trim().split("\n\n") {
        html.push_str("<p style=\"margin:0 0 16px\">");
        for (place, line) in block.lines().enumerate() {
            let line_break = if place == 0 { "" } else { "<br>" };
            let escaped = escape(line);
            let is_link = line.starts_with("https://") || line.starts_with("http://");
            // Writing to a String does not fail.
            let _ = if is_link {
                write!(html, "{line_break}<a href=\"{escaped}\" style=\"color:#0b5fa5;word-break:break-all\">{escaped}</a>")
            } else {
                write!(html, "{line_break}{escaped}")
            };
        }
        html.push_str("</p>");
    }
    html.push_str("</div></body></html>");
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

mod base64_text {
    use base64::{Engine, prelude::BASE64_STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&BASE64_STANDARD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        BASE64_STANDARD.decode(String::deserialize(from)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn the_html_says_the_same_and_nothing_in_it_is_markup_of_others() {
        let html = html(Language::Ja, "<b>さくら</b> & 様\n\nhttps://a.example.jp/?a=1&b=\"2\n以上");
        assert!(html.contains("&lt;b&gt;さくら&lt;/b&gt; &amp; 様</p>"), "{html}");
        assert!(html.contains("<a href=\"https://a.example.jp/?a=1&amp;b=&quot;2\""), "{html}");
        assert!(html.contains("</a><br>以上</p>"), "{html}");
    }

    #[test]
    fn a_mail_that_was_queued_before_there_were_calendars_reads_and_is_written_as_before() {
        let queued = r#"{"to":"hr@example.jp","subject":"件名","text":"本文","html":"<p>本文</p>"}"#;
        let mail: Mail = serde_json::from_str(queued).unwrap();
        assert_eq!(mail.calendar, None);
        assert_eq!(serde_json::to_string(&mail).unwrap(), queued);
        let pictured = Mail { pictures: vec![Picture { name: "people".to_owned(), png: vec![0x89, b'P'] }], ..mail.clone() };
        assert_eq!(serde_json::from_str::<Mail>(&serde_json::to_string(&pictured).unwrap()).unwrap(), pictured);
        let calendar = CalendarFile { method: CalendarMethod::Cancel, content: "BEGIN:VCALENDAR\r\n".to_owned() };
        let json = serde_json::to_string(&mail.clone().with(calendar.clone())).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&json).unwrap(), mail.with(calendar));
    }
}
