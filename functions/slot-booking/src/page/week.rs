//! The free slots of a week: each is a button.

use maud::{Markup, html};

use domain::{id::InterviewId, interview::slot::Slot, phrase::Phrase, text::Text, time};

use super::{LANGUAGE, Site, say};
use crate::{form::slot_code, week::Week};

/// The page; `moving` is the interview that is to be moved.
pub fn week(site: &Site, week: &Week, moving: Option<InterviewId>, told: Option<Phrase>) -> Markup {
    let action = moving.map_or_else(|| format!("{}/holds", site.base), |id| format!("{}/interviews/{id}/move", site.base));
    let other = |monday| {
        let moving = moving.map(|id| format!("&move={id}")).unwrap_or_default();
        format!("{}?week={monday}{moving}", site.base)
    };
    let is_empty = week.days.values().all(Vec::is_empty);
    html! {
        h1 { (say(if moving.is_some() { Phrase::BookingMoveTitle } else { Phrase::BookingWeek })) }
        @if let Some(told) = told { p.result.waiting role="alert" { (say(told)) } }
        p { (say(if moving.is_some() { Phrase::BookingMoveText } else { Phrase::BookingWeekText })) }
        p.pages {
            @if let Some(before) = week.before { a href=(other(before)) { (say(Phrase::BookingWeekBefore)) } " " }
            @if let Some(after) = week.after { a href=(other(after)) { (say(Phrase::BookingWeekAfter)) } }
        }
        div id="list" {
            @if is_empty { p.result { (say(Phrase::BookingNothingFree)) } }
            @for (day, slots) in week.days.iter().filter(|(_, slots)| !slots.is_empty()) {
                section {
                    h2 { (LANGUAGE.say(&Text::PageDay { day: *day })) }
                    // The buttons name the form that stands behind the list, so that the list is the same until something changes.
                    div.actions { @for slot in slots { (button(week, *slot)) } }
                }
            }
        }
        form id="choose" method="post" action=(action) {
            (site.csrf())
            input type="hidden" name="key" value=(site.key);
        }
    }
}

fn button(week: &Week, slot: Slot) -> Markup {
    let nurse = week.nurses.get(&slot.nurse()).map_or("", |name| name.expose());
    html! {
        button.quiet type="submit" form="choose" name="slot" value=(slot_code(slot)) {
            (time::jst(slot.start()).format("%-H:%M")) "〜" (time::jst(slot.end()).format("%-H:%M")) " " (nurse)
        }
    }
}
