//! Consultations are one-to-one: groups and rooms are refused politely, and nothing of them is kept.

use serde_json::{Value, json};
use stories::{CHANNEL, House};

async fn deliver(house: &House, event: Value) {
    house.post("local/line/deliver", json!({ "channel": CHANNEL, "events": [event] })).await.ok();
}

async fn said_in(house: &House, group: &str) -> Vec<String> {
    let messages = house.get(&format!("local/line/groups/{group}/messages")).await;
    messages.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_in_a_group_or_a_room_is_asked_to_write_one_to_one_and_nothing_is_kept() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.wait_until_nothing_is_taken().await;
    let before = house.items().await;
    for (kind, field, id) in
        [("group", "groupId", "C0000000000000000000000000000001"), ("room", "roomId", "R0000000000000000000000000000001")]
    {
        let source = json!({ "type": kind, field: id, "userId": person.id });
        deliver(&house, json!({ "type": "join", "source": source })).await;
        deliver(&house, json!({ "type": "message", "source": source, "message": { "type": "text", "text": "最近眠れません" } })).await;
        let said = said_in(&house, id).await;
        assert!(said.len() == 2 && said.iter().all(|text| text.contains("1対1のトーク")), "{kind}: {said:?}");
    }
    assert!(house.items().await == before, "something was kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_s_event_that_comes_twice_is_answered_once() {
    let house = House::open().await;
    let group = "C0000000000000000000000000000002";
    let event = json!({
        "type": "message", "webhookEventId": "01KTESTGROUP0000000000001", "source": { "type": "group", "groupId": group },
        "message": { "type": "text", "text": "こんにちは", "id": "588000000000000001" },
    });
    let delivered = house.post("local/line/deliver", json!({ "channel": CHANNEL, "events": [event] })).await.json();
    let mut again = event;
    again["isRedelivery"] = json!(true);
    again["replyToken"] = delivered["events"][0]["replyToken"].clone();
    deliver(&house, again).await;
    assert_eq!(said_in(&house, group).await.len(), 1);
}
