//! What the interviews of a month use and cost, line by line with the reason (row C5).

use std::collections::BTreeMap;

use maud::{Markup, html};

use domain::{
    calendar::BusinessCalendar,
    id::{InterviewId, NurseId},
    interview::{
        allowance::{Line, Statement},
        deadline::Deadline,
    },
    personal::PersonName,
    phrase::Phrase,
    text::Text,
};

use super::{LANGUAGE, Site, say};

/// The page.
pub fn ledger(site: &Site, statement: &Statement, nurses: &BTreeMap<NurseId, PersonName>, calendar: &BusinessCalendar<'_>) -> Markup {
    let totals = statement.totals();
    let counts = [
        (Phrase::BookingTotalBase, totals.base),
        (Phrase::BookingTotalCarriedIn, totals.carried_in),
        (Phrase::BookingTotalExtra, totals.extra),
        (Phrase::BookingTotalCarriedOver, totals.carried_over),
        (Phrase::BookingTotalLapsed, totals.lapsed),
    ];
    let month = statement.month;
    html! {
        h1 { (say(Phrase::BookingLedger)) "：" (LANGUAGE.say(&Text::PageMonth { month })) }
        p.pages {
            a href={ (site.base) "/ledger?month=" (month.previous()) } { (LANGUAGE.say(&Text::PageMonth { month: month.previous() })) } " "
            a href={ (site.base) "/ledger?month=" (month.next()) } { (LANGUAGE.say(&Text::PageMonth { month: month.next() })) }
        }
        dl.counts { @for (label, count) in counts { div { dt { (say(label)) } dd { (count) } } } }
        section {
            ul { @for line in &statement.lines { li { (one(site, line, statement, nurses, calendar)) } } }
        }
        p.quiet { (say(Phrase::BookingLedgerText)) }
    }
}

fn one(site: &Site, line: &Line, statement: &Statement, nurses: &BTreeMap<NurseId, PersonName>, calendar: &BusinessCalendar<'_>) -> Markup {
    let on = |id: &InterviewId, day| {
        html! { a href={ (site.base) "/interviews/" (id) } { (LANGUAGE.say(&Text::PageDay { day })) } }
    };
    match line {
        Line::Used { interview, day, unit, course } => {
            html! { (on(interview, *day)) "　" (LANGUAGE.say(&unit.text(statement.month))) "：" (say(course.phrase())) }
        }
        Line::Charged { interview, day, approved_by, course } => {
            let nurse = nurses.get(approved_by).cloned();
            html! {
                (on(interview, *day)) "　" (say(Phrase::InterviewLedgerCharged)) "：" (say(course.phrase()))
                @if let Some(nurse) = nurse { "（" (LANGUAGE.say(&Text::InterviewLedgerApprovedBy { nurse })) "）" }
            }
        }
        Line::Uncounted { interview, day, why } => {
            let why = Deadline::of_interview(*day, calendar).map(|deadline| LANGUAGE.say(&why.text(deadline)));
            html! { (on(interview, *day)) "　" (why.unwrap_or_default()) }
        }
        Line::Spare { unit, fate } => html! {
            (LANGUAGE.say(&unit.text(statement.month))) "：" (LANGUAGE.say(&fate.text(*unit, statement.month)))
        },
    }
}
