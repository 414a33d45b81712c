//! Runs of the purge, and their certificates of erasure (row D2).

use domain::id::PurgeId;
use store::entity::purge::PurgeRun;

use crate::{Ops, OpsError};

impl Ops {
    /// All runs, the latest first.
    pub async fn purges(&self) -> Result<Vec<PurgeRun>, OpsError> {
        let mut runs = self.store.purges().await?;
        runs.sort_by_key(|run| std::cmp::Reverse(run.id));
        Ok(runs)
    }

    /// One run.
    ///
    /// # Errors
    /// [`OpsError::NoPurge`] where none has this id.
    pub async fn purge(&self, id: PurgeId) -> Result<PurgeRun, OpsError> {
        self.store.purges().await?.into_iter().find(|run| run.id == id).ok_or(OpsError::NoPurge(id))
    }
}
