//! The nurses (産業看護職).

use std::collections::BTreeSet;

use domain::{
    licence::Licence,
    personal::{MailAddress, PersonName},
};
use store::entity::{nurse::Nurse, template::Shelf};

use crate::{Ops, OpsError};

impl Ops {
    /// Adds a nurse, who holds at least one licence.
    pub async fn add_nurse(&self, name: PersonName, mail: MailAddress, licences: BTreeSet<Licence>) -> Result<Nurse, OpsError> {
        if licences.is_empty() {
            return Err(OpsError::NoLicence);
        }
        let nurse = Nurse { id: self.id()?.to_string(), name, mail, licences };
        self.store.put_nurse(&nurse).await?;
        Ok(nurse)
    }

    /// All nurses, oldest first.
    pub async fn nurses(&self) -> Result<Vec<Nurse>, OpsError> {
        Ok(self.store.nurses().await?)
    }

    /// Removes a nurse, and the templates that she kept for herself.
    pub async fn remove_nurse(&self, id: &str) -> Result<(), OpsError> {
        let own = Shelf::Of(id);
        for template in self.store.templates(own).await? {
            self.store.remove_template(own, &template.id).await?;
        }
        let removed = self.store.remove_nurse(id).await?;
        removed.then_some(()).ok_or_else(|| OpsError::NoNurse(id.to_owned()))
    }
}
