//! What programs read. Instants are RFC 3339 in Japan's time, days and months ISO 8601.

use chrono::{DateTime, Utc};
use serde::Serialize;

use domain::{
    id::{InterviewId, NurseId},
    interview::{
        allowance::{Charge, Line},
        purpose::Method,
        slot,
        state::{self, Outcome},
    },
    time,
};

use crate::{
    Known, became,
    form::slot_code,
    page,
    read::{Nurses, One, Shown, Used},
    week,
};

fn instant(at: DateTime<Utc>) -> String {
    time::jst(at).to_rfc3339()
}

/// Who is signed in, and what their requests need.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    company: String,
    name: String,
    mail: String,
    csrf_token: String,
}

impl Session {
    pub fn of(known: &Known, csrf: &str) -> Self {
        Self {
            company: known.tenant.name.clone(),
            name: known.contact.name.expose().to_owned(),
            mail: known.contact.mail.expose().to_owned(),
            csrf_token: csrf.to_owned(),
        }
    }
}

/// A nurse as contacts know them.
#[derive(Debug, Serialize)]
pub struct Nurse {
    id: NurseId,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl Nurse {
    fn of(id: NurseId, nurses: &Nurses) -> Self {
        Self { id, name: nurses.get(&id).map(|name| name.expose().to_owned()) }
    }
}

/// A slot; its id is what holding and moving ask for.
#[derive(Debug, Serialize)]
pub struct Slot {
    id: String,
    start: String,
    end: String,
    nurse: Nurse,
}

impl Slot {
    fn of(slot: slot::Slot, nurses: &Nurses) -> Self {
        Self { id: slot_code(slot), start: instant(slot.start()), end: instant(slot.end()), nurse: Nurse::of(slot.nurse(), nurses) }
    }
}

/// A week's free slots.
#[derive(Debug, Serialize)]
pub struct Week {
    monday: String,
    pub slots: Vec<Slot>,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<String>,
}

impl Week {
    pub fn of(week: &week::Week) -> Self {
        Self {
            monday: week.monday.to_string(),
            slots: week.days.values().flatten().map(|slot| Slot::of(*slot, &week.nurses)).collect(),
            before: week.before.map(|day| day.to_string()),
            after: week.after.map(|day| day.to_string()),
        }
    }
}

/// A slot on hold.
#[derive(Debug, Serialize)]
pub struct Held {
    id: InterviewId,
    slot: String,
    #[serde(rename = "heldUntil")]
    until: String,
}

impl Held {
    pub fn of(held: became::Held) -> Self {
        Self { id: held.id, slot: slot_code(held.slot), until: instant(held.until) }
    }
}

/// An interview.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Interview {
    id: InterviewId,
    state: &'static str,
    slot: Slot,
    number: String,
    /// By the roster as it is now; of who was erased there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    method: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    purpose: &'static str,
    mail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    wishes: Option<String>,
    /// How many are attached to its request form; with one interview only, as are wishes.
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<usize>,
    /// Until when it can be moved, and cancelled in time.
    deadline: String,
    in_time: bool,
    /// What covers it, where it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    charge: Option<&'static str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    continuing_recommended: bool,
}

impl Interview {
    pub fn of_one(One { shown, nurses, form }: &One, now: DateTime<Utc>) -> Self {
        let wishes = form.form.reason.as_ref().map(|reason| reason.expose().to_owned());
        Self { wishes, files: Some(form.form.files.len()), ..Self::of(shown, nurses, now) }
    }

    pub fn of(Shown { interview, employee }: &Shown, nurses: &Nurses, now: DateTime<Utc>) -> Self {
        let head = interview.head();
        let (method, phone) = match &head.details.method {
            Method::Phone(number) => ("phone", Some(number.expose().to_owned())),
            Method::Web => ("web", None),
        };
        let (state, charge) = state(interview);
        Self {
            id: head.id,
            state,
            slot: Slot::of(head.slot, nurses),
            number: head.number.expose().to_owned(),
            name: employee.as_ref().map(|name| name.expose().to_owned()),
            method,
            phone,
            purpose: head.details.purpose.code(),
            mail: head.details.guidance_to.expose().to_owned(),
            wishes: None,
            files: None,
            deadline: instant(head.deadline.passes_at()),
            in_time: head.deadline.is_met(now),
            charge: charge.map(|charge| match charge {
                Charge::Base(_) => "base",
                Charge::Extra { .. } => "extra",
            }),
            continuing_recommended: is_continuing(interview),
        }
    }
}

const fn state(interview: &state::Interview) -> (&'static str, Option<Charge>) {
    match interview {
        state::Interview::AwaitingApproval(_) => ("awaitingApproval", None),
        state::Interview::Confirmed(confirmed) => ("confirmed", Some(confirmed.charge)),
        state::Interview::Ended(ended) => match ended.outcome {
            Outcome::TookPlace { charge, .. } => ("tookPlace", Some(charge)),
            Outcome::NoShow { charge } => ("noShow", Some(charge)),
            Outcome::CancelledLate { charge } => ("cancelledLate", Some(charge)),
            Outcome::CancelledInTime => ("cancelledInTime", None),
            Outcome::CalledOff => ("calledOff", None),
            Outcome::Declined => ("declined", None),
            Outcome::Lapsed => ("lapsed", None),
        },
    }
}

const fn is_continuing(interview: &state::Interview) -> bool {
    matches!(interview, state::Interview::Ended(ended) if matches!(ended.outcome, Outcome::TookPlace { continuing: true, .. }))
}

/// The company's interviews, the latest first.
#[derive(Debug, Serialize)]
pub struct Interviews {
    interviews: Vec<Interview>,
}

impl Interviews {
    pub fn of(interviews: &[Shown], nurses: &Nurses, now: DateTime<Utc>) -> Self {
        Self { interviews: interviews.iter().map(|shown| Interview::of(shown, nurses, now)).collect() }
    }
}

/// What the interviews of a month use and cost.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ledger {
    month: String,
    totals: Totals,
    lines: Vec<LedgerLine>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    base: usize,
    carried_in: usize,
    extra: usize,
    carried_over: usize,
    lapsed: usize,
}

#[derive(Debug, Serialize)]
struct LedgerLine {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    interview: Option<InterviewId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    /// The reason, as the page tells it.
    reason: String,
}

impl Ledger {
    pub fn of(used: &Used) -> Self {
        let totals = used.statement.totals();
        Self {
            month: used.statement.month.to_string(),
            totals: Totals {
                base: totals.base,
                carried_in: totals.carried_in,
                extra: totals.extra,
                carried_over: totals.carried_over,
                lapsed: totals.lapsed,
            },
            lines: used.statement.lines.iter().map(|line| LedgerLine::of(line, used)).collect(),
        }
    }
}

impl LedgerLine {
    fn of(line: &Line, used: &Used) -> Self {
        let kind = match line {
            Line::Used { .. } => "used",
            Line::Charged { .. } => "charged",
            Line::Uncounted { .. } => "uncounted",
            Line::Spare { .. } => "spare",
        };
        let about = line.interview();
        Self {
            kind,
            interview: about.map(|(interview, _)| interview),
            day: about.map(|(_, day)| day.to_string()),
            reason: page::reason(line, used),
        }
    }
}
