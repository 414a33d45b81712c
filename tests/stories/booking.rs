//! Rows C1 to C6: a contact books interviews on the site, and nobody else gets the same time or the same unit.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures::{StreamExt, future::join_all, stream};
use slot_booking::route::{ROUTES, Way};
use store::entity::hours::NurseHours;
use stories::{House, Staff};

use crate::desk::{audit, store};

/// The codes of the free slots of the week of `day`.
pub async fn free(contact: &Staff<'_>, day: &str) -> Vec<String> {
    let page = contact.opens(&format!("booking?week={day}")).await;
    page.ok();
    let text = page.text();
    text.split("name=\"slot\" value=\"").skip(1).map(|after| after.split('"').next().unwrap().to_owned()).collect()
}

/// So many of the two hundred are under way at once: more would only wait for the two cores.
pub const AT_ONCE: usize = 32;

/// Holds a slot; gives the path of its form, where nobody was faster.
pub async fn holds(contact: &Staff<'_>, slot: &str) -> Option<String> {
    let held = contact.sends("booking/holds", &[("slot", slot)]).await;
    match held.status.as_u16() {
        303 => Some(held.header("location").trim_start_matches('/').to_owned()),
        409 => None,
        other => panic!("{other}: {}", held.text()),
    }
}

const WEB: [(&str, &str); 5] =
    [("number", "101"), ("name", "髙橋 一郎"), ("method", "web"), ("purpose", "checkup"), ("mail", "tamura@sakura.example.jp")];

/// Books the slot whose form is at `form`; gives the answer.
pub async fn confirms(contact: &Staff<'_>, form: &str, changed: &[(&str, &str)]) -> stories::Answer {
    let (path, slot) = form.split_once("?slot=").unwrap();
    let mut fields = vec![("slot", slot)];
    fields.extend(WEB);
    fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
    fields.extend(changed);
    contact.sends(path, &fields).await
}

