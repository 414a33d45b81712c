//! Faults that a person or a test orders: requests to a stand-in fail as those to the real service would.

mod broken;
pub mod line;
mod mode;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

pub use broken::broken_off;
pub use mode::{Mode, Target};

/// How long a request of [`Mode::Slow`] waits, unless the order says otherwise.
const SLOW: Duration = Duration::from_millis(1500);
/// The longest wait that can be ordered, in milliseconds.
const LONGEST: u64 = 60_000;

/// What is ordered for a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// What happens to a request.
    pub mode: Mode,
    /// To how many requests it still happens; without it to all, until it is ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
    /// Only each n-th of the requests that could meet it does, the n-th first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<u32>,
    /// So many of the requests that could meet it pass before the first one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// Only requests for this operation meet it, by the name under which it is counted (`push`, `PutItem`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// How long a slow request waits, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ms: Option<u64>,
    /// How many requests could have met it since it last happened.
    #[serde(skip)]
    passed: u32,
}

/// An order that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The target does not fail in this way.
    #[error("{target} has no mode {mode}; it has {} and none", names(*.target))]
    Mode {
        /// Whom it was for.
        target: Target,
        /// What was ordered.
        mode: Mode,
    },
    /// A number that makes no sense.
    #[error("count and every are 1 or more")]
    Number,
    /// A wait where nothing waits, or one too long.
    #[error("ms goes with slow, and is {LONGEST} at most")]
    Wait,
}

/// The target's modes, for a person.
pub fn names(target: Target) -> String {
    target.modes().iter().map(|mode| mode.name()).collect::<Vec<_>>().join(", ")
}

/// What a request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Met {
    /// What happens to it.
    pub mode: Mode,
    /// How long it waits, where it is slow.
    pub wait: Duration,
}

/// The faults that are ordered, one a target; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<BTreeMap<Target, Fault>>>);

impl Fault {
    /// `mode` at every request until it is ended.
    pub fn always(mode: Mode) -> Self {
        Self { mode, count: None, every: None, after: None, operation: None, ms: None, passed: 0 }
    }

    fn check(&self, target: Target) -> Result<(), NotTaken> {
        if !target.modes().contains(&self.mode) {
            return Err(NotTaken::Mode { target, mode: self.mode });
        }
        if self.count == Some(0) || self.every == Some(0) {
            return Err(NotTaken::Number);
        }
        if self.ms.is_some_and(|ms| self.mode != Mode::Slow || ms > LONGEST) {
            return Err(NotTaken::Wait);
        }
        Ok(())
    }
}

impl Faults {
    /// Lets the next `count` requests to `target` meet `mode`; `None` (or a count of 0) ends what was ordered before.
    pub fn set(&self, target: Target, mode: Option<Mode>, count: u32) {
        match mode {
            Some(mode) if count > 0 => self.lock().insert(target, Fault { count: Some(count), ..Fault::always(mode) }),
            Some(_) | None => self.lock().remove(&target),
        };
    }

    /// Orders `fault` in the place of what was ordered for `target` before.
    pub fn order(&self, target: Target, fault: Fault) -> Result<(), NotTaken> {
        fault.check(target)?;
        self.lock().insert(target, fault);
        Ok(())
    }

    /// The mode that is ordered for `target`, whether or not the next request meets it.
    pub fn ordered(&self, target: Target) -> Option<Mode> {
        self.lock().get(&target).map(|fault| fault.mode)
    }

    /// What the request for `operation` meets that has just arrived at `target`. `could` says whether a request like this
    /// one can meet the mode at all; one that cannot uses nothing up.
    pub fn take(&self, target: Target, operation: &str, could: impl FnOnce(Mode) -> bool) -> Option<Met> {
        let mut faults = self.lock();
        let fault = faults.get_mut(&target)?;
        if fault.operation.as_deref().is_some_and(|only| only != operation) || !could(fault.mode) {
            return None;
        }
        if let Some(left) = fault.after.filter(|left| *left > 0) {
            fault.after = Some(left - 1);
            return None;
        }
        fault.passed += 1;
        if fault.passed < fault.every.unwrap_or(1) {
            return None;
        }
        fault.passed = 0;
        let met = Met { mode: fault.mode, wait: fault.ms.map_or(SLOW, Duration::from_millis) };
        fault.count = fault.count.map(|count| count.saturating_sub(1));
        if fault.count == Some(0) {
            faults.remove(&target);
        }
        Some(met)
    }

