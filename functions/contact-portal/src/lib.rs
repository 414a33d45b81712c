//! The pages for the contacts of client companies. The first one: the report on a delivered roster (row D1).
//!
//! * **Trigger:** `GET /contacts/rosters/{tenant}/{import}/{token}`, and `…/report.csv` below it (API Gateway,
//!   HTTP API). The token is made from the installation's secret and opens this one report; nobody signs in.
//! * **Reads:** the installation's secret (SSM, once), `roster-out/{tenant}/{import}/…` in the bucket.
//! * **Writes:** nothing.
//! * **On failure:** a page that says so, with status 500. A report that is not there, is older than 30 days, or was asked for
//!   with a wrong token is the same 404: nobody finds out which reports there are.
//!
//! In reading order: [`handle`], `route` (what an address asks for), `page` (a report as HTML); the frame around it is
//! [`web::frame`].

mod page;
mod route;

use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};

use domain::{phrase::Phrase, roster_report::Report, text::Language};
use runtime::{Aws, Clock, Environment};
use store::{Parameters, StoreError, roster_files::RosterFiles};
use web::{Page, answer};

use self::route::{Asks, Route};

/// What the function needs, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    parameters: Parameters,
    files: RosterFiles,
    clock: Clock,
}

/// The names of the files about an import, below `roster-out/{tenant}/{import}/`.
const REPORT: &str = "report.json";
const FINDINGS: &str = "report.csv";

/// Contacts read Japanese; the catalogue has the other language for when one of them does not.
const LANGUAGE: Language = Language::Ja;

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            files: RosterFiles::new(aws.s3(), &environment.bucket),
            clock,
        }
    }
}

/// Answers one request: 200, 404 where there is nothing to see, 405 for anything but reading, 500 for our own failure.
///
/// # Errors
/// None but an answer that cannot be built: every failure is a page, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return answer::not_allowed("GET, HEAD");
    }
    let found = match Route::of(request.uri().path()) {
        Some(route) => read(app, route).await,
        None => Ok(None),
    };
    match found {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => answer::page(StatusCode::NOT_FOUND, &Page::notice(LANGUAGE, Phrase::NotFoundTitle, Phrase::NotFoundText)),
        Err(error) => {
            tracing::error!(%error, "a contact's page could not be made");
            answer::page(StatusCode::INTERNAL_SERVER_ERROR, &Page::notice(LANGUAGE, Phrase::FailureTitle, Phrase::FailureText))
        }
    }
}

/// The answer, where the token is right and the report can be read.
async fn read(app: &App, route: Route<'_>) -> Result<Option<Response<Body>>, Error> {
    let Route { tenant, import, token, asks } = route;
    if !app.parameters.installation().await?.is_report_token(tenant, import, token) {
        return Ok(None);
    }
    let Some(report) = report(app, route).await? else { return Ok(None) };
    let answer = match asks {
        Asks::Page => answer::page(StatusCode::OK, &page::report(LANGUAGE, &report, token)),
        Asks::Report => match app.files.report(tenant, import, FINDINGS).await? {
            Some(csv) => answer::csv(LANGUAGE.phrase(Phrase::ReportFile), FINDINGS, csv),
            None => return Ok(None),
        },
    };
    answer.map(Some)
}

/// The report of an import; `None` where there is none, or nobody may read it any more.
async fn report(app: &App, Route { tenant, import, .. }: Route<'_>) -> Result<Option<Report>, StoreError> {
    let Some(json) = app.files.report(tenant, import, REPORT).await? else { return Ok(None) };
    let unreadable = |_| StoreError::Unreadable { entity: "report on a roster", reason: "it is not its JSON" };
    let report: Report = serde_json::from_slice(&json).map_err(unreadable)?;
    Ok((app.clock.now() < report.readable_until()).then_some(report))
}
