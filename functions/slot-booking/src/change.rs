//! Cancelling an interview and moving it, each in one transaction under the version that is there.

use lambda_http::Error;

use domain::{
    id::InterviewId,
    interview::{
        admission::Hold,
        mail::post::Happened,
        slot::Slot,
        state::{Ended, Interview, Next, Outcome, Refusal},
    },
    phrase::Phrase,
};
use store::{
    Guard, Key,
    entity::{
        allowance::ReadLedger,
        cell, idempotency,
        interview::{StoredInterview, forget_later_mails},
        roster as rows,
    },
    transaction::wait_behind,
};

use crate::{Asking, Known, became::Not, book::hours_of, mails, request_form};

/// So often an act is tried again behind something else that happened to the tenant's interviews.
const TRIES: u32 = 32;

/// Cancels the interview. `in_time` is what the contact was told of the consequence: nothing is done where that has changed.
pub async fn cancel(
    asking: Asking<'_>,
    id: InterviewId,
    in_time: bool,
    once: Option<&idempotency::Request>,
) -> Result<Result<InterviewId, Not>, Error> {
    for attempt in 0..TRIES {
        let (known, before) = match there(asking, id, None, once).await? {
            Ok(There::Before(id)) => return Ok(Ok(id)),
            Ok(There::Now(now)) => *now,
            Err(not) => return Ok(Err(not)),
        };
        if let Interview::Ended(Ended { outcome: Outcome::CancelledInTime | Outcome::CancelledLate { .. }, .. }) = before {
            // The same form may have done its work before.
            return Ok(Ok(id));
        }
        if before.head().deadline.is_met(asking.now) != in_time {
            return Ok(Err(Not::Possible(Phrase::BookingDeadlinePassed)));
        }
        let next: Next<Ended> = match before.clone().cancel(asking.by, asking.now) {
            Ok(next) => next,
            Err(why) => return Ok(Err(Not::Possible(why.phrase()))),
        };
        let happened = Happened::Cancelled { was_confirmed: matches!(before, Interview::Confirmed(_)) };
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        if write(asking, &known, &ledger, &before, &next.into(), happened, once).await? == Written::Done {
            return Ok(Ok(id));
        }
        wait_behind(attempt).await;
    }
    Ok(Err(Not::Possible(Phrase::BookingBusy)))
}

/// Moves the interview to `slot`.
pub async fn move_to(
    asking: Asking<'_>,
    id: InterviewId,
    slot: Slot,
    once: Option<&idempotency::Request>,
) -> Result<Result<InterviewId, Not>, Error> {
    let taken = Not::Free(Phrase::BookingTaken, slot.day());
    for attempt in 0..TRIES {
        let (known, before) = match there(asking, id, Some(slot), once).await? {
            Ok(There::Before(id)) => return Ok(Ok(id)),
            Ok(There::Now(now)) => *now,
            Err(not) => return Ok(Err(not)),
        };
        if before.head().slot == slot && !matches!(before, Interview::Ended(_)) {
            return Ok(Ok(id));
        }
        if !hours_of(&known, slot)?.is_some_and(|of| of.hours.offers(slot, &known.calendar(), asking.now).unwrap_or(false)) {
            return Ok(Err(taken));
        }
        let row = Key::roster_row(asking.tenant(), &asking.installation.number(asking.tenant(), &before.head().number));
        let fetched = asking.app.store.fetch(&store::Wanted { items: vec![row.clone()], data_keys: Vec::new() }).await?;
        let row = fetched.item(&row).cloned().map(rows::from_item).transpose()?.map(|stored| stored.row);
        let hold = Hold::begun(asking.by, slot, asking.now);
        let admitted = match hold.admit_again(&known.tenant, before.head().employment, row.as_ref(), asking.now) {
            Ok(admitted) => admitted,
            Err(why) => return Ok(Err(Not::Possible(why.phrase()))),
        };
        let ledger = asking.app.store.ledger_of_interviews(asking.tenant(), &known.tenant.allowance).await?;
        let cover = ledger.ledger.cover_if_moved(id, slot.day());
        let next = match before.clone().move_to(&admitted, cover, &known.calendar(), asking.now) {
            Ok(next) => next,
            Err(Refusal::SlotBegun) => return Ok(Err(taken)),
            Err(why) => return Ok(Err(Not::Possible(why.phrase()))),
        };
        match write(asking, &known, &ledger, &before, &next, moved(&before), once).await? {
            Written::Done => return Ok(Ok(id)),
            Written::Again => wait_behind(attempt).await,
            Written::Taken => return Ok(Err(taken)),
        }
    }
    Ok(Err(Not::Possible(Phrase::BookingBusy)))
}

enum There {
    /// The same request was carried out before.
    Before(InterviewId),
    /// The interview as it is now.
    Now(Box<(Known, Interview)>),
}

/// Reads the interview, with the hours of the nurse of `slot`.
async fn there(
    asking: Asking<'_>,
    id: InterviewId,
    slot: Option<Slot>,
    once: Option<&idempotency::Request>,
) -> Result<Result<There, Not>, Error> {
    let key = Key::interview(asking.tenant(), id);
    let hours = slot.map(|slot| Key::hours(slot.nurse()));
    let more = [key.clone(), Key::request_form(asking.tenant(), id)].into_iter().chain(hours).chain(once.map(|once| once.key.clone()));
    let known = match asking.known(more.collect()).await? {
        Ok(known) => known,
        Err(not) => return Ok(Err(not)),
    };
    match asking.repeated(once, &known).await? {
        Ok(None) => {}
        Ok(Some(interview)) => return Ok(Ok(There::Before(interview))),
        Err(not) => return Ok(Err(not)),
    }
    let interview = known.fetched.item(&key).cloned().map(StoredInterview::from_item).transpose()?;
    Ok(interview.map(|interview| There::Now(Box::new((known, interview.seen_at(asking.now))))).ok_or(Not::There))
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
    once: Option<&idempotency::Request>,
) -> Result<Written, Error> {
    let id = next.state.head().id;
    let (employee, nurse) = mails::names(asking, known, &next.state).await?;
    let form = request_form::stored(asking, known, id)?;
    let mut transaction = asking.app.store.transaction();
    if let Happened::Moved { .. } = happened {
        cell::take(&mut transaction, next.state.head().slot, id, asking.now)?;
    }
    cell::free(&mut transaction, &next.freed, id)?;
    StoredInterview::put(&next.state, &mut transaction)?;
    ledger.append(&mut transaction, asking.tenant(), next.event)?;
    forget_later_mails(&mut transaction, before.head())?;
    form.follow(&mut transaction, &next.state, asking.installation, asking.now)?;
    mails::queue(asking, known, &mut transaction, &next.state, happened, (&employee, &nurse), form.is_missing()).await?;
    if let Some(once) = once {
        once.put(&mut transaction, id, None, asking.now)?;
    }
    asking.audit.put(&mut transaction)?;
    Ok(match transaction.commit().await? {
        Ok(()) => Written::Done,
        Err(cancelled) if cancelled.by(Guard::Slot) && !cancelled.by(Guard::Open) => Written::Taken,
        Err(_) => Written::Again,
    })
}
