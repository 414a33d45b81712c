//! How programs sign in: `/local/sign-in`.

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::post,
};
use serde::Deserialize;
use serde_json::json;
use store::{Parameters, StoreError};
use url::Url;
use web::{Client, Session};

use super::{CLIENT, DemoPerson, Provider, Spoil};
use crate::aws::wire::AwsError;

#[derive(Clone)]
struct Programs {
    provider: Provider,
    parameters: Parameters,
}

impl Provider {
    /// The routes below `/local`; `parameters` hold the secret that seals sessions.
    pub fn programs(&self, parameters: Parameters) -> Router {
        Router::new()
            .route("/sign-in", post(sign_in))
            .route("/sign-in/spoil", post(spoil))
            .with_state(Programs { provider: self.clone(), parameters })
    }
}

#[derive(Deserialize)]
struct Who {
    person: String,
}

#[derive(Deserialize)]
struct What {
    spoil: Option<Spoil>,
}

/// The cookie that the person would have after signing in, and what goes with it.
async fn sign_in(State(programs): State<Programs>, body: String) -> Result<Response, AwsError> {
    let Who { person } = serde_json::from_str(&body).map_err(|error| refused(&error))?;
    let known = programs.provider.person(&person).await.map_err(|error| AwsError::internal(&error))?;
    let Some(person) = known.as_ref().and_then(DemoPerson::person) else {
        return Err(refused(&"no such person: nurse-…, contact-… and the first part of their mail address, or operator-demo"));
    };
    let failed = |error: StoreError| AwsError::internal(&error);
    let installation = programs.parameters.installation().await.map_err(failed)?;
    let session = Session::begin(person, programs.provider.0.clock.now()).map_err(failed)?;
    let issuer: Url = programs.provider.0.issuer.parse().map_err(|error| AwsError::internal(&error))?;
    let set = session.cookie(&installation, &Client::new(&issuer, CLIENT)).map_err(failed)?;
    let cookie = set.to_str().ok().and_then(|set| set.split(';').next()).unwrap_or_default();
    let shown = Json(json!({ "cookie": cookie, "csrf": session.csrf }));
    Ok(([(header::SET_COOKIE, set.clone())], shown).into_response())
}

async fn spoil(State(programs): State<Programs>, body: String) -> Result<StatusCode, AwsError> {
    let What { spoil } = serde_json::from_str(&body).map_err(|error| refused(&error))?;
    programs.provider.spoil(spoil);
    Ok(StatusCode::NO_CONTENT)
}

fn refused(why: &impl std::fmt::Display) -> AwsError {
    AwsError::new("BadRequest", why.to_string())
}
