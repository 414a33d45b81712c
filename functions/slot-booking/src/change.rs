//! Cancelling an interview and moving it, each in one transaction under the version that is there.

use lambda_http::{Body, Error, Response, http::StatusCode};

use domain::{
    interview::{
        admission::Hold,
        mail::post::Happened,
        state::{Ended, Interview, Next, Refusal},
    },
    phrase::Phrase,
};
use store::{
    Guard, Key,
    entity::{
        allowance::ReadLedger,
        cell,
        hours::NurseHours,
        interview::{StoredInterview, forget_reminder},
        roster as rows,
    },
};

use crate::{Asking, Known, form, mails, not_found, read, request_form, week};

/// So often an act is tried again behind something else that happened to the tenant's interviews.
const TRIES: u8 = 32;

/// Cancels the interview; the form says what the contact was told of the consequence, and nothing is done where that has changed.
pub async fn cancel(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = match asking.fields().await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let Some(id) = asking.asked.interview else { return not_found() };
    let key = Key::interview(asking.tenant(), id);
    for _ in 0..TRIES {
        let known = match asking.known(vec![key.clone(), Key::request_form(asking.tenant(), id)]).await? {
            Ok(known) => known,
            Err(answer) => return Ok(answer),
        };
        let Some(interview) = known.fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()? else { return not_found() };
        let interview = interview.seen_at(asking.now);
        let told = interview.head().deadline.is_met(asking.now);
        if fields.get("in-time") != Some(if told { "1" } else { "0" }) {
            return read::interview(asking, Some(Phrase::BookingDeadlinePassed), StatusCode::CONFLICT).await;
        }
        let before = interview.clone();
        let next: Next<Ended> = match interview.cancel(asking.by, asking.now) {
            Ok(next) => next,
            // The same form may have done its work before.
            Err(Refusal::IsOver) => return done(asking, "cancelled"),
            Err(why) => return read::interview(asking, Some(why.phrase()), StatusCode::CONFLICT).await,
        };
        let happened = Happened::Cancelled { was_confirmed: matches!(before, Interview::Confirmed(_)) };
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        if write(asking, &known, &ledger, &before, &next.into(), happened).await? == Written::Done {
            return done(asking, "cancelled");
        }
    }
    read::interview(asking, Some(Phrase::BookingBusy), StatusCode::CONFLICT).await
}

/// Moves the interview to the slot that the form names.
pub async fn move_to(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let fields = match asking.fields().await? {
        Ok(fields) => fields,
        Err(answer) => return Ok(answer),
    };
    let slot = fields.get("slot").and_then(form::slot);
    let (Some(id), Some(slot)) = (asking.asked.interview, slot) else { return not_found() };
    let key = Key::interview(asking.tenant(), id);
    for _ in 0..TRIES {
        let keys = vec![key.clone(), Key::request_form(asking.tenant(), id), Key::hours(slot.nurse())];
        let known = match asking.known(keys).await? {
            Ok(known) => known,
            Err(answer) => return Ok(answer),
        };
        let Some(interview) = known.fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()? else { return not_found() };
        let interview = interview.seen_at(asking.now);
        if interview.head().slot == slot {
            return done(asking, "moved");
        }
        let hours = known.fetched.item(&Key::hours(slot.nurse())).cloned().map(NurseHours::from_item).transpose()?;
        if !hours.is_some_and(|hours| hours.hours.offers(slot, &known.calendar(), asking.now).unwrap_or(false)) {
            return week::show_week(asking, slot.day(), Some(id), Some(Phrase::BookingTaken)).await;
        }
        let installation = asking.app.parameters.installation().await?;
        let row = Key::roster_row(asking.tenant(), &installation.number(asking.tenant(), &interview.head().number));
        let wanted = store::Wanted { items: vec![row.clone()], data_keys: Vec::new() };
        let fetched = asking.app.store.fetch(&wanted).await?;
        let row = fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
        let hold = Hold::begun(asking.by, slot, asking.now);
        let admitted = match hold.admit_again(&known.tenant, interview.head().employment, row.as_ref(), asking.now) {
            Ok(admitted) => admitted,
            Err(why) => return read::interview(asking, Some(why.phrase()), StatusCode::CONFLICT).await,
        };
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        let cover = ledger.ledger.cover_if_moved(id, slot.day());
        let before = interview.clone();
        let next = match interview.move_to(&admitted, cover, &known.calendar(), asking.now) {
            Ok(next) => next,
            Err(why) => return read::interview(asking, Some(why.phrase()), StatusCode::CONFLICT).await,
        };
        match write(asking, &known, &ledger, &before, &next, moved(&before)).await? {
            Written::Done => return done(asking, "moved"),
            Written::Again => {}
            Written::Taken => return week::show_week(asking, slot.day(), Some(id), Some(Phrase::BookingTaken)).await,
        }
    }
    read::interview(asking, Some(Phrase::BookingBusy), StatusCode::CONFLICT).await
}

const fn moved(before: &Interview) -> Happened {
    Happened::Moved { from: before.head().slot, was_confirmed: matches!(before, Interview::Confirmed(_)) }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Written {
    Done,
    /// Somebody else wrote in between.
    Again,
    /// Somebody else has some of the new time.
    Taken,
}

/// Writes what comes next, behind the very `ledger` that it was decided by.
async fn write(
    asking: Asking<'_>,
    known: &Known,
    ledger: &ReadLedger,
    before: &Interview,
    next: &Next<Interview>,
    happened: Happened,
) -> Result<Written, Error> {
    let id = next.state.head().id;
    let (employee, nurse) = mails::names(asking, known, &next.state).await?;
    let form = request_form::stored(asking, known, id)?;
    let installation = asking.app.parameters.installation().await?;
    let mut transaction = asking.app.store.transaction();
    if let Happened::Moved { .. } = happened {
        cell::take(&mut transaction, next.state.head().slot, id, asking.now)?;
    }
    cell::free(&mut transaction, &next.freed, id)?;
    StoredInterview::put(&next.state, &mut transaction)?;
    ledger.append(&mut transaction, asking.tenant(), next.event)?;
    forget_reminder(&mut transaction, before.head())?;
    form.follow(&mut transaction, &next.state, &installation, asking.now)?;
    mails::queue(asking, known, &mut transaction, &next.state, happened, (&employee, &nurse), form.is_missing()).await?;
    asking.audit.put(&mut transaction)?;
    Ok(match transaction.commit().await? {
        Ok(()) => Written::Done,
        Err(cancelled) if cancelled.by(Guard::Slot) && !cancelled.by(Guard::Open) => Written::Taken,
        Err(_) => Written::Again,
    })
}

fn done(asking: Asking<'_>, sent: &str) -> Result<Response<Body>, Error> {
    let Some(id) = asking.asked.interview else { return not_found() };
    web::answer::redirect(&format!("{}/interviews/{id}?sent={sent}", asking.app.base()))
}
