//! Messages with their recipient, as they wait in the outbox.

use domain::personal::LineUserId;
use serde::{Deserialize, Serialize};

use crate::Outgoing;

/// What is sealed into an outbox item for LINE.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// To whom, where it goes out as a push.
    pub to: LineUserId,
    /// What.
    pub messages: Outgoing,
}
