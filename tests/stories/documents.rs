//! Rows B1 and B5: pictures and files that members send, from LINE to the bucket and out of it again.

use serde_json::{Value, json};
use stories::{House, JPEG, Person, assert_says};

const MIB: usize = 1024 * 1024;

async fn unsends(person: &Person<'_>, sent: &Value) {
    person.act(json!({ "type": "unsend", "unsend": { "messageId": sent["messageId"] } })).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_acknowledged_and_kept_in_the_bucket_under_its_consultation() {
    let house = House::open().await;
    let person = house.member(0).await;
    let answer = person.sends_picture().await;
    assert_says(&answer, "看護師・保健師だけが閲覧し、1か月後に自動で削除します");
    assert_says(&answer, "ご相談を受け付けました");
    let document = house.wait_for_document("Stored").await;
    assert_eq!((&document["content"], &document["bytes"]), (&json!("Jpeg"), &json!(JPEG.len())));
    assert_eq!(document["expires_at"], "2026-12-24T01:00:00.000Z");
    let objects = house.objects().await;
    let consultation = house.items_of("Consultation").await[0]["id"].as_str().unwrap().to_owned();
    let key = objects[0]["key"].as_str().unwrap();
    assert!(objects.len() == 1 && key.starts_with("documents/") && key.contains(&consultation), "{objects:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_file_stands_nowhere_in_clear() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.sends_content(json!({ "type": "file", "fileName": "うつ病の診断書.pdf" }), b"%PDF-1.7 something").await.ok();
    house.wait_for_document("Stored").await;
    let name = "うつ病の診断書".as_bytes();
    for (file, content) in house.files() {
        assert!(!content.windows(name.len()).any(|part| part == name), "the name stands in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsent_picture_is_gone_in_all_versions_and_leaves_a_tombstone() {
    let house = House::open().await;
    let person = house.member(0).await;
    // The answer to the first put is lost, so that it is put again: two versions.
    house.post("local/faults", json!({ "target": "s3", "mode": "lost", "count": 1 })).await.ok();
    let sent = person.sends_content(json!({ "type": "image" }), JPEG).await.json();
    house.wait_for_document("Stored").await;
    assert_eq!(house.objects().await[0]["versions"].as_array().unwrap().len(), 2);
    unsends(&person, &sent).await;
    house.wait_for_document("Withdrawn").await;
    house.wait_until_nothing_is_taken().await;
    assert!(house.objects().await.is_empty(), "{:?}", house.objects().await);
    let messages = house.items_of("Message").await;
    assert!(messages[0]["body"].is_null() && messages[0]["withdrawn_at"].is_string(), "{messages:?}");
    for (file, content) in house.files() {
        assert!(!content.windows(JPEG.len()).any(|part| part == JPEG), "the picture is still in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_is_unsent_while_line_prepares_it_is_never_kept_and_nobody_is_told_that_it_failed() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.post("local/line/preparing", json!({ "count": 1 })).await.ok();
    let sent = person.sends_content(json!({ "type": "image" }), JPEG).await.json();
    house.wait_until_nothing_is_taken().await;
    let seen = person.texts().await.len();
    unsends(&person, &sent).await;
    for _ in 0..3 {
        house.advance("PT2M").await;
        house.wait_until_nothing_is_taken().await;
    }
    house.wait_for_document("Withdrawn").await;
    assert!(house.objects().await.is_empty());
    assert_eq!(person.texts().await.len(), seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_line_says_was_withdrawn_is_withdrawn_also_where_the_event_never_comes() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.post("local/line/preparing", json!({ "count": 1 })).await.ok();
    let sent = person.sends_content(json!({ "type": "image" }), JPEG).await.json();
    house.wait_until_nothing_is_taken().await;
    // The webhook does not take the event, and LINE does not deliver it again.
    house.fault("dynamodb", "500", 1000).await;
    person.act(json!({ "type": "unsend", "unsend": { "messageId": sent["messageId"] } })).await;
    house.fault("dynamodb", "none", 0).await;
    house.advance("PT2M").await;
    house.wait_for_document("Withdrawn").await;
    assert!(house.items_of("Message").await[0]["body"].is_null());
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_was_unsent_before_it_came_is_not_kept() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.act(json!({ "type": "unsend", "unsend": { "messageId": "577000000000000001" } })).await;
    let picture = json!({ "type": "image", "id": "577000000000000001" });
    person.sends_content(picture, JPEG).await.ok();
    house.wait_until_nothing_is_taken().await;
    assert!(house.documents().await.is_empty() && house.items_of("Message").await.is_empty());
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_was_unsent_is_not_repeated_by_an_answer_that_waits() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("腰が痛いです").await;
    house.fault("line", "500", 2).await;
    let sent = person.sends("別府 次郎丸").await.json();
    house.wait_until_nothing_is_taken().await;
    unsends(&person, &sent).await;
    house.advance("PT2M").await;
    house.wait_until_nothing_is_taken().await;
    assert!(!person.texts().await.iter().any(|text| text.contains("別府")), "{:?}", person.texts().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_large_is_refused_by_what_line_says_and_by_what_comes() {
    let house = House::open().await;
    let person = house.member(0).await;
    let content = [b"%PDF-1.7".as_slice(), &vec![b' '; 20 * MIB]].concat();
    let before = person.messages().await.len();
    person.sends_content(json!({ "type": "file", "fileName": "a.pdf" }), &content).await.ok();
    assert_says(&person.wait_for(before + 1).await, "20MBを超えているため");
    assert!(house.documents().await.is_empty());
    // Of a picture LINE does not say how large it is.
    let content = [JPEG, &vec![0; 20 * MIB]].concat();
    person.sends_content(json!({ "type": "image" }), &content).await.ok();
    let document = house.wait_for_document("NotKept").await;
    assert_eq!(document["why"], "TooLarge");
    house.wait_until_nothing_is_taken().await;
    assert_eq!(person.texts().await.iter().filter(|text| text.contains("20MBを超えているため")).count(), 2);
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_file_is_is_decided_by_its_content_and_the_member_is_told() {
    for (name, content, kept) in [
        ("photo.exe", JPEG, true),
        ("結果.pdf", b"PK\x03\x04 a zip by another name".as_slice(), false),
        ("結果.pdf", b"<html><script>alert(1)</script></html>".as_slice(), false),
        ("empty.pdf", b"".as_slice(), false),
    ] {
        let house = House::open().await;
        let person = house.member(0).await;
        person.sends_content(json!({ "type": "file", "fileName": name }), content).await.ok();
        house.wait_for_document(if kept { "Stored" } else { "NotKept" }).await;
        house.wait_until_nothing_is_taken().await;
        let told = person.texts().await.iter().any(|text| text.contains("お預かりできる形式"));
        assert_eq!((told, house.objects().await.len()), (!kept, usize::from(kept)), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_line_does_not_have_is_asked_for_again_by_a_word_to_the_member() {
    let house = House::open().await;
    let person = house.member(0).await;
    let event = json!({
        "type": "message", "mode": "active", "timestamp": 1_795_489_200_000_u64, "webhookEventId": "01KTESTMISSING00000000001",
        "source": { "type": "user", "userId": person.id }, "message": { "type": "image", "id": "577000000000000009", "contentProvider": { "type": "line" } },
    });
    house.signed(json!({ "destination": "U0", "events": [event] }).to_string().as_bytes()).await.ok();
    house.wait_for_document("NotKept").await;
    house.wait_until_nothing_is_taken().await;
    assert_says(&person.texts().await, "もう一度お送りください");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_when_its_month_is_over_and_not_a_second_before() {
    let house = House::open_at("2027-01-31T10:20:30+09:00").await;
    let person = house.member(0).await;
    person.sends_picture().await;
    house.wait_for_document("Stored").await;
    house.clock("2027-02-28T10:20:29+09:00").await;
    house.wait_until_nothing_is_taken().await;
    assert_eq!(house.objects().await.len(), 1);
    house.clock("2027-02-28T10:21:30+09:00").await;
    house.wait_for_document("Expired").await;
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_once_whatever_fails_on_its_way() {
    for (target, mode, count) in [
        ("line", "500", 2),
        ("line", "timeout", 1),
        ("line", "reset", 1),
        ("line", "lost", 1),
        ("line", "429", 2),
        ("s3", "500", 5),
        ("s3", "429", 2),
        ("s3", "reset", 2),
        ("s3", "slow", 1),
        ("kms", "500", 1),
    ] {
        let house = House::open().await;
        let person = house.member(0).await;
        person.says("皮膚に湿疹があります").await;
        let mut fault = json!({ "target": target, "mode": mode, "count": count });
        if target == "line" {
            fault["operation"] = json!("content");
        }
        house.post("local/faults", fault).await.ok();
        house.calls().await;
        person.sends_content(json!({ "type": "image" }), JPEG).await;
        for _ in 0..4 {
            house.wait_until_nothing_is_taken().await;
            house.advance("PT3M").await;
        }
        house.wait_for_document("Stored").await;
        assert_eq!(house.objects().await.len(), 1, "{target} {mode}");
        assert_eq!(house.items_of("Message").await.len(), 2, "{target} {mode}");
        let fetches = house.calls().await["line"]["content"].as_u64().unwrap();
        assert_eq!(fetches, if target == "line" { count + 1 } else { fetches }, "{target} {mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_that_line_never_hands_out_is_asked_for_again_by_a_word_to_the_member_once() {
    for (target, mode, operation) in [("line", "429", Some("content")), ("line", "500", Some("content")), ("s3", "500", None)] {
        let house = House::open().await;
        let person = house.member(0).await;
        house.post("local/faults", json!({ "target": target, "mode": mode, "operation": operation })).await.ok();
        person.sends_content(json!({ "type": "image" }), JPEG).await.ok();
        for _ in 0..12 {
            house.wait_until_nothing_is_taken().await;
            house.advance("PT2H").await;
        }
        assert_eq!(house.wait_for_document("NotKept").await["why"], "NotFetched", "{target} {mode}");
        house.fault(target, "none", 0).await;
        for _ in 0..3 {
            house.wait_until_nothing_is_taken().await;
            house.advance("PT2H").await;
        }
        assert_eq!(person.texts().await.iter().filter(|text| text.contains("もう一度お送りください")).count(), 1, "{target} {mode}");
        assert!(house.objects().await.is_empty(), "{target} {mode}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_was_unsent_before_it_came_is_not_taken_and_not_repeated() {
    let house = House::open().await;
    let company = house.sakura().await;
    let person = house.person().await;
    person.says(&format!("登録コード {}", company.code)).await;
    let before = person.texts().await.len();
    person.act(json!({ "type": "unsend", "unsend": { "messageId": "577000000000000005" } })).await;
    let number = json!({ "type": "text", "id": "577000000000000005", "text": company.employee(0).0 });
    person.act(json!({ "type": "message", "message": number })).await.ok();
    house.wait_until_nothing_is_taken().await;
    assert_eq!(person.texts().await.len(), before);
    // What waits to be sent is dropped as well.
    house.fault("line", "500", 2).await;
    let sent = person.sends(company.employee(0).0).await.json();
    house.wait_until_nothing_is_taken().await;
    unsends(&person, &sent).await;
    house.advance("PT2M").await;
    house.wait_until_nothing_is_taken().await;
    assert!(!person.texts().await.iter().any(|text| text.contains(company.employee(0).0)), "{:?}", person.texts().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_of_a_picture_whose_member_left_before_it_was_fetched() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.post("local/line/preparing", json!({ "count": 1 })).await.ok();
    person.sends_content(json!({ "type": "image" }), JPEG).await.ok();
    house.wait_until_nothing_is_taken().await;
    person.says("退会").await;
    person.touches("leave-yes").await;
    house.advance("PT3M").await;
    house.wait_until_nothing_is_taken().await;
    assert!(house.objects().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_and_a_sticker_join_the_consultation_and_a_film_is_refused() {
    let house = House::open().await;
    let person = house.member(0).await;
    let before = person.texts().await.len();
    person.act(json!({ "type": "message", "message": { "type": "sticker" } })).await.ok();
    assert_says(&person.wait_for(before + 1).await, "このトークにそのままお送りください");
    assert!(house.items_of("Message").await.is_empty());
    person.says("めまいがします").await;
    person.act(json!({ "type": "message", "message": { "type": "sticker" } })).await.ok();
    person.act(json!({ "type": "message", "message": { "type": "location" } })).await.ok();
    assert_eq!(house.items_of("Message").await.len(), 3);
    person.sends_content(json!({ "type": "video" }), b"film").await.ok();
    assert_says(&person.texts().await, "お受けできません");
    assert_eq!(house.items_of("Message").await.len(), 3);
}
