//! Referring a member to a desk (row B4): a proposal that the nurse checks before it is sent.

use maud::{Markup, html};

use domain::{phrase::Phrase, referral::Desks, topic::Topic};
use store::entity::consultation::Consultation;

use super::{Desk, Told, say, topics};

/// The page with `text` for `topic`, whose desks are `desks`.
pub fn refer(desk: &Desk, consultation: &Consultation, topic: Topic, desks: Option<&Desks<'_>>, told: Option<&Told>, text: &str) -> Markup {
    let path = desk.thread(consultation.member, consultation.head.id);
    let whose = match desks {
        Some(Desks::Tenants(_)) => Phrase::DeskReferOwn,
        Some(Desks::Public(_)) => Phrase::DeskReferPublic,
        None => Phrase::DeskReferNone,
    };
    html! {
        h1 { (say(Phrase::DeskReferTitle)) }
        @if let Some(told) = told { (told.show()) }
        section {
            p { (say(Phrase::DeskReferIntro)) }
            form.filter method="get" action={ (path) "/refer" } {
                label { span { (say(Phrase::DeskTopic)) } select name="topic" { (topics(Some(topic), None)) } }
                button.quiet type="submit" { (say(Phrase::DeskReferShow)) }
            }
            form method="post" action={ (path) "/refer" } data-draft=(topic.code()) {
                (desk.hidden(consultation.head.version))
                input type="hidden" name="topic" value=(topic.code());
                p.result.waiting[desks.is_none()] { (say(whose)) }
                label for="refer-text" { (say(Phrase::DeskReferLabel)) }
                textarea id="refer-text" name="text" rows="16" maxlength="2000" required { (text) }
                button type="submit" { (say(Phrase::DeskReplySend)) }
            }
        }
        p { a href=(path) { (say(Phrase::DeskBackToThread)) } }
    }
}
