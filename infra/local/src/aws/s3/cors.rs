//! The bucket's CORS configuration, as the template deploys it: pages of one origin may `PUT` with the two headers of a permit.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html>

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use url::Url;

/// Headers that a page may send.
const ALLOWED: [&str; 2] = ["content-type", "if-none-match"];

/// The origin as browsers write it.
pub fn allowed(origin: &Url) -> HeaderValue {
    HeaderValue::from_str(&origin.origin().ascii_serialization()).unwrap_or_else(|_| HeaderValue::from_static("null"))
}

/// Answers what a browser asks before it sends, and lets pages of the `allowed` origin read answers.
pub async fn answer(State(allowed): State<HeaderValue>, request: Request, next: Next) -> Response {
    let asks = header::ACCESS_CONTROL_REQUEST_METHOD;
    let is_preflight = request.method() == Method::OPTIONS && request.headers().contains_key(&asks);
    let is_allowed = request.headers().get(header::ORIGIN) == Some(&allowed);
    if is_preflight {
        let headers = request.headers();
        let is_put = headers.get(&asks).is_some_and(|method| method == "PUT");
        if !is_allowed || !is_put || !wanted(headers).all(|name| ALLOWED.contains(&name.as_str())) {
            return StatusCode::FORBIDDEN.into_response();
        }
        let methods = (header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("PUT"));
        let headers = (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type, if-none-match"));
        return ([methods, headers, (header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed)], StatusCode::OK).into_response();
    }
    let mut answer = next.run(request).await;
    if is_allowed {
        answer.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        answer.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    }
    answer
}

/// The headers that a preflight asks for; one that cannot be a header's name stays as what no header is called.
fn wanted(headers: &HeaderMap) -> impl Iterator<Item = HeaderName> {
    let listed = headers.get_all(header::ACCESS_CONTROL_REQUEST_HEADERS).iter().filter_map(|listed| listed.to_str().ok());
    let names = listed.flat_map(|listed| listed.split(',')).map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| name.parse().unwrap_or(HeaderName::from_static("x-no-header")))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use axum::{Router, body::Body, middleware, routing::any};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, headers: &[(&str, &str)]) -> (u16, Option<String>) {
        let origin = "http://127.0.0.1:8080/contacts".parse().unwrap();
        let router = Router::new().fallback(any(|| async { "object" })).layer(middleware::from_fn_with_state(allowed(&origin), answer));
        let mut request = Request::builder().method(method).uri("/bucket/key");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let origin = answer.headers().get(header::ACCESS_CONTROL_ALLOW_ORIGIN).map(|origin| origin.to_str().unwrap().to_owned());
        (answer.status().as_u16(), origin)
    }

    #[tokio::test]
    async fn a_page_of_the_one_origin_may_put_with_the_headers_of_a_permit() {
        const OURS: (&str, &str) = ("origin", "http://127.0.0.1:8080");
        const PUT: (&str, &str) = ("access-control-request-method", "PUT");
        let asks = |headers| ("access-control-request-headers", headers);
        let allowed = Some(OURS.1.to_owned());
        assert_eq!(ask("OPTIONS", &[OURS, PUT, asks("content-type,if-none-match")]).await, (200, allowed.clone()));
        assert_eq!(ask("OPTIONS", &[OURS, PUT, asks("authorization")]).await, (403, None));
        assert_eq!(ask("OPTIONS", &[OURS, ("access-control-request-method", "GET")]).await, (403, None));
        assert_eq!(ask("OPTIONS", &[("origin", "http://example.com"), PUT]).await, (403, None));
        assert_eq!(ask("PUT", &[OURS]).await, (200, allowed));
        assert_eq!(ask("PUT", &[("origin", "http://example.com")]).await, (200, None));
        assert_eq!(ask("PUT", &[]).await, (200, None));
    }
}
