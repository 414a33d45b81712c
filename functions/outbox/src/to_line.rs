//! LINE: the reply token first, where there still may be one (a reply is free), else a push with the item's id as retry key.

use line::{ChannelCredentials, ChannelSecret, Envelope, ReplyToken, SendError};
use store::{
    StoreError,
    entity::outbox::{OutboxItem, SealedWith},
    parameters::Channel,
};

use uuid::Uuid;

use crate::{
    App,
    deliver::{Attempt, open},
};

/// The operator removed the channel: what waits for it can be retried when it is back.
pub const UNKNOWN_CHANNEL: Attempt = Attempt::Refused("the channel is unknown");

/// What LINE knows a channel by.
pub fn credentials(channel: &Channel) -> ChannelCredentials {
    ChannelCredentials { channel_id: channel.channel_id.clone(), secret: ChannelSecret::new(channel.channel_secret.clone()) }
}

/// Makes one attempt.
pub async fn send(app: &App, item: &OutboxItem) -> Result<Attempt, StoreError> {
    let (Some(channel), Some(user)) = (&item.channel, &item.user) else { return Ok(Attempt::Refused("names no channel or user")) };
    let recipient = app.store.line_user(user).await?;
    if recipient.blocks(channel) {
        return Ok(Attempt::Dropped("the account is blocked"));
    }
    if let SealedWith::Member(member, _) = item.sealed_with
        && !recipient.is(member)
    {
        return Ok(Attempt::Dropped("the membership has ended"));
    }
    let envelope: Envelope = match open(app, item).await? {
        Ok(envelope) => envelope,
        Err(without) => return Ok(without),
    };
    let Some(channel) = app.parameters.channel(channel).await? else { return Ok(UNKNOWN_CHANNEL) };
    let credentials = credentials(&channel);

    let token = item.reply_token.clone().map(ReplyToken::new);
    let token_spent = match &token {
        Some(token) => match app.line.reply(&credentials, token, &envelope.messages).await {
            // A token that is young and was tried before is spent because that try arrived.
            Err(SendError::ReplyTokenSpent) if item.reply_arrived_before(app.clock.now()) => return Ok(Attempt::Accepted),
            // Without the token the plain words can still be pushed.
            Err(SendError::ReplyTokenSpent | SendError::Rejected { .. }) => true,
            replied => return Ok(attempt(replied, false)),
        },
        None => false,
    };
    let pushed = app.line.push(&credentials, &envelope.to, &envelope.messages, item.id).await;
    if let Err(SendError::Rejected { .. }) = pushed {
        return Ok(plain(app, &credentials, &envelope, item.id).await);
    }
    Ok(attempt(pushed.map(drop), token_spent))
}

/// LINE refuses these messages for good: the item stays as failed, and the person gets at least the words, once.
async fn plain(app: &App, credentials: &ChannelCredentials, envelope: &Envelope, id: Uuid) -> Attempt {
    let words = envelope.messages.plain();
    if words == envelope.messages {
        return Attempt::Refused("rejected by LINE");
    }
    // Another body needs another retry key, the same one for each try.
    let retry_key = Uuid::from_u128(!id.as_u128());
    match app.line.push(credentials, &envelope.to, &words, retry_key).await {
        Ok(_) => Attempt::Refused("rejected by LINE; the plain text was sent"),
        Err(SendError::Rejected { .. }) => Attempt::Refused("rejected by LINE, also as plain text"),
        Err(error) => attempt(Err(error), true),
    }
}

/// What follows from LINE's answer.
pub fn attempt(sent: Result<(), SendError>, token_spent: bool) -> Attempt {
    let Err(error) = sent else { return Attempt::Accepted };
    let later = |why, after| Attempt::Later { why, after, token_spent };
    match error {
        SendError::Rate { retry_after } => later("rate limit", retry_after),
        SendError::TooManyToUser => later("too many to one user", None),
        SendError::Unknown { .. } => later(OutboxItem::UNKNOWN, None),
        SendError::NotSent { .. } => later("not sent", None),
        SendError::ReplyTokenSpent => later("reply token spent", None),
        // Waiting does not help; the operator buys messages, and retries.
        SendError::Quota => Attempt::Refused("monthly quota"),
        SendError::Unauthorized { .. } => Attempt::Unauthorized,
        SendError::Rejected { .. } => Attempt::Refused("rejected by LINE"),
    }
}
