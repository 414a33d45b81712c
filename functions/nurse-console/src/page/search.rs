//! Finding a member by company and number: those who claim the same number stand side by side.

use std::collections::BTreeMap;

use maud::{Markup, html};

use domain::{id::TenantId, phrase::Phrase};

use super::{Desk, LANGUAGE, say, thread::result};
use crate::member::Claimant;

/// What a search gave.
pub enum Searched {
    /// Nothing was asked for yet.
    Nothing,
    /// What was typed is no number.
    BadNumber,
    /// These claim it.
    Claimants(Vec<Claimant>),
}

/// The form, with what it gave. The number goes in the body: an address ends in access logs.
pub fn search(desk: &Desk, tenants: &BTreeMap<TenantId, String>, chosen: Option<TenantId>, typed: &str, searched: &Searched) -> Markup {
    html! {
        h1 { (say(Phrase::DeskSearch)) }
        section {
            p { (say(Phrase::DeskSearchText)) }
            form method="post" action={ (desk.base) "/search" } {
                input type="hidden" name="csrf" value=(desk.csrf);
                label for="tenant" { (say(Phrase::DeskCompany)) }
                select id="tenant" name="tenant" required {
                    @for (id, name) in tenants { option value=(id) selected[chosen == Some(*id)] { (name) } }
                }
                label for="number" { (say(Phrase::DeskNumber)) }
                input id="number" name="number" value=(typed) required maxlength="64" autocomplete="off";
                button type="submit" { (say(Phrase::DeskSearchButton)) }
            }
        }
        @match searched {
            Searched::Nothing => {}
            Searched::BadNumber => { p.result.waiting role="alert" { (say(Phrase::DeskSearchBadNumber)) } }
            Searched::Claimants(claimants) if claimants.is_empty() => { p.result role="status" { (say(Phrase::DeskSearchNothing)) } }
            Searched::Claimants(claimants) => {
                @if claimants.len() > 1 { p.result.waiting { (say(Phrase::DeskContestedText)) } }
                div.side-by-side { @for claimant in claimants { (one(desk, claimant)) } }
            }
        }
    }
}

fn one(desk: &Desk, claimant: &Claimant) -> Markup {
    html! {
        section {
            dl {
                div { dt { (say(Phrase::DeskGivenName)) } dd { (claimant.name.as_ref().map_or(say(Phrase::DeskNotGiven), |name| name.expose())) } }
                div { dt { (say(Phrase::DeskRegisteredAt)) } dd { (LANGUAGE.date_time(claimant.registered_at)) } }
                div { dt { (say(Phrase::DeskCheckResult)) } dd { (say(result(claimant.check))) } }
            }
            @if claimant.has_consulted {
                p { a href={ (desk.base) "/members/" (claimant.member) } { (say(Phrase::DeskHistory)) } }
            } @else {
                p { (say(Phrase::DeskNoConsultation)) }
            }
        }
    }
}
