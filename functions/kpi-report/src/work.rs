//! One tenant, step by step. What comes next follows from what is written, and each step is one transaction.

use std::{iter::Sum, sync::Arc};

use chrono::{DateTime, Utc};

use domain::{
    interview::month::Month,
    kpi::{figures::Impossible, period, suppression::Incomplete},
    tenant::Tenant,
};
use store::{Installation, StoreError, entity::figures::Figures};

use crate::{App, close, employed::WithoutAccess, picture::NotDrawn, send};

/// Of two runs at once one is faster at each step: so often the other reads again in a row.
const LOST: u32 = 20;

/// Why a tenant's figures or reports are not complete.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Our own failure.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What was counted cannot be.
    #[error("the counts of {0} do not fit together: {1}")]
    Impossible(Month, Impossible),
    /// A report is due whose months are not there.
    #[error(transparent)]
    Incomplete(#[from] Incomplete),
    /// Its mail cannot be written.
    #[error(transparent)]
    NotDrawn(#[from] NotDrawn),
    /// Nobody is there to send it to.
    #[error("a report is due, and the tenant has no contact: add one with `ops contact add`")]
    NoContact,
    /// Mails reach none of those who are there.
    #[error("a report is due, and mails reach no contact of the tenant: `ops contact list` shows why, `ops contact set` mends it")]
    NoneReachable,
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Months frozen.
    pub months: u64,
    /// Reports queued.
    pub reports: u64,
    /// Tenants with which something is left to do.
    pub failed: u64,
}

impl Done {
    /// A tenant that was not begun, because time is over.
    pub fn late(tenant: &Tenant) -> Self {
        tracing::warn!(alarm = "kpi", tenant = %tenant.id, "time ran out before a tenant's figures; the next run goes on");
        Self { failed: 1, ..Self::default() }
    }
}

impl Sum for Done {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            months: sum.months + one.months,
            reports: sum.reports + one.reports,
            failed: sum.failed + one.failed,
        })
    }
}

/// One run.
pub struct Work<'a> {
    pub app: &'a App,
    pub installation: Arc<Installation>,
    pub without_access: WithoutAccess,
    pub now: DateTime<Utc>,
}

impl<'a> Work<'a> {
    /// Begins.
    pub async fn begin(app: &'a App) -> Result<Self, StoreError> {
        let installation = app.parameters.installation().await?;
        Ok(Self { app, installation, without_access: WithoutAccess::default(), now: app.clock.now() })
    }

    /// Does all that is to be done for a tenant. It fails alone: the others go on.
    pub async fn tenant(&self, tenant: &Tenant) -> Done {
        let mut done = Done::default();
        if let Err(error) = self.steps(tenant, &mut done).await {
            done.failed = 1;
            tracing::error!(alarm = "kpi", tenant = %tenant.id, error = %error, "figures are not reported");
        }
        done
    }

    async fn steps(&self, tenant: &Tenant, done: &mut Done) -> Result<(), Failure> {
        let mut lost = 0;
        while lost < LOST {
            let figures = self.app.store.figures(tenant.id).await?;
            let written = if let Some(month) = next_month(tenant, &figures, self.now) {
                let written = close::close(self, tenant, month, &figures).await?;
                done.months += u64::from(written);
                written
            } else if let Some(report) = next_report(tenant, &figures, self.now) {
                let written = send::send(self, tenant, report, &figures).await?;
                done.reports += u64::from(written);
                written
            } else {
                return Ok(());
            };
            lost = if written { 0 } else { lost + 1 };
        }
        Err(StoreError::Contention.into())
    }
}

/// The first month that has settled and is not frozen.
fn next_month(tenant: &Tenant, figures: &Figures, now: DateTime<Utc>) -> Option<Month> {
    period::settled(tenant, now).find(|month| !figures.months.contains_key(month))
}

/// The first report that is due and was not queued.
fn next_report(tenant: &Tenant, figures: &Figures, now: DateTime<Utc>) -> Option<(period::Occasion, period::Report)> {
    let is_new = |(occasion, report): &(period::Occasion, period::Report)| !figures.reports.contains(&(*occasion, report.period));
    period::all_due(tenant, now).into_iter().find(is_new)
}
