//! A sign-in that is under way: what its callback is checked against, in a sealed cookie for ten minutes.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::{Request, http::HeaderValue};
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use store::{Installation, StoreError, seal::Sealed};

use crate::{Client, cookie, random};

const COOKIE: &str = "__Host-hokenshitsu-sign-in";
/// What is sealed.
const KIND: &str = "attempt";
const LONGEST: TimeDelta = TimeDelta::minutes(10);
const LONGEST_SECONDS: u32 = 600;

/// Proofs that the callback, the code and the token belong to this browser's attempt.
#[derive(Serialize, Deserialize)]
pub struct Attempt {
    pub state: String,
    pub nonce: String,
    pub verifier: String,
    /// Where the person wanted to go.
    pub to: String,
    began_at: DateTime<Utc>,
}

impl Attempt {
    pub fn begin(to: String, now: DateTime<Utc>) -> Result<Self, StoreError> {
        Ok(Self { state: random::text()?, nonce: random::text()?, verifier: random::text()?, to, began_at: now })
    }

    /// The PKCE challenge (S256).
    pub fn challenge(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, self.verifier.as_bytes()))
    }

    /// The attempt of a request, where it has one of this client's of the last ten minutes.
    pub fn of(request: &Request, installation: &Installation, client: &Client, now: DateTime<Utc>) -> Option<Self> {
        let sealed = cookie::read(request, COOKIE).find_map(Sealed::of_text)?;
        let attempt: Self = installation.seal().open_json(&client.place(KIND), &sealed).ok()?;
        (now < attempt.began_at + LONGEST).then_some(attempt)
    }

    pub fn cookie(&self, installation: &Installation, client: &Client) -> Result<HeaderValue, StoreError> {
        let sealed = installation.seal().seal_json(&client.place(KIND), self).map_err(StoreError::unavailable("sealing a sign-in"))?;
        cookie::set(COOKIE, &sealed.to_text(), Some(LONGEST_SECONDS))
            .ok_or_else(|| StoreError::Unavailable { operation: "writing a sign-in", why: cookie::NO_HEADER.to_owned() })
    }

    /// The header that removes the cookie.
    pub fn over() -> Option<HeaderValue> {
        cookie::set(COOKIE, "", Some(0))
    }
}
