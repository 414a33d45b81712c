//! What is shown.

use bytes::Bytes;
use lambda_http::{Body, Error, Response, http::StatusCode};
use web::{answer, form::parameter};

use domain::{phrase::Phrase, roster_file::Kind, roster_month::Month, time};
use store::entity::{audit::Outcome, delivery::Delivery};

use crate::{
    Asking, FINDINGS, LANGUAGE, linked, not_found,
    page::{self, Place, Told},
    route::Name,
    standing::Standing,
    usage,
};

/// Answers a GET.
pub async fn read(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    match asking.asked.route.name {
        Name::Home => home(asking).await,
        Name::Sent => sent(asking).await,
        Name::Deliveries => deliveries(asking).await,
        Name::Delivery => {
            let told = match parameter(asking.request, "sent").as_deref() {
                Some("confirm") => Some(Told::Done(Phrase::RosterConfirmDone)),
                Some("withdraw") => Some(Told::Done(Phrase::RosterWithdrawDone)),
                _ => None,
            };
            delivery(asking, told, StatusCode::OK).await
        }
        Name::Findings => file(asking, FINDINGS, Phrase::ReportFile).await,
        Name::Leavers => file(asking, store::roster_files::LEAVERS, Phrase::RosterMissingFile).await,
        Name::MonthlyTemplate => template(asking, Kind::Monthly, Phrase::RosterTemplateMonthlyFile).await,
        Name::FullTemplate => template(asking, Kind::Full, Phrase::RosterTemplateFullFile).await,
        Name::Reports => usage::reports(asking).await,
        Name::Report => usage::report(asking).await,
        Name::Upload | Name::Confirm | Name::Withdraw => not_found(),
    }
}

async fn home(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let (app, now) = (asking.app, asking.app.clock.now());
    let month = time::month(now);
    let (delivered, deliveries, origin) =
        tokio::try_join!(app.store.has_delivered(asking.tenant.id, &month), app.store.deliveries(asking.tenant.id), app.files.origin(),)?;
    asking.shown().await?;
    let portal = asking.portal();
    let main = page::home(&portal, Month::at(now, delivered), &newest_first(deliveries, now));
    portal.frame(Phrase::RosterHome, Place::Home, &[page::UPLOAD], &origin, &main, |page| answer::page(StatusCode::OK, page))
}

/// What became of an upload: once it is seen it is a delivery, which has a page of its own.
async fn sent(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let deliveries = asking.app.store.deliveries(asking.tenant.id).await?;
    asking.shown().await?;
    if let Some(delivery) = deliveries.iter().find(|delivery| delivery.upload == asking.asked.upload) {
        return answer::redirect(&format!("{}/deliveries/{}", asking.app.base(), delivery.import));
    }
    let portal = asking.portal();
    let main = page::arrives();
    portal.frame(Phrase::RosterSentTitle, Place::Elsewhere, &[page::WATCH], "", &main, |page| answer::page(StatusCode::OK, page))
}

async fn deliveries(asking: Asking<'_>) -> Result<Response<Body>, Error> {
    let deliveries = asking.app.store.deliveries(asking.tenant.id).await?;
    asking.shown().await?;
    let portal = asking.portal();
    let main = page::deliveries(&portal, &newest_first(deliveries, asking.app.clock.now()));
    portal.frame(Phrase::RosterPast, Place::Deliveries, &[], "", &main, |page| answer::page(StatusCode::OK, page))
}

fn newest_first(deliveries: Vec<Delivery>, now: chrono::DateTime<chrono::Utc>) -> Vec<(Delivery, Standing)> {
    let stand = |delivery: Delivery| {
        let standing = Standing::of(&delivery, now);
        (delivery, standing)
    };
    deliveries.into_iter().rev().map(stand).collect()
}

/// A delivery, with a word on what the contact just did.
pub async fn delivery(asking: Asking<'_>, told: Option<Told>, status: StatusCode) -> Result<Response<Body>, Error> {
    let (app, tenant, Some(import)) = (asking.app, asking.tenant.id, asking.asked.import) else { return asking.missing().await };
    let (delivery, report) = tokio::try_join!(app.store.delivery(tenant, import), linked::report(app, tenant, import))?;
    let Some(delivery) = delivery else { return asking.missing().await };
    let standing = Standing::of(&delivery, app.clock.now());
    let left = match standing {
        Standing::AsksContact | Standing::AsksOperator => app.store.roster_month(tenant, &time::month(delivery.received_at)).await?.left,
        Standing::Reading
        | Standing::Confirmed
        | Standing::Withdrawing
        | Standing::Applying
        | Standing::Applied
        | Standing::Repeated
        | Standing::HasErrors
        | Standing::Withdrawn
        | Standing::NotApplied => 0,
    };
    if status == StatusCode::OK {
        asking.shown().await?;
    } else {
        asking.audit(Outcome::Refused).await?;
    }
    let portal = asking.portal();
    let main = page::delivery(&portal, &delivery, standing, report.as_ref(), left, told);
    let scripts: &[&str] = if standing.is_moving() { &[page::WATCH] } else { &[] };
    portal.frame(Phrase::ReportTitle, Place::Deliveries, scripts, "", &main, |page| answer::page(status, page))
}

/// A file about a delivery, for as long as its report can be read.
async fn file(asking: Asking<'_>, file: &'static str, name: Phrase) -> Result<Response<Body>, Error> {
    let (app, tenant, Some(import)) = (asking.app, asking.tenant.id, asking.asked.import) else { return asking.missing().await };
    let (report, content) = tokio::try_join!(linked::report(app, tenant, import), app.files.report(tenant, import, file))?;
    let Some(content) = report.and(content) else { return asking.missing().await };
    asking.shown().await?;
    answer::csv(LANGUAGE.phrase(name), file, content)
}

async fn template(asking: Asking<'_>, kind: Kind, name: Phrase) -> Result<Response<Body>, Error> {
    asking.shown().await?;
    answer::csv(LANGUAGE.phrase(name), "roster.csv", Bytes::from(roster_file::template_csv(kind)))
}
