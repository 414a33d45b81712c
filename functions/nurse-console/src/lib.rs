//! The nurses' desk: answering consultations (rows A3, B2, B3, B5, C5, C7, C8).
//!
//! * **Trigger:** requests below the desk's address (API Gateway, HTTP API), of people who are signed in.
//! * **Reads:** the nurse, the settings, the queue in the index; of one thread its head, messages and documents, the LINE user
//!   behind it with roster row and claims, and the member's data key (KMS).
//! * **Writes:** in one transaction per act the thread's head under the version that the nurse saw, the words, what goes to the
//!   member as an outbox item, the marker of a first answer, and the line in the audit log. Reading a thread, a member, a search
//!   and every refusal add a line too.
//! * **On failure:** a page that says so, with status 500; nothing of the act is written, and what was typed is still in the form.
//!
//! In reading order: `route` (what there is, and for whom), [`handle`] (sign-in, role, audit), `read` and `act` (a request's
//! work), `thread`, `queue`, `member` (what is read), `change` (what is written), `interviews`, `record` (what is done to them), `hours`,
//! `page`.

mod act;
mod answer;
mod change;
mod form;
mod fresh;
mod hours;
mod interviews;
mod member;
mod page;
mod queue;
mod read;
mod record;
mod request_form;
pub mod route;
mod templates;
mod thread;
mod waited;

use lambda_http::{
    Body, Error, Request, Response,
    http::{Method, StatusCode},
};
use url::Url;
use web::{Role, Session, SignIn, SignInConfig};

use domain::phrase::Phrase;
use runtime::{Aws, Clock, Environment, SignInEnvironment};
use store::{
    DataKeys, Documents, Parameters, Store, StoreError,
    entity::audit::{Actor, Audit, Object, Outcome},
};

use self::route::{Asked, Name, Permits};

/// What the function needs, built once. Cheap to clone.
#[derive(Debug, Clone)]
pub struct App {
    store: Store,
    data_keys: DataKeys,
    parameters: Parameters,
    documents: Documents,
    sign_in: SignIn,
    clock: Clock,
    console: Url,
    uploads: Url,
    booking: Url,
    mail_from: String,
}

impl App {
    /// Builds the clients; connects to nothing yet. `clock` is business time; sessions go by the machine's.
    pub fn new(environment: &Environment, sign_in: &SignInEnvironment, clock: Clock) -> Self {
        let aws = Aws::new(&environment.aws);
        let config =
            SignInConfig { issuer: sign_in.issuer.clone(), client_id: sign_in.client_id.clone(), origin: environment.console.clone() };
        Self {
            store: Store::new(aws.dynamodb(), &environment.table, &environment.key_table),
            data_keys: DataKeys::new(aws.kms(), &environment.kms_key),
            parameters: Parameters::new(aws.ssm(), &environment.parameters),
            documents: Documents::new(aws.s3(), &environment.bucket),
            sign_in: SignIn::new(config, Clock::system()),
            clock,
            console: environment.console.clone(),
            uploads: environment.uploads.clone(),
            booking: environment.booking.clone(),
            mail_from: environment.mail_from.clone(),
        }
    }

    /// The path of the desk, such as `/desk`.
    fn base(&self) -> &str {
        self.console.path().trim_end_matches('/')
    }
}

/// Answers one request: a stranger goes to the sign-in page, who has another role gets 403 and a line in the audit log, a
/// thread that changed meanwhile 409 with what was typed, one that is not there 404, our own failure 500.
///
/// # Errors
/// None but an answer that cannot be built: every failure is a page, so that a person knows what to do.
pub async fn handle(app: &App, request: Request) -> Result<Response<Body>, Error> {
    match Box::pin(answer(app, &request)).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            tracing::error!(%error, "a page of the nurses' desk could not be made");
            answer::notice(StatusCode::INTERNAL_SERVER_ERROR, Phrase::FailureTitle, Phrase::FailureText)
        }
    }
}

async fn answer(app: &App, request: &Request) -> Result<Response<Body>, Error> {
    // `/desks` begins like the desk and is not below it.
    let below = request.uri().path().strip_prefix(app.base()).filter(|path| path.is_empty() || path.starts_with('/'));
    let Some(path) = below else { return answer::not_found() };
    let path = path.trim_start_matches('/');
    let installation = app.parameters.installation().await?;
    if let Some(answered) = app.sign_in.handle(&installation, request, path).await {
        return sign_in(app, answered?).await;
    }
    let Some(session) = app.sign_in.session(&installation, request) else { return stranger(app, request) };
    let mut answer = match Asked::of(request.method(), path) {
        Some(asked) => admitted(app, request, &session, asked).await?,
        None => answer::not_found()?,
    };
    app.sign_in.renew(&installation, request, &session, &mut answer);
    Ok(answer)
}

