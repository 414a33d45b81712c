//! Rows D1 and D4: contacts send rosters on their page, see what became of them, and have their say about one that is held back.

use std::collections::BTreeSet;

use contact_portal::route::{Name, ROUTES};
use futures::future::join;
use serde_json::{Value, json};
use store::entity::delivery::Party;
use stories::{Answer, Company, House, Staff};

use crate::{desk::audit, logged::Logged};

const FILE: &str = "区分,社員番号,氏名,異動日\n入社,201,架空林 太郎左衛門,2026-12-01\n退職,101,髙橋 一郎,2026-11-30\n";

/// The address of a file that waits: of twenty more people twelve leave. Each `group` is another file.
pub async fn held_back(house: &House, company: &Company, group: usize) -> String {
    let all: Vec<String> = (0..20).map(|index| format!("{},社員 {index}\n", 1000 + index)).collect();
    house.delivers(company, "full", "all.csv", "社員番号,氏名\n".to_owned() + &all.concat()).await;
    let leavers: Vec<String> = (group..group + 12).map(|index| format!("退職,{},社員 {index},2026-11-30\n", 1000 + index)).collect();
    house.delivers(company, "monthly", &format!("many-{group}.csv"), "区分,社員番号,氏名,異動日\n".to_owned() + &leavers.concat()).await;
    let deliveries = house.ops().deliveries(company.id.parse().unwrap()).await.unwrap();
    format!("contacts/deliveries/{}", deliveries.last().unwrap().import)
}

fn left(roster: &[String]) -> usize {
    roster.iter().filter(|row| row.ends_with("2026-11-30")).count()
}

/// Asks where a file may be sent, as the page's script does.
async fn permit(contact: &Staff<'_>, asked: Value) -> Answer {
    contact.sends_json("contacts/uploads", &asked).await
}

