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
        Self { to, subject, text, html, calendar: None }
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
    let code = match language {
        Language::Ja => "ja",
        Language::En => "en",
    };
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
        let calendar = CalendarFile { method: CalendarMethod::Cancel, content: "BEGIN:VCALENDAR\r\n".to_owned() };
        let json = serde_json::to_string(&mail.clone().with(calendar.clone())).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&json).unwrap(), mail.with(calendar));
    }
}
