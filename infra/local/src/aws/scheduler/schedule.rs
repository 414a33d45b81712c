//! One schedule: what it is to do, and when.

use std::io;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::expression::{Expression, InvalidExpression};

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

impl Schedule {
    /// A schedule that is (again) defined at `modified`.
    pub(super) fn new(name: &str, definition: Definition, created: DateTime<Utc>, modified: DateTime<Utc>) -> Self {
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

    /// The instants up to `now` that have not been fired.
    pub(super) fn due(&mut self, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
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
    pub(super) fn fired(&mut self, at: DateTime<Utc>) -> bool {
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

#[allow(clippy::cast_possible_truncation, reason = "whole seconds are what the service keeps")]
fn instant(seconds: f64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds as i64, 0)
}

fn parse(definition: &Definition) -> Result<(Expression, Tz), Refusal> {
    let zone =
        definition.schedule_expression_timezone.parse().map_err(|_| Refusal::Timezone(definition.schedule_expression_timezone.clone()))?;
    Ok((definition.schedule_expression.parse()?, zone))
}

/// Refuses what the service would refuse at `now`.
pub(super) fn check(definition: &Definition, now: DateTime<Utc>) -> Result<(), Refusal> {
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
