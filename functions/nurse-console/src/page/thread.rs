//! A thread: what was said, who it is, and what can be done.

use chrono::{DateTime, Utc};
use maud::{Markup, html};

use domain::{
    consultation::{Head, State},
    conversation::Content,
    personal::{DocumentName, MessageText},
    phrase::Phrase,
    roster::RosterCheck,
    topic::Topic,
};
use store::entity::{
    document::{Document, State as DocumentState},
    message::{Author, Message},
    template::ReplyTemplate,
};

use super::{Desk, LANGUAGE, Told, assignee, badges, say, topics};
use crate::thread::Thread;

/// Looks for what is new.
pub const LIVE: &str = include_str!("live.js");

/// What a nurse had written when something came in between.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kept<'a> {
    /// The answer.
    pub reply: &'a str,
    /// The note.
    pub note: &'a str,
}

/// Who looks at a thread, with what, and when.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The nurse's id.
    pub me: &'a str,
    /// Whether the nurse's role reads documents.
    pub reads_documents: bool,
    /// Shared templates, and the nurse's own.
    pub templates: &'a (Vec<ReplyTemplate>, Vec<ReplyTemplate>),
    /// Now.
    pub now: DateTime<Utc>,
}

/// The page.
pub fn thread(desk: &Desk, thread: &Thread, seen: Seen<'_>, told: Option<&Told>, kept: Kept<'_>) -> Markup {
    let Seen { me, reads_documents, templates, now } = seen;
    let head = &thread.consultation.head;
    let path = desk.thread(thread.consultation.member, head.id);
    let is_mine = head.assignee.as_ref().is_none_or(|assignee| assignee.id == me);
    let is_open = head.state == State::Open;
    html! {
        p { a href=(desk.base) { (say(Phrase::DeskBack)) } " ／ " a href={ (desk.base) "/members/" (thread.consultation.member) } { (say(Phrase::DeskHistory)) } }
        h1 { (say(Phrase::DeskThread)) "：" (say(head.topic.phrase())) " " (badges(head)) }
        @if let Some(told) = told { (told.show()) }
        @if thread.whose.has_left(now) { p.result.waiting { (say(Phrase::DeskHasLeft)) } }
        p id="new" .result hidden role="status" { (say(Phrase::DeskNewBelow)) }
        section aria-labelledby="messages" {
            h2 id="messages" { (say(Phrase::DeskMessages)) }
            div id="thread" data-version=(head.version) data-path=(path) { (messages(thread)) }
        }
        @if is_open && is_mine { (reply(desk, &path, head, kept.reply, templates)) }
        @if is_open && !is_mine { p.result.waiting { (say(Phrase::DeskInOtherHands)) } }
        @if !is_open { p.result { (say(Phrase::DeskIsClosed)) } }
        @if !(kept.reply.is_empty() || is_open && is_mine) {
            section { label for="kept" { (say(Phrase::DeskKept)) } textarea id="kept" rows="6" readonly { (kept.reply) } }
        }
        (actions(desk, thread, &path, is_mine))
        (who(desk, thread, &path, now))
        (documents(desk, &path, thread, reads_documents))
        (note(desk, &path, head.version, kept.note))
    }
}

fn messages(thread: &Thread) -> Markup {
    html! {
        @for (message, content) in &thread.messages {
            article class=(class(message)) {
                p.from {
                    (author(message)) " " time datetime=(message.at.to_rfc3339()) { (LANGUAGE.date_time(message.at)) }
                    @if matches!(message.author, Author::Note(_)) { " " span.badge { (say(Phrase::DeskNote)) } }
                }
                p.words { (words(content.as_ref())) }
            }
        }
    }
}

const fn class(message: &Message) -> &'static str {
    match message.author {
        Author::Member => "message",
        Author::Nurse(_) => "message nurse",
        Author::Note(_) => "message note",
    }
}

fn author(message: &Message) -> &str {
    match &message.author {
        Author::Member => say(Phrase::DeskMember),
        Author::Nurse(nurse) | Author::Note(nurse) => nurse.name.expose(),
    }
}

