//! Access tokens and reply tokens. Both live by the machine's time, which callers hand in: moving the business clock does
//! not spend them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use super::ids;

/// Life of a stateless channel access token.
pub const ACCESS_TOKEN_LIFE: Duration = Duration::from_mins(15);
/// Life of a reply token.
pub const REPLY_TOKEN_LIFE: Duration = Duration::from_mins(1);
/// How long after its event a redelivery can still give a reply token new life.
const REPLY_TOKEN_REVIVAL: Duration = Duration::from_mins(20);

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

/// The reply tokens given out with events.
pub struct ReplyTokens {
    /// How long a token can be used.
    pub life: Duration,
    tokens: HashMap<String, ReplyToken>,
}

struct ReplyToken {
    user: String,
    channel: String,
    first_issued: Instant,
    issued: Instant,
    used: bool,
}

impl Default for ReplyTokens {
    fn default() -> Self {
        Self { life: REPLY_TOKEN_LIFE, tokens: HashMap::new() }
    }
}

impl ReplyTokens {
    /// Notes a token that goes out with an event. A token that goes out again lives on unless it was used or its event is too old.
    pub fn issue(&mut self, token: &str, user: &str, channel: &str, now: Instant) {
        self.tokens
            .entry(token.to_owned())
            .and_modify(|token| {
                if now.duration_since(token.first_issued) < REPLY_TOKEN_REVIVAL {
                    token.issued = now;
                }
            })
            .or_insert_with(|| ReplyToken {
                user: user.to_owned(),
                channel: channel.to_owned(),
                first_issued: now,
                issued: now,
                used: false,
            });
    }

    /// Uses the token up and says to whom it answers. `None`: unknown, of another channel, used, or expired.
    pub fn spend(&mut self, token: &str, channel: &str, now: Instant) -> Option<String> {
        let life = self.life;
        let token = self.tokens.get_mut(token).filter(|token| token.channel == channel)?;
        if token.used || now.duration_since(token.issued) >= life {
            return None;
        }
        token.used = true;
        Some(token.user.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(start: Instant, seconds: u64) -> Instant {
        start + Duration::from_secs(seconds)
    }

    #[test]
    fn an_access_token_lives_for_15_minutes() {
        let (mut tokens, start) = (AccessTokens::default(), Instant::now());
        let token = tokens.issue("demo", start);
        assert_eq!(tokens.channel(&token, after(start, 899)), Some("demo"));
        assert_eq!(tokens.channel(&token, after(start, 900)), None);
        assert_eq!(tokens.channel("other", start), None);
    }

    #[test]
    fn a_reply_token_serves_once_within_a_minute_and_only_its_channel() {
        let (mut tokens, start) = (ReplyTokens::default(), Instant::now());
        tokens.issue("t", "u", "demo", start);
        tokens.issue("late", "u", "demo", start);
        assert_eq!(tokens.spend("t", "other", start), None);
        assert_eq!(tokens.spend("t", "demo", after(start, 59)), Some("u".to_owned()));
        assert_eq!(tokens.spend("t", "demo", after(start, 59)), None);
        assert_eq!(tokens.spend("late", "demo", after(start, 60)), None);
        assert_eq!(tokens.spend("unknown", "demo", start), None);
    }

    #[test]
    fn a_redelivery_revives_an_unused_reply_token_for_20_minutes_after_its_event() {
        let (mut tokens, start) = (ReplyTokens::default(), Instant::now());
        tokens.issue("t", "u", "demo", start);
        tokens.issue("t", "u", "demo", after(start, 1199));
        assert_eq!(tokens.spend("t", "demo", after(start, 1258)), Some("u".to_owned()));
        tokens.issue("t", "u", "demo", after(start, 1199));
        assert_eq!(tokens.spend("t", "demo", after(start, 1200)), None);
        tokens.issue("old", "u", "demo", start);
        tokens.issue("old", "u", "demo", after(start, 1200));
        assert_eq!(tokens.spend("old", "demo", after(start, 1201)), None);
    }
}
