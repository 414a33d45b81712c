//! LINE channels: what LINE's console shows of a Messaging API channel, kept as a parameter.

use domain::tenant::ChannelName;
use store::{StoreError, parameters::Channel};

use crate::{Ops, OpsError};

/// What is wrong with a channel. It does not quote the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadChannel {
    /// Not a channel id.
    #[error("a channel id is a number, as LINE's console shows it under Basic settings")]
    Id,
    /// Not a channel secret.
    #[error("a channel secret has 16 to 128 printable ASCII characters without spaces")]
    Secret,
    /// Not a basic id.
    #[error("a basic id is '@' with lower-case letters, digits, '.', '-' or '_', such as @123abcde")]
    BasicId,
}

/// Checks what an operator copied from LINE's console.
pub fn check(channel: &Channel) -> Result<(), BadChannel> {
    let is_id = (1..=20).contains(&channel.channel_id.len()) && channel.channel_id.bytes().all(|b| b.is_ascii_digit());
    let is_secret = (16..=128).contains(&channel.channel_secret.len()) && channel.channel_secret.bytes().all(|b| b.is_ascii_graphic());
    let of_basic_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b);
    let is_basic_id = channel.basic_id.strip_prefix('@').is_some_and(|id| (1..=20).contains(&id.len()) && id.bytes().all(of_basic_id));
    match (is_id, is_secret, is_basic_id) {
        (false, _, _) => Err(BadChannel::Id),
        (_, false, _) => Err(BadChannel::Secret),
        (_, _, false) => Err(BadChannel::BasicId),
        (true, true, true) => Ok(()),
    }
}

impl Ops {
    /// Makes or replaces a channel. Functions take up a new secret within five minutes. The members' menu stays where it is
    /// the same channel at LINE: another one does not know it.
    pub async fn set_channel(&self, name: &ChannelName, channel: &Channel) -> Result<(), OpsError> {
        check(channel)?;
        let former = self.parameters.reader().channel(name).await?.filter(|former| former.channel_id == channel.channel_id);
        let menu = channel.registered_menu.clone().or_else(|| former.and_then(|former| former.registered_menu));
        self.put_channel(name, &Channel { registered_menu: menu, ..channel.clone() }).await
    }

    /// Writes a channel as it is.
    pub(crate) async fn put_channel(&self, name: &ChannelName, channel: &Channel) -> Result<(), OpsError> {
        let unwritable = |_| StoreError::Unreadable { entity: "LINE channel parameter", reason: "it does not serialise" };
        let json = serde_json::to_string(channel).map_err(unwritable)?;
        self.parameters.put(self.parameters.reader().channel_name(name), json).await
    }

    /// All channels, by name.
    pub async fn channels(&self) -> Result<Vec<ChannelName>, OpsError> {
        self.parameters.channels().await
    }

    /// A channel.
    ///
    /// # Errors
    /// [`OpsError::NoChannel`] where none has that name.
    pub async fn channel(&self, name: &ChannelName) -> Result<Channel, OpsError> {
        self.parameters.reader().channel(name).await?.ok_or_else(|| OpsError::NoChannel(name.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_line_s_console_shows_is_checked_part_by_part() {
        let secret = "0123456789abcdef0123456789abcdef";
        for (id, secret, basic_id, answer) in [
            ("2000000001", secret, "@123abcde", Ok(())),
            ("2000000001", "demo-channel-secret-0123456789abcd", "@hoken-demo", Ok(())),
            ("", secret, "@123abcde", Err(BadChannel::Id)),
            ("20 00", secret, "@123abcde", Err(BadChannel::Id)),
            ("2000000001", "", "@123abcde", Err(BadChannel::Secret)),
            ("2000000001", "0123456789abcdef 123456789abcdef", "@123abcde", Err(BadChannel::Secret)),
            ("2000000001", secret, "123abcde", Err(BadChannel::BasicId)),
            ("2000000001", secret, "@", Err(BadChannel::BasicId)),
            ("2000000001", secret, "@あ", Err(BadChannel::BasicId)),
        ] {
            let channel = Channel {
                channel_id: id.to_owned(),
                channel_secret: secret.to_owned(),
                basic_id: basic_id.to_owned(),
                registered_menu: None,
            };
            assert_eq!(check(&channel), answer, "{id} {basic_id}");
        }
    }
}
