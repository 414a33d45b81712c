//! A tenant's contact (担当者): where reports and reminders go.

use serde::{Deserialize, Serialize};

use domain::{
    id::TenantId,
    personal::{MailAddress, PersonName},
};

use crate::{
    Key, Store, StoreError,
    entity::{Entity, Erasure},
    transaction::{Item, entity, item},
};

/// Tenant → contacts: one Query. Whether one is on file: one Get.
pub const ENTITY: Entity = Entity {
    name: "Contact",
    pk: "TENANT#{tenant}",
    sk: "CONTACT#{contact}",
    index: "",
    erasure: Erasure::Kept("a business contact named by the tenant; goes with its contract or at its word"),
};

/// A tenant's HR person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// A ULID, which the key holds.
    pub id: String,
    /// The name in the salutation.
    pub name: PersonName,
    /// Where mails go.
    pub mail: MailAddress,
}

impl Contact {
    /// The contact in a fetched item.
    pub fn from_item(item: Item) -> Result<Self, StoreError> {
        entity(ENTITY.name, item)
    }
}

impl Store {
    /// Adds or replaces a contact.
    pub async fn put_contact(&self, tenant: TenantId, contact: &Contact) -> Result<(), StoreError> {
        self.put(item(ENTITY.name, &Key::contact(tenant, &contact.id), contact)?).await
    }

    /// Removes a contact; `false` where there was none.
    pub async fn remove_contact(&self, tenant: TenantId, id: &str) -> Result<bool, StoreError> {
        self.remove(&Key::contact(tenant, id)).await
    }

    /// A tenant's contacts, oldest first.
    pub async fn contacts(&self, tenant: TenantId) -> Result<Vec<Contact>, StoreError> {
        let items = self.query_prefix(&Key::tenant(tenant).pk, "CONTACT#").await?;
        items.into_iter().map(Contact::from_item).collect()
    }
}
