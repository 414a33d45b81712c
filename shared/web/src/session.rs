//! Who is signed in. A session is kept nowhere but in its cookie, sealed with the installation's key for the
//! client that signed the person in. Its clock is the machine's, never business time.

use std::{collections::BTreeSet, fmt};

use chrono::{DateTime, TimeDelta, Utc};
use lambda_http::{
    Request,
    http::{HeaderValue, header},
};
use serde::{Deserialize, Serialize};

use domain::{id::TenantId, personal::PersonName};
use store::{Installation, StoreError, seal::Sealed};

use crate::{Client, Role, cookie, random};

/// The cookie.
pub const COOKIE: &str = "__Host-hokenshitsu";

/// What is sealed.
const KIND: &str = "session";
/// After this a person signs in again, whatever they did.
const LONGEST: TimeDelta = TimeDelta::hours(9);
/// After this a person who did nothing signs in again.
const IDLE: TimeDelta = TimeDelta::minutes(60);
/// A cookie is issued anew when it is older.
const FRESH: TimeDelta = TimeDelta::minutes(5);
/// How far machines' clocks may differ.
const SKEW: TimeDelta = TimeDelta::minutes(1);

/// A person as the identity provider describes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// The provider's id.
    pub subject: String,
    /// The name.
    pub name: PersonName,
    /// The id of their record: the `Nurse` entity of staff, the `Contact` entity of a contact.
    pub staff: Option<String>,
    /// What they may be; empty where the provider knows them and nobody gave them a role.
    pub roles: BTreeSet<Role>,
    /// Whose contact this is.
    pub tenant: Option<TenantId>,
}

/// A person who has signed in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The provider's id.
    pub subject: String,
    /// The name.
    pub name: PersonName,
    /// The id of their record: the `Nurse` entity of staff, the `Contact` entity of a contact.
    pub staff: Option<String>,
    /// What they may be.
    pub roles: BTreeSet<Role>,
    /// Whose contact this is.
    pub tenant: Option<TenantId>,
    /// When they signed in.
    pub signed_in_at: DateTime<Utc>,
    /// When the cookie was issued.
    pub issued_at: DateTime<Utc>,
    /// What every form and every call of a page has to repeat.
    pub csrf: String,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("subject", &self.subject).field("roles", &self.roles).finish_non_exhaustive()
    }
}

impl Session {
    /// The session of who signs in now.
    pub fn begin(person: Person, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let Person { subject, name, staff, roles, tenant } = person;
        Ok(Self { subject, name, staff, roles, tenant, signed_in_at: now, issued_at: now, csrf: random::text()? })
    }

    /// The session of a request, where it has one of this client's that holds at `now`.
    pub(crate) fn of(request: &Request, installation: &Installation, client: &Client, now: DateTime<Utc>) -> Option<Self> {
        let sealed = cookie::read(request, COOKIE).find_map(Sealed::of_text)?;
        let session: Self = installation.seal().open_json(&client.place(KIND), &sealed).ok()?;
        session.holds(now).then_some(session)
    }

    fn holds(&self, now: DateTime<Utc>) -> bool {
        let began = self.signed_in_at <= self.issued_at && self.issued_at <= now + SKEW;
        began && now < self.signed_in_at + LONGEST && now < self.issued_at + IDLE
    }

    pub(crate) fn is_due(&self, now: DateTime<Utc>) -> bool {
        now > self.issued_at + FRESH
    }

    /// The `Set-Cookie` header of this session, good for this client alone.
    pub fn cookie(&self, installation: &Installation, client: &Client) -> Result<HeaderValue, StoreError> {
        let sealed = installation.seal().seal_json(&client.place(KIND), self).map_err(StoreError::unavailable("sealing a session"))?;
        cookie::set(COOKIE, &sealed.to_text(), None)
            .ok_or_else(|| StoreError::Unavailable { operation: "writing a session", why: cookie::NO_HEADER.to_owned() })
    }

    /// Whether a request that changes something comes from one of our own pages: it repeats the session's token (in a form
    /// field, or else in `X-CSRF-Token`), and the browser says that it comes from the same origin.
    pub fn allows(&self, request: &Request, form_csrf: Option<&str>) -> bool {
        let header = || request.headers().get("x-csrf-token").and_then(|token| token.to_str().ok());
        form_csrf.or_else(header).is_some_and(|given| random::is_same(&self.csrf, given)) && is_same_origin(request)
    }
}

/// What the browser says of where a request comes from; who says nothing is no browser of today and is refused. The origin of a
/// form is `null`, because our pages send no referrer: then `Sec-Fetch-Site` decides alone.
fn is_same_origin(request: &Request) -> bool {
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap_or_default());
    let host = header(header::HOST.as_str());
    let is_own = |origin: &str| origin.split_once("://").is_some_and(|(_, at)| host.is_some_and(|host| at.eq_ignore_ascii_case(host)));
    match (header("sec-fetch-site"), header(header::ORIGIN.as_str())) {
        (Some("same-origin"), None | Some("null")) => true,
        (Some("same-origin") | None, Some(origin)) => is_own(origin),
        (Some(_), _) | (None, None) => false,
    }
}

#[cfg(test)]
mod tests;
