//! The contacts' site to book interviews with nurses (rows C1 to C7).
//!
//! * **Trigger:** requests below the site's address (API Gateway, HTTP API), of contacts who are signed in.
//! * **Reads:** tenant, contact, settings, hours, roster row and interview in one call; the claims of a week; what happened to the
//!   tenant's interviews.
//! * **Writes:** in one transaction per act the claims on a nurse's time, the interview, its request form, what happened to it, the
//!   mails as outbox items, and the line in the audit log. Files of request forms, in S3, before the form names them.
//! * **On failure:** a page that says so, with status 500; nothing of the act is written. Who was slower gets 409 and the free slots.
//!
//! In reading order: `route`, [`handle`] (sign-in, role, whose), `week` (what is free), `book`, `change` and `request_form` (what is
//! written), `page`.

mod book;
mod change;
mod form;
mod mails;
mod page;
mod read;
mod request_form;
pub mod route;
mod sent_form;
mod week;

use chrono::{DateTime, Utc};
use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};
use ulid::Ulid;
use url::Url;
use web::{Page, Role, Session, SignIn, SignInConfig, answer};

use domain::{
    calendar::{BusinessCalendar, Holidays},
    id::{ContactId, TenantId},
    interview::admission::Booker,
    phrase::Phrase,
    tenant::{Plan, Tenant},
};
use runtime::{Aws, Clock, Environment, SignInEnvironment};
use store::{
    Documents, Fetched, Key, Parameters, Store, StoreError, Wanted,
    entity::{
        audit::{Actor, Audit, Object, Outcome},
        contact::Contact,
        settings::Settings,
        tenant,
    },
};

use self::route::{Asked, Name};

/// What the function needs, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    store: Store,
    parameters: Parameters,
    documents: Documents,
    sign_in: SignIn,
    clock: Clock,
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
/// None but an answer that cannot be built: every failure is a page, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    match Box::pin(answer_to(app, &request)).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            tracing::error!(%error, "a page of the booking site could not be made");
            notice(StatusCode::INTERNAL_SERVER_ERROR, Phrase::FailureTitle, Phrase::FailureText)
        }
    }
}

async fn answer_to(app: &App, request: &Request) -> Result<Response<Body>, Error> {
    let below = request.uri().path().strip_prefix(app.base()).filter(|below| below.is_empty() || below.starts_with('/'));
    let Some(below) = below else { return not_found() };
    let path = below.trim_start_matches('/');
    let installation = app.parameters.installation().await?;
    if let Some(answered) = app.sign_in.handle(&installation, request, path).await {
        return sign_in(app, answered?).await;
    }
    let Some(session) = app.sign_in.session(&installation, request) else { return Ok(stranger(app, request)) };
    let mut answer = match Asked::of(request.method(), path) {
        Some(asked) => admitted(app, request, &session, asked).await?,
        None => not_found()?,
    };
    app.sign_in.renew(&installation, &session, &mut answer);
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
async fn admitted(app: &App, request: &Request, session: &Session, asked: Asked) -> Result<Response<Body>, Error> {
    let audit = line(app, session, &format!("{:?}Interview", asked.name), Outcome::Done);
    let contact = session.staff.as_deref().and_then(|staff| staff.parse::<ContactId>().ok());
    let by = session.tenant.zip(contact).filter(|_| session.roles.contains(&Role::Contact));
    let Some((tenant, contact)) = by else {
        app.store.audit(&audit.with(Outcome::Forbidden)).await?;
        return notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::BookingForbiddenText);
    };
    let audit = Audit { object: Object { tenant: Some(tenant), ..Object::default() }, ..audit };
    let asking = Asking { app, request, session, by: Booker { contact, tenant }, asked, audit: &audit, now: app.clock.now() };
    match asked.name {
        Name::Week => Box::pin(week::show(asking, None)).await,
        Name::Hold => Box::pin(book::hold(asking)).await,
        Name::Form => Box::pin(book::show_form(asking)).await,
        Name::Book => Box::pin(book::book(asking)).await,
        Name::Interviews => Box::pin(read::interviews(asking)).await,
        Name::Interview => Box::pin(read::interview(asking, None, StatusCode::OK)).await,
        Name::Cancel => Box::pin(change::cancel(asking)).await,
        Name::Move => Box::pin(change::move_to(asking)).await,
        Name::RequestForm => Box::pin(request_form::save(asking)).await,
        Name::Ledger => Box::pin(read::ledger(asking)).await,
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
    now: DateTime<Utc>,
}

/// What every page needs to know.
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
    /// Reads the company, the contact and the settings with `more`, in one call; else the answer: the contact is not on file any
    /// more, or the plan has no interviews.
    async fn known(&self, more: Vec<Key>) -> Result<Result<Known, Response<Body>>, Error> {
        let Booker { contact, tenant: id } = self.by;
        let keys = [Key::tenant(id), Key::contact(id, &contact.to_string()), Key::settings()];
        let wanted = Wanted { items: keys.iter().cloned().chain(more).collect(), data_keys: Vec::new() };
        let fetched = self.app.store.fetch(&wanted).await?;
        let [tenant, contact, settings] = keys.map(|key| fetched.item(&key).cloned());
        let (Some(tenant), Some(contact)) = (tenant, contact) else {
            self.audit(Outcome::Forbidden).await?;
            return notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::BookingForbiddenText).map(Err);
        };
        let settings = Settings::from_item(settings.as_ref())?;
        let known = Known { tenant: tenant::from_item(tenant)?, contact: Contact::from_item(contact)?, settings, fetched };
        if known.is_bought(self.now) {
            return Ok(Ok(known));
        }
        self.audit(Outcome::Refused).await?;
        notice(StatusCode::FORBIDDEN, Phrase::BookingNotBoughtTitle, Phrase::BookingNotBoughtText).map(Err)
    }

    /// Adds the line, with another outcome.
    async fn audit(&self, outcome: Outcome) -> Result<(), StoreError> {
        self.app.store.audit(&self.audit.clone().with(outcome)).await
    }

    const fn tenant(&self) -> TenantId {
        self.by.tenant
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let query = self.request.uri().query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes()).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
    }

    /// The form, where it comes from our own page; else the answer.
    async fn fields(&self) -> Result<Result<form::Fields, Response<Body>>, Error> {
        let fields = form::Fields::of(self.request);
        if self.session.allows(self.request, fields.get("csrf")) {
            return Ok(Ok(fields));
        }
        self.audit(Outcome::Forbidden).await?;
        notice(StatusCode::FORBIDDEN, Phrase::BookingForbiddenTitle, Phrase::DeskBadForm).map(Err)
    }

    fn site(&self) -> page::Site {
        page::Site {
            base: self.app.base().to_owned(),
            person: self.session.name.expose().to_owned(),
            sign_out: self.app.sign_in.sign_out_form(page::LANGUAGE, self.session),
            csrf: self.session.csrf.clone(),
        }
    }
}

fn notice(status: StatusCode, title: Phrase, text: Phrase) -> Result<Response<Body>, Error> {
    answer::page(status, &Page::notice(page::LANGUAGE, title, text))
}

fn not_found() -> Result<Response<Body>, Error> {
    notice(StatusCode::NOT_FOUND, Phrase::BookingNotFoundTitle, Phrase::BookingNotFoundText)
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
