//! Fetching what people send, against a small HTTP server on a loopback port.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod server;

use std::time::Duration;

use line::{Client, ContentAnswer, MessageId, SendError};
use server::{Reply, Server, TOKEN, answering, channel, said, token_answer};

const CONTENT: &str = "/v2/bot/message/468789577898262530/content";
const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n5\r\n67890\r\n0\r\n\r\n";

async fn fetch(client: &Client, at_most: usize, within: Duration) -> Result<ContentAnswer, SendError> {
    client.content(&channel(), &MessageId::parse("468789577898262530").unwrap(), at_most, within).await
}

async fn fetched(answer: Reply, at_most: usize) -> Result<ContentAnswer, SendError> {
    let server = answering(move || answer.clone()).await;
    fetch(&server.client(), at_most, Duration::from_millis(500)).await
}

fn content(text: &'static str) -> ContentAnswer {
    ContentAnswer::Content(text.into())
}

#[tokio::test]
async fn content_comes_from_the_content_host_with_the_channel_s_token() {
    let api = answering(|| said(500, "not here")).await;
    let data = answering(|| Reply::json(200, "picture")).await;
    let client = Client::new(&api.address(), &data.address()).unwrap();
    assert_eq!(fetch(&client, 100, Duration::from_secs(1)).await, Ok(content("picture")));

    assert_eq!((api.count(TOKEN), api.seen().len()), (1, 1));
    let seen = data.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("GET", CONTENT));
    assert_eq!(seen[0].header("authorization"), Some("Bearer token-1"));
    assert_eq!(seen[0].header("content-type"), None);
}

#[tokio::test]
async fn every_status_has_its_meaning() {
    for (answer, meaning) in [
        (Reply::json(200, ""), Ok(content(""))),
        (Reply::json(202, "{}"), Ok(ContentAnswer::Preparing)),
        (said(404, "Not found"), Ok(ContentAnswer::Missing)),
        (said(410, "Gone"), Ok(ContentAnswer::Withdrawn)),
        (said(400, "Bad"), Err(SendError::Rejected { status: 400, reason: "Bad".into() })),
        (said(429, "The API rate limit has been exceeded."), Err(SendError::Rate { retry_after: None })),
        (said(500, "Oops"), Err(SendError::Unknown { why: "LINE answered 500".into() })),
        (Reply::json(206, "half"), Err(SendError::Unknown { why: "LINE answered 206".into() })),
    ] {
        assert_eq!(fetched(answer, 100).await, meaning);
    }
}

#[tokio::test]
async fn no_more_is_taken_than_was_asked_for() {
    for (answer, at_most, taken) in [
        (Reply::json(200, "1234567890"), 10, content("1234567890")),
        (Reply::json(200, "1234567890"), 9, ContentAnswer::TooLarge),
        (Reply::Raw(CHUNKED), 10, content("1234567890")),
        (Reply::Raw(CHUNKED), 9, ContentAnswer::TooLarge),
        // The promise alone is enough: nothing is waited for.
        (Reply::HeadOnly, 99, ContentAnswer::TooLarge),
    ] {
        assert_eq!(fetched(answer, at_most).await, Ok(taken));
    }
}

#[tokio::test]
async fn content_that_breaks_off_is_unknown_and_may_be_fetched_again() {
    for answer in [
        Reply::Raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n12345"),
        Reply::Raw("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n12345\r\n"),
        Reply::HeadOnly,
        Reply::Silence,
        Reply::Close,
    ] {
        let error = fetched(answer, 1000).await.unwrap_err();
        assert!(matches!(error, SendError::Unknown { .. }) && error.is_retryable(), "{error:?}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = answering(|| Reply::json(200, "picture")).await;
    let location = elsewhere.address().to_string();
    let server = answering(move || Reply::json(302, "").with_header("location", &location)).await;
    let error = fetch(&server.client(), 100, Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(error, SendError::Unknown { why: "LINE answered 302".into() });
    assert!(elsewhere.seen().is_empty(), "the token stays with LINE");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let server = Server::start(|request, count| match (request.path.as_str(), request.header("authorization")) {
        (TOKEN, _) => token_answer(count),
        (_, Some("Bearer token-1")) => said(401, "Authentication failed"),
        _ => Reply::json(200, "picture"),
    })
    .await;
    assert_eq!(fetch(&server.client(), 100, Duration::from_secs(1)).await, Ok(content("picture")));
    assert_eq!((server.count(TOKEN), server.count(CONTENT)), (2, 2));
}
