//! A company's ledger of disclosures (row B4), with a word on whether it is whole. It names no member.

use std::collections::BTreeMap;

use maud::{Markup, html};

use domain::{id::TenantId, phrase::Phrase, time};
use store::entity::{
    contact::Contact,
    disclosure::{Entry, verify},
};

use super::{Desk, say};

/// The page: a company to choose, and the ledger of the one that was chosen.
pub fn ledger(
    desk: &Desk,
    tenants: &BTreeMap<TenantId, String>,
    chosen: Option<TenantId>,
    shown: Option<&(Vec<Entry>, Vec<Contact>)>,
) -> Markup {
    html! {
        h1 { (say(Phrase::DeskLedger)) }
        form.filter method="get" action={ (desk.base) "/ledger" } {
            label { span { (say(Phrase::DeskCompany)) }
                select name="tenant" { @for (id, name) in tenants { option value=(id) selected[chosen == Some(*id)] { (name) } } }
            }
            button.quiet type="submit" { (say(Phrase::DeskLedgerShow)) }
        }
        @if let Some((entries, contacts)) = shown {
            @if entries.is_empty() {
                p.result role="status" { (say(Phrase::DeskLedgerEmpty)) }
            } @else {
                @match verify(entries) {
                    Ok(()) => { p.result role="status" { (say(Phrase::DeskLedgerWhole)) } }
                    Err(_) => { p.result.refused role="alert" { (say(Phrase::DeskLedgerBroken)) } }
                }
                section { (table(entries, contacts)) }
            }
        }
    }
}

fn table(entries: &[Entry], contacts: &[Contact]) -> Markup {
    let columns = [
        Phrase::DeskLedgerNumber,
        Phrase::DeskLedgerAt,
        Phrase::DeskLedgerNurse,
        Phrase::DeskDiscloseContact,
        Phrase::DeskDiscloseReason,
        Phrase::DeskDiscloseConsent,
        Phrase::DeskLedgerCheck,
    ];
    html! {
        table role="table" {
            thead role="rowgroup" { tr role="row" { @for column in columns { th role="columnheader" scope="col" { (say(column)) } } } }
            tbody role="rowgroup" { @for entry in entries.iter().rev() { (row(entry, contacts)) } }
        }
    }
}

/// Seven columns do not fit beside each other: each cell has its label, and a row is read downwards on a phone.
fn row(entry: &Entry, contacts: &[Contact]) -> Markup {
    let contact = contacts.iter().find(|contact| contact.id == entry.contact);
    let contact = contact.map_or(say(Phrase::DeskLedgerFormer), |contact| contact.name.expose());
    let cell = |label, text: &str| html! { td role="cell" { span.label { (say(label)) } (text) } };
    html! {
        tr role="row" {
            td.what role="cell" { span.label { (say(Phrase::DeskLedgerNumber)) } (entry.number) }
            td.line role="cell" { span.label { (say(Phrase::DeskLedgerAt)) } (time::jst(entry.at).format("%Y-%m-%d %H:%M")) }
            (cell(Phrase::DeskLedgerNurse, entry.nurse_name.expose()))
            (cell(Phrase::DeskDiscloseContact, contact))
            (cell(Phrase::DeskDiscloseReason, say(entry.reason.phrase())))
            (cell(Phrase::DeskDiscloseConsent, say(entry.consent.phrase())))
            (cell(Phrase::DeskLedgerCheck, entry.check_value()))
        }
    }
}
