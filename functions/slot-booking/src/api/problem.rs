//! Why not, as problem details (RFC 9457).

use lambda_http::{Body, Error, Response, http::StatusCode};
use serde::Serialize;
use web::answer;

use domain::{interview::request::Missing, phrase::Phrase};

use super::view::Slot;
use crate::page::LANGUAGE;

/// Problem details; the members that RFC 9457 names, what is to be mended, and what is free.
#[derive(Debug, Serialize)]
pub struct Problem {
    #[serde(rename = "type")]
    kind: String,
    title: &'static str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Fault>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slots: Option<Vec<Slot>>,
}

/// What is to be mended.
#[derive(Debug, Serialize)]
struct Fault {
    /// A JSON pointer (RFC 6901) into the body.
    pointer: String,
    detail: &'static str,
}

impl Problem {
    fn new(status: StatusCode, code: &str, title: Phrase) -> Self {
        Self {
            kind: format!("urn:hokenshitsu:problem:{code}"),
            title: LANGUAGE.phrase(title),
            status: status.as_u16(),
            detail: None,
            errors: Vec::new(),
            slots: None,
        }
    }

    fn because(self, why: Phrase) -> Self {
        Self { detail: Some(LANGUAGE.phrase(why).to_owned()), ..self }
    }

    pub fn stranger() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "not-signed-in", Phrase::BookingApiStranger)
    }

    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden", Phrase::BookingForbiddenTitle).because(Phrase::BookingForbiddenText)
    }

    pub fn bad_token() -> Self {
        Self::new(StatusCode::FORBIDDEN, "bad-token", Phrase::BookingForbiddenTitle).because(Phrase::BookingApiBadToken)
    }

    pub fn not_bought() -> Self {
        Self::new(StatusCode::FORBIDDEN, "not-in-plan", Phrase::BookingNotBoughtTitle).because(Phrase::BookingNotBoughtText)
    }

    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", Phrase::BookingNotFoundTitle)
    }

    pub fn failed() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", Phrase::FailureTitle).because(Phrase::FailureText)
    }

    /// A parameter of the address, or a header.
    pub fn bad_parameter(name: &str, why: Phrase) -> Self {
        let told = format!("{name}: {}", LANGUAGE.phrase(why));
        Self { detail: Some(told), ..Self::new(StatusCode::BAD_REQUEST, "bad-parameter", Phrase::BookingApiBadRequest) }
    }

    pub fn bad_body(why: &str) -> Self {
        Self { detail: Some(why.to_owned()), ..Self::new(StatusCode::BAD_REQUEST, "bad-body", Phrase::BookingApiBadRequest) }
    }

    pub fn no_json() -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "no-json", Phrase::BookingApiNoJson)
    }

    pub fn bad_slot() -> Self {
        let fault = Fault { pointer: "/slot".to_owned(), detail: LANGUAGE.phrase(Phrase::BookingApiBadSlot) };
        Self { errors: vec![fault], ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "incomplete", Phrase::BookingApiIncomplete) }
    }

    pub fn incomplete(missing: &[Missing]) -> Self {
        let fault = |missing: &Missing| Fault { pointer: format!("/{}", missing.field()), detail: LANGUAGE.phrase(missing.phrase()) };
        let errors = missing.iter().map(fault).collect();
        Self { errors, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "incomplete", Phrase::BookingApiIncomplete) }
    }

    pub fn not_admitted(why: Phrase) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "not-admitted", Phrase::BookingApiNotAdmitted).because(why)
    }

    pub fn other_request() -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "other-request", Phrase::BookingApiOtherRequest)
    }

    pub fn not_possible(why: Phrase) -> Self {
        Self::new(StatusCode::CONFLICT, "not-possible", Phrase::BookingApiNotPossible).because(why)
    }

    pub fn not_free(why: Phrase, slots: Vec<Slot>) -> Self {
        Self { slots: Some(slots), ..Self::new(StatusCode::CONFLICT, "not-free", Phrase::BookingApiNotFree).because(why) }
    }

    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    pub fn answer(&self) -> Result<Response<Body>, Error> {
        answer::problem(self.status(), self)
    }
}
