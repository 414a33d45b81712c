//! Deletes a document in all versions: one that its member withdrew, or whose month is over (row B5).

use store::{
    Documents, Guard, StoreError,
    entity::{
        document::{Becomes, Deletion, State},
        outbox::{OutboxItem, Outcome},
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
    let Deletion { member, consultation, document } = deletion;
    for object in [Documents::upload(member, consultation, document), Documents::key(member, consultation, document)] {
        app.documents.delete(&object).await?;
    }
    let key = deletion.key();
    match app.store.document(&key).await? {
        // What was never uploaded, or comes too late, gives up waiting.
        Some(document) if matches!(document.state, State::Stored | State::Uploading) => {}
        // Withdrawn, or purged in the meantime: the item says so, or is gone.
        Some(_) | None => return Ok(Attempt::Accepted),
    }
    let mut transaction = app.store.transaction();
    Becomes::Expired.write(&mut transaction, &key)?;
    item.settle_in(&mut transaction, &Outcome::Sent, app.clock.now())?;
    match transaction.commit().await? {
        Err(cancelled) if !cancelled.by(Guard::Held) && !cancelled.by(Guard::Exists) => Err(StoreError::Contention),
        Ok(()) | Err(_) => Ok(Attempt::Settled(Outcome::Sent)),
    }
}
