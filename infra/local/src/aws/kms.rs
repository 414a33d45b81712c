//! KMS: data keys under one master key that lies in `<data>/kms.key`.

use std::{io, path::Path, sync::Arc};

use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use serde_json::{Value, json};

use crate::aws::{ACCOUNT, REGION, wire::AwsError};

/// The id of the only key.
pub const KEY_ID: &str = "11111111-2222-4333-8444-555555555555";
/// Its alias, by which the system names it.
pub const KEY_ALIAS: &str = "alias/hokenshitsu-local";

/// The first byte of a ciphertext: how the rest is made.
const FORMAT: u8 = 1;

/// The master key; clones are the same one.
#[derive(Debug, Clone)]
pub struct Kms {
    key: Arc<LessSafeKey>,
    random: SystemRandom,
}

impl Kms {
    /// Reads the master key, or makes one at the first start.
    pub fn open(data: &Path) -> io::Result<Self> {
        let file = data.join("kms.key");
        let random = SystemRandom::new();
        let bytes = match std::fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = vec![0; AES_256_GCM.key_len()];
                random.fill(&mut bytes).map_err(|_| io::Error::other("no randomness"))?;
                std::fs::write(&file, &bytes)?;
                bytes
            }
            Err(error) => return Err(error),
        };
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| io::Error::other(format!("{} is not a key", file.display())))?;
        Ok(Self { key: Arc::new(LessSafeKey::new(key)), random })
    }

    /// Seals `plain`; it opens only with the same `context`.
    pub fn seal(&self, plain: &[u8], context: &str) -> Result<Vec<u8>, AwsError> {
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|error| AwsError::internal(&error))?;
        let mut sealed = plain.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .map_err(|error| AwsError::internal(&error))?;
        Ok([&[FORMAT], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Kms::seal`] made.
    pub fn open_sealed(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, AwsError> {
        let invalid =
            || AwsError::new("InvalidCiphertextException", "the ciphertext, or its encryption context, is not the one that was sealed");
        let (format, rest) = sealed.split_first().ok_or_else(invalid)?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(invalid)?;
        if *format != FORMAT {
            return Err(invalid());
        }
        let mut body = body.to_vec();
        let plain = self.key.open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut body).map_err(|_| invalid())?;
        Ok(plain.to_vec())
    }

    /// Answers `TrentService.<operation>`.
    pub fn answer(&self, operation: &str, request: &Value) -> Response {
        let answer = match operation {
            "GenerateDataKey" => self.generate_data_key(request),
            "Decrypt" => self.decrypt(request),
            _ => Err(AwsError::new("UnknownOperationException", format!("{operation} is not part of the local system"))),
        };
        answer.map(axum::Json).into_response()
    }

    fn generate_data_key(&self, request: &Value) -> Result<Value, AwsError> {
        known_key(request.get("KeyId").and_then(Value::as_str).unwrap_or_default())?;
        let length = match (request.get("KeySpec").and_then(Value::as_str), request.get("NumberOfBytes").and_then(Value::as_u64)) {
            (Some("AES_256"), None) => 32,
            (Some("AES_128"), None) => 16,
            (None, Some(bytes @ 1..=1024)) => usize::try_from(bytes).unwrap_or_default(),
            _ => return Err(AwsError::new("ValidationException", "Please specify either number of bytes or key spec.")),
        };
        let mut plain = vec![0; length];
        self.random.fill(&mut plain).map_err(|error| AwsError::internal(&error))?;
        let sealed = self.seal(&plain, &context(request))?;
        Ok(json!({ "KeyId": key_arn(), "Plaintext": BASE64_STANDARD.encode(plain), "CiphertextBlob": BASE64_STANDARD.encode(sealed) }))
    }

    fn decrypt(&self, request: &Value) -> Result<Value, AwsError> {
        if let Some(key) = request.get("KeyId").and_then(Value::as_str) {
            known_key(key)?;
        }
        let blob = request.get("CiphertextBlob").and_then(Value::as_str).and_then(|text| BASE64_STANDARD.decode(text).ok());
        let blob = blob.ok_or_else(|| AwsError::new("ValidationException", "CiphertextBlob is missing or not base64"))?;
        let plain = self.open_sealed(&blob, &context(request))?;
        Ok(json!({ "KeyId": key_arn(), "Plaintext": BASE64_STANDARD.encode(plain), "EncryptionAlgorithm": "SYMMETRIC_DEFAULT" }))
    }
}

fn key_arn() -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{KEY_ID}")
}

fn known_key(key: &str) -> Result<(), AwsError> {
    // An ARN names the key or the alias after its last colon.
    match key.rsplit(':').next().unwrap_or(key) {
        name if name == KEY_ALIAS || name.strip_prefix("key/").unwrap_or(name) == KEY_ID => Ok(()),
        _ => Err(AwsError::new("NotFoundException", format!("Key '{key}' does not exist"))),
    }
}

/// The encryption context as text that is the same for the same members in any order.
fn context(request: &Value) -> String {
    let members: std::collections::BTreeMap<&str, &str> = request
        .get("EncryptionContext")
        .and_then(Value::as_object)
        .map(|members| members.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect())
        .unwrap_or_default();
    json!(members).to_string()
}
