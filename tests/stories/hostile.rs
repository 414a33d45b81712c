//! Whatever a signed body holds, the function answers, and no sibling of an odd event is lost.

use proptest::{
    collection::vec,
    prelude::{Strategy, any, prop},
    strategy::ValueTree,
    test_runner::TestRunner,
};
use serde_json::{Value, json};
use stories::House;

const CASES: usize = 150;

fn samples<S: Strategy>(strategy: &S) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..CASES).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn any_signed_bytes_are_answered_without_an_error_of_ours() {
    let house = House::open().await;
    for bytes in samples(&vec(any::<u8>(), 0..400)) {
        let answer = house.signed(&bytes).await;
        assert!(!answer.status.is_server_error(), "{}: {bytes:?}", answer.status);
    }
}

/// An event whose fields are anything.
fn odd_event() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("message"),
        json!("text"),
        json!("\u{0}"),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!({"type": "user", "userId": 5}),
        json!({"type": "text", "text": {"a": 1}}),
        json!("𠮷".repeat(3)),
    ]);
    let fields =
        ["type", "mode", "timestamp", "webhookEventId", "source", "message", "postback", "unsend", "replyToken", "deliveryContext"];
    vec((prop::sample::select(fields.to_vec()), leaf), 0..8)
        .prop_map(|fields| Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_siblings_of_odd_events_are_handled() {
    let house = House::open().await;
    let person = house.member(0).await;
    for (n, odd) in samples(&vec(odd_event(), 1..5)).into_iter().enumerate() {
        let sibling = json!({
            "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64 + n as u64, "webhookEventId": format!("01KTESTODD{n:016}"),
            "source": { "type": "user", "userId": person.id }, "message": { "type": "text", "id": format!("66{n}"), "text": "元気です" },
        });
        let mut events = odd;
        events.insert(n % (events.len() + 1), sibling);
        let answer = house.signed(json!({ "destination": "U0", "events": events }).to_string().as_bytes()).await;
        assert_eq!(answer.status, 200, "{events:?}");
    }
    assert_eq!(house.items_of("Message").await.len(), CASES);
}
