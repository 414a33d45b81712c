//! Authenticated encryption of texts: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce a text, from ring.

use std::fmt;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Nonce and ciphertext, as stored in a binary attribute.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(Vec<u8>);

impl Sealed {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// As a text for where bytes cannot stand, such as a cookie: base64url.
    pub fn to_text(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(&self.0)
    }

    /// Reads [`Self::to_text`]; `None` for any other text. Whether it opens is another question.
    pub fn of_text(text: &str) -> Option<Self> {
        BASE64_URL_SAFE_NO_PAD.decode(text).ok().map(Self)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

impl Serialize for Sealed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl de::Visitor<'_> for Bytes {
            type Value = Sealed;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Sealed, E> {
                Ok(Sealed(bytes.to_vec()))
            }

            fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Sealed, E> {
                Ok(Sealed(bytes))
            }
        }
        deserializer.deserialize_byte_buf(Bytes)
    }
}

/// The ciphertext does not belong to this key and place, or was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open with its key")]
pub struct DoesNotOpen;

/// A key of 256 bits that seals and opens.
pub struct SealingKey(LessSafeKey);

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey")
    }
}

impl SealingKey {
    /// Bytes of a key.
    pub const LEN: usize = 32;

    /// The key, where `bytes` are [`Self::LEN`] many.
    pub fn new(bytes: &[u8]) -> Option<Self> {
        UnboundKey::new(&AES_256_GCM, bytes).ok().map(|key| Self(LessSafeKey::new(key)))
    }

    /// Seals `plain` for `place` (whose it is and which field): it opens nowhere else.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Sealed, DoesNotOpen> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| DoesNotOpen)?;
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place.as_bytes()), &mut sealed)
            .map_err(|_| DoesNotOpen)?;
        sealed.splice(0..0, nonce);
        Ok(Sealed(sealed))
    }

    /// Opens what was sealed for `place`.
    pub fn open(&self, place: &str, sealed: &Sealed) -> Result<Vec<u8>, DoesNotOpen> {
        let (nonce, text) = sealed.0.split_at_checked(NONCE_LEN).ok_or(DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
        let mut text = text.to_vec();
        let plain = self.0.open_in_place(nonce, Aad::from(place.as_bytes()), &mut text).map_err(|_| DoesNotOpen)?;
        Ok(plain.to_vec())
    }

    /// Seals a value as JSON.
    pub fn seal_json<T: Serialize>(&self, place: &str, value: &T) -> Result<Sealed, DoesNotOpen> {
        let json = serde_json::to_vec(value).map_err(|_| DoesNotOpen)?;
        self.seal(place, &json)
    }

    /// Opens a value that was sealed as JSON.
    pub fn open_json<T: de::DeserializeOwned>(&self, place: &str, sealed: &Sealed) -> Result<T, DoesNotOpen> {
        serde_json::from_slice(&self.open(place, sealed)?).map_err(|_| DoesNotOpen)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn a_sealed_text_opens_only_with_its_key_and_at_its_place() {
        let key = SealingKey::new(&[7; 32]).unwrap();
        let sealed = key.seal("member|body", "眠れません".as_bytes()).unwrap();
        assert_eq!(key.open("member|body", &sealed).unwrap(), "眠れません".as_bytes());
        assert_eq!(key.open("other|body", &sealed), Err(DoesNotOpen));
        assert_eq!(SealingKey::new(&[8; 32]).unwrap().open("member|body", &sealed), Err(DoesNotOpen));
        assert_eq!(key.open("member|body", &Sealed(vec![1, 2, 3])), Err(DoesNotOpen));
    }

    #[test]
    fn the_same_text_never_seals_to_the_same_bytes() {
        let key = SealingKey::new(&[7; 32]).unwrap();
        assert_ne!(key.seal("p", b"text").unwrap(), key.seal("p", b"text").unwrap());
    }

    #[test]
    fn a_sealed_value_goes_through_a_text() {
        let sealed = SealingKey::new(&[7; 32]).unwrap().seal("p", b"text").unwrap();
        assert_eq!(Sealed::of_text(&sealed.to_text()), Some(sealed));
        assert_eq!(Sealed::of_text("not base64url!"), None);
    }

    #[test]
    fn a_sealed_text_is_stored_as_bytes() {
        let sealed = Sealed(vec![1, 2, 3]);
        let value: aws_sdk_dynamodb::types::AttributeValue = serde_dynamo::to_attribute_value(&sealed).unwrap();
        assert!(value.is_b());
        assert_eq!(serde_dynamo::from_attribute_value::<_, Sealed>(value).unwrap(), sealed);
    }
}
