//! SSM Parameter Store. Values of type `SecureString` lie sealed in `<data>/parameters.json`.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    aws::{ACCOUNT, REGION, kms::Kms, wire::AwsError},
    kept,
};

/// The most that one page of `GetParametersByPath` holds.
const PAGE: u64 = 10;

/// The parameters; clones are the same ones.
#[derive(Debug, Clone)]
pub struct Ssm {
    kms: Kms,
    file: PathBuf,
    parameters: Arc<Mutex<BTreeMap<String, Parameter>>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Parameter {
    r#type: String,
    /// As given, or sealed and in base64.
    value: String,
    version: u64,
    modified: DateTime<Utc>,
}

impl Ssm {
    /// Reads `<data>/parameters.json`.
    pub fn open(data: &Path, kms: Kms) -> io::Result<Self> {
        let file = data.join("parameters.json");
        let parameters = Arc::new(Mutex::new(kept::read(&file)?));
        Ok(Self { kms, file, parameters })
    }

    /// Answers `AmazonSSM.<operation>` at `now`.
    pub fn answer(&self, operation: &str, request: &Value, now: DateTime<Utc>) -> Response {
        let answer = match operation {
            "GetParameter" => self.get(request),
            "GetParameters" => self.get_several(request),
            "GetParametersByPath" => self.get_by_path(request),
            "PutParameter" => self.put(request, now),
            "DeleteParameter" => self.delete(request),
            _ => Err(AwsError::new("UnknownOperationException", format!("{operation} is not part of the local system"))),
        };
        answer.map(axum::Json).into_response()
    }

    fn get(&self, request: &Value) -> Result<Value, AwsError> {
        let name = text(request, "Name")?;
        let parameters = self.lock();
        let parameter = parameters.get(name).ok_or_else(|| not_found(name))?;
        Ok(json!({ "Parameter": self.show(name, parameter, decrypts(request))? }))
    }

    fn get_several(&self, request: &Value) -> Result<Value, AwsError> {
        let names: Vec<&str> = request.get("Names").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        if names.is_empty() || names.len() > 10 {
            return Err(AwsError::new("ValidationException", "Names must have 1 to 10 members"));
        }
        let parameters = self.lock();
        let (mut found, mut invalid) = (Vec::new(), Vec::new());
        for name in names {
            match parameters.get(name) {
                Some(parameter) => found.push(self.show(name, parameter, decrypts(request))?),
                None => invalid.push(name),
            }
        }
        Ok(json!({ "Parameters": found, "InvalidParameters": invalid }))
    }

    fn get_by_path(&self, request: &Value) -> Result<Value, AwsError> {
        let path = format!("{}/", text(request, "Path")?.trim_end_matches('/'));
        let recursive = request.get("Recursive").and_then(Value::as_bool).unwrap_or_default();
        let after = request.get("NextToken").and_then(Value::as_str).unwrap_or_default();
        let most = request.get("MaxResults").and_then(Value::as_u64).unwrap_or(PAGE).clamp(1, PAGE);
        let below = |name: &str| name.strip_prefix(&path).is_some_and(|rest| recursive || !rest.contains('/'));
        let parameters = self.lock();
        let mut page: Vec<_> = parameters.iter().filter(|(name, _)| below(name) && name.as_str() > after).collect();
        let most = usize::try_from(most).unwrap_or_default();
        let more = page.len() > most;
        page.truncate(most);
        let next = page.last().filter(|_| more).map(|(name, _)| (*name).clone());
        let shown: Vec<Value> =
            page.into_iter().map(|(name, parameter)| self.show(name, parameter, decrypts(request))).collect::<Result<_, _>>()?;
        Ok(json!({ "Parameters": shown, "NextToken": next }))
    }

    fn put(&self, request: &Value, now: DateTime<Utc>) -> Result<Value, AwsError> {
        let (name, value) = (text(request, "Name")?, text(request, "Value")?);
        check_name(name)?;
        let mut parameters = self.lock();
        let before = parameters.get(name);
        if before.is_some() && !request.get("Overwrite").and_then(Value::as_bool).unwrap_or_default() {
            let message = "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
            return Err(AwsError::new("ParameterAlreadyExists", message));
        }
        let given = request.get("Type").and_then(Value::as_str);
        let kind = given.or(before.map(|parameter| parameter.r#type.as_str()));
        let kind = kind
            .ok_or_else(|| AwsError::new("ValidationException", "A parameter type is required when you create a parameter."))?
            .to_owned();
        let value = match kind.as_str() {
            "SecureString" => BASE64_STANDARD.encode(self.kms.seal(value.as_bytes(), name)?),
            "String" | "StringList" => value.to_owned(),
            _ => return Err(AwsError::new("ValidationException", "Type must be String, StringList or SecureString")),
        };
        let version = before.map_or(1, |parameter| parameter.version + 1);
        parameters.insert(name.to_owned(), Parameter { r#type: kind, value, version, modified: now });
        self.keep(&parameters)?;
        Ok(json!({ "Version": version, "Tier": "Standard" }))
    }

    fn delete(&self, request: &Value) -> Result<Value, AwsError> {
        let name = text(request, "Name")?;
        let mut parameters = self.lock();
        parameters.remove(name).ok_or_else(|| not_found(name))?;
        self.keep(&parameters)?;
        Ok(json!({}))
    }

    fn show(&self, name: &str, parameter: &Parameter, decrypt: bool) -> Result<Value, AwsError> {
        let value = match parameter.r#type.as_str() {
            "SecureString" if decrypt => {
                let sealed = BASE64_STANDARD.decode(&parameter.value).map_err(|error| AwsError::internal(&error))?;
                String::from_utf8(self.kms.open_sealed(&sealed, name)?).map_err(|error| AwsError::internal(&error))?
            }
            _ => parameter.value.clone(),
        };
        Ok(json!({
            "ARN": format!("arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/{}", name.trim_start_matches('/')),
            "DataType": "text",
            "LastModifiedDate": parameter.modified.timestamp(),
            "Name": name,
            "Type": parameter.r#type,
            "Value": value,
            "Version": parameter.version,
        }))
    }

    fn keep(&self, parameters: &BTreeMap<String, Parameter>) -> Result<(), AwsError> {
        kept::write(&self.file, parameters).map_err(|error| AwsError::internal(&error))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Parameter>> {
        self.parameters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn text<'a>(request: &'a Value, member: &str) -> Result<&'a str, AwsError> {
    let value = request.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    value.ok_or_else(|| AwsError::new("ValidationException", format!("{member} is missing")))
}

fn decrypts(request: &Value) -> bool {
    request.get("WithDecryption").and_then(Value::as_bool).unwrap_or_default()
}

fn not_found(name: &str) -> AwsError {
    AwsError::new("ParameterNotFound", format!("Parameter {name} not found."))
}

/// A name in a hierarchy begins with `/`, and only letters, digits and `.-_/` are names.
fn check_name(name: &str) -> Result<(), AwsError> {
    let allowed = name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_/".contains(c));
    if allowed && (name.starts_with('/') || !name.contains('/')) && !name.ends_with('/') {
        return Ok(());
    }
    Err(AwsError::new("ValidationException", "the parameter's name must be fully qualified and of letters, digits and .-_/"))
}
