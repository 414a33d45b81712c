//! Channel and installation secrets: `SecureString` parameters in SSM, read by name, remembered for five minutes.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use aws_sdk_ssm::operation::get_parameter::GetParameterError;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use domain::tenant::ChannelName;

use crate::{Installation, StoreError};

/// A LINE Messaging API channel.
#[derive(Clone, Serialize, Deserialize)]
pub struct Channel {
    /// Channel id, as LINE's console shows it.
    pub channel_id: String,
    /// Channel secret: signs webhooks and gets tokens.
    pub channel_secret: String,
    /// Basic id with its `@`: in the links that QR codes hold.
    pub basic_id: String,
    /// Id of the rich menu that members see in the place of the default one; `ops menu apply` writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registered_menu: Option<String>,
}

impl std::fmt::Debug for Channel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Channel").field("channel_id", &self.channel_id).field("basic_id", &self.basic_id).finish_non_exhaustive()
    }
}

/// Reads parameters below a path. Cheap to clone; clones share what they remember.
#[derive(Debug, Clone)]
pub struct Parameters {
    ssm: aws_sdk_ssm::Client,
    path: String,
    warm: Arc<Mutex<HashMap<String, Read>>>,
    installation: Arc<tokio::sync::OnceCell<Arc<Installation>>>,
}

/// What was read, and when; `None` where there was no such parameter.
type Read = (Instant, Option<String>);

/// A rotated secret is taken up after this at the latest.
const WARM: Duration = Duration::from_mins(5);
/// Names that were asked for and are not there are remembered too, but only so many: the path of a webhook is anybody's to choose.
const WARM_NAMES: usize = 100;

impl Parameters {
    /// Parameters below `path`, such as `/hokenshitsu/prod`.
    pub fn new(ssm: aws_sdk_ssm::Client, path: impl Into<String>) -> Self {
        Self { ssm, path: path.into(), warm: Arc::default(), installation: Arc::default() }
    }

    /// Name of the parameter with the installation's secret: 32 bytes in base64.
    pub fn installation_name(&self) -> String {
        format!("{}/secret", self.path)
    }

    /// Name of the parameter with a channel, as JSON.
    pub fn channel_name(&self, channel: &ChannelName) -> String {
        format!("{}/line/{channel}", self.path)
    }

    /// A channel; `None` where none has that name.
    pub async fn channel(&self, channel: &ChannelName) -> Result<Option<Channel>, StoreError> {
        let Some(json) = self.read(&self.channel_name(channel)).await? else { return Ok(None) };
        serde_json::from_str(&json)
            .map(Some)
            .map_err(|_| StoreError::Unreadable { entity: "LINE channel parameter", reason: "it is not its JSON" })
    }

    /// The installation's keys, read once in the life of the process.
    pub async fn installation(&self) -> Result<Arc<Installation>, StoreError> {
        self.installation.get_or_try_init(|| self.read_installation()).await.cloned()
    }

    async fn read_installation(&self) -> Result<Arc<Installation>, StoreError> {
        let missing = StoreError::NotSetUp { what: "the installation's secret", mend: "run `ops init`" };
        let secret = self.read(&self.installation_name()).await?.ok_or(missing)?;
        let bytes = BASE64_STANDARD.decode(secret.trim()).ok();
        bytes
            .and_then(|bytes| Installation::new(&bytes))
            .map(Arc::new)
            .ok_or(StoreError::Unreadable { entity: "installation's secret", reason: "it is not 32 bytes in base64" })
    }

    async fn read(&self, name: &str) -> Result<Option<String>, StoreError> {
        let known = self.warm.lock().await.get(name).cloned();
        if let Some((read_at, value)) = &known
            && read_at.elapsed() < WARM
        {
            return Ok(value.clone());
        }
        let answer = self.ssm.get_parameter().name(name).with_decryption(true).send().await;
        let value = match answer {
            Ok(found) => found.parameter.and_then(|parameter| parameter.value),
            Err(error) if error.as_service_error().is_some_and(GetParameterError::is_parameter_not_found) => None,
            // What was read before is better than nothing while SSM does not answer.
            Err(error) => match known {
                Some((_, Some(value))) => return Ok(Some(value)),
                Some((_, None)) | None => return Err(StoreError::unavailable("GetParameter")(error)),
            },
        };
        let mut warm = self.warm.lock().await;
        if warm.len() >= WARM_NAMES {
            warm.retain(|_, (_, value)| value.is_some());
        }
        warm.insert(name.to_owned(), (Instant::now(), value.clone()));
        Ok(value)
    }
}
