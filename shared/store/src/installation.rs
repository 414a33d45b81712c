//! The installation's own secret, from which two keys are derived (HKDF-SHA-256, RFC 5869): one that turns LINE ids and
//! employee numbers into look-up digests, so that neither stands in a key, and one that seals what must be sent to people
//! who have no data key: strangers and staff.

use std::fmt;

use chrono::{DateTime, Utc};
use ring::{hkdf, hmac};
use uuid::Uuid;

use domain::{
    id::{MemberId, TenantId},
    personal::{EmployeeNumber, LineUserId},
    time::stamp,
};

use crate::{Key, keys::INDEX_SHARDS, seal::SealingKey};

/// A keyed digest in hexadecimal: the same value always has the same digest, and nobody without the secret can tell the value.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest as it stands in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A digest that was read from the table.
    pub(crate) fn of_text(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The LINE user whose item this is.
    pub fn of_line_user(key: &Key) -> Option<Self> {
        key.pk.strip_prefix("LINE#").filter(|_| key.sk == "USER").map(Self::of_text)
    }

    /// The employee number whose roster row this is, with the tenant.
    pub fn of_roster_row(key: &Key) -> Option<(TenantId, Self)> {
        let (tenant, _) = key.pk.strip_prefix("ROSTER#")?.split_once('#')?;
        Some((tenant.parse().ok()?, Self::of_text(&key.sk)))
    }

    /// Which of the [`INDEX_SHARDS`] partitions of the index.
    pub(crate) fn index_shard(&self) -> u8 {
        self.0.bytes().last().unwrap_or_default() % INDEX_SHARDS
    }

    /// The first hexadecimal digit: spreads items over 16 partitions.
    pub fn shard(&self) -> &str {
        self.0.get(..1).unwrap_or("0")
    }
}

/// The keys derived from the installation's secret.
pub struct Installation {
    digests: hmac::Key,
    seal: SealingKey,
}

impl fmt::Debug for Installation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Installation")
    }
}

struct Bytes32;

impl hkdf::KeyType for Bytes32 {
    fn len(&self) -> usize {
        SealingKey::LEN
    }
}

fn derive(secret: &hkdf::Prk, purpose: &str) -> Option<[u8; SealingKey::LEN]> {
    let mut bytes = [0; SealingKey::LEN];
    secret.expand(&[purpose.as_bytes()], Bytes32).ok()?.fill(&mut bytes).ok()?;
    Some(bytes)
}

impl Installation {
    /// The keys of `secret`, which has 32 random bytes; `None` for another length.
    pub fn new(secret: &[u8]) -> Option<Self> {
        if secret.len() != 32 {
            return None;
        }
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hokenshitsu").extract(secret);
        let digests = hmac::Key::new(hmac::HMAC_SHA256, &derive(&secret, "digest")?);
        Some(Self { digests, seal: SealingKey::new(&derive(&secret, "seal")?)? })
    }

    /// Seals what has no member's key.
    pub fn seal(&self) -> &SealingKey {
        &self.seal
    }

    /// The digest of a LINE user id (row A1: a LINE user is one person under every channel of the provider).
    pub fn line_user(&self, id: &LineUserId) -> Digest {
        self.digest(&["line", id.expose()])
    }

    /// The digest of an employee number of a tenant.
    pub fn number(&self, tenant: TenantId, number: &EmployeeNumber) -> Digest {
        self.digest(&["number", &tenant.to_string(), number.expose()])
    }

    /// The id of the one notice of a kind that a member gets about one end: the same whoever makes it, so that it is sent once.
    pub fn notice(&self, kind: &str, member: MemberId, end: DateTime<Utc>) -> Uuid {
        let digest = self.digest(&["notice", kind, &member.to_string(), &stamp(end)]);
        uuid::Builder::from_custom_bytes(u128::from_str_radix(&digest.0, 16).unwrap_or_default().to_be_bytes()).into_uuid()
    }

    /// 128 bits of the HMAC: far beyond collision at any number of people, and half as long in every key.
    fn digest(&self, parts: &[&str]) -> Digest {
        let tag = hmac::sign(&self.digests, parts.join("\u{1f}").as_bytes());
        let bits = tag.as_ref().iter().take(16).fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        Digest(format!("{bits:032x}"))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_digest_depends_on_the_secret_and_tells_nothing_of_the_value() {
        let user = LineUserId::new("U4af4980629f2c5ad2a0f6f7d0e2c9d71");
        let one = Installation::new(&[1; 32]).unwrap();
        let other = Installation::new(&[2; 32]).unwrap();
        assert_eq!(one.line_user(&user), one.line_user(&user));
        assert_ne!(one.line_user(&user), other.line_user(&user));
        assert_eq!(one.line_user(&user).as_str().len(), 32);
    }

    #[test]
    fn a_secret_has_32_bytes() {
        assert!(Installation::new(&[1; 31]).is_none());
    }
}
