//! `ops audit`: who of those who sign in read, wrote or was refused what on a day. Internal ids only, so that no operator learns who consulted.

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use domain::time;
use ops::Ops;
use store::entity::audit::{Audit as Line, Object, Outcome};

use super::{act::Answer, report::Report, view};

#[derive(Debug, Args)]
#[command(after_help = "\
A line shows the narrowest thing that was acted on; with --json also what it belongs to.

Example:
  ops audit 2026-11-25 --refused")]
pub struct Audit {
    /// The day in Japan, YYYY-MM-DD; without it, today
    day: Option<NaiveDate>,
    /// Only what was not done: forbidden, refused, missing
    #[arg(long)]
    refused: bool,
}

/// Carries out `command`.
pub async fn act(ops: &Ops, command: Audit) -> Answer {
    let Audit { day, refused } = command;
    let mut lines = ops.audit(day).await?;
    lines.retain(|line| !(refused && line.outcome == Outcome::Done));
    let none = if refused { "Nothing was refused on that day." } else { "Nothing was done on that day." };
    Ok(Report::table(&["AT", "STAFF", "ROLES", "ACT", "ON", "OUTCOME"], lines.iter().map(row).collect(), none, json!(lines)))
}

fn row(line: &Line) -> Vec<String> {
    let Line { at, actor, act, outcome, .. } = line;
    vec![
        time::jst(*at).format("%H:%M:%S").to_string(),
        actor.nurse.as_ref().unwrap_or(&actor.subject).clone(),
        view::joined(&actor.roles),
        act.clone(),
        on(line.object),
        word(*outcome).to_owned(),
    ]
}

fn on(object: Object) -> String {
    let Object { tenant, member, consultation, document, import, interview, file } = object;
    let narrowest = document
        .map(|id| format!("document {id}"))
        .or_else(|| consultation.map(|id| format!("consultation {id}")))
        .or_else(|| member.map(|id| format!("member {id}")))
        .or_else(|| file.map(|id| format!("file {id}")))
        .or_else(|| interview.map(|id| format!("interview {id}")))
        .or_else(|| import.map(|id| format!("import {id}")))
        .or_else(|| tenant.map(|id| format!("tenant {id}")));
    view::or_nothing(narrowest)
}

const fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "done",
        Outcome::Forbidden => "forbidden",
        Outcome::Refused => "refused",
        Outcome::Missing => "missing",
    }
}
