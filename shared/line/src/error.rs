//! What a failed call means. The question is always the same: may it be tried again, and could it have arrived?

use std::time::Duration;

use http::StatusCode;
use serde::Deserialize;

use crate::transport::Answer;

/// The longest reason that is kept, in characters.
const LONGEST_REASON: usize = 300;

/// Why a call did not succeed, or may not have. Carries LINE's words and ours only, never what was to be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// 400: the reply token was used, expired or never was one. A push is what is left.
    #[error("the reply token is used up or expired")]
    ReplyTokenSpent,
    /// 429: too many requests; wait before the next one.
    #[error("LINE's rate limit is exceeded")]
    Rate {
        /// How long, where LINE says so.
        retry_after: Option<Duration>,
    },
    /// 429: the month's messages are used up. Waiting does not help; the operator must hear of it.
    #[error("the monthly quota of messages is used up")]
    Quota,
    /// 429 with another reason: too many messages to one user in a short time.
    #[error("too many messages to one user")]
    TooManyToUser,
    /// Another 4xx: this request will never be accepted.
    #[error("LINE refused the request with {status}: {reason}")]
    Rejected {
        /// The HTTP status.
        status: u16,
        /// LINE's message, and the names of the fields that it complains about.
        reason: String,
    },
    /// The channel's id or secret is wrong, or a fresh access token was refused.
    #[error("LINE refused the channel's credentials: {reason}")]
    Unauthorized {
        /// LINE's message.
        reason: String,
    },
    /// It was sent, and whether it arrived nobody knows: a time-out, a broken connection, a 5xx.
    #[error("whether LINE has carried it out is unknown: {why}")]
    Unknown {
        /// What happened.
        why: String,
    },
    /// It was never sent: no connection, or no access token.
    #[error("nothing was sent: {why}")]
    NotSent {
        /// What happened.
        why: String,
    },
}

impl SendError {
    /// Whether the same call may succeed later: a push with the same retry key, a reply with the same reply token.
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Rate { .. } | Self::TooManyToUser | Self::Unknown { .. } | Self::NotSent { .. } => true,
            Self::ReplyTokenSpent | Self::Quota | Self::Rejected { .. } | Self::Unauthorized { .. } => false,
        }
    }

    /// What an answer other than success means.
    pub(crate) fn of(answer: &Answer) -> Self {
        let said = Said::read(answer.said());
        let message = said.message.to_ascii_lowercase();
        match answer.status {
            StatusCode::BAD_REQUEST if message.contains("invalid reply token") => Self::ReplyTokenSpent,
            StatusCode::UNAUTHORIZED => Self::Unauthorized { reason: said.reason() },
            StatusCode::TOO_MANY_REQUESTS if message.contains("monthly limit") => Self::Quota,
            // An answer without a reason comes from a gateway in front of LINE, which only counts requests.
            StatusCode::TOO_MANY_REQUESTS if message.is_empty() || message.contains("rate limit") => {
                Self::Rate { retry_after: answer.retry_after }
            }
            StatusCode::TOO_MANY_REQUESTS => Self::TooManyToUser,
            status if status.is_client_error() => Self::Rejected { status: status.as_u16(), reason: said.reason() },
            status => Self::Unknown { why: format!("LINE answered {}", status.as_u16()) },
        }
    }

    /// What the token endpoint's answer means: until there is a token, no message has left.
    pub(crate) fn of_token(answer: &Answer) -> Self {
        match answer.status {
            StatusCode::TOO_MANY_REQUESTS => Self::Rate { retry_after: answer.retry_after },
            status if status.is_client_error() => Self::Unauthorized { reason: Said::read(answer.said()).reason() },
            status => Self::NotSent { why: format!("LINE's token endpoint answered {}", status.as_u16()) },
        }
    }
}

/// What LINE says about a refusal. The details' own messages are left out: they may repeat what was sent.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Said {
    /// The token endpoint calls it `error`.
    #[serde(alias = "error")]
    message: String,
    details: Vec<Detail>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Detail {
    property: String,
}

impl Said {
    fn read(body: &[u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    fn reason(&self) -> String {
        let message = if self.message.is_empty() { "no reason given" } else { &self.message };
        let properties: Vec<&str> = self.details.iter().map(|detail| detail.property.as_str()).filter(|name| !name.is_empty()).collect();
        let reason = if properties.is_empty() { message.to_owned() } else { format!("{message} ({})", properties.join(", ")) };
        reason.chars().map(|character| if character.is_control() { ' ' } else { character }).take(LONGEST_REASON).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        let status = StatusCode::from_u16(status).unwrap_or_default();
        Answer { status, retry_after: Some(Duration::from_secs(3)), body: Ok(body.to_owned().into()) }
    }

    fn rejected(status: u16, reason: &str) -> SendError {
        SendError::Rejected { status, reason: reason.to_owned() }
    }

    #[test]
    fn every_answer_has_one_meaning() {
        let rate = SendError::Rate { retry_after: Some(Duration::from_secs(3)) };
        for (status, body, meaning, again) in [
            (400, r#"{"message":"Invalid reply token"}"#, SendError::ReplyTokenSpent, false),
            (400, r#"{"message":"Failed to send messages"}"#, rejected(400, "Failed to send messages"), false),
            (
                400,
                r#"{"message":"The request body has 2 error(s)","details":[{"message":"May not be empty","property":"messages[0].text"},{"property":"to"},{}]}"#,
                rejected(400, "The request body has 2 error(s) (messages[0].text, to)"),
                false,
            ),
            (401, r#"{"message":"Authentication failed"}"#, SendError::Unauthorized { reason: "Authentication failed".into() }, false),
            (403, "<html>", rejected(403, "no reason given"), false),
            (409, "{}", rejected(409, "no reason given"), false),
            (413, r#"{"message":7}"#, rejected(413, "no reason given"), false),
            (429, r#"{"message":"The API rate limit has been exceeded. Try again later."}"#, rate.clone(), true),
            (429, "", rate, true),
            (429, r#"{"message":"You have reached your monthly limit."}"#, SendError::Quota, false),
            (429, r#"{"message":"Too many messages to the same user"}"#, SendError::TooManyToUser, true),
            (500, "{}", SendError::Unknown { why: "LINE answered 500".into() }, true),
            (503, "", SendError::Unknown { why: "LINE answered 503".into() }, true),
            (302, "", SendError::Unknown { why: "LINE answered 302".into() }, true),
        ] {
            let error = SendError::of(&answer(status, body));
            assert_eq!(error, meaning, "{status} {body}");
            assert_eq!(error.is_retryable(), again, "{error:?}");
        }
    }

    #[test]
    fn a_failure_to_get_a_token_never_leaves_it_unknown_whether_the_message_was_sent() {
        for (status, body, meaning) in [
            (400, r#"{"error":"invalid_client"}"#, SendError::Unauthorized { reason: "invalid_client".into() }),
            (429, "", SendError::Rate { retry_after: Some(Duration::from_secs(3)) }),
            (500, "", SendError::NotSent { why: "LINE's token endpoint answered 500".into() }),
        ] {
            assert_eq!(SendError::of_token(&answer(status, body)), meaning);
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        let SendError::Rejected { reason, .. } = SendError::of(&answer(400, &format!(r#"{{"message":"a\nb{}"}}"#, "c".repeat(1000))))
        else {
            panic!("a 400 is rejected");
        };
        assert!(reason.starts_with("a bc") && reason.chars().count() == LONGEST_REASON);
    }
}