    /// What is ordered: `{"line":{"mode":"500","count":3}}`; without `count` it lasts until it is ended.
    pub fn show(&self) -> serde_json::Value {
        serde_json::json!(*self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Target, Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use serde_json::json;

    use super::*;

    fn meets(faults: &Faults, target: Target, operation: &str) -> Option<Mode> {
        faults.take(target, operation, |_| true).map(|met| met.mode)
    }

    #[test]
    fn a_fault_hits_as_many_requests_as_ordered_and_no_other_target() {
        let faults = Faults::default();
        faults.set(Target::Line, Some(Mode::TooMany), 2);
        assert_eq!(meets(&faults, Target::Dynamodb, "GetItem"), None);
        let hits = [(); 3].map(|()| meets(&faults, Target::Line, "push"));
        assert_eq!(hits, [Some(Mode::TooMany), Some(Mode::TooMany), None]);
    }

    #[test]
    fn a_fault_can_be_ended_and_shown() {
        let faults = Faults::default();
        faults.set(Target::S3, Some(Mode::Timeout), 3);
        assert_eq!(faults.show(), json!({"s3": {"mode": "timeout", "count": 3}}));
        faults.set(Target::S3, None, 1);
        assert_eq!(faults.show(), json!({}));
    }

    #[test]
    fn without_a_count_it_lasts_until_it_is_ended() {
        let faults = Faults::default();
        faults.order(Target::Kms, Fault::always(Mode::Reset)).unwrap();
        assert!((0..100).all(|_| meets(&faults, Target::Kms, "Decrypt") == Some(Mode::Reset)));
        assert_eq!(faults.show(), json!({"kms": {"mode": "reset"}}));
        faults.set(Target::Kms, None, 0);
        assert_eq!(meets(&faults, Target::Kms, "Decrypt"), None);
    }

    #[test]
    fn only_each_nth_request_meets_it() {
        let faults = Faults::default();
        faults.order(Target::Line, Fault { every: Some(3), count: Some(2), ..Fault::always(Mode::Lost) }).unwrap();
        let hits: Vec<usize> = (1..=10).filter(|_| meets(&faults, Target::Line, "reply").is_some()).collect();
        assert_eq!(hits, [3, 6]);
    }

    #[test]
    fn the_first_requests_pass_where_that_is_ordered_and_all_others_meet_it() {
        let faults = Faults::default();
        faults.order(Target::Line, Fault { after: Some(2), ..Fault::always(Mode::Lost) }).unwrap();
        let hits: Vec<usize> = (1..=5).filter(|_| meets(&faults, Target::Line, "reply").is_some()).collect();
        assert_eq!(hits, [3, 4, 5]);
    }

    #[test]
    fn only_the_named_operation_meets_it_and_the_others_use_nothing_up() {
        let faults = Faults::default();
        faults
            .order(Target::Line, Fault { operation: Some("push".to_owned()), count: Some(1), ..Fault::always(Mode::ServerError) })
            .unwrap();
        assert_eq!(meets(&faults, Target::Line, "reply"), None);
        assert_eq!(faults.take(Target::Line, "push", |_| false), None);
        assert_eq!(meets(&faults, Target::Line, "push"), Some(Mode::ServerError));
        assert_eq!(faults.show(), json!({}));
    }

    #[test]
    fn a_slow_request_waits_as_long_as_ordered() {
        let faults = Faults::default();
        for (ms, wait) in [(None, SLOW), (Some(20), Duration::from_millis(20))] {
            faults.order(Target::Ssm, Fault { ms, ..Fault::always(Mode::Slow) }).unwrap();
            assert_eq!(faults.take(Target::Ssm, "GetParameter", |_| true), Some(Met { mode: Mode::Slow, wait }));
        }
    }

    #[test]
    fn orders_that_make_no_sense_are_not_taken() {
        let faults = Faults::default();
        for (target, fault) in [
            (Target::S3, Fault::always(Mode::Throttled)),
            (Target::Dynamodb, Fault::always(Mode::Quota)),
            (Target::Line, Fault { count: Some(0), ..Fault::always(Mode::Slow) }),
            (Target::Line, Fault { every: Some(0), ..Fault::always(Mode::Slow) }),
            (Target::Line, Fault { ms: Some(5), ..Fault::always(Mode::Lost) }),
            (Target::Line, Fault { ms: Some(LONGEST + 1), ..Fault::always(Mode::Slow) }),
        ] {
            assert!(faults.order(target, fault.clone()).is_err(), "{fault:?}");
        }
        assert_eq!(faults.show(), json!({}));
        let refused = faults.order(Target::S3, Fault::always(Mode::Throttled)).unwrap_err().to_string();
        assert_eq!(refused, "s3 has no mode throttled; it has 500, 429, timeout, slow, reset, lost and none");
    }
}
