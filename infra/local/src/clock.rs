//! The one clock of business time. It runs on with the machine's time from wherever it was set, also over a restart, unless it
//! is held.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::kept;

/// A clock that a person can move; clones are the same clock. Signing, tokens and time-outs never use it.
#[derive(Debug, Clone)]
pub struct LocalClock(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    machine: runtime::Clock,
    ahead_ms: AtomicI64,
    /// Milliseconds since 1970 where the clock stands still; [`RUNNING`] where it does not.
    held_at_ms: AtomicI64,
    file: Option<PathBuf>,
}

const RUNNING: i64 = i64::MIN;

/// What `clock.json` holds.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    ahead_ms: i64,
}

impl Default for LocalClock {
    /// A clock that shows the machine's time and is not kept.
    fn default() -> Self {
        Self::new(0, None)
    }
}

impl LocalClock {
    /// The clock kept in `<data>/clock.json`, or one that shows the machine's time.
    pub fn open(data: &Path) -> io::Result<Self> {
        let file = data.join("clock.json");
        let Kept { ahead_ms } = kept::read(&file)?;
        Ok(Self::new(ahead_ms, Some(file)))
    }

    fn new(ahead_ms: i64, file: Option<PathBuf>) -> Self {
        Self(Arc::new(Inner {
            machine: runtime::Clock::system(),
            ahead_ms: AtomicI64::new(ahead_ms),
            held_at_ms: AtomicI64::new(RUNNING),
            file,
        }))
    }

    /// The instant that counts as now.
    pub fn now(&self) -> DateTime<Utc> {
        if let Some(held) = self.held_at() {
            return held;
        }
        let machine = self.0.machine.now();
        machine.checked_add_signed(TimeDelta::milliseconds(self.0.ahead_ms.load(Ordering::SeqCst))).unwrap_or(machine)
    }

    fn held_at(&self) -> Option<DateTime<Utc>> {
        match self.0.held_at_ms.load(Ordering::SeqCst) {
            RUNNING => None,
            held => DateTime::from_timestamp_millis(held),
        }
    }

    /// Sets the clock to `now` and holds it there, until it is set again or the system starts again: for what happens in one
    /// exact second.
    pub fn hold(&self, now: DateTime<Utc>) {
        // Held before it is kept: it must not run on while that is written, and what is due in this second be due in the next.
        self.0.held_at_ms.store(now.timestamp_millis(), Ordering::SeqCst);
        self.keep((now - self.0.machine.now()).num_milliseconds());
    }

    /// Sets the clock to `now`, forwards or back, and lets it run.
    pub fn set(&self, now: DateTime<Utc>) {
        self.0.held_at_ms.store(RUNNING, Ordering::SeqCst);
        self.keep((now - self.0.machine.now()).num_milliseconds());
    }

    /// Moves the clock by `by` (a negative one moves it back); a held clock is held at its new time.
    pub fn advance(&self, by: TimeDelta) {
        if let Some(held) = self.held_at() {
            return self.hold(held.checked_add_signed(by).unwrap_or(held));
        }
        self.keep(self.0.ahead_ms.load(Ordering::SeqCst).saturating_add(by.num_milliseconds()));
    }

    /// This clock as the functions see it.
    pub fn business(&self) -> runtime::Clock {
        let clock = self.clone();
        runtime::Clock::from_source(move || clock.now())
    }

    fn keep(&self, ahead_ms: i64) {
        self.0.ahead_ms.store(ahead_ms, Ordering::SeqCst);
        let Some(file) = &self.0.file else { return };
        if let Err(error) = kept::write(file, &Kept { ahead_ms }) {
            tracing::warn!(%error, "the clock was moved, but will be back at the next start");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn it_runs_on_from_where_it_was_set() {
        let clock = LocalClock::default();
        let new_year = instant("2027-01-31T14:59:59Z");
        clock.set(new_year);
        std::thread::sleep(std::time::Duration::from_millis(5));
        let now = clock.business().now();
        assert!(now > new_year && now < new_year + TimeDelta::seconds(10));
    }

    #[test]
    fn it_stands_still_while_it_is_held() {
        let clock = LocalClock::default();
        let last_second = instant("2027-01-31T14:59:59Z");
        clock.hold(last_second);
        clock.advance(TimeDelta::hours(1));
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert_eq!(clock.now(), last_second + TimeDelta::hours(1));
        clock.set(last_second);
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!(clock.now() > last_second);
    }

    #[test]
    fn it_moves_by_a_span_and_is_kept_over_a_restart() {
        let data = tempfile::tempdir().unwrap();
        let before = LocalClock::open(data.path()).unwrap();
        before.advance(TimeDelta::days(40));
        let gap = LocalClock::open(data.path()).unwrap().now() - LocalClock::default().now();
        assert!((gap - TimeDelta::days(40)).num_seconds().abs() < 5);
    }
}
