//! A tenant's contacts (担当者), and addresses that mails do not reach.

use std::collections::BTreeMap;

use domain::{
    id::TenantId,
    personal::{MailAddress, PersonName},
};
use store::entity::{contact::Contact, marked_address::Mark};

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

    /// Changes a contact's name or address. Another address is not marked, unless it was before.
    pub async fn change_contact(
        &self,
        tenant: TenantId,
        id: &str,
        name: Option<PersonName>,
        mail: Option<MailAddress>,
    ) -> Result<Contact, OpsError> {
        let there = self.contacts(tenant).await?.into_iter().find(|contact| contact.id == id);
        let there = there.ok_or_else(|| OpsError::NoContact(id.to_owned()))?;
        let contact = Contact { id: there.id, name: name.unwrap_or(there.name), mail: mail.unwrap_or(there.mail) };
        self.store.put_contact(tenant, &contact).await?;
        Ok(contact)
    }

    /// The marks on the contacts' addresses.
    pub async fn marks(&self, contacts: &[Contact]) -> Result<BTreeMap<MailAddress, Mark>, OpsError> {
        let installation = self.parameters.reader().installation().await?;
        Ok(self.store.marks(contacts.iter().map(|contact| &contact.mail), &installation).await?)
    }

    /// Takes the mark back from an address, whoever has it: mails go there again.
    pub async fn unmark(&self, address: &MailAddress) -> Result<(), OpsError> {
        let installation = self.parameters.reader().installation().await?;
        let unmarked = self.store.unmark(address, &installation).await?;
        unmarked.then_some(()).ok_or(OpsError::NotMarked)
    }

    /// Removes a contact.
    pub async fn remove_contact(&self, tenant: TenantId, id: &str) -> Result<(), OpsError> {
        let removed = self.store.remove_contact(tenant, id).await?;
        removed.then_some(()).ok_or_else(|| OpsError::NoContact(id.to_owned()))
    }
}
