//! Employments that are to be erased: their members are closed first, then the roster row loses them.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};

use domain::{
    erasure::Parting,
    id::{MemberId, TenantId},
};
use store::{
    Key, StoreError, Transaction, Wanted,
    entity::{
        claim::{self, Claimants},
        erasure::Cause,
        purge::Tally,
        roster::{self, StoredRow},
    },
    installation::Digest,
};

use crate::{
    close::{Claimant, Closed, close as close_member},
    interviews,
    work::{AT_ONCE, MOST, Work},
};

/// Rows at a time: each is two items of a transaction, which holds a hundred.
const ROWS: usize = 40;

/// A row of which somebody is to be erased, with those who claim its number.
pub struct Due {
    pub tenant: TenantId,
    pub number: Digest,
    pub row: StoredRow,
    pub claimants: Claimants,
    parting: Parting,
}

/// Closes the members of all leavers who are due, and takes the employments out of the roster.
pub async fn close(work: &Work<'_>) -> Result<(), StoreError> {
    let keys = work.app.store.leaving(work.now, MOST).await?;
    for batch in keys.chunks(ROWS) {
        if work.is_over() {
            return Ok(());
        }
        leave(work, batch).await?;
    }
    Ok(())
}

async fn leave(work: &Work<'_>, keys: &[Key]) -> Result<(), StoreError> {
    let due = read(work, keys).await?;
    let closed = stream::iter(due).map(|due| async move {
        let stays = close_claimants(work, &due).await;
        (due, stays)
    });
    let closed: Vec<_> = closed.buffer_unordered(AT_ONCE).collect().await;
    let mut removable = Vec::new();
    let (mut again, mut stays_by_row) = (Vec::new(), BTreeMap::new());
    for (due, stays) in closed {
        match stays {
            Err(error) => work.fail(Some(due.tenant), &error),
            Ok(_) if due.claimants.all().next().is_none() => removable.push(due),
            Ok(stays) => {
                let key = Key::roster_row(due.tenant, &due.number);
                stays_by_row.insert(key.clone(), stays);
                again.push(key);
            }
        }
    }
    // Nobody may have slipped in while the members were closed.
    for due in read(work, &again).await? {
        let stays = stays_by_row.remove(&Key::roster_row(due.tenant, &due.number)).unwrap_or_default();
        if due.claimants.all().all(|(member, _)| stays.contains(&member)) {
            removable.push(due);
        } else {
            work.leave_open(due.tenant);
        }
    }
    let mut by_tenant: BTreeMap<TenantId, Vec<Due>> = BTreeMap::new();
    for due in removable {
        by_tenant.entry(due.tenant).or_default().push(due);
    }
    for (tenant, due) in by_tenant {
        let ended = due.iter().flat_map(|due| due.parting.ended.iter().copied()).collect();
        // Their interviews first: as long as the row is there, the next sweep comes back for them.
        if interviews::erase(work, tenant, &ended).await? {
            remove(work, tenant, &due).await?;
        } else {
            work.leave_open(tenant);
        }
    }
    Ok(())
}

/// Reads rows with the claims on their numbers, in one call; those of which nothing is due (any more) are left out.
async fn read(work: &Work<'_>, keys: &[Key]) -> Result<Vec<Due>, StoreError> {
    let rows = with_claims(work, keys).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(tenant, number, row, claimants)| {
            let parting = Parting::of(&row.row, work.now)?;
            Some(Due { tenant, number, row, claimants, parting })
        })
        .collect())
}

/// Rows with the claims on their numbers, in one call. A row that cannot be read fails alone.
pub async fn with_claims(work: &Work<'_>, keys: &[Key]) -> Result<Vec<(TenantId, Digest, StoredRow, Claimants)>, StoreError> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let known: Vec<_> = keys.iter().filter_map(|key| Some((key, Digest::of_roster_row(key)?))).collect();
    let items = known.iter().flat_map(|(key, (tenant, number))| [(*key).clone(), Key::claim(*tenant, number)]).collect();
    let fetched = work.app.store.fetch(&Wanted { items, data_keys: Vec::new() }).await?;
    let mut rows = Vec::with_capacity(known.len());
    for (key, (tenant, number)) in known {
        let Some(item) = fetched.item(key) else { continue };
        match roster::from_item(item.clone()) {
            Ok(row) => {
                let claimants = Claimants::of(fetched.item(&Key::claim(tenant, &number)));
                rows.push((tenant, number, row, claimants));
            }
            Err(error) => work.fail(Some(tenant), &error),
        }
    }
    Ok(rows)
}

/// Closes those who go with the row, and answers who of the claimants stays.
async fn close_claimants(work: &Work<'_>, due: &Due) -> Result<BTreeSet<MemberId>, StoreError> {
    let mut stays = BTreeSet::new();
    for (member, user) in due.claimants.all() {
        let claimant = Claimant { member, user, tenant: due.tenant, number: due.number.clone() };
        match close_member(work, &claimant, |membership| due.parting.takes(membership.employment).then_some(Cause::Left)).await? {
            Closed::Now => {}
            Closed::Stays | Closed::Elsewhere => {
                stays.insert(member);
            }
        }
    }
    Ok(stays)
}

/// Takes the employments out of the roster, all rows in one transaction; one by one where one of them changed meanwhile.
async fn remove(work: &Work<'_>, tenant: TenantId, due: &[Due]) -> Result<(), StoreError> {
    if write(work, tenant, due).await? {
        return Ok(());
    }
    for due in due {
        if !write(work, tenant, std::slice::from_ref(due)).await? {
            work.leave_open(tenant);
        }
    }
    Ok(())
}

async fn write(work: &Work<'_>, tenant: TenantId, due: &[Due]) -> Result<bool, StoreError> {
    let leavers: u64 = due.iter().map(|due| due.parting.ended.len() as u64).sum();
    let rows = due.iter().filter(|due| due.parting.rest.employments.is_empty()).count() as u64;
    let deleted = if rows > 0 { [("RosterRow".to_owned(), rows)].into() } else { BTreeMap::new() };
    let tally = Tally { leavers, deleted, ..Tally::default() };
    let writes = |transaction: &mut Transaction<'_>| {
        due.iter().try_for_each(|due| {
            roster::replace(transaction, tenant, &due.number, Some(&due.row), &due.parting.rest)?;
            claim::unchanged(transaction, tenant, &due.number, &due.claimants)
        })
    };
    let written = work.runs.add(work.app, tenant, &tally, writes).await?;
    if written {
        work.note(|done| done.leavers += leavers);
    }
    Ok(written)
}
