//! Takes an item, sends it, and writes down how that ended.

use chrono::{DateTime, Utc};
use serde::de::DeserializeOwned;

use store::{
    Key, StoreError,
    entity::outbox::{Kind, LAST_ATTEMPT, Opened, OutboxItem, Outcome, pause},
};

use crate::{App, delete_document, delete_request_form, fetch_content, show_menu, to_line, to_mail};

const UNAUTHORIZED: &str = "unauthorized";
/// By this attempt, seven minutes after the first, a secret that was replaced has been read anew.
const SECRET_IS_WRONG: u32 = 4;

/// How one attempt at a target ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The target accepted it.
    Accepted,
    /// Nobody is to get it.
    Dropped(&'static str),
    /// To be tried later.
    Later {
        why: &'static str,
        /// The target's own wish, if it has one.
        after: Option<std::time::Duration>,
        token_spent: bool,
    },
    /// LINE refused the channel's secret. It may just have been replaced: what was read of it before is used for up to five minutes.
    Unauthorized,
    /// Never to be tried again by itself.
    Refused(&'static str),
    /// It ended so, and that is written already, together with what follows from it.
    Settled(Outcome),
}

/// Sends the item at `key`, if it is due and free.
pub async fn deliver(app: &App, key: &Key) -> Result<(), StoreError> {
    let Some(item) = app.store.take(key, app.clock.now()).await? else { return Ok(()) };
    let sent = match item.effect {
        Kind::Line => to_line::send(app, &item).await,
        Kind::Mail => to_mail::send(app, &item).await,
        Kind::FetchContent => fetch_content::run(app, &item).await,
        Kind::DeleteDocument => delete_document::run(app, &item).await,
        Kind::DeleteRequestForm => delete_request_form::run(app, &item).await,
        Kind::ShowMenu => show_menu::run(app, &item).await,
    };
    // What could not even be read counts as an attempt, so that it ends as failed and alarms like anything else.
    let attempt = sent.unwrap_or_else(|error| {
        tracing::error!(outbox.id = %item.id, error = %error, "an outbox item could not be prepared");
        Attempt::Later { why: "our own failure", after: None, token_spent: false }
    });
    let now = app.clock.now();
    let is_settled = matches!(attempt, Attempt::Settled(_));
    let outcome = outcome(attempt, item.attempt, now);
    match &outcome {
        Outcome::Sent | Outcome::Dropped(_) => {
            tracing::info!(outbox.id = %item.id, outbox.attempt = item.attempt, outbox.outcome = ?outcome, "an outbox item is done");
        }
        Outcome::Retry { why, .. } => {
            tracing::warn!(outbox.id = %item.id, outbox.attempt = item.attempt, why, "an outbox item is tried again later");
        }
        Outcome::Failed(why) => {
            tracing::error!(alarm = "outbox", outbox.id = %item.id, outbox.attempt = item.attempt, why, "an outbox item failed for good");
        }
    }
    if is_settled { Ok(()) } else { app.store.settle(&item, &outcome, now).await }
}

/// What follows from the `number`th attempt, which ended at `now`.
fn outcome(attempt: Attempt, number: u32, now: DateTime<Utc>) -> Outcome {
    match attempt {
        Attempt::Accepted => Outcome::Sent,
        Attempt::Dropped(why) => Outcome::Dropped(why),
        Attempt::Refused(why) => Outcome::Failed(why),
        Attempt::Settled(outcome) => outcome,
        Attempt::Unauthorized if number < SECRET_IS_WRONG => {
            Outcome::Retry { at: now + pause(number), why: UNAUTHORIZED, token_spent: false }
        }
        Attempt::Unauthorized => Outcome::Failed(UNAUTHORIZED),
        Attempt::Later { why, .. } if number >= LAST_ATTEMPT => Outcome::Failed(why),
        Attempt::Later { why, after, token_spent } => {
            let wish = after.and_then(|after| chrono::TimeDelta::from_std(after).ok()).unwrap_or_default();
            Outcome::Retry { at: now + pause(number).max(wish), why, token_spent }
        }
    }
}

/// Opens the item's body, or says what is to be done without it.
pub async fn open<T: DeserializeOwned>(app: &App, item: &OutboxItem) -> Result<Result<T, Attempt>, StoreError> {
    Ok(match app.store.open_outbox(item, &app.parameters, &app.data_keys).await? {
        Opened::Body(body) => Ok(body),
        Opened::KeyGone => Err(Attempt::Dropped("the person was erased")),
        Opened::DoesNotOpen => Err(Attempt::Refused("its body does not open")),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;
    use std::time::Duration;

    fn later(after: Option<Duration>) -> Attempt {
        Attempt::Later { why: "rate limit", after, token_spent: false }
    }

    #[test]
    fn a_replaced_secret_has_time_to_be_read_and_a_wrong_one_fails_soon() {
        let now: DateTime<Utc> = "2026-11-24T00:00:00Z".parse().unwrap();
        let outcomes: Vec<_> = (1..=SECRET_IS_WRONG).map(|number| outcome(Attempt::Unauthorized, number, now)).collect();
        let (last, before) = outcomes.split_last().unwrap();
        assert_eq!(last, &Outcome::Failed(UNAUTHORIZED));
        let waited: chrono::TimeDelta =
            before.iter().map(|outcome| if let Outcome::Retry { at, .. } = outcome { *at - now } else { panic!("no retry") }).sum();
        assert!(waited > chrono::TimeDelta::minutes(5));
    }

    #[test]
    fn the_pause_grows_and_a_longer_wish_of_the_target_wins() {
        let now: DateTime<Utc> = "2026-11-24T00:00:00Z".parse().unwrap();
        for (number, wish, minutes) in [(1, None, 1), (2, None, 2), (3, Some(600), 10), (8, None, 120), (15, None, 120)] {
            let Outcome::Retry { at, .. } = outcome(later(wish.map(Duration::from_secs)), number, now) else { panic!("no retry") };
            assert_eq!((at - now).num_minutes(), minutes, "attempt {number}");
        }
    }

    #[test]
    fn the_last_attempt_fails_for_good() {
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        assert_eq!(outcome(later(None), LAST_ATTEMPT, now), Outcome::Failed("rate limit"));
    }
}
