//! Row C8: a nurse who recorded by mistake how an interview went corrects it.

use stories::House;

use crate::{
    booking::free,
    desk::audit,
    lapsing::{books, id, subjects},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_corrected_for_a_week_and_the_contact_is_told_once_that_continuing_is_recommended() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    let slots = free(&tamura, "2026-12-08").await;
    let first = books(&tamura, &slots[0], "first@sakura.example.jp").await;
    let second = books(&tamura, &slots[1], "second@sakura.example.jp").await;
    house.clock("2026-12-07T10:00:00+09:00").await;
    let (sato, ito) = (house.signs_in("nurse-sato").await, house.signs_in("psychologist-ito").await);
    let tamura = house.signs_in("contact-tamura").await;
    let fields = |interview, act| [("tenant", company.id.as_str()), ("interview", id(interview)), ("act", act)];
    assert!(!sato.opens("desk/interviews").await.text().contains("記録済みの面談"));
    let early = sato.sends("desk/interviews", &fields(&first, "correct-held")).await;
    assert!(early.status == 409 && early.text().contains("記録がありません"), "{}", early.text());

    assert_eq!(sato.sends("desk/interviews", &fields(&first, "no-show")).await.status, 303);
    let page = sato.opens("desk/interviews").await.text();
    let (own, recorded) = page.split_once("記録済みの面談").expect("a section");
    assert!(own.contains("9:20〜9:40") && !own.contains("9:00〜9:20"), "{own}");
    for part in
        ["9:00〜9:20", "記録：当日不参加（12月14日(月) 10:00まで訂正できます）", "value=\"correct-held\"", "value=\"correct-continue\""]
    {
        assert!(recorded.contains(part), "{part} is not in {recorded}");
    }
    assert!(!recorded.contains("value=\"correct-no-show\""), "{recorded}");
    assert!(tamura.opens("booking/ledger?month=2026-12").await.text().contains("（1件目）：当日不参加（実施扱い）"));
    for (who, act, why) in [(&ito, "correct-held", "この面談の担当者"), (&sato, "correct-no-show", "すでにそのように")] {
        let refused = who.sends("desk/interviews", &fields(&first, act)).await;
        assert!(refused.status == 409 && refused.text().contains(why), "{act}: {}", refused.text());
    }

    let continuing =
        async |house: &House| subjects(house, "tamura@").await.into_iter().filter(|subject| subject == "【面談】継続実施のご相談").count();
    for (act, stands, is_recommended, mails) in [
        ("correct-held", "実施済み", false, 0),
        ("correct-continue", "実施済み", true, 1),
        ("correct-no-show", "当日不参加", false, 1),
        ("correct-continue", "実施済み", true, 1),
    ] {
        let done = sato.sends("desk/interviews", &fields(&first, act)).await;
        assert_eq!(done.header("location"), "/desk/interviews?sent=corrected", "{act}: {}", done.text());
        let shown = tamura.opens(&first).await.text();
        assert!(shown.contains(&format!("面談の予約：{stands}")) && shown.contains("継続をお勧め") == is_recommended, "{act}: {shown}");
        let ledger = tamura.opens("booking/ledger?month=2026-12").await.text();
        assert!(ledger.contains(&format!("（1件目）：{stands}")) && ledger.contains("（2件目）：実施予定"), "{act}: {ledger}");
        assert_eq!(continuing(&house).await, mails, "{act}");
    }
    assert!(audit(&house).await.iter().any(|line| line.ends_with("CorrectInterview Done")));

    house.clock("2026-12-14T09:59:59+09:00").await;
    let sato = house.signs_in("nurse-sato").await;
    assert_eq!(sato.sends("desk/interviews", &fields(&second, "held")).await.status, 303);
    assert!(sato.opens("desk/interviews").await.text().contains("9:00〜9:20"));
    house.clock("2026-12-14T10:00:00+09:00").await;
    let page = sato.opens("desk/interviews").await.text();
    assert!(!page.contains("9:00〜9:20") && page.contains("記録：実施した（12月21日(月) 9:59まで訂正できます）"), "{page}");
    let late = sato.sends("desk/interviews", &fields(&first, "correct-held")).await;
    assert!(late.status == 409 && late.text().contains("7日を過ぎた"), "{}", late.text());
}
