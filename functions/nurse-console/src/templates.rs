//! Reply templates (row B2): everybody's, which every nurse may change, and a nurse's own.

use lambda_http::{Body, Error, Response, http::StatusCode};
use ulid::Ulid;
use uuid::Uuid;

use domain::{
    phrase::Phrase,
    template::{BadTemplate, Template, WrittenTemplate},
};
use store::{
    Key,
    entity::{
        audit::Outcome,
        template::{ReplyTemplate, Shelf},
    },
};

use crate::{
    Asking,
    form::Fields,
    page::{self, Place, Told},
    queue, read,
};

/// Where a template stands, as forms say it.
pub const SHARED: &str = "shared";

/// A template as it was typed, where it cannot be kept as it is.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// Its id, where it stands already.
    pub id: &'a str,
    /// For everybody.
    pub shared: bool,
    /// Title.
    pub title: &'a str,
    /// Text.
    pub text: &'a str,
    /// [`domain::topic::Topic::code`], or nothing.
    pub topic: &'a str,
}

/// All of them.
pub async fn show(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let told = match read::parameter(asking, "sent").as_deref() {
        Some("kept") => Some(Told::Done(Phrase::DeskTemplateKept)),
        Some("removed") => Some(Told::Done(Phrase::DeskTemplateRemoved)),
        _ => None,
    };
    page(asking, told.as_ref(), None, StatusCode::OK).await
}

/// Adds a template, or puts it in the place of the one with its id. The form's id is the id of a new one: a form that is sent twice
/// adds one.
pub async fn keep(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let get = |name| fields.get(name).unwrap_or_default();
    let typed = Typed { id: get("id"), shared: get("shelf") == SHARED, title: get("title"), text: get("text"), topic: get("topic") };
    let fresh = fields.get("form").and_then(|form| form.parse::<Uuid>().ok()).map(|form| Ulid(form.as_u128()));
    let id = if typed.id.is_empty() { fresh } else { typed.id.parse().ok() };
    let written = WrittenTemplate { title: typed.title.to_owned(), text: typed.text.to_owned(), topic: typed.topic.parse().ok() };
    let template: Result<Template, BadTemplate> = written.try_into();
    let (template, id) = match (template, id) {
        (Ok(template), Some(id)) => (template, id),
        (template, _) => {
            let words = match template {
                Err(BadTemplate::Title) => Phrase::DeskTemplateNeedsTitle,
                Err(BadTemplate::Text) => Phrase::DeskTemplateNeedsText,
                Ok(_) => Phrase::DeskBadForm,
            };
            return page(asking, Some(&Told::Words(vec![words])), Some(typed), StatusCode::BAD_REQUEST).await;
        }
    };
    if queue::nurse_and_settings(asking.app, asking.nurse).await?.0.is_none() {
        return asking.no_staff().await;
    }
    let mut transaction = asking.app.store.transaction();
    ReplyTemplate { id: id.to_string(), template }.put(&mut transaction, shelf(asking.nurse, typed.shared))?;
    asking.audit.put(&mut transaction)?;
    commit(asking, transaction, "kept").await
}

/// Removes a template; one that is gone stays gone.
pub async fn remove(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let Some(id) = fields.get("id").and_then(|id| id.parse::<Ulid>().ok()) else {
        return page(asking, Some(&Told::Words(vec![Phrase::DeskBadForm])), None, StatusCode::BAD_REQUEST).await;
    };
    if queue::nurse_and_settings(asking.app, asking.nurse).await?.0.is_none() {
        return asking.no_staff().await;
    }
    let shelf = shelf(asking.nurse, fields.get("shelf") == Some(SHARED));
    let mut transaction = asking.app.store.transaction();
    transaction.delete(&Key::template(shelf, &id.to_string()))?;
    asking.audit.put(&mut transaction)?;
    commit(asking, transaction, "removed").await
}

fn shelf(nurse: &str, shared: bool) -> Shelf<'_> {
    if shared { Shelf::Shared } else { Shelf::Of(nurse) }
}

/// Only the line in the audit log has a condition, and its id is drawn anew for each request.
async fn commit(asking: Asking<'_>, transaction: store::Transaction<'_>, sent: &str) -> Result<Response<Body>, Error> {
    transaction.commit().await?.map_err(|_| "the line of the audit log was there already")?;
    web::answer::redirect(&format!("{}/templates?sent={sent}", asking.app.base()))
}

async fn page(asking: Asking<'_>, told: Option<&Told>, typed: Option<Typed<'_>>, status: StatusCode) -> Result<Response<Body>, Error> {
    let templates = asking.app.store.templates_for(asking.nurse);
    let (nurse, templates) = tokio::try_join!(queue::nurse_and_settings(asking.app, asking.nurse), templates)?;
    if nurse.0.is_none() {
        return asking.no_staff().await;
    }
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let desk = asking.desk();
    let main = page::templates(&desk, &templates, told, typed);
    desk.frame(Phrase::DeskTemplates, Place::Templates, &[], &main, |page| web::answer::page(status, page))
}
