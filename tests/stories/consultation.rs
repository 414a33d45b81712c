//! Rows A3, B1 and B4, told on LINE.

use serde_json::json;
use stories::{House, assert_says};

#[tokio::test(flavor = "multi_thread")]
async fn the_first_question_is_explained_and_acknowledged_and_the_name_is_asked_for() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.member(0).await;
    let answer = person.says("最近よく眠れません").await;
    assert_says(&answer, "診察や治療、個別の診断や指示は行いません");
    assert_says(&answer, "ご相談を受け付けました");
    assert_says(&answer, "お名前（姓名）を送信してください");
    assert_says(&person.says(company.employee(0).1).await, "お名前を確認しました");
    assert_says(&person.says("昼間に眠くなります").await, "追加のメッセージを受け付けました");
    let heads = house.items_of("Consultation").await;
    assert_eq!(heads.len(), 1);
    assert!(heads[0]["check"]["Matched"].is_string(), "{}", heads[0]);
    assert_eq!(house.items_of("Message").await.len(), 2, "the name is no message");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_the_roster_s_is_asked_back_and_marked() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("腰が痛いです").await;
    assert_says(&person.says("別府 次郎丸").await, "お名前でしょうか");
    assert_says(&person.touches("name-yes").await, "名簿と一致しませんでした");
    person.says("湿布を貼ってもよいですか").await;
    let heads = house.items_of("Consultation").await;
    assert_eq!(heads[0]["check"], "NameDiffers");
    assert_eq!(house.items_of("Message").await.len(), 3, "what could be a name is kept all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn out_of_hours_the_bot_says_once_when_answers_resume() {
    for (now, resumes) in [
        ("2026-11-24T08:59:59+09:00", Some("11月24日(火) 9:00")),
        ("2026-11-24T09:00:00+09:00", None),
        ("2026-11-24T17:29:59+09:00", None),
        ("2026-11-24T17:30:00+09:00", Some("11月25日(水) 9:00")),
        ("2026-11-24T20:00:00+09:00", Some("11月25日(水) 9:00")),
        // A national holiday on a Monday, from the Friday evening before.
        ("2026-11-20T18:00:00+09:00", Some("11月24日(火) 9:00")),
        ("2026-11-23T12:00:00+09:00", Some("11月24日(火) 9:00")),
        // The operator's closure at the year's end.
        ("2026-12-28T17:30:00+09:00", Some("1月4日(月) 9:00")),
    ] {
        let house = House::open_at(now).await;
        let person = house.member(0).await;
        let answer = person.says("めまいがします").await;
        match resumes {
            Some(at) => assert_says(&answer, &format!("回答は {at} に再開します")),
            None => assert_says(&answer, "産業看護職が確認し"),
        }
        let again = person.says("立つとふらつきます").await;
        assert!(!again.iter().any(|text| text.contains("再開します")), "{now}: said twice");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn beyond_the_holiday_data_no_date_is_guessed() {
    let house = House::open_at("2027-12-31T20:00:00+09:00").await;
    let person = house.member(0).await;
    let answer = person.says("せきが続きます").await;
    assert_says(&answer, "営業日の9:00〜17:30にこのトークで回答します");
    assert!(!answer.iter().any(|text| text.contains("1月") || text.contains("再開")), "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_get_helplines_first_and_the_nurse_on_duty_a_mail_without_a_health_word() {
    let house = House::open_at("2026-11-24T23:00:00+09:00").await;
    let person = house.member(0).await;
    let answer = person.says("もう死にたいです").await;
    assert!(answer[0].contains("119"), "{answer:?}");
    assert_says(&answer, "当番の産業看護職にも");
    assert_says(&answer, "再開します");
    let mails = house.wait_for_mails(1).await;
    assert_eq!(mails[0]["to"][0], "duty@example.jp");
    assert!(mails[0]["subject"].as_str().unwrap().contains("至急"));
    assert!(!mails[0].to_string().contains("死にたい"));
    assert_eq!(house.items_of("Consultation").await[0]["urgent"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_danger_are_never_taken_for_a_name_or_a_number() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("相談があります").await;
    assert!(person.says("死にたい").await[0].contains("119"));
    person.touches("change-number").await;
    assert!(person.says("死にたい").await[0].contains("119"));
    assert_eq!(house.items_of("Message").await.len(), 3);
    let stranger = house.person().await;
    let answer = stranger.says("死にたい").await;
    assert!(answer[0].contains("119"));
    assert!(!answer.iter().any(|text| text.contains("当番")), "nobody is told of what is not stored");
    assert_eq!(house.items_of("Message").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsent_message_is_gone_and_leaves_a_tombstone() {
    let house = House::open().await;
    let person = house.member(0).await;
    let sent = person.sends("送るつもりのない内容").await.json();
    person.act(json!({ "type": "unsend", "unsend": { "messageId": sent["messageId"] } })).await.ok();
    let messages = house.items_of("Message").await;
    assert_eq!(messages.len(), 1);
    assert!(messages[0]["body"].is_null());
    assert!(messages[0]["withdrawn_at"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_was_unsent_before_it_came_is_not_kept() {
    let house = House::open().await;
    let person = house.member(0).await;
    let event = |kind: &str, more: serde_json::Value| {
        let mut event = json!({
            "type": kind, "mode": "active", "timestamp": 1_795_482_000_000_u64, "webhookEventId": format!("01KTESTUNSEND{kind:X<13}").to_uppercase(),
            "deliveryContext": { "isRedelivery": false }, "source": { "type": "user", "userId": person.id },
        });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "destination": "U0", "events": [event] }).to_string().into_bytes()
    };
    house.signed(&event("unsend", json!({ "unsend": { "messageId": "5550001" } }))).await.ok();
    house.signed(&event("message", json!({ "message": { "type": "text", "id": "5550001", "text": "取り消した内容" } }))).await.ok();
    assert!(house.items_of("Message").await.is_empty());
    let notes = house.items_of("Sent").await;
    let tombstone = notes.iter().find(|note| note["sk"] == "SENT#5550001").unwrap();
    assert!(tombstone["withdrawn_at"].is_string(), "{tombstone}");
}
