//! What is done.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    consultation::Act,
    disclosure::{self, Missing},
    phrase::Phrase,
    topic::Topic,
};
use store::entity::{
    audit::{Audit, Object, Outcome},
    nurse::Nurse,
};

use crate::{
    Asking, answer,
    change::{self, Became, Change, Form},
    form::Fields,
    hours, member,
    page::{Kept, Searched, Told},
    read, record,
    route::Name,
    templates,
    thread::Thread,
};

/// Answers a POST.
pub async fn act(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = Fields::of(asking.request);
    if !asking.session.allows(asking.request, fields.get("csrf")) {
        asking.audit(Outcome::Forbidden).await?;
        return answer::notice(StatusCode::FORBIDDEN, Phrase::DeskForbiddenTitle, Phrase::DeskBadForm);
    }
    let name = asking.asked.route.name;
    if name == Name::Search {
        return search(asking, &fields).await;
    } else if name == Name::KeepTemplate {
        return Box::pin(templates::keep(asking, &fields)).await;
    } else if name == Name::RemoveTemplate {
        return Box::pin(templates::remove(asking, &fields)).await;
    } else if name == Name::SetHours {
        return Box::pin(hours::set(asking, &fields)).await;
    } else if name == Name::Record {
        return Box::pin(record::record(asking, &fields)).await;
    }
    let bad = |words: Vec<Phrase>| told(asking, Told::Words(words), &fields, StatusCode::BAD_REQUEST);
    let Some(form) = fields.form() else { return bad(vec![Phrase::DeskBadForm]).await };
    let (thread, nurse) = match read::thread_of(asking).await? {
        Ok(found) => found,
        Err(answer) => return Ok(answer),
    };
    match wanted(asking, &fields, &thread).await? {
        Ok(change) => carry_out(asking, &thread, &nurse, &change, form, &fields).await,
        Err(words) => bad(words).await,
    }
}

/// What a form asks for, or what is wrong with it.
async fn wanted(asking: Asking<'_>, fields: &Fields, thread: &Thread) -> Result<Result<Change, Vec<Phrase>>, Error> {
    let words = || fields.words().map_err(|phrase| vec![phrase]);
    let bad = || vec![Phrase::DeskBadForm];
    let topic = || fields.get("topic").and_then(|topic| topic.parse::<Topic>().ok()).ok_or_else(bad);
    Ok(match asking.asked.route.name {
        Name::Reply => words().map(Change::Reply),
        Name::Note => words().map(Change::Note),
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
        Name::Sort => topic().map(|topic| Change::Head(Act::Sort(topic))),
        Name::Refer => topic().and_then(|topic| words().map(|text| Change::Refer(topic, text))),
        Name::Disclose => {
            let contacts = asking.app.store.contacts(thread.consultation.head.tenant).await?;
            let read = disclosure::read(fields.disclosure(), contacts.iter().map(|contact| contact.id.as_str()));
            read.map_err(|missing| missing.into_iter().map(Missing::phrase).collect()).and_then(|disclosure| {
                let contact = contacts.into_iter().find(|contact| contact.id == disclosure.contact).ok_or_else(bad)?;
                Ok(Change::Disclose(disclosure, contact))
            })
        }
        Name::HandOver => {
            let colleagues = read::colleagues(asking, thread.consultation.head.topic).await?;
            let to = colleagues.iter().find(|nurse| Some(nurse.id.as_str()) == fields.get("to"));
            to.map(|nurse| Change::Head(Act::HandOver(nurse.assignee()))).ok_or_else(|| vec![Phrase::DeskHandOverNobody])
        }
        Name::Queue
        | Name::Mine
        | Name::SearchForm
        | Name::Search
        | Name::Member
        | Name::Thread
        | Name::Version
        | Name::HandOverForm
        | Name::Document
        | Name::ReferForm
        | Name::DiscloseForm
        | Name::Ledger
        | Name::Templates
        | Name::KeepTemplate
        | Name::RemoveTemplate
        | Name::Hours
        | Name::SetHours
        | Name::Interviews
        | Name::Record
        | Name::RequestFile => Err(bad()),
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
    let became = change::carry_out(asking.app, thread, change, nurse, form, &audit, asking.app.clock.now()).await?;
    match became {
        Became::Done | Became::DoneBefore => {
            let sent = match change {
                Change::Reply(_) => "reply",
                Change::Note(_) => "note",
                Change::Refer(..) => "refer",
                Change::Disclose(..) => "disclose",
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
    let name = asking.asked.route.name;
    if name == Name::Refer {
        return read::refer(asking, fields.get("topic"), Some((&told, text, status))).await;
    } else if name == Name::Disclose {
        return read::disclose(asking, fields.disclosure(), Some((&told, status))).await;
    }
    let kept = if name == Name::Reply { Kept { reply: text, note: "" } } else { Kept { reply: "", note: text } };
    read::show_thread(asking, Some(&told), status, kept).await
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
