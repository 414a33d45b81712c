//! Rows A3, B2, B3, B5: nurses answer on their desk, and nobody else sees anything.

use futures::future::join;
use nurse_console::route::{Permits, ROUTES};
use serde_json::{Value, json};
use store::Store;
use stories::{House, Person, Staff};

/// The address of the only consultation that waits.
pub async fn waiting(nurse: &Staff<'_>) -> String {
    let queue = nurse.opens("desk").await;
    queue.ok();
    let page = queue.text();
    let (_, after) = page.split_once("href=\"/desk/members/").expect("one waits");
    format!("desk/members/{}", after.split('"').next().unwrap())
}

pub fn store(house: &House) -> Store {
    let environment = &house.system.environment;
    Store::new(runtime::Aws::new(&environment.aws).dynamodb(), &environment.table, &environment.key_table)
}

/// The audit log of the day, as `who act outcome`.
pub async fn audit(house: &House) -> Vec<String> {
    let day = domain::time::jst_date(house.system.clock.now());
    let lines = store(house).audit_of(day).await.unwrap();
    lines.iter().map(|line| format!("{} {} {:?}", line.actor.subject, line.act, line.outcome)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_of_the_night_is_answered_in_the_morning_handed_over_closed_and_opened_again_by_the_member() {
    let house = House::open_at("2026-11-24T23:10:00+09:00").await;
    let person = house.member(0).await;
    person.says("眠れない日が続いています").await;
    house.clock("2026-11-25T09:10:00+09:00").await;
    let sato = house.signs_in("nurse-sato").await;
    let queue = sato.opens("desk").await.text();
    for part in ["株式会社さくら製作所", "10分", "未分類", "未照合", "佐藤 恵"] {
        assert!(queue.contains(part), "{part}: {queue}");
    }
    let thread = waiting(&sato).await;
    let page = sato.opens(&thread).await.text();
    assert!(page.contains("眠れない日が続いています") && page.contains("000101") && page.contains("髙橋 一郎"), "{page}");

    let answer = sato.acts(&thread, "reply", &[("text", "おはようございます。\r\nいつ頃からでしょうか。")]).await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, format!("/{thread}?sent=reply").as_str()));
    house.wait_until_nothing_is_taken().await;
    assert_eq!(person.texts().await.last().unwrap(), "佐藤 恵（産業看護職）より\n\nおはようございます。\nいつ頃からでしょうか。");
    assert!(sato.opens("desk").await.text().contains("回答を待っている相談はありません"));
    let company = house.sakura().await;
    let waited = store(&house).first_answers(company.id.parse().unwrap(), "2026-11".parse().unwrap()).await.unwrap();
    assert_eq!(waited.iter().map(|answer| (answer.minutes, answer.urgent)).collect::<Vec<_>>(), [(10, false)]);

    sato.acts(&thread, "topic", &[("topic", "mind")]).await;
    let form = sato.opens(&format!("{thread}/hand-over")).await.text();
    assert!(
        form.contains("伊藤 聡") && form.contains("山本 真理子") && !form.contains("type=\"radio\" name=\"to\" value=\"佐藤"),
        "{form}"
    );
    let ito_id = form.split("伊藤 聡").next().unwrap().rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(sato.acts_on(&form, &thread, "hand-over", &[("to", &ito_id)]).await.status, 303);
    person.says("1か月前からです").await;
    let ito = house.signs_in("psychologist-ito").await;
    assert!(ito.opens("desk/mine").await.text().contains(&format!("href=\"/{thread}\"")));
    let refused = sato.acts(&thread, "reply", &[("text", "横から失礼します")]).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("ほかの看護職が担当しています") && refused.text().contains("横から失礼します"),
        "what was written is not lost"
    );
    assert_eq!(ito.acts(&thread, "note", &[("text", "傾聴を続ける")]).await.status, 303);
    assert_eq!(ito.acts(&thread, "close", &[]).await.status, 409, "the last message has no answer");
    ito.acts(&thread, "reply", &[("text", "公認心理師の伊藤です。")]).await;
    assert_eq!(ito.acts(&thread, "close", &[]).await.status, 303);
    assert!(ito.opens("desk/mine").await.text().contains("回答済みで終了していない相談はありません"));
    assert!(!person.texts().await.iter().any(|text| text.contains("傾聴")), "a note stays in the house");

    house.advance("P6D").await;
    person.says("また眠れません").await;
    assert_eq!(waiting(&ito).await, thread, "the same consultation goes on");
    ito.acts(&thread, "reply", &[("text", "お話を伺います。")]).await;
    ito.acts(&thread, "close", &[]).await;
    house.advance("P8D").await;
    person.says("今度は腰です").await;
    assert_ne!(waiting(&ito).await, thread, "a week later it is another one");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_answers_in_the_same_moment_one_is_sent_and_the_other_is_kept_for_its_writer() {
    let house = House::open().await;
    let (sato, yamamoto) = (house.signs_in("nurse-sato").await, house.signs_in("nurse-yamamoto").await);
    let mut races = 0;
    for index in 0..10 {
        let person = house.member(index).await;
        person.says("相談があります").await;
        house.wait_until_nothing_is_taken().await;
        let thread = waiting(&sato).await;
        let before = person.messages().await.len();
        for round in 0..10 {
            // The first time two nurses, then two windows of the one who has it in hand.
            let first = if round == 0 { &sato } else { winner(&thread, &sato, &yamamoto).await };
            let second = if round == 0 { &yamamoto } else { first };
            let (page, other) = (first.opens(&thread).await.text(), second.opens(&thread).await.text());
            let (one, two) = join(
                first.acts_on(&page, &thread, "reply", &[("text", "一つ目の返信")]),
                second.acts_on(&other, &thread, "reply", &[("text", "二つ目の返信")]),
            )
            .await;
            let mut statuses = [one.status.as_u16(), two.status.as_u16()];
            statuses.sort_unstable();
            assert_eq!(statuses, [303, 409]);
            let lost = if one.status == 409 { (one.text(), "一つ目の返信") } else { (two.text(), "二つ目の返信") };
            assert!(lost.0.contains("この相談が更新されました"), "{}", lost.0);
            assert!(lost.0.contains(&format!(">{}</textarea>", lost.1)), "{}", lost.0);
            races += 1;
        }
        house.wait_until_nothing_is_taken().await;
        assert_eq!(person.messages().await.len(), before + 10);
    }
    assert_eq!(races, 100);
}

