//! What is shown.

use lambda_http::{Body, Error, Response, http::StatusCode};
use serde_json::json;

use domain::{disclosure, id::TenantId, phrase::Phrase, referral};
use store::{
    Documents, StoreError,
    entity::{
        audit::{Audit, Object, Outcome},
        disclosure::DisclosedText,
        document::State,
        nurse::Nurse,
    },
};

use crate::{
    Asking, answer, hours, interviews, is_refresh, member,
    page::{self, Place, Searched, Told},
    queue::{self, Asks},
    request_form,
    route::Name,
    templates,
    thread::{self, Found, Thread},
};

/// Answers a GET.
pub async fn read(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    match asking.asked.route.name {
        Name::Queue => Box::pin(show_queue(asking)).await,
        Name::Mine => Box::pin(show_mine(asking)).await,
        Name::SearchForm => {
            asking.audit(Outcome::Done).await?;
            search(asking, None, "", &Searched::Nothing).await
        }
        Name::Member => Box::pin(show_member(asking)).await,
        Name::Thread => Box::pin(show_thread(asking, told(asking).as_ref(), StatusCode::OK, page::Kept::default())).await,
        Name::Version => version(asking).await,
        Name::HandOverForm => Box::pin(hand_over(asking)).await,
        Name::Document => Box::pin(document(asking)).await,
        Name::ReferForm => Box::pin(refer(asking, parameter(asking, "topic").as_deref(), None)).await,
        Name::DiscloseForm => Box::pin(disclose(asking, disclosure::Form::default(), None)).await,
        Name::Ledger => Box::pin(ledger(asking)).await,
        Name::Templates => Box::pin(templates::show(asking)).await,
        Name::Hours => Box::pin(hours::show(asking)).await,
        Name::Interviews => Box::pin(interviews::show(asking)).await,
        Name::RequestFile => Box::pin(request_form::file(asking)).await,
        Name::Search
        | Name::Reply
        | Name::Note
        | Name::TakeOver
        | Name::HandOver
        | Name::Sort
        | Name::Close
        | Name::Reopen
        | Name::AskAgain
        | Name::AskDocuments
        | Name::Refer
        | Name::Disclose
        | Name::KeepTemplate
        | Name::RemoveTemplate
        | Name::SetHours
        | Name::Record => answer::not_found(),
    }
}

async fn show_queue(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let asks = Asks::of(asking.request.uri().query().unwrap_or_default());
    let queue = queue::waiting(asking.app, asking.nurse, &asks).await?;
    if queue.nurse.is_none() {
        return asking.no_staff().await;
    }
    if !is_refresh(asking.request, Name::Queue) {
        asking.audit(Outcome::Done).await?;
    }
    let desk = asking.desk();
    let main = page::queue(&desk, &queue, &asks, asking.app.clock.now());
    let scripts: &[&str] = if asks.after.is_none() { &[web::frame::REFRESH] } else { &[] };
    desk.frame(Phrase::DeskQueue, Place::Queue, scripts, &main, |page| web::answer::page(StatusCode::OK, page))
}

async fn show_mine(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let queue = Box::pin(queue::mine(asking.app, asking.nurse)).await?;
    if queue.nurse.is_none() {
        return asking.no_staff().await;
    }
    if !is_refresh(asking.request, Name::Mine) {
        asking.audit(Outcome::Done).await?;
    }
    let desk = asking.desk();
    let main = page::mine(&desk, &queue, asking.app.clock.now());
    desk.frame(Phrase::DeskMine, Place::Mine, &[web::frame::REFRESH], &main, |page| web::answer::page(StatusCode::OK, page))
}

async fn show_member(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let Some(id) = asking.asked.member else { return asking.missing().await };
    let (nurse, seen) = tokio::try_join!(queue::nurse_and_settings(asking.app, asking.nurse), member::read(asking.app, id))?;
    if nurse.0.is_none() {
        return asking.no_staff().await;
    }
    let Some(seen) = seen else { return asking.missing().await };
    asking.audit(Outcome::Done).await?;
    let desk = asking.desk();
    let main = page::member(&desk, &seen);
    desk.frame(Phrase::DeskHistoryTitle, Place::Elsewhere, &[], &main, |page| web::answer::page(StatusCode::OK, page))
}

