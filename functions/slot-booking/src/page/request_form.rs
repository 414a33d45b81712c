//! The request form on the page of its interview: what was submitted, and one form that saves text and files.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    interview::{
        request_form::{Attached, LARGEST_FILE, LONGEST_REASON, MOST_FILES, NotTaken, is_open, kept_until},
        state::Interview,
    },
    personal::Wishes,
    phrase::Phrase,
    text::Text,
};

use super::{LANGUAGE, Site, say};
use crate::{request_form::ShownForm, sent_form::ATTACHMENT};

/// Tells of a file that is too large before it is sent: the gateway refuses what Lambda does not take, and has no words of ours.
pub const TOO_LARGE: &str = include_str!("too_large.js");

/// What a browser offers to choose from; what a file is, its content says.
const ACCEPT: &str = ".pdf,.jpg,.jpeg,.png,.heic,.heif,application/pdf,image/jpeg,image/png,image/heic,image/heif";

/// The section. Of an interview that is over it stands there while there is something.
pub fn request_form(site: &Site, shown: &ShownForm, interview: &Interview, now: DateTime<Utc>) -> Markup {
    let ShownForm { form, back, .. } = shown;
    let is_open = is_open(interview, now);
    html! {
        @if is_open || !form.is_missing() {
            section id="request-form" {
                h2 { (say(Phrase::BookingRequest)) }
                @for word in &back.words { p.result.waiting role="alert" { (say(*word)) } }
                @if form.is_missing() {
                    p.result.waiting { (say(Phrase::BookingRequestMissing)) }
                    p { (say(Phrase::BookingRequestAsk)) }
                } @else {
                    p.result { (say(Phrase::BookingRequestThere)) }
                }
                p.quiet {
                    (say(Phrase::BookingRequestReaders))
                    br;
                    (LANGUAGE.say(&Text::RequestFormKeptUntil { until: kept_until(interview) }))
                }
                form method="post" enctype="multipart/form-data" action={ (site.base) "/interviews/" (interview.head().id) "/request-form" } {
                    (site.csrf())
                    input type="hidden" name="version" value=(shown.version);
                    input type="hidden" name="file" value=(shown.file);
                    (reason(shown, is_open))
                    (files(&form.files))
                    @if is_open { (more(form.files.len())) }
                }
            }
        }
    }
}

fn reason(shown: &ShownForm, is_open: bool) -> Markup {
    let there = shown.form.reason.as_ref().map(Wishes::expose);
    html! {
        @if is_open {
            label for="reason" { (say(Phrase::BookingRequestReason)) }
            textarea id="reason" name="reason" rows="4" maxlength=(LONGEST_REASON) {
                (shown.back.typed.as_deref().or(there).unwrap_or_default())
            }
        } @else if let Some(there) = there {
            dl { div { dt { (say(Phrase::BookingRequestReason)) } dd.words { (there) } } }
        }
    }
}

fn files(files: &[Attached]) -> Markup {
    html! {
        @if !files.is_empty() {
            p { strong { (say(Phrase::BookingRequestFiles)) } }
            ul {
                @for file in files {
                    li {
                        (file.name.expose()) "（" (file.size()) "） "
                        button.quiet type="submit" name="remove" value=(file.id) { (say(Phrase::BookingRequestRemove)) }
                    }
                }
            }
        }
    }
}

fn more(there: usize) -> Markup {
    html! {
        @if there < MOST_FILES {
            label for="attachment" { (say(Phrase::BookingRequestFile)) }
            input id="attachment" name=(ATTACHMENT) type="file" accept=(ACCEPT) aria-describedby="attachment-text"
                data-largest=(LARGEST_FILE) data-too-large=(say(NotTaken::TooLarge.phrase()));
            p.quiet id="attachment-text" { (say(Phrase::BookingRequestFileText)) }
        } @else {
            p.quiet { (say(Phrase::BookingRequestFull)) }
        }
        button type="submit" { (say(Phrase::BookingRequestSave)) }
    }
}
