//! A member's consultations, the latest first.

use maud::{Markup, html};

use domain::phrase::Phrase;

use super::{Desk, LANGUAGE, assignee, badges, say};
use crate::member::Seen;

/// The page.
pub fn member(desk: &Desk, seen: &Seen) -> Markup {
    let whose = &seen.whose;
    html! {
        h1 { (say(Phrase::DeskHistoryTitle)) }
        section {
            dl {
                div { dt { (say(Phrase::DeskCompany)) } dd { (whose.tenant.name) } }
                div { dt { (say(Phrase::DeskNumber)) } dd { (whose.member.number.expose()) } }
                div { dt { (say(Phrase::DeskGivenName)) } dd { (whose.member.name.as_ref().map_or(say(Phrase::DeskNotGiven), |name| name.expose())) } }
                div { dt { (say(Phrase::DeskRegisteredAt)) } dd { (LANGUAGE.date_time(whose.member.registered_at)) } }
            }
        }
        section {
            ul {
                @for consultation in &seen.consultations {
                    @let head = &consultation.head;
                    li {
                        (badges(head))
                        a href=(desk.thread(consultation.member, head.id)) { (LANGUAGE.date_time(head.opened_at)) " " (say(head.topic.phrase())) }
                        " （" (say(Phrase::DeskInCharge)) "：" (assignee(head)) "）"
                    }
                }
            }
        }
        p { a href=(desk.base) { (say(Phrase::DeskBack)) } }
    }
}
