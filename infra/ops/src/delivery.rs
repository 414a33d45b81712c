//! Roster files that were delivered (row D1): how their imports stand, and the two confirmations of one that waits.

use domain::id::{ImportId, TenantId};
use store::entity::delivery::{Answered, Delivery, Party, Verdict};

use crate::{Ops, OpsError};

impl Ops {
    /// A tenant's deliveries, the oldest first.
    pub async fn deliveries(&self, tenant: TenantId) -> Result<Vec<Delivery>, OpsError> {
        Ok(self.store.deliveries(tenant).await?)
    }

    /// Notes that contact or operator confirmed an import that waits; with both the next sweep applies it. Contacts do so on their
    /// page; one who told the operator is noted here.
    pub async fn confirm_delivery(&self, tenant: TenantId, import: ImportId, by: Party) -> Result<Delivery, OpsError> {
        self.answer_delivery(tenant, import, (by, Verdict::Confirms)).await
    }

    /// Refuses an import that waits; the next sweep deletes its file and tells the contact.
    pub async fn refuse_delivery(&self, tenant: TenantId, import: ImportId) -> Result<Delivery, OpsError> {
        self.answer_delivery(tenant, import, (Party::Operator, Verdict::Refuses)).await
    }

    async fn answer_delivery(&self, tenant: TenantId, import: ImportId, word: (Party, Verdict)) -> Result<Delivery, OpsError> {
        match self.store.answer_delivery(tenant, import, word, self.now(), |_, _| Ok(())).await? {
            Answered::Now(delivery) | Answered::Before(delivery) => Ok(delivery),
            Answered::NotWaiting => Err(OpsError::NotWaiting(import)),
        }
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
