//! Faults that a person or a test orders: the next requests to a stand-in fail as the real service would.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::{Deserialize, Serialize};

/// A stand-in that can be told to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "each names the service it stands for")]
pub enum Target {
    Line,
    Dynamodb,
    Ses,
    S3,
    Scheduler,
    Kms,
    Ssm,
}

/// How a request fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// The service answers that it has a problem of its own.
    #[serde(rename = "500")]
    ServerError,
    /// The service answers that there are too many requests.
    #[serde(rename = "429")]
    TooMany,
    /// The request is held, and then the connection ends without an answer.
    #[serde(rename = "timeout")]
    Timeout,
}

/// The faults still to happen, by target; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<BTreeMap<Target, Fault>>>);

#[derive(Debug, Clone, Copy, Serialize)]
struct Fault {
    mode: Mode,
    count: u32,
}

impl Faults {
    /// Lets the next `count` requests to `target` fail by `mode`; `None` (or a count of 0) clears what was ordered before.
    pub fn set(&self, target: Target, mode: Option<Mode>, count: u32) {
        let mut faults = self.lock();
        match mode {
            Some(mode) if count > 0 => faults.insert(target, Fault { mode, count }),
            Some(_) | None => faults.remove(&target),
        };
    }

    /// The fault of the request that has just arrived at `target`, which is then used up.
    pub fn take(&self, target: Target) -> Option<Mode> {
        let mut faults = self.lock();
        let fault = faults.get_mut(&target)?;
        let mode = fault.mode;
        fault.count -= 1;
        if fault.count == 0 {
            faults.remove(&target);
        }
        Some(mode)
    }

    /// What is still to happen: `{"line":{"mode":"500","count":3}}`.
    pub fn show(&self) -> serde_json::Value {
        serde_json::json!(*self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Target, Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_hits_as_many_requests_as_ordered_and_no_other_target() {
        let faults = Faults::default();
        faults.set(Target::Line, Some(Mode::TooMany), 2);
        assert_eq!(faults.take(Target::Dynamodb), None);
        let hits = [faults.take(Target::Line), faults.take(Target::Line), faults.take(Target::Line)];
        assert_eq!(hits, [Some(Mode::TooMany), Some(Mode::TooMany), None]);
    }

    #[test]
    fn a_fault_can_be_cleared_and_shown() {
        let faults = Faults::default();
        faults.set(Target::S3, Some(Mode::Timeout), 3);
        assert_eq!(faults.show(), serde_json::json!({"s3": {"mode": "timeout", "count": 3}}));
        faults.set(Target::S3, None, 1);
        assert_eq!(faults.show(), serde_json::json!({}));
    }
}
