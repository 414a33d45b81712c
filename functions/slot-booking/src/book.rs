//! Booking a slot on hold.

use lambda_http::Error;

use domain::{
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
        allowance::ReadLedger, cell, hours::NurseHours, idempotency, interview::StoredInterview, request_form::StoredForm, roster as rows,
    },
    transaction::wait_behind,
};

use crate::{Asking, Known, became::Not, mails, width::Width};

/// So often a booking is tried again behind something else that happened to the tenant's interviews.
const TRIES: u32 = 32;

/// Books the slot that `id` holds: claims, interview, what happened, mails, in one transaction.
pub async fn book(
    asking: Asking<'_>,
    id: InterviewId,
    slot: Slot,
    form: request::Form<'_>,
    once: Option<&idempotency::Request>,
) -> Result<Result<InterviewId, Not>, Error> {
    let width = match asking.app.widths.of(asking.tenant()) {
        Some(Width(width)) => width,
        None => match asking.known(Vec::new()).await? {
            Ok(known) => known.tenant.number_width,
            Err(not) => return Ok(Err(not)),
        },
    };
    let request = match request::read(form, width) {
        Ok(request) => request,
        Err(missing) => return Ok(Err(Not::Complete(missing))),
    };
    let row = Key::roster_row(asking.tenant(), &asking.installation.number(asking.tenant(), &request.number));
    let interview = Key::interview(asking.tenant(), id);
    let more = [row.clone(), interview.clone(), Key::hours(slot.nurse())];
    let known = match asking.known(more.into_iter().chain(once.map(|once| once.key.clone())).collect()).await? {
        Ok(known) => known,
        Err(not) => return Ok(Err(not)),
    };
    match asking.repeated(once, &known).await? {
        Ok(None) => {}
        Ok(Some(interview)) => return Ok(Ok(interview)),
        Err(not) => return Ok(Err(not)),
    }
    if known.tenant.number_width != width {
        // The company changed it since: now the new width is known.
        return Box::pin(book(asking, id, slot, form, once)).await;
    }
    if known.fetched.item(&interview).is_some() {
        return Ok(Ok(id));
    }
    let row = known.fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
    let hours = hours_of(&known, slot)?;
    let Some(hours) = hours.filter(|hours| hours.hours.offers(slot, &known.calendar(), asking.now).unwrap_or(false)) else {
        return Ok(Err(Not::Free(Phrase::BookingTaken, slot.day())));
    };
    let hold = Hold::begun(asking.by, slot, asking.now);
    let admitted = match hold.admit(&known.tenant, &request.name, row.as_ref(), asking.now) {
        Ok(admitted) => admitted,
        Err(why) => return Ok(Err(Not::Admitted(why.phrase()))),
    };
    for attempt in 0..TRIES {
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        let cover = ledger.ledger.cover(Month::of(slot.day()));
        let Request { details, reason, .. } = request.clone();
        let attached = RequestForm { reason, ..RequestForm::default() };
        let next = match admitted.clone().confirm(id, details, cover, &known.calendar(), asking.now) {
            Ok(next) => next,
            Err(why) => return Ok(Err(Not::Admitted(why.phrase()))),
        };
        match write(asking, &known, &ledger, &next, &attached, (&request.name, &hours.name), once).await? {
            Written::Done => return Ok(Ok(id)),
            Written::Again => wait_behind(attempt).await,
            // The same key was used in this moment: now it can be read for what.
            Written::Repeated => return Box::pin(book(asking, id, slot, form, once)).await,
            Written::Taken => return Ok(Err(Not::Free(Phrase::BookingHoldOver, slot.day()))),
        }
    }
    Ok(Err(Not::Free(Phrase::BookingBusy, slot.day())))
}

/// The hours of the slot's nurse, where they were read.
pub fn hours_of(known: &Known, slot: Slot) -> Result<Option<NurseHours>, Error> {
    Ok(known.fetched.item(&Key::hours(slot.nurse())).cloned().map(NurseHours::from_item).transpose()?)
}

enum Written {
    Done,
    /// Something else happened to the tenant's interviews in between.
    Again,
    /// The idempotency key was used in between.
    Repeated,
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
    once: Option<&idempotency::Request>,
) -> Result<Written, Error> {
    let (id, slot) = (next.state.head().id, next.state.head().slot);
    let mut transaction = asking.app.store.transaction();
    cell::keep(&mut transaction, slot, id)?;
    StoredInterview::put(&next.state, &mut transaction)?;
    ledger.append(&mut transaction, asking.tenant(), next.event)?;
    if !form.is_missing() {
        StoredForm::none(asking.tenant(), id).replace(&mut transaction, form, &next.state, asking.installation, asking.now)?;
    }
    mails::queue(asking, known, &mut transaction, &next.state, Happened::Booked, names, form.is_missing()).await?;
    if let Some(once) = once {
        once.put(&mut transaction, id, None, asking.now)?;
    }
    asking.audit.put(&mut transaction)?;
    Ok(match transaction.commit().await? {
        Ok(()) => Written::Done,
        Err(cancelled) if cancelled.by(Guard::Slot) => {
            // The same request may have done its work before.
            let there = asking.app.store.interview(asking.tenant(), id).await?;
            if there.is_some() { Written::Done } else { Written::Taken }
        }
        Err(cancelled) if cancelled.by(Guard::Open) => Written::Done,
        Err(cancelled) if cancelled.by(Guard::Unique) => Written::Repeated,
        Err(_) => Written::Again,
    })
}
