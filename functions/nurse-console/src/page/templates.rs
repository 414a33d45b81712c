//! Reply templates: everybody's and the nurse's own, each in a form of its own.

use maud::{Markup, html};

use domain::{phrase::Phrase, template::Template};
use store::entity::template::ReplyTemplate;

use super::{Desk, Told, say, topics};
use crate::templates::{SHARED, Typed};

/// The page; `typed` is what cannot be kept as it is.
pub fn templates(
    desk: &Desk,
    (shared, own): &(Vec<ReplyTemplate>, Vec<ReplyTemplate>),
    told: Option<&Told>,
    typed: Option<Typed<'_>>,
) -> Markup {
    let fresh = typed.filter(|typed| typed.id.is_empty());
    html! {
        h1 { (say(Phrase::DeskTemplates)) }
        @if let Some(told) = told { (told.show()) }
        (shelf(desk, Phrase::DeskTemplatesOwn, own, false, typed))
        (shelf(desk, Phrase::DeskTemplatesShared, shared, true, typed))
        section aria-labelledby="new" {
            h2 id="new" { (say(Phrase::DeskTemplateNew)) }
            form method="post" action={ (desk.base) "/templates" } {
                input type="hidden" name="csrf" value=(desk.csrf);
                input type="hidden" name="form" value=(desk.form);
                fieldset {
                    legend { (say(Phrase::DeskTemplateShelf)) }
                    @let is_shared = fresh.is_some_and(|typed| typed.shared);
                    label.check { input type="radio" name="shelf" value="own" checked[!is_shared]; " " (say(Phrase::DeskTemplateForMe)) }
                    label.check { input type="radio" name="shelf" value=(SHARED) checked[is_shared]; " " (say(Phrase::DeskTemplateForAll)) }
                }
                (fields("new", fresh.unwrap_or(Typed { id: "", shared: false, title: "", text: "", topic: "" })))
                button type="submit" { (say(Phrase::DeskTemplateSave)) }
            }
        }
    }
}

fn shelf(desk: &Desk, title: Phrase, templates: &[ReplyTemplate], shared: bool, typed: Option<Typed<'_>>) -> Markup {
    html! {
        section {
            h2 { (say(title)) }
            @if templates.is_empty() { p { (say(Phrase::DeskTemplatesNone)) } }
            @for template in templates {
                @let again = typed.filter(|typed| typed.id == template.id);
                details open[again.is_some()] {
                    summary { (template.template.title()) }
                    (one(desk, template, shared, again))
                }
            }
        }
    }
}

fn one(desk: &Desk, ReplyTemplate { id, template }: &ReplyTemplate, shared: bool, again: Option<Typed<'_>>) -> Markup {
    let stored =
        Typed { id, shared, title: template.title(), text: template.text(), topic: template.topic().map_or("", |topic| topic.code()) };
    let common = html! {
        input type="hidden" name="csrf" value=(desk.csrf);
        input type="hidden" name="id" value=(id);
        input type="hidden" name="shelf" value=(if shared { SHARED } else { "own" });
    };
    html! {
        form method="post" action={ (desk.base) "/templates" } {
            (common)
            (fields(id, again.unwrap_or(stored)))
            button type="submit" { (say(Phrase::DeskTemplateSave)) }
        }
        form method="post" action={ (desk.base) "/templates/remove" } {
            (common)
            button.quiet type="submit" { (say(Phrase::DeskTemplateRemove)) }
        }
    }
}

fn fields(id: &str, typed: Typed<'_>) -> Markup {
    let (title, topic, text) = (format!("title-{id}"), format!("topic-{id}"), format!("text-{id}"));
    html! {
        label for=(title) { (say(Phrase::DeskTemplateTitle)) }
        input id=(title) name="title" value=(typed.title) required maxlength=(Template::MAX_TITLE) autocomplete="off";
        label for=(topic) { (say(Phrase::DeskTopic)) }
        select id=(topic) name="topic" { (topics(typed.topic.parse().ok(), Some(Phrase::DeskTemplateAny))) }
        label for=(text) { (say(Phrase::DeskTemplateText)) }
        textarea id=(text) name="text" rows="8" maxlength=(Template::MAX_TEXT) required { (typed.text) }
    }
}
