//! What a contact reads of the company's interviews.

use std::collections::BTreeMap;

use lambda_http::{Body, Error, Response, http::StatusCode};
use web::Page;

use domain::{
    id::NurseId,
    interview::{month::Month, state::Interview},
    personal::PersonName,
    phrase::Phrase,
    roster::RosterRow,
    time,
};
use store::{
    Key, Wanted,
    entity::{audit::Outcome, interview::StoredInterview, roster as rows},
};

use crate::{
    Asking, not_found, page,
    request_form::{self, Back},
};

/// So many interviews stand on the list, the latest first.
const LISTED: usize = 60;

/// An interview with what stands elsewhere.
pub struct Shown {
    /// The interview as it is now.
    pub interview: Interview,
    /// The employee's name by the roster.
    pub employee: Option<PersonName>,
}

/// The company's interviews.
pub async fn interviews(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let store = &asking.app.store;
    let calls = async { Ok::<_, Error>(tokio::try_join!(store.interviews(asking.tenant()), store.hours())?) };
    let (known, (all, hours)) = tokio::try_join!(asking.known(Vec::new()), calls)?;
    if let Err(answer) = known {
        return Ok(answer);
    }
    let mut all: Vec<Interview> = all.into_iter().map(|interview| interview.seen_at(asking.now)).collect();
    all.sort_by_key(|interview| std::cmp::Reverse(interview.head().slot));
    all.truncate(LISTED);
    let shown = with_names(asking, all).await?;
    asking.audit(Outcome::Done).await?;
    let nurses: BTreeMap<NurseId, PersonName> = hours.into_iter().map(|of| (of.nurse, of.name)).collect();
    let site = asking.site();
    let main = page::interviews(&site, &shown, &nurses);
    site.frame(Phrase::BookingInterviews, page::Place::Interviews, &main, |page| web::answer::page(StatusCode::OK, page))
}

/// One of them, with a word on what happened.
pub async fn interview(asking: Asking<'_>, told: Option<Phrase>, status: StatusCode) -> Result<Response<Body>, Error> {
    interview_after(asking, told, status, Back::default()).await
}

/// The same, with what comes `back` of a request form that was not saved.
pub async fn interview_after(asking: Asking<'_>, told: Option<Phrase>, status: StatusCode, back: Back) -> Result<Response<Body>, Error> {
    let Some(id) = asking.asked.interview else { return not_found() };
    let key = Key::interview(asking.tenant(), id);
    let keys = vec![key.clone(), Key::request_form(asking.tenant(), id)];
    let (known, hours) = tokio::try_join!(asking.known(keys), async { Ok(asking.app.store.hours().await?) })?;
    let known = match known {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let Some(interview) = known.fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()? else {
        asking.audit(Outcome::Missing).await?;
        return not_found();
    };
    let Some(shown) = with_names(asking, vec![interview.seen_at(asking.now)]).await?.pop() else { return not_found() };
    asking.audit(if status == StatusCode::OK { Outcome::Done } else { Outcome::Refused }).await?;
    let done = match asking.parameter("sent").as_deref() {
        Some("booked") => Some(Phrase::BookingBooked),
        Some("moved") => Some(Phrase::BookingMoved),
        Some("cancelled") => Some(Phrase::BookingCancelled),
        Some("request") => Some(Phrase::BookingRequestSaved),
        _ => None,
    };
    let nurse = hours.into_iter().find(|of| of.nurse == shown.interview.head().slot.nurse()).map(|of| of.name);
    let site = asking.site();
    let form = request_form::shown(asking, &known, &shown.interview, back).await?;
    let form = page::request_form(&site, &form, &shown.interview, asking.now);
    let main = page::interview(&site, &shown, nurse.as_ref(), told, done.filter(|_| told.is_none()), &form, asking.now);
    site.frame(Phrase::BookingInterview, page::Place::Interviews, &main, |page| {
        web::answer::page(status, &Page { scripts: &[page::TOO_LARGE], ..page.clone() })
    })
}

/// What the interviews of a month use and cost.
pub async fn ledger(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let known = match asking.known(Vec::new()).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let today = Month::of(time::jst_date(asking.now));
    let month = asking.parameter("month").and_then(|month| month.parse().ok()).unwrap_or(today);
    let store = &asking.app.store;
    let (ledger, hours) = tokio::try_join!(store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance), store.hours())?;
    asking.audit(Outcome::Done).await?;
    let nurses: BTreeMap<NurseId, PersonName> = hours.into_iter().map(|of| (of.nurse, of.name)).collect();
    let site = asking.site();
    let main = page::ledger(&site, &ledger.ledger.statement(month, asking.now), &nurses, &known.calendar());
    site.frame(Phrase::BookingLedger, page::Place::Ledger, &main, |page| web::answer::page(StatusCode::OK, page))
}

/// With the employees' names by the roster; of who has left and been erased none is known.
async fn with_names(asking: Asking<'_>, interviews: Vec<Interview>) -> Result<Vec<Shown>, Error> {
    let installation = asking.app.parameters.installation().await?;
    let key = |interview: &Interview| Key::roster_row(asking.tenant(), &installation.number(asking.tenant(), &interview.head().number));
    let mut keys: Vec<Key> = interviews.iter().map(key).collect();
    keys.sort();
    keys.dedup();
    let mut found: BTreeMap<Key, RosterRow> = BTreeMap::new();
    if !keys.is_empty() {
        let fetched = asking.app.store.fetch(&Wanted { items: keys.clone(), data_keys: Vec::new() }).await?;
        for key in keys {
            if let Some(item) = fetched.item(&key).cloned() {
                found.insert(key, rows::from_item(item)?.row);
            }
        }
    }
    let name = |interview: &Interview| {
        let row = found.get(&key(interview))?;
        row.employments.iter().find(|employment| employment.id == interview.head().employment).map(|employment| employment.name.clone())
    };
    Ok(interviews.into_iter().map(|interview| Shown { employee: name(&interview), interview }).collect())
}
