//! Members whose data key is gone while they are in the table: it was restored to a moment before they were erased, and the keys were
//! not. Who left the service themselves is found by nothing else, since what they said came after that moment.

use futures::{StreamExt, stream};

use store::{StoreError, Wanted, entity::erasure::Cause};

use crate::{
    close::{Claimant, close as close_member},
    members,
    work::{AT_ONCE, FETCH, Work},
};

/// Closes them all, so that they are erased like everybody else.
pub async fn close(work: &Work<'_>) -> Result<(), StoreError> {
    for tenant in work.tenants.keys() {
        let users = work.app.store.members(*tenant, usize::MAX).await?;
        for batch in users.chunks(FETCH) {
            if work.is_over() {
                work.leave_open(*tenant);
                return Ok(());
            }
            let read = members::read(work, *tenant, batch).await?;
            let data_keys = read.iter().map(|(_, membership)| membership.member).collect();
            let keys = work.app.store.fetch(&Wanted { items: Vec::new(), data_keys }).await?;
            let without = read.into_iter().filter(|(_, membership)| keys.data_key(membership.member).is_none());
            let claimants: Vec<Claimant> = without.map(|(stored, membership)| members::claimant(stored.digest(), &membership)).collect();
            let closed = stream::iter(claimants).map(|claimant| async move {
                if let Err(error) = close_member(work, &claimant, |_| Some(Cause::MembersOwnAct)).await {
                    work.fail(Some(*tenant), &error);
                }
            });
            closed.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        }
    }
    Ok(())
}
