//! The business clock: where `now` comes from, once per invocation.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};

/// Gives the `now` that rules are handed. Functions on AWS use [`Clock::system`]; the local system hands in a clock
/// that a person can move. Signing and time-outs never use it: they follow the machine's time.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// The machine's time.
    pub fn system() -> Self {
        #[allow(clippy::disallowed_methods, reason = "the one place where business time begins")]
        Self(Arc::new(Utc::now))
    }

    /// A clock that asks `source` each time.
    pub fn from_source(source: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The instant that counts as now.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
