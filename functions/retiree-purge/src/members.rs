//! Members of whom nothing is heard: who blocks the account, and whose number no roster row has (row A1).

use futures::{StreamExt, stream};

use domain::{
    erasure::{NOTICE, Silence},
    id::TenantId,
    roster::{self, Claim},
};
use store::{
    Key, StoreError, Wanted,
    entity::{
        erasure::Cause,
        line_user::{Membership, StoredLineUser},
    },
    installation::Digest,
};

use crate::{
    close::{Claimant, close as close_member},
    work::{AT_ONCE, FETCH, MOST, Work},
};

/// Closes every member whose term is over.
pub async fn close(work: &Work<'_>) -> Result<(), StoreError> {
    for tenant in work.tenants.keys() {
        let users = work.app.store.members_due(*tenant, work.now, MOST).await?;
        for batch in users.chunks(FETCH) {
            if work.is_over() {
                return Ok(());
            }
            let read = read(work, *tenant, batch).await?;
            let closed = stream::iter(read).map(|(stored, membership)| async move {
                if let Err(error) = judge(work, &stored, &membership).await {
                    work.fail(Some(membership.tenant), &error);
                }
            });
            closed.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        }
    }
    Ok(())
}

/// Members as they are now, in one call. One that cannot be read fails alone.
pub async fn read(work: &Work<'_>, tenant: TenantId, users: &[Digest]) -> Result<Vec<(StoredLineUser, Membership)>, StoreError> {
    let mut members = Vec::with_capacity(users.len());
    for users in users.chunks(FETCH) {
        let items = users.iter().map(Key::line_user).collect();
        let fetched = work.app.store.fetch(&Wanted { items, data_keys: Vec::new() }).await?;
        for user in users {
            match StoredLineUser::of(user, fetched.item(&Key::line_user(user)).cloned()) {
                Ok(stored) => members.extend(stored.membership().filter(|member| member.tenant == tenant).map(|member| (stored, member))),
                Err(error) => work.fail(Some(tenant), &error),
            }
        }
    }
    Ok(members)
}

/// Closes the member, unless the roster knows the number by now, or the operator's terms have changed.
async fn judge(work: &Work<'_>, stored: &StoredLineUser, membership: &Membership) -> Result<(), StoreError> {
    let terms = work.settings.erasure;
    let due = membership.due(terms).filter(|due| due.at <= work.now);
    if due.is_some_and(|due| due.why == Silence::Unmatched)
        && let Some(row) = work.app.store.roster_row(membership.tenant, &membership.number).await?
        && let Claim::Holds(employment) = roster::claim(Some(&row.row), work.now)
    {
        let mut transaction = work.app.store.transaction();
        stored.bind(&mut transaction, employment, terms)?;
        // Who writes at the same time is bound by that.
        transaction.commit().await?.ok();
        work.note(|done| done.other += 1);
        return Ok(());
    }
    if due.is_none() {
        let mut transaction = work.app.store.transaction();
        stored.place_anew(&mut transaction, terms)?;
        transaction.commit().await?.ok();
        return Ok(());
    }
    let claimant = claimant(stored.digest(), membership);
    let cause = |membership: &Membership| {
        let due = membership.due(terms).filter(|due| due.at <= work.now)?;
        Some(match due.why {
            Silence::Blocked => Cause::Blocked,
            Silence::Unmatched => Cause::Unmatched,
        })
    };
    close_member(work, &claimant, cause).await.map(drop)
}

/// A member as who claims their number.
pub fn claimant(user: &Digest, membership: &Membership) -> Claimant {
    let Membership { member, tenant, number, .. } = membership.clone();
    Claimant { member, user: user.clone(), tenant, number }
}

/// Members whose term ends within the week in which they are told.
pub async fn ending_soon(work: &Work<'_>, tenant: TenantId) -> Result<Vec<Digest>, StoreError> {
    work.app.store.members_due(tenant, work.now + NOTICE, MOST).await
}
