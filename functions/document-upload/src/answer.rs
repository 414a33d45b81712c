//! Answers with the headers that all of them have: nothing is kept on the way, and the address, which lets documents in, is told
//! to nobody.

use lambda_http::{
    Body, Error, Response,
    http::{StatusCode, header, response::Builder},
};
use maud::Markup;
use serde_json::{Value, json};

use crate::{page, permit::Answer};

fn begin(status: StatusCode) -> Builder {
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000")
        .header("x-robots-tag", "noindex, nofollow")
}

/// A page, from which can be sent to `origin`.
pub fn page(status: StatusCode, page: &Markup, origin: &str) -> Result<Response<Body>, Error> {
    let answer = begin(status).header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    let answer = answer.header(header::CONTENT_SECURITY_POLICY, page::policy(origin)).header(header::X_FRAME_OPTIONS, "DENY");
    Ok(answer.body(Body::Text(page.0.clone()))?)
}

/// What the page's script reads.
pub fn json(answer: &Answer) -> Result<Response<Body>, Error> {
    let error = |error: Value| json!({ "error": error });
    let (status, body) = match answer {
        Answer::Permitted(upload) => {
            let headers: serde_json::Map<String, Value> = upload.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
            (StatusCode::OK, json!({ "url": upload.url, "headers": headers }))
        }
        Answer::NotTaken(why) => (StatusCode::UNPROCESSABLE_ENTITY, error(serde_json::to_value(why)?)),
        Answer::Over => (StatusCode::GONE, error(json!("over"))),
        Answer::Unknown => (StatusCode::NOT_FOUND, error(json!("over"))),
        Answer::Malformed => (StatusCode::BAD_REQUEST, error(json!("failed"))),
        Answer::Failure => (StatusCode::INTERNAL_SERVER_ERROR, error(json!("failed"))),
    };
    let answer = begin(status).header(header::CONTENT_TYPE, "application/json");
    Ok(answer.body(Body::Text(body.to_string()))?)
}

/// What is no request for a page or an upload.
pub fn not_allowed() -> Result<Response<Body>, Error> {
    Ok(begin(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, "GET, HEAD, POST").body(Body::Empty)?)
}
