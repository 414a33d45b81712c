//! That mails do not reach an address, or that its owner does not want them (row D3). Marked is the address and not who has it:
//! whoever gets another address is written to again, and who comes back with a marked one is not.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use domain::{id::TenantId, personal::MailAddress, time, unreachable::Why};

use crate::{
    Guard, Installation, Key, Store, StoreError, Transaction, Wanted,
    entity::{Entity, Erasure, contact::Contact},
    transaction::{entity, item},
};

/// Which addresses are marked: one `BatchGet` of 100. The address stands in it as a keyed digest only.
pub const ENTITY: Entity = Entity {
    name: "MarkedAddress",
    pk: "MAIL#{address}",
    sk: "MARK",
    index: "",
    erasure: Erasure::Kept("an address of staff or of a business contact, as a keyed digest; no other address is marked"),
};

/// `BatchGetItem` takes so many.
const FETCH: usize = 100;

/// The mark on an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What happened.
    pub why: Why,
    /// Since when it is marked.
    #[serde(with = "time::stamped")]
    pub since: DateTime<Utc>,
}

impl Mark {
    /// Marks `address`. [`Guard::Unique`] fails where it is marked.
    pub fn put(self, transaction: &mut Transaction<'_>, address: &MailAddress, installation: &Installation) -> Result<(), StoreError> {
        transaction.put_new(Guard::Unique, item(ENTITY.name, &key(address, installation), &self)?)
    }
}

fn key(address: &MailAddress, installation: &Installation) -> Key {
    Key::marked_address(&installation.mail_address(address))
}

impl Store {
    /// The marks on those of `addresses` that are marked.
    pub async fn marks(
        &self,
        addresses: impl IntoIterator<Item = &MailAddress>,
        installation: &Installation,
    ) -> Result<BTreeMap<MailAddress, Mark>, StoreError> {
        let keys: Vec<(&MailAddress, Key)> = addresses.into_iter().map(|address| (address, key(address, installation))).collect();
        let mut marks = BTreeMap::new();
        for some in keys.chunks(FETCH) {
            let items = some.iter().map(|(_, key)| key.clone()).collect();
            let fetched = self.fetch(&Wanted { items, data_keys: Vec::new() }).await?;
            for (address, item) in some.iter().filter_map(|(address, key)| Some((*address, fetched.item(key)?))) {
                marks.insert(address.clone(), entity(ENTITY.name, item.clone())?);
            }
        }
        Ok(marks)
    }

    /// Those of `contacts` whom mails reach, in their order.
    pub async fn reachable(&self, mut contacts: Vec<Contact>, installation: &Installation) -> Result<Vec<Contact>, StoreError> {
        let marks = self.marks(contacts.iter().map(|contact| &contact.mail), installation).await?;
        contacts.retain(|contact| !marks.contains_key(&contact.mail));
        Ok(contacts)
    }

    /// `contact`, or where mails do not reach them the first other contact of the tenant whom mails reach; else `contact` all the same,
    /// since nobody else can be told.
    pub async fn reachable_or_next(&self, tenant: TenantId, contact: Contact, installation: &Installation) -> Result<Contact, StoreError> {
        if self.marks([&contact.mail], installation).await?.is_empty() {
            return Ok(contact);
        }
        let reachable = self.reachable(self.contacts(tenant).await?, installation).await?;
        Ok(reachable.into_iter().next().unwrap_or(contact))
    }

    /// Takes the mark back; `false` where there was none.
    pub async fn unmark(&self, address: &MailAddress, installation: &Installation) -> Result<bool, StoreError> {
        self.remove(&key(address, installation)).await
    }
}
