//! What the link in a mail opens: one report, for whoever has the link.

use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};

use domain::{
    id::{ImportId, TenantId},
    phrase::Phrase,
    roster_report::Report,
};
use store::StoreError;
use web::answer;

use crate::{
    App, FINDINGS, LANGUAGE, REPORT,
    link::{Asks, Link},
    notice, page,
};

/// Answers one request: 200, 404 where there is nothing to see, 405 for anything but reading.
pub async fn answer(app: &App, request: &Request) -> Result<Response<Body>, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer::not_allowed("GET, HEAD");
    }
    let found = match Link::of(request.uri().path()) {
        Some(link) => read(app, link).await?,
        None => None,
    };
    found.map_or_else(|| notice(StatusCode::NOT_FOUND, Phrase::NotFoundTitle, Phrase::NotFoundText), Ok)
}

/// The answer, where the token is right and the report can be read.
async fn read(app: &App, link: Link<'_>) -> Result<Option<Response<Body>>, Error> {
    let Link { tenant, import, token, asks } = link;
    if !app.parameters.installation().await?.is_report_token(tenant, import, token) {
        return Ok(None);
    }
    let Some(report) = report(app, tenant, import).await? else { return Ok(None) };
    let answer = match asks {
        Asks::Page => answer::page(StatusCode::OK, &page::report(LANGUAGE, &report, token, app.base())),
        Asks::Report => match app.files.report(tenant, import, FINDINGS).await? {
            Some(csv) => answer::csv(LANGUAGE.phrase(Phrase::ReportFile), FINDINGS, csv),
            None => return Ok(None),
        },
    };
    answer.map(Some)
}

/// The report of an import; `None` where there is none, or nobody may read it any more.
pub async fn report(app: &App, tenant: TenantId, import: ImportId) -> Result<Option<Report>, StoreError> {
    let Some(json) = app.files.report(tenant, import, REPORT).await? else { return Ok(None) };
    let unreadable = |_| StoreError::Unreadable { entity: "report on a roster", reason: "it is not its JSON" };
    let report: Report = serde_json::from_slice(&json).map_err(unreadable)?;
    Ok((app.clock.now() < report.readable_until()).then_some(report))
}
