//! The report on a delivered roster file (row D1): what it brought and what is not in order, without a cell of the file.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    id::ImportId,
    roster_file::{Finding, Kind},
};

/// Findings that a report lists at most; the rest is counted. Who delivers a wrong file needs no hundred thousand lines.
pub const LISTED: usize = 1000;

/// For so long a report can be read.
const READABLE: TimeDelta = TimeDelta::days(30);

/// How an import ended, or that it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// All of it is on the roster.
    Applied,
    /// Nothing of it was applied.
    Refused,
    /// Nothing of it is applied before contact and operator confirm it.
    Waiting,
    /// The same content was applied before.
    Unchanged,
}

/// The report, as it lies in the bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The import.
    pub import: ImportId,
    /// What the file claims to be.
    pub kind: Kind,
    /// When it was first seen.
    pub received_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: Outcome,
    /// Rows that could be read.
    pub rows: u64,
    /// Employments that began.
    pub joined: u64,
    /// Names and dates that changed.
    pub changed: u64,
    /// Employments that ended, or would where it waits.
    pub left: u64,
    /// Rows that said what the roster says.
    pub unchanged: u64,
    /// People who are not in a full roster, and may have left.
    pub missing: u64,
    /// Findings that keep the file from being applied.
    pub blocking: u64,
    /// Findings that do not.
    pub warnings: u64,
    /// Findings beyond [`LISTED`].
    pub more: u64,
    /// What is not in order, by line.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Until when it can be read: for 30 days from when the file was first seen (row D1).
    pub fn readable_until(&self) -> DateTime<Utc> {
        self.received_at.checked_add_signed(READABLE).unwrap_or(self.received_at)
    }
}
