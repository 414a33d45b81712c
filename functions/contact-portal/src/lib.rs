//! The pages for the contacts of client companies: rosters (rows D1, D4) and how the service is used (rows D3, D7). Who signs in sends
//! files, sees what became of each, has their say about one that is held back, and reads the reports that went out by mail. A report
//! on a roster is also opened by the link in a mail, without signing in.
//!
//! * **Trigger:** requests below the address of the contacts' pages (API Gateway, HTTP API), of contacts who are signed in; and
//!   `GET …/rosters/{tenant}/{import}/{token}`, whose token is made from the installation's secret and opens this one report.
//! * **Reads:** tenant and contact, in one call, for each request; the tenant's deliveries; its figures; for the regular meeting its interviews and their
//!   ledger; `roster-out/{tenant}/{import}/…` in the
//!   bucket; the installation's secret (SSM, once).
//! * **Writes:** what the contact says about a delivery that waits, under its version, with the line in the audit log and the mail to
//!   the operator, in one transaction. Hands out a presigned `PUT` into `roster-in/{tenant}/…`, from where `roster-import` goes on.
//!   Reading and every refusal add a line to the audit log too.
//! * **On failure:** a page that says so, with status 500. A report that is not there, is older than 30 days, or was asked for
//!   with a wrong token is the same 404: nobody finds out which reports there are.
//!
//! In reading order: [`route`] (what there is), [`handle`] (link or sign-in, role, audit), `linked` (what the mail's link opens),
//! `read` and `act` (a request's work), `standing` (how a file stands), `usage` (how the
//! service is used), `page`.

mod act;
mod fresh;
mod link;
mod linked;
mod page;
mod read;
pub mod route;
mod standing;
mod usage;

use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};
use url::Url;
use web::{Page, Session, SignIn, SignInConfig, answer};

use domain::{id::TenantId, phrase::Phrase, tenant::Tenant, text::Language};
use runtime::{Aws, Clock, Environment, SignInEnvironment};
use store::{
    Key, Parameters, Store, StoreError, Wanted,
    entity::{
        audit::{Actor, Audit, Object, Outcome},
        contact::Contact,
        tenant,
    },
    roster_files::RosterFiles,
};

use self::route::Asked;

/// What the function needs, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    files: RosterFiles,
    sign_in: SignIn,
    clock: Clock,
    contacts: Url,
}

/// The names of the files about an import, below `roster-out/{tenant}/{import}/`.
const REPORT: &str = "report.json";
const FINDINGS: &str = "report.csv";

/// Contacts read Japanese; the catalogue has the other language for when one of them does not.
const LANGUAGE: Language = Language::Ja;

impl App {
    /// Builds the clients; connects to nothing yet. `clock` is business time; sessions go by the machine's.
    pub fn new(environment: &Environment, sign_in: &SignInEnvironment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        let config =
            SignInConfig { issuer: sign_in.issuer.clone(), client_id: sign_in.client_id.clone(), origin: environment.contacts.clone() };
        Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            files: RosterFiles::new(aws.s3(), &environment.bucket),
            sign_in: SignIn::new(config, Clock::system()),
            clock,
            contacts: environment.contacts.clone(),
        }
    }

    /// The path of the pages, such as `/contacts`.
    fn base(&self) -> &str {
        self.contacts.path().trim_end_matches('/')
    }
}

/// Answers one request: a stranger goes to the sign-in page, who is no contact gets 403 and a line in the audit log, what is not
/// there (for this company) is 404, our own failure 500.
///
/// # Errors
/// None but an answer that cannot be built: every failure is a page, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let answered =
        if link::is_below(request.uri().path()) { linked::answer(app, &request).await } else { Box::pin(answer(app, &request)).await };
    match answered {
        Ok(answer) => Ok(answer),
        Err(error) => {
            tracing::error!(%error, "a contact's page could not be made");
            notice(StatusCode::INTERNAL_SERVER_ERROR, Phrase::FailureTitle, Phrase::FailureText)
        }
    }
}

/// A page that only says something.
fn notice(status: StatusCode, title: Phrase, text: Phrase) -> Result<Response<Body>, Error> {
    answer::page(status, &Page::notice(LANGUAGE, title, text))
}

fn not_found() -> Result<Response<Body>, Error> {
    notice(StatusCode::NOT_FOUND, Phrase::NotFoundTitle, Phrase::ContactsNotFoundText)
}

async fn answer(app: &App, request: &Request) -> Result<Response<Body>, Error> {
    // `/contactsx` begins like the pages and is not below them.
    let below = request.uri().path().strip_prefix(app.base()).filter(|path| path.is_empty() || path.starts_with('/'));
    let Some(path) = below else { return not_found() };
    let path = path.trim_start_matches('/');
    let installation = app.parameters.installation().await?;
    if let Some(answered) = app.sign_in.handle(&installation, request, path).await {
        return signed_in(app, answered?).await;
    }
    let Some(session) = app.sign_in.session(&installation, request) else { return stranger(app, request, path) };
    let mut answer = match Asked::of(request.method(), path) {
        Some(asked) => admitted(app, request, &session, asked).await?,
        None => not_found()?,
    };
    app.sign_in.renew(&installation, request, &session, &mut answer);
    Ok(answer)
}

