//! A tenant's ledger of disclosures (row B4), without what was disclosed: no operator reads that.

use domain::id::TenantId;
use store::entity::disclosure::{self, Entry};

use crate::{Ops, OpsError};

impl Ops {
    /// The entries in their order.
    pub async fn ledger(&self, tenant: TenantId) -> Result<Vec<Entry>, OpsError> {
        Ok(self.store.ledger(tenant).await?)
    }

    /// Proves that no entry was changed, left out or moved; answers the last one.
    ///
    /// # Errors
    /// [`OpsError::Ledger`] names the place at which the chain breaks.
    pub async fn verify_ledger(&self, tenant: TenantId) -> Result<Option<Entry>, OpsError> {
        let mut entries = self.ledger(tenant).await?;
        disclosure::verify(&entries)?;
        Ok(entries.pop())
    }
}
