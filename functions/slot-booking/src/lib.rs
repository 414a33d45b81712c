//! The contacts' site to book interviews with nurses (rows C1 to C7).
//!
//! * **Trigger:** requests below the site's address (API Gateway, HTTP API), of contacts who are signed in.
//! * **Reads:** tenant, contact, settings, hours, roster row and interview in one call; the claims of a week; what happened to the
//!   tenant's interviews.
//! * **Writes:** in one transaction per act the claims on a nurse's time, the interview, its request form, what happened to it, the
//!   mails as outbox items, and the line in the audit log. Files of request forms, in S3, before the form names them.
//! * **On failure:** an answer that says so, with status 500; nothing of the act is written. Who was slower gets 409 and the free slots.
//!
//! The pages work without scripts; below `api/` programs get the same as JSON, described by `openapi.json`.
//!
//! In reading order: `route`, [`handle`] (sign-in, role, whose), `week` and `read` (what is there), `hold`, `book`, `change` and
//! `request_form` (what is written), then the two ways to show it: `site` with `page`, and `api`.

mod api;
mod became;
mod book;
mod change;
mod form;
mod hold;
mod mails;
mod page;
mod read;
mod request_form;
pub mod route;
mod sent_form;
mod site;
mod week;
mod width;

use chrono::{DateTime, Utc};
use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};
use ulid::Ulid;
use url::Url;
use web::{Role, Session, SignIn, SignInConfig, answer};

use domain::{
    calendar::{BusinessCalendar, Holidays},
    id::{ContactId, InterviewId, TenantId},
    interview::admission::Booker,
    phrase::Phrase,
    tenant::{Plan, Tenant},
};
use runtime::{Aws, Clock, Environment, SignInEnvironment};
use store::{
    Documents, Fetched, Installation, Key, Parameters, Store, StoreError, Wanted,
    entity::{
        audit::{Actor, Audit, Object, Outcome},
        contact::Contact,
        idempotency::{self, Before},
        settings::Settings,
        tenant,
    },
};

use self::{
    became::Not,
    route::{Asked, Way},
    width::Widths,
};

/// What the function needs, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    documents: Documents,
    sign_in: SignIn,
    clock: Clock,
    widths: Widths,
    site: Url,
    console: Url,
    mail_from: String,
}

impl App {
    /// Builds the clients; connects to nothing yet. `clock` is business time; sessions go by the machine's.
    pub fn new(environment: &Environment, sign_in: &SignInEnvironment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        let config =
            SignInConfig { issuer: sign_in.issuer.clone(), client_id: sign_in.client_id.clone(), origin: environment.booking.clone() };
        Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            sign_in: SignIn::new(config, Clock::system()),
            clock,
            widths: Widths::default(),
            site: environment.booking.clone(),
            console: environment.console.clone(),
            mail_from: environment.mail_from.clone(),
        }
    }

    /// The path of the site, such as `/booking`.
    fn base(&self) -> &str {
        self.site.path().trim_end_matches('/')
    }
}

/// Answers one request: a stranger goes to the sign-in page, who is no contact gets 403 and a line in the audit log, what is taken
/// meanwhile is 409, what is not there or another company's 404, our own failure 500.
///
/// # Errors
/// None but an answer that cannot be built: every failure is an answer, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    let below = request.uri().path().strip_prefix(app.base()).filter(|below| below.is_empty() || below.starts_with('/'));
    let Some(path) = below.map(|below| below.trim_start_matches('/')) else { return site::not_found() };
    let way = Way::of(path);
    match Box::pin(answer_to(app, &request, path, way)).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            tracing::error!(%error, "an answer of the booking site could not be made");
            match way {
                Way::Page => site::notice(StatusCode::INTERNAL_SERVER_ERROR, Phrase::FailureTitle, Phrase::FailureText),
                Way::Api => api::failed(),
            }
        }
    }
}

async fn answer_to(app: &App, request: &Request, path: &str, way: Way) -> Result<Response<Body>, Error> {
    if path == route::DESCRIPTION {
        return api::description(request.method());
    }
    let installation = app.parameters.installation().await?;
    if let Some(answered) = app.sign_in.handle(&installation, request, path).await {
        return sign_in(app, answered?).await;
    }
    let Some(session) = app.sign_in.session(&installation, request) else {
        return match way {
            Way::Api => api::stranger(),
            Way::Page if web::frame::is_refresh(request) => Ok(Response::builder().status(StatusCode::UNAUTHORIZED).body(Body::Empty)?),
            Way::Page => Ok(stranger(app, request)),
        };
    };
    let mut answer = match (Asked::of(request.method(), path), way) {
        (Ok(asked), _) => admitted(app, request, &session, asked, &installation).await?,
        (Err(Some(allowed)), _) => answer::not_allowed(allowed)?,
        (Err(None), Way::Page) => site::not_found()?,
        (Err(None), Way::Api) => api::not_found()?,
    };
    app.sign_in.renew(&installation, request, &session, &mut answer);
    Ok(answer)
}

/// Who is not signed in goes there first, and comes back to what was to be read.
fn stranger(app: &App, request: &Request) -> Response<Body> {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let back = request.uri().path_and_query().filter(|_| is_read).map_or(app.base(), |to| to.as_str());
    app.sign_in.to_sign_in(back)
}

