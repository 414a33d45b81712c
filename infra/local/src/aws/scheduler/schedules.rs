//! The schedules that exist, and their firing by the local clock.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::schedule::{Definition, Refusal, Schedule, Target, check};
use crate::{
    aws::lambda::{FunctionError, Lambda},
    clock::LocalClock,
    kept,
};

/// How often a failing target is tried; AWS goes on for a day.
const ATTEMPTS: u32 = 3;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(200);

/// A schedule's name with its group: `default/outbox-sweep`.
type Key = String;

/// All schedules; clones share them.
#[derive(Debug, Clone)]
pub struct Schedules(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    file: PathBuf,
    clock: LocalClock,
    lambda: Lambda,
    schedules: Mutex<BTreeMap<Key, Schedule>>,
    /// One at a time, so that the timer and a moved clock never fire the same instant twice.
    firing: tokio::sync::Mutex<()>,
}

impl Schedules {
    /// Reads `<data>/schedules.json`.
    pub fn open(data: &Path, clock: LocalClock, lambda: Lambda) -> io::Result<Self> {
        let file = data.join("schedules.json");
        let schedules = Mutex::new(kept::read(&file)?);
        Ok(Self(Arc::new(Inner { file, clock, lambda, schedules, firing: tokio::sync::Mutex::default() })))
    }

    /// Creates a schedule. A repetition with the same client token is the same request come twice, and succeeds.
    pub fn create(&self, name: &str, definition: Definition) -> Result<(), Refusal> {
        let now = self.0.clock.now();
        check(&definition, now)?;
        let mut schedules = self.lock();
        let key = key(&definition.group_name, name);
        if let Some(there) = schedules.get(&key) {
            let repeated = definition.client_token.is_some() && there.definition.client_token == definition.client_token;
            return if repeated { Ok(()) } else { Err(Refusal::Exists(name.to_owned())) };
        }
        schedules.insert(key, Schedule::new(name, definition, now, now));
        self.keep(&schedules)
    }

    /// Replaces a schedule's whole definition.
    pub fn update(&self, name: &str, definition: Definition) -> Result<(), Refusal> {
        let now = self.0.clock.now();
        check(&definition, now)?;
        let mut schedules = self.lock();
        let schedule = schedules.get_mut(&key(&definition.group_name, name)).ok_or_else(|| Refusal::Missing(name.to_owned()))?;
        *schedule = Schedule::new(name, definition, schedule.created, now);
        self.keep(&schedules)
    }

    /// Removes a schedule.
    pub fn delete(&self, group: &str, name: &str) -> Result<(), Refusal> {
        let mut schedules = self.lock();
        schedules.remove(&key(group, name)).ok_or_else(|| Refusal::Missing(name.to_owned()))?;
        self.keep(&schedules)
    }

    /// One schedule.
    pub fn get(&self, group: &str, name: &str) -> Result<Schedule, Refusal> {
        self.lock().get(&key(group, name)).cloned().ok_or_else(|| Refusal::Missing(name.to_owned()))
    }

    /// Every schedule, by group and name.
    pub fn all(&self) -> Vec<Schedule> {
        self.lock().values().cloned().collect()
    }

    /// Invokes a schedule's target now; when it is due does not change.
    pub async fn run(&self, group: &str, name: &str) -> Result<Result<Value, FunctionError>, Refusal> {
        let schedule = self.get(group, name)?;
        Ok(self.invoke(&schedule.definition.target).await)
    }

    /// Fires everything that is due by the local clock, in the order of the due instants, and returns when all targets
    /// have answered. What their handlers schedule for an instant that has passed meanwhile fires as well.
    pub async fn catch_up(&self) {
        let _one_at_a_time = self.0.firing.lock().await;
        loop {
            let due = self.due(self.0.clock.now());
            if due.is_empty() {
                return;
            }
            for (at, key) in due {
                self.fire(&key, at).await;
            }
        }
    }

    fn due(&self, now: DateTime<Utc>) -> Vec<(DateTime<Utc>, Key)> {
        let mut schedules = self.lock();
        let mut due: Vec<_> =
            schedules.iter_mut().flat_map(|(key, schedule)| schedule.due(now).into_iter().map(|at| (at, key.clone()))).collect();
        due.sort();
        due
    }

    async fn fire(&self, key: &str, at: DateTime<Utc>) {
        // A handler that ran a moment ago may have deleted it.
        let Some(target) = self.lock().get(key).map(|schedule| schedule.definition.target.clone()) else { return };
        for attempt in 1..=ATTEMPTS {
            match self.invoke(&target).await {
                Ok(_) => break,
                Err(error) => tracing::warn!(schedule = key, attempt, %error, "a schedule's target did not succeed"),
            }
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
        let mut schedules = self.lock();
        if schedules.get_mut(key).is_some_and(|schedule| schedule.fired(at)) {
            schedules.remove(key);
        }
        if let Err(error) = self.keep(&schedules) {
            tracing::warn!(%error, "a schedule has fired, which is not kept");
        }
    }

    async fn invoke(&self, target: &Target) -> Result<Value, FunctionError> {
        let input = target.input.as_deref().and_then(|input| serde_json::from_str(input).ok()).unwrap_or_else(|| json!({}));
        self.0.lambda.invoke(&target.arn, input).await
    }

    fn keep(&self, schedules: &BTreeMap<Key, Schedule>) -> Result<(), Refusal> {
        Ok(kept::write(&self.0.file, schedules)?)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Schedule>> {
        self.0.schedules.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn key(group: &str, name: &str) -> Key {
    format!("{group}/{name}")
}
