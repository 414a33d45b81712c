//! Rich menus: one for members, one for everybody else, made at LINE as they are drawn here ([`drawn`]).
//!
//! Applying them again changes nothing, and a run that died half-way is finished by the next one: a menu is known again by
//! its name, and what is old goes last, after everything that points to the new one is written.

pub mod drawn;

use bytes::Bytes;
use serde::Serialize;

use domain::tenant::ChannelName;
use line::{ChannelCredentials, ChannelSecret, Client, RichMenuId, SendError};
use store::parameters::Channel;

use crate::{Ops, OpsError};
use drawn::{Drawn, OURS, State};

/// What [`Ops::apply_menus`] did to one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Applied {
    /// The channel.
    pub channel: ChannelName,
    /// The members' menu.
    pub registered: Ensured,
    /// Everybody else's menu.
    pub unregistered: Ensured,
    /// Everybody else's menu has become the account's default one.
    pub default_set: bool,
    /// The members' menu was written into the channel's parameter, where functions find it within five minutes.
    pub written: bool,
    /// Older menus of ours, which are no more.
    pub deleted: Vec<RichMenuId>,
}

/// A menu that is at LINE with its picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ensured {
    /// Its id at LINE.
    pub id: RichMenuId,
    /// How it came there.
    pub how: How,
}

/// How a menu came to be at LINE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum How {
    /// It is new.
    Made,
    /// A run that died had made it; it has got its picture now.
    Finished,
    /// It was there.
    WasThere,
}

/// One menu of a channel, as LINE has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The channel.
    pub channel: ChannelName,
    /// Who sees it; `None` where it is an older one: the next [`Ops::apply_menus`] deletes it, or leaves it to the members who have it.
    pub state: Option<State>,
    /// Its name, which tells its drawing.
    pub name: String,
    /// Its id; `None` where it is not made yet.
    pub id: Option<RichMenuId>,
    /// It has its picture.
    pub picture: bool,
    /// It is the account's default menu, or the one that members are linked to.
    pub used: bool,
}

impl Ops {
    /// Makes the menus of a channel as they are drawn, where they are not there: the default one, the one for members with
    /// its id in the channel's parameter. Older menus of members stay: who was linked to one sees it until they follow or
    /// register anew.
    ///
    /// # Errors
    /// [`OpsError::Line`] where LINE refuses or does not answer: the next run goes on from there.
    pub async fn apply_menus(&self, name: &ChannelName) -> Result<Applied, OpsError> {
        let account = self.account(name).await?;
        let ours = account.ours().await?;
        let registered = account.ensure(State::Registered, &ours).await?;
        let unregistered = account.ensure(State::Unregistered, &ours).await?;
        let default_set = account.set_default(&unregistered.id).await?;
        let written = self.write_registered_menu(name, &registered.id).await?;
        let in_use = [&registered.id, &unregistered.id];
        let drawn = Drawn::of(State::Registered)?;
        // Members stay linked to the menu that they were given: without it they would be shown how to register.
        let is_linked = |name: &str| State::Registered.names(name) && name != drawn.menu.name();
        let older = ours.into_iter().filter(|(id, name)| !in_use.contains(&id) && !is_linked(name)).map(|(id, _)| id);
        let deleted = account.delete(older.collect()).await?;
        Ok(Applied { channel: name.clone(), registered, unregistered, default_set, written, deleted })
    }

    /// The menus of a channel: the two that are drawn, then older ones of ours.
    pub async fn menus(&self, name: &ChannelName) -> Result<Vec<Shown>, OpsError> {
        let account = self.account(name).await?;
        let mut ours = account.ours().await?;
        let default = account.said(account.client.default_rich_menu(&account.credentials).await)?;
        let registered = self.channel(name).await?.registered_menu;
        let mut shown = Vec::new();
        for state in State::ALL {
            let wanted = Drawn::of(state)?.menu.name().to_owned();
            let at = ours.iter().position(|(_, name)| *name == wanted);
            let id = at.map(|at| ours.remove(at).0);
            let picture = match &id {
                Some(id) => account.has_image(id).await?,
                None => false,
            };
            let used = id.is_some()
                && match state {
                    State::Registered => id.as_ref().map(RichMenuId::as_str) == registered.as_deref(),
                    State::Unregistered => id == default,
                };
            shown.push(Shown { channel: account.name.clone(), state: Some(state), name: wanted, id, picture, used });
        }
        for (id, menu) in ours {
            let used = Some(&id) == default.as_ref() || Some(id.as_str()) == registered.as_deref();
            let picture = account.has_image(&id).await?;
            shown.push(Shown { channel: account.name.clone(), state: None, name: menu, id: Some(id), picture, used });
        }
        Ok(shown)
    }

