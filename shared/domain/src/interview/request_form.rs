//! The request form (面談依頼書, row C7, 「産業看護職面談依頼書をご提出ください」): why an interview is asked for, what is wished for, and
//! files. It comes with the booking or later; without it the booking stands. It goes one calendar month after the interview.

mod attached;
mod refusal;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use self::{
    attached::{Attached, LARGEST_FILE, MOST_FILES},
    refusal::NotTaken,
};
use super::{
    deadline::reminder,
    state::{AwaitingApproval, Confirmed, Ended, Head, Interview, Outcome},
};
use crate::{
    calendar::{BeyondHolidays, BusinessCalendar},
    document::{DocumentType, expires},
    id::{NurseId, RequestFileId},
    personal::Wishes,
};

/// Characters of reason and wishes at most.
pub const LONGEST_REASON: usize = 1000;

/// A request form; an empty one is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestForm {
    /// Reason and wishes.
    pub reason: Option<Wishes>,
    /// Files, the first added first.
    pub files: Vec<Attached>,
}

/// What a contact wants to change of it.
#[derive(Clone, Copy, Default)]
pub struct Change<'a> {
    /// Reason and wishes as typed; `None` leaves them.
    pub reason: Option<&'a str>,
    /// A file to add.
    pub add: Option<Added<'a>>,
    /// A file to remove.
    pub remove: Option<RequestFileId>,
}

/// A file as it was sent.
#[derive(Clone, Copy)]
pub struct Added<'a> {
    /// The id that its form gave it: a form that is sent twice adds it once.
    pub id: RequestFileId,
    /// Its name as the browser tells it.
    pub name: &'a str,
    /// What is in it.
    pub content: &'a [u8],
}

impl std::fmt::Debug for Change<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Change").field("add", &self.add.map(|file| file.id)).field("remove", &self.remove).finish_non_exhaustive()
    }
}

/// Reads reason and wishes as typed.
///
/// # Errors
/// They are longer than [`LONGEST_REASON`].
pub fn reason(typed: &str) -> Result<Option<Wishes>, NotTaken> {
    // A browser sends line breaks as CR LF, and counts them as one character.
    let text = typed.replace("\r\n", "\n").trim().to_owned();
    match text.chars().count() {
        0 => Ok(None),
        1..=LONGEST_REASON => Ok(Some(Wishes::new(text))),
        _ => Err(NotTaken::LongReason),
    }
}

impl RequestForm {
    /// Whether nothing was submitted: neither text nor file.
    pub const fn is_missing(&self) -> bool {
        self.reason.is_none() && self.files.is_empty()
    }

    /// The form after `change`, for an interview as it is at `now`. Where it is open no more, files can still be removed: one that
    /// was added by mistake need not wait.
    ///
    /// # Errors
    /// Everything that is not taken; then nothing is changed.
    pub fn changed(&self, change: Change<'_>, interview: &Interview, now: DateTime<Utc>) -> Result<Self, Vec<NotTaken>> {
        let mut files: Vec<Attached> = self.files.iter().filter(|file| Some(file.id) != change.remove).cloned().collect();
        let added = change.add.filter(|added| self.files.iter().all(|file| file.id != added.id));
        let typed = change.reason.map_or_else(|| Ok(self.reason.clone()), reason);
        let adds = added.is_some() || typed.as_ref().is_ok_and(|typed| *typed != self.reason);
        if adds && !is_open(interview, now) {
            return Err(vec![NotTaken::IsOver]);
        }
        let attached = added.map(|added| Attached::of(added, files.len(), now)).transpose();
        match (typed, attached) {
            (Ok(reason), Ok(attached)) => {
                files.extend(attached);
                Ok(Self { reason, files })
            }
            (typed, attached) => Err([typed.err(), attached.err()].into_iter().flatten().collect()),
        }
    }
}

/// Whether something can be added: the interview is not over, and the form is not about to go.
pub fn is_open(interview: &Interview, now: DateTime<Utc>) -> bool {
    !matches!(interview, Interview::Ended(_)) && now < kept_until(interview)
}

/// From when on nobody reads the form, and it is deleted: one calendar month after the interview, or after it was cancelled, by the
/// rule of all documents. What awaits an approval lapses where none comes, and counts as cancelled then.
pub fn kept_until(interview: &Interview) -> DateTime<Utc> {
    match interview {
        Interview::AwaitingApproval(AwaitingApproval { head }) => expires(head.deadline.passes_at()),
        Interview::Confirmed(Confirmed { head, .. }) => expires(head.slot.end()),
        Interview::Ended(Ended { head, outcome, at, .. }) => match outcome {
            Outcome::TookPlace { .. } | Outcome::NoShow { .. } => expires(head.slot.end()),
            Outcome::CancelledInTime | Outcome::CancelledLate { .. } | Outcome::CalledOff | Outcome::Declined | Outcome::Lapsed => {
                expires(*at)
            }
        },
    }
}

/// Whether a nurse reads the form: who holds the interview, whatever their licence is (psychologists are kept from the documents of
/// consultations, row B5; here the company sends what the talk is prepared with), and who is in charge of the company.
pub fn may_read(nurse: NurseId, head: &Head, in_charge: Option<NurseId>) -> bool {
    head.slot.nurse() == nurse || in_charge == Some(nurse)
}

/// What becomes of the mail that reminds the contact of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reminding {
    /// It is queued for then.
    Asked(DateTime<Utc>),
    /// It is taken back.
    TakenBack,
    /// Nothing changes.
    AsBefore,
}

/// What a change of the form from `before` to `after` does to the reminder. Only a confirmed interview has one; where its time has
/// passed nobody is reminded a second time.
///
/// # Errors
/// The day of the reminder lies beyond the list of holidays.
pub fn reminding(
    before: &RequestForm,
    after: &RequestForm,
    interview: &Interview,
    calendar: &BusinessCalendar<'_>,
    now: DateTime<Utc>,
) -> Result<Reminding, BeyondHolidays> {
    let Interview::Confirmed(Confirmed { head, .. }) = interview else { return Ok(Reminding::AsBefore) };
    Ok(match (before.is_missing(), after.is_missing()) {
        (true, false) => Reminding::TakenBack,
        (false, true) => reminder(head.slot.day(), calendar, now)?.map_or(Reminding::AsBefore, Reminding::Asked),
        (true, true) | (false, false) => Reminding::AsBefore,
    })
}

impl Attached {
    fn of(added: Added<'_>, there: usize, now: DateTime<Utc>) -> Result<Self, NotTaken> {
        let Added { id, name, content } = added;
        if content.is_empty() {
            return Err(NotTaken::Empty);
        } else if content.len() > LARGEST_FILE {
            return Err(NotTaken::TooLarge);
        }
        let kind = DocumentType::of(content).ok_or(NotTaken::OtherType)?;
        if there >= MOST_FILES {
            return Err(NotTaken::TooMany);
        }
        Ok(Self { id, name: attached::name(name, kind), kind, bytes: content.len() as u64, at: now })
    }
}
