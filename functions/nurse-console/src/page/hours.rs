//! When the nurse gives interviews.

use maud::{Markup, html};

use domain::{phrase::Phrase, time};

use super::{Desk, Told, say};
use crate::hours::{DAYS, Outside, Written};

const LABELS: [Phrase; 5] = [Phrase::DeskMonday, Phrase::DeskTuesday, Phrase::DeskWednesday, Phrase::DeskThursday, Phrase::DeskFriday];

/// The page with hours as they are written, and what is booked outside them.
pub fn hours(desk: &Desk, written: &Written, outside: &[Outside], told: Option<&Told>) -> Markup {
    html! {
        h1 { (say(Phrase::DeskHours)) }
        @if let Some(told) = told { (told.show()) }
        @if !outside.is_empty() {
            section {
                p.result.waiting role="alert" { (say(Phrase::DeskHoursOutside)) }
                ul { @for Outside { slot, tenant, awaits } in outside {
                    li {
                        (time::deadline_ja(slot.start())) "〜" (time::jst(slot.end()).format("%-H:%M")) "　" (tenant)
                        @if *awaits { "（" (say(Phrase::BookingStateAwaiting)) "）" }
                    }
                } }
                p { a href={ (desk.base) "/interviews" } { (say(Phrase::DeskHoursOutsideLink)) } }
            }
        }
        section {
            p { (say(Phrase::DeskHoursText)) }
            form method="post" action={ (desk.base) "/hours" } {
                input type="hidden" name="csrf" value=(desk.csrf);
                @for (((_, name), label), hours) in DAYS.iter().zip(LABELS).zip(&written.days) {
                    label for=(name) { (say(label)) }
                    input id=(name) name=(name) value=(hours) maxlength="200" placeholder="09:00-12:00, 13:00-17:00" autocomplete="off";
                }
                label for="dates" { (say(Phrase::DeskHoursDates)) }
                textarea id="dates" name="dates" rows="6" maxlength="4000" placeholder="2026-12-01 休み" { (written.dates) }
                p.quiet { (say(Phrase::DeskHoursDatesText)) }
                button type="submit" { (say(Phrase::DeskTemplateSave)) }
            }
        }
    }
}
