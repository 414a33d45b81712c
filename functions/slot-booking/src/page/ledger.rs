//! What the interviews of a month use and cost, line by line with the reason (row C5).

use maud::{Markup, html};

use domain::{
    interview::{allowance::Line, deadline::Deadline},
    phrase::Phrase,
    text::Text,
};

use super::{LANGUAGE, Site, say};
use crate::read::Used;

/// The page.
pub fn ledger(site: &Site, used: &Used) -> Markup {
    let statement = &used.statement;
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
            ul { @for line in &statement.lines { li { (one(site, line, used)) } } }
        }
        p.quiet { (say(Phrase::BookingLedgerText)) }
    }
}

fn one(site: &Site, line: &Line, used: &Used) -> Markup {
    html! {
        @if let Some((interview, day)) = line.interview() {
            a href={ (site.base) "/interviews/" (interview) } { (LANGUAGE.say(&Text::PageDay { day })) } "　"
        }
        (reason(line, used))
    }
}

/// Why a line stands there.
pub fn reason(line: &Line, Used { statement, nurses, calendar, today }: &Used) -> String {
    match line {
        Line::Used { unit, course, day, .. } => {
            format!("{}：{}", LANGUAGE.say(&unit.text(statement.month)), say(course.phrase(*day, *today)))
        }
        Line::Charged { approved_by, course, day, .. } => {
            let by = nurses.get(approved_by).cloned().map(|nurse| LANGUAGE.say(&Text::InterviewLedgerApprovedBy { nurse }));
            let by = by.map(|by| format!("（{by}）")).unwrap_or_default();
            format!("{}：{}{by}", say(Phrase::InterviewLedgerCharged), say(course.phrase(*day, *today)))
        }
        Line::Uncounted { day, why, .. } => {
            Deadline::of_interview(*day, calendar).map(|deadline| LANGUAGE.say(&why.text(deadline))).unwrap_or_default()
        }
        Line::Spare { unit, fate } => {
            format!("{}：{}", LANGUAGE.say(&unit.text(statement.month)), LANGUAGE.say(&fate.text(*unit, statement.month)))
        }
    }
}
