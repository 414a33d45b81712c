//! Row D1: what HR delivers becomes the roster, once, whole or not at all.

use proptest::prelude::*;
use serde_json::{Value, json};
use store::entity::delivery::Party;
use stories::{Company, House};

/// A monthly file of these rows, in CP932 as Excel saves it.
fn monthly(rows: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let rows = rows.iter().map(|(movement, number, name, date)| format!("{movement},{number},{name},{date}\r\n"));
    let file = "区分,社員番号,氏名,異動日\r\n".to_owned() + &rows.collect::<Vec<_>>().concat();
    let (bytes, _, lost) = encoding_rs::SHIFT_JIS.encode(&file);
    assert!(!lost, "CP932 has all of it");
    bytes.into_owned()
}

async fn mails_to(house: &House, to: &str) -> Vec<Value> {
    house.wait_until_nothing_is_taken().await;
    house.mails().await.into_iter().filter(|mail| mail["to"][0] == to).collect()
}

const CONTACT: &str = "tamura@sakura.example.jp";
const OPERATOR: &str = "operator@example.jp";

async fn inbox(house: &House) -> Vec<Value> {
    house.objects().await.into_iter().filter(|object| object["key"].as_str().unwrap().starts_with("roster-in/")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_joiners_and_leavers_becomes_rows_a_report_and_a_mail() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    let before = house.roster(&sakura).await;
    let file = monthly(&[
        ("入社", "201", "髙田 明", "2026/12/1"),
        ("入社", "202", "﨑本 恵", "2026/12/1"),
        ("入社", "203", "葛城 亮", "R8.12.1"),
        ("退職", "101", "髙橋 一郎", "令和8年11月30日"),
        ("退職", "000102", "﨑山　花子", "2026-12-31"),
    ]);
    house.delivers(&sakura, "monthly", "2026-12.csv", file).await;

    let after = house.roster(&sakura).await;
    let new: Vec<&String> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!(
        new,
        [
            "000101 髙橋 一郎 - 2026-11-30",
            "000102 﨑山 花子 - 2026-12-31",
            "000201 髙田 明 2026-12-01 -",
            "000202 﨑本 恵 2026-12-01 -",
            "000203 葛城 亮 2026-12-01 -",
        ]
    );
    let report = house.report(&sakura).await;
    assert_eq!(
        (&report["outcome"], &report["rows"], &report["joined"], &report["left"]),
        (&json!("applied"), &json!(5), &json!(3), &json!(2))
    );
    assert_eq!((&report["blocking"], &report["warnings"]), (&json!(0), &json!(0)), "{report}");
    assert!(inbox(&house).await.is_empty(), "the file is deleted in all versions");
    let mails = mails_to(&house, CONTACT).await;
    assert_eq!(mails.len(), 1);
    let (text, html) = (mails[0]["text"].as_str().unwrap(), mails[0]["html"].as_str().unwrap());
    for part in ["田村 直樹 様", "入社：3名", "退職：2名", "/contacts/rosters/"] {
        assert!(text.contains(part) && html.contains(part), "{part}: {text}");
    }
    // The link has random digits, on a line of its own.
    let said: String = text.lines().filter(|line| !line.contains("/contacts/rosters/")).collect();
    assert!(["髙橋", "髙田", "000101", "201"].iter().all(|secret| !said.contains(secret)), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_an_error_changes_nothing_and_says_what_is_to_be_mended() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    let before = house.roster(&sakura).await;
    let file = monthly(&[
        ("入社", "201", "新井 翔", "2026-12-01"),
        ("退職", "101", "髙橋 次郎", "2026-11-30"),
        ("退職", "102", "﨑山 花子", "11/30"),
        ("退職", "999", "山田 太郎", "2026-11-30"),
    ]);
    house.delivers(&sakura, "monthly", "2026-12.csv", file).await;
    assert_eq!(house.roster(&sakura).await, before);
    let report = house.report(&sakura).await;
    let found: Vec<(u64, &str)> =
        report["findings"].as_array().unwrap().iter().map(|f| (f["line"].as_u64().unwrap(), f["code"].as_str().unwrap())).collect();
    assert_eq!(found, [(3, "leaver-name-differs"), (4, "date-bad"), (5, "not-on-roster")]);
    assert_eq!(report["outcome"], "refused");
    assert!(inbox(&house).await.is_empty());
    let mails = mails_to(&house, CONTACT).await;
    assert!(
        mails[0]["subject"].as_str().unwrap().contains("修正のお願い")
            && mails[0]["text"].as_str().unwrap().contains("修正が必要な箇所：2件")
    );
    let csv = String::from_utf8(house.object(&format!("roster-out/{}/{}/report.csv", sakura.id, report["import"].as_str().unwrap())).await)
        .unwrap();
    assert!(csv.starts_with('\u{FEFF}') && csv.lines().count() == 4 && !csv.contains("髙橋"), "{csv}");

    // The mended file goes through.
    house.delivers(&sakura, "monthly", "2026-12.csv", monthly(&[("退職", "101", "髙橋 一郎", "2026-11-30")])).await;
    assert!(house.roster(&sakura).await.contains(&"000101 髙橋 一郎 - 2026-11-30".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_content_again_and_events_that_come_again_change_nothing() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    let file = monthly(&[("入社", "201", "新井 翔", "2026-12-01"), ("退職", "101", "髙橋 一郎", "2026-11-30")]);
    house.delivers(&sakura, "monthly", "a.csv", file.clone()).await;
    let (after, rows) = (house.roster(&sakura).await, house.items_of("RosterRow").await);
    house.delivers(&sakura, "monthly", "b.csv", file).await;
    assert_eq!(house.report(&sakura).await["outcome"], "unchanged");
    // The event of the first file once more, late.
    let event = json!({ "Records": [{
        "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": { "object": { "key": format!("roster-in/{}/monthly/a.csv", sakura.id), "size": 10, "versionId": "gone", "sequencer": "00" } },
    }]});
    house.post("local/queues/deliver", event).await.ok();
    house.wait_for_queue().await;
    assert_eq!(house.roster(&sakura).await, after);
    assert_eq!(house.items_of("RosterRow").await, rows, "not even a version changed");
    assert_eq!(mails_to(&house, CONTACT).await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_versions_of_a_key_the_newest_is_imported_and_one_that_hr_took_back_is_not() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    // The function fails until both versions are there.
    house.post("local/faults", json!({ "target": "s3", "mode": "500", "operation": "ListObjectVersions" })).await.ok();
    let key = |name: &str| format!("roster-in/{}/monthly/{name}", sakura.id);
    house.puts(&key("a.csv"), monthly(&[("入社", "201", "新井 翔", "2026-12-01")])).await;
    house.puts(&key("a.csv"), monthly(&[("入社", "202", "前川 優", "2026-12-01")])).await;
    house.post("local/faults", json!({ "target": "s3", "mode": "none" })).await.ok();
    house.wait_for_queue().await;
    let roster = house.roster(&sakura).await;
    assert!(roster.iter().any(|row| row.starts_with("000202")) && !roster.iter().any(|row| row.starts_with("000201")), "{roster:?}");
    assert!(inbox(&house).await.is_empty());
}

/// A roster of so many people, delivered as a full one.
async fn with_people(house: &House, company: &Company, people: usize) {
    let rows: Vec<String> = (0..people).map(|index| format!("{},社員 {index}\n", 1000 + index)).collect();
    house.delivers(company, "full", "all.csv", "社員番号,氏名\n".to_owned() + &rows.concat()).await;
}

fn leavers(from: usize, count: usize) -> Vec<u8> {
    let rows: Vec<String> = (from..from + count).map(|index| format!("退職,{},社員 {index},2026-11-30\n", 1000 + index)).collect();
    ("区分,社員番号,氏名,異動日\n".to_owned() + &rows.concat()).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn many_leavers_wait_for_contact_and_operator_however_the_files_are_split() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    with_people(&house, &sakura, 60).await;
    let left = async || house.roster(&sakura).await.iter().filter(|row| row.ends_with("2026-11-30")).count();
    house.delivers(&sakura, "monthly", "1.csv", leavers(0, 9)).await;
    assert_eq!(left().await, 9);
    // 9 + 6 of 72 are more than a fifth.
    house.delivers(&sakura, "monthly", "2.csv", leavers(9, 6)).await;
    assert_eq!(left().await, 9);
    assert_eq!(house.report(&sakura).await["outcome"], "waiting");
    assert_eq!(inbox(&house).await.len(), 1, "it waits where it is");
    assert!(mails_to(&house, OPERATOR).await[0]["text"].as_str().unwrap().contains("このファイルで6名"));

    let (ops, tenant) = (house.ops(), sakura.id.parse().unwrap());
    let import = ops.deliveries(tenant).await.unwrap().last().unwrap().import;
    ops.confirm_delivery(tenant, import, Party::Contact).await.unwrap();
    house.advance("PT2M").await;
    assert_eq!(left().await, 9, "one confirmation is not enough");
    ops.confirm_delivery(tenant, import, Party::Operator).await.unwrap();
    house.advance("PT2M").await;
    assert_eq!(left().await, 15);
    assert!(inbox(&house).await.is_empty());
    assert_eq!(house.report(&sakura).await["outcome"], "applied");
    assert!(mails_to(&house, CONTACT).await.last().unwrap()["text"].as_str().unwrap().contains("退職：6名"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_confirms_or_an_operator_refuses_is_deleted_unapplied() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    with_people(&house, &sakura, 20).await;
    house.delivers(&sakura, "monthly", "1.csv", leavers(0, 12)).await;
    house.advance("P7D").await;
    assert!(inbox(&house).await.is_empty());
    house.delivers(&sakura, "monthly", "2.csv", leavers(0, 13)).await;
    let (ops, tenant) = (house.ops(), sakura.id.parse().unwrap());
    let import = ops.deliveries(tenant).await.unwrap().last().unwrap().import;
    ops.refuse_delivery(tenant, import).await.unwrap();
    house.advance("PT2M").await;
    assert!(inbox(&house).await.is_empty());
    assert!(!house.roster(&sakura).await.iter().any(|row| row.ends_with("2026-11-30")));
    let told = mails_to(&house, CONTACT).await;
    assert_eq!(told.iter().filter(|mail| mail["subject"].as_str().unwrap().contains("とりやめました")).count(), 2);
    assert!(ops.confirm_delivery(tenant, import, Party::Operator).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hr_reports_while_a_file_waits_stands_also_when_it_is_confirmed() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    with_people(&house, &sakura, 20).await;
    house.delivers(&sakura, "monthly", "1.csv", leavers(0, 12)).await;
    house.advance("PT1H").await;
    let corrections = "区分,社員番号,氏名,異動日\n退職,1000,社員 0,2026-12-31\n退職取消,1001,社員 1,\n";
    house.delivers(&sakura, "monthly", "2.csv", corrections).await;
    let (ops, tenant) = (house.ops(), sakura.id.parse().unwrap());
    let import = ops.deliveries(tenant).await.unwrap().iter().find(|delivery| !delivery.state.is_final()).unwrap().import;
    ops.confirm_delivery(tenant, import, Party::Contact).await.unwrap();
    ops.confirm_delivery(tenant, import, Party::Operator).await.unwrap();
    house.advance("PT2M").await;
    let roster = house.roster(&sakura).await;
    assert_eq!(roster.iter().filter(|row| row.ends_with("2026-11-30")).count(), 10, "{roster:?}");
    assert!(roster.contains(&"001000 社員 0 - 2026-12-31".to_owned()) && roster.contains(&"001001 社員 1 - -".to_owned()), "{roster:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_replaced_or_taken_back_while_it_waits_is_not_asked_for_any_more() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    with_people(&house, &sakura, 20).await;
    house.delivers(&sakura, "monthly", "1.csv", leavers(0, 12)).await;
    let (ops, tenant) = (house.ops(), sakura.id.parse().unwrap());
    let waiting =
        async || ops.deliveries(tenant).await.unwrap().into_iter().filter(|delivery| !delivery.state.is_final()).collect::<Vec<_>>();
    let replaced = waiting().await.first().unwrap().import;
    house.delivers(&sakura, "monthly", "1.csv", leavers(0, 13)).await;
    let [left] = waiting().await.try_into().expect("one waits");
    assert_ne!(left.import, replaced);
    assert!(ops.confirm_delivery(tenant, replaced, Party::Operator).await.is_err());
    let environment = &house.system.environment;
    let s3 = runtime::Aws::new(&environment.aws).s3();
    let key = format!("roster-in/{}/monthly/1.csv", sakura.id);
    s3.delete_object().bucket(&environment.bucket).key(key).send().await.unwrap();
    house.delivers(&sakura, "monthly", "2.csv", leavers(0, 1)).await;
    assert!(waiting().await.is_empty());
    assert!(inbox(&house).await.is_empty());
    assert_eq!(house.roster(&sakura).await.iter().filter(|row| row.ends_with("2026-11-30")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_missing_in_a_full_roster_is_listed_for_hr_and_stays() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    house.delivers(&sakura, "full", "all.csv", "社員番号,氏名\n101,髙橋 一郎\n301,新井 翔\n").await;
    let report = house.report(&sakura).await;
    // Nine of the demo's twelve: one leaves this month, one has left.
    assert_eq!((&report["joined"], &report["missing"], &report["unchanged"]), (&json!(1), &json!(9), &json!(1)), "{report}");
    assert!(!house.roster(&sakura).await.iter().any(|row| row.starts_with("000103") && !row.ends_with('-')));
    // HR fills in a date and sends the list back.
    let import = report["import"].as_str().unwrap();
    let list = String::from_utf8(house.object(&format!("roster-out/{}/{import}/leavers.csv", sakura.id)).await).unwrap();
    assert_eq!(list.lines().count(), 10, "{list}");
    let header = list.lines().next().unwrap();
    let row = list.lines().find(|line| line.contains("000103")).unwrap();
    house.delivers(&sakura, "monthly", "left.csv", format!("{header}\r\n{row}2026-11-30\r\n")).await;
    assert!(house.roster(&sakura).await.iter().any(|row| row.starts_with("000103") && row.ends_with("2026-11-30")));
    // The list names people, and goes with the first of them.
    house.clock("2026-12-01T03:00:00+09:00").await;
    house.advance("PT10M").await;
    let objects = house.objects().await;
    let named = |part: &str| objects.iter().any(|object| object["key"].as_str().unwrap().ends_with(part));
    assert!(named("report.json") && !named("leavers.csv"), "{objects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_lost_its_zeros_is_not_taken_for_another_one() {
    let house = House::open().await;
    let hikari = house.hikari().await;
    house.delivers(&hikari, "monthly", "1.csv", monthly(&[("入社", "00123", "新井 翔", "2026-12-01")])).await;
    house.delivers(&hikari, "monthly", "2.csv", monthly(&[("退職", "123", "新井 翔", "2026-12-31")])).await;
    assert_eq!(house.report(&hikari).await["findings"][0]["code"], "number-lacks-zeros");
    house.delivers(&hikari, "full", "3.csv", "社員番号,氏名\n123,新井 翔\n").await;
    assert_eq!(house.report(&hikari).await["findings"][0]["code"], "number-lacks-zeros");
    assert!(house.roster(&hikari).await.contains(&"00123 新井 翔 2026-12-01 -".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_nobody_is_set_aside_and_the_operator_is_told_once() {
    let house = House::open().await;
    let sakura = house.sakura().await;
    house.puts("roster-in/01JDFZ6B0000000000000000AA/monthly/x.csv", "社員番号").await;
    house.puts(&format!("roster-in/{}/other/y.csv", sakura.id), "社員番号").await;
    house.wait_for_queue().await;
    assert_eq!(inbox(&house).await.len(), 2, "nothing is lost");
    assert_eq!(mails_to(&house, OPERATOR).await.len(), 2);
    assert_eq!(house.ops().files_aside().await.unwrap().len(), 2);
    assert!(mails_to(&house, CONTACT).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_fixtures_is_taken_and_none_changes_a_roster() {
    let house = House::open().await;
    let lambda = house.system.functions.lambda();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/roster-import");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
            let answer = lambda.invoke("roster-import", event).await.unwrap();
            assert_eq!(answer["batchItemFailures"], json!([]), "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 20, "{count} fixtures");
    assert!(house.items_of("Delivery").await.is_empty());
    assert!(!mails_to(&house, OPERATOR).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_delivers_nothing_is_reminded_on_the_25th_and_the_operator_told_on_the_28th() {
    let house = House::open_at("2026-11-24T12:00:00+09:00").await;
    let sakura = house.sakura().await;
    house.delivers(&sakura, "monthly", "none.csv", "区分,社員番号,氏名,異動日\n").await;
    let told = async |to, subject: &str| {
        let mails = mails_to(&house, to).await;
        mails.iter().filter(|mail| mail["subject"].as_str().unwrap().contains(subject)).count()
    };
    for (day, contact, operator) in [("25", 1, 0), ("26", 1, 0), ("28", 1, 1), ("29", 1, 1)] {
        house.clock(&format!("2026-11-{day}T10:00:01+09:00")).await;
        let counted = (told("mori@hikari.example.jp", "ご提出").await, told(OPERATOR, "届いていない").await);
        assert_eq!(counted, (contact, operator), "{day}");
    }
    assert_eq!(told(CONTACT, "ご提出").await, 0, "the header only is a delivery");
    house.clock("2026-12-25T10:00:01+09:00").await;
    assert_eq!(told(CONTACT, "ご提出").await, 1);
}

/// The roster after these files, delivered in this order while the table or the bucket fails every `every`th call so often.
async fn roster_after(files: &[Vec<u8>], faults: Option<(&str, &str, u32)>) -> Vec<String> {
    let house = House::open().await;
    let sakura = house.sakura().await;
    if let Some((target, mode, every)) = faults {
        house.post("local/faults", json!({ "target": target, "mode": mode, "every": every, "count": 6 })).await.ok();
    }
    for (index, file) in files.iter().enumerate() {
        house.puts(&format!("roster-in/{}/monthly/{index}.csv", sakura.id), file.clone()).await;
    }
    house.wait_for_queue().await;
    house.post("local/faults", json!({ "target": "dynamodb", "mode": "none" })).await.ok();
    house.post("local/faults", json!({ "target": "s3", "mode": "none" })).await.ok();
    // What was cut short is gone on with by the sweep.
    house.advance("PT10M").await;
    house.advance("PT10M").await;
    assert!(inbox(&house).await.is_empty(), "every file was dealt with: {:?}", house.items_of("Delivery").await);
    house.roster(&sakura).await
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 4, ..ProptestConfig::default() })]

    #[test]
    fn order_split_and_crashes_make_no_difference(
        order in Just((0..24_usize).collect::<Vec<_>>()).prop_shuffle(),
        cut in 0..=24_usize,
        fault in prop::option::of((prop::sample::select(vec!["dynamodb", "s3"]), prop::sample::select(vec!["500", "lost", "reset"]), 1..9_u32)),
    ) {
        let rows: Vec<(&str, String, String, &str)> = (0..24)
            .map(|index| match index {
                0 => ("退職", "101".to_owned(), "髙橋 一郎".to_owned(), "2026-11-30"),
                1 => ("退職", "102".to_owned(), "﨑山 花子".to_owned(), "2026-12-31"),
                2 => ("入社", "103".to_owned(), "鈴木　大輔".to_owned(), ""),
                _ => ("入社", format!("{}", 400 + index), format!("社員 {index}"), "2026-12-01"),
            })
            .collect();
        let file = |which: &[usize]| {
            let some: Vec<_> = which.iter().map(|index| &rows[*index]).map(|(m, n, name, d)| (*m, n.as_str(), name.as_str(), *d)).collect();
            monthly(&some)
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        let expected = runtime.block_on(roster_after(&[file(&(0..24).collect::<Vec<_>>())], None));
        let (first, second) = order.split_at(cut);
        let got = runtime.block_on(roster_after(&[file(first), file(second)], fault));
        prop_assert_eq!(got, expected);
    }
}
