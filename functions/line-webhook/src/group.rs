//! Groups and rooms: consultations are one-to-one, so what is written there is refused politely and not kept.
//!
//! Nothing is stored, so no mark tells a second delivery from the first; the reply token does, which works once.

use domain::text::{Language, Text};
use line::{Event, EventKind, Outgoing};

use crate::{App, Channel};

/// Answers what was written, and being added, with the refusal. A courtesy: where LINE does not take it, nobody is owed anything.
pub async fn refuse(app: &App, channel: &Channel, event: &Event) {
    let is_addressed = match &event.kind {
        EventKind::Message(_) | EventKind::Postback { .. } => true,
        EventKind::Other(kind) => kind == "join",
        EventKind::Unsend { .. } | EventKind::Follow { .. } | EventKind::Unfollow | EventKind::AccountLink => false,
    };
    let (Some(token), true, line::Mode::Active) = (&event.reply_token, is_addressed, event.mode) else { return };
    // Members of several companies may be in it: nobody's language is known.
    let Ok(refusal) = Outgoing::new(vec![Language::Ja.say(&Text::OneToOneOnly)], Vec::new()) else { return };
    if let Err(error) = app.line.reply(&channel.credentials, token, &refusal).await {
        tracing::info!(error = %error, "a refusal in a group was not sent");
    }
}
