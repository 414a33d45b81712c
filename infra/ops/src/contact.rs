//! A tenant's contacts (担当者).

use domain::{
    id::TenantId,
    personal::{MailAddress, PersonName},
};
use store::entity::contact::Contact;

use crate::{Ops, OpsError};

impl Ops {
    /// Adds a contact.
    pub async fn add_contact(&self, tenant: TenantId, name: PersonName, mail: MailAddress) -> Result<Contact, OpsError> {
        let contact = Contact { id: self.id()?.to_string(), name, mail };
        self.store.put_contact(tenant, &contact).await?;
        Ok(contact)
    }

    /// A tenant's contacts, oldest first.
    pub async fn contacts(&self, tenant: TenantId) -> Result<Vec<Contact>, OpsError> {
        Ok(self.store.contacts(tenant).await?)
    }

    /// Removes a contact.
    pub async fn remove_contact(&self, tenant: TenantId, id: &str) -> Result<(), OpsError> {
        let removed = self.store.remove_contact(tenant, id).await?;
        removed.then_some(()).ok_or_else(|| OpsError::NoContact(id.to_owned()))
    }
}