fn words(content: Option<&Content>) -> String {
    match content {
        None => say(Phrase::DeskWithdrawn).to_owned(),
        Some(Content::Text(text)) => text.expose().to_owned(),
        Some(Content::Sticker(sticker)) => {
            let written = sticker.text.as_ref().map_or("", |text| text.expose());
            format!("{} {written}", say(Phrase::DeskSticker)).trim_end().to_owned()
        }
        Some(Content::Place(place)) => {
            let parts = [&place.title, &place.address, &place.position].into_iter().flatten().map(MessageText::expose);
            std::iter::once(say(Phrase::DeskPlace)).chain(parts).collect::<Vec<_>>().join(" ")
        }
        Some(Content::Document(_)) => say(Phrase::DeskADocument).to_owned(),
    }
}

fn reply(desk: &Desk, path: &str, head: &Head, text: &str, templates: &(Vec<ReplyTemplate>, Vec<ReplyTemplate>)) -> Markup {
    let all = templates.1.iter().chain(&templates.0);
    let fitting =
        all.filter(|template| template.template.topic().is_none_or(|topic| topic == head.topic || head.topic == Topic::default()));
    html! {
        section aria-labelledby="reply" {
            h2 id="reply" { (say(Phrase::DeskReplyTitle)) }
            form method="post" action={ (path) "/reply" } data-draft="reply" {
                (desk.hidden(head.version))
                label for="reply-text" { (say(Phrase::DeskReplyLabel)) }
                textarea id="reply-text" name="text" rows="6" maxlength="2000" required { (text) }
                p.quiet { (say(Phrase::DeskDraft)) }
                button type="submit" { (say(Phrase::DeskReplySend)) }
            }
            details.templates {
                summary { (say(Phrase::DeskTemplatesChoose)) }
                @for template in fitting {
                    details {
                        summary { (template.template.title()) }
                        p.words { (template.template.text()) }
                        button.quiet type="button" data-insert="reply-text" { (say(Phrase::DeskTemplateInsert)) }
                    }
                }
            }
        }
    }
}

fn note(desk: &Desk, path: &str, version: u64, text: &str) -> Markup {
    html! {
        section aria-labelledby="note" {
            h2 id="note" { (say(Phrase::DeskNoteTitle)) }
            form method="post" action={ (path) "/note" } data-draft="note" {
                (desk.hidden(version))
                label for="note-text" { (say(Phrase::DeskNoteLabel)) }
                textarea id="note-text" name="text" rows="3" maxlength="2000" required { (text) }
                button.quiet type="submit" { (say(Phrase::DeskNoteSave)) }
            }
        }
    }
}

fn actions(desk: &Desk, thread: &Thread, path: &str, is_mine: bool) -> Markup {
    let head = &thread.consultation.head;
    let button = |act: &str, label| {
        html! { form method="post" action={ (path) "/" (act) } { (desk.hidden(head.version)) button.quiet type="submit" { (say(label)) } } }
    };
    html! {
        section aria-labelledby="actions" {
            h2 id="actions" { (say(Phrase::DeskActions)) }
            p { (say(Phrase::DeskInCharge)) "：" (assignee(head)) }
            div.actions {
                @if head.state == State::Open {
                    @if head.assignee.is_none() || !is_mine { (button("take-over", Phrase::DeskTakeOver)) }
                    @if is_mine {
                        a.download href={ (path) "/hand-over" } { (say(Phrase::DeskHandOver)) }
                        a.download href={ (path) "/refer" } { (say(Phrase::DeskRefer)) }
                        @if head.waiting_since.is_none() { (button("close", Phrase::DeskClose)) }
                    }
                } @else {
                    (button("reopen", Phrase::DeskReopen))
                }
                a.download href={ (path) "/disclose" } { (say(Phrase::DeskDisclose)) }
            }
            form.filter method="post" action={ (path) "/topic" } {
                (desk.hidden(head.version))
                label { span { (say(Phrase::DeskTopic)) } select name="topic" { (topics(Some(head.topic), None)) } }
                button.quiet type="submit" { (say(Phrase::DeskSort)) }
            }
        }
    }
}

