//! Who can fail, and how.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A stand-in that can be told to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each names the service it stands for")]
pub enum Target {
    Line,
    Dynamodb,
    Ses,
    S3,
    Scheduler,
    Kms,
    Ssm,
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// The service answers that it has a problem of its own, and does nothing.
    #[serde(rename = "500")]
    ServerError,
    /// The service answers that there are too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// The request is held longer than any client of the system waits, and does nothing.
    #[serde(rename = "timeout")]
    Timeout,
    /// The request is held for a while, and then answered as ever.
    #[serde(rename = "slow")]
    Slow,
    /// The connection ends at once, without an answer, and nothing is done.
    #[serde(rename = "reset")]
    Reset,
    /// The request is carried out, and answered with a 500 all the same.
    #[serde(rename = "lost")]
    Lost,
    /// `DynamoDB` has no capacity left: for a transaction one of its items, for a batch a part of its keys.
    #[serde(rename = "throttled")]
    Throttled,
    /// The month's pushes are used up; replies are free and pass.
    #[serde(rename = "quota")]
    Quota,
    /// Too many messages to the same user.
    #[serde(rename = "user")]
    TooManyToUser,
    /// Messages with quick replies are refused; those without pass.
    #[serde(rename = "400")]
    Refused,
}

impl Target {
    /// As in an order, and as its requests are counted.
    pub fn name(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Dynamodb => "dynamodb",
            Self::Ses => "ses",
            Self::S3 => "s3",
            Self::Scheduler => "scheduler",
            Self::Kms => "kms",
            Self::Ssm => "ssm",
        }
    }

    /// How it can fail.
    pub fn modes(self) -> &'static [Mode] {
        use Mode::{Lost, Quota, Refused, Reset, ServerError, Slow, Throttled, Timeout, TooMany, TooManyToUser};
        match self {
            Self::Line => &[ServerError, TooMany, Timeout, Slow, Reset, Lost, Quota, TooManyToUser, Refused],
            Self::Dynamodb => &[ServerError, TooMany, Timeout, Slow, Reset, Lost, Throttled],
            Self::Ses | Self::S3 | Self::Scheduler | Self::Kms | Self::Ssm => &[ServerError, TooMany, Timeout, Slow, Reset, Lost],
        }
    }
}

impl Mode {
    /// As in an order.
    pub fn name(self) -> &'static str {
        match self {
            Self::ServerError => "500",
            Self::TooMany => "429",
            Self::Timeout => "timeout",
            Self::Slow => "slow",
            Self::Reset => "reset",
            Self::Lost => "lost",
            Self::Throttled => "throttled",
            Self::Quota => "quota",
            Self::TooManyToUser => "user",
            Self::Refused => "400",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_are_those_of_orders() {
        for target in [Target::Line, Target::Dynamodb, Target::Ses, Target::S3, Target::Scheduler, Target::Kms, Target::Ssm] {
            assert_eq!(json!(target), json!(target.name()));
            for mode in target.modes() {
                assert_eq!(json!(mode), json!(mode.name()));
            }
        }
    }
}
