//! Ids and tokens as LINE makes them.

use chrono::{DateTime, Utc};
use ulid::Ulid;
use uuid::Uuid;

fn random() -> u128 {
    #[allow(clippy::disallowed_methods, reason = "LINE's ids come from outside the system; here is that outside")]
    Uuid::new_v4().as_u128()
}

/// A user id: `U` and 32 lower-case hexadecimal digits.
pub fn user() -> String {
    format!("U{:032x}", random())
}

/// Whether the text has the form of a user id.
pub fn is_user(text: &str) -> bool {
    text.strip_prefix('U').is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')))
}

/// Whether the text has the form of a message id: decimal digits.
pub fn is_message(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A rich menu id.
pub fn menu() -> String {
    format!("richmenu-{:032x}", random())
}

/// A webhook event id: a ULID of the event's time.
pub fn event(at: DateTime<Utc>) -> String {
    Ulid::from_parts(u64::try_from(at.timestamp_millis()).unwrap_or_default(), random()).to_string()
}

/// A reply, quote or access token: nothing can be read from it.
pub fn token() -> String {
    format!("{:032x}{:032x}", random(), random())
}

/// The id of a request to the API.
pub fn request() -> String {
    Uuid::from_u128(random()).to_string()
}

/// The user id of the bot behind a channel: always the same for a channel id.
pub fn bot(channel_id: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, channel_id.as_bytes());
    let half = digest.as_ref().first_chunk().copied().unwrap_or_default();
    format!("U{:032x}", u128::from_be_bytes(half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_ids_have_lines_form_and_differ() {
        assert!(is_user(&user()) && is_user(&bot("1234567890")));
        assert_ne!(user(), user());
        for bad in [
            "",
            "U",
            "U4AF4980629",
            "u0123456789abcdef0123456789abcdef",
            "U0123456789ABCDEF0123456789abcdef",
            "C0123456789abcdef0123456789abcdef",
        ] {
            assert!(!is_user(bad), "{bad}");
        }
    }
}