/// Number and name against the roster as they are now (row A3).
fn who(desk: &Desk, thread: &Thread, path: &str, now: DateTime<Utc>) -> Markup {
    let whose = &thread.whose;
    let check = whose.check(now);
    let holder = whose.row.as_ref().and_then(|row| row.holder(now));
    let is_contested = whose.claimants.others(&thread.consultation.user);
    html! {
        section aria-labelledby="who" {
            h2 id="who" { (say(Phrase::DeskRosterTitle)) }
            dl {
                div { dt { (say(Phrase::DeskCompany)) } dd { (whose.tenant.name) } }
                div { dt { (say(Phrase::DeskNumber)) } dd { (whose.member.number.expose()) } }
                div { dt { (say(Phrase::DeskGivenName)) } dd { (whose.member.name.as_ref().map_or(say(Phrase::DeskNotGiven), |name| name.expose())) } }
                div { dt { (say(Phrase::DeskRosterName)) } dd { (holder.map_or(say(Phrase::DeskNotOnRoster), |holder| holder.name.expose())) } }
                div { dt { (say(Phrase::DeskCheckResult)) } dd { (say(result(check))) } }
            }
            @if is_contested { p.result.waiting { (say(Phrase::DeskContestedText)) } }
            @if !check.is_matched() || is_contested {
                form method="post" action={ (path) "/ask-again" } {
                    (desk.hidden(thread.consultation.head.version))
                    button.quiet type="submit" { (say(Phrase::DeskAskAgain)) }
                }
            }
        }
    }
}

pub(super) const fn result(check: RosterCheck) -> Phrase {
    match check {
        RosterCheck::Matched(_) => Phrase::DeskCheckMatched,
        RosterCheck::NumberUnknown => Phrase::DeskCheckNumberUnknown,
        RosterCheck::NameMissing => Phrase::DeskCheckNameMissing,
        RosterCheck::NameDiffers => Phrase::DeskCheckNameDiffers,
    }
}

fn documents(desk: &Desk, path: &str, thread: &Thread, reads: bool) -> Markup {
    html! {
        section aria-labelledby="documents" {
            h2 id="documents" { (say(Phrase::DeskDocuments)) }
            @if thread.documents.is_empty() { p { (say(Phrase::DeskNoDocuments)) } }
            @if !reads && !thread.documents.is_empty() { p { (say(Phrase::DeskDocumentsForbidden)) } }
            @if thread.consultation.head.state == State::Open {
                form method="post" action={ (path) "/ask-documents" } {
                    (desk.hidden(thread.consultation.head.version))
                    button.quiet type="submit" { (say(Phrase::DeskAskDocuments)) }
                }
            }
            @if reads && !thread.documents.is_empty() {
                ul { @for (document, name) in &thread.documents { li { (one_document(path, document, name.as_ref())) } } }
            }
        }
    }
}

fn one_document(path: &str, document: &Document, name: Option<&DocumentName>) -> Markup {
    // A picture of LINE has no name; the name of a file is gone with it.
    let unnamed = if document.state == DocumentState::Stored { Phrase::DeskPicture } else { Phrase::DeskDocuments };
    let name = name.map_or(say(unnamed), |name| name.expose());
    let why = match document.state {
        DocumentState::Stored => {
            return html! {
                a href={ (path) "/documents/" (document.id) } target="_blank" rel="noopener" { (name) }
                " （" (LANGUAGE.date_time(document.sent_at)) "）"
            };
        }
        DocumentState::Awaited | DocumentState::Uploading => Phrase::DeskDocumentAwaited,
        DocumentState::NotKept => Phrase::DeskDocumentNotKept,
        DocumentState::Withdrawn => Phrase::DeskDocumentWithdrawn,
        DocumentState::Expired => Phrase::DeskDocumentExpired,
    };
    html! { (name) " （" (say(why)) "）" }
}
