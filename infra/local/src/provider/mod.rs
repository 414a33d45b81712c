//! The OpenID provider of this machine, below `/provider`: who comes is asked which demo person they are, and no password.
//! Otherwise it does what a real one does: PKCE, codes that work once and for a minute, signed tokens.
//!
//! Tests let it issue bad tokens with [`Provider::spoil`], over HTTP `POST /local/sign-in/spoil`.

mod key;
mod leave;
mod page;
mod people;
mod programs;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Form, Json, Router,
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ops::OpsError;
use ring::{
    digest::{SHA256, digest},
    error::Unspecified,
    rand::{SecureRandom, SystemRandom},
};
use runtime::Clock;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use self::key::SigningKey;
pub use self::people::{DemoPerson, People};

/// The client that signs people in.
pub const CLIENT: &str = "hokenshitsu-local";

/// How long a code can be redeemed.
const CODE_LIFE: Duration = Duration::from_mins(1);
/// Seconds for which a token holds.
const TOKEN_LIFE: i64 = 300;

/// The provider; clones are the same one.
#[derive(Clone)]
pub struct Provider(Arc<Inner>);

struct Inner {
    issuer: String,
    front: Url,
    people: People,
    clock: Clock,
    state: Mutex<Changing>,
}

struct Changing {
    key: SigningKey,
    codes: HashMap<String, Grant>,
    spoil: Option<Spoil>,
}

/// What a code stands for.
struct Grant {
    person: DemoPerson,
    request: Authorization,
    made: Instant,
}

/// What is wrong with the next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Spoil {
    /// It is made for another client.
    Audience,
    /// It is from another issuer.
    Issuer,
    /// It answers another request.
    Nonce,
    /// Its time is over.
    Expired,
    /// Its claims were changed after it was signed.
    Signature,
    /// It is signed with a key that is not the provider's.
    Key,
}

/// An authorization request (RFC 6749, 4.1.1, with RFC 7636).
#[derive(Debug, Clone, Deserialize)]
struct Authorization {
    response_type: String,
    client_id: String,
    redirect_uri: Url,
    state: String,
    nonce: String,
    code_challenge: String,
    code_challenge_method: String,
}

#[derive(Deserialize)]
struct Redemption {
    grant_type: String,
    code: String,
    code_verifier: String,
    redirect_uri: Url,
    client_id: String,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}

impl Provider {
    /// The provider below `front`, with a key of its own.
    pub fn new(front: &Url, people: People) -> Result<Self, Unspecified> {
        let state = Changing { key: SigningKey::generate()?, codes: HashMap::new(), spoil: None };
        let inner = Inner { issuer: issuer(front), front: front.clone(), people, clock: Clock::system(), state: Mutex::new(state) };
        Ok(Self(Arc::new(inner)))
    }

    /// Who can sign in now.
    pub async fn people(&self) -> Result<Vec<DemoPerson>, OpsError> {
        self.0.people.all().await
    }

    /// Makes the next token a bad one; `None` takes that back.
    pub fn spoil(&self, spoil: Option<Spoil>) {
        self.lock().spoil = spoil;
    }

    /// Signs with a new key from now on, as a provider does now and then.
    pub fn rotate_key(&self) -> Result<(), Unspecified> {
        self.lock().key = SigningKey::generate()?;
        Ok(())
    }

