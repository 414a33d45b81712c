//! Signing in and out, by the authorization code flow of OpenID Connect with PKCE.
//!
//! `GET {prefix}/sign-in?to=…` sends the browser to the provider, `GET {prefix}/sign-in/callback` takes it back.
//! `POST {prefix}/sign-out` ends the session, then the provider's own, which sends the browser on to `GET {prefix}/signed-out`.
//! The provider asks the person each time (`prompt=login`): were it to let them in by itself, an hour without doing anything would
//! end nothing.

use std::{fmt, sync::Arc};

use lambda_http::{
    Body, Error, Request, Response,
    http::{HeaderValue, Method, StatusCode, header},
};
use maud::{Markup, html};
use url::{Url, form_urlencoded::byte_serialize};

use domain::{phrase::Phrase, text::Language};
use runtime::Clock;
use store::{Installation, StoreError};

use crate::{
    Client, Page, Session, answer,
    attempt::Attempt,
    cookie, form,
    provider::Provider,
    random, return_path, session,
    token::{self, Expected},
};

/// Who signs in reads Japanese.
const LANGUAGE: Language = Language::Ja;

/// Who signs people in, and to what.
#[derive(Debug, Clone)]
pub struct SignInConfig {
    /// The provider.
    pub issuer: Url,
    /// The client's id there.
    pub client_id: String,
    /// The public address of the pages with their prefix, such as `https://hoken.example.jp/desk`.
    pub origin: Url,
}

/// Signs people in. Cheap to clone.
#[derive(Clone)]
pub struct SignIn(Arc<Inner>);

struct Inner {
    provider: Provider,
    client: Client,
    callback: String,
    signed_out: String,
    /// The path of the pages, without a final `/`.
    prefix: String,
    clock: Clock,
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn").field("callback", &self.0.callback).finish_non_exhaustive()
    }
}

/// An answer, and what it means.
#[derive(Debug)]
pub struct Answered {
    /// For the browser.
    pub response: Response<Body>,
    /// For the caller, who writes it down.
    pub outcome: Outcome,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The browser goes to the provider.
    Started,
    /// Somebody has signed in.
    SignedIn(Session),
    /// Somebody has signed out, or was not signed in.
    SignedOut,
    /// Nobody has signed in or out: what was wrong, without content.
    Refused(&'static str),
}

impl SignIn {
    /// Sign-in to the pages at `config.origin`; nothing is called yet. `clock` is the machine's ([`Clock::system`]), never
    /// business time.
    pub fn new(config: SignInConfig, clock: Clock) -> Self {
        let origin = config.origin.as_str().trim_end_matches('/');
        let callback = format!("{origin}/sign-in/callback");
        let signed_out = format!("{origin}/signed-out");
        let prefix = config.origin.path().trim_end_matches('/').to_owned();
        let client = Client::new(&config.issuer, &config.client_id);
        let provider = Provider::new(config.issuer, config.client_id);
        Self(Arc::new(Inner { provider, client, callback, signed_out, prefix, clock }))
    }

    /// Who sends a request, where somebody is signed in.
    pub fn session(&self, installation: &Installation, request: &Request) -> Option<Session> {
        Session::of(request, installation, &self.0.client, self.0.clock.now())
    }

    /// Adds a new cookie to an answer where that of the request is older than five minutes, so that who goes on working stays
    /// signed in. A page that fetches itself anew is nobody's work.
    pub fn renew(&self, installation: &Installation, request: &Request, session: &Session, response: &mut Response<Body>) {
        let now = self.0.clock.now();
        if session.is_due(now)
            && !crate::frame::is_refresh(request)
            && let Ok(cookie) = (Session { issued_at: now, ..session.clone() }).cookie(installation, &self.0.client)
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
    }

    /// Sends who is not signed in to sign in, and then back to `return_path`.
    pub fn to_sign_in(&self, return_path: &str) -> Response<Body> {
        // The path is percent-encoded, so that it is a header in any case.
        answer::redirect(&self.sign_in_path(return_path)).unwrap_or_default()
    }

    /// The form with which `session` ends, for every page.
    pub fn sign_out_form(&self, language: Language, session: &Session) -> Markup {
        html! {
            form method="post" action={ (self.0.prefix) "/sign-out" } {
                input type="hidden" name="csrf" value=(session.csrf);
                button { (language.phrase(Phrase::SignOut)) }
            }
        }
    }

    /// Answers a request for one of these paths; `None` for any other. `path` is the part of the request's path below the
    /// prefix.
    pub async fn handle(&self, installation: &Installation, request: &Request, path: &str) -> Option<Result<Answered, StoreError>> {
        match (request.method(), path.trim_start_matches('/')) {
            (&Method::GET, "sign-in") => Some(self.begin(installation, request).await),
            (&Method::GET, "sign-in/callback") => Some(self.take_back(installation, request).await),
            (&Method::POST, "sign-out") => Some(self.end(installation, request).await),
            (&Method::GET, "signed-out") => Some(self.signed_out()),
            _ => None,
        }
    }

