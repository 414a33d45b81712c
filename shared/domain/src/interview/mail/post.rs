//! Which mails go out when something happens to an interview (rows C4, C5, C7, C8).

use chrono::{DateTime, Utc};

use super::{Guidance, Organizer, ToContact, approval_wanted};
use crate::{
    calendar::{BeyondHolidays, BusinessCalendar},
    documents::WebLink,
    interview::{
        deadline::reminder,
        purpose::Method,
        slot::Slot,
        state::{Ended, Interview, Outcome},
    },
    mail::Mail,
    personal::{MailAddress, PersonName},
    tenant::Tenant,
};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Happened {
    /// The contact booked it.
    Booked,
    /// The contact moved it from there.
    Moved {
        /// Where it was.
        from: Slot,
        /// Whether people had been told of it.
        was_confirmed: bool,
    },
    /// The contact cancelled it; it was confirmed, or still awaited approval.
    Cancelled {
        /// Whether people had been told of it.
        was_confirmed: bool,
    },
    /// The nurse in charge approved or declined it, or a nurse called it off or recorded how it went.
    ByNurse,
    /// A nurse corrected what was recorded.
    Corrected {
        /// The contact had been told before that continuing is recommended.
        was_told: bool,
    },
}

/// Who is written to, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The company.
    pub tenant: &'a Tenant,
    /// The employee.
    pub employee: &'a PersonName,
    /// Who holds the interview.
    pub nurse: &'a PersonName,
    /// The contact who booked it, where they are still on file.
    pub contact: Option<(&'a PersonName, &'a MailAddress)>,
    /// The nurse in charge.
    pub in_charge: Option<&'a MailAddress>,
    /// Where interviews by web take place; the interview's id is added.
    pub meeting: Option<&'a WebLink>,
    /// In whose name the calendar file is.
    pub organizer: Organizer<'a>,
    /// The contacts' page of the interview, and the nurses' page of interviews.
    pub links: (&'a str, &'a str),
    /// Whether the request form is missing: then the contact is reminded of it (row C7).
    pub form_is_missing: bool,
}

/// What a mail is for: of each kind one belongs to a version of an interview, so that it is queued once and found again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// To the address that the form names.
    Guidance,
    /// To the contact.
    Contact,
    /// To the nurse in charge.
    InCharge,
    /// On the previous business day.
    Reminder,
    /// To the contact, when an approval did not come in time.
    Lapsed,
    /// To the contact, on the previous business day: the request form is missing.
    RequestForm,
}

impl Kind {
    /// Every kind. Ids of mails follow from the place: a new one comes last.
    pub const ALL: [Self; 6] = [Self::Guidance, Self::Contact, Self::InCharge, Self::Reminder, Self::Lapsed, Self::RequestForm];
}

/// A mail, and when it goes out, where that is not at once.
pub type Posted = (Kind, Mail, Option<DateTime<Utc>>);

impl Post<'_> {
    /// The mails for `interview` as it is after `happened`.
    ///
    /// # Errors
    /// The day of the reminder lies beyond the list of holidays.
    pub fn mails(
        self,
        interview: &Interview,
        happened: Happened,
        calendar: &BusinessCalendar<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Posted>, BeyondHolidays> {
        let head = interview.head();
        let room = self.meeting.and_then(|base| format!("{}/{}", base.as_str().trim_end_matches('/'), head.id).parse().ok());
        let room: Option<WebLink> = room.filter(|_| head.details.method == Method::Web);
        let guidance = Guidance {
            head,
            tenant: self.tenant,
            employee: self.employee,
            nurse: self.nurse,
            room: room.as_ref(),
            organizer: self.organizer,
        };
        let to_contact = self.contact.map(|(contact, mail)| ToContact { tenant: self.tenant, contact, mail, link: self.links.0 });
        let at_once = |kind, mail| (kind, mail, None);
        Ok(match interview {
            Interview::AwaitingApproval(_) => {
                let told = to_contact.map(|to| at_once(Kind::Contact, to.awaits_approval(head)));
                // It lapses by itself, so the mail waits from now on; who decides in time takes it back.
                let lapsed = to_contact.map(|to| (Kind::Lapsed, to.lapsed(head), Some(head.deadline.passes_at())));
                let wanted = self.in_charge.map(|to| at_once(Kind::InCharge, approval_wanted(to.clone(), self.tenant, head, self.links.1)));
                // Confirmed before, extra in its new month: people are told again when it is approved.
                let withdrawn = match happened {
                    Happened::Moved { from, was_confirmed: true } => Some(at_once(Kind::Guidance, guidance.cancelled(from, now))),
                    Happened::Moved { .. }
                    | Happened::Booked
                    | Happened::Cancelled { .. }
                    | Happened::ByNurse
                    | Happened::Corrected { .. } => None,
                };
                withdrawn.into_iter().chain(told).chain(wanted).chain(lapsed).collect()
            }
            Interview::Confirmed(confirmed) => {
                let mail = match happened {
                    Happened::Moved { from, was_confirmed: true } => guidance.moved(from, now),
                    Happened::Moved { .. }
                    | Happened::Booked
                    | Happened::ByNurse
                    | Happened::Cancelled { .. }
                    | Happened::Corrected { .. } => guidance.booked(now),
                };
                let approved =
                    to_contact.filter(|_| happened == Happened::ByNurse).map(|to| at_once(Kind::Contact, to.approved(confirmed)));
                let due = reminder(head.slot.day(), calendar, now)?;
                let later = due.map(|due| (Kind::Reminder, guidance.reminder(), Some(due)));
                let asked = to_contact.filter(|_| self.form_is_missing).zip(due);
                let asked = asked.map(|(to, due)| (Kind::RequestForm, to.request_form(head), Some(due)));
                [at_once(Kind::Guidance, mail)].into_iter().chain(approved).chain(later).chain(asked).collect()
            }
            Interview::Ended(Ended { outcome, .. }) => {
                let withdrawn = || at_once(Kind::Guidance, guidance.cancelled(head.slot, now));
                let told = |mail| at_once(Kind::Contact, mail);
                let (to_guidance, to_contact) = match outcome {
                    Outcome::CancelledInTime | Outcome::CancelledLate { .. } => {
                        ((happened == Happened::Cancelled { was_confirmed: true }).then(withdrawn), None)
                    }
                    Outcome::CalledOff => (Some(withdrawn()), to_contact.map(|to| told(to.called_off(head)))),
                    Outcome::Declined => (None, to_contact.map(|to| told(to.declined(head)))),
                    Outcome::TookPlace { continuing: true, .. } => {
                        let to_contact = to_contact.filter(|_| happened != Happened::Corrected { was_told: true });
                        (None, to_contact.map(|to| told(to.continuing(head))))
                    }
                    // That it lapsed, a mail says that waits since it was booked or moved.
                    Outcome::Lapsed | Outcome::TookPlace { continuing: false, .. } | Outcome::NoShow { .. } => (None, None),
                };
                to_guidance.into_iter().chain(to_contact).collect()
            }
        })
    }
}