/// Who is not signed in goes there first, and comes back to what was to be read.
fn stranger(app: &App, request: &Request) -> Result<Response<Body>, Error> {
    if web::frame::is_refresh(request) || request.uri().path().ends_with("/version") {
        return answer::empty(StatusCode::UNAUTHORIZED);
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let back = request.uri().path_and_query().filter(|_| is_read).map_or(app.base(), |to| to.as_str());
    Ok(app.sign_in.to_sign_in(back))
}

async fn sign_in(app: &App, answered: web::Answered) -> Result<Response<Body>, Error> {
    match answered.outcome {
        web::Outcome::SignedIn(session) => {
            app.store.audit(&line(app, &session, "SignIn", Object::default(), Outcome::Done)).await?;
        }
        web::Outcome::Refused(why) => tracing::warn!(why, "a sign-in was refused"),
        web::Outcome::Started | web::Outcome::SignedOut => {}
    }
    Ok(answered.response)
}

/// Somebody signed in asks: is it theirs to ask?
async fn admitted(app: &App, request: &Request, session: &Session, asked: Asked) -> Result<Response<Body>, Error> {
    let audit = line(app, session, &format!("{:?}", asked.route.name), object(asked), Outcome::Done);
    let nurse = session.staff.as_deref().filter(|_| asked.route.permits.one_of(&session.roles));
    let Some(nurse) = nurse else {
        app.store.audit(&audit.with(Outcome::Forbidden)).await?;
        let is_nurse = Permits::Nurses.one_of(&session.roles);
        let why = if is_nurse { Phrase::DeskDocumentsForbidden } else { Phrase::DeskForbiddenText };
        return answer::notice(StatusCode::FORBIDDEN, Phrase::DeskForbiddenTitle, why);
    };
    let asking = Asking { app, request, session, nurse, asked, audit: &audit };
    if *request.method() == Method::POST { Box::pin(act::act(asking)).await } else { Box::pin(read::read(asking)).await }
}

/// A request that its sender's role allows.
#[derive(Clone, Copy)]
struct Asking<'a> {
    app: &'a App,
    request: &'a Request,
    session: &'a Session,
    /// The nurse's id.
    nurse: &'a str,
    asked: Asked,
    /// The line for the audit log, where it is done.
    audit: &'a Audit,
}

impl Asking<'_> {
    /// Adds the line, with another outcome.
    async fn audit(&self, outcome: Outcome) -> Result<(), StoreError> {
        self.app.store.audit(&self.audit.clone().with(outcome)).await
    }

    /// There is no such thing (any more).
    async fn missing(&self) -> Result<Response<Body>, Error> {
        self.audit(Outcome::Missing).await?;
        answer::not_found()
    }

    /// A role that staff do not have any more: their record is gone.
    async fn no_staff(&self) -> Result<Response<Body>, Error> {
        self.audit(Outcome::Forbidden).await?;
        answer::notice(StatusCode::FORBIDDEN, Phrase::DeskForbiddenTitle, Phrase::DeskNoStaffText)
    }

    fn reads_documents(&self) -> bool {
        Permits::DocumentReaders.one_of(&self.session.roles)
    }

    fn desk(&self) -> page::Desk {
        page::Desk {
            base: self.app.base().to_owned(),
            person: self.session.name.expose().to_owned(),
            sign_out: self.app.sign_in.sign_out_form(page::LANGUAGE, self.session),
            csrf: self.session.csrf.clone(),
            form: store::entity::outbox::fresh_id(),
        }
    }
}

const fn object(asked: Asked) -> Object {
    let Asked { member, consultation, document, tenant, interview, file, .. } = asked;
    Object { tenant, member, consultation, document, import: None, interview, file }
}

fn line(app: &App, session: &Session, act: &str, object: Object, outcome: Outcome) -> Audit {
    let roles = session.roles.iter().map(|role: &Role| role.code().to_owned()).collect();
    // A contact's record is of another kind.
    let nurse = session.staff.clone().filter(|_| !session.roles.contains(&Role::Contact));
    let actor = Actor { subject: session.subject.clone(), nurse, roles };
    Audit { at: app.clock.now(), line: fresh::ulid(), actor, act: act.to_owned(), object, outcome }
}

/// Whether a page only looks for what is new: what it shows was read, and written down, before.
fn is_refresh(request: &Request, name: Name) -> bool {
    matches!(name, Name::Queue | Name::Mine) && web::frame::is_refresh(request)
}
