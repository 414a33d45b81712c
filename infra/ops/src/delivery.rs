//! Roster files that were delivered (row D1): how their imports stand, and the two confirmations of one that waits.

use domain::id::{ImportId, TenantId};
use store::entity::delivery::{Delivery, State};

use crate::{Ops, OpsError};

/// Who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirms {
    /// The tenant's contact, who told the operator.
    Contact,
    /// The operator.
    Operator,
}

impl Ops {
    /// A tenant's deliveries, the oldest first.
    pub async fn deliveries(&self, tenant: TenantId) -> Result<Vec<Delivery>, OpsError> {
        Ok(self.store.deliveries(tenant).await?)
    }

    /// Notes that contact or operator confirmed an import that waits; with both the next sweep applies it.
    pub async fn confirm_delivery(&self, tenant: TenantId, import: ImportId, by: Confirms) -> Result<Delivery, OpsError> {
        let now = self.now();
        self.change_delivery(tenant, import, |delivery| match by {
            Confirms::Contact => delivery.contact_confirmed_at = Some(now),
            Confirms::Operator => delivery.operator_confirmed_at = Some(now),
        })
        .await
    }

    /// Refuses an import that waits; the next sweep deletes its file and tells the contact.
    pub async fn refuse_delivery(&self, tenant: TenantId, import: ImportId) -> Result<Delivery, OpsError> {
        let now = self.now();
        self.change_delivery(tenant, import, |delivery| delivery.refused_at = Some(now)).await
    }

    async fn change_delivery(&self, tenant: TenantId, import: ImportId, change: impl FnOnce(&mut Delivery)) -> Result<Delivery, OpsError> {
        let found = self.store.delivery(tenant, import).await?;
        let mut delivery = found.filter(|delivery| delivery.state == State::Waiting).ok_or(OpsError::NotWaiting(import))?;
        change(&mut delivery);
        let is_due = delivery.is_confirmed() || delivery.refused_at.is_some();
        let due = if is_due { self.now() } else { delivery.waits_until() };
        let mut transaction = self.store.transaction();
        delivery.put(&mut transaction, due)?;
        transaction.commit().await?.map_err(|_| OpsError::NotWaiting(import))?;
        Ok(delivery)
    }

    /// Keys of files that were put where none is taken, or that belong to no tenant.
    pub async fn files_aside(&self) -> Result<Vec<String>, OpsError> {
        let tenants = self.store.tenants().await?;
        let is_taken = |key: &str| match store::roster_files::Place::of(key) {
            store::roster_files::Place::Delivery(tenant, _) => tenants.contains(&tenant),
            store::roster_files::Place::Folder | store::roster_files::Place::Unknown => false,
        };
        let files = self.files.all_delivered().await?;
        Ok(files.into_iter().map(|file| file.key).filter(|key| !is_taken(key)).collect())
    }
}
