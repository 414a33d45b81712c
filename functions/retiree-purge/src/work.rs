//! One invocation: what everybody needs, how long it may take, and what it did.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};

use domain::{id::TenantId, tenant::Tenant};
use store::{Installation, StoreError, entity::settings::Settings};

use crate::{App, runs::Runs};

/// So many people are worked on side by side.
pub const AT_ONCE: usize = 8;
/// So many items of each index partition are looked at in one invocation.
pub const MOST: usize = 10_000;
/// `BatchGetItem` takes so many.
pub const FETCH: usize = 100;
/// With less time than this nobody else is begun.
const REST: TimeDelta = TimeDelta::seconds(60);
/// After so many failures the table or a key is out of order: what is due waits for the next sweep.
const FAILURES: u64 = 50;

/// What an invocation did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// Members of whom nothing is left.
    pub erased: u64,
    /// Employments taken out of rosters.
    pub leavers: u64,
    /// Anything else that was written.
    pub other: u64,
    /// People who could not be erased.
    pub failed: u64,
    /// Time ran out.
    pub late: bool,
}

impl Done {
    /// Whether nothing was to be done.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

/// One invocation.
pub struct Work<'a> {
    pub app: &'a App,
    pub installation: Arc<Installation>,
    pub settings: Settings,
    pub tenants: BTreeMap<TenantId, Tenant>,
    pub runs: Runs,
    pub now: DateTime<Utc>,
    until: DateTime<Utc>,
    done: Mutex<Done>,
    unfinished: Mutex<BTreeSet<TenantId>>,
}

impl<'a> Work<'a> {
    /// Begins; `deadline` is Lambda's, in milliseconds since 1970.
    pub async fn begin(app: &'a App, deadline: u64) -> Result<Self, StoreError> {
        let until = i64::try_from(deadline).ok().and_then(DateTime::from_timestamp_millis).unwrap_or(DateTime::<Utc>::MAX_UTC);
        Ok(Self {
            app,
            installation: app.parameters.installation().await?,
            settings: app.store.settings().await?,
            tenants: app.store.all_tenants().await?,
            runs: Runs::default(),
            now: app.clock.now(),
            until: until - REST,
            done: Mutex::default(),
            unfinished: Mutex::default(),
        })
    }

    /// Whether nobody else is to be begun.
    pub fn is_over(&self) -> bool {
        let mut done = lock(&self.done);
        done.late |= self.app.machine.now() >= self.until || done.failed >= FAILURES;
        done.late
    }

    /// Notes what was done.
    pub fn note(&self, note: impl FnOnce(&mut Done)) {
        note(&mut lock(&self.done));
    }

    /// One person of a tenant could not be erased: the others are, and the next sweep tries again.
    pub fn fail(&self, tenant: Option<TenantId>, error: &StoreError) {
        lock(&self.done).failed += 1;
        lock(&self.unfinished).extend(tenant);
        let tenant = tenant.map(|tenant| tenant.to_string());
        tracing::error!(alarm = "purge", tenant, error = %error, "somebody could not be erased");
    }

    /// Somebody of the tenant is due still: its run stays open.
    pub fn leave_open(&self, tenant: TenantId) {
        lock(&self.unfinished).insert(tenant);
    }

    /// Whether nobody of the tenant is known to be left.
    pub fn is_finished(&self, tenant: TenantId) -> bool {
        !lock(&self.done).late && !lock(&self.unfinished).contains(&tenant)
    }

    /// What was done so far.
    pub fn done(&self) -> Done {
        *lock(&self.done)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
