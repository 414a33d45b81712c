//! What a member types is found in no log and in no file of the table.

use stories::House;

use crate::logged::{Logged, holds};

#[tokio::test(flavor = "multi_thread")]
async fn body_name_number_and_line_id_are_found_neither_in_the_log_nor_in_the_files() {
    let logged = Logged::start();

    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, "QW-777123").await;
    house.fault("line", "500", 2).await;
    person.says("健康診断で脂質異常と言われました").await;
    person.says("架空林 太郎左衛門").await;
    person.touches("name-yes").await;
    person.says("死にたいと思うことがあります").await;
    house.wait_for_mails(1).await;
    house.advance("PT2M").await;

    let secrets = ["脂質異常", "架空林", "太郎左衛門", "QW-777123", "死にたいと", person.id.as_str()];
    assert!(logged.has("an event was handled"), "nothing was logged");
    for secret in secrets {
        assert!(!logged.has(secret), "{secret} stands in the log");
        for (name, content) in house.files() {
            assert!(!holds(&content, secret), "{secret} stands in {name}");
        }
    }
}
