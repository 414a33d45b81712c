//! Row B5: documents that members upload by the link in the chat, from the page to the bucket and out of it again.

use chrono::{DateTime, Utc};
use domain::{
    document::DocumentType,
    id::{ConsultationId, MemberId},
    personal::{DocumentName, LineUserId},
};
use serde_json::{Value, json};
use store::{Documents, Parameters};
use stories::{Answer, House, Http, JPEG, Person, assert_says};

const MIB: usize = 1024 * 1024;
const PDF: &[u8] = b"%PDF-1.7 a letter";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";
const HEIC: &[u8] = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic";
const ZIP: &[u8] = b"PK\x03\x04 a letter";

/// A member with a consultation, and the link to its page.
pub struct Uploader<'a> {
    house: &'a House,
    person: Person<'a>,
    member: MemberId,
    consultation: ConsultationId,
    /// Path of the page.
    pub path: String,
}

impl<'a> Uploader<'a> {
    /// An employee of the first company who has asked something, and whose link is as old as the clock says.
    pub async fn new(house: &'a House) -> Self {
        let person = house.member(0).await;
        person.says("腰が痛いです").await;
        house.wait_until_nothing_is_taken().await;
        let heads = house.items_of("Consultation").await;
        let head = &heads[0];
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let member: MemberId = text(&head["pk"]).strip_prefix("MEMBER#").unwrap().parse().unwrap();
        let consultation: ConsultationId = text(&head["sk"]).strip_prefix("CONSULTATION#").unwrap().parse().unwrap();
        let path = link(house, member, consultation, &person.id, house.system.clock.now()).await;
        Self { house, person, member, consultation, path }
    }

    async fn asks(&self, name: &str, size: usize, kind: &str) -> Answer {
        self.house.post(&self.path, json!({ "name": name, "size": size, "type": kind })).await
    }

    async fn permit(&self, name: &str, size: usize, kind: &str) -> Value {
        self.asks(name, size, kind).await.json()
    }

    async fn sends(&self, name: &str, kind: &str, content: &[u8]) {
        let permit = self.permit(name, content.len(), kind).await;
        self.house.uploads(&permit, content).await.ok();
        self.house.wait_for_queue().await;
        self.house.wait_until_nothing_is_taken().await;
    }

    async fn keys(&self) -> Vec<String> {
        self.house.objects().await.iter().map(|object| object["key"].as_str().unwrap().to_owned()).collect()
    }
}

async fn link(house: &House, member: MemberId, consultation: ConsultationId, user: &str, at: DateTime<Utc>) -> String {
    let environment = &house.system.environment;
    let aws = runtime::Aws::new(&environment.aws);
    let installation = Parameters::new(aws.ssm(), &environment.parameters).installation().await.unwrap();
    let user = installation.line_user(&LineUserId::new(user));
    format!("documents/{}", installation.upload_path(member, consultation, &user, at))
}

async fn page(house: &House, path: &str) -> (u16, String) {
    let page = house.open_page(path).await;
    (page.status.as_u16(), page.text())
}

