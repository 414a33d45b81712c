//! Disclosing something to the company's contact (row B4): only the text that is written for it leaves the house.

use maud::{Markup, html};

use domain::{
    disclosure::{Consent, Disclosed, Form, Reason},
    phrase::Phrase,
};
use store::entity::{contact::Contact, disclosure::DisclosedText};

use super::{Desk, LANGUAGE, Told, say};
use crate::thread::Thread;

/// The page with `form` as it was filled in; `before` is what was disclosed of the member already.
pub fn disclose(
    desk: &Desk,
    thread: &Thread,
    contacts: &[Contact],
    before: &[(DisclosedText, Disclosed)],
    form: Form<'_>,
    told: Option<&Told>,
) -> Markup {
    let path = desk.thread(thread.consultation.member, thread.consultation.head.id);
    html! {
        h1 { (say(Phrase::DeskDiscloseTitle)) }
        @if let Some(told) = told { (told.show()) }
        section {
            p { (say(Phrase::DeskDiscloseWarning)) }
            p { (say(Phrase::DeskCompany)) "：" (thread.whose.tenant.name) }
            @if contacts.is_empty() {
                p.result.waiting { (say(Phrase::DeskDiscloseNobody)) }
            } @else {
                form method="post" action={ (path) "/disclose" } data-draft="text" {
                    (desk.hidden(thread.consultation.head.version))
                    fieldset {
                        legend { (say(Phrase::DeskDiscloseContact)) }
                        @for contact in contacts {
                            (choice("contact", &contact.id, form.contact, &format!("{}（{}）", contact.name.expose(), contact.mail.expose())))
                        }
                    }
                    fieldset {
                        legend { (say(Phrase::DeskDiscloseReason)) }
                        @for reason in Reason::ALL { (choice("reason", reason.code(), form.reason, say(reason.phrase()))) }
                    }
                    fieldset {
                        legend { (say(Phrase::DeskDiscloseConsent)) }
                        @for consent in Consent::ALL { (choice("consent", consent.code(), form.consent, say(consent.phrase()))) }
                    }
                    label for="disclose-text" { (say(Phrase::DeskDiscloseLabel)) }
                    textarea id="disclose-text" name="text" rows="10" maxlength=(Disclosed::MAX) required { (form.text) }
                    label.check { input type="checkbox" name="confirmed" value="1" required; " " (say(Phrase::DeskDiscloseConfirmed)) }
                    button type="submit" { (say(Phrase::DeskDiscloseSend)) }
                }
            }
        }
        @if !before.is_empty() {
            section aria-labelledby="before" {
                h2 id="before" { (say(Phrase::DeskDisclosedTitle)) }
                @for (text, words) in before {
                    article.message.note {
                        p.from { (say(Phrase::DeskLedgerNumber)) " " (text.number) "　" time datetime=(text.at.to_rfc3339()) { (LANGUAGE.date_time(text.at)) } }
                        p.words { (words.expose()) }
                    }
                }
            }
        }
        p { a href=(path) { (say(Phrase::DeskBackToThread)) } }
    }
}

fn choice(name: &str, value: &str, chosen: &str, label: &str) -> Markup {
    html! { label.check { input type="radio" name=(name) value=(value) required checked[chosen == value]; " " (label) } }
}
