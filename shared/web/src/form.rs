//! Forms that a page sends.

use lambda_http::Request;
use url::form_urlencoded;

/// The value of a field, where the form has it.
pub fn field(request: &Request, name: &str) -> Option<String> {
    value(request.body(), name)
}

/// The same of the address.
pub fn parameter(request: &Request, name: &str) -> Option<String> {
    value(request.uri().query()?.as_bytes(), name)
}

fn value(encoded: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(encoded).find(|(given, _)| given == name).map(|(_, value)| value.into_owned())
}
