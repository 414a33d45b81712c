//! The answer that is none.

use std::io;

use axum::{
    body::{Body, Bytes},
    response::Response,
};

/// Makes the server close the connection without a byte of an answer: the body fails before its head has left.
pub fn broken_off() -> Response {
    let error = io::Error::new(io::ErrorKind::ConnectionReset, "an ordered fault");
    Response::new(Body::from_stream(futures::stream::iter([Err::<Bytes, _>(error)])))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

    use axum::{Router, routing::any};
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::*;

    #[tokio::test]
    async fn the_connection_ends_without_a_byte() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async { axum::serve(listener, Router::new().fallback(any(async || broken_off()))).await });
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}").await.unwrap();
        let mut answer = Vec::new();
        // The end of the stream or a reset, as the kernel has it; never an answer.
        client.read_to_end(&mut answer).await.ok();
        assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
        server.abort();
    }
}
