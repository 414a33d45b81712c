//! Ends the runs of tenants of whom nobody is left to be erased, each in one transaction with its certificate's mails.

use domain::{id::TenantId, tenant::Tenant};
use store::{
    Key, StoreError,
    entity::{contact::Contact, outbox, outbox::NewItem, purge::PurgeRun},
};

use crate::{certificate, contracts, work::Work};

/// Ends every run that can end.
pub async fn all(work: &Work<'_>) -> Result<(), StoreError> {
    for id in work.app.store.open_purges().await? {
        if !work.is_finished(id) {
            continue;
        }
        if let Err(error) = complete(work, id).await {
            work.fail(Some(id), &error);
        }
    }
    Ok(())
}

async fn complete(work: &Work<'_>, id: TenantId) -> Result<(), StoreError> {
    let app = work.app;
    let Some(mut run) = app.store.open_purge(id).await? else { return Ok(()) };
    let tenant = work.tenants.get(&id);
    let ended = tenant.filter(|tenant| contracts::is_over(work, tenant));
    if ended.is_some() {
        let Some(cleared) = contracts::clear(app, id, run).await? else { return Ok(()) };
        run = cleared;
    }
    let mut transaction = app.store.transaction();
    if run.tally.is_empty() && ended.is_none() {
        run.forget(&mut transaction)?;
        transaction.commit().await?.ok();
        return Ok(());
    }
    if run.tally.leavers > 0 {
        app.files.drop_leavers(id).await?;
    }
    if let Some(had) = &run.tenant_had {
        let had = store::entity::purge::Tally { deleted: had.clone(), ..Default::default() };
        run.tally.add(&had);
    }
    let now = app.clock.now();
    let run = run.complete(&mut transaction, now)?;
    if let Some(tenant) = ended {
        contracts::remove(&mut transaction, tenant)?;
    }
    let contacts = if ended.is_some() || run.tally.leavers == 0 { Vec::new() } else { app.store.contacts(id).await? };
    let contacts = app.store.reachable(contacts, &work.installation).await?;
    for item in mails(work, &run, tenant, &contacts)? {
        item.pending(now).put(&mut transaction)?;
    }
    // Somebody who was found in between keeps the run open.
    if transaction.commit().await?.is_ok() {
        work.note(|done| done.other += 1);
        tracing::info!(purge.run = %run.id, tenant = %id, purge.leavers = run.tally.leavers, "a run of the purge is complete");
    }
    Ok(())
}

/// The certificate in full for the operators; for the contacts run, date and number of leavers.
fn mails(work: &Work<'_>, run: &PurgeRun, tenant: Option<&Tenant>, contacts: &[Contact]) -> Result<Vec<NewItem>, StoreError> {
    let name = tenant.map_or_else(|| run.tenant.to_string(), |tenant| tenant.name.clone());
    let operators = &work.settings.operators;
    if operators.is_empty() {
        tracing::error!(alarm = "operators", "nobody gets the certificate of erasure: run `ops settings set --operator`");
    }
    let mut items = Vec::new();
    for to in operators {
        let id = outbox::fresh_id();
        items.push(NewItem::mail(Key::outbox_of_operator(id), id, &certificate::full(run, &name, to.clone()), &work.installation)?);
    }
    for contact in contacts {
        let id = outbox::fresh_id();
        let mail = certificate::of_contact(run, &name, contact);
        items.push(NewItem::mail(Key::outbox_of_tenant(run.tenant, id), id, &mail, &work.installation)?);
    }
    Ok(items)
}
