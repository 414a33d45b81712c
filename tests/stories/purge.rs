//! Rows A1, A4 and D2: who leaves is erased everywhere, in time, once, and it is certified.

use std::{collections::BTreeSet, future::poll_fn, pin::pin, task::Poll};

use chrono::Datelike;
use lambda_runtime::{Context, LambdaEvent};
use serde_json::{Value, json};
use store::entity::{ENTITIES, Erasure};
use stories::{Company, House, JPEG, Person, assert_says};

use crate::{
    booking::{confirms, free, holds},
    desk::{audit, store, uploads, waiting},
    logged::Logged,
    referral::choice,
    request_form::saves,
};

/// The leaver of 株式会社さくら製作所 in the month in which the demo is made.
const LEAVER: &str = "小川 みどり";

async fn run(house: &House, schedule: &str) -> Value {
    house.post(&format!("local/schedules/{schedule}/run"), json!({})).await.json()["result"].clone()
}

/// Sweeps until no order is queued.
async fn purged(house: &House) -> Value {
    for _ in 0..20 {
        house.wait_until_nothing_is_taken().await;
        let result = run(house, "purge-sweep").await;
        if result["open"] == 0 {
            house.wait_until_nothing_is_taken().await;
            return result;
        }
    }
    panic!("orders to erase are still queued: {:#?}", house.items_of("Erasure").await);
}

/// The same without the schedules, which fire at their own time.
async fn purged_by_hand(house: &House) {
    for _ in 0..20 {
        house.wait_until_nothing_is_taken().await;
        if purge(house).await["open"] == 0 {
            house.wait_until_nothing_is_taken().await;
            return;
        }
    }
    panic!("orders to erase are still queued: {:#?}", house.items_of("Erasure").await);
}

async fn without_schedules(house: &House) {
    for schedule in ["purge-monthly", "purge-sweep", "kpi-monthly", "kpi-sweep"] {
        house.without_schedule(schedule).await;
    }
}

fn operator(house: &House) -> ops::Ops {
    ops::Ops::of(&house.system.environment, house.system.clock.business())
}

async fn enters(house: &House, company: &Company, number: &str, name: &str, leaves: Option<&str>) {
    let entry = ops::roster::Entry {
        number: domain::employee::parse_number(number, None).unwrap(),
        name: domain::employee::parse_name(name).unwrap(),
        leaves: leaves.map(|date| date.parse().unwrap()),
    };
    operator(house).add_to_roster(company.id.parse().unwrap(), &entry).await.unwrap();
}

/// The member and the digest of the LINE user behind the only membership there is.
async fn ids(house: &House) -> [String; 2] {
    let users = house.items_of("LineUser").await;
    let user = users.iter().find(|user| user["member"].is_object()).expect("a member");
    [user["member"]["id"].as_str().unwrap().to_owned(), user["pk"].as_str().unwrap().trim_start_matches("LINE#").to_owned()]
}

/// Items of both tables, in full, that hold one of `needles`.
async fn holding(house: &House, needles: &[String]) -> Vec<Value> {
    let mut items = house.items().await;
    items.extend(house.get("local/table?table=keys").await["partitions"].as_array().unwrap().clone());
    items.retain(|item| needles.iter().any(|needle| item.to_string().contains(needle.as_str())));
    items
}

async fn is_member(house: &House) -> bool {
    house.items_of("LineUser").await.iter().any(|user| user["member"].is_object())
}

