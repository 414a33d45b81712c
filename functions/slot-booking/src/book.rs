//! Holding a slot and booking it. A hold has the id that its interview will have, so that booking twice finds the interview.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    employee::NumberWidth,
    id::InterviewId,
    interview::{
        admission::Hold,
        mail::post::Happened,
        month::Month,
        request::{self, Request},
        request_form::RequestForm,
        slot::Slot,
        state::{Interview, Next},
    },
    personal::PersonName,
    phrase::Phrase,
};
use store::{
    Guard, Key,
    entity::{
        allowance::ReadLedger, audit::Outcome, cell, hours::NurseHours, interview::StoredInterview, request_form::StoredForm,
        roster as rows,
    },
};

use crate::{
    Asking, Known,
    form::{self, Fields},
    mails, not_found, page, ulid, week,
};

/// So often a booking is tried again behind something else that happened to the tenant's interviews.
const TRIES: u8 = 32;

/// Holds the slot that the form names, in one call.
pub async fn hold(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = match asking.fields().await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let Some(slot) = fields.get("slot").and_then(form::slot) else { return not_found() };
    let id = InterviewId::new(ulid());
    let hold = Hold::begun(asking.by, slot, asking.now);
    let mut transaction = asking.app.store.transaction();
    let contact = Key::contact(asking.tenant(), &asking.by.contact.to_string());
    transaction.check(Guard::None, &contact, "attribute_exists(pk)", &[])?;
    cell::hold(&mut transaction, slot, id, hold.until, asking.now)?;
    asking.audit.put(&mut transaction)?;
    match transaction.commit().await? {
        Ok(()) => web::answer::redirect(&format!("{}/holds/{id}?slot={}", asking.app.base(), form::slot_code(slot))),
        Err(_) => week::show_week(asking, slot.day(), None, Some(Phrase::BookingTaken)).await,
    }
}

/// The form for the slot on hold.
pub async fn show_form(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let slot = asking.parameter("slot").as_deref().and_then(form::slot);
    let (Some(id), Some(slot)) = (asking.asked.interview, slot) else { return not_found() };
    form_page(asking, id, slot, &Fields::none(), &[]).await
}

async fn form_page(asking: Asking<'_>, id: InterviewId, slot: Slot, fields: &Fields, words: &[Phrase]) -> Result<Response<Body>, Error> {
    let known = match asking.known(vec![Key::hours(slot.nurse())]).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    let status = if words.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    asking.audit(if words.is_empty() { Outcome::Done } else { Outcome::Refused }).await?;
    let nurse = hours_of(&known, slot)?.map(|hours| hours.name);
    let site = asking.site();
    let main = page::form(&site, &known, (id, slot, nurse.as_ref()), fields, words);
    site.frame(Phrase::BookingForm, page::Place::Elsewhere, &main, |page| web::answer::page(status, page))
}

fn hours_of(known: &Known, slot: Slot) -> Result<Option<NurseHours>, Error> {
    Ok(known.fetched.item(&Key::hours(slot.nurse())).cloned().map(NurseHours::from_item).transpose()?)
}

/// Books the slot on hold: claims, interview, what happened, mails, in one transaction.
pub async fn book(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = match asking.fields().await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let slot = fields.get("slot").and_then(form::slot);
    let (Some(id), Some(slot)) = (asking.asked.interview, slot) else { return not_found() };
    let installation = asking.app.parameters.installation().await?;
    // The form brings the width of the company's numbers along, so that the row can be read in the same call as the company.
    let width = fields.get("width").and_then(|width| width.parse::<u8>().ok()).and_then(|width| NumberWidth::new(width).ok());
    let request = match request::read(fields.booking(), width) {
        Ok(request) => request,
        Err(missing) => {
            let words: Vec<Phrase> = missing.into_iter().map(request::Missing::phrase).collect();
            return form_page(asking, id, slot, &fields, &words).await;
        }
    };
    let row = Key::roster_row(asking.tenant(), &installation.number(asking.tenant(), &request.number));
    let interview = Key::interview(asking.tenant(), id);
    let known = match asking.known(vec![row.clone(), interview.clone(), Key::hours(slot.nurse())]).await? {
        Ok(known) => known,
        Err(answer) => return Ok(answer),
    };
    if known.tenant.number_width != width {
        return form_page(asking, id, slot, &fields, &[Phrase::DeskBadForm]).await;
    }
    let there = format!("{}/interviews/{id}", asking.app.base());
    if known.fetched.item(&interview).is_some() {
        return web::answer::redirect(&format!("{there}?sent=booked"));
    }
    let row = known.fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let hours = hours_of(&known, slot)?;
    let Some(hours) = hours.filter(|hours| hours.hours.offers(slot, &known.calendar(), asking.now).unwrap_or(false)) else {
        return week::show_week(asking, slot.day(), None, Some(Phrase::BookingTaken)).await;
    };
    let hold = Hold::begun(asking.by, slot, asking.now);
    let admitted = match hold.admit(&known.tenant, &request.name, row.as_ref(), asking.now) {
        Ok(admitted) => admitted,
        Err(why) => return form_page(asking, id, slot, &fields, &[why.phrase()]).await,
    };
    for _ in 0..TRIES {
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        let cover = ledger.ledger.cover(Month::of(slot.day()));
        let Request { details, reason, .. } = request.clone();
        let form = RequestForm { reason, ..RequestForm::default() };
        let next = match admitted.clone().confirm(id, details, cover, &known.calendar(), asking.now) {
            Ok(next) => next,
            Err(why) => return form_page(asking, id, slot, &fields, &[why.phrase()]).await,
        };
        match write(asking, &known, &ledger, &next, &form, (&request.name, &hours.name)).await? {
            Written::Done => return web::answer::redirect(&format!("{there}?sent=booked")),
            Written::Again => {}
            Written::Taken => return week::show_week(asking, slot.day(), None, Some(Phrase::BookingHoldOver)).await,
        }
    }
    week::show_week(asking, slot.day(), None, Some(Phrase::BookingBusy)).await
}

enum Written {
    Done,
    /// Something else happened to the tenant's interviews in between.
    Again,
    /// The hold is over, and somebody else has some of the time.
    Taken,
}

async fn write(
    asking: Asking<'_>,
    known: &Known,
    ledger: &ReadLedger,
    next: &Next<Interview>,
    form: &RequestForm,
    names: (&PersonName, &PersonName),
) -> Result<Written, Error> {
    let (id, slot) = (next.state.head().id, next.state.head().slot);
    let mut transaction = asking.app.store.transaction();
    cell::keep(&mut transaction, slot, id)?;
    StoredInterview::put(&next.state, &mut transaction)?;
    ledger.append(&mut transaction, asking.tenant(), next.event)?;
    if !form.is_missing() {
        let installation = asking.app.parameters.installation().await?;
        StoredForm::none(asking.tenant(), id).replace(&mut transaction, form, &next.state, &installation, asking.now)?;
    }
    mails::queue(asking, known, &mut transaction, &next.state, Happened::Booked, names, form.is_missing()).await?;
    asking.audit.put(&mut transaction)?;
    Ok(match transaction.commit().await? {
        Ok(()) => Written::Done,
        Err(cancelled) if cancelled.by(Guard::Slot) => {
            // The same form may have done its work before.
            let there = asking.app.store.interview(asking.tenant(), id).await?;
            if there.is_some() { Written::Done } else { Written::Taken }
        }
        Err(cancelled) if cancelled.by(Guard::Open) => Written::Done,
        Err(_) => Written::Again,
    })
}