fn refused(answer: &Answer) -> (u16, Value) {
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    (answer.status.as_u16(), body["error"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_says_what_can_be_sent_who_reads_it_and_when_it_goes_and_shows_nothing_that_was_sent() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    uploader.sends("診断書.pdf", "application/pdf", PDF).await;
    let page = house.open_page(&uploader.path).await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, "text/html; charset=utf-8"));
    let text = page.text();
    for part in ["PDF、JPEG、PNG、HEIC", "20MB", "看護師・保健師だけが閲覧", "1か月後に自動で削除"] {
        assert!(text.contains(part), "{part}");
    }
    assert!(!text.contains("診断書"));
    for (name, value) in [("cache-control", "no-store"), ("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff")] {
        assert_eq!(page.header(name), value);
    }
    let policy = page.header("content-security-policy");
    let s3 = house.system.status.addresses.s3.as_str().trim_end_matches('/');
    assert!(policy.starts_with("default-src 'none'; ") && policy.contains(&format!("connect-src 'self' {s3};")), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_that_is_kept_becomes_a_document_and_a_message_of_the_consultation() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let kinds = [("Pdf", "application/pdf", PDF), ("Jpeg", "image/jpeg", JPEG), ("Png", "image/png", PNG), ("Heic", "", HEIC)];
    for (_, claim, content) in kinds {
        uploader.sends("file", claim, content).await;
    }
    let documents = house.documents().await;
    let mut found: Vec<_> =
        documents.iter().map(|document| (document["state"].as_str().unwrap(), document["content"].as_str().unwrap())).collect();
    found.sort_unstable();
    assert_eq!(found, [("Stored", "Heic"), ("Stored", "Jpeg"), ("Stored", "Pdf"), ("Stored", "Png")]);
    assert!(documents.iter().all(|document| document["expires_at"] == "2026-12-24T01:00:00.000Z"), "{documents:?}");
    assert_eq!(house.items_of("Message").await.len(), 5, "one that was written, four that were uploaded");
    let below = format!("documents/{}/{}/", uploader.member, uploader.consultation);
    let keys = uploader.keys().await;
    assert!(keys.len() == 4 && keys.iter().all(|key| key.starts_with(&below)), "{keys:?}");
    house.clock("2026-12-24T10:00:01+09:00").await;
    house.wait_until_nothing_is_taken().await;
    assert!(uploader.keys().await.is_empty() && house.documents().await.iter().all(|document| document["state"] == "Expired"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_opened_by_a_short_lived_address_under_its_own_type_and_name() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    uploader.sends("診断書.html", "application/pdf", PDF).await;
    let environment = &house.system.environment;
    let documents = Documents::new(runtime::Aws::new(&environment.aws).s3(), &environment.bucket);
    let (key, name) = (uploader.keys().await.remove(0), DocumentName::new("診断書.html"));
    let expires: DateTime<Utc> = "2026-12-24T10:00:00+09:00".parse().unwrap();
    let link = async |now| documents.view_link(&key, DocumentType::Pdf, Some(&name), expires, now).await.unwrap();
    let opened = Http::default().get(&link(house.system.clock.now()).await.unwrap()).await;
    assert_eq!((opened.status.as_u16(), opened.body.as_ref(), opened.header("content-type")), (200, PDF, "application/pdf"));
    let disposition = "inline; filename=\"document.pdf\"; filename*=UTF-8''%E8%A8%BA%E6%96%AD%E6%9B%B8.html.pdf";
    assert_eq!(opened.header("content-disposition"), disposition);
    let other = link(house.system.clock.now()).await.unwrap().replace("documents/", "uploads/");
    assert_eq!(Http::default().get(&other).await.status.as_u16(), 403);
    assert_eq!(link(expires).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_an_uploaded_file_stands_nowhere_in_clear() {
    let house = House::open().await;
    Uploader::new(&house).await.sends("うつ病の診断書.pdf", "application/pdf", PDF).await;
    house.wait_for_document("Stored").await;
    let name = "うつ病の診断書".as_bytes();
    for (file, content) in house.files() {
        assert!(!content.windows(name.len()).any(|part| part == name), "the name stands in {file}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_of_another_kind_by_its_content_is_deleted_at_once_and_the_member_told_once() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    uploader.sends("letter.pdf", "application/pdf", ZIP).await;
    assert_eq!(house.wait_for_document("NotKept").await["why"], "OtherType");
    assert!(house.objects().await.is_empty());
    assert_eq!(house.items_of("Message").await.len(), 1);
    let texts = uploader.person.texts().await;
    assert_says(&texts, "お預かりできる形式");
    assert_eq!(texts.iter().filter(|text| text.contains("お預かりできる形式")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_empty_or_says_that_it_is_something_else_gets_no_permit() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    for (size, kind, why) in [
        (21 * MIB, "application/pdf", "too-large"),
        (20 * MIB + 1, "application/pdf", "too-large"),
        (0, "application/pdf", "empty"),
        (5, "text/html", "other-type"),
    ] {
        assert_eq!(refused(&uploader.asks("a", size, kind).await), (422, json!(why)), "{size} {kind}");
    }
    let malformed = house.post(&uploader.path, json!({ "name": "a" })).await;
    assert_eq!(refused(&malformed), (400, json!("failed")));
    assert!(house.documents().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permit_is_for_one_object_of_that_length_and_type_and_is_used_once() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let permit = uploader.permit("a.pdf", PDF.len(), "application/pdf").await;
    assert_eq!(house.uploads(&permit, [PDF, b" "].concat()).await.status.as_u16(), 403, "another length");
    let mut other = permit.clone();
    other["headers"]["content-type"] = json!("text/html");
    assert_eq!(house.uploads(&other, PDF).await.status.as_u16(), 403, "another type");
    let mut other = permit.clone();
    other["headers"].as_object_mut().unwrap().remove("if-none-match");
    assert_eq!(house.uploads(&other, PDF).await.status.as_u16(), 403, "whatever lies there");
    let mut other = permit.clone();
    other["url"] = json!(permit["url"].as_str().unwrap().replace("/uploads/", "/documents/"));
    assert_eq!(house.uploads(&other, PDF).await.status.as_u16(), 403, "another place");
    assert!(house.objects().await.is_empty());
    // While nobody can look at it, it lies there.
    house.post("local/faults", json!({ "target": "s3", "mode": "500", "operation": "GetObject" })).await.ok();
    house.uploads(&permit, PDF).await.ok();
    let second: Vec<u8> = PDF.iter().rev().copied().collect();
    assert_eq!(house.uploads(&permit, second.clone()).await.status.as_u16(), 412);
    house.fault("s3", "none", 0).await;
    house.wait_for_queue().await;
    house.wait_for_document("Stored").await;
    // Once it was looked at, nothing that comes by the same permit changes it, or stays.
    house.uploads(&permit, second).await;
    house.wait_for_queue().await;
    let keys = uploader.keys().await;
    assert!(keys.len() == 1 && house.object(&keys[0]).await == PDF, "{keys:?}");
    assert_eq!(house.items_of("Message").await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_good_for_a_week_and_nobody_makes_one() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let forged = format!("{}A", &uploader.path[..uploader.path.len() - 1]);
    let forged = if forged == uploader.path { forged.replace("documents/", "documents/B") } else { forged };
    for path in [forged.as_str(), "documents/x", "documents/x/y"] {
        let (status, text) = page(&house, path).await;
        assert!(status == 404 && text.contains("このリンクはご利用いただけません"), "{path}: {status}");
        assert_eq!(refused(&house.post(path, json!({ "name": "a", "size": 5, "type": "image/png" })).await), (404, json!("over")));
    }
    house.clock("2026-12-01T09:59:59+09:00").await;
    assert_eq!(page(&house, &uploader.path).await.0, 200);
    house.clock("2026-12-01T10:00:00+09:00").await;
    let (status, text) = page(&house, &uploader.path).await;
    assert!(status == 410 && text.contains("新しいリンク"), "{status}");
    assert_eq!(refused(&uploader.asks("a", 5, "image/png").await), (410, json!("over")));
    assert!(house.documents().await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_adds_nothing_from_the_first_moment_of_the_next_month_on() {
    let house = House::open_at("2026-11-28T10:00:00+09:00").await;
    let uploader = Uploader::new(&house).await;
    let sakura = house.sakura().await;
    let (number, name) = sakura.employee(0);
    let file = format!("区分,社員番号,氏名,異動日\n退職,{number},{name},2026-11-30\n");
    house.delivers(&sakura, "monthly", "2026-11.csv", file).await;
    house.without_schedule("purge-monthly").await;
    house.without_schedule("purge-sweep").await;
    house.clock("2026-11-30T23:59:59+09:00").await;
    assert_eq!(uploader.asks("a", 5, "image/png").await.status.as_u16(), 200);
    house.clock("2026-12-01T00:00:00+09:00").await;
    assert_eq!(refused(&uploader.asks("a", 5, "image/png").await), (410, json!("over")));
    assert_eq!(page(&house, &uploader.path).await.0, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_another_member_or_consultation_lets_nobody_in() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let (now, other) = (house.system.clock.now(), house.person().await);
    let foreign = link(&house, uploader.member, uploader.consultation, &other.id, now).await;
    let consultation: ConsultationId = "01KAS2WJ0000000000000NNNNE".parse().unwrap();
    let none = link(&house, uploader.member, consultation, &uploader.person.id, now).await;
    for path in [foreign, none] {
        assert_eq!(page(&house, &path).await.0, 410, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consultation_has_twenty_documents_however_many_ask_at_once() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    for _ in 0..17 {
        uploader.permit("a", 5, "image/png").await;
    }
    let asked = futures::future::join_all((0..8).map(|_| uploader.asks("a", 5, "image/png"))).await;
    let permitted = asked.iter().filter(|answer| answer.status.is_success()).count();
    assert!(permitted <= 3 && house.documents().await.len() == 17 + permitted, "{permitted}");
    while house.documents().await.len() < 20 {
        uploader.permit("a", 5, "image/png").await;
    }
    assert_eq!(refused(&uploader.asks("a", 5, "image/png").await), (422, json!("too-many")));
    // What was never uploaded gives its place back.
    house.advance("PT1H").await;
    uploader.permit("a", 5, "image/png").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_between_the_steps_is_followed_by_one_who_ends_the_same() {
    for (target, operation, versions) in [("dynamodb", "TransactWriteItems", 2), ("s3", "PutObject", 1), ("s3", "DeleteObjects", 1)] {
        let house = House::open().await;
        let uploader = Uploader::new(&house).await;
        let permit = uploader.permit("a.pdf", PDF.len(), "application/pdf").await;
        house.without_schedule("outbox-sweep").await;
        // Nobody looks before it lies there.
        house.post("local/faults", json!({ "target": "s3", "mode": "500", "operation": "GetObject" })).await.ok();
        house.uploads(&permit, PDF).await.ok();
        house.calls().await;
        // The client itself tries three times.
        house.post("local/faults", json!({ "target": target, "mode": "500", "operation": operation, "count": 3 })).await.ok();
        if target != "s3" {
            house.fault("s3", "none", 0).await;
        }
        house.wait_for_queue().await;
        assert_eq!(house.wait_for_document("Stored").await["bytes"], json!(PDF.len()), "{operation}");
        let calls = house.calls().await;
        assert!(calls[target][operation].as_u64().is_some_and(|calls| calls >= 4), "{operation}: {calls}");
        let objects = house.objects().await;
        assert!(objects.len() == 1 && objects[0]["key"].as_str().unwrap().starts_with("documents/"), "{operation}: {objects:?}");
        assert_eq!(objects[0]["versions"].as_array().unwrap().len(), versions, "{operation}: {objects:?}");
        assert_eq!(house.items_of("Message").await.len(), 2, "{operation}");
        assert_eq!(house.get("local/queues").await[1]["dead"], json!([]), "{operation}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_mebibytes_are_kept_and_one_byte_more_is_not_however_it_came_there() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let mut largest = JPEG.to_vec();
    largest.resize(20 * MIB, 0);
    uploader.sends("a.jpg", "image/jpeg", &largest).await;
    assert_eq!(house.wait_for_document("Stored").await["bytes"], json!(20 * MIB));
    let permit = uploader.permit("b.jpg", 5, "image/jpeg").await;
    let url = permit["url"].as_str().unwrap();
    let key = &url[url.find("uploads/").unwrap()..url.find('?').unwrap()];
    largest.push(0);
    house.puts(key, largest).await;
    house.wait_for_queue().await;
    house.wait_until_nothing_is_taken().await;
    let documents = house.documents().await;
    assert!(documents.iter().any(|document| document["why"] == "TooLarge"), "{documents:?}");
    assert_says(&uploader.person.texts().await, "20MBを超えているため");
    assert_eq!(uploader.keys().await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_purge_finds_what_was_uploaded_and_what_comes_after_it_is_deleted() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    let (first, late) =
        (uploader.permit("a.pdf", PDF.len(), "application/pdf").await, uploader.permit("b.pdf", PDF.len(), "application/pdf").await);
    house.post("local/faults", json!({ "target": "s3", "mode": "500", "operation": "GetObject" })).await.ok();
    house.uploads(&first, PDF).await.ok();
    uploader.person.says("退会").await;
    uploader.person.touches("leave-yes").await;
    house.wait_until_nothing_is_taken().await;
    house.post("local/schedules/purge-sweep/run", json!({})).await.ok();
    assert!(house.objects().await.is_empty(), "{:?}", house.objects().await);
    house.fault("s3", "none", 0).await;
    house.uploads(&late, PDF).await.ok();
    house.wait_for_queue().await;
    assert!(house.objects().await.is_empty() && house.documents().await.is_empty());
    let member = uploader.member.to_string();
    assert!(!house.items().await.iter().any(|item| item["pk"].as_str().unwrap().contains(&member)));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_of_the_fixtures_is_answered_and_none_leaves_anything() {
    let house = House::open().await;
    let lambda = house.system.functions.lambda();
    let app = document_upload::App::new(&house.system.environment, house.system.clock.business());
    let before = house.items().await;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../events/document-upload");
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let event: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        if name.starts_with("arrival-") {
            assert_eq!(lambda.invoke("document-arrival", event).await.unwrap(), json!({ "batchItemFailures": [] }), "{name}");
        } else {
            let request: lambda_http::request::LambdaRequest = serde_json::from_value(event).unwrap();
            let answer = document_upload::handle(&app, lambda_http::Request::from(request)).await.unwrap();
            assert_eq!(answer.status().as_u16(), if name == "request-other-method" { 405 } else { 404 }, "{name}");
        }
        count += 1;
    }
    assert_eq!(count, 13);
    assert_eq!(house.items().await, before);
    assert!(house.objects().await.is_empty());
}
