//! Mails about interviews (rows C4, C5, C7, C8). No health word stands in them, and not the purpose: whoever looks over the
//! recipient's shoulder, at the mail or at the calendar, learns of an appointment and nothing else.

mod calendar;
mod contact;
pub mod post;
#[cfg(test)]
mod tests;

use chrono::{DateTime, Utc};

pub use self::{
    calendar::Organizer,
    contact::{ToContact, approval_wanted},
};
use super::{purpose::Method, slot::Slot, state::Head};
use crate::{
    documents::WebLink,
    mail::{CalendarMethod, Mail},
    personal::PersonName,
    tenant::Tenant,
    text::Text,
};

/// What guidance mails (案内) are made of. They go to the address that the form names, in the language of the tenant's members.
#[derive(Debug, Clone, Copy)]
pub struct Guidance<'a> {
    /// The interview's.
    pub head: &'a Head,
    /// Whose employee it is.
    pub tenant: &'a Tenant,
    /// The employee: in the salutation, never in a subject.
    pub employee: &'a PersonName,
    /// Who holds the interview.
    pub nurse: &'a PersonName,
    /// Where an interview by web takes place; not looked at for one by phone.
    pub room: Option<&'a WebLink>,
    /// In whose name the calendar file is.
    pub organizer: Organizer<'a>,
}

impl Guidance<'_> {
    /// It is booked and confirmed.
    pub fn booked(self, now: DateTime<Utc>) -> Mail {
        let Head { slot, deadline, details, .. } = self.head;
        let body = Text::InterviewMailBookedBody {
            employee: self.employee.clone(),
            slot: *slot,
            method: details.method.phrase(),
            nurse: self.nurse.clone(),
            tenant: self.tenant.name.clone(),
            how: self.how(),
            deadline: *deadline,
        };
        let mail = self.mail(&Text::InterviewMailBookedSubject { at: slot.start() }, &body);
        mail.with(self.calendar(CalendarMethod::Request, *slot, now))
    }

    /// It was at `from` before.
    pub fn moved(self, from: Slot, now: DateTime<Utc>) -> Mail {
        let Head { slot, deadline, details, .. } = self.head;
        let body = Text::InterviewMailMovedBody {
            employee: self.employee.clone(),
            from,
            slot: *slot,
            method: details.method.phrase(),
            nurse: self.nurse.clone(),
            tenant: self.tenant.name.clone(),
            how: self.how(),
            deadline: *deadline,
        };
        let mail = self.mail(&Text::InterviewMailMovedSubject { at: slot.start() }, &body);
        mail.with(self.calendar(CalendarMethod::Request, *slot, now))
    }

    /// What people were told of does not take place at `slot`: it was cancelled, or was moved to where it awaits approval first.
    pub fn cancelled(self, slot: Slot, now: DateTime<Utc>) -> Mail {
        let body = Text::InterviewMailCancelledBody { employee: self.employee.clone(), slot, tenant: self.tenant.name.clone() };
        let mail = self.mail(&Text::InterviewMailCancelledSubject { at: slot.start() }, &body);
        mail.with(self.calendar(CalendarMethod::Cancel, slot, now))
    }

    /// On the previous business day ([`super::deadline::reminder`]). The calendar knows it already.
    pub fn reminder(self) -> Mail {
        let Head { slot, deadline, details, .. } = self.head;
        let body = Text::InterviewMailReminderBody {
            employee: self.employee.clone(),
            slot: *slot,
            method: details.method.phrase(),
            nurse: self.nurse.clone(),
            tenant: self.tenant.name.clone(),
            how: self.how(),
            deadline: *deadline,
        };
        self.mail(&Text::InterviewMailReminderSubject { at: slot.start() }, &body)
    }

    fn mail(self, subject: &Text, body: &Text) -> Mail {
        let language = self.tenant.language;
        Mail::in_language(language, self.head.details.guidance_to.clone(), language.say(subject), language.say(body))
    }

    fn how(self) -> String {
        let text = match (&self.head.details.method, self.room) {
            (Method::Phone(_), _) => Text::InterviewHowPhone,
            (Method::Web, Some(room)) => Text::InterviewHowWeb { link: room.as_str().to_owned() },
            (Method::Web, None) => Text::InterviewHowWebLater,
        };
        self.tenant.language.say(&text)
    }
}
