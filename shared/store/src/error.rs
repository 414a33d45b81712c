//! What can go wrong with the store, in the three kinds that callers tell apart. Answers such as "this was handled before" are
//! values, not errors: see [`crate::Cancelled`].

use std::error::Error;

/// Our own failure: retried, and in the end in a dead-letter queue.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// AWS did not answer, or not in time, or throttled.
    #[error("{operation} failed: {why}")]
    Unavailable {
        /// The operation, such as `TransactWriteItems`.
        operation: &'static str,
        /// The error and its causes, in words. Not the SDK's error itself: when that is written out in full, as Lambda's runtime does
        /// with what a function returns, the items of a cancelled transaction are in it.
        why: String,
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
    /// The failure of `operation`, from the error that tells of it.
    pub fn unavailable<E: Error>(operation: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::failed(operation, &error)
    }

    /// The same.
    pub fn failed(operation: &'static str, error: &dyn Error) -> Self {
        Self::Unavailable { operation, why: causes(error) }
    }
}

/// An error with its causes; what one repeats of another is said once.
fn causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let words = error.to_string();
        if !text.contains(&words) {
            text = format!("{text}: {words}");
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::{
        error::{ErrorMetadata, SdkError},
        operation::{get_item::GetItemError, transact_write_items::TransactWriteItemsError},
        types::{AttributeValue, CancellationReason, error::TransactionCanceledException},
    };

    use super::*;

    fn answered<E: Error + Send + Sync + 'static>(error: E) -> StoreError {
        StoreError::unavailable("GetItem")(SdkError::service_error(error, ()))
    }

    #[test]
    fn what_is_denied_is_told_with_its_code() {
        let denied = ErrorMetadata::builder().code("AccessDeniedException").message("not authorized to perform: dynamodb:GetItem").build();
        let text = answered(GetItemError::generic(denied)).to_string();
        assert!(text.contains("AccessDeniedException") && text.contains("dynamodb:GetItem"), "{text}");
    }

    #[test]
    fn the_items_of_a_cancelled_transaction_are_in_nothing_that_is_logged() {
        let reason =
            CancellationReason::builder().code("ConditionalCheckFailed").item("name", AttributeValue::S("山田".to_owned())).build();
        let cancelled = TransactionCanceledException::builder().cancellation_reasons(reason).build();
        let error = answered(TransactWriteItemsError::TransactionCanceledException(cancelled));
        assert!(!format!("{error} {error:?}").contains("山田"), "{error:?}");
    }
}
