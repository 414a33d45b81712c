//! The nurse's interviews, and those that await approval.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{purpose::Method, state::Interview},
    phrase::Phrase,
    text::Text,
    time,
};

use super::{Desk, LANGUAGE, Told, request_form::request_form, say};
use crate::interviews::{Seen, Shown};

/// The page.
pub fn interviews(desk: &Desk, seen: &Seen, told: Option<&Told>, now: DateTime<Utc>) -> Markup {
    html! {
        h1 { (say(Phrase::DeskInterviews)) }
        @if let Some(told) = told { (told.show()) }
        @if !seen.awaiting.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsAwaiting)) }
                @for shown in &seen.awaiting { (one(desk, shown, &[("approve", Phrase::DeskApprove), ("decline", Phrase::DeskDecline)])) }
            }
        }
        section {
            h2 { (say(Phrase::DeskInterviewsOwn)) }
            @if seen.own.is_empty() { p { (say(Phrase::DeskInterviewsNone)) } }
            @for shown in &seen.own {
                @let has_begun = now >= shown.interview.head().slot.start();
                @let acts: &[(&str, Phrase)] = if has_begun { &RECORDS } else { &[] };
                (one(desk, shown, acts))
            }
        }
    }
}

const RECORDS: [(&str, Phrase); 3] = [("held", Phrase::DeskHeld), ("continue", Phrase::DeskHeldContinue), ("no-show", Phrase::DeskNoShow)];

fn one(desk: &Desk, Shown { interview, tenant, employee, form }: &Shown, acts: &[(&str, Phrase)]) -> Markup {
    let head = interview.head();
    let method = &head.details.method;
    html! {
        article.message {
            p.from { (time::deadline_ja(head.slot.start())) "〜" (time::jst(head.slot.end()).format("%-H:%M")) }
            p {
                (tenant) "　" (head.number.expose()) " " (employee.as_ref().map_or("", |name| name.expose()))
                br;
                (say(method.phrase())) @if let Method::Phone(number) = method { " " (number.expose()) } "　" (say(head.details.purpose.phrase()))
            }
            (request_form(desk, head, form))
            @if matches!(interview, Interview::AwaitingApproval(_)) {
                p.quiet { (LANGUAGE.say(&Text::InterviewUncountedAwaits { deadline: head.deadline })) }
            }
            @if !acts.is_empty() {
                form.actions method="post" action={ (desk.base) "/interviews" } {
                    input type="hidden" name="csrf" value=(desk.csrf);
                    input type="hidden" name="tenant" value=(head.tenant());
                    input type="hidden" name="interview" value=(head.id);
                    @for (act, label) in acts { button.quiet type="submit" name="act" value=(act) { (say(*label)) } }
                }
            }
        }
    }
}
