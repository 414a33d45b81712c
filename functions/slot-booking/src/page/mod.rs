//! The site's pages. Everything works without scripts: one keeps the free slots as they are now, one tells early what would be refused.

mod form;
mod interview;
mod ledger;
mod request_form;
mod week;

use maud::{Markup, html};
use web::{Link, Page};

use domain::{
    interview::{
        slot::Slot,
        state::{Interview, Outcome},
    },
    phrase::Phrase,
    text::Language,
    time,
};

pub use form::form;
pub use interview::{interview, interviews};
pub use ledger::{ledger, reason};
pub use request_form::{TOO_LARGE, request_form};
pub use week::week;

/// Contacts read Japanese; the catalogue has the other language for when one of them does not.
pub const LANGUAGE: Language = Language::Ja;

/// What all pages are made with.
#[derive(Debug, Clone)]
pub struct Site {
    /// The path of the site, such as `/booking`.
    pub base: String,
    /// Who is signed in.
    pub person: String,
    /// The form that ends the session.
    pub sign_out: Markup,
    /// What every form has to bring along.
    pub csrf: String,
    /// Drawn for this page: the same button of it does the same once (row C2).
    pub key: String,
}

/// Which entry of the navigation a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Free slots.
    Week,
    /// The company's interviews.
    Interviews,
    /// What they use and cost.
    Ledger,
    /// None of them.
    Elsewhere,
}

fn say(phrase: Phrase) -> &'static str {
    LANGUAGE.phrase(phrase)
}

impl Site {
    /// A page of the site, handed on as soon as it is whole.
    pub fn frame<T>(&self, title: Phrase, place: Place, scripts: &[&'static str], main: &Markup, then: impl FnOnce(&Page<'_>) -> T) -> T {
        let hrefs = ["", "/interviews", "/ledger"].map(|below| format!("{}{below}", self.base));
        let labels =
            [(Phrase::BookingWeek, Place::Week), (Phrase::BookingInterviews, Place::Interviews), (Phrase::BookingLedger, Place::Ledger)];
        let nav: Vec<Link<'_>> =
            hrefs.iter().zip(labels).map(|(href, (label, of))| Link { label: say(label), href, current: of == place }).collect();
        let main = html! { (main) div.sign-out { (self.sign_out) } };
        then(&Page { nav: &nav, person: Some(&self.person), has_forms: true, scripts, ..Page::plain(LANGUAGE, say(title), main) })
    }

    fn csrf(&self) -> Markup {
        html! { input type="hidden" name="csrf" value=(self.csrf); }
    }
}

/// `2026年11月25日(水) 10:00〜10:20`.
fn when(slot: Slot) -> String {
    format!("{}〜{}", time::deadline_ja(slot.start()), time::jst(slot.end()).format("%-H:%M"))
}

/// How an interview stands, in a word.
const fn state(interview: &Interview) -> Phrase {
    match interview {
        Interview::AwaitingApproval(_) => Phrase::BookingStateAwaiting,
        Interview::Confirmed(_) => Phrase::BookingStateConfirmed,
        Interview::Ended(ended) => match ended.outcome {
            Outcome::TookPlace { .. } => Phrase::BookingStateTookPlace,
            Outcome::NoShow { .. } => Phrase::BookingStateNoShow,
            Outcome::CancelledLate { .. } => Phrase::BookingStateCancelledLate,
            Outcome::CancelledInTime => Phrase::BookingStateCancelled,
            Outcome::CalledOff => Phrase::BookingStateCalledOff,
            Outcome::Declined => Phrase::BookingStateDeclined,
            Outcome::Lapsed => Phrase::BookingStateLapsed,
        },
    }
}