/// Who is not signed in goes there first, and comes back to what was to be read. A script is told by a status.
fn stranger(app: &App, request: &Request, path: &str) -> Result<Response<Body>, Error> {
    if web::frame::is_refresh(request) || path == "uploads" {
        return Ok(Response::builder().status(StatusCode::UNAUTHORIZED).body(Body::Empty)?);
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let back = request.uri().path_and_query().filter(|_| is_read).map_or(app.base(), |to| to.as_str());
    Ok(app.sign_in.to_sign_in(back))
}

async fn signed_in(app: &App, answered: web::Answered) -> Result<Response<Body>, Error> {
    match answered.outcome {
        web::Outcome::SignedIn(session) => {
            app.store.audit(&line(app, &session, "SignIn", Object::default())).await?;
        }
        web::Outcome::Refused(why) => tracing::warn!(why, "a sign-in was refused"),
        web::Outcome::Started | web::Outcome::SignedOut => {}
    }
    Ok(answered.response)
}

/// Somebody signed in asks: is it theirs to ask? A session cannot be revoked, so the company has to name the contact still.
async fn admitted(app: &App, request: &Request, session: &Session, asked: Asked) -> Result<Response<Body>, Error> {
    let object = Object { tenant: session.tenant, import: asked.import, ..Object::default() };
    let audit = line(app, session, &format!("{:?}", asked.route.name), object);
    let claimed = session.tenant.zip(session.staff.as_deref()).filter(|_| session.roles.contains(&route::PERMITS));
    let on_file = match claimed {
        Some((tenant, contact)) => on_file(app, tenant, contact).await?,
        None => None,
    };
    let Some(tenant) = on_file else {
        app.store.audit(&audit.with(Outcome::Forbidden)).await?;
        let is_contact = session.roles.contains(&route::PERMITS);
        let why = if is_contact { Phrase::ContactsNotOnFile } else { Phrase::ContactsForbiddenText };
        return notice(StatusCode::FORBIDDEN, Phrase::ContactsForbiddenTitle, why);
    };
    let asking = Asking { app, request, session, tenant: &tenant, asked, audit: &audit };
    if *request.method() == Method::POST { Box::pin(act::act(asking)).await } else { Box::pin(read::read(asking)).await }
}

/// The company, where it names this contact.
async fn on_file(app: &App, tenant: TenantId, contact: &str) -> Result<Option<Tenant>, StoreError> {
    let (company, person) = (Key::tenant(tenant), Key::contact(tenant, contact));
    let fetched = app.store.fetch(&Wanted { items: vec![company.clone(), person.clone()], data_keys: Vec::new() }).await?;
    let contact = fetched.item(&person).cloned().map(Contact::from_item).transpose()?;
    let tenant = fetched.item(&company).cloned().map(tenant::from_item).transpose()?;
    Ok(contact.and(tenant))
}

fn line(app: &App, session: &Session, act: &str, object: Object) -> Audit {
    let roles = session.roles.iter().map(|role| role.code().to_owned()).collect();
    let nurse = session.staff.clone().filter(|_| !session.roles.contains(&route::PERMITS));
    let actor = Actor { subject: session.subject.clone(), nurse, roles };
    Audit { at: app.clock.now(), line: fresh::ulid(), actor, act: act.to_owned(), object, outcome: Outcome::Done }
}

/// A request of a contact whom the company names.
#[derive(Clone, Copy)]
struct Asking<'a> {
    app: &'a App,
    request: &'a Request,
    session: &'a Session,
    /// The contact's company: nothing of another one is ever read.
    tenant: &'a Tenant,
    asked: Asked,
    /// The line for the audit log, where it is done.
    audit: &'a Audit,
}

impl Asking<'_> {
    /// Adds the line, with another outcome.
    async fn audit(&self, outcome: Outcome) -> Result<(), StoreError> {
        self.app.store.audit(&self.audit.clone().with(outcome)).await
    }

    /// Adds the line of something that is shown. A page that only looks for what is new showed, and wrote down, the rest before.
    async fn shown(&self) -> Result<(), StoreError> {
        if web::frame::is_refresh(self.request) { Ok(()) } else { self.audit(Outcome::Done).await }
    }

    /// There is no such thing of this company (any more).
    async fn missing(&self) -> Result<Response<Body>, Error> {
        self.audit(Outcome::Missing).await?;
        not_found()
    }

    fn portal(&self) -> page::Portal {
        page::Portal {
            base: self.app.base().to_owned(),
            person: format!("{}　{}", self.tenant.name, self.session.name.expose()),
            sign_out: self.app.sign_in.sign_out_form(LANGUAGE, self.session),
            csrf: self.session.csrf.clone(),
        }
    }
}
