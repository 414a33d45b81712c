//! Answers with the headers that all of them have: nothing is kept on the way, nothing is loaded from elsewhere, and the
//! address, which may open a report, is told to nobody.

use bytes::Bytes;
use lambda_http::{
    Body, Error, Response,
    http::{StatusCode, header, response::Builder},
};
use serde::Serialize;
use url::form_urlencoded::byte_serialize;

use crate::Page;

fn begin(status: StatusCode) -> Builder {
    Response::builder()
        .status(status)
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .header(header::REFERRER_POLICY, "no-referrer")
        .header(header::STRICT_TRANSPORT_SECURITY, "max-age=63072000")
        .header("x-robots-tag", "noindex, nofollow")
}

/// A page.
pub fn page(status: StatusCode, page: &Page<'_>) -> Result<Response<Body>, Error> {
    let answer = begin(status).header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    let answer = answer.header(header::CONTENT_SECURITY_POLICY, page.policy()).header(header::X_FRAME_OPTIONS, "DENY");
    Ok(answer.body(Body::Text(page.render().0))?)
}

/// The browser goes on to `location`, with a GET.
pub fn redirect(location: &str) -> Result<Response<Body>, Error> {
    Ok(begin(StatusCode::SEE_OTHER).header(header::LOCATION, location).body(Body::Empty)?)
}

/// A value for a script of a page.
pub fn json<T: Serialize>(status: StatusCode, value: &T) -> Result<Response<Body>, Error> {
    let answer = begin(status).header(header::CONTENT_TYPE, "application/json");
    let answer = answer.header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(answer.body(Body::Text(serde_json::to_string(value)?))?)
}

/// Why not, for a program (RFC 9457).
pub fn problem<T: Serialize>(status: StatusCode, problem: &T) -> Result<Response<Body>, Error> {
    let answer = begin(status).header(header::CONTENT_TYPE, "application/problem+json");
    let answer = if status == StatusCode::UNAUTHORIZED { answer.header(header::WWW_AUTHENTICATE, "Session") } else { answer };
    let answer = answer.header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(answer.body(Body::Text(serde_json::to_string(problem)?))?)
}

/// A CSV file to download, under its Japanese name or, where a browser does not know how, as `plain_name`.
pub fn csv(name: &str, plain_name: &str, content: Bytes) -> Result<Response<Body>, Error> {
    // RFC 8187. A form encodes a blank as a plus sign, and leaves an asterisk as it is.
    let name = byte_serialize(name.as_bytes()).collect::<String>().replace('+', "%20").replace('*', "%2A");
    let disposition = format!("attachment; filename=\"{plain_name}\"; filename*=UTF-8''{name}.csv");
    // Not `text/csv`: lambda_http decodes what is text and drops the byte order mark, without which Excel takes it for CP932.
    let answer = begin(StatusCode::OK).header(header::CONTENT_TYPE, "application/octet-stream");
    let answer = answer.header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox");
    Ok(answer.header(header::CONTENT_DISPOSITION, disposition).body(Body::Binary(content.into()))?)
}

/// What is no request of the kinds that are `allowed` there, such as `GET, HEAD`.
pub fn not_allowed(allowed: &'static str) -> Result<Response<Body>, Error> {
    Ok(begin(StatusCode::METHOD_NOT_ALLOWED).header(header::ALLOW, allowed).body(Body::Empty)?)
}
