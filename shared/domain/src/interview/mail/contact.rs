//! Mails to the contact who booked, and to who approves. Who the employee is stands behind the link, not in the mail.

use super::super::{
    allowance::Charge,
    month::Month,
    state::{Confirmed, Head},
};
use crate::{
    mail::Mail,
    personal::{MailAddress, PersonName},
    phrase::Phrase,
    tenant::Tenant,
    text::{Language, Text},
};

/// What mails to a contact are made of. Contacts read Japanese.
#[derive(Debug, Clone, Copy)]
pub struct ToContact<'a> {
    /// The contact's company.
    pub tenant: &'a Tenant,
    /// The contact.
    pub contact: &'a PersonName,
    /// Where it goes.
    pub mail: &'a MailAddress,
    /// The contacts' page that the mail speaks of.
    pub link: &'a str,
}

impl ToContact<'_> {
    /// The request form is missing on the previous business day (row C7).
    pub fn request_form(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let body = Text::InterviewMailFormBody { tenant, contact, slot: head.slot, link };
        self.say(&Text::InterviewMailFormSubject { at: head.slot.start() }, &body)
    }

    /// It is booked and awaits approval (row C5).
    pub fn awaits_approval(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let body = Text::InterviewMailAwaitsBody { tenant, contact, slot: head.slot, deadline: head.deadline, link };
        self.say(&Text::InterviewMailAwaitsSubject { at: head.slot.start() }, &body)
    }

    /// It awaited approval, and is confirmed: as an extra one, or by a unit that has become free in the meantime.
    pub fn approved(self, Confirmed { head, charge }: &Confirmed) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let charge = match charge {
            Charge::Base(_) => Phrase::InterviewChargeBase,
            Charge::Extra { .. } => Phrase::InterviewLedgerCharged,
        };
        let body = Text::InterviewMailApprovedBody { tenant, contact, slot: head.slot, charge, deadline: head.deadline, link };
        self.say(&Text::InterviewMailApprovedSubject { at: head.slot.start() }, &body)
    }

    /// It was not approved.
    pub fn declined(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let body = Text::InterviewMailDeclinedBody { tenant, contact, slot: head.slot, link };
        self.say(&Text::InterviewMailDeclinedSubject { at: head.slot.start() }, &body)
    }

    /// The approval did not come in time.
    pub fn lapsed(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let body = Text::InterviewMailLapsedBody { tenant, contact, slot: head.slot, link };
        self.say(&Text::InterviewMailLapsedSubject { at: head.slot.start() }, &body)
    }

    /// We called it off, and ask for pardon.
    pub fn called_off(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let month = Month::of(head.slot.day()).next();
        let body = Text::InterviewMailCalledOffBody { tenant, contact, slot: head.slot, month, link };
        self.say(&Text::InterviewMailCalledOffSubject { at: head.slot.start() }, &body)
    }

    /// It was held, and the nurse recommends to continue (row C8).
    pub fn continuing(self, head: &Head) -> Mail {
        let Parts { tenant, contact, link } = self.parts();
        let body = Text::InterviewMailContinuingBody { tenant, contact, slot: head.slot, link };
        self.say(&Text::InterviewMailContinuingSubject, &body)
    }

    fn say(self, subject: &Text, body: &Text) -> Mail {
        Mail::new(self.mail.clone(), Language::Ja.say(subject), Language::Ja.say(body))
    }

    fn parts(self) -> Parts {
        Parts { tenant: self.tenant.name.clone(), contact: self.contact.clone(), link: self.link.to_owned() }
    }
}

/// What the words of all of them need.
struct Parts {
    tenant: String,
    contact: PersonName,
    link: String,
}

/// To the nurse in charge, or to the operator where the tenant has none: an interview awaits approval (row C5). `link` leads to
/// the desk.
pub fn approval_wanted(to: MailAddress, tenant: &Tenant, head: &Head, link: &str) -> Mail {
    let body = Text::InterviewMailWantedBody {
        tenant: tenant.name.clone(),
        interview: head.id.to_string(),
        slot: head.slot,
        deadline: head.deadline,
        link: link.to_owned(),
    };
    let subject = Text::InterviewMailWantedSubject { at: head.slot.start() };
    Mail::new(to, Language::Ja.say(&subject), Language::Ja.say(&body))
}
