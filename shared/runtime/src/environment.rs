//! The configuration, read from variables once, before the first event. What is missing or malformed is reported all at
//! once, by name and never by value.

use std::collections::BTreeMap;

use tracing_subscriber::filter::LevelFilter;
use url::Url;

/// The configuration that all functions share. Secrets are not in it: they are parameters in SSM, found by
/// [`Environment::parameters`].
#[derive(Debug, Clone)]
pub struct Environment {
    /// `HOKEN_TABLE`: the single table.
    pub table: String,
    /// `HOKEN_KEY_TABLE`: the members' wrapped data keys.
    pub key_table: String,
    /// `HOKEN_KMS_KEY`: id, ARN or alias of the key that wraps the data keys.
    pub kms_key: String,
    /// `HOKEN_PARAMETERS`: path of this installation's parameters in SSM, such as `/hokenshitsu/prod`, without a final `/`.
    pub parameters: String,
    /// `HOKEN_MAIL_FROM`: the sender of all mails.
    pub mail_from: String,
    /// `HOKEN_LINE_API`: LINE's API; `https://api.line.me` where not set.
    pub line_api: Url,
    /// `HOKEN_LINE_DATA_API`: where pictures and files that people send are fetched; `https://api-data.line.me` where not set.
    pub line_data_api: Url,
    /// `HOKEN_BUCKET`: the documents.
    pub bucket: String,
    /// `HOKEN_CONSOLE`: where nurses open consultations; alert mails link to it.
    pub console: Url,
    /// `HOKEN_CONTACTS`: the contacts' pages; mails about rosters link to them.
    pub contacts: Url,
    /// `HOKEN_UPLOADS`: the pages where members upload documents; the chat links to them.
    pub uploads: Url,
    /// `HOKEN_BOOKING`: the site where contacts book interviews.
    pub booking: Url,
    /// `HOKEN_LOG`: `error`, `warn` or `info` (where not set); `debug` says more in debug builds only.
    pub log: LevelFilter,
    /// Region, credentials and endpoints of AWS.
    pub aws: AwsVariables,
}

/// `AWS_REGION`, the role's credentials, and `AWS_ENDPOINT_URL_<SERVICE>` / `AWS_ENDPOINT_URL` as every AWS SDK reads them.
#[derive(Clone)]
pub struct AwsVariables {
    /// For example `ap-northeast-1`.
    pub region: String,
    /// The role's key id.
    pub access_key_id: String,
    pub(crate) secret_access_key: String,
    pub(crate) session_token: Option<String>,
    /// Endpoint by service name in upper case (`DYNAMODB`, `KMS`, `SSM`, `SESV2`, `S3`); an empty name holds for all others.
    pub endpoints: BTreeMap<String, Url>,
}

