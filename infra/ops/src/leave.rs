//! Leave dates that lie long in the past: a mistyped year must not destroy records, so that they wait for an operator (row A4).

use futures::{StreamExt, TryStreamExt, stream};

use domain::{
    id::TenantId,
    personal::EmployeeNumber,
    roster::{Employment, EraseFrom, Leave, RosterRow},
};
use store::{StoreError, installation::Digest};

use crate::{Ops, OpsError};

/// So many rows are looked at.
const MOST: i32 = 1000;
/// So many rows are read at a time.
const READS: usize = 16;

fn waits(employment: &Employment) -> bool {
    employment.leave.map(Leave::erase_from) == Some(EraseFrom::Unconfirmed)
}

impl Ops {
    /// Rows with a leave date that waits, each with its tenant.
    pub async fn unconfirmed_leaves(&self) -> Result<Vec<(TenantId, RosterRow)>, OpsError> {
        let keys = self.store.leaving_unconfirmed(MOST).await?;
        let places: Vec<(TenantId, Digest)> = keys.iter().filter_map(Digest::of_roster_row).collect();
        let rows = stream::iter(places).map(|(tenant, number)| async move {
            let row = self.store.roster_row(tenant, &number).await?;
            Ok::<_, StoreError>(row.map(|stored| (tenant, stored.row)))
        });
        Ok(rows.buffered(READS).try_filter_map(async |row| Ok(row)).try_collect().await?)
    }

    /// Confirms every leave date of the number that waits: the person is erased a day after the report, at once where that is over.
    ///
    /// # Errors
    /// [`OpsError::NotOnRoster`] and [`OpsError::NothingToConfirm`].
    pub async fn confirm_leave(&self, tenant: TenantId, number: &EmployeeNumber) -> Result<RosterRow, OpsError> {
        let digest = self.parameters.reader().installation().await?.number(tenant, number);
        let before = self.store.roster_row(tenant, &digest).await?.ok_or(OpsError::NotOnRoster)?;
        let mut row = before.row.clone();
        let waiting: Vec<&mut Employment> = row.employments.iter_mut().filter(|employment| waits(employment)).collect();
        if waiting.is_empty() {
            return Err(OpsError::NothingToConfirm);
        }
        for employment in waiting {
            employment.leave = employment.leave.map(|leave| Leave { confirmed: true, ..leave });
        }
        let written = self.store.replace_roster_row(tenant, &digest, Some(&before), &row).await?;
        written.then_some(row).ok_or(OpsError::Store(StoreError::Contention))
    }
}
