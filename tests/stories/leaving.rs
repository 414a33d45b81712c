//! Row A4: access is decided at the moment of the request.

use stories::{House, assert_says};

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_has_access_until_the_last_second_of_the_month_and_not_one_longer() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let company = house.sakura().await;
    let leaver = company.number_of("小川 みどり");
    let person = house.person().await;
    person.registers(&company, leaver).await;
    house.clock("2026-11-30T23:59:59+09:00").await;
    assert_says(&person.says("引き継ぎで疲れています").await, "ご相談を受け付けました");
    house.clock("2026-12-01T00:00:00+09:00").await;
    let kept = house.items_of("Message").await.len();
    let refused = person.says("まだ相談できますか").await;
    assert_says(&refused, "ご利用期間は終了しています");
    assert_says(&refused, "119");
    assert_eq!(house.items_of("Message").await.len(), kept, "what a refused person sends is not stored");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_of_somebody_who_left_does_not_register() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    assert_says(&person.says(company.number_of("石田 健")).await, "ご利用期間は終了しています");
    assert!(house.items_of("LineUser").await[0]["member"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_comes_back_under_the_same_number_registers_anew() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let company = house.sakura().await;
    let number = company.number_of("小川 みどり");
    let person = house.person().await;
    person.registers(&company, number).await;
    // Before the purge.
    house.clock("2026-12-01T01:00:00+09:00").await;
    house.enter(&company, number, "小川 みどり").await;
    assert_says(&person.registers(&company, number).await, "登録が完了しました");
    assert_eq!(house.items_of("Erasure").await.len(), 1);
    assert_says(&person.says("また相談できますか").await, "ご相談を受け付けました");
}
