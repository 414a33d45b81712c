//! Carries out orders to erase: what is found is counted, then deleted, until a look finds nothing; then the order goes and
//! the run counts it, in one transaction. Killed anywhere, it begins with a look again.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, stream};

use domain::id::TenantId;
use store::{
    Documents, StoreError, data_key,
    entity::{
        claim,
        erasure::{Counts, ErasureRequest},
        purge::Tally,
    },
};

use crate::{
    look::{Found, look, sum},
    work::{AT_ONCE, Work},
};

/// So many orders are read at a time.
const PAGE: i32 = 100;
/// So many finished orders are counted in one transaction.
const FINISHED: usize = 25;
/// So often a member is looked for before the next sweep's turn comes.
const LOOKS: usize = 4;

/// What became of an order.
enum Progress {
    /// Nothing is left of the member.
    Done(ErasureRequest, Counts),
    /// Something has to be sent first, or it was finished by somebody else.
    Open,
}

/// Carries out every order that is queued, and answers of which tenants some are left.
pub async fn all(work: &Work<'_>) -> Result<Vec<TenantId>, StoreError> {
    let mut after = None;
    loop {
        let (orders, last) = work.app.store.erasures(after.as_deref(), PAGE).await?;
        if !orders.is_empty() && !work.is_over() {
            let orders: Vec<ErasureRequest> = orders.into_iter().filter_map(|order| readable(work, order)).collect();
            page(work, orders).await?;
        }
        match last {
            Some(last) if !work.is_over() => after = Some(last),
            Some(_) | None => break,
        }
    }
    left(work).await
}

fn readable(work: &Work<'_>, order: Result<ErasureRequest, StoreError>) -> Option<ErasureRequest> {
    order.inspect_err(|error| work.fail(None, error)).ok()
}

async fn page(work: &Work<'_>, orders: Vec<ErasureRequest>) -> Result<(), StoreError> {
    let erased = stream::iter(orders).map(|order| async move {
        let tenant = order.tenant;
        if work.is_over() {
            return None;
        }
        match erase(work, order).await {
            Ok(Progress::Done(order, counts)) => Some((order, counts)),
            Ok(Progress::Open) => None,
            Err(error) => {
                work.fail(Some(tenant), &error);
                None
            }
        }
    });
    let erased: Vec<_> = erased.buffer_unordered(AT_ONCE).collect().await;
    let mut by_tenant: BTreeMap<TenantId, Vec<(ErasureRequest, Counts)>> = BTreeMap::new();
    for (order, counts) in erased.into_iter().flatten() {
        by_tenant.entry(order.tenant).or_default().push((order, counts));
    }
    for (tenant, finished) in by_tenant {
        for some in finished.chunks(FINISHED) {
            if !finish(work, tenant, some).await? {
                // Another purge has finished one of them.
                for one in some {
                    finish(work, tenant, std::slice::from_ref(one)).await?;
                }
            }
        }
    }
    Ok(())
}

async fn finish(work: &Work<'_>, tenant: TenantId, finished: &[(ErasureRequest, Counts)]) -> Result<bool, StoreError> {
    let mut members = BTreeMap::new();
    for (order, _) in finished {
        *members.entry(order.cause).or_default() += 1;
    }
    let counts: Vec<Counts> = finished.iter().map(|(_, counts)| counts.clone()).collect();
    let tally = Tally { members, deleted: sum(&counts), ..Tally::default() };
    let written =
        work.runs.add(work.app, tenant, &tally, |transaction| finished.iter().try_for_each(|(order, _)| order.finish(transaction)));
    let written = written.await?;
    if written {
        work.note(|done| done.erased += finished.len() as u64);
    }
    Ok(written)
}

async fn erase(work: &Work<'_>, order: ErasureRequest) -> Result<Progress, StoreError> {
    let mut counts = order.counts.clone();
    for _ in 0..LOOKS {
        let found = look(work, &order).await?;
        let counted = match counts.take() {
            Some(counts) => counts,
            None => match work.app.store.count_erasure(&order, found.counts()).await? {
                Some(counts) => counts,
                None => return Ok(Progress::Open),
            },
        };
        if found.is_nothing() {
            return Ok(Progress::Done(order, counted));
        }
        if found.is_deleted() {
            return Ok(Progress::Open);
        }
        delete(work, &order, &found).await?;
        counts = Some(counted);
    }
    tracing::error!(alarm = "purge", member = %order.member, "something of a member is found again and again; the next sweep goes on");
    work.leave_open(order.tenant);
    Ok(Progress::Open)
}

async fn delete(work: &Work<'_>, order: &ErasureRequest, found: &Found) -> Result<(), StoreError> {
    let app = work.app;
    work.note(|done| done.other += 1);
    // The key first: from here on nothing can be written for the member, and nothing read.
    if found.data_key || found.claimants.is_some() {
        let mut transaction = app.store.transaction();
        if found.data_key {
            data_key::destroy(&mut transaction, order.member)?;
        }
        if let Some(claimants) = &found.claimants {
            claim::remove(&mut transaction, order.tenant, &order.number, order.member, &order.user, claimants)?;
        }
        // Whoever changed the claim meanwhile is met by the next look.
        transaction.commit().await?.ok();
        app.data_keys.forget(order.key);
    }
    app.store.delete_all(&found.keys).await?;
    if found.objects > 0 {
        app.documents.delete(&Documents::uploads_of_member(order.member)).await?;
        app.documents.delete(&Documents::of_member(order.member)).await?;
    }
    if found.user {
        let stored = app.store.line_user(&order.user).await?;
        // Somebody who begins to register at this moment has a new life.
        if stored.keys().is_empty() {
            let mut transaction = app.store.transaction();
            stored.remove(&mut transaction)?;
            transaction.commit().await?.ok();
        }
    }
    Ok(())
}

/// Of which tenants orders are left: one entry an order.
async fn left(work: &Work<'_>) -> Result<Vec<TenantId>, StoreError> {
    let (mut tenants, mut after) = (Vec::new(), None);
    loop {
        let (orders, last) = work.app.store.erasures(after.as_deref(), PAGE).await?;
        tenants.extend(orders.into_iter().filter_map(Result::ok).map(|order| order.tenant));
        match last {
            Some(last) => after = Some(last),
            None => break,
        }
    }
    let open: BTreeSet<TenantId> = tenants.iter().copied().collect();
    for tenant in open {
        work.leave_open(tenant);
    }
    Ok(tenants)
}
