//! The nurse's interviews before and after they were held, those that await approval, and those that others hold for companies in the nurse's charge.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{
        purpose::Method,
        state::{Interview, Outcome},
    },
    phrase::Phrase,
    text::Text,
    time,
};

use super::{Desk, LANGUAGE, Told, request_form::request_form, say};
use crate::interviews::{Seen, Shown};

type Button = (&'static str, Phrase);

const DECIDES: [Button; 2] = [("approve", Phrase::DeskApprove), ("decline", Phrase::DeskDecline)];
const HELD: Button = ("held", Phrase::DeskHeld);
const CONTINUE: Button = ("continue", Phrase::DeskHeldContinue);
const NO_SHOW: Button = ("no-show", Phrase::DeskNoShow);

/// The page.
pub fn interviews(desk: &Desk, seen: &Seen, told: Option<&Told>, now: DateTime<Utc>) -> Markup {
    html! {
        h1 { (say(Phrase::DeskInterviews)) }
        @if let Some(told) = told { (told.show()) }
        @if !seen.awaiting.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsAwaiting)) }
                @for shown in &seen.awaiting { (one(desk, shown, &buttons(desk, shown, "", &DECIDES))) }
            }
        }
        section {
            h2 { (say(Phrase::DeskInterviewsOwn)) }
            @if seen.own.is_empty() { p { (say(Phrase::DeskInterviewsNone)) } }
            @for shown in &seen.own {
                @let has_begun = now >= shown.interview.head().slot.start();
                (one(desk, shown, &if has_begun { buttons(desk, shown, "", &[HELD, CONTINUE, NO_SHOW]) } else { call_off(desk, shown) }))
            }
        }
        @if !seen.recorded.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsRecorded)) }
                p.quiet { (say(Phrase::DeskInterviewsRecordedText)) }
                @for shown in &seen.recorded { (one(desk, shown, &correct(desk, shown))) }
            }
        }
        @if !seen.others.is_empty() {
            section {
                h2 { (say(Phrase::DeskInterviewsOthers)) }
                @for shown in &seen.others { (one(desk, shown, &call_off(desk, shown))) }
            }
        }
    }
}

fn one(desk: &Desk, Shown { interview, tenant, employee, holder, form }: &Shown, acts: &Markup) -> Markup {
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
            (request_form(desk, head, form))
            @if matches!(interview, Interview::AwaitingApproval(_)) {
                p.quiet { (LANGUAGE.say(&Text::InterviewUncountedAwaits { deadline: head.deadline })) }
            }
            (acts)
        }
    }
}

fn buttons(desk: &Desk, shown: &Shown, prefix: &str, acts: &[Button]) -> Markup {
    html! {
        form.actions method="post" action={ (desk.base) "/interviews" } {
            (hidden(desk, shown))
            @for (act, label) in acts { button.quiet type="submit" name="act" value={ (prefix) (act) } { (say(*label)) } }
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

/// How it went, and the other two for who recorded that by mistake.
fn correct(desk: &Desk, shown: &Shown) -> Markup {
    let Interview::Ended(ended) = &shown.interview else { return Markup::default() };
    let (went, others) = match ended.outcome {
        Outcome::TookPlace { continuing: false, .. } => (Phrase::DeskHeld, [CONTINUE, NO_SHOW]),
        Outcome::TookPlace { continuing: true, .. } => (Phrase::DeskHeldContinue, [HELD, NO_SHOW]),
        Outcome::NoShow { .. } => (Phrase::DeskNoShow, [HELD, CONTINUE]),
        Outcome::CancelledLate { .. } | Outcome::CancelledInTime | Outcome::CalledOff | Outcome::Declined | Outcome::Lapsed => {
            return Markup::default();
        }
    };
    html! {
        p { (LANGUAGE.say(&Text::DeskRecorded { went, at: ended.corrigible_until() })) }
        details {
            summary { (say(Phrase::DeskCorrect)) }
            (buttons(desk, shown, "correct-", &others))
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
