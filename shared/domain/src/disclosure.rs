//! What a nurse may disclose to a tenant's contact (row B4, 「緊急度の高い相談」): for which reason, whether the member was asked,
//! and only the text that was written for it.

use serde::{Deserialize, Serialize};

use crate::phrase::Phrase;

macro_rules! choices {
    ($(#[$about:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $code:literal, $phrase:ident;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $code)] $name),+
        }

        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in forms and in the table.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What people read.
            pub const fn phrase(self) -> Phrase {
                match self { $(Self::$name => Phrase::$phrase),+ }
            }

            /// The one with this code.
            pub fn of_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|each| each.code() == code)
            }
        }
    };
}

choices! {
    /// Why it may be disclosed.
    Reason {
        /// Life or body of somebody is in danger.
        Life = "life", ReasonLife;
        /// A law demands it.
        Law = "law", ReasonLaw;
    }
}

choices! {
    /// Whether the member agreed.
    Consent {
        /// The member agreed.
        Given = "given", ConsentGiven;
        /// The member did not.
        Refused = "refused", ConsentRefused;
        /// The member was not asked: there was no time.
        NoTime = "no-time", ConsentNoTime;
        /// The member was not asked: nobody answered.
        NotReachable = "not-reachable", ConsentNotReachable;
        /// The member was not asked: that would have endangered somebody.
        WouldEndanger = "would-endanger", ConsentWouldEndanger;
    }
}

impl Consent {
    /// Whether the member was asked.
    pub const fn was_sought(self) -> bool {
        matches!(self, Self::Given | Self::Refused)
    }
}

/// The text that is disclosed: 1 to 2000 characters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Disclosed(String);

impl Disclosed {
    /// Characters at most.
    pub const MAX: usize = 2000;

    /// The content, for sealing and sending; never for a log.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Disclosed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("‹redacted›")
    }
}

/// The form as it came.
#[derive(Clone, Copy, Default)]
pub struct Form<'a> {
    /// [`Reason::code`].
    pub reason: &'a str,
    /// [`Consent::code`].
    pub consent: &'a str,
    /// The id of one of the tenant's contacts.
    pub contact: &'a str,
    /// What is disclosed.
    pub text: &'a str,
    /// Whether the nurse has looked at contact and text once more: it cannot be taken back.
    pub confirmed: bool,
}

impl std::fmt::Debug for Form<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("reason", &self.reason).field("consent", &self.consent).finish_non_exhaustive()
    }
}

/// A disclosure that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// Why.
    pub reason: Reason,
    /// Whether the member agreed.
    pub consent: Consent,
    /// To which of the tenant's contacts.
    pub contact: String,
    /// What.
    pub text: Disclosed,
}

/// What is missing in a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Missing {
    /// No reason is chosen.
    #[error("a reason is needed: life, law")]
    Reason,
    /// Nothing says whether the member was asked.
    #[error("it has to be said whether the member agreed: given, refused, no-time, not-reachable, would-endanger")]
    Consent,
    /// None of the tenant's contacts is chosen.
    #[error("one of the tenant's contacts is needed")]
    Contact,
    /// No text, or too long a one.
    #[error("a text of 1 to {} characters is needed", Disclosed::MAX)]
    Text,
    /// Contact and text were not looked at once more.
    #[error("it has to be confirmed")]
    Confirmation,
}

impl Missing {
    /// What people read.
    pub const fn phrase(self) -> Phrase {
        match self {
            Self::Reason => Phrase::DisclosureNeedsReason,
            Self::Consent => Phrase::DisclosureNeedsConsent,
            Self::Contact => Phrase::DisclosureNeedsContact,
            Self::Text => Phrase::DisclosureNeedsText,
            Self::Confirmation => Phrase::DisclosureNeedsConfirmation,
        }
    }
}

/// Reads a form; `contacts` are the ids of the tenant's contacts.
///
/// # Errors
/// Everything that is missing, in the order of the form.
pub fn read<'a>(form: Form<'_>, contacts: impl IntoIterator<Item = &'a str>) -> Result<Disclosure, Vec<Missing>> {
    // A browser sends line breaks as CR LF, and counts them as one character.
    let text = form.text.replace("\r\n", "\n").trim().to_owned();
    let text = (1..=Disclosed::MAX).contains(&text.chars().count()).then_some(Disclosed(text));
    let contact = contacts.into_iter().find(|contact| *contact == form.contact).map(str::to_owned);
    match (Reason::of_code(form.reason), Consent::of_code(form.consent), contact, text) {
        (Some(reason), Some(consent), Some(contact), Some(text)) if form.confirmed => Ok(Disclosure { reason, consent, contact, text }),
        (reason, consent, contact, text) => {
            let missing = [
                reason.is_none().then_some(Missing::Reason),
                consent.is_none().then_some(Missing::Consent),
                contact.is_none().then_some(Missing::Contact),
                text.is_none().then_some(Missing::Text),
                (!form.confirmed).then_some(Missing::Confirmation),
            ];
            Err(missing.into_iter().flatten().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    const GOOD: Form<'_> = Form {
        reason: "life",
        consent: "no-time",
        contact: "b",
        confirmed: true,
        text: " 本日 14:00 に連絡が取れなくなりました。\r\n至急ご確認ください。 ",
    };

    #[test]
    fn a_complete_form_is_a_disclosure() {
        let disclosure = read(GOOD, ["a", "b"]).unwrap();
        assert_eq!((disclosure.reason, disclosure.consent, disclosure.contact.as_str()), (Reason::Life, Consent::NoTime, "b"));
        assert_eq!(disclosure.text.expose(), "本日 14:00 に連絡が取れなくなりました。\n至急ご確認ください。");
        assert!(!format!("{disclosure:?} {GOOD:?}").contains("連絡"));
    }

    #[test]
    fn everything_that_is_missing_is_told_at_once() {
        let all = [Missing::Reason, Missing::Consent, Missing::Contact, Missing::Text, Missing::Confirmation];
        assert_eq!(read(Form::default(), ["a"]), Err(all.to_vec()));
        assert_eq!(read(GOOD, ["a"]), Err(vec![Missing::Contact]), "a contact of another tenant");
        assert_eq!(read(Form { confirmed: false, ..GOOD }, ["b"]), Err(vec![Missing::Confirmation]));
        assert_eq!(read(Form { text: " \r\n ", ..GOOD }, ["b"]), Err(vec![Missing::Text]));
        let long = "あ".repeat(2001);
        assert_eq!(read(Form { text: &long, ..GOOD }, ["b"]), Err(vec![Missing::Text]));
        assert!(read(Form { text: &"あ\r\n".repeat(1000), ..GOOD }, ["b"]).is_ok());
    }

    #[test]
    fn only_who_was_asked_agreed_or_refused() {
        let sought: Vec<&str> = Consent::ALL.iter().filter(|consent| consent.was_sought()).map(|consent| consent.code()).collect();
        assert_eq!(sought, ["given", "refused"]);
        assert!(Consent::ALL.iter().all(|consent| Consent::of_code(consent.code()) == Some(*consent)));
    }
}
