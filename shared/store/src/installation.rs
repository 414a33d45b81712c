//! The installation's own secret, from which two keys are derived (HKDF-SHA-256, RFC 5869): one that turns LINE ids,
//! employee numbers and mail addresses into look-up digests, so that none of them stands in a key, and one that seals what must be
//! sent to people who have no data key: strangers and staff.

use std::fmt;

use chrono::{DateTime, Utc};
use ring::{hkdf, hmac};
use ulid::Ulid;
use uuid::Uuid;

use domain::{
    id::{ImportId, MemberId, TenantId},
    personal::{EmployeeNumber, LineUserId, MailAddress},
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

    pub(crate) fn of_bits(bits: u128) -> Self {
        Self(format!("{bits:032x}"))
    }

    /// The 128 bits that the digest is; those of a text that is no digest are those of no user.
    pub(crate) fn bits(&self) -> u128 {
        u128::from_str_radix(&self.0, 16).unwrap_or_default()
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

    /// The digest of a mail address, however it is written.
    pub fn mail_address(&self, address: &MailAddress) -> Digest {
        self.digest(&["mail", &address.normalised()])
    }

    /// The id of the import of an object: the same object version is the same import, however often its event comes.
    pub fn import(&self, tenant: TenantId, key: &str, version: &str) -> ImportId {
        ImportId::new(Ulid(self.bits(&["import", &tenant.to_string(), key, version])))
    }

    /// Something that is queued once for each of these `parts`: its id in the outbox.
    pub fn outbox_id(&self, parts: &[&str]) -> Uuid {
        uuid::Builder::from_random_bytes(self.bits(&[&["outbox"], parts].concat()).to_be_bytes()).into_uuid()
    }

    /// What stands in the link to the report on an import: who has the link may read it, and nobody can guess it.
    pub fn report_token(&self, tenant: TenantId, import: ImportId) -> Digest {
        self.digest(&["report", &tenant.to_string(), &import.to_string()])
    }

    /// The path of that report below the contacts' pages: `rosters/{tenant}/{import}/{token}`.
    pub fn report_path(&self, tenant: TenantId, import: ImportId) -> String {
        format!("rosters/{tenant}/{import}/{}", self.report_token(tenant, import).as_str())
    }

    /// Whether `token` is the one of that report.
    pub fn is_report_token(&self, tenant: TenantId, import: ImportId, token: &str) -> bool {
        self.is_same(self.report_token(tenant, import).as_str().as_bytes(), token.as_bytes())
    }

    /// Whether a secret is the one that was given. How long this takes tells nothing: digests of both are compared, in constant
    /// time.
    pub(crate) fn is_same(&self, secret: &[u8], given: &[u8]) -> bool {
        let given = hmac::sign(&self.digests, given);
        hmac::verify(&self.digests, secret, given.as_ref()).is_ok()
    }

    /// Takes the content of a file, piece by piece. Keyed, because the content of a short roster could be guessed.
    pub fn content(&self) -> ContentDigest {
        ContentDigest(hmac::Context::with_key(&self.digests))
    }

    /// The id of the one notice of a kind that a member gets about one end: the same whoever makes it, so that it is sent once.
    pub fn notice(&self, kind: &str, member: MemberId, end: DateTime<Utc>) -> Uuid {
        self.outbox_id(&["notice", kind, &member.to_string(), &stamp(end)])
    }

    /// 128 bits of the HMAC: far beyond collision at any number of people, and half as long in every key.
    pub(crate) fn digest(&self, parts: &[&str]) -> Digest {
        Digest::of_bits(self.bits(parts))
    }

    pub(crate) fn bits(&self, parts: &[&str]) -> u128 {
        bits_of(&self.digests, parts)
    }
}

/// The key for digests for one purpose that follows from a secret: two purposes tell nothing of each other.
pub(crate) fn digest_key(secret: &[u8], purpose: &str) -> Option<hmac::Key> {
    let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, b"hokenshitsu").extract(secret);
    Some(hmac::Key::new(hmac::HMAC_SHA256, &derive(&secret, purpose)?))
}

/// The digest of `parts` in order.
pub(crate) fn bits_of(key: &hmac::Key, parts: &[&str]) -> u128 {
    first_bits(&hmac::sign(key, parts.join("\u{1f}").as_bytes()))
}

fn first_bits(tag: &hmac::Tag) -> u128 {
    tag.as_ref().iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
}

/// The digest of a file that goes by.
#[derive(Clone)]
pub struct ContentDigest(hmac::Context);

impl ContentDigest {
    /// The next piece.
    pub fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        Digest(format!("{:032x}", first_bits(&self.0.sign())))
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
    fn a_mail_address_has_one_digest_however_it_is_written() {
        let installation = Installation::new(&[1; 32]).unwrap();
        let digest = |text: &str| installation.mail_address(&MailAddress::parse(text).unwrap());
        assert_eq!(digest("Mori@Midori.example.jp"), digest("mori@midori.example.JP"));
        assert_ne!(digest("mori@midori.example.jp"), digest("hayashi@midori.example.jp"));
    }

    #[test]
    fn the_link_to_a_report_is_that_of_its_tenant_and_import_only() {
        let installation = Installation::new(&[1; 32]).unwrap();
        let (tenant, import) = (TenantId::new(Ulid(1)), ImportId::new(Ulid(2)));
        let token = installation.report_token(tenant, import);
        assert!(installation.is_report_token(tenant, import, token.as_str()));
        assert!(!installation.is_report_token(TenantId::new(Ulid(2)), ImportId::new(Ulid(1)), token.as_str()));
        assert!(!Installation::new(&[2; 32]).unwrap().is_report_token(tenant, import, token.as_str()));
        for other in ["", "0", &token.as_str()[1..], &format!("{}0", token.as_str()), &token.as_str().to_uppercase()] {
            assert!(!installation.is_report_token(tenant, import, other), "{other}");
        }
        assert_eq!(installation.report_path(tenant, import), format!("rosters/{tenant}/{import}/{}", token.as_str()));
    }

    #[test]
    fn a_secret_has_32_bytes() {
        assert!(Installation::new(&[1; 31]).is_none());
    }
}