/// Who of the two has the thread in hand.
async fn winner<'a>(thread: &str, one: &'a Staff<'a>, two: &'a Staff<'a>) -> &'a Staff<'a> {
    if one.opens(thread).await.text().contains("id=\"reply-text\"") { one } else { two }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_answers_once() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("頭が痛いです").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let page = sato.opens(&thread).await.text();
    house.wait_until_nothing_is_taken().await;
    let before = person.messages().await.len();
    for _ in 0..3 {
        assert_eq!(sato.acts_on(&page, &thread, "reply", &[("text", "お大事に")]).await.status, 303);
    }
    house.wait_until_nothing_is_taken().await;
    assert_eq!(person.messages().await.len(), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_member_writes_while_the_nurse_does_is_shown_before_the_answer_goes() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("咳が出ます").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let page = sato.opens(&thread).await.text();
    person.says("血も混じります").await;
    let told = sato.acts_on(&page, &thread, "reply", &[("text", "様子を見てください")]).await;
    assert_eq!(told.status, 409);
    let shown = told.text();
    assert!(
        shown.contains("血も混じります") && shown.contains("様子を見てください</textarea>") && shown.contains("送信はしていません"),
        "{shown}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_closed_to_every_role_but_those_that_it_names_and_each_try_is_written_down() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("職場のことで相談です").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let parts: Vec<&str> = thread.split('/').collect();
    let (member, consultation) = (parts[2], parts[4]);
    let people = [
        ("nurse-sato", true, true),
        ("nurse-yamamoto", true, true),
        ("psychologist-ito", true, false),
        ("contact-tamura", false, false),
        ("contact-mori", false, false),
        ("operator-demo", false, false),
    ];
    for (who, is_nurse, reads_documents) in people {
        let staff = house.signs_in(who).await;
        for route in ROUTES {
            let below = route.pattern.replace("{member}", member).replace("{consultation}", consultation);
            let below = ["{document}", "{tenant}", "{interview}", "{file}"]
                .iter()
                .fold(below, |below, part| below.replace(part, "01KAS2WJ0000000000000DCMT1"));
            let path = format!("desk/{below}");
            let path = path.trim_end_matches('/');
            let before = audit(&house).await.len();
            let answer = if *route.method == "GET" { staff.opens(path).await } else { staff.sends(path, &[]).await };
            let may = match route.permits {
                Permits::Nurses => is_nurse,
                Permits::DocumentReaders => reads_documents,
            };
            let (status, lines) = (answer.status.as_u16(), audit(&house).await);
            assert_eq!(status != 403, may, "{who} {:?}: {status}", route.name);
            if !may {
                assert_eq!(lines.len(), before + 1, "{who} {:?}", route.name);
                assert!(lines.last().unwrap().ends_with(&format!("{:?} Forbidden", route.name)), "{lines:?}");
            }
            let stranger = house.open_page(path).await;
            assert!(*route.method != "GET" || [303, 401].contains(&stranger.status.as_u16()), "{path}: {}", stranger.status);
            // Somebody else's consultation below this member's address is not there, whoever asks.
            if is_nurse && path.contains("consultations") && *route.method == "GET" {
                let elsewhere = path.replace(member, "01KAS2WJ0000000000000MMBR9");
                let status = staff.opens(&elsewhere).await.status.as_u16();
                assert!([403, 404].contains(&status), "{elsewhere}: {status}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_or_without_its_token_does_nothing() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("めまいがします").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let fields = [("form", "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001"), ("version", "1"), ("text", "乗っ取り")];
    for (csrf, site) in [("wrong", "same-origin"), ("", "same-origin")] {
        assert_eq!(sato.sends_as(&format!("{thread}/reply"), &fields, csrf, site).await.status, 403);
    }
    let page = sato.opens(&thread).await.text();
    let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!(sato.sends_as(&format!("{thread}/reply"), &fields, csrf, "cross-site").await.status, 403);
    assert_eq!(sato.sends_as(&format!("{thread}/reply"), &fields, csrf, "same-origin").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_person_writes_is_only_text() {
    let house = House::open().await;
    let person = house.member(0).await;
    let bad = "<script>alert(1)</script>\"><img src=x onerror=alert(1)> {{7*7}} </textarea>";
    person.says(bad).await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    sato.acts(&thread, "note", &[("text", bad)]).await;
    sato.acts(&thread, "reply", &[("text", &format!("{bad}\r\nSet-Cookie: a=b"))]).await;
    let long = "あ".repeat(2001);
    let refused = sato.acts(&thread, "reply", &[("text", &format!("</textarea><script>x</script>{long}"))]).await;
    assert_eq!(refused.status, 400);
    for page in [sato.opens(&thread).await, refused] {
        let shown = page.text();
        assert!(!shown.contains("<script>alert") && !shown.contains("<img") && !shown.contains("<script>x"), "{shown}");
        assert!(shown.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.header("content-security-policy").contains("default-src 'none'") && page.header("set-cookie").is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_opened_by_nurses_not_by_psychologists_and_by_nobody_when_its_month_is_over() {
    let house = House::open_at("2027-01-31T10:20:30+09:00").await;
    let person = house.member(0).await;
    person.says("湿疹の写真を送ります").await;
    person.sends_picture().await;
    house.wait_for_document("Stored").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    let page = sato.opens(&thread).await.text();
    let document = page.split("/documents/").nth(1).expect("a link").split('"').next().unwrap();
    let path = format!("{thread}/documents/{document}");
    let link = sato.opens(&path).await;
    assert_eq!(link.status, 303);
    assert!(link.header("location").contains("X-Amz-Signature"));
    let ito = house.signs_in("psychologist-ito").await;
    let refused = ito.opens(&path).await;
    assert!(refused.status == 403 && refused.text().contains("資料は看護師・保健師のみが閲覧できます"));
    assert!(ito.opens(&thread).await.text().contains("資料は看護師・保健師のみが閲覧できます"));
    house.clock("2027-02-28T10:20:29+09:00").await;
    assert_eq!(house.signs_in("nurse-sato").await.opens(&path).await.status, 303);
    house.clock("2027-02-28T10:20:31+09:00").await;
    let refused = sato.opens(&path).await;
    assert!(refused.status == 410 && refused.text().contains("保存期間（1か月）が過ぎた"), "{}", refused.status);
}

/// Opens the link that came last, and sends a PDF there.
pub async fn uploads(house: &House, person: &Person<'_>, name: &str, content: &[u8]) {
    let text = person.texts().await.pop().unwrap();
    let link = text.lines().find(|line| line.starts_with("http")).unwrap();
    let path = link.strip_prefix(house.system.status.addresses.front.as_str()).unwrap();
    assert!(house.open_page(path).await.text().contains("資料の送信"));
    let permit = house.post(path, json!({ "name": name, "size": content.len(), "type": "application/pdf" })).await.json();
    house.uploads(&permit, content).await.ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_uploads_by_the_link_that_a_nurse_sent_and_the_nurse_opens_it() {
    let house = House::open().await;
    let person = house.member(0).await;
    person.says("健診の結果を見てほしいです").await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    house.wait_until_nothing_is_taken().await;
    assert_eq!(sato.acts(&thread, "ask-documents", &[]).await.status, 303);
    house.wait_until_nothing_is_taken().await;
    uploads(&house, &person, "結果.pdf", b"%PDF-1.7 results").await;
    house.wait_for_document("Stored").await;
    let page = sato.opens(&thread).await.text();
    assert!(page.contains("結果.pdf") && page.contains("資料を受け取りました"), "{page}");
    let document = page.split(&format!("href=\"/{thread}/documents/")).nth(1).unwrap().split('"').next().unwrap();
    let shown = sato.opens(&format!("{thread}/documents/{document}")).await;
    assert_eq!(stories::Http::default().get(shown.header("location")).await.text(), "%PDF-1.7 results");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_claims_a_number_is_found_and_two_stand_side_by_side() {
    let house = House::open().await;
    let company = house.sakura().await;
    let (one, two) = (house.member(0).await, house.person().await);
    two.registers(&company, company.employee(0).0).await;
    one.says("相談です").await;
    let sato = house.signs_in("nurse-sato").await;
    let found = sato.sends("desk/search", &[("tenant", &company.id), ("number", "１０１")]).await.text();
    assert_eq!(found.matches("登録日時").count(), 2, "{found}");
    assert!(found.contains("ほかの登録者も同じ社員番号で登録しています") && found.contains("相談はまだありません"));
    let thread = waiting(&sato).await;
    house.wait_until_nothing_is_taken().await;
    assert_eq!(sato.acts(&thread, "ask-again", &[]).await.status, 303);
    house.wait_until_nothing_is_taken().await;
    assert!(one.texts().await.last().unwrap().contains("名簿と一致しませんでした"));
    assert!(sato.sends("desk/search", &[("tenant", &company.id), ("number", "999")]).await.text().contains("登録している方はいません"));
}

fn sum(calls: &Value, target: &str) -> u64 {
    assert!(calls[target]["Scan"].is_null(), "a scan");
    calls[target].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_costs_four_table_calls_and_no_key_and_a_thread_eight_and_one() {
    let house = House::open().await;
    for index in 0..5 {
        let person = house.member(index).await;
        person.says("相談です").await;
        person.says("続きです").await;
    }
    house.wait_until_nothing_is_taken().await;
    let sato = house.signs_in("nurse-sato").await;
    let thread = waiting(&sato).await;
    for (path, tables, keys) in [("desk", 4, 0), (thread.as_str(), 8, 1)] {
        house.system.functions.cold_start().unwrap();
        house.calls().await;
        sato.opens(path).await.ok();
        let calls = house.calls().await;
        assert_eq!((sum(&calls, "dynamodb"), sum(&calls, "kms")), (tables, keys), "{path}: {calls}");
    }
}
