//! The direct LINE reply, the one thing that leaves the system outside `outbox`: it is free, and the person waits. Its outbox
//! item is taken from the start, so that nobody else sends it meanwhile, and settled by what LINE answers.

use chrono::{DateTime, Utc};

use line::{Envelope, ReplyToken, SendError};
use store::{
    Key, StoreError,
    entity::outbox::{OutboxItem, Outcome, SealedWith, pause},
};

use crate::{App, Channel, carry_out::Waiting};

/// Sends an answer that was just written.
pub async fn send(app: &App, channel: &Channel, waiting: &Waiting) -> Result<(), StoreError> {
    let Some(token) = waiting.item.reply_token.clone().map(ReplyToken::new) else { return Ok(()) };
    reply(app, channel, &waiting.item, &token, &waiting.messages).await
}

/// Sends an answer that an earlier delivery of its event left unsent, with the fresh token of this one. Nothing happens where
/// it was sent, or somebody holds it.
pub async fn resume(app: &App, channel: &Channel, key: &Key, token: &ReplyToken) -> Result<(), StoreError> {
    let Some(item) = app.store.take(key, app.clock.now()).await? else { return Ok(()) };
    let envelope: Option<Envelope> = match item.sealed_with {
        SealedWith::Installation => {
            let installation = app.parameters.installation().await?;
            item.body(|body| installation.seal().open_json(OutboxItem::BODY, body).ok())
        }
        // A cold key is not unwrapped for this: the sweep does it.
        SealedWith::Member(_, generation) => {
            let key = app.data_keys.warm(generation);
            item.body(|body| key.and_then(|key| key.open(OutboxItem::BODY, body).ok()))
        }
    };
    let Some(envelope) = envelope else {
        let again = Outcome::Retry { at: app.clock.now(), why: "left to the sweep", token_spent: false };
        return app.store.settle(&item, &again, app.clock.now()).await;
    };
    reply(app, channel, &item, token, &envelope.messages).await
}

/// Tries the token, once more where the outcome is unknown (a token that worked is spent), and settles the item.
async fn reply(app: &App, channel: &Channel, item: &OutboxItem, token: &ReplyToken, messages: &line::Outgoing) -> Result<(), StoreError> {
    let mut sent = app.line.reply(&channel.credentials, token, messages).await;
    if let Err(SendError::Unknown { .. }) = sent {
        sent = app.line.reply(&channel.credentials, token, messages).await;
    }
    let now = app.clock.now();
    let outcome = sent.as_ref().map_or_else(|error| after(error, now), |()| Outcome::Sent);
    if let Err(error) = &sent {
        tracing::warn!(outbox.id = %item.id, error = %error, "a reply was not sent");
    }
    app.store.settle(item, &outcome, now).await
}

/// What follows from a reply that was not accepted: the outbox takes over.
fn after(error: &SendError, now: DateTime<Utc>) -> Outcome {
    let retry = |at, why, token_spent| Outcome::Retry { at, why, token_spent };
    match error {
        SendError::ReplyTokenSpent => retry(now, "reply token spent", true),
        SendError::Unknown { .. } => retry(now, "unknown outcome", false),
        SendError::NotSent { .. } => retry(now, "not sent", false),
        SendError::Rate { .. } | SendError::TooManyToUser => retry(now + pause(1), "rate limit", false),
        SendError::Quota => retry(now + pause(1), "monthly quota", false),
        SendError::Unauthorized { .. } => retry(now + pause(1), "unauthorized", false),
        SendError::Rejected { .. } => Outcome::Failed("rejected by LINE"),
    }
}
