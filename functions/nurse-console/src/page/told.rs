//! What stands above a page: what became of what the nurse did.

use maud::{Markup, html};

use domain::{consultation::Refusal, phrase::Phrase};

use super::say;
use crate::change::Became;

/// What a nurse is told above a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// It is done.
    Done(Phrase),
    /// What became of what they did.
    Became(Became),
    /// Their form cannot be taken as it is: what there is to mend.
    Words(Vec<Phrase>),
}

impl Told {
    /// As it stands on the page.
    pub fn show(&self) -> Markup {
        html! {
            @match self {
                Self::Done(phrase) => { p.result role="status" { (say(*phrase)) } }
                Self::Became(became) => { p.result.waiting role="alert" { (say(phrase(*became))) } }
                Self::Words(words) => { @for words in words { p.result.waiting role="alert" { (say(*words)) } } }
            }
        }
    }
}

const fn phrase(became: Became) -> Phrase {
    match became {
        Became::Done | Became::DoneBefore => Phrase::DeskDone,
        Became::Stale => Phrase::DeskStale,
        Became::AnotherIsOpen => Phrase::DeskAnotherIsOpen,
        Became::Gone => Phrase::DeskNotFoundText,
        Became::Refused(refusal) => refused(refusal),
    }
}

const fn refused(refusal: Refusal) -> Phrase {
    match refusal {
        Refusal::InOtherHands => Phrase::DeskInOtherHands,
        Refusal::IsClosed => Phrase::DeskIsClosed,
        Refusal::Unanswered => Phrase::DeskUnanswered,
    }
}