/// A parameter of the address.
pub fn parameter(asking: Asking<'_>, name: &str) -> Option<String> {
    let query = asking.request.uri().query().unwrap_or_default();
    url::form_urlencoded::parse(query.as_bytes()).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}

/// What was done before the browser was sent here.
fn told(asking: Asking<'_>) -> Option<Told> {
    Some(Told::Done(match parameter(asking, "sent")?.as_str() {
        "reply" | "refer" => Phrase::DeskSent,
        "note" => Phrase::DeskNoteSaved,
        "disclose" => Phrase::DeskDisclosed,
        _ => Phrase::DeskDone,
    }))
}

/// A thread as the nurse who asks may see it; else the answer that says why not.
pub async fn thread_of(asking: Asking<'_>) -> Result<Result<(Box<Thread>, Nurse), Response<Body>>, Error> {
    let (Some(member), Some(consultation)) = (asking.asked.member, asking.asked.consultation) else {
        return asking.missing().await.map(Err);
    };
    match thread::read(asking.app, asking.nurse, member, consultation).await? {
        Found::Thread(_, None) | Found::Nothing(None) => asking.no_staff().await.map(Err),
        Found::Nothing(Some(_)) => asking.missing().await.map(Err),
        Found::Thread(thread, Some(nurse)) => Ok(Ok((thread, nurse))),
    }
}

