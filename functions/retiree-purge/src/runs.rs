//! The open runs of tenants: what is erased is counted in the same transaction with which its last trace goes.

use std::collections::HashMap;

use domain::id::TenantId;
use store::{
    Guard, StoreError, Transaction,
    entity::purge::{PurgeRun, Tally},
};
use tokio::sync::Mutex;

use crate::{App, fresh};

/// Another invocation counts in the same run: so often it is read again.
const TRIES: usize = 10;

/// The runs as this invocation has read them.
#[derive(Debug, Default)]
pub struct Runs(Mutex<HashMap<TenantId, PurgeRun>>);

impl Runs {
    /// Opens a run for the tenant, where none is open.
    pub async fn begin(&self, app: &App, tenant: TenantId) -> Result<(), StoreError> {
        open(app, &mut *self.0.lock().await, tenant).await.map(drop)
    }

    /// Writes `writes` and counts `more` with it, or neither: `false` where one of the guards of `writes` failed.
    pub async fn add(
        &self,
        app: &App,
        tenant: TenantId,
        more: &Tally,
        writes: impl Fn(&mut Transaction<'_>) -> Result<(), StoreError>,
    ) -> Result<bool, StoreError> {
        let mut runs = self.0.lock().await;
        for _ in 0..TRIES {
            let mut run = open(app, &mut runs, tenant).await?;
            run.tally.add(more);
            let mut transaction = app.store.transaction();
            run.write(&mut transaction)?;
            writes(&mut transaction)?;
            match transaction.commit().await? {
                Ok(()) => {
                    runs.insert(tenant, run.written());
                    return Ok(true);
                }
                Err(cancelled)
                    if cancelled.by(Guard::Run)
                        || ![Guard::Exists, Guard::Version, Guard::Allowance].iter().any(|guard| cancelled.by(*guard)) =>
                {
                    runs.remove(&tenant);
                }
                Err(_) => return Ok(false),
            }
        }
        Err(StoreError::Contention)
    }
}

async fn open(app: &App, runs: &mut HashMap<TenantId, PurgeRun>, tenant: TenantId) -> Result<PurgeRun, StoreError> {
    if let Some(run) = runs.get(&tenant) {
        return Ok(run.clone());
    }
    for _ in 0..TRIES {
        let there = app.store.open_purge(tenant).await?;
        let run = there.clone().unwrap_or_else(|| PurgeRun::open(fresh::run(), tenant, app.clock.now()));
        if there.is_none() {
            let mut transaction = app.store.transaction();
            run.begin(&mut transaction)?;
            if transaction.commit().await?.is_err() {
                continue;
            }
        }
        runs.insert(tenant, run.clone());
        return Ok(run);
    }
    Err(StoreError::Contention)
}
