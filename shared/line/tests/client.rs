//! The client against a small HTTP server on a loopback port that answers what each test tells it to.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

mod server;

use std::time::Duration;

use domain::personal::LineUserId;
use line::{ChannelCredentials, Client, Outgoing, ReplyToken, SendError, Sent};
use server::{Reply, Server, TOKEN, answering, channel, said, token_answer};
use url::Url;
use uuid::Uuid;

const PUSH: &str = "/v2/bot/message/push";
const REPLY: &str = "/v2/bot/message/reply";
const KEY: Uuid = Uuid::from_u128(0x1234_5678_9abc_def0_1234_5678_9abc_def0);

fn hello() -> Outgoing {
    Outgoing::new(vec!["こんにちは".into()], vec![]).unwrap()
}

async fn push(client: &Client) -> Result<Sent, SendError> {
    client.push(&channel(), &LineUserId::new("Uab12"), &hello(), KEY).await
}

async fn reply(client: &Client) -> Result<(), SendError> {
    client.reply(&channel(), &ReplyToken::new("r-1"), &hello()).await
}

#[tokio::test]
async fn a_push_is_what_line_documents() {
    let server = answering(|| Reply::json(200, r#"{"sentMessages":[{"id":"1"}]}"#)).await;
    assert_eq!(push(&server.client()).await, Ok(Sent::Accepted));

    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    assert_eq!((seen[0].method.as_str(), seen[0].path.as_str()), ("POST", TOKEN));
    assert_eq!(seen[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(seen[0].body, "grant_type=client_credentials&client_id=1234567890&client_secret=se%26cret");
    assert_eq!((seen[1].method.as_str(), seen[1].path.as_str()), ("POST", PUSH));
    assert_eq!(seen[1].header("authorization"), Some("Bearer token-1"));
    assert_eq!(seen[1].header("content-type"), Some("application/json"));
    assert_eq!(seen[1].header("x-line-retry-key"), Some("12345678-9abc-def0-1234-56789abcdef0"));
    assert_eq!(seen[1].body, r#"{"to":"Uab12","messages":[{"type":"text","text":"こんにちは"}]}"#);
}

#[tokio::test]
async fn a_reply_carries_no_retry_key() {
    let server = answering(|| Reply::json(200, "{}")).await;
    assert_eq!(reply(&server.client()).await, Ok(()));

    let seen = server.seen();
    assert_eq!(seen[1].path, REPLY);
    assert_eq!(seen[1].header("x-line-retry-key"), None);
    assert_eq!(seen[1].body, r#"{"replyToken":"r-1","messages":[{"type":"text","text":"こんにちは"}]}"#);
}

#[tokio::test]
async fn twenty_pushes_at_once_fetch_one_token() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let client = server.client();
    let pushes: Vec<_> = (0..20)
        .map(|_| {
            tokio::spawn({
                let client = client.clone();
                async move { push(&client).await }
            })
        })
        .collect();
    for sent in pushes {
        assert_eq!(sent.await.unwrap(), Ok(Sent::Accepted));
    }
    assert_eq!((server.count(TOKEN), server.count(PUSH)), (1, 20));
}

#[tokio::test]
async fn each_channel_has_its_own_token() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let client = server.client();
    let other = ChannelCredentials { channel_id: "2".into(), ..channel() };
    for channel in [&channel(), &other, &channel(), &other] {
        client.push(channel, &LineUserId::new("Uab12"), &hello(), KEY).await.unwrap();
    }
    assert_eq!(server.count(TOKEN), 2);
    let used: Vec<_> = server.seen().iter().filter_map(|request| request.header("authorization").map(str::to_owned)).collect();
    assert_eq!(used, ["Bearer token-1", "Bearer token-2", "Bearer token-1", "Bearer token-2"]);
}

#[tokio::test]
async fn calls_in_a_row_share_one_connection() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let client = server.client();
    for _ in 0..5 {
        push(&client).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_token_is_fetched_again_after_thirteen_minutes() {
    let server = answering(|| Reply::json(200, "{}")).await;
    let client = server.client();
    push(&client).await.unwrap();
    for (later, tokens) in [(12 * 60 + 50, 1), (15, 2)] {
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(later)).await;
        tokio::time::resume();
        push(&client).await.unwrap();
        assert_eq!(server.count(TOKEN), tokens);
    }
}

#[tokio::test]
async fn a_refused_token_is_replaced_once_and_the_call_made_again() {
    let server = Server::start(|request, count| match (request.path.as_str(), request.header("authorization")) {
        (TOKEN, _) => token_answer(count),
        (_, Some("Bearer token-1")) => said(401, "Authentication failed"),
        _ => Reply::json(200, "{}"),
    })
    .await;
    let client = server.client();
    assert_eq!(push(&client).await, Ok(Sent::Accepted));
    assert_eq!(push(&client).await, Ok(Sent::Accepted));
    assert_eq!((server.count(TOKEN), server.count(PUSH)), (2, 3));
}

#[tokio::test]
async fn a_channel_that_line_does_not_know_is_given_up_after_the_second_token() {
    let server = answering(|| said(401, "Authentication failed")).await;
    let error = push(&server.client()).await.unwrap_err();
    assert_eq!(error, SendError::Unauthorized { reason: "Authentication failed".into() });
    assert_eq!((server.count(TOKEN), server.count(PUSH)), (2, 2));
}

#[tokio::test]
async fn without_a_token_nothing_is_sent() {
    let broken = || SendError::NotSent { why: "LINE's token endpoint answered something else than a token".into() };
    for (answer, error) in [
        (Reply::json(400, r#"{"error":"invalid_client"}"#), SendError::Unauthorized { reason: "invalid_client".into() }),
        (Reply::json(503, ""), SendError::NotSent { why: "LINE's token endpoint answered 503".into() }),
        (Reply::json(200, "{}"), broken()),
        (Reply::json(200, "<html>"), broken()),
    ] {
        let server = Server::start(move |_, _| answer.clone()).await;
        let client = server.client();
        assert_eq!(push(&client).await, Err(error.clone()));
        assert_eq!(reply(&client).await, Err(error));
        assert_eq!(server.count(TOKEN), server.seen().len(), "a failure is not kept, and no message was sent");
    }
}

#[tokio::test]
async fn a_conflict_means_that_line_has_the_push_already() {
    let server = answering(|| said(409, "The retry key is already accepted")).await;
    let client = server.client();
    assert_eq!(push(&client).await, Ok(Sent::AcceptedBefore));
    assert!(matches!(reply(&client).await, Err(SendError::Rejected { status: 409, .. })), "a reply has no retry key to conflict");
}

#[tokio::test]
async fn too_many_requests_has_three_meanings() {
    let rate = "The API rate limit has been exceeded. Try again later.";
    for (message, error) in [
        (rate, SendError::Rate { retry_after: Some(Duration::from_secs(7)) }),
        ("You have reached your monthly limit.", SendError::Quota),
        ("Too many messages to one user", SendError::TooManyToUser),
    ] {
        let server = answering(move || said(429, message).with_header("retry-after", "7")).await;
        assert_eq!(push(&server.client()).await, Err(error));
    }
}

#[tokio::test]
async fn a_spent_reply_token_is_told_apart_from_other_bad_requests() {
    let server = answering(|| said(400, "Invalid reply token")).await;
    assert_eq!(reply(&server.client()).await, Err(SendError::ReplyTokenSpent));

    let server =
        answering(|| Reply::json(400, r#"{"message":"The request body has 1 error(s)","details":[{"property":"messages[0].text"}]}"#))
            .await;
    let reason = "The request body has 1 error(s) (messages[0].text)".to_owned();
    assert_eq!(reply(&server.client()).await, Err(SendError::Rejected { status: 400, reason }));
}

#[tokio::test]
async fn what_may_have_arrived_is_unknown_and_may_be_tried_again() {
    for answer in [Reply::json(500, "{}"), Reply::json(502, "<html>"), Reply::Close] {
        let server = answering(move || answer.clone()).await;
        let client = server.client();
        for error in [push(&client).await.unwrap_err(), reply(&client).await.unwrap_err()] {
            assert!(matches!(error, SendError::Unknown { .. }) && error.is_retryable(), "{error:?}");
        }
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up_in_time() {
    let server = answering(|| Reply::Silence).await;
    let client =
        Client::with_timeouts(&server.address(), &server.address(), Duration::from_millis(100), Duration::from_millis(300)).unwrap();
    let started = std::time::Instant::now();
    assert_eq!(push(&client).await, Err(SendError::Unknown { why: "no answer in time".into() }));
    assert!((300..2000).contains(&started.elapsed().as_millis()), "{:?}", started.elapsed());
}

#[tokio::test]
async fn an_accepted_message_is_accepted_even_if_the_rest_of_the_answer_never_comes() {
    let server = answering(|| Reply::HeadOnly).await;
    let client =
        Client::with_timeouts(&server.address(), &server.address(), Duration::from_millis(100), Duration::from_millis(300)).unwrap();
    assert_eq!(push(&client).await, Ok(Sent::Accepted));
}

#[tokio::test]
async fn a_silent_token_endpoint_holds_nobody_longer_than_a_call() {
    let server = Server::start(|_, _| Reply::Silence).await;
    let client =
        Client::with_timeouts(&server.address(), &server.address(), Duration::from_millis(100), Duration::from_millis(300)).unwrap();
    let started = std::time::Instant::now();
    let (first, second) = tokio::join!(push(&client), push(&client));
    for error in [first.unwrap_err(), second.unwrap_err()] {
        assert!(matches!(error, SendError::NotSent { .. }), "{error:?}");
    }
    assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
}

#[tokio::test]
async fn where_nobody_listens_nothing_is_sent() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: Url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let error = push(&Client::new(&address, &address).unwrap()).await.unwrap_err();
    assert!(matches!(&error, SendError::NotSent { why } if why.contains("no connection")) && error.is_retryable(), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_costs_nothing() {
    let server = answering(|| Reply::json(200, "{}").then_close()).await;
    let client = server.client();
    for _ in 0..5 {
        assert_eq!(push(&client).await, Ok(Sent::Accepted));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
