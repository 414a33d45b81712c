//! Answers that are no page of somebody signed in.

use lambda_http::{Body, Error, Response, http::StatusCode};
use web::Page;

use domain::phrase::Phrase;

use crate::page::LANGUAGE;

/// A page that only says something.
pub fn notice(status: StatusCode, title: Phrase, text: Phrase) -> Result<Response<Body>, Error> {
    web::answer::page(status, &Page::notice(LANGUAGE, title, text))
}

/// There is no such thing.
pub fn not_found() -> Result<Response<Body>, Error> {
    notice(StatusCode::NOT_FOUND, Phrase::DeskNotFoundTitle, Phrase::DeskNotFoundText)
}

/// A status for a script.
pub fn empty(status: StatusCode) -> Result<Response<Body>, Error> {
    Ok(Response::builder().status(status).body(Body::Empty)?)
}
