//! Row C7: the request form comes with the booking or later, who does not send it is reminded, nurses read it, and it goes.

use std::collections::BTreeSet;

use futures::future::join;
use serde_json::{Value, json};
use stories::{Answer, House, Http, JPEG, Staff, hidden};

use crate::{
    booking::{confirms, free, holds},
    desk::audit,
    logged::{Logged, holds as stands_in},
    purge::killed_after,
};

const NOW: &str = "2026-11-25T10:00:00+09:00";
const PDF: &[u8] = b"%PDF-1.7 a letter of the company's physician";
const NAME: &str = "紹介状（うつ病）.pdf";
/// The subject of the reminder.
const REMINDER: &str = "依頼書のご提出のお願い";

/// Books a slot of the week of 8 December, beside `changed` as in the other stories; gives the path of the interview.
async fn books(contact: &Staff<'_>, slot: &str, changed: &[(&str, &str)]) -> String {
    let form = holds(contact, slot).await.expect("nobody was faster");
    let booked = confirms(contact, &form, changed).await;
    assert_eq!(booked.status, 303, "{}", booked.text());
    booked.header("location").trim_start_matches('/').split('?').next().unwrap().to_owned()
}

/// Saves the form as on `page`, which shows the interview.
async fn saves_on(contact: &Staff<'_>, page: &str, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let seen = [("version", hidden(page, "version")), ("file", hidden(page, "file"))];
    let fields: Vec<_> = seen.iter().chain(fields).copied().collect();
    contact.sends_file(&format!("{path}/request-form"), &fields, file.map(|(name, content)| ("attachment", name, content))).await
}

/// The same on the page as it is now.
pub async fn saves(contact: &Staff<'_>, path: &str, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let page = contact.opens(path).await;
    page.ok();
    saves_on(contact, &page.text(), path, fields, file).await
}

#[track_caller]
fn saved(answer: &Answer, path: &str) {
    assert_eq!(answer.header("location"), format!("/{path}?sent=request"), "{}: {}", answer.status, answer.text());
}

fn removes(page: &str) -> Vec<String> {
    page.split("name=\"remove\" value=\"").skip(1).map(|after| after.split('"').next().unwrap().to_owned()).collect()
}

async fn reminders(house: &House) -> usize {
    house.mails().await.iter().filter(|mail| mail["subject"].as_str().unwrap().contains(REMINDER)).count()
}

/// Lets time pass until everything that is due has gone.
async fn settles(house: &House, now: &str) {
    house.clock(now).await;
    for _ in 0..3 {
        house.wait_until_nothing_is_taken().await;
        house.advance("PT1M").await;
    }
    house.wait_until_nothing_is_taken().await;
}

async fn objects(house: &House) -> Vec<String> {
    house.objects().await.iter().map(|object| object["key"].as_str().unwrap().to_owned()).collect()
}