    async fn account(&self, name: &ChannelName) -> Result<Account, OpsError> {
        let Channel { channel_id, channel_secret, .. } = self.channel(name).await?;
        let credentials = ChannelCredentials { channel_id, secret: ChannelSecret::new(channel_secret) };
        Ok(Account { name: name.clone(), client: self.line.client()?, credentials })
    }

    /// Read anew, because LINE's answers took their time: a secret that was changed meanwhile stays.
    async fn write_registered_menu(&self, name: &ChannelName, menu: &RichMenuId) -> Result<bool, OpsError> {
        let channel = self.channel(name).await?;
        if channel.registered_menu.as_deref() == Some(menu.as_str()) {
            return Ok(false);
        }
        self.put_channel(name, &Channel { registered_menu: Some(menu.to_string()), ..channel }).await?;
        Ok(true)
    }
}

/// A channel at LINE.
struct Account {
    name: ChannelName,
    client: Client,
    credentials: ChannelCredentials,
}

impl Account {
    fn said<T>(&self, answer: Result<T, SendError>) -> Result<T, OpsError> {
        answer.map_err(|error| OpsError::Line { channel: self.name.clone(), error })
    }

    /// Every menu that bears our name, whoever made it and when.
    async fn ours(&self) -> Result<Vec<(RichMenuId, String)>, OpsError> {
        let mut menus = self.said(self.client.rich_menus(&self.credentials).await)?;
        menus.retain(|(_, name)| name.starts_with(OURS));
        Ok(menus)
    }

    /// Finds the menu by its name, gives it its picture where it has none, or makes it.
    async fn ensure(&self, state: State, ours: &[(RichMenuId, String)]) -> Result<Ensured, OpsError> {
        let Drawn { menu, png } = Drawn::of(state)?;
        let named: Vec<&RichMenuId> = ours.iter().filter(|(_, name)| name == menu.name()).map(|(id, _)| id).collect();
        for id in &named {
            if self.has_image(id).await? {
                return Ok(Ensured { id: (*id).clone(), how: How::WasThere });
            }
        }
        let (id, how) = match named.first() {
            Some(id) => ((*id).clone(), How::Finished),
            None => (self.said(self.client.create_rich_menu(&self.credentials, &menu).await)?, How::Made),
        };
        self.said(self.client.put_rich_menu_image(&self.credentials, &id, Bytes::from_static(png)).await)?;
        Ok(Ensured { id, how })
    }

    async fn has_image(&self, menu: &RichMenuId) -> Result<bool, OpsError> {
        self.said(self.client.has_rich_menu_image(&self.credentials, menu).await)
    }

    /// `false` where it was the default one.
    async fn set_default(&self, menu: &RichMenuId) -> Result<bool, OpsError> {
        if self.said(self.client.default_rich_menu(&self.credentials).await)?.as_ref() == Some(menu) {
            return Ok(false);
        }
        self.said(self.client.set_default_rich_menu(&self.credentials, menu).await)?;
        Ok(true)
    }

    /// One that is gone already is as good as deleted.
    async fn delete(&self, menus: Vec<RichMenuId>) -> Result<Vec<RichMenuId>, OpsError> {
        for menu in &menus {
            match self.client.delete_rich_menu(&self.credentials, menu).await {
                Ok(()) | Err(SendError::Rejected { status: 404, .. }) => {}
                Err(error) => return self.said(Err(error)),
            }
        }
        Ok(menus)
    }
}
