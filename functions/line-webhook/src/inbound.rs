//! What an event asks for, and handling it until it is done or found to be done.

use domain::{
    conversation::{Act, decide},
    personal::LineUserId,
    text::Choice,
};
use line::{Content, Event, EventKind, MessageId, Mode, Source};
use store::{StoreError, entity::inbox::Mark, installation::Digest};

use crate::{App, Channel, carry_out, gather, reply};

/// Two events of one user meet at the version of the user's item; the loser reads again. So often, then LINE delivers again.
const TRIES: usize = 10;

/// Bytes of a text. LINE lets people write 5,000 characters; what is far beyond is none of LINE's, and would not fit an item.
const LONGEST_TEXT: usize = 100_000;

/// An event of one LINE user, on its way.
pub struct Inbound<'a> {
    pub user: &'a LineUserId,
    pub digest: &'a Digest,
    pub event: &'a Event,
    /// LINE's id of the message, where the act is one.
    pub message: Option<&'a MessageId>,
}

/// What became of an event.
#[derive(Debug)]
enum Became {
    Handled,
    HandledBefore,
    Acknowledged,
}

/// Handles one event. Whatever it is, it is acknowledged; `Err` is our own failure.
pub async fn handle_event(app: &App, channel: &Channel, event: Event) -> Result<(), StoreError> {
    let became = match &event.source {
        Source::User(user) => handle_one_to_one(app, channel, user, &event).await?,
        Source::Group { .. } | Source::Room { .. } | Source::Other | Source::None => Became::Acknowledged,
    };
    tracing::info!(event.kind = kind(&event.kind), event.redelivery = event.redelivery, event.became = ?became, "an event was handled");
    Ok(())
}

async fn handle_one_to_one(app: &App, channel: &Channel, user: &LineUserId, event: &Event) -> Result<Became, StoreError> {
    let installation = app.parameters.installation().await?;
    let digest = installation.line_user(user);
    if let EventKind::Unsend { message_id } = &event.kind {
        app.store.withdraw(&digest, message_id.as_str(), app.clock.now()).await?;
    }
    // Another module answers while this channel stands by: nothing may be said, so nothing is taken in either.
    let (Some((act, message)), Mode::Active) = (act(event), event.mode) else { return Ok(Became::Acknowledged) };
    let inbound = Inbound { user, digest: &digest, event, message };
    for _ in 0..TRIES {
        let now = app.clock.now();
        let gathered = gather::gather(app, &digest, &act, now).await?;
        let decision = decide(gathered.situation(event.at), &act);
        match carry_out::carry_out(app, channel, &installation, &inbound, &gathered, decision).await? {
            carry_out::Outcome::Done(waiting) => {
                if let Some(waiting) = waiting {
                    reply::send(app, channel, &waiting).await;
                }
                return Ok(Became::Handled);
            }
            carry_out::Outcome::HandledBefore(mark) => {
                finish(app, channel, &inbound, &mark).await?;
                return Ok(Became::HandledBefore);
            }
            carry_out::Outcome::Withdrawn => {
                carry_out::mark_only(app, &inbound, now).await?;
                return Ok(Became::Handled);
            }
            carry_out::Outcome::KeyGone => gathered.stored.keys().iter().for_each(|key| app.data_keys.forget(key.generation)),
            carry_out::Outcome::Stale => {}
        }
    }
    Err(StoreError::Contention)
}

/// The event was handled, but its answer may still be owed: the redelivery brings a fresh reply token for it.
async fn finish(app: &App, channel: &Channel, inbound: &Inbound<'_>, mark: &Mark) -> Result<(), StoreError> {
    let Some(token) = inbound.event.reply_token.as_ref() else { return Ok(()) };
    let Some(key) = mark.reply_key() else { return Ok(()) };
    reply::resume(app, channel, &key, token).await
}

fn act(event: &Event) -> Option<(Act, Option<&MessageId>)> {
    match &event.kind {
        EventKind::Follow { .. } => Some((Act::Follow, None)),
        EventKind::Unfollow => Some((Act::Unfollow, None)),
        EventKind::Postback { data, .. } => Choice::from_data(data.expose()).map(|choice| (Act::Choice(choice), None)),
        EventKind::Message(message) => Some(match &message.content {
            Content::Text(text) if text.expose().len() > LONGEST_TEXT => return None,
            Content::Text(text) => (Act::Text(text.clone()), Some(&message.id)),
            Content::Sticker(_)
            | Content::Image(_)
            | Content::Video(_)
            | Content::Audio(_)
            | Content::File { .. }
            | Content::Location(_)
            | Content::Unknown(_) => (Act::NotText, None),
        }),
        EventKind::Unsend { .. } => Some((Act::Unsend, None)),
        EventKind::AccountLink | EventKind::Other(_) => None,
    }
}

fn kind(kind: &EventKind) -> &str {
    match kind {
        EventKind::Message(_) => "message",
        EventKind::Unsend { .. } => "unsend",
        EventKind::Follow { .. } => "follow",
        EventKind::Unfollow => "unfollow",
        EventKind::Postback { .. } => "postback",
        EventKind::AccountLink => "accountLink",
        EventKind::Other(name) => name,
    }
}
