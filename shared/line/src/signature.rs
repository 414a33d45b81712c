//! Is a webhook body from LINE? The header `x-line-signature` is the base64 of HMAC-SHA256 with the channel secret over
//! the **raw bytes** of the body. Only after [`verify`] may the body be parsed.
//!
//! Source: LINE, "Verify webhook signature"; RFC 2104 (HMAC), RFC 4648 section 4 (base64).

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{digest, hmac};

use crate::redacted::redacted;

/// The header that carries the signature (API Gateway hands header names over in lower case).
pub const SIGNATURE_HEADER: &str = "x-line-signature";

redacted! {
    /// The secret of one LINE channel: signs webhooks and fetches access tokens.
    ChannelSecret,
}

/// Why a body is refused. Carries no part of the header or the body, so that it may be logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// There is no signature header.
    #[error("the signature is missing")]
    Missing,
    /// The header is not base64 in its one canonical form (standard alphabet, padded).
    #[error("the signature is not base64")]
    NotBase64,
    /// The decoded signature is not 32 bytes long.
    #[error("the signature has the wrong length")]
    WrongLength,
    /// A well-formed signature of something else, or by someone else.
    #[error("the signature does not match the body")]
    Mismatch,
}

/// Checks `header`, the value of [`SIGNATURE_HEADER`], against the raw `body`, in constant time.
pub fn verify(secret: &ChannelSecret, body: &[u8], header: Option<&str>) -> Result<(), BadSignature> {
    let signature = STANDARD.decode(header.ok_or(BadSignature::Missing)?).map_err(|_| BadSignature::NotBase64)?;
    if signature.len() != digest::SHA256_OUTPUT_LEN {
        return Err(BadSignature::WrongLength);
    }
    hmac::verify(&key(secret), body, &signature).map_err(|_| BadSignature::Mismatch)
}

/// The header value that LINE would send with `body`; for whoever stands in for LINE.
pub fn sign(secret: &ChannelSecret, body: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&key(secret), body))
}

fn key(secret: &ChannelSecret) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "a test stops at the first surprise")]

    use proptest::prelude::*;

    use super::*;

    fn secret() -> ChannelSecret {
        ChannelSecret::new("demo-channel-secret-0123456789abcd")
    }

    #[test]
    fn the_signature_is_the_one_of_the_rfc() {
        // RFC 4231, test case 2.
        let signature = sign(&ChannelSecret::new("Jefe"), b"what do ya want for nothing?");
        assert_eq!(signature, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=");
    }

    #[test]
    fn every_kind_of_bad_header_is_told_apart() {
        let good = sign(&secret(), b"{}");
        let unpadded = good.trim_end_matches('=').to_owned();
        let url_safe = STANDARD.encode([0xfb; 32]).replace('+', "-").replace('/', "_");
        for (header, why) in [
            (None, BadSignature::Missing),
            (Some(String::new()), BadSignature::WrongLength),
            (Some("AAAA".to_owned()), BadSignature::WrongLength),
            (Some(STANDARD.encode([0; 33])), BadSignature::WrongLength),
            (Some("?".to_owned()), BadSignature::NotBase64),
            (Some(unpadded), BadSignature::NotBase64),
            (Some(url_safe), BadSignature::NotBase64),
            (Some(format!(" {good}")), BadSignature::NotBase64),
            (Some(STANDARD.encode([0; 32])), BadSignature::Mismatch),
            (Some(sign(&ChannelSecret::new("another"), b"{}")), BadSignature::Mismatch),
        ] {
            assert_eq!(verify(&secret(), b"{}", header.as_deref()), Err(why), "{header:?}");
        }
        assert_eq!(verify(&secret(), b"{}", Some(&good)), Ok(()));
    }

    #[test]
    fn escapes_are_signed_as_they_are_written() {
        let escaped = br#"{"text":"\uD83E\uDD28"}"#;
        let header = sign(&secret(), escaped);
        assert_eq!(verify(&secret(), escaped, Some(&header)), Ok(()));
        assert_eq!(verify(&secret(), "{\"text\":\"🤨\"}".as_bytes(), Some(&header)), Err(BadSignature::Mismatch));
    }

    proptest! {
        #[test]
        fn any_body_verifies_and_one_changed_bit_does_not(body in prop::collection::vec(any::<u8>(), 1..400), bit in any::<prop::sample::Index>()) {
            let header = sign(&secret(), &body);
            prop_assert_eq!(verify(&secret(), &body, Some(&header)), Ok(()));

            let bit = bit.index(body.len() * 8);
            let mut changed = body.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(verify(&secret(), &changed, Some(&header)), Err(BadSignature::Mismatch));
        }

        #[test]
        fn one_changed_bit_of_the_signature_does_not_verify(body in prop::collection::vec(any::<u8>(), 0..100), bit in 0_usize..256) {
            let mut signature = STANDARD.decode(sign(&secret(), &body)).unwrap_or_default();
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(verify(&secret(), &body, Some(&STANDARD.encode(&signature))), Err(BadSignature::Mismatch));
        }

        #[test]
        fn any_header_is_refused_without_a_panic(header in ".{0,80}") {
            prop_assert!(verify(&secret(), b"body", Some(&header)).is_err());
        }
    }
}
