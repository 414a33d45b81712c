//! The rich menu of a LINE user: members have one of their own in the place of the account's default. Which one fits is decided
//! when it is sent, so that neither an old item nor a second copy shows a wrong one.

use domain::personal::LineUserId;
use line::{RichMenuId, SendError};
use store::{StoreError, entity::outbox::OutboxItem};

use crate::{
    App,
    deliver::{Attempt, open},
    to_line::{UNKNOWN_CHANNEL, attempt, credentials},
};

/// Makes one attempt.
pub async fn run(app: &App, item: &OutboxItem) -> Result<Attempt, StoreError> {
    let (Some(channel), Some(user)) = (&item.channel, &item.user) else { return Ok(Attempt::Refused("names no channel or user")) };
    let recipient = app.store.line_user(user).await?;
    if recipient.blocks(channel) {
        return Ok(Attempt::Dropped("the account is blocked"));
    }
    let address: LineUserId = match open(app, item).await? {
        Ok(address) => address,
        Err(without) => return Ok(without),
    };
    let Some(channel) = app.parameters.channel(channel).await? else { return Ok(UNKNOWN_CHANNEL) };
    let Some(menu) = channel.registered_menu.as_deref().and_then(|menu| RichMenuId::parse(menu).ok()) else {
        return Ok(Attempt::Dropped("the channel has no rich menu"));
    };
    let credentials = credentials(&channel);
    let shown = if recipient.is_member() {
        app.line.link_rich_menu(&credentials, &address, &menu).await
    } else {
        app.line.unlink_rich_menu(&credentials, &address).await
    };
    Ok(match shown {
        // Drawn anew at this moment: what is remembered of the channel names the former menu for some minutes.
        Err(SendError::Rejected { status: 404, .. }) => Attempt::Later { why: "the menu is unknown", after: None, token_spent: false },
        shown => attempt(shown, false),
    })
}
