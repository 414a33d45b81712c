//! A mail as it waits in the outbox.

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
