//! A request form beside its interview.

use maud::{Markup, html};

use domain::{
    interview::{request_form::RequestForm, state::Head},
    phrase::Phrase,
};

use super::{Desk, say};

/// What was submitted, or that nothing was.
pub fn request_form(desk: &Desk, head: &Head, form: &RequestForm) -> Markup {
    html! {
        @if form.is_missing() {
            p.quiet { (say(Phrase::DeskRequestMissing)) }
        } @else {
            p.quiet { (say(Phrase::DeskRequest)) }
            @if let Some(reason) = &form.reason { p.words { (reason.expose()) } }
            @if !form.files.is_empty() {
                ul {
                    @for file in &form.files {
                        li {
                            a href={ (desk.base) "/interviews/" (head.tenant()) "/" (head.id) "/files/" (file.id) } target="_blank" rel="noopener" {
                                (file.name.expose())
                            }
                            " （" (file.size()) "）"
                        }
                    }
                }
            }
        }
    }
}
