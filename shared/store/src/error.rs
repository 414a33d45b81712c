//! What can go wrong with the store, in the three kinds that callers tell apart. Answers such as "this was handled before" are
//! values, not errors: see [`crate::Cancelled`].

use std::error::Error;

/// Our own failure: retried, and in the end in a dead-letter queue.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// AWS did not answer, or not in time, or throttled.
    #[error("{operation} failed")]
    Unavailable {
        /// The operation, such as `TransactWriteItems`.
        operation: &'static str,
        /// The SDK's error.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// A stored item that cannot be true. Its content is not told.
    #[error("an item of kind {entity} cannot be read: {reason}")]
    Unreadable {
        /// The entity's name.
        entity: &'static str,
        /// Which rule it breaks, without content.
        reason: &'static str,
    },
    /// A secret or parameter that an operator has to set.
    #[error("{what} is not set up: {mend}")]
    NotSetUp {
        /// What is missing.
        what: &'static str,
        /// What to do.
        mend: &'static str,
    },
    /// Others write the same items all the time; the event is delivered again.
    #[error("too many conflicting writes")]
    Contention,
}

impl StoreError {
    pub(crate) fn unavailable<E: Error + Send + Sync + 'static>(operation: &'static str) -> impl FnOnce(E) -> Self {
        move |source| Self::Unavailable { operation, source: Box::new(source) }
    }
}
