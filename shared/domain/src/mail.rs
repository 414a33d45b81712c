//! A mail as it waits in the outbox.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::personal::MailAddress;

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
}

impl Mail {
    /// A mail whose HTML part says the same as its text, with links that can be touched.
    pub fn new(to: MailAddress, subject: String, text: String) -> Self {
        let html = Some(html(&text));
        Self { to, subject, text, html }
    }
}

/// The HTML of a text: a paragraph for each block, a link for each line that is one. No external resource, inline styles only,
/// because mail programs drop everything else.
fn html(text: &str) -> String {
    let mut html = String::from(
        "<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"></head>\
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
    use super::*;

    #[test]
    fn the_html_says_the_same_and_nothing_in_it_is_markup_of_others() {
        let html = html("<b>さくら</b> & 様\n\nhttps://a.example.jp/?a=1&b=\"2\n以上");
        assert!(html.contains("&lt;b&gt;さくら&lt;/b&gt; &amp; 様</p>"), "{html}");
        assert!(html.contains("<a href=\"https://a.example.jp/?a=1&amp;b=&quot;2\""), "{html}");
        assert!(html.contains("</a><br>以上</p>"), "{html}");
    }
}
