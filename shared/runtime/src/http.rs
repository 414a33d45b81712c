//! The SDK's HTTP client: hyper over HTTP/1.1, with ring and embedded roots.
//!
//! The SDK's own client links HTTP/2, which none of the services needs here: a megabyte of each function.

use std::{error::Error, sync::Arc, time::Duration};

use aws_smithy_runtime_api::{
    client::{
        connection::{CaptureSmithyConnection, ConnectionMetadata},
        http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector},
        orchestrator::{HttpRequest, HttpResponse},
        result::ConnectorError,
        runtime_components::RuntimeComponents,
    },
    shared::IntoShared,
};
use aws_smithy_types::body::SdkBody;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};

/// A pool of connections, or why TLS cannot be set up; a clone shares it.
#[derive(Debug, Clone)]
struct Pool(Result<legacy::Client<HttpsConnector<connect::HttpConnector>, SdkBody>, rustls::Error>);

/// A client that trusts the `roots` (PEM) and gives up connecting after `patience`. The SDK counts the time of a whole call.
pub fn client(roots: &[u8], patience: Duration) -> SharedHttpClient {
    let pool = tls(roots).map(|tls| {
        let mut tcp = connect::HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(patience));
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(tcp);
        legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector)
    });
    Pool(pool).into_shared()
}

fn tls(roots: &[u8]) -> Result<ClientConfig, rustls::Error> {
    let mut trusted = RootCertStore::empty();
    trusted.add_parsable_certificates(CertificateDer::pem_slice_iter(roots).flatten());
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    Ok(ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(trusted)
        .with_no_client_auth())
}

impl HttpClient for Pool {
    /// The same for all clients, so that they share connections.
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        self.clone().into_shared()
    }
}

impl HttpConnector for Pool {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let pool = self.clone();
        HttpConnectorFuture::new(async move {
            let client = pool.0.map_err(|error| ConnectorError::other(error.into(), None))?;
            let mut request = request.try_into_http1x().map_err(|error| ConnectorError::user(error.into()))?;
            let connection = connect::capture_connection(&mut request);
            if let Some(capture) = request.extensions().get::<CaptureSmithyConnection>() {
                capture.set_connection_retriever(move || Some(metadata(connection.clone())));
            }
            let response = client.request(request).await.map_err(failure)?;
            HttpResponse::try_from(response.map(SdkBody::from_body_1_x)).map_err(|error| ConnectorError::other(error.into(), None))
        })
    }
}

/// By this the SDK sees to it that no call goes over a connection that has failed.
fn metadata(connection: connect::CaptureConnection) -> ConnectionMetadata {
    let poison = move || connection.connection_metadata().iter().for_each(connect::Connected::poison);
    ConnectionMetadata::builder().proxied(false).poison_fn(poison).build()
}

/// What breaks on the way is worth another try; what hyper does not take from us is not.
fn failure(error: legacy::Error) -> ConnectorError {
    let ours = error.source().and_then(|source| source.downcast_ref()).is_some_and(hyper::Error::is_user);
    if ours { ConnectorError::user(error.into()) } else { ConnectorError::io(error.into()) }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    async fn call(pool: &Pool, url: &str) -> Result<(u16, Vec<u8>), ConnectorError> {
        let response = HttpConnector::call(pool, HttpRequest::get(url).unwrap()).await?;
        let status = response.status().as_u16();
        let body = aws_smithy_types::byte_stream::ByteStream::new(response.into_body()).collect().await.unwrap();
        Ok((status, body.to_vec()))
    }

    fn pool() -> Pool {
        let tcp = connect::HttpConnector::new();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls(b"").unwrap()).https_or_http().enable_http1().wrap_connector(tcp);
        Pool(Ok(legacy::Client::builder(TokioExecutor::new()).build(connector)))
    }

    /// Reads a request on each connection and says `answer`.
    async fn server(answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(answer).await;
            }
        });
        url
    }

    #[tokio::test]
    async fn an_answer_comes_with_its_body() {
        let url = server(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 3\r\n\r\nwhy").await;
        assert_eq!(call(&pool(), &url).await.unwrap(), (400, b"why".to_vec()));
    }

    #[tokio::test]
    async fn a_connection_that_breaks_or_is_refused_is_worth_another_try() {
        let broken = server(b"").await;
        assert!(call(&pool(), &broken).await.unwrap_err().is_io());
        let refused = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        assert!(call(&pool(), &format!("http://{refused}/")).await.unwrap_err().is_io());
    }

    #[tokio::test]
    async fn who_is_not_trusted_gets_no_request() {
        // Not even a handshake: what answers here is no TLS.
        let url = server(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.replace("http:", "https:");
        assert!(call(&pool(), &url).await.unwrap_err().is_io());
    }

    #[test]
    fn all_embedded_roots_are_trusted() {
        let mut trusted = RootCertStore::empty();
        let amazon = include_bytes!("../roots/amazon.pem");
        assert_eq!(trusted.add_parsable_certificates(CertificateDer::pem_slice_iter(amazon).flatten()), (5, 0));
    }
}
