//! What was delivered, the newest first.

use maud::{Markup, html};

use domain::{phrase::Phrase, roster_file::Kind, text::Text};
use store::entity::delivery::Delivery;

use super::{Portal, say};
use crate::{LANGUAGE, standing::Standing};

/// So many are listed: years of them.
const LISTED: usize = 100;

/// The page.
pub fn deliveries(portal: &Portal, deliveries: &[(Delivery, Standing)]) -> Markup {
    html! {
        h1 id="past" { (say(Phrase::RosterPast)) }
        section {
            @if deliveries.is_empty() {
                p { (say(Phrase::RosterNone)) }
            } @else {
                (table(portal, "past", deliveries.iter().take(LISTED)))
            }
            @if deliveries.len() > LISTED { p.quiet { (say(Phrase::RosterOnlyLatest)) } }
        }
    }
}

/// Roles are written out: on a phone the rows are blocks, and browsers then forget that it is a table.
pub fn table<'a>(portal: &Portal, label: &str, deliveries: impl Iterator<Item = &'a (Delivery, Standing)>) -> Markup {
    let columns = [Phrase::ReportReceived, Phrase::ReportKind, Phrase::RosterState, Phrase::RosterContent];
    html! {
        table role="table" aria-labelledby=(label) {
            thead role="rowgroup" { tr role="row" { @for column in columns { th role="columnheader" scope="col" { (say(column)) } } } }
            tbody role="rowgroup" {
                @for (delivery, standing) in deliveries {
                    tr role="row" {
                        td.line role="cell" { a href=(portal.delivery(delivery.import)) { (LANGUAGE.deadline(delivery.received_at)) } }
                        td role="cell" { span.label aria-hidden="true" { (say(Phrase::ReportKind)) } (say(kind(delivery.kind))) }
                        td role="cell" { span.badge.(standing.class()) { (say(standing.word())) } }
                        td.what role="cell" { (content(delivery, *standing)) }
                    }
                }
            }
        }
    }
}

pub const fn kind(kind: Kind) -> Phrase {
    match kind {
        Kind::Monthly => Phrase::KindMonthly,
        Kind::Full => Phrase::KindFull,
    }
}

/// What a file brought, would bring, or has to be mended of: what there is to say without its report.
fn content(delivery: &Delivery, standing: Standing) -> String {
    let brought = delivery.brought;
    match standing {
        Standing::Applied => LANGUAGE.say(&Text::RosterBrought { joined: brought.joined, left: brought.left, changed: brought.changed }),
        Standing::AsksContact | Standing::AsksOperator | Standing::Confirmed => {
            LANGUAGE.say(&Text::RosterWouldLeave { left: delivery.leavers })
        }
        Standing::HasErrors => LANGUAGE.say(&Text::RosterErrors { count: delivery.blocking }),
        Standing::Reading
        | Standing::Applying
        | Standing::Withdrawing
        | Standing::Repeated
        | Standing::Withdrawn
        | Standing::NotApplied => String::new(),
    }
}
