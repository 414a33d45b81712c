//! Access tokens and reply tokens. Both live by the machine's time, which callers hand in: moving the business clock does
//! not spend them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};

use super::ids;

/// Life of a stateless channel access token.
pub const ACCESS_TOKEN_LIFE: Duration = Duration::from_mins(15);
/// Life of a reply token.
pub const REPLY_TOKEN_LIFE: TimeDelta = TimeDelta::minutes(1);
/// How long after its event a redelivery can still give a reply token new life.
const REPLY_TOKEN_REVIVAL: TimeDelta = TimeDelta::minutes(20);

/// The access tokens given out. They are not kept over a restart: a client gets a 401 and asks for a new one.
#[derive(Default)]
pub struct AccessTokens(HashMap<String, (String, Instant)>);

impl AccessTokens {
    /// A new token for the channel (its path segment).
    pub fn issue(&mut self, channel: &str, now: Instant) -> String {
        self.0.retain(|_, (_, issued)| now.duration_since(*issued) < ACCESS_TOKEN_LIFE);
        let token = ids::token();
        self.0.insert(token.clone(), (channel.to_owned(), now));
        token
    }

    /// The channel that the token speaks for, while it lives.
    pub fn channel(&self, token: &str, now: Instant) -> Option<&str> {
        let (channel, issued) = self.0.get(token)?;
        (now.duration_since(*issued) < ACCESS_TOKEN_LIFE).then_some(channel.as_str())
    }
}

/// The reply tokens given out with events. They are part of the world: what was spent stays spent over a restart.
#[derive(Default)]
pub struct ReplyTokens(HashMap<String, ReplyToken>);

struct ReplyToken {
    to: String,
    channel: String,
    first_issued: DateTime<Utc>,
    issued: DateTime<Utc>,
    spent: bool,
}

impl ReplyTokens {
    /// Notes a token that goes out with an event of the conversation `to`. A token that goes out again lives on unless it was
    /// spent or its event is too old.
    pub fn issue(&mut self, token: String, to: String, channel: String, now: DateTime<Utc>) {
        self.0
            .entry(token)
            .and_modify(|token| {
                if now - token.first_issued < REPLY_TOKEN_REVIVAL {
                    token.issued = now;
                }
            })
            .or_insert(ReplyToken { to, channel, first_issued: now, issued: now, spent: false });
    }

    /// The conversation that the token answers to, `life` after it was issued at most. `None`: unknown, of another channel,
    /// spent, or expired.
    pub fn answers(&self, token: &str, channel: &str, life: TimeDelta, now: DateTime<Utc>) -> Option<&str> {
        let token = self.0.get(token).filter(|token| token.channel == channel && !token.spent)?;
        (now - token.issued < life).then_some(token.to.as_str())
    }

    /// Uses the token up.
    pub fn spend(&mut self, token: &str) {
        if let Some(token) = self.0.get_mut(token) {
            token.spent = true;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn issue(tokens: &mut ReplyTokens, token: &str, second: i64) {
        tokens.issue(token.into(), "u".into(), "demo".into(), at(second));
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    fn answers<'a>(tokens: &'a ReplyTokens, token: &str, second: i64) -> Option<&'a str> {
        tokens.answers(token, "demo", REPLY_TOKEN_LIFE, at(second))
    }

    #[test]
    fn an_access_token_lives_for_15_minutes() {
        let (mut tokens, start) = (AccessTokens::default(), Instant::now());
        let after = |seconds| start + Duration::from_secs(seconds);
        let token = tokens.issue("demo", start);
        assert_eq!(tokens.channel(&token, after(899)), Some("demo"));
        assert_eq!(tokens.channel(&token, after(900)), None);
        assert_eq!(tokens.channel("other", start), None);
    }

    #[test]
    fn a_reply_token_serves_once_within_a_minute_and_only_its_channel() {
        let mut tokens = ReplyTokens::default();
        issue(&mut tokens, "t", 0);
        assert_eq!(tokens.answers("t", "other", REPLY_TOKEN_LIFE, at(0)), None);
        assert_eq!(answers(&tokens, "t", 59), Some("u"));
        assert_eq!(answers(&tokens, "t", 60), None);
        tokens.spend("t");
        assert_eq!(answers(&tokens, "t", 59), None);
        assert_eq!(answers(&tokens, "unknown", 0), None);
    }

    #[test]
    fn a_redelivery_revives_an_unspent_reply_token_for_20_minutes_after_its_event() {
        let mut tokens = ReplyTokens::default();
        issue(&mut tokens, "t", 0);
        issue(&mut tokens, "t", 1199);
        assert_eq!(answers(&tokens, "t", 1258), Some("u"));
        tokens.spend("t");
        issue(&mut tokens, "t", 1199);
        assert_eq!(answers(&tokens, "t", 1200), None);
        issue(&mut tokens, "old", 0);
        issue(&mut tokens, "old", 1200);
        assert_eq!(answers(&tokens, "old", 1201), None);
    }
}
