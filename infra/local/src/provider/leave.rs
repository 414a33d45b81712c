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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use axum::body::Body;
    use http::Request;
    use tower::ServiceExt;

    use super::*;

    #[tokio::test]
    async fn who_signs_out_comes_back_and_goes_nowhere_else() {
        let provider = Provider::new(&"http://127.0.0.1:8080/".parse().unwrap(), Vec::new()).unwrap();
        let ask = async |client: &str, back: &str| {
            let path = format!("/provider/logout?client_id={client}&post_logout_redirect_uri={back}&logout_uri={back}");
            let answer = provider.router().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
            (answer.status(), answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned()))
        };
        let back = "http://127.0.0.1:8080/desk/signed-out";
        assert_eq!(ask(CLIENT, back).await, (StatusCode::SEE_OTHER, Some(back.to_owned())));
        for (client, back) in [
            ("another", back),
            (CLIENT, "http://evil.example/desk/signed-out"),
            (CLIENT, "http://127.0.0.1:8080/desk"),
            (CLIENT, "nowhere"),
        ] {
            assert_eq!(ask(client, back).await, (StatusCode::BAD_REQUEST, None), "{client} {back}");
        }
    }
}
