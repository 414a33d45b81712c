//! What is done.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{consultation::Act, phrase::Phrase};
use store::entity::{
    audit::{Audit, Object, Outcome},
    nurse::Nurse,
};

use crate::{
    Asking, answer,
    change::{self, Became, Change, Form},
    form::Fields,
    member,
    page::{Kept, Searched, Told},
    read,
    route::Name,
    thread::Thread,
};

/// Answers a POST.
pub async fn act(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = Fields::of(asking.request);
    if !asking.session.allows(asking.request, fields.get("csrf")) {
        asking.audit(Outcome::Forbidden).await?;
        return answer::notice(StatusCode::FORBIDDEN, Phrase::DeskForbiddenTitle, Phrase::DeskBadForm);
    }
    if asking.asked.route.name == Name::Search {
        return search(asking, &fields).await;
    }
    let Some(form) = fields.form() else { return told(asking, Told::Words(Phrase::DeskBadForm), &fields, StatusCode::BAD_REQUEST).await };
    let (thread, nurse) = match read::thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    match wanted(asking, &fields, &thread).await? {
        Ok(change) => carry_out(asking, &thread, &nurse, &change, form, &fields).await,
        Err(phrase) => told(asking, Told::Words(phrase), &fields, StatusCode::BAD_REQUEST).await,
    }
}

/// What a form asks for, or what is wrong with it.
async fn wanted(asking: Asking<'_>, fields: &Fields, thread: &Thread) -> Result<Result<Change, Phrase>, Error> {
    Ok(match asking.asked.route.name {
        Name::Reply => fields.words().map(Change::Reply),
        Name::Note => fields.words().map(Change::Note),
        Name::TakeOver => Ok(Change::Head(Act::TakeOver)),
        Name::Close => Ok(Change::Head(Act::Close)),
        Name::Reopen => Ok(Change::Head(Act::Reopen)),
        Name::AskAgain => Ok(Change::AskAgain),
        Name::AskDocuments => {
            let (there, now) = (&thread.consultation, asking.app.clock.now());
            let installation = asking.app.parameters.installation().await?;
            let path = installation.upload_path(there.member, there.head.id, &there.user, now);
            Ok(Change::AskDocuments(format!("{}/{path}", asking.app.uploads.as_str().trim_end_matches('/'))))
        }
        Name::Sort => {
            fields.get("topic").and_then(|topic| topic.parse().ok()).map(|topic| Change::Head(Act::Sort(topic))).ok_or(Phrase::DeskBadForm)
        }
        Name::HandOver => {
            let colleagues = read::colleagues(asking, thread.consultation.head.topic).await?;
            let to = colleagues.iter().find(|nurse| Some(nurse.id.as_str()) == fields.get("to"));
            to.map(|nurse| Change::Head(Act::HandOver(nurse.assignee()))).ok_or(Phrase::DeskHandOverNobody)
        }
        Name::Queue
        | Name::Mine
        | Name::SearchForm
        | Name::Search
        | Name::Member
        | Name::Thread
        | Name::Version
        | Name::HandOverForm
        | Name::Document => Err(Phrase::DeskBadForm),
    })
}

async fn carry_out(
    asking: Asking<'_>,
    thread: &Thread,
    nurse: &Nurse,
    change: &Change,
    form: Form,
    fields: &Fields,
) -> Result<Response<Body>, Error> {
    let tenant = Some(thread.consultation.head.tenant);
    let audit = Audit { object: Object { tenant, ..asking.audit.object }, ..asking.audit.clone() };
    let became = change::carry_out(asking.app, thread, change, &nurse.assignee(), form, &audit, asking.app.clock.now()).await?;
    match became {
        Became::Done | Became::DoneBefore => {
            let sent = match change {
                Change::Reply(_) => "reply",
                Change::Note(_) => "note",
                Change::Head(_) | Change::AskAgain | Change::AskDocuments(_) => "1",
            };
            let (member, consultation) = (thread.consultation.member, thread.consultation.head.id);
            web::answer::redirect(&format!("{}/members/{member}/consultations/{consultation}?sent={sent}", asking.app.base()))
        }
        Became::Stale | Became::AnotherIsOpen | Became::Refused(_) => {
            told(asking, Told::Became(became), fields, StatusCode::CONFLICT).await
        }
        Became::Gone => asking.missing().await,
    }
}

/// The thread as it is now, with a word on what happened and all that was typed.
async fn told(asking: Asking<'_>, told: Told, fields: &Fields, status: StatusCode) -> Result<Response<Body>, Error> {
    let text = fields.get("text").unwrap_or_default();
    let is_reply = asking.asked.route.name == Name::Reply;
    let kept = if is_reply { Kept { reply: text, note: "" } } else { Kept { reply: "", note: text } };
    read::show_thread(asking, Some(told), status, kept).await
}

/// Who claims a number with a company. The number itself is not written down.
async fn search(asking: Asking<'_>, fields: &Fields) -> Result<Response<Body>, Error> {
    let typed = fields.get("number").unwrap_or_default();
    let tenant = match fields.get("tenant").and_then(|tenant| tenant.parse().ok()) {
        Some(tenant) => asking.app.store.tenant(tenant).await?,
        None => None,
    };
    let Some(tenant) = tenant else { return asking.missing().await };
    let audit = Audit { object: Object { tenant: Some(tenant.id), ..Object::default() }, ..asking.audit.clone() };
    asking.app.store.audit(&audit).await?;
    let searched = match member::number(typed, tenant.number_width) {
        Some(number) => Searched::Claimants(member::claimants(asking.app, tenant.id, &number, asking.app.clock.now()).await?),
        None => Searched::BadNumber,
    };
    read::search(asking, Some(tenant.id), typed, &searched).await
}