    async fn begin(&self, installation: &Installation, request: &Request) -> Result<Answered, StoreError> {
        let asked = form::parameter(request, "to");
        let to = asked.and_then(|asked| return_path::checked(&self.0.prefix, &asked).map(str::to_owned));
        let attempt = Attempt::begin(to.unwrap_or_else(|| self.start()), self.0.clock.now())?;
        let mut url = self.0.provider.addresses().await?.authorization_endpoint.clone();
        url.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", self.0.provider.client_id()),
            ("redirect_uri", &self.0.callback),
            ("scope", "openid profile"),
            ("state", &attempt.state),
            ("nonce", &attempt.nonce),
            ("code_challenge", &attempt.challenge()),
            ("code_challenge_method", "S256"),
            ("prompt", "login"),
        ]);
        let mut response = built(answer::redirect(url.as_str()))?;
        response.headers_mut().append(header::SET_COOKIE, attempt.cookie(installation, &self.0.client)?);
        Ok(Answered { response, outcome: Outcome::Started })
    }

    async fn take_back(&self, installation: &Installation, request: &Request) -> Result<Answered, StoreError> {
        let now = self.0.clock.now();
        let Some(attempt) = Attempt::of(request, installation, &self.0.client, now) else { return self.refuse("attempt", &self.start()) };
        let session = match self.person(&attempt, request).await? {
            Ok(person) => Session::begin(person, now)?,
            Err(reason) => return self.refuse(reason, &attempt.to),
        };
        let mut response = built(answer::redirect(&attempt.to))?;
        response.headers_mut().append(header::SET_COOKIE, session.cookie(installation, &self.0.client)?);
        over(&mut response);
        Ok(Answered { response, outcome: Outcome::SignedIn(session) })
    }

    /// Who has signed in by this callback; else why it is not believed.
    async fn person(&self, attempt: &Attempt, request: &Request) -> Result<Result<session::Person, &'static str>, StoreError> {
        let given = |name| form::parameter(request, name);
        if !given("state").is_some_and(|state| random::is_same(&attempt.state, &state)) {
            return Ok(Err("state"));
        }
        let Some(code) = given("code") else { return Ok(Err("provider")) };
        let provider = &self.0.provider;
        let Some(token) = provider.redeem(&code, &attempt.verifier, &self.0.callback).await? else { return Ok(Err("code")) };
        let (header, id) = match token::key_id(&token) {
            Ok(named) => named,
            Err(reason) => return Ok(Err(reason)),
        };
        let Some(key) = provider.key(&id).await? else { return Ok(Err("key")) };
        let issuer = &provider.addresses().await?.issuer;
        let expected = Expected { issuer, client_id: provider.client_id(), nonce: &attempt.nonce, now: self.0.clock.now() };
        Ok(token::person(&token, &header, &key, &expected))
    }

    async fn end(&self, installation: &Installation, request: &Request) -> Result<Answered, StoreError> {
        let session = self.session(installation, request);
        if session.as_ref().is_some_and(|session| !session.allows(request, form::field(request, "csrf").as_deref())) {
            return self.refuse("csrf", &self.start());
        }
        let mut signed_out = self.signed_out()?;
        let headers = signed_out.response.headers_mut();
        headers.extend(cookie::set(session::COOKIE, "", Some(0)).map(|cookie| (header::SET_COOKIE, cookie)));
        if session.is_some()
            && let Some(url) = self.0.provider.end_session(&self.0.signed_out).await.ok().flatten()
        {
            // Not a redirect: the page's policy lets no form lead to another origin. Where the provider cannot be asked, the
            // session here is over all the same.
            headers.extend(HeaderValue::try_from(format!("0; url={url}")).map(|refresh| (header::REFRESH, refresh)));
        }
        Ok(signed_out)
    }

    fn signed_out(&self) -> Result<Answered, StoreError> {
        let page = self.with_link(Phrase::SignedOutTitle, Phrase::SignedOutText, Phrase::SignIn, &self.start());
        Ok(Answered { response: built(answer::page(StatusCode::OK, &page))?, outcome: Outcome::SignedOut })
    }

    fn refuse(&self, reason: &'static str, to: &str) -> Result<Answered, StoreError> {
        let page = self.with_link(Phrase::SignInRefusedTitle, Phrase::SignInRefusedText, Phrase::SignInAgain, to);
        let mut response = built(answer::page(StatusCode::FORBIDDEN, &page))?;
        over(&mut response);
        Ok(Answered { response, outcome: Outcome::Refused(reason) })
    }

    fn with_link(&self, title: Phrase, text: Phrase, link: Phrase, to: &str) -> Page<'static> {
        let say = |phrase| LANGUAGE.phrase(phrase);
        let main = html! {
            h1 { (say(title)) }
            p { (say(text)) }
            p { a.button href=(self.sign_in_path(to)) { (say(link)) } }
        };
        Page::plain(LANGUAGE, say(title), main)
    }

    fn sign_in_path(&self, to: &str) -> String {
        format!("{}/sign-in?to={}", self.0.prefix, byte_serialize(to.as_bytes()).collect::<String>())
    }

    /// The first page.
    fn start(&self) -> String {
        if self.0.prefix.is_empty() { "/".to_owned() } else { self.0.prefix.clone() }
    }
}

/// The attempt is over, however it ended.
fn over(response: &mut Response<Body>) {
    response.headers_mut().extend(Attempt::over().map(|cookie| (header::SET_COOKIE, cookie)));
}

fn built(answer: Result<Response<Body>, Error>) -> Result<Response<Body>, StoreError> {
    answer.map_err(|error| StoreError::failed("writing an answer", &*error))
}
