//! The ports of all parts, taken before anything else starts, so that a port in use is told at once.

use std::{io, net::Ipv4Addr};

use tokio::net::TcpListener;
use url::Url;

/// A part's listener with its address.
#[derive(Debug)]
pub struct Port {
    /// Accepts connections from this machine only.
    pub listener: TcpListener,
    /// `http://127.0.0.1:{port}/`.
    pub url: Url,
}

/// The listeners of all parts.
#[derive(Debug)]
#[allow(missing_docs, reason = "each is named for its part")]
pub struct Ports {
    pub front: Port,
    pub dynamodb: Port,
    pub s3: Port,
    pub aws: Port,
    pub line: Port,
    /// dynoxide behind its front; nobody else has to know it.
    pub tables: Port,
}

/// A port that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum PortError {
    /// Somebody else has it.
    #[error("port {port} (for {part}) is in use; choose others with --port, which takes five in a row")]
    Taken {
        /// The port.
        port: u16,
        /// What it was for.
        part: &'static str,
    },
    /// The machine refuses for another reason.
    #[error("port {port} (for {part}): {error}")]
    Refused {
        /// The port.
        port: u16,
        /// What it was for.
        part: &'static str,
        /// The reason.
        error: io::Error,
    },
}

impl Ports {
    /// Takes `first` and the four after it; any free ones when `first` is 0.
    pub async fn take(first: u16) -> Result<Self, PortError> {
        let nth = |n: u16| if first == 0 { 0 } else { first.saturating_add(n) };
        Ok(Self {
            front: take(nth(0), "the front").await?,
            dynamodb: take(nth(1), "DynamoDB").await?,
            s3: take(nth(2), "S3").await?,
            aws: take(nth(3), "KMS, SSM, SES and Scheduler").await?,
            line: take(nth(4), "LINE").await?,
            tables: take(0, "the tables").await?,
        })
    }
}

async fn take(number: u16, part: &'static str) -> Result<Port, PortError> {
    let refused = |error: io::Error| {
        if error.kind() == io::ErrorKind::AddrInUse {
            PortError::Taken { port: number, part }
        } else {
            PortError::Refused { port: number, part, error }
        }
    };
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, number)).await.map_err(refused)?;
    let address = listener.local_addr().map_err(refused)?;
    let url = Url::parse(&format!("http://{address}/")).map_err(|error| refused(io::Error::other(error)))?;
    Ok(Port { listener, url })
}
