//! Personal data: values that never show themselves. `Debug` prints `‹redacted›`, there is no `Display`; the one way
//! to the content is `expose`, which is easy to search for.

use serde::{Deserialize, Serialize};

macro_rules! personal {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The content, for sealing, sending and matching; never for a log.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("‹redacted›")
            }
        }
    )+};
}

macro_rules! taken_as_is {
    ($($name:ident),+) => {$(
        impl $name {
            /// Takes the text as it came.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }
        }
    )+};
}

personal! {
    /// A LINE user id as LINE sent it (case matters; the same person under every channel of one provider).
    LineUserId,
    /// What a person wrote in the chat.
    MessageText,
    /// The name of a file that a person sent; it often says what it is about.
    DocumentName,
    /// An employee number in its normal form, see [`crate::employee`].
    EmployeeNumber,
    /// A person's name as written, see [`crate::employee`].
    PersonName,
    /// A mail address, see [`MailAddress::parse`].
    MailAddress,
}

taken_as_is!(LineUserId, MessageText, DocumentName);

impl EmployeeNumber {
    /// Only [`crate::employee::parse_number`] makes one, so that every number is normalised.
    pub(crate) fn from_normalised(text: String) -> Self {
        Self(text)
    }
}

impl PersonName {
    /// Only [`crate::employee::parse_name`] makes one, so that no name is empty.
    pub(crate) fn from_checked(text: String) -> Self {
        Self(text)
    }
}

/// The text is no mail address that we would send to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address: one @ with a name before it and a domain with a dot after it is needed, in ASCII, without spaces")]
pub struct BadMailAddress;

impl MailAddress {
    /// Accepts `local@domain.tld` in printable ASCII, at most 254 characters (RFC 5321, 4.5.3.1.3). Whether it exists, only a mail tells.
    pub fn parse(text: &str) -> Result<Self, BadMailAddress> {
        let text = text.trim();
        let (local, domain) = text.split_once('@').ok_or(BadMailAddress)?;
        let printable = text.bytes().all(|b| b.is_ascii_graphic() && !b"<>()[],;:\\\"".contains(&b));
        let domain_ok = domain.contains('.') && domain.split('.').all(|label| !label.is_empty()) && !domain.contains('@');
        if text.len() > 254 || local.is_empty() || !printable || !domain_ok {
            return Err(BadMailAddress);
        }
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_data_prints_as_redacted() {
        let user = LineUserId::new("U4af4980629");
        assert_eq!(format!("{user:?}"), "‹redacted›");
    }

    #[test]
    fn mail_addresses_are_checked_before_anything_is_sent_to_them() {
        for good in ["a@b.jp", " hr.tanto+1@example.co.jp "] {
            assert!(MailAddress::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "@b.jp", "a@b", "a@b..jp", "a b@c.jp", "a@b@c.jp", "a@b.jp\r\nBcc: x@y.jp", "花子@example.jp"] {
            assert!(MailAddress::parse(bad).is_err(), "{bad}");
        }
    }
}
