//! Rows A1 and A2, told on LINE.

use serde_json::{Value, json};
use stories::{House, assert_says};

async fn standing(house: &House) -> Vec<String> {
    let users = house.items_of("LineUser").await;
    users.iter().filter_map(|user| user["member"]["standing"].as_str().map(str::to_owned)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_registers_with_code_number_and_consent() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    assert_says(&person.texts().await, "友だち追加ありがとうございます");
    assert_says(&person.says(&format!("登録コード {}", company.code)).await, "社員番号を送信してください");
    let (number, _) = company.employee(0);
    let asked = person.says(number).await;
    assert_says(&asked, "日本国内にお住まい");
    let choices: Vec<Value> = person.messages().await.last().unwrap()["quickReply"]["items"].as_array().unwrap().clone();
    assert_eq!(choices.len(), 3);
    assert_says(&person.touches("consent").await, "登録が完了しました");
    assert_eq!(standing(&house).await, ["番号照合済"]);
    assert_eq!(house.data_keys().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_number_registers_as_unverified_and_can_be_corrected() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    let welcome = person.registers(&company, "999999").await;
    assert_says(&welcome, "名簿で確認できませんでした");
    assert_eq!(standing(&house).await, ["未照合"]);
    person.touches("change-number").await;
    assert_says(&person.says(company.employee(0).0).await, "に変更しました");
    assert_eq!(standing(&house).await, ["番号照合済"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_padded_to_the_tenant_s_width() {
    let house = House::open().await;
    let company = house.sakura().await;
    let (number, _) = company.employee(0);
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    let short = format!(" {} ", number.trim_start_matches('0'));
    assert_says(&person.says(&short).await, &format!("社員番号：{number}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_who_claim_one_number_are_both_marked() {
    let house = House::open().await;
    let company = house.sakura().await;
    let (number, _) = company.employee(2);
    let (one, other) = (house.person().await, house.person().await);
    one.registers(&company, number).await;
    other.registers(&company, number).await;
    let claims = house.items_of("Claim").await;
    assert_eq!(claims.len(), 1);
    assert_eq!(claims[0]["claimants"].as_array().map(Vec::len), Some(2));
    one.says("肩がこります").await;
    other.says("目がつかれます").await;
    let marks: Vec<bool> = house.items_of("Consultation").await.iter().map(|head| head["contested"] == true).collect();
    assert_eq!(marks, [true, true]);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_passphrases_lock_for_fifteen_minutes_whatever_is_typed_then() {
    let house = House::open().await;
    let company = house.hikari().await;
    let person = house.person().await;
    assert_says(&person.says(&format!("登録コード {}", company.code)).await, "合言葉を送信してください");
    for _ in 0..4 {
        assert_says(&person.says("ちがう").await, "合言葉がちがいます");
    }
    assert_says(&person.says("ちがう").await, "入力を一時停止しています");
    let right = company.passphrase.clone().unwrap();
    assert_says(&person.says(&right).await, "入力を一時停止しています");
    person.says(&format!("登録コード {}", company.code)).await;
    assert_says(&person.says(&right).await, "入力を一時停止しています");
    house.advance("PT14M59S").await;
    assert_says(&person.says(&right).await, "入力を一時停止しています");
    house.advance("PT1S").await;
    assert_says(&person.says(&right).await, "社員番号を送信してください");
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_with_another_company_ends_the_former_membership() {
    let house = House::open().await;
    let person = house.member(0).await;
    let hikari = house.hikari().await;
    let (number, _) = hikari.employee(0);
    person.registers(&hikari, number).await;
    assert_says(&person.texts().await, "ひかり商事");
    let users = house.items_of("LineUser").await;
    assert_eq!(users.len(), 1);
    assert_eq!(users[0]["member"]["tenant"], hikari.id.as_str());
    assert_eq!(house.items_of("Erasure").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn leaving_closes_the_membership_at_once_and_queues_the_erasure() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("ひざが痛みます").await;
    assert_says(&person.says("退会").await, "退会しますか");
    assert_says(&person.touches("leave-yes").await, "退会の手続きをしました");
    let erasures = house.items_of("Erasure").await;
    assert_eq!(erasures.len(), 1);
    assert!(standing(&house).await.is_empty());
    assert!(house.items_of("Claim").await.is_empty());
    assert_says(&person.says("まだいますか").await, "ご利用には登録が必要です");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registration_that_is_broken_off_leaves_no_key_behind() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    assert_eq!(house.data_keys().await, 1);
    assert_says(&person.touches("cancel").await, "登録をとりやめました");
    assert_eq!(house.data_keys().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialogue_is_forgotten_after_seven_days() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    house.advance("P7D").await;
    assert_says(&person.says(company.employee(0).0).await, "ご利用には登録が必要です");
    assert_eq!(house.data_keys().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn blocking_and_unblocking_keeps_the_membership() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.act(json!({ "type": "unfollow" })).await.ok();
    assert!(!house.items_of("LineUser").await[0]["presence"]["blocked_since"].is_null());
    let before = person.texts().await.len();
    person.act(json!({ "type": "follow", "follow": { "isUnblocked": true } })).await.ok();
    assert_says(&person.texts().await[before..], "おかえりなさい");
    assert!(house.items_of("LineUser").await[0]["presence"]["blocked_since"].is_null());
}
