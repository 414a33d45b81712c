//! The pages: what a browser asks for is read or done, and shown.

use chrono::NaiveDate;
use lambda_http::{Body, Error, Response, http::StatusCode};
use web::{
    Page, answer,
    frame::{REFRESH, is_refresh},
};

use domain::{
    id::InterviewId,
    interview::{request::Missing, slot::Slot},
    phrase::Phrase,
    time,
};
use store::{Key, entity::audit::Outcome};

use crate::{
    Asking,
    became::Not,
    book,
    book::hours_of,
    change,
    form::{self, Fields},
    hold, page,
    page::Place,
    read::{self, One},
    request_form::{self, Back, ShownForm, Unsaved},
    route::Name,
    sent_form::SentForm,
    week,
};

/// Answers with a page.
pub async fn answer(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let id = asking.asked.interview;
    match (asking.asked.name, id) {
        (Name::Week, _) => {
            let day = asking.parameter("week").and_then(|week| week.parse().ok()).unwrap_or_else(|| time::jst_date(asking.now));
            let moving = asking.parameter("move").and_then(|interview| interview.parse().ok());
            Box::pin(week(asking, day, moving, None)).await
        }
        (Name::Hold, _) => Box::pin(hold(asking)).await,
        (Name::Form, Some(id)) => match asking.parameter("slot").as_deref().and_then(form::slot) {
            Some(slot) => Box::pin(booking_form(asking, id, slot, &Fields::none(), &[])).await,
            None => not(asking, Not::There).await,
        },
        (Name::Book, Some(id)) => Box::pin(book(asking, id)).await,
        (Name::Interviews, _) => Box::pin(interviews(asking)).await,
        (Name::Interview, Some(id)) => Box::pin(interview(asking, id, None)).await,
        (Name::RequestForm, Some(id)) => Box::pin(request_form(asking, id)).await,
        (Name::Cancel, Some(id)) => Box::pin(cancel(asking, id)).await,
        (Name::Move, Some(id)) => Box::pin(move_to(asking, id)).await,
        (Name::Ledger, _) => Box::pin(ledger(asking)).await,
        (Name::Session | Name::Form | Name::Book | Name::Interview | Name::RequestForm | Name::Cancel | Name::Move, _) => {
            not(asking, Not::There).await
        }
    }
}

