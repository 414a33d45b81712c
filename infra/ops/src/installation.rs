//! What a new installation needs before anything else.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Serialize;

use store::{Key, entity::settings::Settings};

use crate::{Ops, OpsError};

/// What [`Ops::init`] made; what was there is left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Initialised {
    /// The installation's secret is new.
    pub secret: bool,
    /// The settings are new, with their defaults.
    pub settings: bool,
}

impl Ops {
    /// Makes the installation's secret (32 random bytes) and the default settings where they are missing. The secret is
    /// never replaced: every look-up digest and all sealed staff mail hang on it.
    pub async fn init(&self) -> Result<Initialised, OpsError> {
        let secret = BASE64_STANDARD.encode(self.fresh.bytes::<32>()?);
        let secret = self.parameters.put_new(self.parameters.reader().installation_name(), secret).await?;
        let settings = self.store.get(&Key::settings()).await?.is_none();
        if settings {
            self.store.put_settings(&Settings::default()).await?;
        }
        Ok(Initialised { secret, settings })
    }
}
