//! What the staff read, wrote and were refused on a day (row B3), by internal ids.

use chrono::NaiveDate;
use store::entity::audit::Audit;

use crate::{Ops, OpsError};

impl Ops {
    /// The lines of a day (JST), or of today, the earliest first.
    pub async fn audit(&self, day: Option<NaiveDate>) -> Result<Vec<Audit>, OpsError> {
        Ok(self.store.audit_of(day.unwrap_or_else(|| self.today())).await?)
    }
}
