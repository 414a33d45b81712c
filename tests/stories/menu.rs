//! The rich menu: members have their own, everybody else the account's default.

use stories::House;

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_sees_the_members_menu_and_who_leaves_the_default_one() {
    let house = House::open().await;
    let person = house.person().await;
    let (name, linked) = person.menu().await;
    assert!(name.contains("unregistered") && !linked, "{name}");
    let company = house.sakura().await;
    person.registers(&company, company.employee(0).0).await;
    house.wait_until_nothing_is_taken().await;
    let (name, linked) = person.menu().await;
    assert!(name.contains("/registered") && linked, "{name}");
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.wait_until_nothing_is_taken().await;
    let (name, linked) = person.menu().await;
    assert!(name.contains("unregistered") && !linked, "{name}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_menu_that_line_did_not_take_comes_later_and_never_to_somebody_who_has_left() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    person.says(company.employee(0).0).await;
    house.post("local/faults", serde_json::json!({ "target": "line", "mode": "500", "operation": "link-menu" })).await.ok();
    person.touches("consent").await;
    house.wait_until_nothing_is_taken().await;
    assert!(!person.menu().await.1);
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.fault("line", "none", 0).await;
    for _ in 0..3 {
        house.advance("PT2M").await;
        house.wait_until_nothing_is_taken().await;
    }
    assert!(!person.menu().await.1, "the late menu is decided by who the person is now");
}
