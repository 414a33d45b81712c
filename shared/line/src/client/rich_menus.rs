//! Rich menus at LINE: making them, and saying who sees which. Pictures go to and come from the content host.
//!
//! Making one has no retry key: where the outcome is unknown, [`Client::rich_menus`] tells by the name whether it is there.
//! Everything else ends the same however often it is done. A menu that LINE does not know is [`SendError::Rejected`].

use bytes::Bytes;
use domain::personal::LineUserId;
use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};

use super::{Client, call::Call};
use crate::{
    error::SendError,
    rich_menu::{RichMenu, RichMenuId},
    token::ChannelCredentials,
    transport::Answer,
};

/// The most that is read of the list: an account has 1,000 menus at most, each with 20 areas at most.
const MAX_LIST_BYTES: usize = 16 * 1024 * 1024;

/// What making a menu, and asking for the default one, are answered with.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    rich_menu_id: RichMenuId,
}

#[derive(Deserialize)]
struct List {
    richmenus: Vec<Listed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    rich_menu_id: RichMenuId,
    #[serde(default)]
    name: String,
}

impl Client {
    /// Shows `user` this menu instead of the default one. The menu must have its picture.
    pub async fn link_rich_menu(&self, channel: &ChannelCredentials, user: &LineUserId, menu: &RichMenuId) -> Result<(), SendError> {
        let at = self.0.api.at(&["v2", "bot", "user", user.expose(), "richmenu", menu.as_str()])?;
        self.done(channel, &Call::post(at)).await
    }

    /// Shows `user` the default menu again.
    pub async fn unlink_rich_menu(&self, channel: &ChannelCredentials, user: &LineUserId) -> Result<(), SendError> {
        let at = self.0.api.at(&["v2", "bot", "user", user.expose(), "richmenu"])?;
        self.done(channel, &Call::delete(at)).await
    }

    /// Makes a menu, which nobody sees before it has its picture.
    pub async fn create_rich_menu(&self, channel: &ChannelCredentials, menu: &RichMenu) -> Result<RichMenuId, SendError> {
        let at = self.0.api.at(&["v2", "bot", "richmenu"])?;
        let answer = self.call(channel, &Call::post(at).json(menu)?).await?;
        read(&answer).map(|Named { rich_menu_id }| rich_menu_id)
    }

    /// The menus that were made through the API, by id and name.
    pub async fn rich_menus(&self, channel: &ChannelCredentials) -> Result<Vec<(RichMenuId, String)>, SendError> {
        let at = self.0.api.at(&["v2", "bot", "richmenu", "list"])?;
        let answer = self.call(channel, &Call::get(at).at_most(MAX_LIST_BYTES)).await?;
        let List { richmenus } = read(&answer)?;
        Ok(richmenus.into_iter().map(|Listed { rich_menu_id, name }| (rich_menu_id, name)).collect())
    }

    /// Gives a menu its picture, a PNG of the menu's size and at most 1 MB. LINE takes one once and refuses another.
    pub async fn put_rich_menu_image(&self, channel: &ChannelCredentials, menu: &RichMenuId, png: Bytes) -> Result<(), SendError> {
        let at = self.0.data.at(&["v2", "bot", "richmenu", menu.as_str(), "content"])?;
        self.done(channel, &Call::post(at).body("image/png", png)).await
    }

    /// Whether a menu has its picture; of a menu that LINE does not know it is `false` too.
    pub async fn has_rich_menu_image(&self, channel: &ChannelCredentials, menu: &RichMenuId) -> Result<bool, SendError> {
        let at = self.0.data.at(&["v2", "bot", "richmenu", menu.as_str(), "content"])?;
        // The status is the answer; the picture is not worth waiting for.
        let answer = self.call(channel, &Call::get(at).at_most(0)).await?;
        Ok(found(&answer)?.is_some())
    }

    /// Shows this menu to everybody who has none of their own.
    pub async fn set_default_rich_menu(&self, channel: &ChannelCredentials, menu: &RichMenuId) -> Result<(), SendError> {
        let at = self.0.api.at(&["v2", "bot", "user", "all", "richmenu", menu.as_str()])?;
        self.done(channel, &Call::post(at)).await
    }

    /// The menu of those who have none of their own, where one was set through the API.
    pub async fn default_rich_menu(&self, channel: &ChannelCredentials) -> Result<Option<RichMenuId>, SendError> {
        let at = self.0.api.at(&["v2", "bot", "user", "all", "richmenu"])?;
        let answer = self.call(channel, &Call::get(at)).await?;
        found(&answer)?.map(read).transpose().map(|named| named.map(|Named { rich_menu_id }| rich_menu_id))
    }

    /// Deletes a menu; whom it was linked to sees the default one.
    pub async fn delete_rich_menu(&self, channel: &ChannelCredentials, menu: &RichMenuId) -> Result<(), SendError> {
        let at = self.0.api.at(&["v2", "bot", "richmenu", menu.as_str()])?;
        self.done(channel, &Call::delete(at)).await
    }
}

/// A success as `Some`, 404 as `None`.
fn found(answer: &Answer) -> Result<Option<&Answer>, SendError> {
    match answer.status {
        status if status.is_success() => Ok(Some(answer)),
        StatusCode::NOT_FOUND => Ok(None),
        _ => Err(SendError::of(answer)),
    }
}

/// What a success says. Where it cannot be read, the call may still have done what it should.
fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, SendError> {
    if !answer.status.is_success() {
        return Err(SendError::of(answer));
    }
    let body = answer.body.as_ref().map_err(|lost| SendError::Unknown { why: lost.to_string() })?;
    serde_json::from_slice(body).map_err(|_| SendError::Unknown { why: "LINE's answer cannot be read".to_owned() })
}
