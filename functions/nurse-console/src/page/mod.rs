//! The desk's pages. What a person wrote is only ever text in them.

mod disclose;
mod hand_over;
mod hours;
mod interviews;
mod ledger;
mod member;
mod queue;
mod refer;
mod request_form;
mod search;
mod templates;
mod thread;
mod told;

use chrono::TimeDelta;
use maud::{Markup, html};
use uuid::Uuid;
use web::{Link, Page};

use domain::{
    consultation::{Head, State},
    phrase::Phrase,
    text::{Language, Text},
    topic::Topic,
};

pub use disclose::disclose;
pub use hand_over::hand_over;
pub use hours::hours;
pub use interviews::interviews;
pub use ledger::ledger;
pub use member::member;
pub use queue::{mine, queue};
pub use refer::refer;
pub use search::{Searched, search};
pub use templates::templates;
pub use thread::{Kept, LIVE, Seen, thread};
pub use told::Told;

/// Nurses read Japanese; the catalogue has the other language for when one of them does not.
pub const LANGUAGE: Language = Language::Ja;

/// What all pages are made with.
#[derive(Debug, Clone)]
pub struct Desk {
    /// The path of the desk, such as `/desk`.
    pub base: String,
    /// Who is signed in.
    pub person: String,
    /// The form that ends the session.
    pub sign_out: Markup,
    /// What every form has to bring along.
    pub csrf: String,
    /// Drawn for the forms of this page.
    pub form: Uuid,
}

/// Which entry of the navigation a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// All that waits.
    Queue,
    /// What the nurse has in hand.
    Mine,
    /// Looking for a member.
    Search,
    /// The nurse's interviews.
    Interviews,
    /// When the nurse gives interviews.
    Hours,
    /// Reply templates.
    Templates,
    /// The ledger of disclosures.
    Ledger,
    /// None of them.
    Elsewhere,
}

/// Keeps what is being written, puts templates in, and lets no form go twice.
pub const DRAFT: &str = include_str!("draft.js");

pub fn say(phrase: Phrase) -> &'static str {
    LANGUAGE.phrase(phrase)
}

impl Desk {
    /// A page of the desk, handed on as soon as it is whole.
    pub fn frame<T>(&self, title: Phrase, place: Place, scripts: &[&'static str], main: &Markup, then: impl FnOnce(&Page<'_>) -> T) -> T {
        let hrefs = ["", "/mine", "/search", "/interviews", "/hours", "/templates", "/ledger"].map(|below| format!("{}{below}", self.base));
        let labels = [
            (Phrase::DeskQueue, Place::Queue),
            (Phrase::DeskMine, Place::Mine),
            (Phrase::DeskSearch, Place::Search),
            (Phrase::DeskInterviews, Place::Interviews),
            (Phrase::DeskHours, Place::Hours),
            (Phrase::DeskTemplates, Place::Templates),
            (Phrase::DeskLedger, Place::Ledger),
        ];
        let nav: Vec<Link<'_>> =
            hrefs.iter().zip(labels).map(|(href, (label, of))| Link { label: say(label), href, current: of == place }).collect();
        let main = html! { (main) div.sign-out { (self.sign_out) } };
        let title = say(title);
        then(&Page { nav: &nav, person: Some(&self.person), scripts, has_forms: true, ..Page::plain(LANGUAGE, title, main) })
    }

    /// What every form on a consultation brings along: the token, its own id, and the version that was seen.
    fn hidden(&self, version: u64) -> Markup {
        html! {
            input type="hidden" name="csrf" value=(self.csrf);
            input type="hidden" name="form" value=(self.form);
            input type="hidden" name="version" value=(version);
        }
    }

    /// The address of a consultation.
    fn thread(&self, member: impl std::fmt::Display, consultation: impl std::fmt::Display) -> String {
        format!("{}/members/{member}/consultations/{consultation}", self.base)
    }
}

/// What stands out about a consultation.
fn badges(head: &Head) -> Markup {
    html! {
        @if head.urgent { span.badge.urgent { (say(Phrase::DeskUrgent)) } " " }
        @if head.is_unmatched() { span.badge.unmatched { (say(Phrase::DeskUnmatched)) } " " }
        @if head.contested { span.badge.unmatched { (say(Phrase::DeskContested)) } " " }
        @if head.state == State::Closed { span.badge.closed { (say(Phrase::DeskClosed)) } " " }
    }
}

fn assignee(head: &Head) -> &str {
    head.assignee.as_ref().map_or(say(Phrase::DeskNobody), |assignee| assignee.name.expose())
}

fn length(time: TimeDelta) -> String {
    let minutes = u64::try_from(time.num_minutes()).unwrap_or_default();
    match minutes / 60 {
        0 => LANGUAGE.say(&Text::PageMinutes { minutes }),
        hours => LANGUAGE.say(&Text::PageHoursMinutes { hours, minutes: minutes % 60 }),
    }
}

/// The topics to choose from.
fn topics(chosen: Option<Topic>, none: Option<Phrase>) -> Markup {
    html! {
        @if let Some(none) = none { option value="" { (say(none)) } }
        @for topic in Topic::ALL.iter().copied() {
            option value=(topic.code()) selected[chosen == Some(topic)] { (say(topic.phrase())) }
        }
    }
}
