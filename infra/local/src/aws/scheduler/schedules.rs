//! The schedules that exist, and their firing by the local clock.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::expression::{Expression, InvalidExpression};
use crate::{
    aws::lambda::{FunctionError, Lambda},
    clock::LocalClock,
    kept,
};

/// How often a failing target is tried; AWS goes on for a day.
const ATTEMPTS: u32 = 3;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(200);

/// A schedule's definition, as `CreateSchedule` and `UpdateSchedule` bring it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the members are those of the AWS reference")]
pub struct Definition {
    pub schedule_expression: String,
    #[serde(default = "utc")]
    pub schedule_expression_timezone: String,
    pub flexible_time_window: Value,
    pub target: Target,
    #[serde(default = "default_group")]
    pub group_name: String,
    #[serde(default = "enabled")]
    pub state: State,
    #[serde(default)]
    pub action_after_completion: ActionAfterCompletion,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<f64>,
    /// Seconds since the epoch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_date: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_token: Option<String>,
}

/// What a schedule invokes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Target {
    /// The function, such as `arn:aws:lambda:ap-northeast-1:000000000000:function:outbox`.
    pub arn: String,
    /// The role that AWS would take on; any here.
    pub role_arn: String,
    /// The payload, as JSON text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// Members that the local system keeps but does not heed.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// Whether a schedule fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the words of the AWS reference")]
pub enum State {
    Enabled,
    Disabled,
}

/// What becomes of a schedule that will not fire again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs, reason = "the words of the AWS reference")]
pub enum ActionAfterCompletion {
    #[default]
    None,
    Delete,
}

fn utc() -> String {
    "UTC".to_owned()
}

fn default_group() -> String {
    "default".to_owned()
}

fn enabled() -> State {
    State::Enabled
}

/// A schedule that exists.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Schedule {
    /// Unique in its group.
    pub name: String,
    /// What it is to do.
    pub definition: Definition,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// When it was last changed.
    pub modified: DateTime<Utc>,
    /// Everything that was due up to here has been fired.
    fired_to: DateTime<Utc>,
    /// A one-time schedule that has fired stays silent, even when the clock is set back.
    #[serde(default)]
    completed: bool,
}

/// Why a request about a schedule is refused.
#[derive(Debug, thiserror::Error)]
#[allow(missing_docs, reason = "the message says it")]
pub enum Refusal {
    #[error(transparent)]
    Expression(#[from] InvalidExpression),
    #[error("Invalid Schedule Expression Timezone {0}.")]
    Timezone(String),
    #[error("Invalid Schedule Expression {0}: it lies in the past.")]
    Past(String),
    #[error("The target's input is not JSON.")]
    Input,
    #[error("Schedule {0} already exists.")]
    Exists(String),
    #[error("Schedule {0} does not exist.")]
    Missing(String),
    #[error("schedules.json: {0}")]
    Disk(#[from] io::Error),
}

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

impl Schedule {
    fn new(name: &str, definition: Definition, created: DateTime<Utc>, modified: DateTime<Utc>) -> Self {
        // What is due at this very instant is still to be fired.
        let fired_to = modified - TimeDelta::milliseconds(1);
        Self { name: name.to_owned(), definition, created, modified, fired_to, completed: false }
    }

    /// When it fires next after `now`, if ever.
    pub fn next(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (expression, zone) = parse(&self.definition).ok()?;
        let ended = |at: &DateTime<Utc>| self.end().is_some_and(|end| *at > end);
        let next = expression.next(zone, self.start(), now.max(self.before_start()));
        next.filter(|at| self.fires() && !ended(at))
    }

    fn due(&mut self, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        // The clock was set back: what comes again is due again.
        self.fired_to = self.fired_to.min(now);
        let Ok((expression, zone)) = parse(&self.definition) else { return Vec::new() };
        if !self.fires() {
            return Vec::new();
        }
        let until = self.end().map_or(now, |end| end.min(now));
        expression.due(zone, self.start(), self.fired_to.max(self.before_start()), until)
    }

    /// Notes that `at` has been fired; true when the schedule is to be deleted now.
    fn fired(&mut self, at: DateTime<Utc>) -> bool {
        self.fired_to = self.fired_to.max(at);
        self.completed = parse(&self.definition).is_ok_and(|(expression, _)| !expression.recurs());
        self.completed && self.definition.action_after_completion == ActionAfterCompletion::Delete
    }

    fn fires(&self) -> bool {
        self.definition.state == State::Enabled && !self.completed
    }

    /// Where a rate counts from: without a start date it begins at once.
    fn start(&self) -> DateTime<Utc> {
        self.definition.start_date.and_then(instant).unwrap_or(self.modified)
    }

    fn before_start(&self) -> DateTime<Utc> {
        self.definition.start_date.and_then(instant).map_or(DateTime::UNIX_EPOCH, |start| start - TimeDelta::milliseconds(1))
    }

    fn end(&self) -> Option<DateTime<Utc>> {
        self.definition.end_date.and_then(instant)
    }
}

fn key(group: &str, name: &str) -> Key {
    format!("{group}/{name}")
}

#[allow(clippy::cast_possible_truncation, reason = "whole seconds are what the service keeps")]
fn instant(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds as i64, 0)
}

fn parse(definition: &Definition) -> Result<(Expression, Tz), Refusal> {
    let zone =
        definition.schedule_expression_timezone.parse().map_err(|_| Refusal::Timezone(definition.schedule_expression_timezone.clone()))?;
    Ok((definition.schedule_expression.parse()?, zone))
}

fn check(definition: &Definition, now: DateTime<Utc>) -> Result<(), Refusal> {
    let (expression, zone) = parse(definition)?;
    let before = now - TimeDelta::milliseconds(1);
    if !expression.recurs() && expression.next(zone, now, before).is_none() {
        return Err(Refusal::Past(definition.schedule_expression.clone()));
    }
    match definition.target.input.as_deref().map(serde_json::from_str::<Value>) {
        Some(Err(_)) => Err(Refusal::Input),
        Some(Ok(_)) | None => Ok(()),
    }
}
