//! Rich menus: which there are, which one an account shows to all, and which one a person sees instead.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A change of the rich menus.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum MenuEntry {
    /// An account made one.
    Made { channel: String, id: String, menu: Value },
    /// It got its image.
    Pictured { id: String },
    /// It is no more, nor is anything that shows it.
    Deleted { id: String },
    /// The account shows it to everybody who has none of their own; `None`: nothing any more.
    Default { channel: String, id: Option<String> },
    /// The person sees it in the account's chat; `None`: the default one again.
    Linked { channel: String, user: String, id: Option<String> },
}

/// A rich menu.
pub struct Menu {
    /// `richmenu-` and 32 hexadecimal digits.
    pub id: String,
    /// The account that it belongs to.
    pub channel: String,
    /// As it was made: size, selected, name, chatBarText, areas.
    pub definition: Value,
    /// It has its image, which stays: LINE changes no image.
    pub pictured: bool,
}

/// Every rich menu.
#[derive(Default)]
pub struct Menus {
    /// Oldest first.
    all: Vec<Menu>,
    /// By account.
    defaults: HashMap<String, String>,
    /// By account and person.
    linked: HashMap<(String, String), String>,
}

impl Menus {
    /// The menu with this id.
    pub fn get(&self, id: &str) -> Option<&Menu> {
        self.all.iter().find(|menu| menu.id == id)
    }

    /// The account's menus, oldest first.
    pub fn of(&self, channel: &str) -> impl Iterator<Item = &Menu> {
        self.all.iter().filter(move |menu| menu.channel == channel)
    }

    /// What the account shows to everybody.
    pub fn default_of(&self, channel: &str) -> Option<&Menu> {
        self.get(self.defaults.get(channel)?)
    }

    /// What this person was linked to.
    pub fn linked_to(&self, channel: &str, user: &str) -> Option<&Menu> {
        self.get(self.linked.get(&(channel.to_owned(), user.to_owned()))?)
    }

    /// Lets `entry` happen.
    pub fn apply(&mut self, entry: MenuEntry) {
        match entry {
            MenuEntry::Made { channel, id, menu } => self.all.push(Menu { id, channel, definition: menu, pictured: false }),
            MenuEntry::Pictured { id } => {
                if let Some(menu) = self.all.iter_mut().find(|menu| menu.id == id) {
                    menu.pictured = true;
                }
            }
            MenuEntry::Deleted { id } => {
                self.all.retain(|menu| menu.id != id);
                self.defaults.retain(|_, default| *default != id);
                self.linked.retain(|_, linked| *linked != id);
            }
            MenuEntry::Default { channel, id: Some(id) } => {
                self.defaults.insert(channel, id);
            }
            MenuEntry::Default { channel, id: None } => {
                self.defaults.remove(&channel);
            }
            MenuEntry::Linked { channel, user, id: Some(id) } => {
                self.linked.insert((channel, user), id);
            }
            MenuEntry::Linked { channel, user, id: None } => {
                self.linked.remove(&(channel, user));
            }
        }
    }
}
