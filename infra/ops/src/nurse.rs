//! The nurses (産業看護職).

use std::collections::BTreeSet;

use domain::{
    interview::hours::Hours,
    licence::Licence,
    personal::{MailAddress, PersonName},
};
use store::entity::{hours::NurseHours, nurse::Nurse, template::Shelf};

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

    /// Sets when a nurse gives interviews (row C1).
    pub async fn set_hours(&self, nurse: &Nurse, hours: Hours) -> Result<(), OpsError> {
        let id = nurse.id.parse().map_err(|_| OpsError::NoNurse(nurse.id.clone()))?;
        let mut transaction = self.store.transaction();
        NurseHours { nurse: id, name: nurse.name.clone(), hours }.put(&mut transaction)?;
        transaction.commit().await?.map_err(|_| OpsError::NoNurse(nurse.id.clone()))
    }

    /// When nurses give interviews.
    pub async fn hours(&self) -> Result<Vec<NurseHours>, OpsError> {
        Ok(self.store.hours().await?)
    }

    /// Removes a nurse, the templates that she kept for herself, and her hours: nobody books her any more. What is booked stays, until
    /// the nurse in charge calls it off.
    pub async fn remove_nurse(&self, id: &str) -> Result<(), OpsError> {
        if let Ok(nurse) = id.parse() {
            self.store.remove_hours(nurse).await?;
        }
        let own = Shelf::Of(id);
        for template in self.store.templates(own).await? {
            self.store.remove_template(own, &template.id).await?;
        }
        let removed = self.store.remove_nurse(id).await?;
        removed.then_some(()).ok_or_else(|| OpsError::NoNurse(id.to_owned()))
    }
}
