//! Members upload documents to their consultation (row B5). Two functions, because they need different permissions: one that
//! anybody can call and that reads no object, and one that reads what was uploaded.
//!
//! `document-upload`, the page:
//! * **Trigger:** `GET /documents/{link}` and `POST /documents/{link}` (API Gateway, HTTP API). The link comes from the chat, is
//!   made with the installation's secret and good for a week; nobody signs in. It can only add: nothing is listed or shown.
//! * **Reads:** the installation's secret (SSM); the LINE user; tenant, roster row and consultation in one call; for a `POST` the
//!   data key and the consultation's documents.
//! * **Writes:** the document as `Uploading` and its deletion in a month, in one transaction; hands out a presigned `PUT` into the
//!   quarantine, `uploads/{member}/{consultation}/{document}`.
//! * **On failure:** a page, or JSON, that says so, with status 500. A link that is too old, or whose member has left, is 410.
//!
//! `document-arrival`, see [`arrival`].
//!
//! In reading order: [`handle`], `admit` (who may add), `permit` (what may be added), `page`, `answer`; then [`arrival`] and
//! `keep` (what becomes of an object).

mod admit;
mod answer;
pub mod arrival;
mod fresh;
mod keep;
mod page;
mod permit;

use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};

use domain::{phrase::Phrase, text::Language};
use runtime::{Aws, Clock, Environment};
use store::{DataKeys, Documents, Parameters, Store};
use web::Page;

use self::{
    admit::{Admission, admit},
    permit::Answer,
};

/// What the functions need, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    store: Store,
    data_keys: DataKeys,
    parameters: Parameters,
    documents: Documents,
    clock: Clock,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub fn new(environment: &Environment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            data_keys: DataKeys::new(aws.kms(), &environment.kms_key),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            clock,
        }
    }
}

/// Whose language is not known reads Japanese.
const LANGUAGE: Language = Language::Ja;

/// Answers one request.
///
/// # Errors
/// None but an answer that cannot be built: every failure is told, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let link = link(request.uri().path());
    match *request.method() {
        Method::GET | Method::HEAD => show(app, link).await,
        Method::POST => answer::json(&match permit::run(app, link, request.body()).await {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!(%error, "an upload could not be permitted");
                Answer::Failure
            }
        }),
        _ => web::answer::not_allowed("GET, HEAD, POST"),
    }
}

/// What stands behind `…/documents/` (a stage may stand before it).
fn link(path: &str) -> &str {
    path.split_once("/documents/").map_or("", |(_, link)| link)
}

async fn show(app: &App, link: &str) -> Result<Response<Body>, Error> {
    let over = |status| web::answer::page(status, &Page::notice(LANGUAGE, Phrase::UploadOverTitle, Phrase::UploadOverText));
    let shown = async {
        Ok::<_, store::StoreError>(match admit(app, link, app.clock.now()).await? {
            Admission::Admitted(admitted) => Ok((admitted.language, app.documents.origin().await?)),
            Admission::Over => Err(StatusCode::GONE),
            Admission::Unknown => Err(StatusCode::NOT_FOUND),
        })
    };
    match shown.await {
        Ok(Ok((language, origin))) => web::answer::page(StatusCode::OK, &page::upload(language, &origin)),
        Ok(Err(status)) => over(status),
        Err(error) => {
            tracing::error!(%error, "the page for documents could not be made");
            let failure = Page::notice(LANGUAGE, Phrase::FailureTitle, Phrase::FailureText);
            web::answer::page(StatusCode::INTERNAL_SERVER_ERROR, &failure)
        }
    }
}
