//! The pages in a real browser, on a phone and on a desk. `tests/run` installs what it needs.

use std::path::Path;

use serde_json::json;
use stories::House;
use tokio::process::Command;

use crate::{contacts::Delivered, portal::held_back, uploads::Uploader};

/// Lets `script` drive a browser; it gets the front's address, a folder for its screenshots, and `arguments`.
async fn drive(house: &House, script: &str, shots: &str, arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser");
    assert!(folder.join("node_modules").exists(), "run tests/run: it installs the browser and what drives it");
    let shots = Path::new(env!("CARGO_TARGET_TMPDIR")).join(shots);
    let story = Command::new("node")
        .arg(script)
        .arg(house.system.status.addresses.front.as_str())
        .arg(&shots)
        .args(arguments)
        .current_dir(folder)
        .kill_on_drop(true)
        .output()
        .await
        .expect("node");
    let said = String::from_utf8_lossy(&story.stderr);
    assert!(story.status.success(), "{said}\nscreenshots: {}", shots.display());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_registers_sends_a_picture_and_withdraws_it_on_the_chat_page() {
    let house = House::open().await;
    drive(&house, "member.mjs", "screenshots", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nurse_signs_in_answers_and_sees_what_comes_meanwhile() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    let (one, two) = (house.member(0).await, house.member(1).await);
    drive(&house, "nurse.mjs", "screenshots-nurse", &[&one.id, &two.id]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_reads_reports_and_a_roster_is_delivered_on_the_buckets_page() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    let nothing = json!({ "outcome": "applied", "blocking": 0, "warnings": 0, "findings": [] });
    let applied = Delivered::new(&house, "01KAS2WJ0000000000000MPRT1", nothing).await;
    let full = json!({ "kind": "full", "outcome": "applied", "missing": 14, "blocking": 0, "warnings": 0, "findings": [] });
    let full = Delivered::new(&house, "01KAS2WJ0000000000000MPRT2", full).await;
    full.put("leavers.csv", "社員番号\r\n").await;
    let many = json!({ "outcome": "waiting", "left": 1204, "blocking": 0, "warnings": 0, "findings": [] });
    let waiting = Delivered::new(&house, "01KAS2WJ0000000000000MPRT3", many).await;
    let findings = json!([
        { "line": null, "column": "name", "position": null, "code": "column-missing" },
        { "line": 4, "column": "number", "position": 2, "code": "number-bad" },
        { "line": 9, "column": null, "position": null, "code": "row-twice" },
        { "line": 100_234, "column": "leave-date", "position": 12, "code": "date-bad" },
    ]);
    let change = json!({ "rows": 100_300, "blocking": 1203, "warnings": 1, "more": 1200, "findings": findings });
    let refused = Delivered::new(&house, "01KAS2WJ0000000000000MPRT4", change).await;
    refused.put("report.csv", "行\r\n").await;
    let pages: Vec<&str> = [&applied, &full, &waiting, &refused].iter().map(|report| report.path.as_str()).collect();
    drive(&house, "contact.mjs", "screenshots-contact", &pages).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_sends_rosters_and_has_their_say_about_one_that_is_held_back() {
    let house = House::open_at("2026-11-24T10:00:00+09:00").await;
    let sakura = house.sakura().await;
    let held = [held_back(&house, &sakura, 0).await, held_back(&house, &sakura, 1).await];
    drive(&house, "roster.mjs", "screenshots-roster", &[&held[0], &held[1]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_uploads_documents_on_the_page_behind_the_link() {
    let house = House::open().await;
    let uploader = Uploader::new(&house).await;
    drive(&house, "upload.mjs", "screenshots-upload", &[&uploader.path]).await;
    house.wait_for_queue().await;
    let documents = house.documents().await;
    let stored = documents.iter().filter(|document| document["state"] == "Stored").count();
    assert_eq!((documents.len(), stored), (6, 4), "two pictures and a letter that is none, on a phone and on a desk: {documents:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_books_moves_and_cancels_an_interview_and_a_nurse_publishes_hours() {
    let house = House::open_at("2026-11-25T10:05:00+09:00").await;
    drive(&house, "booking.mjs", "screenshots-booking", &[]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_reads_a_report_as_a_mail_and_as_a_page_and_prints_it() {
    let house = House::open_at("2026-12-07T10:00:00+09:00").await;
    let _company = crate::usage::used(&house).await;
    house.clock("2027-01-01T00:15:00+09:00").await;
    house.wait_until_nothing_is_taken().await;
    drive(&house, "usage.mjs", "screenshots-usage", &["林 さくら"]).await;
}
