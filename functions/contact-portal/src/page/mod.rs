//! The contacts' pages.

mod deliveries;
mod delivery;
mod home;
mod report;
mod usage;

use maud::{Markup, html};
use web::{Link, Page};

use domain::phrase::Phrase;

use crate::LANGUAGE;

pub use deliveries::deliveries;
pub use delivery::{arrives, delivery};
pub use home::home;
pub use report::report;
pub use usage::{Pack, report as usage, reports};

/// Sends the chosen file, and shows how far it is.
pub const UPLOAD: &str = include_str!("upload.js");
/// Looks for what is new while something is under way.
pub const WATCH: &str = include_str!("watch.js");
const STYLE: &str = include_str!("style.css");

/// What all pages are made with.
#[derive(Debug, Clone)]
pub struct Portal {
    /// The path of the pages, such as `/contacts`.
    pub base: String,
    /// The company, and who is signed in.
    pub person: String,
    /// The form that ends the session.
    pub sign_out: Markup,
    /// What every form has to bring along.
    pub csrf: String,
}

/// Which entry of the navigation a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The form to send a roster.
    Home,
    /// What was delivered.
    Deliveries,
    /// What the service is used for.
    Usage,
    /// None of them.
    Elsewhere,
}

/// What stands above a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It is done.
    Done(Phrase),
    /// It cannot be taken as it is.
    ToMend(Phrase),
}

fn say(phrase: Phrase) -> &'static str {
    LANGUAGE.phrase(phrase)
}

impl Told {
    fn show(self) -> Markup {
        match self {
            Self::Done(phrase) => html! { p.result role="status" { (say(phrase)) } },
            Self::ToMend(phrase) => html! { p.result.waiting role="alert" { (say(phrase)) } },
        }
    }
}

impl Portal {
    /// A page, handed on as soon as it is whole; its scripts may send to `origin`.
    pub fn frame<T>(
        &self,
        title: Phrase,
        place: Place,
        scripts: &[&'static str],
        origin: &str,
        main: &Markup,
        then: impl FnOnce(&Page<'_>) -> T,
    ) -> T {
        let hrefs = ["", "/deliveries", "/reports"].map(|below| format!("{}{below}", self.base));
        let labels = [(Phrase::RosterHome, Place::Home), (Phrase::RosterPast, Place::Deliveries), (Phrase::UsageTitle, Place::Usage)];
        let nav: Vec<Link<'_>> =
            hrefs.iter().zip(labels).map(|(href, (label, of))| Link { label: say(label), href, current: of == place }).collect();
        let main = html! { (main) div.sign-out { (self.sign_out) } };
        let page = Page::plain(LANGUAGE, say(title), main);
        then(&Page { nav: &nav, person: Some(&self.person), scripts, style: STYLE, origin, has_forms: true, ..page })
    }

    fn delivery(&self, import: impl std::fmt::Display) -> String {
        format!("{}/deliveries/{import}", self.base)
    }
}
