//! Calls to the identity provider: HTTP/1 over TLS with compiled-in roots, or in clear text to a loopback address.

use std::{error::Error, time::Duration};

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use lambda_http::http::{Request, StatusCode};
use tokio::time::timeout;
use url::{Host, Url};

/// For a whole call.
const PATIENCE: Duration = Duration::from_secs(8);
/// How long a connection is kept for the next call.
const KEEP_IDLE: Duration = Duration::from_secs(20);
/// Keys and tokens are a few KB.
const MAX_BYTES: usize = 256 * 1024;

type Failure = Box<dyn Error + Send + Sync>;

/// A pool of connections.
pub struct Transport(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl Transport {
    pub fn new() -> Result<Self, Failure> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        let tls = HttpsConnectorBuilder::new().with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())?;
        let connector = tls.https_or_http().enable_http1().wrap_connector(tcp);
        Ok(Self(Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).pool_idle_timeout(KEEP_IDLE).build(connector)))
    }

    /// What `url` answers, to a GET or to the POST of a form. Redirects are answers as any other.
    pub async fn call(&self, url: &Url, form: Option<String>) -> Result<(StatusCode, Bytes), Failure> {
        if !is_safe(url) {
            return Err("only https, and http to this machine, is called".into());
        }
        let request = Request::builder().uri(url.as_str()).header("accept", "application/json");
        let request = match form {
            Some(form) => {
                request.method("POST").header("content-type", "application/x-www-form-urlencoded").body(Full::new(Bytes::from(form)))?
            }
            None => request.body(Full::default())?,
        };
        timeout(PATIENCE, async {
            let answer = self.0.request(request).await?;
            let status = answer.status();
            Ok((status, Limited::new(answer.into_body(), MAX_BYTES).collect().await?.to_bytes()))
        })
        .await?
    }
}

/// Codes and tokens travel in clear text only where nobody else can listen.
fn is_safe(url: &Url) -> bool {
    let is_loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    };
    url.scheme() == "https" || url.scheme() == "http" && is_loopback
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    #[test]
    fn clear_text_goes_to_this_machine_only() {
        for (url, safe) in [
            ("https://cognito-idp.ap-northeast-1.amazonaws.com/x", true),
            ("http://127.0.0.1:8080/provider", true),
            ("http://[::1]/", true),
            ("http://localhost:8080/", true),
            ("http://id.example.jp/", false),
            ("http://127.0.0.1.example.jp/", false),
            ("ftp://127.0.0.1/", false),
        ] {
            assert_eq!(is_safe(&url.parse().unwrap()), safe, "{url}");
        }
    }
}