/// Books the slot; gives the path of the interview.
async fn books(contact: &Staff<'_>, slot: &str) -> String {
    let form = holds(contact, slot).await.expect("nobody was faster");
    let booked = confirms(contact, &form, &[]).await;
    assert_eq!(booked.status, 303, "{}", booked.text());
    booked.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_books_moves_and_cancels_and_the_ledger_says_why_each_unit_was_used() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    assert_eq!(slots.len(), 9 + 16 + 9 + (9 + 12) + 12, "Monday to Friday");
    let first = books(&tamura, &slots[0]).await;
    assert!(!free(&tamura, "2026-12-08").await.contains(&slots[0]));
    let shown = tamura.opens(&format!("{first}?sent=booked")).await.text();
    for part in
        ["予約を承りました", "面談の予約：確定", "000101 髙橋 一郎", "健康診断後のフォロー", "Web", "23:59まで", "期限内のキャンセルです"]
    {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    let second = books(&tamura, &slots[1]).await;
    let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
    assert!(ledger.contains("2026年12月の基本利用分（1件目）：実施予定") && ledger.contains("（2件目）：実施予定"), "{ledger}");
    let third = books(&tamura, &slots[2]).await;
    assert!(tamura.opens(&third).await.text().contains("面談の予約：承認待ち"));
    assert!(tamura.opens("booking/ledger?month=2026-12").await.text().contains("担当看護職の承認待ち"));

    // Moved by ten minutes less than its length: its own time does not stand in its way.
    let moved = tamura.sends(&format!("{second}/move"), &[("slot", &slots[5])]).await;
    assert_eq!(moved.header("location"), format!("/{second}?sent=moved"), "{}", moved.text());
    let now_free = free(&tamura, "2026-12-08").await;
    assert!(now_free.contains(&slots[1]) && !now_free.contains(&slots[5]));

    let cancelled = tamura.sends(&format!("{first}/cancel"), &[("in-time", "1")]).await;
    assert_eq!(cancelled.header("location"), format!("/{first}?sent=cancelled"), "{}", cancelled.text());
    assert!(free(&tamura, "2026-12-08").await.contains(&slots[0]));
    let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
    assert!(ledger.contains("期日内のキャンセル（料金なし）") && ledger.contains("期日内キャンセル等により未使用"), "{ledger}");

    // The business day before is over: the same form that said otherwise does nothing.
    house.clock("2026-12-05T09:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let stale = tamura.sends(&format!("{second}/cancel"), &[("in-time", "1")]).await;
    assert!(stale.status == 409 && stale.text().contains("ご覧になっている間に期限が過ぎました"));
    assert!(tamura.opens(&second).await.text().contains("実施したものとして扱います"));
    assert_eq!(tamura.sends(&format!("{second}/move"), &[("slot", &slots[12])]).await.status, 409);
    tamura.sends(&format!("{second}/cancel"), &[("in-time", "0")]).await;
    let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
    assert!(ledger.contains("期日後のキャンセル（実施扱い）"), "{ledger}");
    assert!(tamura.opens(&third).await.text().contains("失効"), "nobody approved it");
    let january = tamura.opens("booking/ledger?month=2027-01").await.text();
    assert!(january.contains("前月からの繰越分"), "{january}");
    let lines = audit(&house).await;
    assert!(lines.iter().any(|line| line.ends_with("CancelInterview Done")), "{lines:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_booked_is_refused_with_the_reason_and_nothing_that_was_typed_is_lost() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let form = holds(&tamura, &slots[0]).await.unwrap();
    for (changed, why) in [
        (vec![("purpose", "high-stress")], "貴社の産業医にご相談ください"),
        (vec![("purpose", "long-hours")], "貴社の産業医にご相談ください"),
        (vec![("number", "999")], "名簿に見当たりません"),
        (vec![("name", "別人 太郎")], "社員番号と氏名が名簿と一致しません"),
        (vec![("number", "112"), ("name", "石田 健")], "名簿に見当たりません"),
        (vec![("method", "phone")], "国内の電話番号"),
        (vec![("mail", "tamura@")], "メールアドレスを正しく"),
        (vec![("number", ""), ("name", "")], "従業員の氏名を入力してください"),
    ] {
        let refused = confirms(&tamura, &form, &changed).await;
        let text = refused.text();
        assert!(refused.status == 400 && text.contains(why), "{changed:?}: {text}");
        assert!(text.contains(&format!("/{}", form.split('?').next().unwrap())), "the form is there again");
    }
    let phone =
        confirms(&tamura, &form, &[("method", "phone"), ("phone", "０９０−１２３４−５６７８"), ("wishes", "復職後の面談\r\n<b>希望</b>")])
            .await;
    assert_eq!(phone.status, 303, "{}", phone.text());
    let shown = tamura.opens(phone.header("location").trim_start_matches('/').split('?').next().unwrap()).await.text();
    assert!(shown.contains("復職後の面談\n&lt;b&gt;希望&lt;/b&gt;"), "{shown}");
    assert!(tamura.opens("booking/interviews").await.text().contains("髙橋 一郎"));
    // What nobody offers is held for nothing.
    let odd = format!("2026-12-05T01:00:00.000Z~{}", slots[0].split_once('~').unwrap().1);
    let form = holds(&tamura, &odd).await.unwrap();
    assert_eq!(confirms(&tamura, &form, &[]).await.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_sees_nothing_of_another_company_and_nobody_else_sees_anything() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let interview = books(&tamura, &slots[0]).await;
    let id = interview.rsplit('/').next().unwrap();
    let mori = house.signs_in("contact-mori").await;
    let told = mori.opens("booking").await;
    assert!(told.status == 403 && told.text().contains("面談サポートのご契約がありません"));
    for (who, may) in
        [("contact-mori", false), ("nurse-sato", false), ("psychologist-ito", false), ("operator-demo", false), ("contact-tamura", true)]
    {
        let staff = house.signs_in(who).await;
        for route in ROUTES {
            let path = format!("booking/{}", route.pattern.replace("{interview}", id));
            let path = path.trim_end_matches('/');
            let answer = if *route.method == "GET" { staff.opens(path).await } else { staff.sends(path, &[("slot", &slots[3])]).await };
            let text = answer.text();
            // A contact of another company can hold a slot, as one of this company could; no more.
            let holds = who == "contact-mori" && route.pattern.starts_with("holds");
            assert!(may || holds || [403, 404].contains(&answer.status.as_u16()), "{who} {:?}: {}", route.name, answer.status);
            assert!(may || !text.contains("髙橋"), "{who} {:?}", route.name);
            let stranger = house.open_page(path).await;
            let told = if route.way == Way::Api { 401 } else { 303 };
            assert!(*route.method != "GET" || stranger.status == told, "{path}: {}", stranger.status);
        }
    }
    assert!(tamura.opens(&interview).await.text().contains("面談の予約：確定"));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_who_want_one_slot_one_gets_it_and_of_its_two_hundred_confirmations_one_counts() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = free(&tamura, "2026-12-08").await.remove(0);
    let all = stream::iter(0..200).map(|_| holds(&tamura, &slot)).buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    let held: Vec<String> = all.into_iter().flatten().collect();
    assert_eq!(held.len(), 1);
    let confirming = stream::iter(0..200).map(|_| confirms(&tamura, &held[0], &[]));
    let answers = confirming.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    assert!(answers.iter().all(|answer| answer.status == 303), "the same form did the same");
    let tenant = house.sakura().await.id.parse().unwrap();
    let store = store(&house);
    assert_eq!(store.interviews(tenant).await.unwrap().len(), 1);
    assert_eq!(house.items_of("InterviewEvent").await.len(), 1);
    assert_eq!(house.items_of("Cell").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_hundred_who_want_ten_slots_that_overlap_no_two_get_time_in_common() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = free(&tamura, "2026-12-08").await.remove(0);
    let (start, nurse) = slot.split_once('~').unwrap();
    let start: DateTime<Utc> = start.parse().unwrap();
    let overlapping: Vec<String> =
        (0..10).map(|place| format!("{}~{nurse}", domain::time::stamp(start + chrono::TimeDelta::minutes(place * 5)))).collect();
    let holding = stream::iter(0..200).map(|number| holds(&tamura, &overlapping[number % 10]));
    let held = holding.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    let starts: BTreeSet<DateTime<Utc>> =
        held.iter().flatten().map(|form| form.split("?slot=").nth(1).unwrap().split('~').next().unwrap().parse().unwrap()).collect();
    assert_eq!(starts.len(), held.iter().flatten().count());
    assert!((1..=3).contains(&starts.len()), "{starts:?}");
    assert!(starts.iter().zip(starts.iter().skip(1)).all(|(one, next)| *next - *one >= chrono::TimeDelta::minutes(20)), "{starts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_bookings_in_one_moment_two_use_the_units_of_the_month_and_the_others_await_approval() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let mut forms = Vec::new();
    for slot in &slots[..8] {
        forms.push(holds(&tamura, slot).await.unwrap());
    }
    let answers = join_all(forms.iter().map(|form| confirms(&tamura, form, &[]))).await;
    assert!(answers.iter().all(|answer| answer.status == 303), "{:?}", answers.iter().map(|a| a.status).collect::<Vec<_>>());
    let list = tamura.opens("booking/interviews").await.text();
    assert_eq!((list.matches(">確定<").count(), list.matches(">承認待ち<").count()), (2, 6), "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_ends_by_itself_and_a_booking_costs_four_table_calls() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = free(&tamura, "2026-12-08").await.remove(0);
    holds(&tamura, &slot).await.unwrap();
    assert_eq!(holds(&tamura, &slot).await, None);
    house.clock("2026-11-25T10:10:01+09:00").await;
    house.calls().await;
    let form = holds(&tamura, &slot).await.expect("ten minutes are over");
    assert_eq!(confirms(&tamura, &form, &[]).await.status, 303);
    let calls = house.calls().await;
    assert!(calls["dynamodb"]["Scan"].is_null());
    // Updates and puts are the outbox's, which takes and settles the mail meanwhile.
    let is_own = |name: &str| !["UpdateItem", "PutItem"].contains(&name);
    let own = calls["dynamodb"].as_object().unwrap().iter().filter(|(name, _)| is_own(name));
    let count: u64 = own.filter_map(|(_, count)| count.as_u64()).sum();
    assert_eq!(count, 4, "{calls}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_twenty_nurses_takes_two_queries_beside_who_asks() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let store = store(&house);
    let sato = store.hours().await.unwrap().remove(0);
    let mut transaction = store.transaction();
    for number in 0..20 {
        let nurse = domain::id::NurseId::new(ulid::Ulid(u128::from(number + 1_u64)));
        NurseHours { nurse, ..sato.clone() }.put(&mut transaction).unwrap();
    }
    transaction.commit().await.unwrap().unwrap();
    let before = free(&tamura, "2026-12-08").await.len();
    house.comes_to_rest().await;
    assert_eq!(free(&tamura, "2026-12-08").await.len(), before);
    let calls = house.calls().await["dynamodb"].clone();
    // The line of the audit log is the PutItem.
    assert_eq!(calls, serde_json::json!({ "BatchGetItem": 1, "Query": 2, "PutItem": 1 }));
    assert!(before > 20 * 10, "{before} slots");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_reported_to_have_left_loses_what_was_booked_ahead_and_the_contact_is_told() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    house.enter(&company, "000555", "柊原 蕗子").await;
    let slot = free(&tamura, "2026-12-08").await.remove(0);
    let form = holds(&tamura, &slot).await.unwrap();
    assert_eq!(confirms(&tamura, &form, &[("number", "555"), ("name", "柊原 蕗子")]).await.status, 303);
    let row = "区分,社員番号,氏名,異動日\n退職,000555,柊原 蕗子,2026-11-30\n";
    house.delivers(&company, "monthly", "11.csv", row).await;
    house.wait_for_queue().await;
    house.clock("2026-12-01T03:00:00+09:00").await;
    for _ in 0..60 {
        if house.items_of("Interview").await.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(house.items_of("Interview").await.is_empty());
    let tamura = house.signs_in("contact-tamura").await;
    assert!(free(&tamura, "2026-12-08").await.contains(&slot), "the time is free again");
    house.wait_until_nothing_is_taken().await;
    let mails = house.wait_for_mail_to("tamura@sakura.example.jp").await;
    let told = mails.iter().find(|mail| mail["subject"] == "面談のご予約の取り消しについて").expect("a mail");
    assert!(told["text"].as_str().unwrap().contains("12月7日(月) 9:00") && !told["text"].as_str().unwrap().contains("柊原"));
    let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
    assert!(ledger.contains("期日内のキャンセル") && !ledger.contains("柊原"), "{ledger}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_told_of_what_is_booked_moved_cancelled_and_reminded_of_nothing_else() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let (kept, moved, cancelled) = (&slots[0], &slots[1], &slots[2]);
    let mut interviews = Vec::new();
    for (slot, mail) in [(kept, "kept@sakura.example.jp"), (moved, "moved@sakura.example.jp")] {
        let form = holds(&tamura, slot).await.unwrap();
        let booked = confirms(&tamura, &form, &[("mail", mail)]).await;
        interviews.push(booked.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned());
    }
    let mail = house.wait_for_mail_to("kept@").await.remove(0);
    let (subject, text) = (mail["subject"].as_str().unwrap(), mail["text"].as_str().unwrap());
    for part in ["12月7日(月) 9:00", "https://meet.example.jp/hokenshitsu/", "12月4日(金) 23:59", "佐藤 恵"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert!(mail["html"].as_str().unwrap().contains("meet.example.jp"));
    assert!(!subject.contains("髙橋") && !text.contains("健康診断") && !subject.contains("健康"), "{subject}");
    let attached = mail["attachments"].to_string();
    assert!(attached.contains("calendar") || attached.contains(".ics"), "{attached}");

    // The third awaits; the nurse in charge is told, approves, and guidance goes out.
    let form = holds(&tamura, cancelled).await.unwrap();
    let third = confirms(&tamura, &form, &[("mail", "third@sakura.example.jp")]).await;
    let third = third.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned();
    house.wait_for_mail_to("sato@example.jp").await;
    let id = third.rsplit('/').next().unwrap();
    let company = house.sakura().await;
    let (sato, yamamoto) = (house.signs_in("nurse-sato").await, house.signs_in("nurse-yamamoto").await);
    let page = sato.opens("desk/interviews").await.text();
    assert!(page.contains("承認待ちの面談") && page.contains("承認する"), "{page}");
    let act = |act| [("tenant", company.id.as_str()), ("interview", id), ("act", act)];
    assert_eq!(yamamoto.sends("desk/interviews", &act("approve")).await.status, 409, "not in charge");
    assert_eq!(sato.sends("desk/interviews", &act("held")).await.status, 409, "not confirmed");
    assert_eq!(sato.sends("desk/interviews", &act("approve")).await.status, 303);
    house.wait_for_mail_to("third@").await;
    assert!(tamura.opens(&third).await.text().contains("面談の予約：確定"));
    assert!(tamura.opens("booking/ledger?month=2026-12").await.text().contains("追加分（別途料金）：実施予定（承認：佐藤 恵）"));

    tamura.sends(&format!("{}/move", interviews[1]), &[("slot", &slots[6])]).await;
    house.wait_for_mail_to("moved@").await;
    tamura.sends(&format!("{third}/cancel"), &[("in-time", "1")]).await;
    house.wait_until_nothing_is_taken().await;
    // On the business day before the one that was kept and the one that was moved are reminded of, the cancelled one is not.
    house.clock("2026-12-04T09:01:00+09:00").await;
    for _ in 0..60 {
        house.advance("PT1M").await;
        let (kept, moved) = (house.wait_for_mail_to("kept@").await.len(), house.wait_for_mail_to("moved@").await.len());
        if (kept, moved) == (2, 3) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!((house.wait_for_mail_to("kept@").await.len(), house.wait_for_mail_to("moved@").await.len()), (2, 3));
    let third_mails: Vec<String> =
        house.wait_for_mail_to("third@").await.iter().map(|mail| mail["subject"].as_str().unwrap().to_owned()).collect();
    assert_eq!(third_mails.len(), 2, "booked and cancelled: {third_mails:?}");

    house.clock("2026-12-07T09:30:00+09:00").await;
    let sato = house.signs_in("nurse-sato").await;
    let first = interviews[0].rsplit('/').next().unwrap();
    let act = [("tenant", company.id.as_str()), ("interview", first), ("act", "continue")];
    assert_eq!(sato.sends("desk/interviews", &act).await.status, 303);
    let tamura = house.signs_in("contact-tamura").await;
    assert!(tamura.opens(&interviews[0]).await.text().contains("面談の継続をお勧めしています"));
    assert!(tamura.opens("booking/ledger?month=2026-12").await.text().contains("基本利用分（1件目）：実施済み"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_publishes_hours_and_they_are_offered_at_once() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (ito, tamura) = (house.signs_in("psychologist-ito").await, house.signs_in("contact-tamura").await);
    let bad = ito.sends("desk/hours", &[("mon", "9時から"), ("dates", "")]).await;
    assert!(bad.status == 400 && bad.text().contains("5分単位で入力") && bad.text().contains("9時から"));
    let before = free(&tamura, "2026-12-08").await.len();
    let hours = [("mon", "10:05-11:00"), ("wed", "9:00〜9:40"), ("dates", "2026-12-09 休み")];
    assert_eq!(ito.sends("desk/hours", &hours).await.header("location"), "/desk/hours?sent=1");
    assert!(ito.opens("desk/hours").await.text().contains("10:05-11:00"));
    assert_eq!(free(&tamura, "2026-12-08").await.len(), before + 2, "two on Monday, none on the Wednesday off");
    let page = tamura.opens("booking?week=2026-12-08").await.text();
    assert!(page.contains("10:05〜10:25 伊藤 聡"), "{page}");
}
