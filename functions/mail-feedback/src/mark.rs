//! Marks an address and tells the operators, once.

use std::collections::BTreeSet;

use domain::{personal::MailAddress, unreachable};
use store::{
    Guard, Key, StoreError,
    entity::{marked_address::Mark, outbox::NewItem},
};

use crate::{App, feedback::Failed, holders};

/// Marks `address`, to which the mail went that `failed`, unless it is marked.
pub async fn mark(app: &App, failed: &Failed, address: &MailAddress) -> Result<(), StoreError> {
    let installation = app.parameters.installation().await?;
    if !app.store.marks([address], &installation).await?.is_empty() {
        return Ok(());
    }
    let settings = app.store.settings().await?;
    let holders = holders::of(app, address, &installation, &settings).await?;
    // Whom this mail would not reach needs not be told by mail: there is the alarm.
    let operators: BTreeSet<&MailAddress> = settings.operators.iter().filter(|operator| !operator.is_same(address)).collect();
    let now = app.clock.now();
    let mut transaction = app.store.transaction();
    if !holders.is_empty() {
        Mark { why: failed.why, since: now }.put(&mut transaction, address, &installation)?;
    }
    for operator in &operators {
        // One mail for each mail that failed: an event that comes again after the mark was taken back marks nothing anew.
        let id = installation.outbox_id(&["unreachable", &failed.message, &address.normalised(), operator.expose()]);
        let mail = unreachable::mail((*operator).clone(), failed.why, &holders);
        NewItem::mail(Key::outbox_of_operator(id), id, &mail, &installation)?.pending(now).put(&mut transaction)?;
    }
    if !(holders.is_empty() && operators.is_empty()) {
        match transaction.commit().await? {
            Ok(()) => {}
            // Another event was faster.
            Err(cancelled) if cancelled.by(Guard::Unique) => return Ok(()),
            Err(_) => return Err(StoreError::Contention),
        }
    }
    tracing::error!(
        alarm = "mail",
        mail.message = failed.message,
        mail.why = failed.why.code(),
        mail.holders = holders.len(),
        mail.told = operators.len(),
        "mails do not reach an address"
    );
    Ok(())
}