    /// Its pages and endpoints.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/provider/.well-known/openid-configuration", get(describe))
            .route("/provider/keys", get(keys))
            .route("/provider/authorize", get(ask))
            .route("/provider/authorize/{person}", get(choose))
            .route("/provider/token", post(redeem))
            .route("/provider/logout", get(leave::leave))
            .with_state(self.clone())
    }

    async fn person(&self, id: &str) -> Result<Option<DemoPerson>, OpsError> {
        Ok(self.people().await?.into_iter().find(|person| person.id == id))
    }

    fn lock(&self) -> MutexGuard<'_, Changing> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this request may be answered: it comes from our client, which listens on the front port.
    fn accepts(&self, request: &Authorization) -> bool {
        let callback = &request.redirect_uri;
        let is_ours = callback.origin() == self.0.front.origin() && callback.path().ends_with("/sign-in/callback");
        let is_code = request.response_type == "code" && request.code_challenge_method == "S256";
        request.client_id == CLIENT && is_ours && is_code && !request.code_challenge.is_empty()
    }

    /// A code for a person.
    fn grant(&self, person: DemoPerson, request: Authorization) -> Result<String, Unspecified> {
        let mut bytes = [0; 24];
        SystemRandom::new().fill(&mut bytes)?;
        let code = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        let grant = Grant { person, request, made: Instant::now() };
        let mut state = self.lock();
        state.codes.retain(|_, grant| grant.made.elapsed() < CODE_LIFE);
        state.codes.insert(code.clone(), grant);
        Ok(code)
    }

    /// The ID token for a code, which works once; `None` where anything does not fit.
    fn token(&self, redemption: &Redemption) -> Result<Option<String>, Unspecified> {
        let mut state = self.lock();
        let Some(Grant { person, request, made }) = state.codes.remove(&redemption.code) else { return Ok(None) };
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, redemption.code_verifier.as_bytes()));
        let fits = redemption.client_id == request.client_id && redemption.redirect_uri == request.redirect_uri;
        if redemption.grant_type != "authorization_code" || !fits || challenge != request.code_challenge || made.elapsed() >= CODE_LIFE {
            return Ok(None);
        }
        let spoil = state.spoil.take();
        let claims = self.claims(&person, &request.nonce, spoil);
        let token = match spoil {
            Some(Spoil::Key) => SigningKey::generate()?.sign(&claims)?,
            Some(Spoil::Signature) => changed(&state.key.sign(&claims)?, &claims),
            Some(Spoil::Audience | Spoil::Issuer | Spoil::Nonce | Spoil::Expired) | None => state.key.sign(&claims)?,
        };
        Ok(Some(token))
    }

    fn claims(&self, person: &DemoPerson, nonce: &str, spoil: Option<Spoil>) -> Value {
        let or = |what, bad: &str, good: &str| if spoil == Some(what) { bad.to_owned() } else { good.to_owned() };
        let began = self.0.clock.now().timestamp() - if spoil == Some(Spoil::Expired) { 2 * TOKEN_LIFE } else { 0 };
        let groups: Vec<_> = person.roles.iter().map(|role| role.code()).collect();
        let mut claims = json!({
            "iss": or(Spoil::Issuer, "https://issuer.example.com", &self.0.issuer),
            "aud": or(Spoil::Audience, "another-client", CLIENT),
            "nonce": or(Spoil::Nonce, "another-nonce", nonce),
            "sub": person.id,
            "name": person.name,
            "iat": began,
            "exp": began + TOKEN_LIFE,
            "cognito:groups": groups,
        });
        for (name, value) in [("custom:staff", &person.staff), ("custom:tenant", &person.tenant)] {
            if let (Some(value), Some(members)) = (value, claims.as_object_mut()) {
                members.insert(name.to_owned(), json!(value));
            }
        }
        claims
    }
}

/// The issuer below `front`.
pub fn issuer(front: &Url) -> String {
    format!("{front}provider")
}

/// The token with other claims and the signature of its own.
fn changed(token: &str, claims: &Value) -> String {
    let mut claims = claims.clone();
    if let Some(members) = claims.as_object_mut() {
        members.insert("cognito:groups".to_owned(), json!(["operator"]));
    }
    let claims = BASE64_URL_SAFE_NO_PAD.encode(claims.to_string());
    let parts: Vec<_> = token.split('.').collect();
    [parts.first().copied().unwrap_or_default(), &claims, parts.last().copied().unwrap_or_default()].join(".")
}

type Shared = State<Provider>;

async fn describe(State(provider): Shared) -> Json<Value> {
    let issuer = &provider.0.issuer;
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/logout"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "code_challenge_methods_supported": ["S256"],
    }))
}

async fn keys(State(provider): Shared) -> Json<Value> {
    Json(json!({ "keys": [provider.lock().key.public()] }))
}

/// The page on which a person is chosen.
async fn ask(State(provider): Shared, Query(request): Query<Authorization>, uri: axum::http::Uri) -> Response {
    if !provider.accepts(&request) {
        return (StatusCode::BAD_REQUEST, "This is no request of the local client.").into_response();
    }
    match provider.people().await {
        Ok(people) => page::choice(&people, uri.query().unwrap_or_default()),
        Err(error) => failed(&error),
    }
}

fn failed(error: &OpsError) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response()
}

async fn choose(State(provider): Shared, Path(id): Path<String>, Query(request): Query<Authorization>) -> Response {
    let person = match provider.person(&id).await {
        Ok(person) => person,
        Err(error) => return failed(&error),
    };
    let Some(person) = person.filter(|_| provider.accepts(&request)) else {
        return (StatusCode::BAD_REQUEST, "This is no request of the local client, or there is no such person.").into_response();
    };
    let (mut to, state) = (request.redirect_uri.clone(), request.state.clone());
    match provider.grant(person, request) {
        Ok(code) => {
            to.query_pairs_mut().append_pair("code", &code).append_pair("state", &state);
            (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(to)), (header::CACHE_CONTROL, "no-store".to_owned())]).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

async fn redeem(State(provider): Shared, Form(redemption): Form<Redemption>) -> Response {
    match provider.token(&redemption) {
        Ok(Some(token)) => {
            let tokens = json!({ "id_token": token, "access_token": "none", "token_type": "Bearer", "expires_in": TOKEN_LIFE });
            ([(header::CACHE_CONTROL, "no-store")], Json(tokens)).into_response()
        }
        Ok(None) => (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests;