async fn forms(house: &House) -> Vec<Value> {
    house.items_of("RequestForm").await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_books_with_a_reason_has_submitted_it_and_who_does_not_is_asked_and_reminded_once() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let with = books(&tamura, &slots[0], &[("wishes", "復職後の面談です。\r\n<b>午前</b>を希望します。")]).await;
    let page = tamura.opens(&format!("{with}?sent=booked")).await.text();
    assert!(page.contains("ご提出いただいています") && page.contains("復職後の面談です。\n&lt;b&gt;午前&lt;/b&gt;"), "{page}");
    assert!(page.contains("1月7日(木) 9:20に自動で削除"), "{page}");
    let without = books(&tamura, &slots[1], &[]).await;
    let page = tamura.opens(&format!("{without}?sent=booked")).await.text();
    assert!(page.contains("まだご提出いただいていません") && page.contains("面談依頼書をご提出ください"), "{page}");
    assert_eq!(forms(&house).await.len(), 1);
    for (file, content) in house.files() {
        assert!(!stands_in(&content, "復職後の面談"), "the reason stands in {file}");
    }
    settles(&house, "2026-12-04T08:59:00+09:00").await;
    settles(&house, "2026-12-04T09:05:00+09:00").await;
    assert_eq!(reminders(&house).await, 1);
    let mails = house.mails().await;
    let mail = mails.iter().find(|mail| mail["subject"].as_str().unwrap().contains(REMINDER)).unwrap();
    let text = mail["text"].as_str().unwrap();
    assert!(mail["to"].to_string().contains("tamura@") && text.contains(&format!("/{without}")) && text.contains("そのまま有効"), "{text}");
    let tamura = house.signs_in("contact-tamura").await;
    assert!(tamura.opens(&without).await.text().contains("面談の予約：確定"));
    settles(&house, "2026-12-06T09:05:00+09:00").await;
    assert_eq!(reminders(&house).await, 1, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reminder_goes_with_what_is_submitted_moved_cancelled_or_approved_later() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let wednesday = slots.iter().find(|slot| slot.starts_with("2026-12-09")).unwrap();
    let (submitted, moved) = (books(&tamura, &slots[0], &[]).await, books(&tamura, &slots[1], &[]).await);
    // The third and the fourth await approval: nothing is asked of them until the nurse in charge approves.
    let (approved, cancelled) = (books(&tamura, &slots[2], &[]).await, books(&tamura, &slots[3], &[]).await);
    let sato = house.signs_in("nurse-sato").await;
    let company = house.sakura().await;
    for interview in [&approved, &cancelled] {
        let id = interview.rsplit('/').next().unwrap();
        let act = [("tenant", company.id.as_str()), ("interview", id), ("act", "approve")];
        assert_eq!(sato.sends("desk/interviews", &act).await.status, 303);
    }
    saved(&saves(&tamura, &submitted, &[("reason", "健診の結果について")], None).await, &submitted);
    assert_eq!(tamura.sends(&format!("{moved}/move"), &[("slot", wednesday)]).await.status, 303);
    assert_eq!(tamura.sends(&format!("{cancelled}/cancel"), &[("in-time", "1")]).await.status, 303);
    settles(&house, "2026-12-04T09:05:00+09:00").await;
    assert_eq!(reminders(&house).await, 1, "of the approved one");
    settles(&house, "2026-12-08T09:05:00+09:00").await;
    assert_eq!(reminders(&house).await, 2, "of the one that was moved");
    let links: Vec<String> = house.mails().await.iter().map(|mail| mail["text"].as_str().unwrap().to_owned()).collect();
    let reminded = |path: &str| links.iter().any(|text| text.contains("お預かりしておりません") && text.contains(&format!("/{path}")));
    assert_eq!([&submitted, &moved, &approved, &cancelled].map(|path| reminded(path)), [false, true, true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_added_later_opened_by_who_holds_the_interview_and_who_is_in_charge_and_removed_again() {
    let logged = Logged::start();
    let house = House::open_at(NOW).await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    let slots = free(&tamura, "2026-12-08").await;
    // Of nurse Yamamoto's, while nurse Sato is in charge.
    let slot = slots.iter().find(|slot| slot.starts_with("2026-12-08")).unwrap();
    let interview = books(&tamura, slot, &[]).await;
    let yamamoto = house.signs_in("nurse-yamamoto").await;
    assert!(yamamoto.opens("desk/interviews").await.text().contains("面談依頼書：未提出"));
    saved(&saves(&tamura, &interview, &[("reason", "主治医からの紹介です")], Some((NAME, PDF))).await, &interview);
    let page = tamura.opens(&interview).await.text();
    assert!(
        page.contains(&format!("{NAME}（1KB）")) && page.contains("主治医からの紹介です") && page.contains("ご提出いただいて"),
        "{page}"
    );
    let id = interview.rsplit('/').next().unwrap();
    let [key] = objects(&house).await.try_into().unwrap();
    assert!(key.starts_with(&format!("request-forms/{}/{id}/", company.id)), "{key}");

    let desk = yamamoto.opens("desk/interviews").await.text();
    assert!(desk.contains("主治医からの紹介です") && desk.contains(NAME) && !desk.contains("未提出"), "{desk}");
    let file = format!("desk/interviews/{}/{id}/files/{}", company.id, key.rsplit('/').next().unwrap());
    assert!(desk.contains(&format!("href=\"/{file}\"")), "{desk}");
    for (who, status) in [
        ("nurse-yamamoto", 303),
        ("nurse-sato", 303),
        ("psychologist-ito", 403),
        ("contact-tamura", 403),
        ("contact-mori", 403),
        ("operator-demo", 403),
    ] {
        let staff = house.signs_in(who).await;
        let answer = staff.opens(&file).await;
        assert_eq!(answer.status, status, "{who}: {}", answer.text());
        if status == 303 {
            let link = answer.header("location").to_owned();
            assert!(link.contains("X-Amz-Expires=60&"), "{link}");
            let opened = Http::default().get(&link).await;
            assert_eq!((opened.body.as_ref(), opened.header("content-type")), (PDF, "application/pdf"));
            assert!(opened.header("content-disposition").starts_with("inline; filename=\"document.pdf\"; filename*=UTF-8''"));
        }
    }
    assert_eq!(house.open_page(&file).await.status, 303, "a stranger goes to the sign-in");
    let other = format!("{}{}", &file[..file.len() - 1], if file.ends_with('0') { '1' } else { '0' });
    assert_eq!(yamamoto.opens(&other).await.status, 404);
    assert!(!house.signs_in("psychologist-ito").await.opens("desk/interviews").await.text().contains("主治医"));

    // The text goes, then the only file: from then on the form is missing, and the reminder is there again.
    saved(&saves(&tamura, &interview, &[("reason", "")], None).await, &interview);
    let [added] = removes(&tamura.opens(&interview).await.text()).try_into().unwrap();
    saved(&saves(&tamura, &interview, &[("reason", ""), ("remove", &added)], None).await, &interview);
    house.wait_until_nothing_is_taken().await;
    assert!(objects(&house).await.is_empty() && house.signs_in("nurse-yamamoto").await.opens(&file).await.status == 404);
    assert!(yamamoto.opens("desk/interviews").await.text().contains("面談依頼書：未提出"));
    let lines = audit(&house).await;
    for line in ["contact-tamura RequestFormInterview Done", "nurse-yamamoto RequestFile Done", "psychologist-ito RequestFile Forbidden"] {
        assert!(lines.iter().any(|written| written == line), "{line}: {lines:?}");
    }
    settles(&house, "2026-12-07T09:05:00+09:00").await;
    assert_eq!(reminders(&house).await, 1);
    for secret in [NAME, "紹介状", "主治医"] {
        assert!(!logged.has(secret), "{secret} stands in the log");
        assert!(house.files().iter().all(|(_, content)| !stands_in(content, secret)), "{secret} stands on the disk");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_psychologist_who_holds_an_interview_reads_its_form() {
    let house = House::open_at(NOW).await;
    let (tamura, ito) = (house.signs_in("contact-tamura").await, house.signs_in("psychologist-ito").await);
    assert_eq!(ito.sends("desk/hours", &[("wed", "15:00〜15:20"), ("dates", "")]).await.status, 303);
    let slots = free(&tamura, "2026-12-09").await;
    let slot = slots.iter().find(|slot| slot.starts_with("2026-12-09T06:00")).unwrap();
    let interview = books(&tamura, slot, &[]).await;
    saved(&saves(&tamura, &interview, &[], Some(("a.jpg", JPEG))).await, &interview);
    let desk = ito.opens("desk/interviews").await.text();
    let file = desk.split("href=\"/desk/interviews/").nth(1).unwrap().split('"').next().unwrap();
    let opened = Http::default().get(ito.opens(&format!("desk/interviews/{file}")).await.header("location")).await;
    assert_eq!((opened.body.as_ref(), opened.header("content-type")), (JPEG, "image/jpeg"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_told_in_words_and_nothing_that_was_typed_is_lost() {
    const MIB: usize = 1024 * 1024;
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let interview = books(&tamura, &free(&tamura, "2026-12-08").await[0], &[("wishes", "はじめの理由")]).await;
    let sized = |bytes: usize| [PDF, &vec![b' '; bytes - PDF.len()]].concat();
    let long = "あ".repeat(1001);
    for (reason, content, why) in [
        ("書き直した理由", b"PK\x03\x04 a letter".to_vec(), "PDF、JPEG、PNG、HEICです"),
        ("書き直した理由", b"<script>alert(1)</script>".to_vec(), "PDF、JPEG、PNG、HEICです"),
        ("書き直した理由", Vec::new(), "中身が空です"),
        ("書き直した理由", sized(4 * MIB + 1), "4MBまでのファイル"),
        (&long, PDF.to_vec(), "1000文字以内"),
    ] {
        let refused = saves(&tamura, &interview, &[("reason", reason)], Some(("letter.pdf", &content))).await;
        let text = refused.text();
        assert!(refused.status == 400 && text.contains(why) && text.contains("保存されていません"), "{}: {text}", refused.status);
        assert!(text.contains(&format!(">{reason}</textarea>")), "what was typed is still there");
    }
    assert!(objects(&house).await.is_empty() && forms(&house).await[0]["version"] == 1);
    assert!(tamura.opens(&interview).await.text().contains(">はじめの理由</textarea>"));
    // Lambda takes no more: the gateway answers, which the page's script keeps people from.
    assert_eq!(saves(&tamura, &interview, &[], Some(("letter.pdf", &sized(5 * MIB)))).await.status, 413);

    for number in 0..5 {
        let (name, content) = (format!("{number}.pdf"), if number == 0 { sized(4 * MIB) } else { PDF.to_vec() });
        saved(&saves(&tamura, &interview, &[], Some((&name, &content))).await, &interview);
    }
    let page = tamura.opens(&interview).await.text();
    assert!(page.contains("0.pdf（4.0MB）") && page.contains("5件に達しています") && !page.contains("type=\"file\""), "{page}");
    let sixth = saves(&tamura, &interview, &[("reason", "書き直した理由")], Some(("6.pdf", PDF))).await;
    assert!(sixth.status == 400 && sixth.text().contains("5件までです") && sixth.text().contains(">書き直した理由</textarea>"));
    assert_eq!(objects(&house).await.len(), 5);
    let first = removes(&page).remove(0);
    saved(&saves(&tamura, &interview, &[("remove", &first)], Some(("6.pdf", PDF))).await, &interview);
    house.wait_until_nothing_is_taken().await;
    assert_eq!(objects(&house).await.len(), 5, "one goes, one comes");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_company_sees_and_changes_nothing_and_neither_does_a_forged_form() {
    let house = House::open_at(NOW).await;
    let (tamura, hikari) = (house.signs_in("contact-tamura").await, house.hikari().await);
    let plans = [domain::tenant::Plan::EmployeeSupport, domain::tenant::Plan::InterviewSupport].into();
    let change = ops::tenant::TenantChange { plans: Some(plans), ..Default::default() };
    house.ops().change_tenant(&hikari.id, change).await.unwrap();
    let interview = books(&tamura, &free(&tamura, "2026-12-08").await[0], &[("wishes", "社外秘の理由")]).await;
    let page = tamura.opens(&interview).await.text();
    let mori = house.signs_in("contact-mori").await;
    assert_eq!(mori.opens(&interview).await.status, 404);
    let path = format!("{interview}/request-form");
    let seen = [("version", "1"), ("file", hidden(&page, "file")), ("reason", "x")];
    assert_eq!(mori.sends_file(&path, &seen, Some(("attachment", "a.pdf", PDF))).await.status, 404);
    for who in ["nurse-sato", "psychologist-ito", "operator-demo"] {
        assert_eq!(house.signs_in(who).await.sends_file(&path, &seen, None).await.status, 403, "{who}");
    }
    for (csrf, site) in [("forged", "same-origin"), (hidden(&page, "csrf"), "cross-site"), ("", "same-origin")] {
        assert_eq!(tamura.sends_file_as(&path, &seen, None, csrf, site).await.status, 403, "{csrf} {site}");
    }
    assert_eq!(tamura.sends(&path, &seen).await.status, 403, "no multipart");
    assert!(objects(&house).await.is_empty() && forms(&house).await.len() == 1 && forms(&house).await[0]["version"] == 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_sent_twice_adds_its_file_once_and_of_two_contacts_the_slower_is_told() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let interview = books(&tamura, &free(&tamura, "2026-12-08").await[0], &[]).await;
    let page = tamura.opens(&interview).await.text();
    let fields = [("reason", "一度だけ")];
    let twice = || saves_on(&tamura, &page, &interview, &fields, Some(("a.pdf", PDF)));
    let (one, two) = join(twice(), twice()).await;
    assert!([&one, &two].iter().any(|answer| answer.status == 303), "{} {}", one.status, two.status);
    saved(&twice().await, &interview);
    assert_eq!((objects(&house).await.len(), removes(&tamura.opens(&interview).await.text()).len()), (1, 1));

    // Who looks at what was there before loses nothing of what they typed, and overwrites nothing.
    let stale = saves_on(&tamura, &page, &interview, &[("reason", "別の担当者の理由")], None).await;
    let text = stale.text();
    assert!(stale.status == 409 && text.contains("面談依頼書が更新されました") && text.contains(">別の担当者の理由</textarea>"), "{text}");
    let page = tamura.opens(&interview).await.text();
    assert!(page.contains(">一度だけ</textarea>"));
    let both = join(
        saves_on(&tamura, &page, &interview, &[("reason", "一人目")], None),
        saves_on(&tamura, &page, &interview, &[("reason", "二人目")], None),
    );
    let (one, two) = both.await;
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_put_and_that_no_form_names_is_deleted_soon() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let interview = books(&tamura, &free(&tamura, "2026-12-08").await[0], &[]).await;
    // It is put, and the function never learns of it: as if it had been killed there.
    house.post("local/faults", json!({ "target": "s3", "mode": "lost", "operation": "PutObject", "count": 10 })).await.ok();
    let page = tamura.opens(&interview).await.text();
    assert_eq!(saves_on(&tamura, &page, &interview, &[], Some(("a.pdf", PDF))).await.status, 500);
    house.fault("s3", "none", 0).await;
    assert_eq!(objects(&house).await.len(), 1);
    assert!(tamura.opens(&interview).await.text().contains("まだご提出いただいていません"));
    let again = saves_on(&tamura, &page, &interview, &[], Some(("a.pdf", PDF))).await;
    assert!(again.status == 409 && again.text().contains("もう一度お試しください"), "the file that goes is not named: {}", again.status);
    saved(&saves(&tamura, &interview, &[], Some(("b.pdf", PDF))).await, &interview);
    settles(&house, "2026-11-25T10:09:00+09:00").await;
    let [left] = objects(&house).await.try_into().unwrap();
    assert!(left.ends_with(&removes(&tamura.opens(&interview).await.text())[0]), "what the form names stays");
}

/// The files that forms name, and those in the bucket.
async fn named_and_there(house: &House) -> [BTreeSet<String>; 2] {
    let id = |text: &str| text.rsplit('/').next().unwrap().to_owned();
    let forms = forms(house).await;
    let named = forms.iter().flat_map(|form| form["files"].as_array().unwrap()).map(|file| id(file["id"].as_str().unwrap()));
    [named.collect(), objects(house).await.iter().map(|key| id(key)).collect()]
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_anywhere_in_the_middle_of_saving_a_form_names_what_is_in_the_bucket_and_nothing_else_stays_there() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let interview = books(&tamura, &slots[0], &[]).await;
    let app = slot_booking::App::new(&house.system.environment, &house.system.sign_in, house.system.clock.business());
    // First a file is added, then another one in its place.
    for _ in 0..2 {
        let mut moments = 0;
        loop {
            moments += 1;
            let page = tamura.opens(&interview).await.text();
            let there = removes(&page);
            let mut fields = vec![("version", hidden(&page, "version")), ("file", hidden(&page, "file"))];
            fields.extend(there.first().map(|file| ("remove", file.as_str())));
            let (headers, body) = tamura.form_with_file(&fields, Some(("attachment", "a.pdf", PDF)), hidden(&page, "csrf"), "same-origin");
            let request = http::Request::post(format!("http://localhost/{interview}/request-form"));
            let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
            let request = request.body(lambda_http::Body::Binary(body)).unwrap();
            let ended = killed_after(moments, Box::pin(slot_booking::handle(&app, request))).await;
            for _ in 0..2 {
                house.advance("PT11M").await;
                house.wait_until_nothing_is_taken().await;
            }
            let [named, there] = named_and_there(&house).await;
            assert_eq!(named, there, "killed in moment {moments}");
            if ended {
                assert_eq!(named.len(), 1);
                break;
            }
        }
        // How many there are depends on how soon tables and bucket answer.
        assert!(moments > 1, "{moments} moments to be killed in");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_goes_a_month_after_the_interview_or_its_cancellation_and_nobody_reads_it_from_that_instant_on() {
    let house = House::open_at(NOW).await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = free(&tamura, "2026-12-08").await;
    let friday = slots.iter().find(|slot| slot.starts_with("2026-12-11")).unwrap();
    let kept = books(&tamura, &slots[0], &[("wishes", "実施する面談")]).await;
    let cancelled = books(&tamura, &slots[1], &[("wishes", "取り消す面談")]).await;
    for interview in [&kept, &cancelled] {
        saved(&saves(&tamura, interview, &[], Some((NAME, PDF))).await, interview);
    }
    assert_eq!(tamura.sends(&format!("{cancelled}/cancel"), &[("in-time", "1")]).await.status, 303);
    let page = tamura.opens(&cancelled).await.text();
    assert!(page.contains("12月25日(金) 10:00に自動で削除") && page.contains("取り消す面談") && !page.contains("<textarea"), "{page}");
    assert_eq!(saves(&tamura, &cancelled, &[("reason", "追記")], None).await.status, 400);
    settles(&house, "2026-12-04T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    assert_eq!(tamura.sends(&format!("{kept}/move"), &[("slot", friday)]).await.status, 303);
    let desk = house.signs_in("nurse-sato").await.opens("desk/interviews").await.text();
    let file = desk.split("href=\"/desk/interviews/").nth(1).unwrap().split('"').next().unwrap();
    let file = format!("desk/interviews/{file}");
    assert_eq!((objects(&house).await.len(), forms(&house).await.len()), (2, 2));

    settles(&house, "2026-12-25T10:00:00+09:00").await;
    assert_eq!((objects(&house).await.len(), forms(&house).await.len()), (1, 1));
    let tamura = house.signs_in("contact-tamura").await;
    assert!(!tamura.opens(&cancelled).await.text().contains("面談依頼書"));
    // Moved from Monday, the 7th, to Friday, the 11th, at 13:00.
    settles(&house, "2027-01-07T09:30:00+09:00").await;
    assert_eq!((objects(&house).await.len(), forms(&house).await.len()), (1, 1));
    house.without_schedule("outbox-sweep").await;
    house.system.clock.hold("2027-01-11T13:19:59+09:00".parse().unwrap());
    let sato = house.signs_in("nurse-sato").await;
    let last = sato.opens(&file).await;
    assert!(last.status == 303 && last.header("location").contains("X-Amz-Expires=1&"), "{}", last.header("location"));
    house.system.clock.hold("2027-01-11T13:20:00+09:00".parse().unwrap());
    assert_eq!(sato.opens(&file).await.status, 404);
    assert!(!house.signs_in("contact-tamura").await.opens(&kept).await.text().contains("実施する面談"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_form_is_left_when_its_employee_or_its_company_is_erased() {
    let house = House::open_at(NOW).await;
    let (tamura, company) = (house.signs_in("contact-tamura").await, house.sakura().await);
    house.enter(&company, "000555", "柊原 蕗子").await;
    let slots = free(&tamura, "2026-12-08").await;
    let of_leaver = books(&tamura, &slots[0], &[("number", "555"), ("name", "柊原 蕗子"), ("wishes", "退職前の面談")]).await;
    let stays = books(&tamura, &slots[1], &[]).await;
    for interview in [&of_leaver, &of_leaver, &stays] {
        saved(&saves(&tamura, interview, &[], Some((NAME, PDF))).await, interview);
    }
    let id = of_leaver.rsplit('/').next().unwrap().to_owned();
    house.delivers(&company, "monthly", "11.csv", "区分,社員番号,氏名,異動日\n退職,000555,柊原 蕗子,2026-11-30\n").await;
    settles(&house, "2026-12-01T03:00:00+09:00").await;
    settles(&house, "2026-12-01T03:20:00+09:00").await;
    let keys = objects(&house).await;
    assert!(
        keys.iter().filter(|key| key.starts_with("request-forms/")).count() == 1 && !keys.iter().any(|key| key.contains(&id)),
        "{keys:?}"
    );
    assert_eq!(forms(&house).await.len(), 1);
    assert!(house.items_of("Interview").await.iter().all(|item| !item.to_string().contains(&id)));
    let mails = house.mails().await;
    let certificate =
        mails.iter().map(|mail| mail["text"].as_str().unwrap()).find(|text| text.contains("面談依頼書：1")).expect("a certificate");
    assert!(certificate.contains("添付ファイル（すべての版）：2"), "{certificate}");

    house.ops().end_tenant(&company.id, "2027-02".parse().unwrap(), true).await.unwrap();
    settles(&house, "2026-12-20T10:00:00+09:00").await;
    settles(&house, "2027-03-01T03:10:00+09:00").await;
    assert!(objects(&house).await.iter().all(|key| !key.starts_with("request-forms/")) && forms(&house).await.is_empty());
}
