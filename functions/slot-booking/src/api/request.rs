//! What programs send: JSON with every field named, and the headers that a change needs.

use lambda_http::http::header;
use serde::{Deserialize, de::DeserializeOwned};

use domain::{interview::request, phrase::Phrase};

use super::problem::Problem;
use crate::Asking;

/// A slot by its id: what is held, or where an interview moves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub slot: String,
}

/// How an interview is cancelled.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Cancel {
    /// What the contact believes of the deadline.
    pub in_time: bool,
}

/// The booking form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Booking {
    pub slot: String,
    number: String,
    name: String,
    method: String,
    #[serde(default)]
    phone: String,
    purpose: String,
    mail: String,
    #[serde(default)]
    wishes: String,
}

impl Booking {
    pub fn form(&self) -> request::Form<'_> {
        request::Form {
            number: &self.number,
            name: &self.name,
            method: &self.method,
            phone: &self.phone,
            purpose: &self.purpose,
            mail: &self.mail,
            wishes: &self.wishes,
        }
    }

    /// All of it in one text that is the same for the same form.
    pub fn digested(&self) -> String {
        let Self { slot, number, name, method, phone, purpose, mail, wishes } = self;
        [slot, number, name, method, phone, purpose, mail, wishes].map(String::as_str).join("\u{1e}")
    }
}

/// Idempotency keys have 16 to 64 characters of these: a UUID has 36.
fn is_key(key: &str) -> bool {
    (16..=64).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// The idempotency key and the body of a request that changes something.
pub fn read<T: DeserializeOwned>(asking: Asking<'_>) -> Result<(String, T), Problem> {
    let header = |name: &str| asking.request.headers().get(name).and_then(|value| value.to_str().ok());
    if !asking.session.allows(asking.request, None) {
        return Err(Problem::bad_token());
    }
    let key = header("idempotency-key").filter(|key| is_key(key));
    let Some(key) = key else { return Err(Problem::bad_parameter("Idempotency-Key", Phrase::BookingApiBadKey)) };
    let kind = header(header::CONTENT_TYPE.as_str()).unwrap_or_default().split(';').next().unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Problem::no_json());
    }
    // What serde says of a wrong body names fields and positions; it goes to whoever wrote the body.
    let body = serde_json::from_slice(asking.request.body()).map_err(|error| Problem::bad_body(&error.to_string()))?;
    Ok((key.to_owned(), body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uuid_is_a_key_and_what_could_be_guessed_or_carry_a_name_is_none() {
        for (key, good) in [
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", true),
            ("01KAS2WJ0000000000000NTRV1", true),
            ("000101", false),
            ("8e03978e 40d5 43dd bc93", false),
            ("髙橋髙橋髙橋髙橋", false),
        ] {
            assert_eq!(is_key(key), good, "{key}");
        }
    }
}
