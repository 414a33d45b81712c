//! An ID token (OpenID Connect Core 1.0, 3.1.3.7): who it says has signed in, and why it is not believed.

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{DecodingKey, Header, Validation, decode, decode_header, errors::ErrorKind, jwk::Jwk};
use serde::Deserialize;
use serde_json::Value;

use domain::employee;

use crate::{
    Role,
    random::is_same,
    session::Person,
    verifier::{self, ALGORITHMS},
};

/// How far the provider's clock may differ.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// What a token has to be made for.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Claims {
    sub: String,
    exp: i64,
    iat: i64,
    aud: Value,
    #[serde(default)]
    azp: Option<String>,
    #[serde(default)]
    nonce: String,
    #[serde(default)]
    name: String,
    #[serde(default, rename = "cognito:groups")]
    groups: Vec<String>,
    #[serde(default, rename = "custom:staff")]
    staff: Option<String>,
    #[serde(default, rename = "custom:tenant")]
    tenant: Option<String>,
}

/// A token's header, and the id of the key that it says it is signed with.
pub fn key_id(token: &str) -> Result<(Header, String), &'static str> {
    let mut header = decode_header(token).map_err(|_| "token")?;
    let id = header.kid.take().ok_or("key")?;
    if ALGORITHMS.contains(&header.alg) { Ok((header, id)) } else { Err("algorithm") }
}

/// Who has signed in, by a token that is signed with `key`; else what about it is wrong.
pub fn person(token: &str, header: &Header, key: &Jwk, expected: &Expected<'_>) -> Result<Person, &'static str> {
    verifier::install();
    let key = DecodingKey::from_jwk(key).map_err(|_| "key")?;
    let mut validation = Validation::new(header.alg);
    validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
    validation.set_issuer(&[expected.issuer]);
    validation.set_audience(&[expected.client_id]);
    // It would ask the machine; `now` is handed in.
    validation.validate_exp = false;
    let claims = decode::<Claims>(token, &key, &validation).map_err(|error| reason(error.kind()))?.claims;

    let of = |seconds| DateTime::from_timestamp(seconds, 0).ok_or("token");
    if expected.now >= of(claims.exp)? + SKEW {
        return Err("expired");
    }
    if of(claims.iat)? > expected.now + SKEW {
        return Err("too early");
    }
    let is_for_more = claims.aud.as_array().is_some_and(|more| more.len() > 1);
    if claims.azp.map_or(is_for_more, |party| party != expected.client_id) {
        return Err("audience");
    }
    if !is_same(expected.nonce, &claims.nonce) {
        return Err("nonce");
    }
    Ok(Person {
        subject: claims.sub,
        name: employee::parse_name(&claims.name).map_err(|_| "name")?,
        staff: claims.staff.filter(|staff| !staff.is_empty()),
        roles: claims.groups.iter().filter_map(|group| Role::of_group(group)).collect(),
        tenant: claims.tenant.filter(|tenant| !tenant.is_empty()).map(|tenant| tenant.parse()).transpose().map_err(|_| "tenant")?,
    })
}

#[allow(clippy::wildcard_enum_match_arm, reason = "all others are tokens that cannot be read")]
fn reason(kind: &ErrorKind) -> &'static str {
    match kind {
        ErrorKind::InvalidSignature => "signature",
        ErrorKind::InvalidIssuer => "issuer",
        ErrorKind::InvalidAudience => "audience",
        ErrorKind::InvalidAlgorithm | ErrorKind::UnsupportedAlgorithm => "algorithm",
        _ => "token",
    }
}

#[cfg(test)]
mod tests;