/// The page of a thread, read anew and written down in the audit log.
pub async fn show_thread(
    asking: Asking<'_>,
    told: Option<&Told>,
    status: StatusCode,
    kept: page::Kept<'_>,
) -> Result<Response<Body>, Error> {
    let templates = async { asking.app.store.templates_for(asking.nurse).await.map_err(Error::from) };
    let (found, templates) = tokio::try_join!(thread_of(asking), templates)?;
    let (thread, nurse) = match found {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let desk = asking.desk();
    let seen = page::Seen { me: &nurse.id, reads_documents: asking.reads_documents(), templates: &templates, now: asking.app.clock.now() };
    let main = page::thread(&desk, &thread, seen, told, kept);
    desk.frame(Phrase::DeskThread, Place::Elsewhere, &[page::DRAFT, page::LIVE], &main, |page| web::answer::page(status, page))
}

async fn version(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (Some(member), Some(consultation)) = (asking.asked.member, asking.asked.consultation) else { return answer::not_found() };
    match asking.app.store.consultation(member, consultation).await? {
        Some(there) => web::answer::json(StatusCode::OK, &json!({ "version": there.head.version })),
        None => answer::empty(StatusCode::NOT_FOUND),
    }
}

/// Colleagues who can take a thread: their licence fits its topic.
pub async fn colleagues(asking: Asking<'_>, topic: domain::topic::Topic) -> Result<Vec<Nurse>, StoreError> {
    let fits = |nurse: &Nurse| nurse.id != asking.nurse && nurse.licences.iter().any(|licence| topic.fits(*licence));
    Ok(asking.app.store.nurses().await?.into_iter().filter(fits).collect())
}

async fn hand_over(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (thread, _) = match thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let colleagues = colleagues(asking, thread.consultation.head.topic).await?;
    asking.audit(Outcome::Done).await?;
    let desk = asking.desk();
    let main = page::hand_over(&desk, &thread.consultation, &colleagues);
    desk.frame(Phrase::DeskHandOverTitle, Place::Elsewhere, &[], &main, |page| web::answer::page(StatusCode::OK, page))
}

/// Leads to the object for a short time, until the very instant at which the document's month is over (row B5).
async fn document(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (thread, _) = match thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let found = thread.documents.iter().find(|(document, _)| Some(document.id) == asking.asked.document);
    if found.is_some_and(|(document, _)| document.state == State::Expired) {
        return expired(asking).await;
    }
    let Some((document, name)) = found.filter(|(document, _)| document.state == State::Stored) else { return asking.missing().await };
    let member = thread.consultation.member;
    let now = asking.app.clock.now();
    let Some(kind) = document.content else { return asking.missing().await };
    let key = Documents::key(member, document.consultation, document.id);
    let link = asking.app.documents.view_link(&key, kind, name.as_ref(), document.expires_at, now).await?;
    let Some(link) = link else { return expired(asking).await };
    asking.audit(Outcome::Done).await?;
    web::answer::redirect(&link)
}

async fn expired(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    asking.audit(Outcome::Missing).await?;
    answer::notice(StatusCode::GONE, Phrase::DeskForbiddenTitle, Phrase::DeskDocumentExpiredText)
}

/// The form to find somebody, with what it gave.
pub async fn search(asking: Asking<'_>, chosen: Option<TenantId>, typed: &str, searched: &Searched) -> Result<Response<Body>, Error> {
    let (nurse, names) = tokio::try_join!(queue::nurse_and_settings(asking.app, asking.nurse), queue::all_names(asking.app))?;
    if nurse.0.is_none() {
        return asking.no_staff().await;
    }
    let desk = asking.desk();
    let main = page::search(&desk, &names, chosen, typed, searched);
    desk.frame(Phrase::DeskSearch, Place::Search, &[], &main, |page| web::answer::page(StatusCode::OK, page))
}

/// A proposal to refer the member to a desk (row B4), for the topic that was chosen or else the consultation's own; or what was
/// typed, with a word on what happened.
pub async fn refer(asking: Asking<'_>, topic: Option<&str>, back: Option<(&Told, &str, StatusCode)>) -> Result<Response<Body>, Error> {
    let (thread, _) = match thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let status = back.map_or(StatusCode::OK, |(_, _, status)| status);
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let topic = topic.and_then(|topic| topic.parse().ok()).unwrap_or(thread.consultation.head.topic);
    let tenant = &thread.whose.tenant;
    let desks = referral::desks(topic, &tenant.desks, &thread.settings.public_desks);
    let proposal = desks.as_ref().map(|desks| desks.proposal(topic, tenant.language)).unwrap_or_default();
    let (told, text) = back.map_or((None, proposal.as_str()), |(told, text, _)| (Some(told), text));
    let desk = asking.desk();
    let main = page::refer(&desk, &thread.consultation, topic, desks.as_ref(), told, text);
    desk.frame(Phrase::DeskReferTitle, Place::Elsewhere, &[page::DRAFT], &main, |page| web::answer::page(status, page))
}

/// The form to disclose something to the company's contact (row B4), with what was disclosed of the member before; or what was
/// filled in, with a word on what is missing.
pub async fn disclose(asking: Asking<'_>, form: disclosure::Form<'_>, back: Option<(&Told, StatusCode)>) -> Result<Response<Body>, Error> {
    let (thread, _) = match thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    let status = back.map_or(StatusCode::OK, |(_, status)| status);
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let store = &asking.app.store;
    let (contacts, texts) = tokio::try_join!(store.contacts(thread.whose.tenant.id), store.disclosed_texts(thread.consultation.member))?;
    let open = |text: DisclosedText| text.text(&thread.whose.key).map(|words| (text, words));
    let before = texts.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
    let desk = asking.desk();
    let main = page::disclose(&desk, &thread, &contacts, &before, form, back.map(|(told, _)| told));
    desk.frame(Phrase::DeskDiscloseTitle, Place::Elsewhere, &[page::DRAFT], &main, |page| web::answer::page(status, page))
}

/// A company's ledger of disclosures, verified as it is shown.
async fn ledger(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let chosen: Option<TenantId> = parameter(asking, "tenant").and_then(|tenant| tenant.parse().ok());
    let (nurse, names) = tokio::try_join!(queue::nurse_and_settings(asking.app, asking.nurse), queue::all_names(asking.app))?;
    if nurse.0.is_none() {
        return asking.no_staff().await;
    }
    let of = chosen.filter(|tenant| names.contains_key(tenant));
    let shown = match of {
        Some(tenant) => Some(tokio::try_join!(asking.app.store.ledger(tenant), asking.app.store.contacts(tenant))?),
        None => None,
    };
    let audit = Audit { object: Object { tenant: of, ..Object::default() }, ..asking.audit.clone() };
    asking.app.store.audit(&audit).await?;
    let desk = asking.desk();
    let main = page::ledger(&desk, &names, of, shown.as_ref());
    desk.frame(Phrase::DeskLedger, Place::Ledger, &[], &main, |page| web::answer::page(StatusCode::OK, page))
}
