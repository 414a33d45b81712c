//! The nurse's interviews, those that await approval, and those that others hold for companies in the nurse's charge.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{purpose::Method, state::Interview},
    phrase::Phrase,
    text::Text,
    time,
};

use super::{Desk, LANGUAGE, Told, say};
use crate::interviews::{Seen, Shown};

const DECIDES: [(&str, Phrase); 2] = [("approve", Phrase::DeskApprove), ("decline", Phrase::DeskDecline)];
const RECORDS: [(&str, Phrase); 3] = [("held", Phrase::DeskHeld), ("continue", Phrase::DeskHeldContinue), ("no-show", Phrase::DeskNoShow)];

/// The page.
pub fn interviews(desk: &Desk, seen: &Seen, told: Option<&Told>, now: DateTime<Utc>) -> Markup {
    html! {
        h1 { (say(Phrase::DeskInterviews)) }
        @if let Some(told) = told { (told.show()) }
        @if !seen.awaiting.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsAwaiting)) }
                @for shown in &seen.awaiting { (one(shown, &buttons(desk, shown, &DECIDES))) }
            }
        }
        section {
            h2 { (say(Phrase::DeskInterviewsOwn)) }
            @if seen.own.is_empty() { p { (say(Phrase::DeskInterviewsNone)) } }
            @for shown in &seen.own {
                @let has_begun = now >= shown.interview.head().slot.start();
                (one(shown, &if has_begun { buttons(desk, shown, &RECORDS) } else { call_off(desk, shown) }))
            }
        }
        @if !seen.others.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsOthers)) }
                @for shown in &seen.others { (one(shown, &call_off(desk, shown))) }
            }
        }
    }
}

fn one(Shown { interview, tenant, employee, holder }: &Shown, acts: &Markup) -> Markup {
    let head = interview.head();
    let method = &head.details.method;
    html! {
        article.message {
            p.from {
                (time::deadline_ja(head.slot.start())) "〜" (time::jst(head.slot.end()).format("%-H:%M"))
                @if let Some(holder) = holder { "　" (holder.expose()) }
            }
            p {
                (tenant) "　" (head.number.expose()) " " (employee.as_ref().map_or("", |name| name.expose()))
                br;
                (say(method.phrase())) @if let Method::Phone(number) = method { " " (number.expose()) } "　" (say(head.details.purpose.phrase()))
            }
            @if let Some(wishes) = &head.details.wishes { p.words { (wishes.expose()) } }
            @if matches!(interview, Interview::AwaitingApproval(_)) {
                p.quiet { (LANGUAGE.say(&Text::InterviewUncountedAwaits { deadline: head.deadline })) }
            }
            (acts)
        }
    }
}

fn buttons(desk: &Desk, shown: &Shown, acts: &[(&str, Phrase)]) -> Markup {
    html! {
        form.actions method="post" action={ (desk.base) "/interviews" } {
            (hidden(desk, shown))
            @for (act, label) in acts { button.quiet type="submit" name="act" value=(act) { (say(*label)) } }
        }
    }
}

/// What it does stands above the button; a box has to be ticked.
fn call_off(desk: &Desk, shown: &Shown) -> Markup {
    html! {
        details {
            summary { (say(Phrase::DeskCallOff)) }
            form method="post" action={ (desk.base) "/interviews" } {
                (hidden(desk, shown))
                p { (say(Phrase::DeskCallOffText)) }
                label.check { input type="checkbox" name="confirmed" value="1" required; " " (say(Phrase::DeskCallOffConfirmed)) }
                button type="submit" name="act" value="call-off" { (say(Phrase::DeskCallOff)) }
            }
        }
    }
}

/// The token, and which interview is meant, as it was seen.
fn hidden(desk: &Desk, shown: &Shown) -> Markup {
    let head = shown.interview.head();
    html! {
        input type="hidden" name="csrf" value=(desk.csrf);
        input type="hidden" name="tenant" value=(head.tenant());
        input type="hidden" name="interview" value=(head.id);
        input type="hidden" name="version" value=(head.version);
    }
}
