#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::json;

use super::*;

const ISSUER: &str = "https://id.example.jp/pool";
const NOW: i64 = 1_795_000_000;

fn encode(bytes: impl AsRef<[u8]>) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

fn pair() -> EcdsaKeyPair {
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).unwrap();
    EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &SystemRandom::new()).unwrap()
}

fn public(pair: &EcdsaKeyPair) -> Jwk {
    let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
    serde_json::from_value(json!({ "kty": "EC", "crv": "P-256", "kid": "k", "x": encode(x), "y": encode(y) })).unwrap()
}

fn claims() -> Value {
    json!({
        "iss": ISSUER, "aud": "client", "sub": "7", "nonce": "nonce", "name": "佐藤 恵", "iat": NOW, "exp": NOW + 300,
        "cognito:groups": ["nurse", "somebody-else", "public_health_nurse"], "custom:staff": "01",
    })
}

fn message(header: &Value, claims: &Value) -> String {
    format!("{}.{}", encode(header.to_string()), encode(claims.to_string()))
}

/// What is said to a token with these claims, signed well.
fn check(claims: &Value) -> Result<Person, &'static str> {
    let pair = pair();
    let message = message(&json!({ "alg": "ES256", "kid": "k" }), claims);
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    read(&format!("{message}.{}", encode(signature)), &public(&pair))
}

fn read(token: &str, key: &Jwk) -> Result<Person, &'static str> {
    let (header, id) = key_id(token)?;
    assert_eq!(id, "k");
    let expected = Expected { issuer: ISSUER, client_id: "client", nonce: "nonce", now: DateTime::from_timestamp(NOW, 0).unwrap() };
    person(token, &header, key, &expected)
}

#[test]
fn a_token_says_who_has_signed_in() {
    let person = check(&claims()).unwrap();
    assert_eq!((person.subject.as_str(), person.name.expose(), person.staff.as_deref(), person.tenant), ("7", "佐藤 恵", Some("01"), None));
    assert_eq!(person.roles, [Role::Nurse, Role::PublicHealthNurse].into(), "a group that means nothing here is passed over");
}

#[test]
fn a_claim_that_does_not_fit_is_refused_and_told_by_its_kind() {
    for (name, value, reason) in [
        ("iss", json!("https://id.example.jp/other"), Some("issuer")),
        ("iss", Value::Null, Some("token")),
        ("aud", json!("other"), Some("audience")),
        ("aud", json!([]), Some("audience")),
        ("aud", json!(["client"]), None),
        ("aud", json!(["client", "other"]), Some("audience")),
        ("azp", json!("client"), None),
        ("azp", json!("other"), Some("audience")),
        ("nonce", json!("other"), Some("nonce")),
        ("nonce", json!(""), Some("nonce")),
        ("exp", json!(NOW - 59), None),
        ("exp", json!(NOW - 60), Some("expired")),
        ("exp", json!("never"), Some("token")),
        ("exp", json!(i64::MAX), Some("token")),
        ("iat", json!(NOW + 60), None),
        ("iat", json!(NOW + 61), Some("too early")),
        ("name", json!(" "), Some("name")),
        ("custom:tenant", json!("no ULID"), Some("tenant")),
        ("custom:tenant", json!(""), None),
    ] {
        let mut claims = claims();
        claims[name] = value.clone();
        assert_eq!(check(&claims).err(), reason, "{name}: {value}");
    }
    for name in ["iss", "aud", "sub", "exp", "iat", "nonce", "name"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(name);
        assert!(check(&claims).is_err(), "without {name}");
    }
}

#[test]
fn a_token_that_is_not_signed_with_the_key_is_refused() {
    let (ours, other) = (pair(), pair());
    let header = json!({ "alg": "ES256", "kid": "k" });
    let message_of = |header: &Value| message(header, &claims());
    let signature = encode(other.sign(&SystemRandom::new(), message_of(&header).as_bytes()).unwrap());
    assert_eq!(read(&format!("{}.{signature}", message_of(&header)), &public(&ours)), Err("signature"));
    assert_eq!(read(&format!("{}.", message_of(&header)), &public(&ours)), Err("signature"));

    // The public key taken for a shared secret, and no signature at all.
    let shared = message_of(&json!({ "alg": "HS256", "kid": "k" }));
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, ours.public_key().as_ref()), shared.as_bytes());
    assert_eq!(read(&format!("{shared}.{}", encode(tag)), &public(&ours)), Err("algorithm"));
    let none = message_of(&json!({ "alg": "none", "kid": "k" }));
    assert_eq!(read(&format!("{none}."), &public(&ours)), Err("token"));
    let rsa = message_of(&json!({ "alg": "RS256", "kid": "k" }));
    assert_eq!(read(&format!("{rsa}.{signature}"), &public(&ours)), Err("signature"));
    assert_eq!(key_id(&format!("{}.{signature}", message_of(&json!({ "alg": "ES256" })))).err(), Some("key"));
    for broken in ["", ".", "..", "a.b.c", "a.b.c.d"] {
        assert_eq!(key_id(broken).err(), Some("token"), "{broken}");
    }
}
