//! To whom a consultation can be handed over: colleagues whose licence fits its topic.

use maud::{Markup, html};

use domain::phrase::Phrase;
use store::entity::{consultation::Consultation, nurse::Nurse};

use super::{Desk, say};

/// The page, with those who can take it.
pub fn hand_over(desk: &Desk, consultation: &Consultation, colleagues: &[Nurse]) -> Markup {
    let path = desk.thread(consultation.member, consultation.head.id);
    html! {
        h1 { (say(Phrase::DeskHandOverTitle)) }
        section {
            p { (say(Phrase::DeskTopic)) "：" (say(consultation.head.topic.phrase())) }
            @if colleagues.is_empty() {
                p { (say(Phrase::DeskHandOverNobody)) }
            } @else {
                form method="post" action={ (path) "/hand-over" } {
                    (desk.hidden(consultation.head.version))
                    fieldset {
                        legend { (say(Phrase::DeskHandOverTo)) }
                        @for nurse in colleagues {
                            label.check { input type="radio" name="to" value=(nurse.id) required; " " (nurse.name.expose()) " （" (licences(nurse)) "）" }
                        }
                    }
                    button type="submit" { (say(Phrase::DeskHandOver)) }
                }
            }
        }
        p { a href=(path) { (say(Phrase::DeskBackToThread)) } }
    }
}

fn licences(nurse: &Nurse) -> String {
    nurse.licences.iter().map(|licence| say(licence.phrase())).collect::<Vec<_>>().join("・")
}
