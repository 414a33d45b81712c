//! What a nurse has beside her own words: desks to refer to and the company's contact (row B4), reply templates (row B2).

use domain::{
    desk::{Desk, WrittenDesk},
    referral::{self, Desks},
    template::{Template, WrittenTemplate},
    topic::Topic,
};
use futures::future::join;
use ops::OpsError;
use store::entity::{
    disclosure::verify,
    outbox::fresh_id,
    template::{ReplyTemplate, Shelf},
};
use stories::House;
use ulid::Ulid;

use crate::desk::{audit, store, waiting};

fn id() -> Ulid {
    Ulid(fresh_id().as_u128())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_chooses_from_the_shared_templates_and_her_own() {
    let house = House::open().await;
    let (store, ops) = (store(&house), house.ops());
    let (shared, own) = store.templates_for("n-1").await.unwrap();
    assert_eq!((shared.len(), own.len()), (Template::default_list().len(), 0), "the demo has what the system comes with");

    let written =
        WrittenTemplate { title: "腰痛".to_owned(), text: "痛みはいつからですか。".to_owned(), topic: Some(Topic::Body) };
    let template: Template = written.try_into().unwrap();
    let mine = ReplyTemplate { id: id().to_string(), template: template.clone() };
    store.put_template(Shelf::Of("n-1"), &mine).await.unwrap();
    let added = ops.add_template(template).await.unwrap();
    let (shared, own) = store.templates_for("n-1").await.unwrap();
    assert!(shared.contains(&added) && shared.len() == Template::default_list().len() + 1);
    assert_eq!(own, std::slice::from_ref(&mine));
    assert!(store.templates_for("n-2").await.unwrap().1.is_empty());

    ops.remove_template(&added.id).await.unwrap();
    assert!(matches!(ops.remove_template(&added.id).await, Err(OpsError::NoTemplate(_))));
    assert!(store.remove_template(Shelf::Of("n-1"), &mine.id).await.unwrap());
    assert!(!store.remove_template(Shelf::Of("n-1"), &mine.id).await.unwrap());

    let nurse = ops.nurses().await.unwrap().remove(0);
    store.put_template(Shelf::Of(&nurse.id), &mine).await.unwrap();
    ops.remove_nurse(&nurse.id).await.unwrap();
    assert!(store.templates_for(&nurse.id).await.unwrap().1.is_empty(), "they go with the nurse");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_names_desks_and_members_are_referred_there() {
    let house = House::open().await;
    let ops = house.ops();
    let (sakura, hikari) = (house.sakura().await, house.hikari().await);
    let public = ops.public_desks().await.unwrap();
    let of = async |which: &str| ops.tenant(which).await.unwrap().desks;
    let is_own = |desks: Option<Desks<'_>>| matches!(desks, Some(Desks::Tenants(_)));
    assert!(is_own(referral::desks(Topic::Harassment, &of(&sakura.id).await, &public)));
    assert!(!is_own(referral::desks(Topic::Harassment, &of(&hikari.id).await, &public)));

    let desk: Desk =
        WrittenDesk { name: "社外相談室".to_owned(), lines: vec!["平日".to_owned()], ..WrittenDesk::default() }.try_into().unwrap();
    ops.set_desk(&hikari.id, Topic::Medical, desk.clone()).await.unwrap();
    assert!(is_own(referral::desks(Topic::Medical, &of(&hikari.id).await, &public)));
    ops.remove_desk(&hikari.id, Topic::Medical).await.unwrap();
    assert!(matches!(ops.remove_desk(&hikari.id, Topic::Medical).await, Err(OpsError::NoDesk(_))));

    let more = ops.put_public_desk([Topic::Medical].into(), desk.clone()).await.unwrap();
    assert_eq!(more.len(), public.len() + 1);
    assert_eq!(ops.put_public_desk([Topic::Mind].into(), desk).await.unwrap().len(), more.len(), "the name tells desks apart");
    assert!(matches!(ops.remove_public_desk("どこにもない").await, Err(OpsError::NoDesk(_))));
    ops.remove_public_desk("社外相談室").await.unwrap();
    assert_eq!(ops.reset_public_desks().await.unwrap(), public);
}

/// The value of the form's field with this label.
pub fn choice<'a>(page: &'a str, label: &str) -> &'a str {
    page.split(label).next().unwrap().rsplit("value=\"").next().unwrap().split('"').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_harassment_question_is_referred_to_the_companys_own_desk_and_elsewhere_to_public_ones() {
    let house = House::open().await;
    let (sakura, hikari, company) = (house.member(0).await, house.person().await, house.hikari().await);
    hikari.registers(&company, company.employee(0).0).await;
    let sato = house.signs_in("nurse-sato").await;
    for (person, own) in [(&sakura, true), (&hikari, false)] {
        person.says("上司の言葉がつらいです").await;
        house.wait_until_nothing_is_taken().await;
        let thread = waiting(&sato).await;
        let form = sato.opens(&format!("{thread}/refer?topic=harassment")).await.text();
        let desk = if own { "■ さくら製作所 ハラスメント相談窓口\n" } else { "■ 総合労働相談コーナー" };
        assert!(form.contains(desk) && form.contains("この契約企業が定めた窓口です。") == own, "{form}");
        let text = form.split("id=\"refer-text\"").nth(1).unwrap().split_once('>').unwrap().1.split("</textarea>").next().unwrap();
        assert_eq!(sato.acts_on(&form, &thread, "refer", &[("topic", "harassment"), ("text", " ")]).await.status, 400);
        let sent = sato.acts_on(&form, &thread, "refer", &[("topic", "harassment"), ("text", text)]).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (303, format!("/{thread}?sent=refer").as_str()));
        house.wait_until_nothing_is_taken().await;
        let received = person.texts().await.pop().unwrap();
        assert!(received.starts_with("佐藤 恵（産業看護職）より") && received.contains(desk), "{received}");
        assert!(sato.opens(&thread).await.text().contains("相談：ハラスメント"));
        assert!(sato.opens("desk").await.text().contains("回答を待っている相談はありません"), "it is answered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_urgent_consultation_is_disclosed_once_with_what_the_nurse_wrote_and_stands_in_the_ledger() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("もう死にたい").await;
    house.wait_until_nothing_is_taken().await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let form = sato.opens(&format!("{thread}/disclose")).await.text();
    let contact = choice(&form, "田村 直樹").to_owned();
    let words = "至急、ご本人の安全をご確認ください。";
    let lacking = sato.acts_on(&form, &thread, "disclose", &[("contact", "01KAS2WJ0000000000000CNTC9"), ("text", words)]).await;
    let told = lacking.text();
    for missing in ["開示する理由を選んで", "連絡する担当者を選んで", "チェックを入れてください", "同意について選んで"]
    {
        assert!(told.contains(missing), "{missing}: {told}");
    }
    assert!(lacking.status == 400 && told.contains(&format!("{words}</textarea>")), "what was written is not lost");
    let fields = [("contact", contact.as_str()), ("reason", "life"), ("consent", "not-reachable"), ("text", words), ("confirmed", "1")];
    for _ in 0..3 {
        let sent = sato.acts_on(&form, &thread, "disclose", &fields).await;
        assert_eq!((sent.status.as_u16(), sent.header("location")), (303, format!("/{thread}?sent=disclose").as_str()));
    }
    // To the contact; the nurse on duty has got one too.
    let mails = house.wait_for_mail_to("tamura@sakura.example.jp").await;
    let mail = mails[0]["text"].as_str().unwrap();
    assert!(mail.contains(words) && mail.contains("佐藤 恵") && !mail.contains("死にたい"), "{mail}");
    let shown = sato.opens(&thread).await.text();
    assert!(shown.contains("担当者に開示しました（記録番号 1）") && shown.contains("所内メモ"), "{shown}");
    assert!(sato.opens(&format!("{thread}/disclose")).await.text().contains("これまでに開示した文章"));
    let company = house.sakura().await;
    let ledger = sato.opens(&format!("desk/ledger?tenant={}", company.id)).await.text();
    for part in
        ["書き換えも欠落もありません", "田村 直樹", "佐藤 恵", "生命", mail.split("照合値：").nth(1).unwrap().lines().next().unwrap()]
    {
        assert!(ledger.contains(part), "{part} is not in {ledger}");
    }
    assert!(!ledger.contains(words) && !ledger.contains("000101"), "it names nobody");
    assert_eq!(store(&house).ledger(company.id.parse().unwrap()).await.unwrap().len(), 1, "three clicks, one entry");
    assert_eq!(house.wait_for_mail_to("tamura@sakura.example.jp").await.len(), 1);
    assert!(!person.texts().await.iter().any(|text| text.contains("至急")), "the member is not written to");
    assert!(audit(&house).await.iter().any(|line| line.ends_with("Disclose Done")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_disclosures_of_one_company_in_the_same_moment_stand_behind_each_other() {
    let house = House::open().await;
    let (sato, yamamoto) = (house.signs_in("nurse-sato").await, house.signs_in("nurse-yamamoto").await);
    let mut threads = Vec::new();
    for index in 0..2 {
        house.member(index).await.says("助けてください").await;
        house.wait_until_nothing_is_taken().await;
        let all = sato.opens("desk").await.text();
        let mut found = all.split("href=\"/desk/members/").skip(1).map(|part| format!("desk/members/{}", part.split('"').next().unwrap()));
        threads.push(found.find(|thread| !threads.contains(thread)).unwrap());
    }
    for _ in 0..10 {
        let (one, two) = (sato.opens(&threads[0]).await.text(), yamamoto.opens(&threads[1]).await.text());
        let contact = choice(&sato.opens(&format!("{}/disclose", threads[0])).await.text(), "田村 直樹").to_owned();
        let fields =
            [("contact", contact.as_str()), ("reason", "law"), ("consent", "given"), ("text", "ご確認ください。"), ("confirmed", "1")];
        let (one, two) =
            join(sato.acts_on(&one, &threads[0], "disclose", &fields), yamamoto.acts_on(&two, &threads[1], "disclose", &fields)).await;
        assert_eq!((one.status.as_u16(), two.status.as_u16()), (303, 303));
    }
    let ledger = store(&house).ledger(house.sakura().await.id.parse().unwrap()).await.unwrap();
    assert_eq!(ledger.len(), 20);
    assert_eq!(verify(&ledger), Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_keeps_templates_for_herself_and_for_everybody_and_finds_them_beside_the_reply() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("相談です").await;
    let (sato, ito) = (house.signs_in("nurse-sato").await, house.signs_in("psychologist-ito").await);
    let thread = waiting(&sato).await;
    let form = "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001";
    let own = [("form", form), ("shelf", "own"), ("title", "腰の体操"), ("topic", ""), ("text", "一日に三回、<ゆっくり>と。")];
    for _ in 0..2 {
        assert_eq!(sato.sends("desk/templates", &own).await.header("location"), "/desk/templates?sent=kept");
    }
    let shared = [
        ("form", "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000002"),
        ("shelf", "shared"),
        ("title", "全員用"),
        ("topic", "mind"),
        ("text", "お話を伺います。"),
    ];
    sato.sends("desk/templates", &shared).await;
    let page = sato.opens("desk/templates?sent=kept").await.text();
    assert_eq!(page.matches("<summary>腰の体操</summary>").count(), 1, "twice the same form, one template");
    assert!(page.contains("定型文を保存しました") && page.contains("<summary>全員用</summary>") && page.contains("受付のお礼"));
    let shown = sato.opens(&thread).await.text();
    assert!(shown.contains("一日に三回、&lt;ゆっくり&gt;と。") && shown.contains("全員用"), "{shown}");
    let theirs = ito.opens(&thread).await.text();
    assert!(!theirs.contains("腰の体操") && theirs.contains("全員用"));
    sato.acts(&thread, "topic", &[("topic", "body")]).await;
    assert!(!sato.opens(&thread).await.text().contains("全員用"), "one for another topic is not offered");

    let long = "あ".repeat(41);
    let refused = sato.sends("desk/templates", &[("form", form), ("shelf", "own"), ("title", &long), ("text", "残る本文")]).await;
    assert!(refused.status == 400 && refused.text().contains("40字以内") && refused.text().contains("残る本文</textarea>"));
    let id = choice(page.split("<summary>腰の体操</summary>").nth(1).unwrap(), "name=\"shelf\"").to_owned();
    let changed = [("id", id.as_str()), ("shelf", "own"), ("title", "腰の体操"), ("text", "一日に二回。")];
    assert_eq!(sato.sends("desk/templates", &changed).await.status, 303);
    let page = sato.opens("desk/templates").await.text();
    assert!(page.contains("一日に二回。") && !page.contains("一日に三回"));
    assert_eq!(
        ito.sends("desk/templates/remove", &[("id", &id), ("shelf", "own")]).await.status,
        303,
        "it is not hers, so nothing happens"
    );
    assert!(sato.opens("desk/templates").await.text().contains("腰の体操"));
    assert_eq!(sato.sends("desk/templates/remove", &[("id", &id), ("shelf", "own")]).await.status, 303);
    assert!(!sato.opens("desk/templates?sent=removed").await.text().contains("腰の体操"));
    let line = audit(&house).await.into_iter().filter(|line| line.contains("Template") && line.ends_with("Done")).count();
    assert!(line >= 6, "{line}");
}
