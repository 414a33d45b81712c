//! One delivered file: how it stands, what the contact is asked, and the report.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    phrase::Phrase,
    roster_report::{Outcome, Report},
    text::Text,
};
use store::entity::delivery::Delivery;

use super::{Portal, Told, deliveries::kind, report, say};
use crate::{LANGUAGE, standing::Standing};

/// The page of a file that was sent and is not seen yet.
pub fn arrives() -> Markup {
    html! {
        h1 { (say(Phrase::RosterSentTitle)) }
        div id="standing" role="status" { p.result { (say(Phrase::RosterArrives)) } }
        div id="rest" data-watch {
            section { p { (say(Phrase::RosterArrivesText)) } (reload()) }
        }
    }
}

/// The page; `left` is how many have left by other files of the month. What is not there of a report, since it is too early or too
/// late, is left out.
pub fn delivery(
    portal: &Portal,
    delivery: &Delivery,
    standing: Standing,
    report: Option<&Report>,
    left: u64,
    told: Option<Told>,
) -> Markup {
    let report = report.map(|report| Report { outcome: standing.outcome(), ..report.clone() });
    html! {
        h1 { (say(Phrase::ReportTitle)) }
        @if let Some(told) = told { (told.show()) }
        div id="standing" role="status" { p.result.(standing.class()) { (say(standing.sentence())) } }
        div id="rest" data-watch[standing.is_moving()] {
            @if matches!(standing, Standing::AsksContact | Standing::AsksOperator) {
                (confirmation(portal, delivery, left))
            } @else {
                section aria-labelledby="next" {
                    h2 id="next" { (say(Phrase::NextTitle)) }
                    p { (say(next(standing, report.as_ref()))) }
                    @if standing.is_moving() { (reload()) }
                }
            }
            @if let Some(report) = report.as_ref().filter(|_| standing != Standing::Reading) {
                @if report.missing > 0 && report.outcome != Outcome::Refused { (missing(portal, report)) }
                (report::counts_and_findings(LANGUAGE, report, &portal.delivery(delivery.import)))
            } @else {
                section { dl {
                    (entry(Phrase::ReportReceived, &LANGUAGE.date_time(delivery.received_at)))
                    (entry(Phrase::ReportKind, say(kind(delivery.kind))))
                    (entry(Phrase::ReportNumber, &delivery.import.to_string()))
                } }
            }
        }
    }
}

fn reload() -> Markup {
    // An address that is only a query's beginning is the page itself.
    html! { p { a href="?" { (say(Phrase::RosterReload)) } } }
}

fn entry(label: Phrase, value: &str) -> Markup {
    html! { div { dt { (say(label)) } dd { (value) } } }
}

const fn next(standing: Standing, report: Option<&Report>) -> Phrase {
    match (standing, report) {
        (Standing::Applied, Some(report)) if report.warnings > 0 => Phrase::NextCheck,
        (Standing::Applied, _) => Phrase::NextNothing,
        (Standing::Repeated, _) => Phrase::NextRepeated,
        (Standing::HasErrors, _) => Phrase::NextMend,
        (Standing::Withdrawn | Standing::Withdrawing | Standing::NotApplied, _) => Phrase::RosterNotAppliedNext,
        (Standing::Reading | Standing::Confirmed | Standing::Applying | Standing::AsksContact | Standing::AsksOperator, _) => {
            Phrase::RosterWaitNext
        }
    }
}

/// What would happen, who has said so, and the two forms.
fn confirmation(portal: &Portal, delivery: &Delivery, left: u64) -> Markup {
    let path = portal.delivery(delivery.import);
    let people = |count| LANGUAGE.say(&Text::PagePeople { count });
    let said = |at: Option<DateTime<Utc>>| at.map_or_else(|| say(Phrase::RosterConfirmNotYet).to_owned(), |at| LANGUAGE.date_time(at));
    html! {
        section aria-labelledby="confirm" {
            h2 id="confirm" { (say(Phrase::RosterConfirmTitle)) }
            p { (say(Phrase::RosterConfirmText)) }
            dl {
                (entry(Phrase::RosterConfirmLeavers, &people(delivery.leavers)))
                (entry(Phrase::RosterConfirmBefore, &people(left)))
                (entry(Phrase::RosterConfirmUntil, &LANGUAGE.date_time(delivery.waits_until())))
                (entry(Phrase::RosterConfirmContact, &said(delivery.contact_confirmed_at)))
                (entry(Phrase::RosterConfirmOperator, &said(delivery.operator_confirmed_at)))
            }
            @if delivery.contact_confirmed_at.is_none() {
                form method="post" action={ (path) "/confirm" } {
                    input type="hidden" name="csrf" value=(portal.csrf);
                    label.check { input type="checkbox" name="confirmed" value="1" required; " " (say(Phrase::RosterConfirmCheck)) }
                    button type="submit" { (say(Phrase::RosterConfirmButton)) }
                }
            }
            details {
                summary { (say(Phrase::RosterWithdraw)) }
                p { (say(Phrase::RosterWithdrawText)) }
                form method="post" action={ (path) "/withdraw" } {
                    input type="hidden" name="csrf" value=(portal.csrf);
                    button.quiet type="submit" { (say(Phrase::RosterWithdrawButton)) }
                }
            }
        }
    }
}

/// Who is not in a full roster, as a file: it holds personal data, so only who is signed in gets it.
fn missing(portal: &Portal, report: &Report) -> Markup {
    html! {
        section aria-labelledby="missing" {
            h2 id="missing" { (say(Phrase::Missing)) }
            p { (say(Phrase::RosterMissingText)) }
            p { a.download href={ (portal.delivery(report.import)) "/leavers.csv" } download { (say(Phrase::RosterMissingDownload)) } }
        }
    }
}
