//! Fetching what a person sent: pictures, films, sounds and files lie on LINE's content host for a time that LINE does
//! not state, so they are fetched soon after the event.
//!
//! Source: LINE's reference, "Get content".

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::{Client, call::Call};
use crate::{error::SendError, event::MessageId, token::ChannelCredentials, transport::NoBody};

/// What LINE has of a message's content. `Debug` shows how long it is, and nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub enum ContentAnswer {
    /// All of it.
    Content(Bytes),
    /// 202: LINE is still preparing it; ask again later.
    Preparing,
    /// 410: withdrawn by the person, who expects no word about it.
    Withdrawn,
    /// 404: there is none, or no longer.
    Missing,
    /// Larger than was asked for; nothing of it is kept.
    TooLarge,
}

impl std::fmt::Debug for ContentAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Content(bytes) => write!(f, "Content({} bytes)", bytes.len()),
            Self::Preparing => f.write_str("Preparing"),
            Self::Withdrawn => f.write_str("Withdrawn"),
            Self::Missing => f.write_str("Missing"),
            Self::TooLarge => f.write_str("TooLarge"),
        }
    }
}

impl Client {
    /// Fetches the content of a message that a person sent to this channel, from LINE's own host only: redirects are not
    /// followed, because the channel's token must not reach anybody else. Not more than `at_most` bytes are taken, whatever
    /// the answer promises, and the whole call ends within `call`.
    ///
    /// # Errors
    /// [`SendError::Unknown`] also where the content breaks off: half a picture is none.
    pub async fn content(
        &self,
        channel: &ChannelCredentials,
        message: &MessageId,
        at_most: usize,
        call: Duration,
    ) -> Result<ContentAnswer, SendError> {
        let at = self.0.data.at(&["v2", "bot", "message", message.as_str(), "content"])?;
        let answer = self.call(channel, &Call::get(at).at_most(at_most).within(call)).await?;
        match answer.status {
            StatusCode::OK => match answer.body {
                Ok(bytes) => Ok(ContentAnswer::Content(bytes)),
                Err(NoBody::TooLarge) => Ok(ContentAnswer::TooLarge),
                Err(lost @ (NoBody::Broken(_) | NoBody::TimedOut)) => Err(SendError::Unknown { why: lost.to_string() }),
            },
            StatusCode::ACCEPTED => Ok(ContentAnswer::Preparing),
            StatusCode::GONE => Ok(ContentAnswer::Withdrawn),
            StatusCode::NOT_FOUND => Ok(ContentAnswer::Missing),
            _ => Err(SendError::of(&answer)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_how_long_it_is_and_nothing_else() {
        assert_eq!(format!("{:?}", ContentAnswer::Content(Bytes::from_static(b"secret"))), "Content(6 bytes)");
    }
}