async fn hold(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = match fields(asking).await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let Some((code, slot)) = fields.get("slot").and_then(|code| Some((code, form::slot(code)?))) else {
        return not(asking, Not::There).await;
    };
    // Each page has a key of its own, so that the same button does the same.
    let once = fields.get("key").map(|key| asking.under(&format!("{key}{code}"), &["hold", code]));
    match hold::hold(asking, slot, once.as_ref()).await? {
        Ok(held) => answer::redirect(&format!("{}/holds/{}?slot={}", asking.app.base(), held.id, form::slot_code(slot))),
        Err(Not::Free(told, day)) => week(asking, day, None, Some(told)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn book(asking: Asking<'_>, id: InterviewId) -> Result<Response<Body>, Error> {
    let fields = match fields(asking).await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let Some(slot) = fields.get("slot").and_then(form::slot) else { return not(asking, Not::There).await };
    match book::book(asking, id, slot, fields.booking(), None).await? {
        Ok(id) => done(asking, id, "booked"),
        Err(Not::Complete(missing)) => {
            let words: Vec<Phrase> = missing.into_iter().map(Missing::phrase).collect();
            booking_form(asking, id, slot, &fields, &words).await
        }
        Err(Not::Admitted(why)) => booking_form(asking, id, slot, &fields, &[why]).await,
        Err(Not::Free(told, day)) => week(asking, day, None, Some(told)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn cancel(asking: Asking<'_>, id: InterviewId) -> Result<Response<Body>, Error> {
    let fields = match fields(asking).await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    match change::cancel(asking, id, fields.get("in-time") == Some("1"), None).await? {
        Ok(id) => done(asking, id, "cancelled"),
        Err(Not::Possible(why)) => interview(asking, id, Some(why)).await,
        Err(other) => not(asking, other).await,
    }
}

async fn move_to(asking: Asking<'_>, id: InterviewId) -> Result<Response<Body>, Error> {
    let fields = match fields(asking).await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let Some((code, slot)) = fields.get("slot").and_then(|code| Some((code, form::slot(code)?))) else {
        return not(asking, Not::There).await;
    };
    let once = fields.get("key").map(|key| asking.under(&format!("{key}{code}"), &["move", &id.to_string(), code]));
    match change::move_to(asking, id, slot, once.as_ref()).await? {
        Ok(id) => done(asking, id, "moved"),
        Err(Not::Free(told, day)) => week(asking, day, Some(id), Some(told)).await,
        Err(Not::Possible(why)) => interview(asking, id, Some(why)).await,
        Err(other) => not(asking, other).await,
    }
}

fn done(asking: Asking<'_>, id: InterviewId, sent: &str) -> Result<Response<Body>, Error> {
    answer::redirect(&format!("{}/interviews/{id}?sent={sent}", asking.app.base()))
}

/// The free slots of the week of `day`; `moving` is the interview that is to be moved.
async fn week(asking: Asking<'_>, day: NaiveDate, moving: Option<InterviewId>, told: Option<Phrase>) -> Result<Response<Body>, Error> {
    let week = match week::of(asking, day).await? {
        Ok(week) => week,
        Err(other) => return not(asking, other).await,
    };
    // What the page fetches again and again was read once.
    let status = if is_refresh(asking.request) { StatusCode::OK } else { audited(asking, told.map(|_| StatusCode::CONFLICT)).await? };
    let site = site(asking);
    let main = page::week(&site, &week, moving, told);
    site.frame(Phrase::BookingWeek, Place::Week, &[REFRESH], &main, |page| answer::page(status, page))
}

/// The form for a slot on hold, with what there is to mend in it.
async fn booking_form(asking: Asking<'_>, id: InterviewId, slot: Slot, fields: &Fields, words: &[Phrase]) -> Result<Response<Body>, Error> {
    let known = match asking.known(vec![Key::hours(slot.nurse())]).await? {
        Ok(known) => known,
        Err(other) => return not(asking, other).await,
    };
    let status = audited(asking, words.first().map(|_| StatusCode::BAD_REQUEST)).await?;
    let nurse = hours_of(&known, slot)?.map(|hours| hours.name);
    let site = site(asking);
    let main = page::form(&site, &known, (id, slot, nurse.as_ref()), fields, words);
    site.frame(Phrase::BookingForm, Place::Elsewhere, &[], &main, |page| answer::page(status, page))
}

async fn interviews(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (shown, nurses) = match read::interviews(asking).await? {
        Ok(read) => read,
        Err(other) => return not(asking, other).await,
    };
    let status = audited(asking, None).await?;
    let site = site(asking);
    let main = page::interviews(&site, &shown, &nurses);
    site.frame(Phrase::BookingInterviews, Place::Interviews, &[], &main, |page| answer::page(status, page))
}

/// One interview, with a word on why something was not done.
async fn interview(asking: Asking<'_>, id: InterviewId, told: Option<Phrase>) -> Result<Response<Body>, Error> {
    interview_after(asking, id, told.map(|told| (StatusCode::CONFLICT, told)), Back::default()).await
}

/// The same, with what comes `back` of a request form that was not saved.
async fn interview_after(
    asking: Asking<'_>,
    id: InterviewId,
    refused: Option<(StatusCode, Phrase)>,
    back: Back,
) -> Result<Response<Body>, Error> {
    let One { shown, nurses, form } = match read::interview(asking, id).await? {
        Ok(read) => read,
        Err(other) => return not(asking, other).await,
    };
    let status = audited(asking, refused.map(|(status, _)| status)).await?;
    let told = refused.map(|(_, told)| told);
    let done = match asking.parameter("sent").as_deref() {
        Some("booked") => Some(Phrase::BookingBooked),
        Some("moved") => Some(Phrase::BookingMoved),
        Some("cancelled") => Some(Phrase::BookingCancelled),
        Some("request") => Some(Phrase::BookingRequestSaved),
        _ => None,
    };
    let site = site(asking);
    let form = page::request_form(&site, &ShownForm { back, ..form }, &shown.interview, asking.now);
    let nurse = nurses.get(&shown.interview.head().slot.nurse());
    let main = page::interview(&site, &shown, nurse, told, done.filter(|_| told.is_none()), &form, asking.now);
    site.frame(Phrase::BookingInterview, Place::Interviews, &[page::TOO_LARGE], &main, |page| answer::page(status, page))
}

/// Saves the request form, a file with it or not.
async fn request_form(asking: Asking<'_>, id: InterviewId) -> Result<Response<Body>, Error> {
    let sent = SentForm::of(asking.request).await;
    let allowed = sent.as_ref().filter(|sent| asking.session.allows(asking.request, sent.get("csrf")));
    let Some((sent, change)) = allowed.and_then(|sent| Some((sent, sent.change()?))) else {
        asking.audit(Outcome::Forbidden).await?;
        return notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::DeskBadForm);
    };
    match request_form::save(asking, id, sent, change).await? {
        Ok(()) => done(asking, id, "request"),
        Err(Unsaved::Not(other)) => not(asking, other).await,
        Err(Unsaved::Refused(status, words)) => {
            let back = Back { words, typed: sent.get("reason").map(str::to_owned) };
            interview_after(asking, id, Some((status, Phrase::BookingRequestNotSaved)), back).await
        }
    }
}

async fn ledger(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let used = match read::ledger(asking, asking.parameter("month").and_then(|month| month.parse().ok())).await? {
        Ok(used) => used,
        Err(other) => return not(asking, other).await,
    };
    let status = audited(asking, None).await?;
    let site = site(asking);
    let main = page::ledger(&site, &used);
    site.frame(Phrase::BookingLedger, Place::Ledger, &[], &main, |page| answer::page(status, page))
}

/// Adds the line to the audit log; gives the status of the page.
async fn audited(asking: Asking<'_>, refused: Option<StatusCode>) -> Result<StatusCode, Error> {
    asking.audit(if refused.is_some() { Outcome::Refused } else { Outcome::Done }).await?;
    Ok(refused.unwrap_or(StatusCode::OK))
}

/// A page that only says why not.
async fn not(asking: Asking<'_>, not: Not) -> Result<Response<Body>, Error> {
    asking.audit(not.outcome()).await?;
    match not {
        Not::Allowed => forbidden(),
        Not::Bought => notice(StatusCode::FORBIDDEN, Phrase::BookingNotBoughtTitle, Phrase::BookingNotBoughtText),
        Not::There => not_found(),
        Not::Complete(_) | Not::Admitted(_) | Not::Possible(_) | Not::Free(..) | Not::TheSameRequest => {
            notice(StatusCode::CONFLICT, Phrase::BookingForbiddenTitle, Phrase::DeskBadForm)
        }
    }
}

/// The form, where it comes from our own page; else the answer.
async fn fields(asking: Asking<'_>) -> Result<Result<Fields, Response<Body>>, Error> {
    let fields = Fields::of(asking.request);
    if asking.session.allows(asking.request, fields.get("csrf")) {
        return Ok(Ok(fields));
    }
    asking.audit(Outcome::Forbidden).await?;
    notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::DeskBadForm).map(Err)
}

fn site(asking: Asking<'_>) -> page::Site {
    page::Site {
        base: asking.app.base().to_owned(),
        person: asking.session.name.expose().to_owned(),
        sign_out: asking.app.sign_in.sign_out_form(page::LANGUAGE, asking.session),
        csrf: asking.session.csrf.clone(),
        key: crate::ulid().to_string(),
    }
}

/// A page that only says something.
pub fn notice(status: StatusCode, title: Phrase, text: Phrase) -> Result<Response<Body>, Error> {
    answer::page(status, &Page::notice(page::LANGUAGE, title, text))
}

/// Who is signed in is no contact, or not any more.
pub fn forbidden() -> Result<Response<Body>, Error> {
    notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::BookingForbiddenText)
}

/// There is no such page.
pub fn not_found() -> Result<Response<Body>, Error> {
    notice(StatusCode::NOT_FOUND, Phrase::BookingNotFoundTitle, Phrase::BookingNotFoundText)
}
