//! The form for a slot on hold.

use maud::{Markup, html};

use domain::{
    id::InterviewId,
    interview::{
        purpose::{Physicians, Purpose},
        slot::Slot,
    },
    personal::PersonName,
    phrase::Phrase,
};

use super::{Site, say, when};
use crate::{
    Known,
    form::{Fields, slot_code},
};

/// The page with `fields` as they were typed; `words` say what there is to mend.
pub fn form(
    site: &Site,
    known: &Known,
    (id, slot, nurse): (InterviewId, Slot, Option<&PersonName>),
    fields: &Fields,
    words: &[Phrase],
) -> Markup {
    let typed = |name: &str| fields.get(name).unwrap_or_default().to_owned();
    let mail = fields.get("mail").unwrap_or_else(|| known.contact.mail.expose());
    html! {
        h1 { (say(Phrase::BookingForm)) }
        @for word in words { p.result.waiting role="alert" { (say(*word)) } }
        section {
            dl {
                div { dt { (say(Phrase::BookingWhen)) } dd { (when(slot)) } }
                div { dt { (say(Phrase::BookingNurse)) } dd { (nurse.map_or("", |name| name.expose())) } }
            }
            p.quiet { (say(Phrase::BookingHeld)) }
            form method="post" action={ (site.base) "/holds/" (id) } {
                (site.csrf())
                input type="hidden" name="slot" value=(slot_code(slot));
                label for="number" { (say(Phrase::BookingNumber)) }
                input id="number" name="number" value=(typed("number")) required maxlength="64" autocomplete="off";
                label for="name" { (say(Phrase::BookingName)) }
                input id="name" name="name" value=(typed("name")) required maxlength="60" autocomplete="off";
                fieldset {
                    legend { (say(Phrase::BookingMethod)) }
                    (choice("method", "phone", &typed("method"), Phrase::InterviewMethodPhone))
                    (choice("method", "web", &typed("method"), Phrase::InterviewMethodWeb))
                }
                label for="phone" { (say(Phrase::BookingPhone)) }
                input id="phone" name="phone" type="tel" value=(typed("phone")) maxlength="20" autocomplete="off";
                label for="purpose" { (say(Phrase::BookingPurpose)) }
                select id="purpose" name="purpose" required {
                    option value="" { (say(Phrase::BookingChoose)) }
                    @for purpose in Purpose::ALL { (option(purpose.code(), &typed("purpose"), purpose.phrase())) }
                    @for physicians in Physicians::ALL { (option(physicians.code(), &typed("purpose"), physicians.phrase())) }
                }
                label for="mail" { (say(Phrase::BookingMail)) }
                input id="mail" name="mail" type="email" value=(mail) required maxlength="254";
                label for="wishes" { (say(Phrase::BookingWishes)) }
                textarea id="wishes" name="wishes" rows="4" maxlength="1000" { (typed("wishes")) }
                button type="submit" { (say(Phrase::BookingConfirm)) }
            }
        }
        p { a href=(site.base) { (say(Phrase::BookingBack)) } }
    }
}

fn choice(name: &str, value: &str, chosen: &str, label: Phrase) -> Markup {
    html! { label.check { input type="radio" name=(name) value=(value) required checked[chosen == value]; " " (say(label)) } }
}

fn option(value: &str, chosen: &str, label: Phrase) -> Markup {
    html! { option value=(value) selected[chosen == value] { (say(label)) } }
}
