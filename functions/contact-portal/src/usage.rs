//! The reports on how the service is used, as their mails told it: a page shows nothing that was not shown before.

use lambda_http::{Body, Error, Response, http::StatusCode};
use web::answer;

use domain::{
    interview::{month::Month, slot::Slot, state::Interview},
    kpi::{
        layout::Layout,
        period::{Occasion, Report},
        sheet::Sheet,
    },
    phrase::Phrase,
    tenant::Plan,
    time,
};

use crate::{
    Asking, LANGUAGE,
    page::{self, Pack, Place},
};

/// Which there are.
pub async fn reports(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let figures = asking.app.store.figures(asking.tenant.id).await?;
    asking.shown().await?;
    let portal = asking.portal();
    let main = page::reports(&portal, &figures.reports);
    portal.frame(Phrase::UsageTitle, Place::Usage, &[], "", &main, |page| answer::page(StatusCode::OK, page))
}

/// One of them.
pub async fn report(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (app, tenant, Some((occasion, first))) = (asking.app, asking.tenant, asking.asked.report) else { return asking.missing().await };
    let figures = app.store.figures(tenant.id).await?;
    let Some(report) = Report::among(&figures.reports, occasion, first) else { return asking.missing().await };
    let mut shown = figures.shown.clone();
    let sheet = Sheet::of(tenant, (occasion, report), &figures.months, &mut shown)?;
    if shown != figures.shown {
        // What the mail did not tell is decided where it is kept, and that is not here.
        tracing::error!(alarm = "kpi", tenant = %tenant.id, kpi.period = %report.period, "a page would tell more than its mail did");
        return asking.missing().await;
    }
    let pack = match occasion {
        Occasion::Meeting if tenant.contract.plans.contains(&Plan::InterviewSupport) => Some(pack(asking, report.period.last()).await?),
        Occasion::Meeting | Occasion::Service => None,
    };
    asking.shown().await?;
    let portal = asking.portal();
    let main = page::usage(&portal, &tenant.name, &Layout::of(&sheet, LANGUAGE), pack.as_ref());
    portal.frame(Phrase::UsageTitle, Place::Usage, &[], "", &main, |page| answer::page(StatusCode::OK, page))
}

async fn pack(asking: Asking<'_>, month: Month) -> Result<Pack, Error> {
    let (store, tenant, now) = (&asking.app.store, asking.tenant, asking.app.clock.now());
    let (ledger, interviews) = tokio::try_join!(store.ledger_of_interviews(tenant.id, &tenant.allowance), store.interviews(tenant.id))?;
    let next = month.next();
    let planned = interviews.into_iter().filter_map(|interview| match interview.seen_at(now) {
        Interview::Confirmed(confirmed) => Some(confirmed.head.slot),
        Interview::AwaitingApproval(_) | Interview::Ended(_) => None,
    });
    let mut planned: Vec<Slot> = planned.filter(|slot| Month::of(time::jst_date(slot.start())) == next).collect();
    planned.sort();
    Ok(Pack { used: ledger.ledger.statement(month, now).totals(), planned, now })
}
