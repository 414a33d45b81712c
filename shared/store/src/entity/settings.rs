//! The operator's settings: one item.

use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use domain::{
    calendar::{BusinessHours, Closures},
    danger::DangerWords,
    desk::{Desk, PublicDesk},
    documents::{Documents, WebLink},
    erasure::Terms,
    personal::MailAddress,
    text::Language,
};

use crate::{
    Key, Store, StoreError,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item},
};

/// Settings: one Get.
pub const ENTITY: Entity =
    Entity { name: "Settings", pk: "OPERATOR", sk: "SETTINGS", index: "", erasure: Erasure::Kept("the operator's own settings") };

/// What an operator can change for the whole installation.
///
/// Each field has a default of its own: those of all are not made to be thrown away at each reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// When nurses answer (row B1).
    #[serde(default)]
    pub hours: BusinessHours,
    /// Days without service beside weekends and national holidays (row B1).
    #[serde(default)]
    pub closures: Closures,
    /// What people consent to when they register (row A1).
    #[serde(default)]
    pub documents: Documents,
    /// Words that point to danger (row B4).
    #[serde(default = "danger")]
    pub danger: DangerWords,
    /// Who gets the alert about such words, at any hour (row B4).
    #[serde(default)]
    pub duty: Vec<MailAddress>,
    /// The operator's own addresses: files set aside, imports that wait, erasure certificates (rows D1, D2).
    #[serde(default)]
    pub operators: Vec<MailAddress>,
    /// Where interviews by web take place; the interview's id is added (row C4).
    #[serde(default)]
    pub meeting: Option<WebLink>,
    /// Public desks that members are referred to (row B4).
    #[serde(default = "public_desks")]
    pub public_desks: Vec<PublicDesk>,
    /// How a contact reaches the nurses after a disclosure (row B4).
    #[serde(default)]
    pub own_desk: Option<Desk>,
    /// When members of whom nothing is heard are erased (row A1).
    #[serde(default)]
    pub erasure: Terms,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            hours: BusinessHours::default(),
            closures: Closures::default(),
            documents: Documents::default(),
            danger: danger(),
            duty: Vec::new(),
            operators: Vec::new(),
            meeting: None,
            public_desks: public_desks(),
            own_desk: None,
            erasure: Terms::default(),
        }
    }
}

fn danger() -> DangerWords {
    DangerWords::default_list().clone()
}

fn public_desks() -> Vec<PublicDesk> {
    PublicDesk::default_list().to_vec()
}

/// The settings as they were read last. Every message reads their item, which hardly ever changes; making sense of it, above all of
/// the words that point to danger, costs more than everything else that is read.
#[derive(Debug, Default)]
pub struct Remembered(Mutex<Option<(Item, Arc<Settings>)>>);

impl Remembered {
    /// The settings in a fetched item; the defaults where none were made.
    pub fn read(&self, item: Option<&Item>) -> Result<Arc<Settings>, StoreError> {
        let Some(item) = item else { return Ok(Arc::default()) };
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, settings)) = &*last
            && known == item
        {
            return Ok(Arc::clone(settings));
        }
        let settings = Arc::new(Settings::from_item(Some(item))?);
        *last = Some((item.clone(), Arc::clone(&settings)));
        Ok(settings)
    }
}

impl Settings {
    /// How a contact reaches `nurse`, who disclosed something: the operator's desk, or the nurse's own address. Contacts read Japanese.
    pub fn reach(&self, nurse: &MailAddress) -> String {
        self.own_desk.as_ref().map_or_else(|| nurse.expose().to_owned(), |desk| desk.show(Language::Ja))
    }

    /// The settings in a fetched item; the defaults where none were made.
    pub fn from_item(item: Option<&Item>) -> Result<Self, StoreError> {
        item.cloned().map_or_else(|| Ok(Self::default()), |item| entity(ENTITY.name, item))
    }
}

impl Store {
    /// The settings; the defaults where none were made.
    pub async fn settings(&self) -> Result<Settings, StoreError> {
        Settings::from_item(self.get(&Key::settings()).await?.as_ref())
    }

    /// Replaces the settings.
    pub async fn put_settings(&self, settings: &Settings) -> Result<(), StoreError> {
        self.put(item(ENTITY.name, &Key::settings(), settings)?).await
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use domain::desk::WrittenDesk;

    use super::*;

    #[test]
    fn settings_are_remembered_until_their_item_changes() {
        let stored = |settings: &Settings| item(ENTITY.name, &Key::settings(), settings).unwrap();
        let remembered = Remembered::default();
        assert_eq!(*remembered.read(None).unwrap(), Settings::default());
        let mut settings = Settings { danger: vec!["消えたい".to_owned()].into(), ..Settings::default() };
        let first = remembered.read(Some(&stored(&settings))).unwrap();
        assert!(*first == settings && Arc::ptr_eq(&first, &remembered.read(Some(&stored(&settings))).unwrap()));
        settings.danger = Vec::new().into();
        assert_eq!(*remembered.read(Some(&stored(&settings))).unwrap(), settings);
    }

    #[test]
    fn what_an_item_does_not_say_is_as_by_default() {
        let mut stored = item(ENTITY.name, &Key::settings(), &Settings { danger: Vec::new().into(), ..Settings::default() }).unwrap();
        stored.retain(|name, _| ["pk", "sk", "kind"].contains(&name.as_str()));
        assert_eq!(Settings::from_item(Some(&stored)).unwrap(), Settings::default());
    }

    #[test]
    fn a_contact_reaches_the_operator_s_desk_or_else_the_nurse() {
        let nurse = MailAddress::parse("sato@example.jp").unwrap();
        let written = WrittenDesk { name: "推進室".to_owned(), phone: "03-0000-9876".parse().ok(), ..WrittenDesk::default() };
        let with = Settings { own_desk: written.try_into().ok(), ..Settings::default() };
        assert_eq!(Settings::default().reach(&nurse), "sato@example.jp");
        assert_eq!(with.reach(&nurse), "■ 推進室\n電話：03-0000-9876");
    }
}
