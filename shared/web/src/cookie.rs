//! Cookies of one origin: `__Host-` binds them to it, and no script reads them.

use lambda_http::{
    Request,
    http::{HeaderValue, header},
};

/// Why a cookie cannot be set: something in its value is for no header.
pub const NO_HEADER: &str = "its cookie is no header";

/// The values of the cookies of that name.
pub fn read<'a>(request: &'a Request, name: &'a str) -> impl Iterator<Item = &'a str> {
    let headers = request.headers().get_all(header::COOKIE).into_iter().filter_map(|header| header.to_str().ok());
    let pairs = headers.flat_map(|header| header.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(move |(given, _)| *given == name).map(|(_, value)| value)
}

/// The header that sets one, until the browser closes or for so many seconds (0 removes it).
pub fn set(name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
    let age = seconds.map_or_else(String::new, |seconds| format!("; Max-Age={seconds}"));
    HeaderValue::try_from(format!("{name}={value}; Path=/; HttpOnly; Secure; SameSite=Lax{age}")).ok()
}