impl std::fmt::Debug for AwsVariables {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AwsVariables").field("region", &self.region).field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}

/// Variables that are not set, or not readable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these environment variables are missing or not valid: {}", .0.join(", "))]
pub struct MissingVariables(pub Vec<String>);

/// The services that functions call, as they are named in `AWS_ENDPOINT_URL_<SERVICE>`.
const SERVICES: [&str; 5] = ["DYNAMODB", "KMS", "SSM", "SESV2", "S3"];

impl Environment {
    /// Reads the process's environment.
    pub fn from_process() -> Result<Self, MissingVariables> {
        #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads variables through `lookup` (the local system hands in its own).
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, MissingVariables> {
        let mut variables = Variables { lookup: &lookup, missing: Vec::new() };
        let text = variables.all([
            "HOKEN_TABLE",
            "HOKEN_KEY_TABLE",
            "HOKEN_KMS_KEY",
            "HOKEN_PARAMETERS",
            "HOKEN_MAIL_FROM",
            "HOKEN_BUCKET",
            "AWS_REGION",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
        ]);
        let line_api = variables.parsed("HOKEN_LINE_API", Some("https://api.line.me"));
        let line_data_api = variables.parsed("HOKEN_LINE_DATA_API", Some("https://api-data.line.me"));
        let console = variables.parsed("HOKEN_CONSOLE", None);
        let contacts = variables.parsed("HOKEN_CONTACTS", None);
        let uploads = variables.parsed("HOKEN_UPLOADS", None);
        let booking = variables.parsed("HOKEN_BOOKING", None);
        let log = variables.parsed("HOKEN_LOG", Some("info"));
        let endpoints = variables.endpoints();
        let (Some(text), Some(line_api), Some(line_data_api), Some(console), Some(contacts), Some(uploads), Some(booking), Some(log), true) =
            (text, line_api, line_data_api, console, contacts, uploads, booking, log, variables.missing.is_empty())
        else {
            return Err(MissingVariables(variables.missing));
        };
        let [table, key_table, kms_key, parameters, mail_from, bucket, region, access_key_id, secret_access_key] = text;
        let session_token = lookup("AWS_SESSION_TOKEN").filter(|token| !token.is_empty());
        let aws = AwsVariables { region, access_key_id, secret_access_key, session_token, endpoints };
        Ok(Self {
            table,
            key_table,
            kms_key,
            parameters,
            mail_from,
            line_api,
            line_data_api,
            bucket,
            console,
            contacts,
            uploads,
            booking,
            log,
            aws,
        })
    }
}

/// The configuration of functions whose pages people sign in to, besides [`Environment`], whose `console` and `contacts` are where they do.
#[derive(Debug, Clone)]
pub struct SignInEnvironment {
    /// `HOKEN_SIGN_IN_ISSUER`: the OpenID provider.
    pub issuer: Url,
    /// `HOKEN_SIGN_IN_CLIENT`: the client's id there.
    pub client_id: String,
}

impl SignInEnvironment {
    /// Reads the process's environment.
    pub fn from_process() -> Result<Self, MissingVariables> {
        #[allow(clippy::disallowed_methods, reason = "the one place that reads the environment")]
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// Reads variables through `lookup`.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, MissingVariables> {
        let mut variables = Variables { lookup: &lookup, missing: Vec::new() };
        let issuer = variables.parsed("HOKEN_SIGN_IN_ISSUER", None);
        let client_id = variables.text("HOKEN_SIGN_IN_CLIENT");
        match (issuer, client_id) {
            (Some(issuer), Some(client_id)) => Ok(Self { issuer, client_id }),
            (None, _) | (_, None) => Err(MissingVariables(variables.missing)),
        }
    }
}

/// Reads variables and remembers which could not be read.
struct Variables<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    missing: Vec<String>,
}

impl Variables<'_> {
    fn text(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name).filter(|value| !value.trim().is_empty());
        if value.is_none() {
            self.missing.push(name.to_owned());
        }
        value
    }

    fn all<const N: usize>(&mut self, names: [&str; N]) -> Option<[String; N]> {
        let values: Vec<String> = names.into_iter().filter_map(|name| self.text(name)).collect();
        values.try_into().ok()
    }

    fn parsed<T: std::str::FromStr>(&mut self, name: &str, default: Option<&str>) -> Option<T> {
        let value = (self.lookup)(name).or_else(|| default.map(str::to_owned)).and_then(|value| value.parse().ok());
        if value.is_none() {
            self.missing.push(name.to_owned());
        }
        value
    }

    fn endpoints(&mut self) -> BTreeMap<String, Url> {
        let mut endpoints = BTreeMap::new();
        for service in SERVICES.into_iter().chain([""]) {
            let name = if service.is_empty() { "AWS_ENDPOINT_URL".to_owned() } else { format!("AWS_ENDPOINT_URL_{service}") };
            let Some(value) = (self.lookup)(&name) else { continue };
            match value.parse() {
                Ok(url) => {
                    endpoints.insert(service.to_owned(), url);
                }
                Err(_) => self.missing.push(name),
            }
        }
        endpoints
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(name: &str) -> Option<String> {
        let value = match name {
            "HOKEN_CONSOLE" | "HOKEN_CONTACTS" | "HOKEN_UPLOADS" | "HOKEN_BOOKING" | "AWS_ENDPOINT_URL_DYNAMODB" => "http://127.0.0.1:8000",
            "HOKEN_LINE_API" | "HOKEN_LINE_DATA_API" | "HOKEN_LOG" | "AWS_SESSION_TOKEN" => return None,
            name if name.starts_with("AWS_ENDPOINT_URL") => return None,
            _ => "x",
        };
        Some(value.to_owned())
    }

    #[test]
    fn a_complete_environment_is_read_with_its_defaults() {
        let environment = Environment::from_lookup(complete);
        assert!(environment.is_ok_and(|e| e.line_api.as_str() == "https://api.line.me/"
            && e.line_data_api.as_str() == "https://api-data.line.me/"
            && e.aws.endpoints.contains_key("DYNAMODB")));
    }

    #[test]
    fn everything_that_is_missing_is_reported_at_once() {
        let missing = Environment::from_lookup(|name| match name {
            "HOKEN_TABLE" => Some(" ".to_owned()),
            "HOKEN_LINE_API" => Some("not a url".to_owned()),
            "AWS_REGION" => None,
            other => complete(other),
        });
        let names = missing.map(|_| ()).map_err(|MissingVariables(names)| names);
        assert_eq!(names, Err(vec!["HOKEN_TABLE".to_owned(), "AWS_REGION".to_owned(), "HOKEN_LINE_API".to_owned()]));
    }

    #[test]
    fn who_signs_people_in_is_asked_for_only_where_it_is_used() {
        let missing = SignInEnvironment::from_lookup(complete_but_for_sign_in).map(|_| ());
        assert_eq!(missing.map_err(|missing| missing.0), Err(vec!["HOKEN_SIGN_IN_ISSUER".to_owned(), "HOKEN_SIGN_IN_CLIENT".to_owned()]));
        assert!(Environment::from_lookup(complete_but_for_sign_in).is_ok());
        let set =
            SignInEnvironment::from_lookup(|name| Some(if name.ends_with("ISSUER") { "https://id.example.jp/a" } else { "x" }.to_owned()));
        assert!(set.is_ok_and(|set| set.issuer.as_str() == "https://id.example.jp/a" && set.client_id == "x"));
    }

    fn complete_but_for_sign_in(name: &str) -> Option<String> {
        complete(name).filter(|_| !name.starts_with("HOKEN_SIGN_IN"))
    }

    #[test]
    fn a_secret_key_is_not_shown() {
        let shown = Environment::from_lookup(|name| if name == "AWS_SECRET_ACCESS_KEY" { Some("hidden".into()) } else { complete(name) });
        assert!(!format!("{shown:?}").contains("hidden"));
    }
}
