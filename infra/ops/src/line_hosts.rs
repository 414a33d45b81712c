//! Where LINE is.

use std::time::Duration;

use line::{Client, NoClient};
use url::Url;

/// How long building a connection may take.
const CONNECT: Duration = Duration::from_secs(5);

/// How long a call may take: an operator can wait, and a picture goes out over whatever line there is.
const CALL: Duration = Duration::from_mins(1);

/// LINE's two hosts, or who stands in for them.
#[derive(Debug, Clone)]
pub struct LineHosts {
    /// The API, such as `https://api.line.me/`.
    pub api: Url,
    /// Pictures and files, such as `https://api-data.line.me/`.
    pub data: Url,
}

impl LineHosts {
    pub(crate) fn client(&self) -> Result<Client, NoClient> {
        Client::with_timeouts(&self.api, &self.data, CONNECT, CALL)
    }
}
