//! The direct LINE reply, the one thing that leaves the system outside `outbox`: it is free, and the person waits. Its outbox
//! item is taken from the start, so that nobody else sends it meanwhile, and settled by what LINE answers.

use chrono::{DateTime, Utc};

use line::{Envelope, ReplyToken, SendError};
use store::{
    Key, StoreError,
    entity::outbox::{Opened, OutboxItem, Outcome, pause},
};

use crate::{App, Channel, carry_out::Waiting};

/// Sends an answer that was just written.
pub async fn send(app: &App, channel: &Channel, waiting: &Waiting) {
    if let (Some(token), Some(until)) = (waiting.item.reply_token.clone().map(ReplyToken::new), waiting.item.reply_until) {
        reply(app, channel, &waiting.item, &Attempt { token: &token, until, was_tried: false }, &waiting.messages).await;
    }
}

/// Sends an answer that an earlier delivery of its event may have left unsent, with the token of this one. Nothing happens where
/// it is known to be sent, or somebody holds it for another token.
pub async fn resume(app: &App, channel: &Channel, key: &Key, token: &ReplyToken, until: DateTime<Utc>) -> Result<(), StoreError> {
    let Some(item) = app.store.take_with(key, app.clock.now(), token.expose()).await? else { return Ok(()) };
    let attempt = Attempt { token, until, was_tried: item.reply_token.as_deref() == Some(token.expose()) };
    match app.store.open_outbox::<Envelope>(&item, &app.parameters, &app.data_keys).await? {
        Opened::Body(envelope) => reply(app, channel, &item, &attempt, &envelope.messages).await,
        // The sweep finds it when the lease runs out, and says what is wrong.
        Opened::KeyGone | Opened::DoesNotOpen => {}
    }
    Ok(())
}

/// What an answer is sent with.
struct Attempt<'a> {
    token: &'a ReplyToken,
    /// Until when it is good for sure, unless it was used.
    until: DateTime<Utc>,
    /// It was tried before, by an earlier delivery.
    was_tried: bool,
}

/// Tries the token, once more where the outcome is unknown, and settles the item. The event is handled whatever happens here:
/// what is not settled is found by the sweep.
async fn reply(
    app: &App,
    channel: &Channel,
    item: &OutboxItem,
    &Attempt { token, until, was_tried }: &Attempt<'_>,
    messages: &line::Outgoing,
) {
    let mut sent = app.line.reply(&channel.credentials, token, messages).await;
    if matches!(sent, Err(SendError::ReplyTokenSpent)) && was_tried && app.clock.now() < until {
        // Whoever tried it before died before writing down that it arrived.
        sent = Ok(());
    }
    if let Err(SendError::Unknown { .. }) = sent {
        sent = match app.line.reply(&channel.credentials, token, messages).await {
            // The token is still good: it is spent because the first try arrived.
            Err(SendError::ReplyTokenSpent) if app.clock.now() < until => Ok(()),
            again => again,
        };
    }
    if let Err(error) = &sent {
        tracing::warn!(outbox.id = %item.id, error = %error, "a reply was not sent; the outbox takes over");
    }
    let now = app.clock.now();
    let outcome = sent.as_ref().map_or_else(|error| after(error, now), |()| Outcome::Sent);
    for _ in 0..SETTLE_TRIES {
        match app.store.settle(item, &outcome, now).await {
            Ok(()) => return,
            Err(error) => tracing::warn!(outbox.id = %item.id, error = %error, "a reply could not be settled"),
        }
    }
}

/// An accepted reply that is not settled may be sent a second time; so it is worth more than one try.
const SETTLE_TRIES: usize = 3;

/// What follows from a reply that was not accepted: the outbox takes over, and is the one place that gives up.
fn after(error: &SendError, now: DateTime<Utc>) -> Outcome {
    let retry = |at, why, token_spent| Outcome::Retry { at, why, token_spent };
    match error {
        SendError::ReplyTokenSpent => retry(now, "reply token spent", true),
        SendError::Unknown { .. } => retry(now, OutboxItem::UNKNOWN, false),
        SendError::NotSent { .. } => retry(now, "not sent", false),
        SendError::Rejected { .. } => retry(now, "rejected by LINE", true),
        SendError::Rate { .. } | SendError::TooManyToUser => retry(now + pause(1), "rate limit", false),
        SendError::Quota => retry(now + pause(1), "monthly quota", false),
        SendError::Unauthorized { .. } => retry(now + pause(1), "unauthorized", false),
    }
}
