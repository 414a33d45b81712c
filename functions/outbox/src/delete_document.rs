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
    app.documents.delete(&Documents::key(deletion.member, deletion.consultation, deletion.document)).await?;
    let key = deletion.key();
    match app.store.document(&key).await? {
        Some(document) if document.state == State::Stored => {}
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
