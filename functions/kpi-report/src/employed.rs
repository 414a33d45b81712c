//! How many employees of a roster had access at the end of a month. The rows are counted and not read, but for the few whose access
//! is over and which the purge has not taken yet: the index tells which. A month that is closed late takes the roster as it is
//! then, because there is no other any more.

use std::{collections::BTreeMap, sync::Arc};

use chrono::TimeDelta;
use tokio::sync::Mutex;

use domain::{id::TenantId, interview::month::Month, time};
use store::{Store, StoreError, Wanted, entity::roster, installation::Digest};

/// `BatchGetItem` takes so many.
const FETCH: usize = 100;

type ByTenant = BTreeMap<TenantId, u32>;

/// Rows without access, by month; the index holds those of all tenants, so that it is read once.
#[derive(Default)]
pub struct WithoutAccess(Mutex<BTreeMap<Month, Arc<ByTenant>>>);

impl WithoutAccess {
    /// How many of a tenant's employees had access at the end of `month`.
    pub async fn roster(&self, store: &Store, tenant: TenantId, month: Month) -> Result<u32, StoreError> {
        let without = self.at_the_end_of(store, month).await?.get(&tenant).copied().unwrap_or_default();
        let rows = u32::try_from(store.roster_size(tenant).await?).unwrap_or(u32::MAX);
        Ok(rows.saturating_sub(without))
    }

    async fn at_the_end_of(&self, store: &Store, month: Month) -> Result<Arc<ByTenant>, StoreError> {
        let mut months = self.0.lock().await;
        if let Some(known) = months.get(&month) {
            return Ok(known.clone());
        }
        let counted = Arc::new(count(store, month).await?);
        months.insert(month, counted.clone());
        Ok(counted)
    }
}

async fn count(store: &Store, month: Month) -> Result<ByTenant, StoreError> {
    let end = time::start_of_day(month.next().first_day());
    let last_moment = end - TimeDelta::milliseconds(1);
    let mut without = ByTenant::new();
    for keys in store.leaving_without_access(end).await?.chunks(FETCH) {
        let fetched = store.fetch(&Wanted { items: keys.to_vec(), data_keys: Vec::new() }).await?;
        for (key, (tenant, _)) in keys.iter().filter_map(|key| Some((key, Digest::of_roster_row(key)?))) {
            let Some(item) = fetched.item(key) else { continue };
            let row = roster::from_item(item.clone())?.row;
            // A number can have been given to somebody else meanwhile.
            if !row.employments.iter().any(|employment| employment.gives_access(last_moment)) {
                *without.entry(tenant).or_default() += 1;
            }
        }
    }
    Ok(without)
}
