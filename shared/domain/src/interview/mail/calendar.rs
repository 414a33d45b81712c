//! The calendar file of a guidance mail (RFC 5545 and 5546).
//!
//! Every file of an interview has the same UID, so a calendar that knows the entry replaces it, or takes it out, by the higher
//! SEQUENCE; where two are equal, by the later DTSTAMP.

use chrono::{DateTime, Utc};
use icalendar::{Attendee, Calendar, CalendarDateTime, Class, Component, Event, EventLike, EventStatus, PartStat, Property, Role};

use super::Guidance;
use crate::{
    interview::{purpose::Method, slot::Slot},
    mail::{CalendarFile, CalendarMethod},
    personal::MailAddress,
    phrase::Phrase,
};

/// Who made the file, as RFC 5545 wants it named (PRODID).
const PRODUCT: &str = "-//Hokenshitsu//Interviews//EN";

/// In whose name a calendar file is.
#[derive(Debug, Clone, Copy)]
pub struct Organizer<'a> {
    /// The sender of the mails.
    pub mail: &'a MailAddress,
    /// Makes interview ids unique in the world. It has to stay the same as long as there are interviews to come: a calendar knows
    /// an entry by both.
    pub domain: &'a str,
}

impl Guidance<'_> {
    pub(super) fn calendar(self, method: CalendarMethod, slot: Slot, now: DateTime<Utc>) -> CalendarFile {
        let status = match method {
            CalendarMethod::Request => EventStatus::Confirmed,
            CalendarMethod::Cancel => EventStatus::Cancelled,
        };
        let language = self.tenant.language;
        let head = self.head;
        // Nobody reads answers at the sender's address; calendars of colleagues show a private entry as busy.
        let attendee = Attendee::new(format!("mailto:{}", head.details.guidance_to.expose()))
            .role(Role::ReqParticipant)
            .partstat(PartStat::NeedsAction)
            .rsvp(false);
        let mut event = Event::new();
        event
            .uid(&format!("{}@{}", head.id, self.organizer.domain))
            .sequence(head.sequence)
            .timestamp(now)
            .starts(CalendarDateTime::Utc(slot.start()))
            .ends(CalendarDateTime::Utc(slot.end()))
            .status(status)
            .class(Class::Private)
            .summary(language.phrase(Phrase::InterviewCalendarSummary))
            .description(&self.how())
            .append_property(Property::new("ORGANIZER", format!("mailto:{}", self.organizer.mail.expose())))
            .attendee(attendee);
        match (&head.details.method, self.room) {
            (Method::Web, Some(room)) => event.location(room.as_str()).url(room.as_str()),
            (Method::Web, None) | (Method::Phone(_), _) => event.location(language.phrase(head.details.method.phrase())),
        };
        let mut calendar = Calendar::empty();
        for (name, value) in [("VERSION", "2.0"), ("PRODID", PRODUCT), ("CALSCALE", "GREGORIAN"), ("METHOD", method.as_str())] {
            calendar.append_property(Property::new(name, value));
        }
        calendar.push(event.done());
        CalendarFile { method, content: calendar.to_string() }
    }
}
