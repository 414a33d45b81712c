//! Counts a month and freezes it, with what the company may see of it.

use futures::try_join;

use domain::{
    interview::month::Month,
    kpi::{
        figures::{Counted, Frozen, People, Waiting},
        marker::Kind,
    },
    tenant::Tenant,
};
use store::entity::{figures::Figures, first_answer::FirstAnswer};

use crate::work::{Failure, Work};

/// Freezes `month` behind the months in `figures`; `false` where somebody else did.
pub async fn close(work: &Work<'_>, tenant: &Tenant, month: Month, figures: &Figures) -> Result<bool, Failure> {
    let counted = count(work, tenant, month, figures).await?;
    let frozen = Frozen::new(counted).map_err(|impossible| Failure::Impossible(month, impossible))?;
    let mut shown = figures.shown.clone();
    shown.show(&frozen);
    let mut transaction = work.app.store.transaction();
    figures.freeze(&mut transaction, tenant.id, &frozen, work.now)?;
    figures.show(&mut transaction, tenant.id, &shown)?;
    Ok(transaction.commit().await?.is_ok())
}

async fn count(work: &Work<'_>, tenant: &Tenant, month: Month, figures: &Figures) -> Result<Counted, Failure> {
    let (store, id) = (&work.app.store, tenant.id);
    let (joined, left, active, consultations, answers) = try_join!(
        store.markers(id, month, Kind::Registered),
        store.markers(id, month, Kind::Left),
        store.markers(id, month, Kind::Active),
        store.markers_by_person(id, month, Kind::ConsultationOpened),
        store.first_answers(id, month),
    )?;
    let minutes = |answer: &FirstAnswer| u32::try_from(answer.minutes.max(0)).unwrap_or(u32::MAX);
    let interviews = store.ledger_of_interviews(id, &tenant.allowance).await?.ledger.statement(month, work.now).totals();
    Ok(Counted {
        month,
        roster: work.without_access.roster(&work.app.store, id, month).await?,
        // A tenant's first month begins with nobody.
        before: figures.months.get(&month.previous()).map_or(0, |before| before.people(People::Registered)),
        joined,
        left,
        active,
        consultations: consultations.acts,
        consulting: consultations.people,
        waiting: Waiting::of(answers.iter().map(minutes).collect()),
        interviews: u32::try_from(interviews.base + interviews.carried_in + interviews.extra).unwrap_or(u32::MAX),
        content: None,
        event_entries: None,
    })
}
