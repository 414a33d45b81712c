//! Deletes a request form with its files, when its month is over, or one file that no form names (row C7), in all versions.

use domain::interview::request_form::kept_until;
use store::{
    Guard, StoreError,
    entity::{
        outbox::{OutboxItem, Outcome},
        request_form::Deletion,
    },
};

use crate::{
    App,
    deliver::{Attempt, open},
};

/// Makes one attempt. What is gone already is as good as deleted.
pub async fn run(app: &App, item: &OutboxItem) -> Result<Attempt, StoreError> {
    let deletion: Deletion = match open(app, item).await? {
        Ok(deletion) => deletion,
        Err(without) => return Ok(without),
    };
    match deletion.file {
        Some(file) => {
            // Whoever names it from now on finds that this item is taken, and does not.
            if !app.store.request_form(deletion.tenant, deletion.interview).await?.names(file) {
                app.documents.delete(&deletion.objects()).await?;
            }
            Ok(Attempt::Accepted)
        }
        None => everything(app, item, deletion).await,
    }
}

async fn everything(app: &App, item: &OutboxItem, deletion: Deletion) -> Result<Attempt, StoreError> {
    let (tenant, now) = (deletion.tenant, app.clock.now());
    // Who moves or ends an interview puts this item anew; that it comes too early is left to nobody's memory.
    if let Some(interview) = app.store.interview(tenant, deletion.interview).await? {
        let after = (kept_until(&interview) - now).to_std().ok().filter(|left| !left.is_zero());
        if after.is_some() {
            return Ok(Attempt::Later { why: "its month is not over", after, token_spent: false });
        }
    }
    app.documents.delete(&deletion.objects()).await?;
    let mut transaction = app.store.transaction();
    app.store.request_form(tenant, deletion.interview).await?.remove(&mut transaction)?;
    item.settle_in(&mut transaction, &Outcome::Sent, now)?;
    match transaction.commit().await? {
        Err(cancelled) if !cancelled.by(Guard::Held) => Err(StoreError::Contention),
        Ok(()) | Err(_) => Ok(Attempt::Settled(Outcome::Sent)),
    }
}
