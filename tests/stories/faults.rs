//! Whatever fails, and however: every message is kept once and answered once.

use serde_json::json;
use stories::House;

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_kept_once_and_answered_once_however_line_fails() {
    survives(["500", "429", "timeout", "slow", "reset", "lost", "user"].map(|mode| ("line", mode)).as_slice()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_kept_once_and_answered_once_however_the_tables_fail() {
    survives(["500", "429", "throttled", "timeout", "slow", "reset", "lost"].map(|mode| ("dynamodb", mode)).as_slice()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_is_kept_once_and_answered_once_however_keys_and_parameters_fail() {
    survives(["500", "429", "reset", "slow"].map(|mode| ["kms", "ssm"].map(|target| (target, mode))).as_flattened()).await;
}

async fn survives(faults: &[(&str, &str)]) {
    for &(target, mode) in faults {
        let house = House::open().await;
        let person = house.member(0).await;
        person.says("腰痛について相談です").await;
        house.wait_until_nothing_is_taken().await;
        let before = person.messages().await.len();
        // Nothing is warm, so that every service is asked.
        house.system.functions.cold_start().unwrap();
        house.fault(target, mode, 2).await;
        let message = json!({ "type": "text", "id": "566000000000000001", "text": "3日前からです" });
        let mut event = json!({ "type": "message", "message": message, "webhookEventId": "01KTESTFAULT0000000000001" });
        let mut status = 0;
        for _ in 0..5 {
            let answer = person.act(event.clone()).await;
            status = answer.json()["status"].as_u64().unwrap_or_default();
            if status == 200 {
                break;
            }
            event["isRedelivery"] = json!(true);
        }
        assert_eq!(status, 200, "{target} {mode}");
        house.fault(target, "none", 0).await;
        for _ in 0..4 {
            house.wait_until_nothing_is_taken().await;
            house.advance("PT31S").await;
        }
        assert_eq!(house.items_of("Message").await.len(), 2, "{target} {mode}");
        assert_eq!(person.messages().await.len(), before + 1, "{target} {mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_fails_for_a_minute_answers_everybody_afterwards_once() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("食欲がありません").await;
    house.wait_until_nothing_is_taken().await;
    let before = person.messages().await.len();
    house.post("local/faults", json!({ "target": "line", "mode": "500" })).await.ok();
    for text in ["昨日からです", "熱はありません", "水は飲めます"] {
        assert!(person.says(text).await.is_empty());
    }
    house.advance("PT1M").await;
    house.wait_until_nothing_is_taken().await;
    house.fault("line", "none", 0).await;
    for _ in 0..6 {
        house.advance("PT1M").await;
        house.wait_until_nothing_is_taken().await;
    }
    assert_eq!(person.messages().await.len(), before + 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_to_the_nurse_on_duty_comes_whatever_fails_and_however() {
    for mode in ["500", "429", "slow", "reset"] {
        let house = House::open().await;
        let person = house.member(0).await;
        house.fault("ses", mode, 2).await;
        person.says("死にたい").await;
        for _ in 0..4 {
            house.wait_until_nothing_is_taken().await;
            house.advance("PT3M").await;
        }
        let mails = house.mails().await;
        assert_eq!(mails.len(), 1, "{mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_events_of_fifty_people_in_one_body_are_all_handled() {
    let house = House::open().await;
    let mut events = Vec::new();
    for number in 0..50 {
        let user = format!("U{number:032x}");
        for event in 0..2 {
            events.push(json!({
                "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64 + event, "webhookEventId": format!("01KTESTMANY{number:07}{event:08}"),
                "source": { "type": "user", "userId": user }, "message": { "type": "text", "id": format!("55{number:04}{event}"), "text": "こんにちは" },
            }));
        }
    }
    let answer = house.signed(json!({ "destination": "U0", "events": events }).to_string().as_bytes()).await;
    assert_eq!(answer.status, 200);
    assert_eq!(house.items_of("Inbox").await.len(), 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_of_a_megabyte_and_one_that_is_nested_ten_thousand_deep_are_answered() {
    let house = House::open().await;
    let person = house.member(0).await;
    let event = json!({
        "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64, "webhookEventId": "01KTESTLARGE000000000001",
        "source": { "type": "user", "userId": person.id }, "message": { "type": "text", "id": "544000001", "text": "咳が出ます" },
        "padding": "あ".repeat(350_000),
    });
    assert_eq!(house.signed(json!({ "destination": "U0", "events": [event] }).to_string().as_bytes()).await.status, 200);
    assert_eq!(house.items_of("Message").await.len(), 1);
    let deep = format!(r#"{{"events":[{{"type":"message","message":{}1{}}}]}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let status = house.signed(deep.as_bytes()).await.status;
    assert!(status == 200 || status == 400, "{status}");
}
