//! What LINE can answer to a reply or a push, and what follows from it.

use serde_json::json;
use stories::{House, Person, assert_says};

async fn waits_for(house: &House, minutes: u32) {
    for _ in 0..minutes {
        house.wait_until_nothing_is_taken().await;
        house.advance("PT1M").await;
    }
    house.wait_until_nothing_is_taken().await;
}

/// A message whose event has no reply token: it is answered by a push.
async fn pushed(house: &House, person: &Person<'_>, number: u32) {
    let event = json!({
        "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64, "webhookEventId": format!("01KTESTREPLIES{number:012}"),
        "source": { "type": "user", "userId": person.id }, "message": { "type": "text", "id": format!("599{number}"), "text": "だるいです" },
    });
    house.signed(json!({ "destination": "U0", "events": [event] }).to_string().as_bytes()).await.ok();
}

async fn failed(house: &House) -> Vec<String> {
    let outbox = house.items_of("Outbox").await;
    let failed = outbox.iter().filter(|item| item["state"] == "Failed");
    failed.map(|item| item["why"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_that_line_refuses_are_kept_as_failed_and_their_words_sent_once() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.messages().await.len();
    house.post("local/faults", json!({ "target": "line", "mode": "400" })).await.ok();
    person.says("退会").await;
    waits_for(&house, 3).await;
    let messages = person.messages().await;
    let [message] = &messages[before..] else { panic!("{messages:#?}") };
    assert!(message["text"].as_str().unwrap().contains("退会しますか") && message["quickReply"].is_null(), "{message}");
    assert_eq!(failed(&house).await, ["rejected by LINE; the plain text was sent"]);
    waits_for(&house, 5).await;
    assert_eq!(person.messages().await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_month_stops_pushes_keeps_them_and_lets_the_operator_send_them_later() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.messages().await.len();
    house.post("local/faults", json!({ "target": "line", "mode": "quota" })).await.ok();
    pushed(&house, &person, 1).await;
    house.wait_until_nothing_is_taken().await;
    assert_eq!(failed(&house).await, ["monthly quota"]);
    house.calls().await;
    waits_for(&house, 5).await;
    assert!(house.calls().await["line"]["push"].is_null(), "it is not tried again by itself");
    // Replies are free.
    assert_says(&person.says("のども痛いです").await, "追加のメッセージ");
    house.fault("line", "none", 0).await;
    let ops = ops::Ops::of(&house.system.environment, house.system.clock.business());
    for item in ops.failed_deliveries().await.unwrap() {
        ops.retry_delivery(&format!("{}/{}", item.key().pk, item.key().sk)).await.unwrap();
    }
    house.advance("PT1M").await;
    waits_for(&house, 2).await;
    assert_eq!(person.messages().await.len(), before + 4);
    assert!(failed(&house).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limit_backs_off_and_the_answer_comes_once() {
    for mode in ["429", "user"] {
        let house = House::open().await;
        let person = house.member(0).await;
        let before = person.messages().await.len();
        house.fault("line", mode, 3).await;
        person.says("熱が下がりません").await;
        waits_for(&house, 10).await;
        assert_eq!(person.messages().await.len(), before + 3, "{mode}");
        assert!(failed(&house).await.is_empty(), "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_whose_answer_was_lost_is_tried_with_the_same_retry_key_and_arrives_once() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.messages().await.len();
    house.post("local/faults", json!({ "target": "line", "mode": "lost", "count": 2, "operation": "push" })).await.ok();
    pushed(&house, &person, 2).await;
    waits_for(&house, 6).await;
    assert_eq!(person.messages().await.len(), before + 3);
    assert!(house.calls().await["line"]["push"].as_u64() >= Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_token_has_expired_goes_out_as_a_push() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.messages().await.len();
    house.post("local/line/reply-tokens", json!({ "seconds": 0 })).await.ok();
    person.says("耳鳴りがします").await;
    waits_for(&house, 2).await;
    assert_eq!(person.messages().await.len(), before + 3);
    assert_eq!(house.calls().await["line"]["push"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_an_event_that_comes_after_its_token_s_life_is_pushed() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.messages().await.len();
    let at = house.system.clock.now().timestamp_millis() - 25 * 60 * 1000;
    let message = json!({ "type": "text", "text": "息が切れます", "id": "577000000000000021" });
    let event = json!({ "type": "message", "message": message, "timestamp": at, "isRedelivery": true, "webhookEventId": "01KTESTLATE0000000000001" });
    house.calls().await;
    person.act(event).await.ok();
    waits_for(&house, 1).await;
    assert_eq!(person.messages().await.len(), before + 3);
    assert!(house.calls().await["line"]["reply"].is_null(), "a token that is surely dead is not tried");
}
