//! A form as it was sent.

use std::collections::BTreeMap;

use lambda_http::Request;

use domain::{disclosure, personal::MessageText, phrase::Phrase};

use crate::change::{Form, LONGEST};

/// The fields of a form. A field that comes twice counts as it came last.
pub struct Fields(BTreeMap<String, String>);

impl Fields {
    /// The fields in the body of `request`.
    pub fn of(request: &Request) -> Self {
        let body: &[u8] = request.body();
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// One of them.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// What every act on a thread brings along.
    pub fn form(&self) -> Option<Form> {
        Some(Form { id: self.get("form")?.parse().ok()?, version: self.get("version")?.parse().ok()? })
    }

    /// The form of a disclosure.
    pub fn disclosure(&self) -> disclosure::Form<'_> {
        let get = |name| self.get(name).unwrap_or_default();
        disclosure::Form {
            reason: get("reason"),
            consent: get("consent"),
            contact: get("contact"),
            text: get("text"),
            confirmed: self.get("confirmed").is_some(),
        }
    }

    /// What the nurse wrote, with LINE's line ends.
    pub fn words(&self) -> Result<MessageText, Phrase> {
        let words = self.get("text").unwrap_or_default().replace("\r\n", "\n");
        match words.trim() {
            "" => Err(Phrase::DeskEmptyText),
            words if words.chars().count() > LONGEST => Err(Phrase::DeskLongText),
            words => Ok(MessageText::new(words)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(body: &str) -> Fields {
        Fields(url::form_urlencoded::parse(body.as_bytes()).into_owned().collect())
    }

    #[test]
    fn words_are_trimmed_and_have_to_be_there_and_to_fit() {
        let words = |text: &str| fields(&url::form_urlencoded::Serializer::new(String::new()).append_pair("text", text).finish()).words();
        assert_eq!(words(" こんにちは。\r\n<b>お大事に</b> \r\n"), Ok(MessageText::new("こんにちは。\n<b>お大事に</b>")));
        assert_eq!(words(" \r\n　"), Err(Phrase::DeskEmptyText));
        assert!(words(&"𠮷".repeat(2000)).is_ok());
        assert_eq!(words(&"𠮷".repeat(2001)), Err(Phrase::DeskLongText));
        assert_eq!(fields("").words(), Err(Phrase::DeskEmptyText));
    }

    #[test]
    fn a_form_names_itself_and_the_version_that_was_seen() {
        assert!(fields("form=6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001&version=3").form().is_some());
        for bad in
            ["", "form=x&version=3", "form=6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001", "form=6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001&version=-1"]
        {
            assert!(fields(bad).form().is_none(), "{bad}");
        }
    }
}
