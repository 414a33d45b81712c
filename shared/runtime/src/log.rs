//! One JSON object a line on standard output. Fields are dotted names (`event.kind`); the message is a sentence.

use tracing_subscriber::filter::LevelFilter;

/// Starts the process's log at `level`; a second call changes nothing.
pub fn start(level: LevelFilter) {
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_max_level(level)
        .with_target(false)
        .try_init();
    if started.is_err() {
        tracing::debug!("the log was started before");
    }
}
