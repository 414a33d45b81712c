//! The end of a session at the provider (OpenID Connect RP-Initiated Logout 1.0). It keeps none: who comes is sent back.

use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use url::Url;

use super::{CLIENT, Provider};

/// What a client says when it ends a session.
#[derive(Deserialize)]
pub struct Leaving {
    client_id: String,
    post_logout_redirect_uri: Url,
}

/// `GET /provider/logout`.
pub async fn leave(State(provider): State<Provider>, Query(leaving): Query<Leaving>) -> Response {
    let back = leaving.post_logout_redirect_uri;
    if leaving.client_id != CLIENT || back.origin() != provider.0.front.origin() || !back.path().ends_with("/signed-out") {
        return (StatusCode::BAD_REQUEST, "This is no request of the local client.").into_response();
    }
    (StatusCode::SEE_OTHER, [(header::LOCATION, String::from(back))]).into_response()
}