async fn uploads(house: &House, contact: &Staff<'_>, content: &str) -> String {
    let permit = permit(contact, json!({ "kind": "monthly", "bytes": content.len(), "ending": "csv" })).await.json();
    house.uploads(&permit, content).await.ok();
    permit["page"].as_str().unwrap().trim_start_matches('/').to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_sends_the_roster_of_the_month_and_reads_what_became_of_it() {
    let logged = Logged::start();
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let tamura = house.signs_in("contact-tamura").await;
    let home = tamura.opens("contacts").await.text();
    for part in ["株式会社さくら製作所　田村 直樹", "25日までにご提出ください", "提出された名簿はまだありません", "毎月の入退社"]
    {
        assert!(home.contains(part), "{part}: {home}");
    }
    let permitted = permit(&tamura, json!({ "kind": "monthly", "bytes": FILE.len(), "ending": "CSV" })).await.json();
    let page = permitted["page"].as_str().unwrap().trim_start_matches('/').to_owned();
    let early = tamura.opens(&page).await;
    assert!(early.status == 200 && early.text().contains("読み取りが始まるまで"), "nothing has come yet: {}", early.text());
    assert!(permitted["url"].as_str().unwrap().contains(&format!("/roster-in/{}/monthly/upload-", sakura.id)));
    house.uploads(&permitted, FILE).await.ok();
    assert_eq!(house.uploads(&permitted, FILE).await.status.as_u16() / 100, 4, "a permit is for one file");
    house.wait_for_queue().await;

    let seen = tamura.opens(&page).await;
    assert_eq!(seen.status, 303);
    let delivery = seen.header("location").trim_start_matches('/').to_owned();
    let shown = tamura.opens(&delivery).await.text();
    for part in ["取り込みが完了しました", "<dt>入社</dt><dd>1名</dd>", "<dt>退職</dt><dd>1名</dd>", "確認が必要な箇所はありません"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(house.roster(&sakura).await.iter().any(|row| row.starts_with("000201")));
    let home = tamura.opens("contacts").await.text();
    assert!(home.contains("今月の名簿をお預かりしています") && home.contains("入社1名・退職1名・変更0名"), "{home}");
    assert!(tamura.opens("contacts/deliveries").await.text().contains("取り込み完了"));
    for secret in ["架空林", "髙橋", "000101"] {
        assert!(!shown.contains(secret) && !logged.has(secret), "{secret}");
    }
    let lines = audit(&house).await;
    for line in ["contact-tamura Home Done", "contact-tamura Upload Done", "contact-tamura Sent Done", "contact-tamura Delivery Done"] {
        assert!(lines.iter().any(|there| there == line), "{line}: {lines:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_errors_shows_them_as_a_table_and_who_is_late_is_told_so() {
    let house = House::open_at("2026-11-26T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    assert!(tamura.opens("contacts").await.text().contains("25日を過ぎています"));
    let page = uploads(&house, &tamura, "区分,社員番号,氏名,異動日\n退職,101,髙橋 一郎,11/30\n").await;
    house.wait_for_queue().await;
    let delivery = tamura.opens(&page).await.header("location").trim_start_matches('/').to_owned();
    let shown = tamura.opens(&delivery).await.text();
    for part in ["エラーがあるため、取り込みを行っていません", "日付を読み取れません", "異動日", &format!("/{delivery}/report.csv")]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let csv = tamura.opens(&format!("{delivery}/report.csv")).await;
    assert!(csv.status == 200 && csv.text().starts_with('\u{feff}'));
    let home = tamura.opens("contacts").await.text();
    assert!(home.contains("エラー1件") && home.contains("25日を過ぎています"), "what was refused is no delivery: {home}");
    house.clock("2026-12-26T10:00:01+09:00").await;
    let shown = tamura.opens(&delivery).await.text();
    assert!(shown.contains("取り込みを行っていません") && !shown.contains("日付を読み取れません"), "a report lives for 30 days");
    assert_eq!(tamura.opens(&format!("{delivery}/report.csv")).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_not_taken_and_the_reason_is_said() {
    let house = House::open().await;
    let tamura = house.signs_in("contact-tamura").await;
    for (bytes, ending, status, error) in [
        (0_u64, "csv", 422, "empty"),
        (50 * 1024 * 1024 + 1, "xlsx", 422, "too-large"),
        (10, "xls", 422, "old-workbook"),
        (10, "pdf", 422, "other-type"),
        (10, "", 422, "other-type"),
    ] {
        let answer = permit(&tamura, json!({ "kind": "full", "bytes": bytes, "ending": ending })).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (status, json!({ "error": error }).to_string()), "{ending}");
    }
    let kind = json!({ "kind": "other", "bytes": 1, "ending": "csv" });
    for bad in [json!({}), json!({ "kind": "monthly", "bytes": -1, "ending": "csv" }), kind, json!({ "kind": "x".repeat(2000) })] {
        assert_eq!(permit(&tamura, bad).await.status, 400);
    }
    let stranger = house.post("contacts/uploads", json!({ "kind": "monthly", "bytes": 10, "ending": "csv" })).await;
    assert_eq!(stranger.status, 401);
    // What was promised is what is taken: another length is not.
    let permitted = permit(&tamura, json!({ "kind": "monthly", "bytes": 10, "ending": "csv" })).await.json();
    assert_eq!(house.uploads(&permitted, "社員番号,氏名").await.status.as_u16() / 100, 4);
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_back_file_is_confirmed_once_however_often_it_is_clicked_and_needs_the_operator_too() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let delivery = held_back(&house, &sakura, 0).await;
    let tamura = house.signs_in("contact-tamura").await;
    let home = tamura.opens("contacts").await.text();
    assert!(home.contains("ご確認のお願い") && home.contains(&format!("href=\"/{delivery}\"")), "{home}");
    let shown = tamura.opens(&delivery).await.text();
    for part in ["この名簿で退職となる方</dt><dd>12名", "運営者の両方の確認が必要", "12月1日(火)", "取り込んだ場合の内容"]
    {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let confirm = format!("{delivery}/confirm");
    let refused = tamura.sends(&confirm, &[]).await;
    assert!(refused.status == 400 && refused.text().contains("チェックを入れてください"));
    house.wait_until_nothing_is_taken().await;
    let mails = house.mails().await.len();
    let (one, two) = join(tamura.sends(&confirm, &[("confirmed", "1")]), tamura.sends(&confirm, &[("confirmed", "1")])).await;
    for answer in [one, two, tamura.sends(&confirm, &[("confirmed", "1")]).await] {
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, format!("/{delivery}?sent=confirm").as_str()));
    }
    house.wait_for_mails(mails + 1).await;
    house.wait_until_nothing_is_taken().await;
    // Mails of the same instant come in any order.
    let told = house.mails().await.into_iter().filter(|mail| mail["subject"].as_str().unwrap().contains("担当者が名簿を確認しました"));
    assert_eq!((told.count(), house.mails().await.len()), (1, mails + 1), "the operator is told once");
    let done = |lines: Vec<String>| lines.iter().filter(|line| *line == "contact-tamura Confirm Done").count();
    assert_eq!(done(audit(&house).await), 1, "of three clicks one did it");
    let shown = tamura.opens(&format!("{delivery}?sent=confirm")).await.text();
    assert!(shown.contains("確認を受け付けました") && shown.contains("運営者の確認が済みしだい"), "{shown}");
    assert!(!shown.contains("この内容で取り込む"));
    house.advance("PT2M").await;
    assert_eq!(left(&house.roster(&sakura).await), 0);

    let (tenant, import) = (sakura.id.parse().unwrap(), delivery.rsplit('/').next().unwrap().parse().unwrap());
    house.ops().confirm_delivery(tenant, import, Party::Operator).await.unwrap();
    assert!(tamura.opens(&delivery).await.text().contains("まもなく取り込みます"));
    house.advance("PT2M").await;
    assert_eq!(left(&house.roster(&sakura).await), 12);
    assert!(tamura.opens(&delivery).await.text().contains("取り込みが完了しました"));
    let late = tamura.sends(&format!("{delivery}/withdraw"), &[]).await;
    assert!(late.status == 409 && late.text().contains("すでに確認の受付を終えています"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_back_file_that_is_withdrawn_is_deleted_unapplied_and_the_contact_is_told_why() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let delivery = held_back(&house, &sakura, 0).await;
    let tamura = house.signs_in("contact-tamura").await;
    for _ in 0..2 {
        assert_eq!(tamura.sends(&format!("{delivery}/withdraw"), &[]).await.status, 303);
    }
    assert!(tamura.opens(&format!("{delivery}?sent=withdraw")).await.text().contains("まもなく削除します"));
    assert_eq!(tamura.sends(&format!("{delivery}/confirm"), &[("confirmed", "1")]).await.status, 409);
    house.advance("PT2M").await;
    house.wait_until_nothing_is_taken().await;
    assert!(house.objects().await.iter().all(|object| !object["key"].as_str().unwrap().starts_with("roster-in/")));
    assert_eq!(left(&house.roster(&sakura).await), 0);
    let shown = tamura.opens(&delivery).await.text();
    assert!(shown.contains("取り下げのお申し出により") && !shown.contains("<dt>退職</dt>"), "{shown}");
    let told: Vec<Value> = house.mails().await.into_iter().filter(|mail| mail["to"][0] == "tamura@sakura.example.jp").collect();
    let is_told = |subject: &str| told.iter().any(|mail| mail["subject"].as_str().unwrap().contains(subject));
    assert!(is_told("取り下げを承りました") && !is_told("とりやめました"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_without_a_word_ends_it_and_the_page_says_so_before_the_sweep_does() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let delivery = held_back(&house, &sakura, 0).await;
    let tamura = house.signs_in("contact-tamura").await;
    house.without_schedule("roster-sweep").await;
    house.advance("P7D").await;
    assert!(tamura.opens(&delivery).await.text().contains("期限までに確認が取れなかった"));
    assert_eq!(tamura.sends(&format!("{delivery}/confirm"), &[("confirmed", "1")]).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_missing_in_a_full_roster_is_downloaded_by_who_is_signed_in_and_named_nowhere_else() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    house.delivers(&sakura, "full", "all.csv", "社員番号,氏名\n101,髙橋 一郎\n").await;
    let tamura = house.signs_in("contact-tamura").await;
    let list = tamura.opens("contacts/deliveries").await.text();
    let delivery = list.split("href=\"/contacts/deliveries/").nth(1).unwrap().split('"').next().unwrap();
    let path = format!("contacts/deliveries/{delivery}");
    let shown = tamura.opens(&path).await.text();
    assert!(shown.contains("leavers.csv") && !shown.contains("000103"), "{shown}");
    let leavers = tamura.opens(&format!("{path}/leavers.csv")).await;
    assert!(leavers.status == 200 && leavers.text().contains("000103"));
    assert!(audit(&house).await.contains(&"contact-tamura Leavers Done".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_is_what_it_is_for() {
    let house = House::open().await;
    let tamura = house.signs_in("contact-tamura").await;
    for (kind, headings) in [("monthly", "区分,社員番号,氏名,異動日"), ("full", "社員番号,氏名,入社日,退職日")] {
        let file = tamura.opens(&format!("contacts/templates/{kind}.csv")).await;
        assert_eq!((file.status.as_u16(), file.text().as_str()), (200, format!("\u{feff}{headings}\r\n").as_str()));
        assert!(file.header("content-disposition").starts_with("attachment; filename=\"roster.csv\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_closed_to_every_role_but_contacts_and_shows_nothing_of_another_company() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let delivery = held_back(&house, &sakura, 0).await;
    let tamura = house.signs_in("contact-tamura").await;
    let upload = uploads(&house, &tamura, "区分,社員番号,氏名,異動日\n").await;
    house.wait_for_queue().await;
    let (import, upload) = (delivery.rsplit('/').next().unwrap(), upload.rsplit('/').next().unwrap());
    let before = house.items_of("Delivery").await;
    let mut names = BTreeSet::new();
    for (who, is_contact) in
        [("contact-mori", true), ("nurse-sato", false), ("nurse-yamamoto", false), ("psychologist-ito", false), ("operator-demo", false)]
    {
        let person = house.signs_in(who).await;
        for route in ROUTES {
            let below = route.pattern.replace("{import}", import).replace("{upload}", upload);
            let below = below.replace("{occasion}", "meeting").replace("{month}", "2026-11");
            let path = format!("contacts/{below}");
            let path = path.trim_end_matches('/');
            let lines = audit(&house).await.len();
            let answer = if route.name == Name::Upload {
                permit(&person, json!({ "kind": "monthly", "bytes": 10, "ending": "csv" })).await
            } else if *route.method == "GET" {
                person.opens(path).await
            } else {
                person.sends(path, &[("confirmed", "1")]).await
            };
            let (status, text, after) = (answer.status.as_u16(), answer.text(), audit(&house).await);
            let expected = match route.name {
                _ if !is_contact => 403,
                Name::Home | Name::Upload | Name::Sent | Name::Deliveries | Name::MonthlyTemplate | Name::FullTemplate | Name::Reports => {
                    200
                }
                // Another company's delivery is not there.
                Name::Delivery | Name::Findings | Name::Leavers | Name::Confirm | Name::Withdraw | Name::Report => 404,
            };
            assert_eq!(status, expected, "{who} {:?}: {text}", route.name);
            let outcome = match expected {
                403 => "Forbidden",
                404 => "Missing",
                _ => "Done",
            };
            assert!(after.last().unwrap().ends_with(&format!("{:?} {outcome}", route.name)), "{who} {:?}: {after:?}", route.name);
            assert!(after.len() > lines && !text.contains(import), "{who} {:?}", route.name);
            // The upload's page tells no more than that nothing is known.
            assert!(route.name != Name::Sent || !is_contact || text.contains("読み取りが始まるまで"));
            assert!(route.name != Name::Upload || !is_contact || !text.contains(&sakura.id), "into the own inbox only");
            if *route.method == "GET" {
                let stranger = house.open_page(path).await;
                assert_eq!(stranger.status, 303, "{path}");
                assert!(stranger.header("location").starts_with("/contacts/sign-in?to=%2Fcontacts"), "{}", stranger.header("location"));
            }
            names.insert(format!("{:?}", route.name));
        }
    }
    assert_eq!(names.len(), ROUTES.len());
    assert_eq!(house.items_of("Delivery").await, before, "nobody changed anything");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_whom_the_company_names_no_more_is_kept_out_at_once() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    let tamura = house.signs_in("contact-tamura").await;
    tamura.opens("contacts").await.ok();
    let (ops, tenant) = (house.ops(), sakura.id.parse().unwrap());
    for contact in ops.contacts(tenant).await.unwrap() {
        ops.remove_contact(tenant, &contact.id).await.unwrap();
    }
    let refused = tamura.opens("contacts").await;
    assert!(refused.status == 403 && refused.text().contains("登録を確認できませんでした"));
    assert_eq!(permit(&tamura, json!({ "kind": "monthly", "bytes": 10, "ending": "csv" })).await.status, 403);
    assert!(audit(&house).await.contains(&"contact-tamura Upload Forbidden".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_or_without_its_token_does_nothing() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let delivery = held_back(&house, &sakura, 0).await;
    let tamura = house.signs_in("contact-tamura").await;
    let page = tamura.opens(&delivery).await.text();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    for (csrf, site, status) in
        [("wrong", "same-origin", 403), ("", "same-origin", 403), (csrf, "cross-site", 403), (csrf, "same-origin", 303)]
    {
        let answer = tamura.sends_as(&format!("{delivery}/confirm"), &[("confirmed", "1")], csrf, site).await;
        assert_eq!(answer.status, status, "{site}");
    }
}
