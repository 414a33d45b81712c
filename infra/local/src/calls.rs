//! Counts every request that arrives at a stand-in, at the wire: budgets such as "at most 4 table calls a message" are
//! checked against this and not against what a function believes it does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Requests by target and operation; clones share the counts.
#[derive(Debug, Clone, Default)]
pub struct Calls(Arc<Mutex<BTreeMap<String, BTreeMap<String, u64>>>>);

impl Calls {
    /// Counts one request, such as `("dynamodb", "TransactWriteItems")` or `("line", "reply")`.
    pub fn count(&self, target: &str, operation: &str) {
        *self.lock().entry(target.to_owned()).or_default().entry(operation.to_owned()).or_default() += 1;
    }

    /// The counts since the start or the last [`Calls::reset`]: `{"kms":{"Decrypt":1}}`.
    pub fn show(&self) -> serde_json::Value {
        serde_json::json!(*self.lock())
    }

    /// Begins to count anew.
    pub fn reset(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, BTreeMap<String, u64>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_counted_by_target_and_operation_until_reset() {
        let calls = Calls::default();
        calls.count("kms", "Decrypt");
        calls.clone().count("kms", "Decrypt");
        calls.count("line", "reply");
        assert_eq!(calls.show(), serde_json::json!({"kms": {"Decrypt": 2}, "line": {"reply": 1}}));
        calls.reset();
        assert_eq!(calls.show(), serde_json::json!({}));
    }
}
