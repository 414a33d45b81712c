//! Personal data: values that never show themselves. `Debug` prints `‹redacted›`, there is no `Display`; the one way
//! to the content is `expose`, which is easy to search for.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

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
    /// A person's phone number in Japan, see [`PhoneNumber::parse`].
    PhoneNumber,
    /// What a contact writes about an employee who is to be interviewed.
    Wishes,
}

taken_as_is!(LineUserId, MessageText, DocumentName, Wishes);

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

    /// The form in which addresses of the same mailbox are alike: mail servers give them back in capitals of their own.
    pub fn normalised(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether both are addresses of the same mailbox.
    pub fn is_same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

/// The text is no phone number in Japan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number in Japan: 11 digits such as 090-1234-5678, or 10 such as 03-1234-5678")]
pub struct BadPhoneNumber;

impl PhoneNumber {
    /// Takes a number however it is typed: in full width, with hyphens, brackets or spaces, or with `+81` in the place of the 0.
    /// Kept are its 10 or 11 digits.
    pub fn parse(text: &str) -> Result<Self, BadPhoneNumber> {
        let between = |c: &char| c.is_whitespace() || "-‐‑‒–—―−ー()".contains(*c);
        let typed: String = text.nfkc().filter(|c| !between(c)).collect();
        let digits = match typed.strip_prefix("+81") {
            Some(national) => format!("0{}", national.strip_prefix('0').unwrap_or(national)),
            None => typed,
        };
        // Mobile and internet phones (050 to 090) have 11 digits, all others 10: a digit that was forgotten is noticed.
        let length = if matches!(digits.as_bytes(), [b'0', b'5'..=b'9', b'0', ..]) { 11 } else { 10 };
        let fits = digits.starts_with('0') && !digits.starts_with("00") && digits.bytes().all(|b| b.is_ascii_digit());
        if fits && digits.len() == length { Ok(Self(digits)) } else { Err(BadPhoneNumber) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_read_however_it_is_typed() {
        for (text, digits) in [
            ("090-1234-5678", Some("09012345678")),
            ("０９０（１２３４）５６７８", Some("09012345678")),
            ("090ー1234ー5678", Some("09012345678")),
            (" 03 1234 5678\n", Some("0312345678")),
            ("+81 90-1234-5678", Some("09012345678")),
            ("+81 (0)3-1234-5678", Some("0312345678")),
            ("", None),
            ("110", None),
            ("90-1234-5678", None),
            ("0090-1234-5678", None),
            ("0120-123-456", Some("0120123456")),
            ("090-1234-567", None),
            ("03-1234-56789", None),
            ("090-1234-56789", None),
            ("090-1234-5678 内線 12", None),
            ("+1 212 555 0100", None),
        ] {
            assert_eq!(PhoneNumber::parse(text).ok().as_ref().map(PhoneNumber::expose), digits, "{text}");
        }
    }

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
