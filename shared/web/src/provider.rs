//! The OpenID provider as the client sees it: where it answers and what it signs with (OpenID Connect Discovery 1.0), and the
//! exchange of a code (RFC 6749, 4.1.3, with RFC 7636). Both descriptions are read once in the life of the process, the keys
//! anew when a token names one that is not among them.

use std::{
    error::Error,
    sync::{Arc, PoisonError},
    time::{Duration, Instant},
};

use jsonwebtoken::jwk::Jwk;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use tokio::sync::{OnceCell, RwLock};
use url::{Url, form_urlencoded};

use store::StoreError;

use crate::transport::Transport;

/// In this time the keys are read at most so often: whoever gets us to look at tokens of unknown keys keeps nobody busy with it.
const READINGS: (Duration, usize) = (Duration::from_mins(1), 5);

/// A provider; nothing is called before it is needed.
pub struct Provider {
    issuer: Url,
    client_id: String,
    transport: OnceCell<Transport>,
    addresses: OnceCell<Addresses>,
    keys: RwLock<Arc<Vec<Jwk>>>,
    readings: Readings,
}

/// When the keys were read, as far as it still counts.
#[derive(Default)]
struct Readings(std::sync::Mutex<Vec<Instant>>);

impl Readings {
    /// Counts one more, where there may be one.
    fn may(&self, now: Instant) -> bool {
        let (time, most) = READINGS;
        let mut readings = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        readings.retain(|read| now.saturating_duration_since(*read) < time);
        let may = readings.len() < most;
        if may {
            readings.push(now);
        }
        may
    }
}

/// What of the discovery document is used.
#[derive(Debug, Deserialize)]
pub struct Addresses {
    /// As it stands in tokens.
    pub issuer: String,
    /// Where a person signs in.
    pub authorization_endpoint: Url,
    token_endpoint: Url,
    jwks_uri: Url,
    #[serde(default)]
    end_session_endpoint: Option<Url>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

fn failed<E: Into<Box<dyn Error + Send + Sync>>>(operation: &'static str) -> impl FnOnce(E) -> StoreError {
    move |error| StoreError::failed(operation, &*error.into())
}

impl Provider {
    pub fn new(issuer: Url, client_id: String) -> Self {
        Self {
            issuer,
            client_id,
            transport: OnceCell::new(),
            addresses: OnceCell::new(),
            keys: RwLock::default(),
            readings: Readings::default(),
        }
    }

    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Where the provider answers.
    pub async fn addresses(&self) -> Result<&Addresses, StoreError> {
        self.addresses.get_or_try_init(|| self.discover()).await
    }

    async fn discover(&self) -> Result<Addresses, StoreError> {
        const OPERATION: &str = "OpenID discovery";
        let configured = self.issuer.as_str().trim_end_matches('/');
        let url = format!("{configured}/.well-known/openid-configuration").parse().map_err(failed(OPERATION))?;
        let addresses: Addresses = self.read(OPERATION, &url).await?;
        // Discovery 4.3: or else one provider could speak for another.
        if addresses.issuer.trim_end_matches('/') != configured {
            return Err(failed(OPERATION)("the document is of another issuer"));
        }
        Ok(addresses)
    }

    /// Where a browser ends the provider's own session and comes back to `back`; `None` where the provider has no such place.
    ///
    /// OpenID Connect RP-Initiated Logout 1.0 names the client and where to come back; Cognito has its own name for the second.
    pub async fn end_session(&self, back: &str) -> Result<Option<Url>, StoreError> {
        let Some(mut url) = self.addresses().await?.end_session_endpoint.clone() else { return Ok(None) };
        url.query_pairs_mut().extend_pairs([
            ("client_id", self.client_id.as_str()),
            ("post_logout_redirect_uri", back),
            ("logout_uri", back),
        ]);
        Ok(Some(url))
    }

    /// The key of that id, where the provider has one.
    pub async fn key(&self, id: &str) -> Result<Option<Jwk>, StoreError> {
        let named = |keys: &[Jwk]| keys.iter().find(|key| key.common.key_id.as_deref() == Some(id)).cloned();
        let known = self.keys.read().await.clone();
        if let Some(key) = named(&known) {
            return Ok(Some(key));
        }
        if !self.readings.may(Instant::now()) {
            return Ok(None);
        }
        let Keys { keys } = self.read("OpenID keys", &self.addresses().await?.jwks_uri).await?;
        // Keys of kinds that we do not know are of no use to us, and no reason to refuse the others.
        let read: Vec<Jwk> = keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect();
        let key = named(&read);
        *self.keys.write().await = Arc::new(read);
        Ok(key)
    }

    /// The ID token for a code; `None` where the provider refuses.
    pub async fn redeem(&self, code: &str, verifier: &str, callback: &str) -> Result<Option<String>, StoreError> {
        const OPERATION: &str = "OpenID token";
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("grant_type", "authorization_code"),
                ("code", code),
                ("code_verifier", verifier),
                ("redirect_uri", callback),
                ("client_id", &self.client_id),
            ])
            .finish();
        let url = &self.addresses().await?.token_endpoint;
        let (status, body) = self.transport().await?.call(url, Some(form)).await.map_err(failed(OPERATION))?;
        if status.is_client_error() {
            return Ok(None);
        }
        if !status.is_success() {
            return Err(failed(OPERATION)(format!("the provider answered {status}")));
        }
        let tokens: Tokens = serde_json::from_slice(&body).map_err(|_| failed(OPERATION)("there is no ID token in the answer"))?;
        Ok(Some(tokens.id_token))
    }

    async fn read<T: DeserializeOwned>(&self, operation: &'static str, url: &Url) -> Result<T, StoreError> {
        let (status, body) = self.transport().await?.call(url, None).await.map_err(failed(operation))?;
        if !status.is_success() {
            return Err(failed(operation)(format!("the provider answered {status}")));
        }
        serde_json::from_slice(&body).map_err(failed(operation))
    }

    async fn transport(&self) -> Result<&Transport, StoreError> {
        self.transport.get_or_try_init(async || Transport::new()).await.map_err(failed("TLS"))
    }
}

#[cfg(test)]
mod tests;
