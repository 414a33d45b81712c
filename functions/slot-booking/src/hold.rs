//! Holding a slot. The hold has the id that its interview will have, so that booking twice finds the interview.

use lambda_http::Error;

use domain::{
    id::InterviewId,
    interview::{admission::Hold, slot::Slot},
    phrase::Phrase,
};
use store::{
    Guard, Key, Wanted,
    entity::{
        cell,
        idempotency::{self, Before},
    },
};

use crate::{
    Asking,
    became::{Held, Not},
    ulid,
};

/// Holds `slot`, in one call.
pub async fn hold(asking: Asking<'_>, slot: Slot, once: Option<&idempotency::Request>) -> Result<Result<Held, Not>, Error> {
    let id = InterviewId::new(ulid());
    let hold = Hold::begun(asking.by, slot, asking.now);
    let mut transaction = asking.app.store.transaction();
    let contact = Key::contact(asking.tenant(), &asking.by.contact.to_string());
    transaction.check(Guard::None, &contact, "attribute_exists(pk)", &[])?;
    cell::hold(&mut transaction, slot, id, hold.until, asking.now)?;
    if let Some(once) = once {
        once.put(&mut transaction, id, Some(hold.until), asking.now)?;
    }
    asking.audit.put(&mut transaction)?;
    if transaction.commit().await?.is_ok() {
        return Ok(Ok(Held { id, slot, until: hold.until }));
    }
    let Some(once) = once else { return Ok(Err(Not::Free(Phrase::BookingTaken, slot.day()))) };
    // The same request may have done its work before, or in this moment.
    let fetched = asking.app.store.fetch(&Wanted { items: vec![once.key.clone()], data_keys: Vec::new() }).await?;
    Ok(match once.before(fetched.item(&once.key), asking.now)? {
        Before::Done { interview, held_until: Some(until) } => Ok(Held { id: interview, slot, until }),
        Before::Other | Before::Done { held_until: None, .. } => Err(Not::TheSameRequest),
        Before::New => Err(Not::Free(Phrase::BookingTaken, slot.day())),
    })
}