async fn mails_to(house: &House, to: &str) -> Vec<String> {
    let mails = house.mails().await;
    let is_to = |mail: &&Value| mail["to"].to_string().contains(to);
    let certificates = mails.iter().filter(is_to).filter(|mail| mail["subject"].as_str().unwrap().contains("個人情報削除完了"));
    certificates.map(|mail| mail["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_is_erased_on_the_first_at_three_and_it_is_certified_once() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, company.number_of(LEAVER)).await;
    person.says("腰が痛みます").await;
    person.sends_picture().await;
    house.wait_for_document("Stored").await;
    let ids = ids(&house).await;
    house.clock("2026-12-01T00:00:00+09:00").await;
    assert_says(&person.says("まだいますか").await, "ご利用期間は終了しています");
    house.clock("2026-12-01T02:59:59+09:00").await;
    assert!(is_member(&house).await && !house.objects().await.is_empty());
    house.clock("2026-12-01T03:00:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
    assert!(house.objects().await.is_empty());
    assert_eq!(house.data_keys().await, 0);
    assert!(!house.items_of("RosterRow").await.iter().any(|row| row["employments"].to_string().contains(LEAVER)));
    let (menu, linked) = person.menu().await;
    assert!(menu.contains("unregistered") && !linked, "{menu}");

    let mut full = mails_to(&house, "operator@").await;
    // Somebody of the other company left as well.
    full.retain(|mail| mail.contains("株式会社さくら製作所"));
    assert_eq!(full.len(), 1);
    for part in [
        "退職された方（名簿の在籍）：1",
        "うちサービスに登録していた方：1",
        "健康相談のメッセージ：2",
        "残っていた件数：0",
        "2026年12月2日",
    ] {
        assert!(full[0].contains(part), "{part}: {}", full[0]);
    }
    let told = mails_to(&house, "tamura@").await;
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("1名") && told[0].contains("2026年12月1日"), "{}", told[0]);
    for part in ["相談", "メッセージ", "登録", "退会", "小川"] {
        assert!(!told[0].contains(part), "{part}: {}", told[0]);
    }

    house.calls().await;
    let again = run(&house, "purge-monthly").await;
    assert_eq!(again, json!({ "erased": 0, "leavers": 0, "open": 0, "incomplete": false, "noop": true }));
    assert_eq!((mails_to(&house, "operator@").await.len(), mails_to(&house, "tamura@").await.len()), (2, 1));
    let calls = house.calls().await;
    let writes = ["TransactWriteItems", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"];
    assert!(writes.iter().all(|write| calls["dynamodb"][write].is_null()), "{calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_service_is_erased_by_the_next_sweep_and_the_company_is_not_told() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("眠れません").await;
    let ids = ids(&house).await;
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.wait_until_nothing_is_taken().await;
    house.clock("2026-11-24T10:10:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
    assert_eq!(house.data_keys().await, 0);
    house.wait_for_mails(1).await;
    assert_eq!((mails_to(&house, "operator@").await.len(), mails_to(&house, "tamura@").await.len()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_membership_survives_the_purge_of_the_former_one() {
    for same_company in [true, false] {
        let house = House::open().await;
        let person = house.member(0).await;
        person.says("眠れません").await;
        let [former, _] = ids(&house).await;
        person.says("退会").await;
        person.touches("leave-yes").await;
        house.wait_until_nothing_is_taken().await;
        house.advance("PT5M").await;
        let company = if same_company { house.sakura().await } else { house.hikari().await };
        person.registers(&company, company.employee(0).0).await;
        person.says("また眠れません").await;
        house.wait_until_nothing_is_taken().await;
        house.clock("2026-11-24T10:20:00+09:00").await;
        purged(&house).await;
        assert_eq!(holding(&house, &[former]).await, Vec::<Value>::new(), "{same_company}");
        assert_eq!(house.items_of("Message").await.len(), 1, "{same_company}");
        assert_says(&person.says("聞こえますか").await, "追加のメッセージ");
        assert!(person.menu().await.1, "{same_company}");
        assert_eq!((house.data_keys().await, house.items_of("Claim").await.len()), (1, 1), "{same_company}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registering_elsewhere_in_the_same_moment_leaves_the_new_membership_alone() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("眠れません").await;
    let [former, _] = ids(&house).await;
    let hikari = house.hikari().await;
    person.registers(&hikari, hikari.employee(0).0).await;
    person.says("よろしくお願いします").await;
    purged(&house).await;
    assert_eq!(holding(&house, &[former]).await, Vec::<Value>::new());
    assert_says(&person.says("聞こえますか").await, "追加のメッセージ");
    assert!(person.menu().await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_of_180_days_ends_the_membership_and_one_of_179_does_not() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.act(json!({ "type": "unfollow" })).await.ok();
    house.clock("2027-05-22T10:00:00+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    person.act(json!({ "type": "follow", "follow": { "isUnblocked": true } })).await.ok();
    house.clock("2027-06-01T10:00:00+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await, "who unblocked on day 179 stays");
    let ids = ids(&house).await;
    person.act(json!({ "type": "unfollow" })).await.ok();
    house.clock("2027-11-28T09:59:59+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    let seen = person.messages().await.len();
    house.clock("2027-11-28T10:00:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
    assert_eq!(person.messages().await.len(), seen, "who blocks is told nothing");
}

fn told_of_the_end(texts: &[String]) -> usize {
    texts.iter().filter(|text| text.contains("名簿で確認できないままになっています")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_no_roster_has_for_90_days_ends_the_membership_with_a_word_a_week_before() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, "777001").await;
    let ids = ids(&house).await;
    // Registered on 24 November, 10:00: due on 22 February.
    house.clock("2027-02-15T09:59:59+09:00").await;
    purged(&house).await;
    assert_eq!(told_of_the_end(&person.texts().await), 0);
    for day in ["15T10:00:00", "15T10:10:00", "16T10:00:00", "19T12:00:00", "22T09:59:59"] {
        house.clock(&format!("2027-02-{day}+09:00")).await;
        purged(&house).await;
        assert_eq!(told_of_the_end(&person.texts().await), 1, "{day}");
    }
    assert!(is_member(&house).await);
    house.clock("2027-02-22T10:00:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_onto_the_roster_meanwhile_stays() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, "777001").await;
    house.clock("2027-02-15T10:00:00+09:00").await;
    purged(&house).await;
    house.enter(&company, "777001", "青山 葉子").await;
    house.clock("2027-02-22T10:00:00+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    assert!(house.items_of("LineUser").await[0]["member"]["employment"].is_string(), "the member is bound to the employment");
    house.clock("2027-06-22T10:00:00+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reported_late_is_erased_a_day_after_the_report() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.member(0).await;
    person.says("眠れません").await;
    let ids = ids(&house).await;
    let (number, name) = company.employee(0);
    enters(&house, &company, number, name, Some("2026-10-31")).await;
    assert_says(&person.says("聞こえますか").await, "ご利用期間は終了しています");
    house.clock("2026-11-25T09:59:59+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    house.clock("2026-11-25T10:00:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_long_past_erases_nobody_before_an_operator_confirms_it() {
    let house = House::open().await;
    let company = house.sakura().await;
    house.member(0).await;
    let ids = ids(&house).await;
    let (number, name) = company.employee(0);
    enters(&house, &company, number, name, Some("2025-11-30")).await;
    house.clock("2027-01-10T10:00:00+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    let ops = operator(&house);
    let waiting = ops.unconfirmed_leaves().await.unwrap();
    // One more of each company of the demo left long ago.
    assert!(waiting.len() == 3 && waiting.iter().any(|(_, row)| row.number.expose() == number));
    let number = domain::employee::parse_number(number, None).unwrap();
    ops.confirm_leave(company.id.parse().unwrap(), &number).await.unwrap();
    assert_eq!(ops.unconfirmed_leaves().await.unwrap().len(), 2);
    assert!(ops.confirm_leave(company.id.parse().unwrap(), &number).await.is_err());
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contract_s_end_takes_the_tenant_along_and_leaves_the_certificate() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.member(0).await;
    person.says("眠れません").await;
    let [member, user] = ids(&house).await;
    let ops = operator(&house);
    ops.end_tenant(&company.id, "2027-01".parse().unwrap(), false).await.unwrap();
    house.clock("2027-02-01T02:59:59+09:00").await;
    purged(&house).await;
    assert!(is_member(&house).await);
    house.clock("2027-02-01T03:00:00+09:00").await;
    purged(&house).await;
    assert_eq!(holding(&house, &[member, user]).await, Vec::<Value>::new());
    let left: Vec<Value> = holding(&house, std::slice::from_ref(&company.id)).await;
    let stays = ["PurgeRun", "Marker", "Figures", "ShownFigures", "KpiReport"];
    assert!(left.iter().all(|item| stays.contains(&item["kind"].as_str().unwrap())), "{left:#?}");
    assert!(holding(&house, std::slice::from_ref(&company.code)).await.is_empty());
    let runs = ops.purges().await.unwrap();
    let last = runs.iter().find(|run| run.tenant.to_string() == company.id).unwrap();
    assert_eq!(last.tally.members.values().sum::<u64>(), 1);
    assert!(last.tally.deleted["RosterRow"] >= 10 && last.tally.deleted["Contact"] == 1, "{last:?}");
    assert_eq!(ops.tenants().await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_a_week_before_the_end_goes_to_who_has_an_open_consultation_once_and_by_day() {
    let house = House::open_at("2026-11-20T10:00:00+09:00").await;
    let company = house.sakura().await;
    let number = company.number_of(LEAVER);
    let asks = house.person().await;
    asks.registers(&company, number).await;
    asks.says("眠れません").await;
    let silent = house.person().await;
    silent.registers(&company, number).await;
    let told = |texts: Vec<String>| texts.iter().filter(|text| text.contains("ご利用は 12月1日(火) 0:00 に終了")).count();
    for (time, count) in
        [("23T17:29:00", 0), ("24T08:59:00", 0), ("24T09:00:00", 1), ("24T09:10:00", 1), ("26T10:00:00", 1), ("30T17:00:00", 1)]
    {
        house.clock(&format!("2026-11-{time}+09:00")).await;
        purged(&house).await;
        assert_eq!(told(asks.texts().await), count, "{time}");
    }
    assert_eq!(told(silent.texts().await), 0);
}

/// Somebody of whom there is an item of every kind, in the middle of everything.
async fn everything<'a>(house: &'a House, company: &Company, number: &str) -> Person<'a> {
    let person = house.person().await;
    person.registers(company, number).await;
    person.says("最初の相談、蕁麻疹です").await;
    person.says("退会").await;
    person.touches("leave-yes").await;
    // Back before the purge came.
    house.advance("PT1M").await;
    person.registers(company, number).await;
    person.says("二度目の相談、蕁麻疹です").await;
    person.says("死にたい気持ちがあります").await;
    house.wait_until_nothing_is_taken().await;
    person.sends_picture().await;
    person.sends_content(json!({ "type": "file", "fileName": "蕁麻疹の記録.pdf" }), b"%PDF-1.7 urticaria").await.ok();
    person.act(json!({ "type": "message", "message": { "type": "sticker" } })).await.ok();
    person.act(json!({ "type": "message", "message": { "type": "location" } })).await.ok();
    let withdrawn = person.sends("取り消す蕁麻疹").await.json();
    person.act(json!({ "type": "unsend", "unsend": { "messageId": withdrawn["messageId"] } })).await.ok();
    house.wait_until_nothing_is_taken().await;
    // A nurse answered, left a note, asked for documents, and had to tell the contact.
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    sato.acts(&thread, "note", &[("text", "蕁麻疹の既往あり。要観察")]).await;
    let form = sato.opens(&format!("{thread}/disclose")).await.text();
    let contact = choice(&form, "田村 直樹").to_owned();
    let fields = [("contact", contact.as_str()), ("reason", "life"), ("consent", "no-time"), ("confirmed", "1")];
    let fields: Vec<_> = fields.into_iter().chain([("text", "蕁麻疹の件で連絡が取れません。")]).collect();
    assert_eq!(sato.acts_on(&form, &thread, "disclose", &fields).await.status, 303);
    assert_eq!(sato.acts(&thread, "reply", &[("text", "蕁麻疹はいつからですか")]).await.status, 303);
    house.wait_until_nothing_is_taken().await;
    sato.acts(&thread, "ask-documents", &[]).await;
    house.wait_until_nothing_is_taken().await;
    uploads(house, &person, "蕁麻疹の検査.pdf", b"%PDF-1.7 urticaria, uploaded").await;
    house.wait_until_nothing_is_taken().await;
    // One answer fails for good.
    house.post("local/faults", json!({ "target": "line", "mode": "400" })).await.ok();
    person.says("社員番号変更").await;
    for _ in 0..3 {
        house.wait_until_nothing_is_taken().await;
        house.advance("PT1M").await;
    }
    house.fault("line", "none", 0).await;
    person.touches("cancel").await;
    // A registration elsewhere that is never finished.
    person.says(&format!("登録コード {}", house.hikari().await.code)).await;
    house.wait_until_nothing_is_taken().await;
    person
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_somebody_with_everything_is_found_after_the_purge() {
    let logged = Logged::start();
    let house = House::open_at("2026-11-20T10:00:00+09:00").await;
    let company = house.sakura().await;
    let (number, name) = ("QW-777124", "柊原 蕗子");
    enters(&house, &company, number, name, Some("2026-11-30")).await;
    let person = everything(&house, &company, number).await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = free(&tamura, "2026-11-27").await.pop().unwrap();
    let form = holds(&tamura, &slot).await.unwrap();
    let booked = confirms(&tamura, &form, &[("number", number), ("name", name), ("wishes", "蕁麻疹の既往について")]).await;
    let interview = booked.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned();
    assert_eq!(saves(&tamura, &interview, &[], Some(("蕁麻疹の紹介状.pdf", b"%PDF-1.7 urticaria, referred"))).await.status, 303);
    let interview = [interview.rsplit('/').next().unwrap().to_owned()];
    house.wait_until_nothing_is_taken().await;
    let [member, user] = ids(&house).await;
    let order = house.items_of("Erasure").await[0].clone();
    let former = order["member"].as_str().unwrap().to_owned();
    let digest = order["number"].as_str().unwrap().to_owned();

    let needles = [member.clone(), former.clone(), user.clone(), digest.clone(), number.to_owned()];
    let before = [holding(&house, &needles).await, holding(&house, &interview).await].concat();
    let covered: BTreeSet<&str> = before.iter().filter_map(|item| item["kind"].as_str()).chain(["DataKey"]).collect();
    assert_eq!(house.data_keys().await, 3, "the member's, the former one's, and that of the unfinished registration");
    let personal = ENTITIES.iter().filter(|entity| matches!(entity.erasure, Erasure::Member | Erasure::Employment));
    let missing: Vec<&str> = personal.map(|entity| entity.name).filter(|name| !covered.contains(name)).collect();
    assert!(missing.is_empty(), "this person has no {missing:?}: make one above, so that its erasure is tested");
    assert!(house.items_of("Outbox").await.iter().any(|item| item["state"] == "Failed"));
    assert_eq!(house.objects().await.len(), 4);
    let written_down = audit(&house).await;

    house.clock("2026-12-01T03:00:00+09:00").await;
    purged(&house).await;
    // The log of what the staff did keeps the member's id, which leads nowhere any more.
    let left: Vec<Value> = holding(&house, &needles).await.into_iter().filter(|item| item["kind"] != "Audit").collect();
    assert_eq!(left, Vec::<Value>::new());
    assert_eq!(holding(&house, &[user.clone(), digest.clone(), number.to_owned()]).await, Vec::<Value>::new());
    let left = holding(&house, &interview).await;
    assert!(left.iter().all(|item| item["kind"] == "Audit" || item["kind"] == "InterviewEvent"), "{left:#?}");
    assert_eq!(store(&house).audit_of("2026-11-20".parse().unwrap()).await.unwrap().len(), written_down.len(), "it is never changed");
    let secrets = [person.id.as_str(), name, "柊原", "蕁麻疹", "既往", "死にたい気持ち", "urticaria"];
    let secrets: Vec<String> = secrets.iter().map(|secret| (*secret).to_owned()).collect();
    assert_eq!(holding(&house, &secrets).await, Vec::<Value>::new());
    assert!(house.objects().await.is_empty(), "{:?}", house.objects().await);
    assert_eq!(house.data_keys().await, 0);
    let schedules = house.get("local/schedules").await.to_string();
    for needle in needles.iter().chain(&secrets) {
        assert!(!schedules.contains(needle.as_str()), "{needle} stands in a schedule");
    }
    assert!(logged.has("people were erased"), "nothing was logged");
    for secret in secrets.iter().chain([&number.to_owned(), &digest, &user]) {
        assert!(!logged.has(secret), "{secret} stands in the log");
    }
    let counted = mails_to(&house, "operator@").await.concat();
    assert!(counted.contains("担当者への開示の文面：1"), "{counted}");
    for mail in house.mails().await.iter().filter(|mail| mail["subject"].as_str().unwrap().contains("個人情報削除完了")) {
        for needle in needles.iter().chain(&secrets) {
            assert!(!mail["text"].as_str().unwrap().contains(needle.as_str()), "{needle} stands in a certificate");
        }
    }
}

/// Polls `work` so often and then drops it, as a function is killed. Whether it ended before.
pub async fn killed_after(polls: usize, work: impl Future) -> bool {
    let mut work = pin!(work);
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

fn purge(house: &House) -> impl Future<Output = Value> + use<> {
    purge_as(house, json!({ "sweep": true }))
}

fn purge_as(house: &House, trigger: Value) -> impl Future<Output = Value> + use<> {
    let app = retiree_purge::App::new(&house.system.environment, house.system.clock.business());
    let mut context = Context::default();
    context.deadline = u64::MAX / 2;
    async move { retiree_purge::handle(&app, LambdaEvent::new(trigger, context)).await.unwrap() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_that_is_killed_anywhere_ends_the_same_when_it_runs_again() {
    let house = House::open().await;
    let company = house.sakura().await;
    without_schedules(&house).await;
    let mut leavers = 0;
    for polls in (1..).step_by(4) {
        let number = format!("88{polls:04}");
        enters(&house, &company, &number, "柏木 透", None).await;
        let person = house.person().await;
        person.registers(&company, &number).await;
        person.says("眠れません").await;
        person.sends_picture().await;
        house.wait_until_nothing_is_taken().await;
        let ids = ids(&house).await;
        let today = domain::time::jst_date(house.system.clock.now());
        let last_month = today.with_day(1).unwrap().pred_opt().unwrap().to_string();
        enters(&house, &company, &number, "柏木 透", Some(&last_month)).await;
        house.advance("PT24H").await;
        leavers += 1;
        let ended = killed_after(polls, Box::pin(purge(&house))).await;
        purged_by_hand(&house).await;
        assert_eq!(holding(&house, &ids).await, Vec::<Value>::new(), "killed after {polls} polls");
        assert!(house.objects().await.is_empty(), "killed after {polls} polls");
        if ended {
            break;
        }
    }
    assert!(leavers > 10, "{leavers} moments to be killed in");
    let runs = operator(&house).purges().await.unwrap();
    let of_sakura = || runs.iter().filter(|run| run.tenant.to_string() == company.id);
    assert_eq!(of_sakura().map(|run| run.tally.members.values().sum::<u64>()).sum::<u64>(), leavers);
    let deleted = |kind: &str| of_sakura().map(|run| run.tally.deleted.get(kind).copied().unwrap_or_default()).sum::<u64>();
    assert_eq!((deleted("Message"), deleted("ObjectVersion"), deleted("LineUser")), (2 * leavers, leavers, leavers));
    assert!(house.items_of("PurgeOpen").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_purges_at_the_same_time_count_everybody_once() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.sakura().await;
    for index in 0..8 {
        let person = house.person().await;
        person.registers(&company, company.employee(index).0).await;
        person.says("眠れません").await;
        person.says("退会").await;
        person.touches("leave-yes").await;
    }
    house.wait_until_nothing_is_taken().await;
    let both = futures::join!(purge(&house), purge(&house));
    purged_by_hand(&house).await;
    for kind in ["Erasure", "LineUser", "Message", "Consultation", "Claim", "PurgeOpen"] {
        assert!(house.items_of(kind).await.is_empty(), "{kind}: {both:?}");
    }
    let runs = operator(&house).purges().await.unwrap();
    assert_eq!(runs.iter().map(|run| run.tally.members.values().sum::<u64>()).sum::<u64>(), 8);
    assert_eq!(runs.iter().map(|run| run.tally.deleted.get("Message").copied().unwrap_or_default()).sum::<u64>(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_while_the_purge_runs_leaves_nothing_behind() {
    for _ in 0..3 {
        let house = House::open().await;
        without_schedules(&house).await;
        let company = house.sakura().await;
        let person = house.person().await;
        person.registers(&company, "777001").await;
        person.says("眠れません").await;
        let ids = ids(&house).await;
        house.system.clock.hold("2027-02-22T09:59:59+09:00".parse().unwrap());
        let writing = async {
            for _ in 0..8 {
                person.sends("聞こえますか").await;
                person.sends_content(json!({ "type": "image" }), JPEG).await;
            }
        };
        let purging = async {
            house.system.clock.hold("2027-02-22T10:00:00+09:00".parse().unwrap());
            purge(&house).await
        };
        futures::join!(writing, purging);
        purged_by_hand(&house).await;
        assert_eq!(holding(&house, &ids[..1]).await, Vec::<Value>::new());
        assert!(house.objects().await.is_empty());
        assert!(!is_member(&house).await);
        assert!(house.items_of("Message").await.is_empty() && house.data_keys().await == 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rich_menu_that_line_does_not_take_keeps_the_order_open_and_the_next_sweeps_go_on() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("眠れません").await;
    let ids = ids(&house).await;
    house.post("local/faults", json!({ "target": "line", "mode": "500", "operation": "unlink-menu" })).await.ok();
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.wait_until_nothing_is_taken().await;
    let result = run(&house, "purge-sweep").await;
    assert_eq!((&result["open"], &result["incomplete"]), (&json!(1), &json!(false)));
    assert!(house.items_of("Message").await.is_empty() && house.data_keys().await == 0, "everything else is gone at once");
    assert!(mails_to(&house, "operator@").await.is_empty(), "nothing is certified yet");
    house.fault("line", "none", 0).await;
    house.advance("PT10M").await;
    house.wait_until_nothing_is_taken().await;
    house.advance("PT10M").await;
    purged(&house).await;
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
    assert!(!person.menu().await.1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_person_who_cannot_be_erased_does_not_hold_up_the_others() {
    let house = House::open().await;
    let company = house.sakura().await;
    let (one, other) = (house.person().await, house.person().await);
    for (person, index) in [(&one, 0), (&other, 1)] {
        person.registers(&company, company.employee(index).0).await;
        person.says("眠れません").await;
        person.says("退会").await;
        person.touches("leave-yes").await;
    }
    house.wait_until_nothing_is_taken().await;
    // The SDK tries three times: of two who meet five failures one gives up.
    house.post("local/faults", json!({ "target": "dynamodb", "mode": "500", "operation": "BatchWriteItem", "count": 5 })).await.ok();
    let result = run(&house, "purge-monthly").await;
    assert_eq!(result["incomplete"], true, "{result}");
    assert_eq!(result["erased"].as_u64().unwrap() + result["open"].as_u64().unwrap(), 2, "{result}");
    purged(&house).await;
    assert!(house.items_of("Message").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_scheduler_is_understood_and_nothing_else_is() {
    let house = House::open().await;
    let app = retiree_purge::App::new(&house.system.environment, house.system.clock.business());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/retiree-purge");
    let mut count = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let event: Value = serde_json::from_slice(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        let mut context = Context::default();
        context.deadline = u64::MAX / 2;
        assert_eq!(retiree_purge::handle(&app, LambdaEvent::new(event, context)).await.unwrap()["noop"], true);
        count += 1;
    }
    assert_eq!(count, 3);
    for event in [json!({}), json!({ "monthly": true, "sweep": true }), json!([])] {
        assert!(retiree_purge::handle(&app, LambdaEvent::new(event, Context::default())).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_back_in_a_restored_table_without_a_key_is_erased_again_and_nobody_else() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.registers(&company, company.employee(0).0).await;
    person.says("眠れません").await;
    house.wait_until_nothing_is_taken().await;
    let ids = ids(&house).await;
    let other = house.person().await;
    other.registers(&company, company.employee(1).0).await;
    other.says("肩がこります").await;
    house.wait_until_nothing_is_taken().await;
    // As after a restore: the table knows the member, whose key an erasure destroyed since.
    let store = store(&house);
    let mut transaction = store.transaction();
    store::data_key::destroy(&mut transaction, ids[0].parse().unwrap()).unwrap();
    transaction.commit().await.unwrap().unwrap();
    assert_eq!(purge(&house).await["noop"], true, "nothing else finds them");

    for noop in [false, true] {
        assert_eq!(purge_as(&house, json!({ "restored": true })).await["noop"], noop);
        purged_by_hand(&house).await;
    }
    assert_eq!(holding(&house, &ids).await, Vec::<Value>::new());
    assert_eq!(house.items_of("Message").await.len(), 1, "the other's stays");
    assert_says(&other.says("続きです").await, "追加のメッセージ");
    assert_eq!(house.items_of("Message").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leaver_costs_few_calls() {
    let house = House::open().await;
    without_schedules(&house).await;
    let company = house.sakura().await;
    for number in 0..80 {
        enters(&house, &company, &format!("99{number:04}"), "榎本 遼", Some("2026-11-20")).await;
    }
    let person = house.person().await;
    person.registers(&company, "990000").await;
    person.says("眠れません").await;
    house.wait_until_nothing_is_taken().await;
    house.system.clock.hold("2026-12-01T03:00:00+09:00".parse().unwrap());
    house.wait_until_nothing_is_taken().await;
    house.calls().await;
    let result = purge(&house).await;
    let calls = house.calls().await;
    assert_eq!(result["leavers"].as_u64().unwrap(), 80 + 2, "{result}");
    let total: u64 = calls["dynamodb"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
    assert!(total < 80, "{total} table calls for 82 leavers, one of them a member: {calls}");
    assert!(calls["dynamodb"]["Scan"].is_null());
}
