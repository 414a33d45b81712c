//! Rows C1, C4 and C5: a nurse who cannot be there calls an interview off, and the company loses nothing by it.

use base64::{Engine, prelude::BASE64_STANDARD};
use stories::House;

use crate::{
    booking::free,
    lapsing::{books, id, subjects},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_interview_that_we_call_off_costs_nothing_and_everybody_is_told() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    let slots = free(&tamura, "2026-12-08").await;
    let tuesday = slots.iter().find(|slot| slot.starts_with("2026-12-08")).unwrap();
    let first = books(&tamura, &slots[0], "first@sakura.example.jp").await;
    let second = books(&tamura, &slots[1], "second@sakura.example.jp").await;
    let extra = books(&tamura, tuesday, "extra@sakura.example.jp").await;
    let (sato, ito) = (house.signs_in("nurse-sato").await, house.signs_in("psychologist-ito").await);
    let fields = |interview, act, more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("tenant", company.id.as_str()), ("interview", id(interview)), ("act", act)];
        fields.extend(more);
        fields
    };
    assert_eq!(sato.sends("desk/interviews", &fields(&extra, "approve", &[])).await.status, 303);

    // Tuesday is Yamamoto's; Sato is in charge of the company.
    let page = sato.opens("desk/interviews").await.text();
    let (own, others) = page.split_once("担当企業の面談予定（ほかの看護職が担当）").expect("another section");
    assert!(own.matches("面談を中止する</button>").count() == 2 && others.contains("山本"), "{page}");
    let confirmed = [("confirmed", "1")];
    let not_theirs = ito.sends("desk/interviews", &fields(&extra, "call-off", &confirmed)).await;
    assert!(not_theirs.status == 409 && not_theirs.text().contains("この面談の担当者、または"), "{}", not_theirs.text());
    let unconfirmed = sato.sends("desk/interviews", &fields(&extra, "call-off", &[])).await;
    assert!(unconfirmed.status == 400 && unconfirmed.text().contains("確認のチェック"));
    let stale = sato.sends("desk/interviews", &fields(&extra, "call-off", &[("confirmed", "1"), ("version", "1")])).await;
    assert!(stale.status == 409 && stale.text().contains("操作は行っていません"), "it was approved meanwhile");
    assert!(tamura.opens(&extra).await.text().contains("面談の予約：確定"));
    let done = sato.sends("desk/interviews", &fields(&extra, "call-off", &[("confirmed", "1"), ("version", "2")])).await;
    assert_eq!(done.header("location"), "/desk/interviews?sent=called-off", "{}", done.text());
    assert!(!sato.opens("desk/interviews?sent=called-off").await.text().contains("ほかの看護職が担当"));

    house.wait_until_nothing_is_taken().await;
    // On the morning itself, when the contact could not cancel in time any more.
    house.clock("2026-12-07T08:30:00+09:00").await;
    let (sato, tamura) = (house.signs_in("nurse-sato").await, house.signs_in("contact-tamura").await);
    assert_eq!(sato.sends("desk/interviews", &fields(&first, "call-off", &confirmed)).await.status, 303);
    assert_eq!(sato.sends("desk/interviews", &fields(&first, "call-off", &confirmed)).await.status, 409, "it is over");
    let shown = tamura.opens(&first).await.text();
    assert!(shown.contains("面談の予約：取り消し（弊社都合）") && shown.contains("弊社の都合により"), "{shown}");
    let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
    assert_eq!(ledger.matches("弊社都合による取り消し（料金なし）").count(), 2, "{ledger}");
    assert!(ledger.contains("未使用（2027年1月31日(日)までご利用いただけます）") && !ledger.contains("追加分（別途料金）："), "{ledger}");
    assert!(free(&tamura, "2026-12-08").await.contains(&slots[0]), "the time is free again");

    let to_contact = subjects(&house, "tamura@").await;
    assert_eq!(to_contact.iter().filter(|subject| subject.contains("弊社都合による取り消しのお詫び")).count(), 2, "{to_contact:?}");
    let mut to_guidance = subjects(&house, "first@").await;
    to_guidance.sort();
    assert_eq!(
        to_guidance,
        ["【面談のご案内】12月7日(月) 9:00", "【面談のご確認】12月7日(月) 9:00", "【面談の取り消しのご案内】12月7日(月) 9:00"]
    );
    let mails = house.mails().await;
    let withdrawn = mails.iter().find(|mail| mail["subject"] == "【面談の取り消しのご案内】12月8日(火) 10:10").expect("a mail");
    let calendar = BASE64_STANDARD.decode(withdrawn["attachments"][0]["base64"].as_str().unwrap()).unwrap();
    let calendar = String::from_utf8(calendar).unwrap();
    assert!(calendar.contains("METHOD:CANCEL") && calendar.contains("SEQUENCE:1"), "{calendar}");
    // Nobody is reminded of what was called off before its reminder.
    house.clock("2026-12-07T09:20:00+09:00").await;
    assert!(subjects(&house, "extra@").await.iter().all(|subject| !subject.contains("ご確認")));
    let begun = sato.sends("desk/interviews", &fields(&second, "call-off", &confirmed)).await;
    assert!(begun.status == 409 && begun.text().contains("開始時刻を過ぎた"), "{}", begun.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_day_off_reads_what_is_booked_on_it_already() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    let slots = free(&tamura, "2026-12-08").await;
    let first = books(&tamura, &slots[0], "first@sakura.example.jp").await;
    let wednesday = slots.iter().find(|slot| slot.starts_with("2026-12-09")).unwrap();
    books(&tamura, wednesday, "second@sakura.example.jp").await;
    books(&tamura, &slots[1], "third@sakura.example.jp").await;
    let sato = house.signs_in("nurse-sato").await;
    let hours = [("mon", "09:00-12:00"), ("wed", "08:50-12:00"), ("thu", "09:00-12:00"), ("fri", "13:00-17:00")];
    let saves = |dates: &'static str| [hours.as_slice(), &[("dates", dates)]].concat();
    assert_eq!(sato.sends("desk/hours", &saves("")).await.status, 303);
    assert!(!sato.opens("desk/hours?sent=1").await.text().contains("受付時間の外"), "all is covered, on whatever grid");
    assert_eq!(sato.sends("desk/hours", &saves("2026-12-07 休み")).await.status, 303);
    let page = sato.opens("desk/hours?sent=1").await.text();
    let (_, outside) = page.split_once("公開している受付時間の外").expect("a warning");
    for part in
        ["2026年12月7日(月) 9:00〜9:20　株式会社さくら製作所<", "9:20〜9:40　株式会社さくら製作所（承認待ち）", "/desk/interviews\""]
    {
        assert!(outside.contains(part), "{part} is not in {outside}");
    }
    assert!(!outside.contains("12月9日"), "{outside}");
    let call_off = [("tenant", company.id.as_str()), ("interview", id(&first)), ("act", "call-off"), ("confirmed", "1")];
    assert_eq!(sato.sends("desk/interviews", &call_off).await.status, 303);
    let page = sato.opens("desk/hours").await.text();
    assert!(!page.contains("9:00〜9:20") && page.contains("9:20〜9:40"), "{page}");
    assert!(!free(&tamura, "2026-12-08").await.contains(&slots[0]), "the day off is offered no more");
}
