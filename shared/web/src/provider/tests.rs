#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// A provider that only describes itself, with a key `known` and `more` in its description; counts how often its keys are read.
async fn describing(more: &str) -> (Provider, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}/pool", listener.local_addr().unwrap());
    let description = format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"{issuer}/a","token_endpoint":"{issuer}/t","jwks_uri":"{issuer}/keys"{more}}}"#
    );
    let keys = r#"{"keys":[{"kty":"of another world"},{"kty":"RSA","kid":"known","n":"vR71","e":"AQAB"}]}"#;
    let (provider, read) = (Provider::new(issuer.parse().unwrap(), "desk".to_owned()), Arc::new(AtomicUsize::new(0)));
    let counted = Arc::clone(&read);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut request = [0; 2048];
            let length = client.read(&mut request).await.unwrap();
            let body = if request.get(..length).unwrap().starts_with(b"GET /pool/keys ") {
                counted.fetch_add(1, Ordering::Relaxed);
                keys
            } else {
                &description
            };
            let answer = format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len());
            client.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (provider, read)
}

#[tokio::test]
async fn keys_are_read_once_and_again_only_for_a_few_unknown_ones() {
    let (provider, read) = describing("").await;
    for _ in 0..3 {
        assert!(provider.key("known").await.unwrap().is_some());
    }
    assert_eq!(read.load(Ordering::Relaxed), 1);
    for unknown in 0..20 {
        assert_eq!(provider.key(&unknown.to_string()).await.unwrap(), None);
    }
    assert_eq!(read.load(Ordering::Relaxed), READINGS.1);
    assert!(provider.key("known").await.unwrap().is_some(), "those that are known need no reading");
}

#[test]
fn after_a_minute_keys_are_read_again() {
    let (readings, begin) = (Readings::default(), Instant::now());
    let after = |seconds| begin + Duration::from_secs(seconds);
    assert!((0..5).all(|second| readings.may(after(second))));
    assert!(!readings.may(after(59)));
    assert!(readings.may(after(60)), "the first of them no longer counts");
    assert!(!readings.may(after(60)));
}

#[tokio::test]
async fn the_providers_own_session_ends_where_it_says() {
    let (provider, _) = describing(r#","end_session_endpoint":"https://id.example.jp/logout?x=1""#).await;
    let url = provider.end_session("https://hoken.example.jp/desk/signed-out").await.unwrap().unwrap();
    let back = "https%3A%2F%2Fhoken.example.jp%2Fdesk%2Fsigned-out";
    let expected = format!("https://id.example.jp/logout?x=1&client_id=desk&post_logout_redirect_uri={back}&logout_uri={back}");
    assert_eq!(url.as_str(), expected);
    assert_eq!(describing("").await.0.end_session("https://hoken.example.jp/").await.unwrap(), None);
}
