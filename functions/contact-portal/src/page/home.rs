//! The first page: how the month stands, what waits for the contact, and the form to send a roster.

use maud::{Markup, html};
use serde_json::json;

use domain::{
    phrase::Phrase,
    roster_month::{Month, REMINDED_FROM},
    roster_upload::{ENDINGS, LARGEST},
    text::Text,
};
use store::entity::delivery::Delivery;

use super::{Portal, deliveries::table, say};
use crate::{LANGUAGE, standing::Standing};

/// So many of the latest deliveries stand below the form.
const LATEST: usize = 3;

/// The page.
pub fn home(portal: &Portal, month: Month, deliveries: &[(Delivery, Standing)]) -> Markup {
    let asks = deliveries.iter().filter(|(_, standing)| *standing == Standing::AsksContact);
    html! {
        h1 { (say(Phrase::RosterHome)) }
        @for (delivery, _) in asks {
            section.asks aria-label=(say(Phrase::RosterAsksTitle)) {
                h2 { (say(Phrase::RosterAsksTitle)) }
                p { (LANGUAGE.say(&Text::RosterAsks { received: delivery.received_at, left: delivery.leavers })) }
                p { a.button href=(portal.delivery(delivery.import)) { (say(Phrase::RosterAsksOpen)) } }
            }
        }
        section aria-labelledby="month" {
            h2 id="month" { (say(Phrase::RosterMonthTitle)) }
            (status(month))
        }
        (form(portal))
        section aria-labelledby="recent" {
            h2 id="recent" { (say(Phrase::RosterRecent)) }
            @if deliveries.is_empty() {
                p { (say(Phrase::RosterNone)) }
            } @else {
                (table(portal, "recent", deliveries.iter().take(LATEST)))
                p { a href={ (portal.base) "/deliveries" } { (say(Phrase::RosterAll)) } }
            }
        }
    }
}

fn status(month: Month) -> Markup {
    let day = u64::from(REMINDED_FROM);
    html! {
        @match month {
            Month::Delivered => { p.result { (say(Phrase::RosterMonthDelivered)) } }
            Month::Awaited => { p.result.waiting { (LANGUAGE.say(&Text::RosterMonthAwaited { day })) } }
            Month::Late => { p.result.refused { (LANGUAGE.say(&Text::RosterMonthLate { day })) } }
        }
        @if month != Month::Delivered { p { (say(Phrase::RosterMonthNobody)) } }
    }
}

/// The file goes from the browser to the bucket: without its script the form sends nothing.
fn form(portal: &Portal) -> Markup {
    let kinds = [("monthly", Phrase::KindMonthly, Phrase::RosterKindMonthlyText), ("full", Phrase::KindFull, Phrase::RosterKindFullText)];
    let endings = ENDINGS.map(|ending| format!(".{ending}")).join(",");
    html! {
        section aria-labelledby="send" {
            h2 id="send" { (say(Phrase::RosterSendTitle)) }
            noscript { p.result.refused { (say(Phrase::UploadNeedsScript)) } }
            form id="upload" method="post" action={ (portal.base) "/uploads" } novalidate
                data-words=(words()) data-largest=(LARGEST) data-csrf=(portal.csrf) {
                fieldset {
                    legend { (say(Phrase::ReportKind)) }
                    @for (kind, label, text) in kinds {
                        label.check {
                            input type="radio" name="kind" value=(kind) checked[kind == "monthly"];
                            " " (say(label))
                            span.hint { (say(text)) }
                        }
                    }
                }
                label for="file" { (say(Phrase::RosterFileChoose)) }
                p.hint id="kinds" { (say(Phrase::RosterFileKinds)) }
                input id="file" type="file" accept=(endings) aria-describedby="kinds";
                button type="submit" { (say(Phrase::RosterSend)) }
                p id="result" role="status" {}
                progress id="progress" aria-label=(say(Phrase::UploadProgress)) hidden {}
            }
            p.quiet { (say(Phrase::RosterFileKept)) }
            h3 { (say(Phrase::RosterTemplates)) }
            ul {
                li { a href={ (portal.base) "/templates/monthly.csv" } download { (say(Phrase::RosterTemplateMonthly)) } }
                li { a href={ (portal.base) "/templates/full.csv" } download { (say(Phrase::RosterTemplateFull)) } }
            }
        }
    }
}

/// What the script says, by the words that it and the answers to it use.
fn words() -> String {
    json!({
        "nothing": say(Phrase::UploadNothing),
        "sending": say(Phrase::UploadSending),
        "sent": say(Phrase::RosterSent),
        "empty": say(Phrase::RosterEmpty),
        "too-large": say(Phrase::RosterTooLarge),
        "old-workbook": say(Phrase::RosterOldWorkbook),
        "other-type": say(Phrase::RosterOtherType),
        "expired": say(Phrase::RosterExpired),
        "signed-out": say(Phrase::RosterSignedOut),
        "failed": say(Phrase::UploadFailed),
    })
    .to_string()
}
