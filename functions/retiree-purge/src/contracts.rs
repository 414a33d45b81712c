//! Tenants whose contract is over: all their members are closed, and after that everything of the tenant goes (rows D2, D6).

use std::collections::BTreeMap;

use futures::{StreamExt, stream};

use domain::{erasure::contract_erased_from, id::TenantId, tenant::Tenant};
use store::{
    Documents, Key, StoreError, Transaction,
    entity::{
        erasure::{Cause, Counts},
        purge::PurgeRun,
    },
};

use crate::{
    App,
    close::close as close_member,
    look::{OBJECTS, kind},
    members,
    work::{AT_ONCE, FETCH, MOST, Work},
};

/// Whether everything of the tenant is to go.
pub fn is_over(work: &Work<'_>, tenant: &Tenant) -> bool {
    contract_erased_from(&tenant.contract).is_some_and(|from| from <= work.now)
}

/// Closes all members of tenants whose contract is over, each of which gets a run.
pub async fn close(work: &Work<'_>) -> Result<(), StoreError> {
    for tenant in work.tenants.values().filter(|tenant| is_over(work, tenant)) {
        work.runs.begin(work.app, tenant.id).await?;
        let users = work.app.store.members(tenant.id, MOST).await?;
        for batch in users.chunks(FETCH) {
            if work.is_over() {
                return Ok(());
            }
            let read = members::read(work, tenant.id, batch).await?;
            let closed = stream::iter(read).map(|(stored, membership)| async move {
                let claimant = members::claimant(stored.digest(), &membership);
                if let Err(error) = close_member(work, &claimant, |_| Some(Cause::ContractEnd)).await {
                    work.fail(Some(tenant.id), &error);
                }
            });
            closed.buffer_unordered(AT_ONCE).collect::<Vec<()>>().await;
        }
        // A partition of the index that was not read to its end goes on with the next sweep.
        if users.len() >= MOST {
            work.leave_open(tenant.id);
        }
    }
    Ok(())
}

/// What files of a tenant begin with.
fn folders(tenant: TenantId) -> [String; 3] {
    [format!("roster-in/{tenant}/"), format!("roster-out/{tenant}/"), Documents::request_forms(tenant)]
}

/// The partitions of a tenant.
fn partitions(tenant: TenantId) -> Vec<String> {
    let own = [Key::tenant(tenant).pk, Key::partition_of_interviews(tenant), Key::partition_of_request_forms(tenant)];
    Key::roster_partitions(tenant).chain(own).collect()
}

/// What there is of a tenant, and where, without the tenant's own item, which goes last.
async fn found(app: &App, tenant: TenantId) -> Result<(Counts, Vec<Key>), StoreError> {
    let partitions = partitions(tenant);
    let outlines = partitions.iter().map(async |pk| app.store.outline(pk, &["kind"]).await);
    let items = futures::future::try_join_all(outlines).await?.concat();
    let (mut counts, mut keys) = (BTreeMap::new(), Vec::new());
    for item in &items {
        let Some(key) = Key::of(item).filter(|key| *key != Key::tenant(tenant)) else { continue };
        *counts.entry(kind(item)).or_default() += 1;
        keys.push(key);
    }
    let mut objects = 0;
    for folder in folders(tenant) {
        objects += app.documents.count(&folder).await?;
    }
    if objects > 0 {
        counts.insert(OBJECTS.to_owned(), objects);
    }
    Ok((counts, keys))
}

/// Deletes what is left of a tenant without members; `run` tells, from the first time on, what there was. Answers the run, and
/// whether nothing was found afterwards.
pub async fn clear(app: &App, tenant: TenantId, run: PurgeRun) -> Result<Option<PurgeRun>, StoreError> {
    let (counts, mut keys) = found(app, tenant).await?;
    let mut run = run;
    if run.tenant_had.is_none() {
        run.tenant_had = Some(counts);
        let mut transaction = app.store.transaction();
        run.write(&mut transaction)?;
        if transaction.commit().await?.is_err() {
            return Ok(None);
        }
        run = run.written();
    }
    for _ in 0..PASSES {
        app.store.delete_all(&keys).await?;
        for folder in folders(tenant) {
            app.documents.delete(&folder).await?;
        }
        let (left, more) = found(app, tenant).await?;
        if left.is_empty() {
            return Ok(Some(run));
        }
        keys = more;
    }
    Ok(None)
}

/// Somebody may still write for a tenant that ends: so often it is looked at again.
const PASSES: usize = 3;

/// Removes the tenant itself, its entry and its registration code.
pub fn remove(transaction: &mut Transaction<'_>, tenant: &Tenant) -> Result<(), StoreError> {
    transaction.delete(&Key::tenant(tenant.id))?;
    transaction.delete(&Key::tenant_entry(tenant.id))?;
    transaction.delete(&Key::code(&tenant.code))
}
