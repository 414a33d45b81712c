//! Texts that nobody guesses.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    hmac,
    rand::{SecureRandom, SystemRandom},
};

use store::StoreError;

/// 256 random bits in base64url: also a good PKCE verifier (RFC 7636, 4.1).
pub fn text() -> Result<String, StoreError> {
    let mut bytes = [0; 32];
    let failed = |_| StoreError::Unavailable { operation: "random bytes", why: "the machine has none".to_owned() };
    SystemRandom::new().fill(&mut bytes).map_err(failed)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether `given` is the `secret`. How long this takes tells nothing: digests are compared, in constant time.
pub fn is_same(secret: &str, given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, given.as_bytes(), hmac::sign(&key, secret.as_bytes()).as_ref()).is_ok()
}
