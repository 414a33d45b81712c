//! What waits, as a list that a telephone shows as cards.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    calendar::{BusinessCalendar, Holidays},
    phrase::Phrase,
};
use store::entity::consultation::Consultation;

use super::{Desk, LANGUAGE, assignee, badges, length, say, topics};
use crate::queue::{Asks, Queue};

/// All that waits.
pub fn queue(desk: &Desk, queue: &Queue, asks: &Asks, now: DateTime<Utc>) -> Markup {
    let waiting = &queue.waiting;
    html! {
        h1 { (say(Phrase::DeskQueue)) }
        form.filter method="get" action=(desk.base) {
            label { span { (say(Phrase::DeskTopic)) } select name="topic" { (topics(asks.topic, Some(Phrase::DeskAllTopics))) } }
            (check("fitting", asks.fitting, Phrase::DeskFitting))
            (check("free", asks.free, Phrase::DeskFree))
            (check("unmatched", asks.unmatched, Phrase::DeskOnlyUnmatched))
            button type="submit" { (say(Phrase::DeskFilter)) }
        }
        section id="list" aria-live="polite" {
            @if !waiting.consultations.is_empty() {
                (list(desk, queue, &waiting.consultations, now))
            } @else {
                p { (say(nothing(asks, waiting.next.is_some()))) }
            }
            p.pages {
                @if asks.after.is_some() { a href={ (desk.base) "?" (asks.from(None)) } { (say(Phrase::DeskFirst)) } " " }
                @if let Some(next) = &waiting.next { a href={ (desk.base) "?" (asks.from(Some(next))) } { (say(Phrase::DeskNext)) } }
            }
        }
    }
}

const fn nothing(asks: &Asks, goes_on: bool) -> Phrase {
    let is_filtered = asks.topic.is_some() || asks.fitting || asks.free || asks.unmatched;
    match (is_filtered, goes_on) {
        (_, true) => Phrase::DeskNothingFitsHere,
        (true, false) => Phrase::DeskNothingFits,
        (false, false) => Phrase::DeskNothingWaits,
    }
}

/// What the nurse has in hand.
pub fn mine(desk: &Desk, queue: &Queue, now: DateTime<Utc>) -> Markup {
    let part = |title, nothing, consultations: &[Consultation]| {
        html! {
            section {
                h2 { (say(title)) }
                @if consultations.is_empty() { p { (say(nothing)) } } @else { (list(desk, queue, consultations, now)) }
            }
        }
    };
    html! {
        h1 { (say(Phrase::DeskMine)) }
        div id="list" aria-live="polite" {
            (part(Phrase::DeskWaitingTitle, Phrase::DeskNothingWaits, &queue.waiting.consultations))
            (part(Phrase::DeskAnswered, Phrase::DeskNothingAnswered, &queue.answered))
        }
    }
}

fn check(name: &str, is_on: bool, label: Phrase) -> Markup {
    html! { label.check { input type="checkbox" name=(name) value="1" checked[is_on]; " " (say(label)) } }
}

/// Roles are written out: on a phone the rows are blocks, and browsers then forget that it is a table.
fn list(desk: &Desk, queue: &Queue, consultations: &[Consultation], now: DateTime<Utc>) -> Markup {
    let columns = [Phrase::DeskTopic, Phrase::DeskCompany, Phrase::DeskWaited, Phrase::DeskInCharge, Phrase::DeskReceived];
    let settings = &queue.settings;
    let calendar = BusinessCalendar { holidays: Holidays::shipped(), hours: settings.hours, closures: settings.closures.clone() };
    html! {
        table role="table" {
            thead role="rowgroup" { tr role="row" { @for column in columns { th role="columnheader" scope="col" { (say(column)) } } } }
            tbody role="rowgroup" {
                @for consultation in consultations {
                    @let head = &consultation.head;
                    tr role="row" class=[head.urgent.then_some("urgent")] {
                        td.what role="cell" {
                            (badges(head))
                            a href=(desk.thread(consultation.member, head.id)) { (say(head.topic.phrase())) }
                        }
                        td role="cell" { (queue.tenants.get(&head.tenant).map_or("", String::as_str)) }
                        td role="cell" {
                            span.label { (say(Phrase::DeskWaited)) }
                            @if let Some(since) = head.waiting_since { (waited(&calendar, since, now)) } @else { "－" }
                        }
                        td role="cell" { span.label { (say(Phrase::DeskInCharge)) } (assignee(head)) }
                        td role="cell" { span.label { (say(Phrase::DeskReceived)) } (LANGUAGE.date_time(head.opened_at)) }
                    }
                }
            }
        }
    }
}

/// Past the holiday data nobody knows what business time is; the webhook alarms.
fn waited(calendar: &BusinessCalendar<'_>, since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    calendar.business_time(since, now).map_or_else(|_| "－".to_owned(), length)
}