async fn sign_in(app: &App, answered: web::Answered) -> Result<Response<Body>, Error> {
    match answered.outcome {
        web::Outcome::SignedIn(session) => app.store.audit(&line(app, &session, "SignIn", Outcome::Done)).await?,
        web::Outcome::Refused(why) => tracing::warn!(why, "a sign-in was refused"),
        web::Outcome::Started | web::Outcome::SignedOut => {}
    }
    Ok(answered.response)
}

/// Somebody signed in asks: is it a contact, and of which company?
async fn admitted(
    app: &App,
    request: &Request,
    session: &Session,
    asked: Asked,
    installation: &Installation,
) -> Result<Response<Body>, Error> {
    let audit = line(app, session, &format!("{:?}Interview", asked.name), Outcome::Done);
    let contact = session.staff.as_deref().and_then(|staff| staff.parse::<ContactId>().ok());
    let by = session.tenant.zip(contact).filter(|_| session.roles.contains(&Role::Contact));
    let Some((tenant, contact)) = by else {
        app.store.audit(&audit.with(Outcome::Forbidden)).await?;
        return match asked.way {
            Way::Page => site::forbidden(),
            Way::Api => api::forbidden(),
        };
    };
    let audit = Audit { object: Object { tenant: Some(tenant), ..Object::default() }, ..audit };
    let by = Booker { contact, tenant };
    let asking = Asking { app, request, session, by, asked, audit: &audit, installation, now: app.clock.now() };
    match asked.way {
        Way::Page => Box::pin(site::answer(asking)).await,
        Way::Api => Box::pin(api::answer(asking)).await,
    }
}

/// A request of a contact.
#[derive(Clone, Copy)]
struct Asking<'a> {
    app: &'a App,
    request: &'a Request,
    session: &'a Session,
    by: Booker,
    asked: Asked,
    /// The line for the audit log, where it is done.
    audit: &'a Audit,
    installation: &'a Installation,
    now: DateTime<Utc>,
}

/// What every answer needs to know.
struct Known {
    tenant: Tenant,
    contact: Contact,
    settings: Settings,
    fetched: Fetched,
}

impl Known {
    fn calendar(&self) -> BusinessCalendar<'static> {
        BusinessCalendar { holidays: Holidays::shipped(), hours: self.settings.hours, closures: self.settings.closures.clone() }
    }

    /// Whether the plan has interviews (row D6).
    fn is_bought(&self, now: DateTime<Utc>) -> bool {
        self.tenant.contract.in_force(now) && self.tenant.contract.plans.contains(&Plan::InterviewSupport)
    }
}

impl Asking<'_> {
    /// Reads the company, the contact and the settings with `more`, in one call; else why not: the contact is not on file any more,
    /// or the plan has no interviews.
    async fn known(&self, more: Vec<Key>) -> Result<Result<Known, Not>, Error> {
        let Booker { contact, tenant: id } = self.by;
        let keys = [Key::tenant(id), Key::contact(id, &contact.to_string()), Key::settings()];
        let wanted = Wanted { items: keys.iter().cloned().chain(more).collect(), data_keys: Vec::new() };
        let fetched = self.app.store.fetch(&wanted).await?;
        let [tenant, contact, settings] = keys.map(|key| fetched.item(&key).cloned());
        let (Some(tenant), Some(contact)) = (tenant, contact) else {
            return Ok(Err(Not::Allowed));
        };
        let settings = Settings::from_item(settings.as_ref())?;
        let known = Known { tenant: tenant::from_item(tenant)?, contact: Contact::from_item(contact)?, settings, fetched };
        self.app.widths.remember(id, known.tenant.number_width);
        let is_bought = known.is_bought(self.now);
        Ok(if is_bought { Ok(known) } else { Err(Not::Bought) })
    }

    /// Adds the line, with another outcome.
    async fn audit(&self, outcome: Outcome) -> Result<(), StoreError> {
        self.app.store.audit(&self.audit.clone().with(outcome)).await
    }

    const fn tenant(&self) -> TenantId {
        self.by.tenant
    }

    fn parameter(&self, name: &str) -> Option<String> {
        web::form::parameter(self.request, name)
    }

    /// The request under an idempotency key; `asked` is what it asks for.
    fn under(&self, key: &str, asked: &[&str]) -> idempotency::Request {
        idempotency::Request::new(self.installation, self.by.contact, key, asked)
    }

    /// Lets a request that was carried out before change nothing: the interview that it was about.
    async fn repeated(&self, once: Option<&idempotency::Request>, known: &Known) -> Result<Result<Option<InterviewId>, Not>, Error> {
        let Some(once) = once else { return Ok(Ok(None)) };
        match once.before(known.fetched.item(&once.key), self.now)? {
            Before::New => Ok(Ok(None)),
            Before::Other => Ok(Err(Not::TheSameRequest)),
            Before::Done { interview, .. } => {
                self.audit(Outcome::Done).await?;
                Ok(Ok(Some(interview)))
            }
        }
    }
}

fn line(app: &App, session: &Session, act: &str, outcome: Outcome) -> Audit {
    let roles = session.roles.iter().map(|role: &Role| role.code().to_owned()).collect();
    let actor = Actor { subject: session.subject.clone(), nurse: None, roles };
    Audit { at: app.clock.now(), line: ulid(), actor, act: act.to_owned(), object: Object::default(), outcome }
}

/// A new ULID.
#[allow(clippy::disallowed_methods, reason = "one of the edges where ids are made")]
fn ulid() -> Ulid {
    Ulid::new()
}
