//! A tenant's figures as its contacts see them (row D3): what is hidden from them is hidden here too.

use domain::{id::TenantId, interview::month::Month, kpi::suppression::Cells};

use crate::{Ops, OpsError};

impl Ops {
    /// What the company sees of each month that is frozen, in order, with its interviews.
    pub async fn figures(&self, tenant: TenantId) -> Result<Vec<(Month, Cells, u32)>, OpsError> {
        let figures = self.store.figures(tenant).await?;
        let interviews = |month: &Month| figures.months.get(month).map_or(0, |frozen| frozen.counted().interviews);
        Ok(figures.shown.months().iter().map(|(month, cells)| (*month, cells.clone(), interviews(month))).collect())
    }
}
