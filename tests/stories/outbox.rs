//! What leaves the system leaves once, also when LINE does not answer.

use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    mail::{CalendarFile, CalendarMethod, Mail},
    personal::MailAddress,
};
use serde_json::json;
use store::{
    Key, Store,
    entity::outbox::{self, Outcome},
};
use stories::{House, assert_says};

fn states(items: &[serde_json::Value]) -> Vec<&str> {
    items.iter().filter_map(|item| item["state"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_line_did_not_take_is_sent_by_the_sweep_once() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("line", "500", 2).await;
    assert!(person.says("熱があります").await.is_empty());
    house.advance("PT2M").await;
    assert_says(&person.wait_for(7).await, "ご相談を受け付けました");
    let seen = person.texts().await.len();
    house.advance("PT10M").await;
    house.advance("PT60M").await;
    assert_eq!(person.texts().await.len(), seen);
    let outbox = house.items_of("Outbox").await;
    assert!(states(&outbox).iter().all(|state| *state == "Sent"), "{outbox:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_whose_answer_was_lost_is_not_sent_twice() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.texts().await.len();
    house.post("local/line/lost-answers", json!({ "count": 1 })).await.ok();
    person.says("のどが痛いです").await;
    house.advance("PT5M").await;
    let received = person.texts().await.into_iter().skip(before).filter(|text| text.starts_with("ご相談を受け付けました")).count();
    assert_eq!(received, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_without_a_reply_token_is_answered_by_a_push() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.texts().await.len();
    let event = json!({
        "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64, "webhookEventId": "01KTESTPUSH000000000000001",
        "source": { "type": "user", "userId": person.id }, "message": { "type": "text", "id": "4440001", "text": "だるいです" },
    });
    house.signed(json!({ "destination": "U0", "events": [event] }).to_string().as_bytes()).await.ok();
    assert_says(&person.wait_for(before + 3).await, "ご相談を受け付けました");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_pushed_to_somebody_who_blocks_the_account() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("line", "500", 2).await;
    person.says("熱があります").await;
    person.act(json!({ "type": "unfollow" })).await.ok();
    house.advance("PT2M").await;
    let outbox = house.items_of("Outbox").await;
    assert!(states(&outbox).contains(&"Dropped"), "{outbox:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_that_was_throttled_is_sent_later() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("ses", "429", 4).await;
    person.says("死にたい").await;
    house.wait_until_nothing_is_taken().await;
    assert!(house.mails().await.is_empty());
    for _ in 0..3 {
        house.advance("PT5M").await;
        house.wait_until_nothing_is_taken().await;
    }
    assert_eq!(house.mails().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_sent_to_a_member_who_has_left_in_the_meantime() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("line", "500", 2).await;
    person.says("熱があります").await;
    person.says("退会").await;
    assert_says(&person.touches("leave-yes").await, "退会の手続きをしました");
    let seen = person.texts().await.len();
    house.advance("PT2M").await;
    house.wait_until_nothing_is_taken().await;
    assert_eq!(person.texts().await.len(), seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sender_holds_an_item_and_who_lost_the_lease_changes_nothing_any_more() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.sends_picture().await;
    house.wait_for_document("Stored").await;
    let of = |items: Vec<serde_json::Value>| items.into_iter().find(|item| item["effect"] == "DeleteDocument").unwrap();
    let item = of(house.items_of("Outbox").await);
    let key = Key { pk: item["pk"].as_str().unwrap().to_owned(), sk: item["sk"].as_str().unwrap().to_owned() };
    let environment = &house.system.environment;
    let store = Store::new(runtime::Aws::new(&environment.aws).dynamodb(), &environment.table, &environment.key_table);

    let due = house.system.clock.now() + chrono::TimeDelta::days(60);
    let first = store.take(&key, due).await.unwrap().unwrap();
    assert!(store.take(&key, due).await.unwrap().is_none(), "two hold it");
    let late = due + outbox::LEASE + chrono::TimeDelta::seconds(1);
    let second = store.take(&key, late).await.unwrap().unwrap();
    store.settle(&second, &Outcome::Sent, late).await.unwrap();
    store.settle(&first, &Outcome::Retry { at: late, why: "too late", token_spent: false }, late).await.unwrap();
    assert_eq!(of(house.items_of("Outbox").await)["state"], "Sent");
    assert!(store.take(&key, late + chrono::TimeDelta::days(1)).await.unwrap().is_none(), "what is sent is sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_with_a_calendar_file_arrives_with_the_file_as_an_alternative_and_attached() {
    let house = House::open().await;
    let environment = &house.system.environment;
    let aws = runtime::Aws::new(&environment.aws);
    let store = Store::new(aws.dynamodb(), &environment.table, &environment.key_table);
    let installation = store::Parameters::new(aws.ssm(), &environment.parameters).installation().await.unwrap();
    let content = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nSUMMARY:面談\r\nEND:VCALENDAR\r\n";
    let to = MailAddress::parse("taro@example.co.jp").unwrap();
    let mail = Mail::new(to, "【面談のご案内】12月7日(月) 10:00".to_owned(), "面談のご予約を承りました。".to_owned())
        .with(CalendarFile { method: CalendarMethod::Request, content: content.to_owned() });
    let id = outbox::fresh_id();
    store.queue_mail(Key::outbox_of_operator(id), id, &mail, &installation, house.system.clock.now()).await.unwrap();

    let arrived = house.wait_for_mails(1).await.pop().unwrap();
    assert_eq!((arrived["subject"].as_str(), arrived["to"][0].as_str()), (Some(mail.subject.as_str()), Some("taro@example.co.jp")));
    assert_eq!(arrived["text"], mail.text);
    assert_eq!(arrived["html"].as_str(), mail.html.as_deref());
    let files: Vec<(&str, &str, String)> = arrived["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            let bytes = BASE64_STANDARD.decode(file["base64"].as_str().unwrap()).unwrap();
            (file["name"].as_str().unwrap(), file["type"].as_str().unwrap(), String::from_utf8(bytes).unwrap())
        })
        .collect();
    assert!(files.contains(&("invite.ics", "application/ics", content.to_owned())), "{files:?}");
    assert!(files.iter().any(|(_, kind, file)| *kind == "text/calendar" && file == content), "{files:?}");
    let raw = arrived["raw"].as_str().unwrap();
    assert!(raw.contains("multipart/alternative") && raw.contains("method=\"REQUEST\"") && raw.contains(&id.to_string()), "{raw}");
    house.wait_until_nothing_is_taken().await;
    assert!(states(&house.items_of("Outbox").await).contains(&"Sent"));
}
