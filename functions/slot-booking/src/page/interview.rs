//! The company's interviews, and one of them with what can be done and what that costs.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{
        purpose::Method,
        state::{Interview, Outcome},
    },
    personal::PersonName,
    phrase::Phrase,
    text::Text,
};

use super::{LANGUAGE, Site, say, state, when};
use crate::read::{Nurses, Shown};

/// All of them, the latest first.
pub fn interviews(site: &Site, shown: &[Shown], nurses: &Nurses) -> Markup {
    let columns = [Phrase::BookingWhen, Phrase::BookingEmployee, Phrase::BookingNurse, Phrase::BookingState];
    html! {
        h1 { (say(Phrase::BookingInterviews)) }
        @if shown.is_empty() {
            p.result { (say(Phrase::BookingNoInterviews)) }
        } @else {
            section {
                table role="table" {
                    thead role="rowgroup" { tr role="row" { @for column in columns { th role="columnheader" scope="col" { (say(column)) } } } }
                    tbody role="rowgroup" {
                        @for Shown { interview, employee } in shown {
                            @let head = interview.head();
                            tr role="row" {
                                td.what role="cell" { a href={ (site.base) "/interviews/" (head.id) } { (when(head.slot)) } }
                                td role="cell" { (head.number.expose()) " " (employee.as_ref().map_or("", |name| name.expose())) }
                                td role="cell" { (nurses.get(&head.slot.nurse()).map_or("", |name| name.expose())) }
                                td role="cell" { (say(state(interview))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One of them, with its request form.
pub fn interview(
    site: &Site,
    Shown { interview, employee }: &Shown,
    nurse: Option<&PersonName>,
    told: Option<Phrase>,
    done: Option<Phrase>,
    form: &Markup,
    now: DateTime<Utc>,
) -> Markup {
    let head = interview.head();
    let method = match &head.details.method {
        Method::Phone(number) => format!("{} {}", say(Phrase::InterviewMethodPhone), number.expose()),
        Method::Web => say(Phrase::InterviewMethodWeb).to_owned(),
    };
    html! {
        h1 { (say(Phrase::BookingInterview)) "：" (say(state(interview))) }
        @if let Some(told) = told { p.result.waiting role="alert" { (say(told)) } }
        @if let Some(done) = done { p.result role="status" { (say(done)) } }
        section {
            dl {
                div { dt { (say(Phrase::BookingWhen)) } dd { (when(head.slot)) } }
                div { dt { (say(Phrase::BookingEmployee)) } dd { (head.number.expose()) " " (employee.as_ref().map_or("", |name| name.expose())) } }
                div { dt { (say(Phrase::BookingNurse)) } dd { (nurse.map_or("", |name| name.expose())) } }
                div { dt { (say(Phrase::BookingMethod)) } dd { (method) } }
                div { dt { (say(Phrase::BookingPurpose)) } dd { (say(head.details.purpose.phrase())) } }
                div { dt { (say(Phrase::BookingMail)) } dd { (head.details.guidance_to.expose()) } }
                div { dt { (say(Phrase::BookingDeadline)) } dd { (LANGUAGE.say(&Text::PageDeadline { deadline: head.deadline })) } }
            }
        }
        (form)
        @if let Interview::Ended(ended) = interview {
            @if matches!(ended.outcome, Outcome::TookPlace { continuing: true, .. }) { p.result { (say(Phrase::InterviewOutcomeContinuing)) } }
            @if ended.outcome == Outcome::CalledOff { p.result.waiting { (say(Phrase::BookingCalledOff)) } }
        } @else if now < head.slot.start() {
            (acts(site, interview, now))
        }
        p { a href={ (site.base) "/interviews" } { (say(Phrase::BookingBackToInterviews)) } }
    }
}

/// What can be done; the consequence stands above the button (row C6).
fn acts(site: &Site, interview: &Interview, now: DateTime<Utc>) -> Markup {
    let head = interview.head();
    let path = format!("{}/interviews/{}", site.base, head.id);
    let in_time = head.deadline.is_met(now);
    html! {
        @if in_time {
            section {
                h2 { (say(Phrase::BookingMoveTitle)) }
                p { (say(Phrase::BookingMoveFree)) }
                p { a.download href={ (site.base) "?week=" (head.slot.day()) "&move=" (head.id) } { (say(Phrase::BookingMoveButton)) } }
            }
        }
        section {
            h2 { (say(Phrase::BookingCancelTitle)) }
            p.result.waiting[!in_time] { (say(consequence(interview, in_time))) }
            form method="post" action={ (path) "/cancel" } {
                (site.csrf())
                input type="hidden" name="in-time" value=(if in_time { "1" } else { "0" });
                label.check { input type="checkbox" required; " " (say(Phrase::BookingCancelUnderstood)) }
                button type="submit" { (say(Phrase::BookingCancelButton)) }
            }
        }
    }
}

const fn consequence(interview: &Interview, in_time: bool) -> Phrase {
    match (interview, in_time) {
        (Interview::AwaitingApproval(_), _) => Phrase::BookingCancelAwaiting,
        (_, true) => Phrase::BookingCancelInTime,
        (_, false) => Phrase::BookingCancelLate,
    }
}
