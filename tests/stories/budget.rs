//! What a message may cost (issue of the webhook): at most 4 DynamoDB calls, 1 KMS call (0 with a warm key) and 1 LINE call
//! before the 200, none a scan, counted at the wire.

use serde_json::Value;
use stories::House;

fn sum(calls: &Value, target: &str, operation: impl Fn(&str) -> bool) -> u64 {
    let calls = calls[target].as_object().into_iter().flatten();
    calls.filter(|(name, _)| operation(name)).filter_map(|(_, count)| count.as_u64()).sum()
}

/// DynamoDB, KMS, messages to LINE.
fn cost(calls: &Value) -> (u64, u64, u64) {
    assert_eq!(sum(calls, "dynamodb", |name| name == "Scan"), 0, "a scan: {calls}");
    // The access token is asked for once in 13 minutes, whatever is sent.
    (sum(calls, "dynamodb", |_| true), sum(calls, "kms", |_| true), sum(calls, "line", |name| name != "token"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_member_costs_four_table_calls_one_line_call_and_no_kms_call_with_a_warm_key() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.comes_to_rest().await;
    for (story, text) in [("opens", "肩こりがひどいです"), ("joins", "右だけです"), ("command", "社員番号変更")] {
        house.calls().await;
        person.sends(text).await.ok();
        let calls = house.calls().await;
        assert_eq!(cost(&calls), (4, 0, 1), "{story}: {calls}");
    }
    person.sends("死にたい").await.ok();
    house.wait_for_mails(1).await;
    house.wait_until_nothing_is_taken().await;
    let calls = house.calls().await;
    // The alert leaves through the outbox at the same time: it is taken and settled there.
    assert_eq!(cost(&calls), (4 + 2, 0, 1), "danger: {calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_to_a_cold_function_costs_one_kms_call_and_as_many_table_calls() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.comes_to_rest().await;
    for text in ["肩こりがひどいです", "右だけです", "社員番号変更"] {
        house.system.functions.cold_start().expect("cold functions");
        house.calls().await;
        person.sends(text).await.ok();
        let calls = house.calls().await;
        assert_eq!(cost(&calls), (4, 1, 1), "{calls}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_leaver_and_a_duplicate_cost_no_more() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, company.number_of("小川 みどり")).await;
    house.clock("2026-12-01T00:00:00+09:00").await;
    house.comes_to_rest().await;
    person.sends("まだいますか").await.ok();
    let (table, kms, line) = cost(&house.calls().await);
    assert!(table <= 4 && kms == 0 && line == 1, "{table} {kms} {line}");
}
