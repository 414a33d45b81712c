//! How wide companies' employee numbers are, as they were read last. With it the roster row of a booking can be read in the same
//! call as the company; whoever uses it compares it with what that call says.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use domain::{employee::NumberWidth, id::TenantId};

/// What is known. Cheap to clone; all clones know the same.
#[derive(Debug, Clone, Default)]
pub struct Widths(Arc<Mutex<BTreeMap<TenantId, Width>>>);

/// What a company says of the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(pub Option<NumberWidth>);

impl Widths {
    /// What was read last, where anything was.
    pub fn of(&self, tenant: TenantId) -> Option<Width> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&tenant).copied()
    }

    /// Remembers what was read.
    pub fn remember(&self, tenant: TenantId, width: Option<NumberWidth>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(tenant, Width(width));
    }
}
