//! What an event asks for, and handling it until it is done or found to be done.

use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    conversation::{Act, Attachment, Place, Sticker, decide},
    personal::{DocumentName, LineUserId, MessageText},
    text::Choice,
};
use line::{Content, Event, EventKind, MessageId, Mode, Provider, ReplyToken, Source};
use store::{
    StoreError,
    entity::{inbox::Mark, outbox, sent::Withdrawing},
    installation::Digest,
};

use crate::{App, Channel, carry_out, gather, group, reply};

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
    /// When the event arrived here.
    pub received: DateTime<Utc>,
}

/// LINE keeps a reply token good for about a minute after it hands it out.
const TOKEN_LIFE: TimeDelta = TimeDelta::seconds(50);
/// A redelivery gives the token new life for no longer than twenty minutes after the event.
const TOKEN_END: TimeDelta = TimeDelta::minutes(19);

impl Inbound<'_> {
    /// The reply token, if it can still be good, and until when it is for sure.
    pub fn reply(&self) -> Option<(&ReplyToken, DateTime<Utc>)> {
        let token = self.event.reply_token.as_ref()?;
        (self.received < self.event.at + TOKEN_END).then_some((token, self.received + TOKEN_LIFE))
    }
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
        Source::Group { .. } | Source::Room { .. } => {
            group::refuse(app, channel, &event).await;
            Became::Acknowledged
        }
        Source::Other | Source::None => Became::Acknowledged,
    };
    tracing::info!(event.kind = kind(&event.kind), event.redelivery = event.redelivery, event.became = ?became, "an event was handled");
    Ok(())
}

async fn handle_one_to_one(app: &App, channel: &Channel, user: &LineUserId, event: &Event) -> Result<Became, StoreError> {
    let installation = app.parameters.installation().await?;
    let digest = installation.line_user(user);
    if let EventKind::Unsend { message_id } = &event.kind {
        let withdrawing = Withdrawing { installation: &installation, deletion: outbox::fresh_id(), now: app.clock.now() };
        app.store.withdraw(&digest, message_id.as_str(), &withdrawing).await?;
    }
    // Another module answers while this channel stands by: nothing may be said, so nothing is taken in either.
    let (Some((act, message)), Mode::Active) = (act(event), event.mode) else { return Ok(Became::Acknowledged) };
    let inbound = Inbound { user, digest: &digest, event, message, received: app.clock.now() };
    for _ in 0..TRIES {
        let now = app.clock.now();
        let gathered = gather::gather(app, &digest, &act, now).await?;
        let decision = decide(gathered.situation(event.at), &act);
        match carry_out::carry_out(app, channel, &installation, &inbound, &gathered, &act, decision).await? {
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
    let Some((token, until)) = inbound.reply() else { return Ok(()) };
    let Some(key) = mark.reply_key() else { return Ok(()) };
    reply::resume(app, channel, &key, token, until).await
}

fn act(event: &Event) -> Option<(Act, Option<&MessageId>)> {
    match &event.kind {
        EventKind::Follow { .. } => Some((Act::Follow, None)),
        EventKind::Unfollow => Some((Act::Unfollow, None)),
        EventKind::Postback { data, .. } => Choice::from_data(data.expose()).map(|choice| (Act::Choice(choice), None)),
        EventKind::Message(message) => Some((said(&message.content)?, Some(&message.id))),
        EventKind::Unsend { .. } => Some((Act::Unsend, None)),
        EventKind::AccountLink | EventKind::Other(_) => None,
    }
}

/// What a message asks for; `None` for a text that is none of LINE's.
fn said(content: &Content) -> Option<Act> {
    let own = |text: &Option<MessageText>| text.clone().filter(|text| text.expose().len() <= LONGEST_TEXT);
    Some(match content {
        Content::Text(text) if text.expose().len() > LONGEST_TEXT => return None,
        Content::Text(text) => Act::Text(text.clone()),
        Content::Sticker(sticker) => Act::Sent(Attachment::Sticker(Sticker {
            package: sticker.package.clone(),
            sticker: sticker.sticker.clone(),
            text: own(&sticker.text),
        })),
        Content::Location(place) => Act::Sent(Attachment::Place(Place {
            title: own(&place.title),
            address: own(&place.address),
            position: place.position.map(|at| MessageText::new(format!("{},{}", at.latitude, at.longitude))),
        })),
        Content::Image(Provider::Line) => Act::Sent(Attachment::Picture),
        Content::File { name, size } => {
            let name = name.as_ref().map(line::FileName::expose).filter(|name| name.len() <= LONGEST_TEXT);
            Act::Sent(Attachment::File { name: name.map(DocumentName::new), size: *size })
        }
        // What LINE does not keep cannot be had from LINE's own host, and our token goes to no other.
        Content::Image(Provider::External) | Content::Video(_) | Content::Audio(_) | Content::Unknown(_) => Act::NotTaken,
    })
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
