//! Row C2 for programs: the booking site as JSON, where a request that comes again changes nothing.

use std::{collections::BTreeSet, path::Path};

use serde_json::{Value, json};
use slot_booking::route::{DESCRIPTION, ROUTES, Way};
use stories::{Answer, House, Staff};
use tokio::process::Command;

use crate::booking::AT_ONCE;

/// A key that nobody guesses; its number is for the reader.
fn key(number: u32) -> String {
    format!("8e03978e-40d5-43dd-bc93-{number:012}")
}

async fn slots(contact: &Staff<'_>, day: &str) -> Vec<String> {
    let week = contact.opens(&format!("booking/api/slots?week={day}")).await.json();
    week["slots"].as_array().unwrap().iter().map(|slot| slot["id"].as_str().unwrap().to_owned()).collect()
}

pub fn form(slot: &str) -> Value {
    json!({ "slot": slot, "number": "101", "name": "髙橋 一郎", "method": "web", "purpose": "checkup", "mail": "tamura@sakura.example.jp" })
}

fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let told: Value = serde_json::from_str(&answer.text()).unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (status, "application/problem+json"), "{told}");
    assert_eq!(told["type"], format!("urn:hokenshitsu:problem:{code}"), "{told}");
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_books_moves_and_cancels_and_what_comes_again_changes_nothing() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let session = tamura.opens("booking/api/session").await.json();
    assert_eq!((&session["company"], &session["mail"]), (&json!("株式会社さくら製作所"), &json!("tamura@sakura.example.jp")));
    let slots = slots(&tamura, "2026-12-08").await;

    let wanted = json!({ "slot": slots[0] });
    let held = tamura.calls("booking/api/holds", &key(1), &wanted).await;
    assert_eq!((held.status.as_u16(), &held.json()["heldUntil"]), (201, &json!("2026-11-25T10:10:00+09:00")));
    let id = held.json()["id"].as_str().unwrap().to_owned();
    house.advance("PT1M").await;
    assert_eq!(tamura.calls("booking/api/holds", &key(1), &wanted).await.json(), held.json(), "the same request has the same answer");
    problem(&tamura.calls("booking/api/holds", &key(1), &json!({ "slot": slots[1] })).await, 422, "other-request");
    let taken = problem(&tamura.calls("booking/api/holds", &key(2), &wanted).await, 409, "not-free");
    let free: Vec<&Value> = taken["slots"].as_array().unwrap().iter().map(|slot| &slot["id"]).collect();
    assert!(free.contains(&&json!(slots[1])) && !free.contains(&&json!(slots[0])), "{taken}");

    let path = format!("booking/api/holds/{id}");
    let booked = tamura.calls(&path, &key(3), &form(&slots[0])).await;
    assert_eq!((booked.status.as_u16(), &booked.json()["state"], &booked.json()["charge"]), (201, &json!("confirmed"), &json!("base")));
    assert_eq!(tamura.calls(&path, &key(3), &form(&slots[0])).await.json(), booked.json());
    let other = json!({ "slot": slots[0], "number": "102", "name": "x", "method": "web", "purpose": "checkup", "mail": "a@example.jp" });
    problem(&tamura.calls(&path, &key(3), &other).await, 422, "other-request");

    let interview = format!("booking/api/interviews/{id}");
    let to = |slot: usize| json!({ "slot": slots[slot] });
    let moved = tamura.calls(&format!("{interview}/move"), &key(4), &to(5)).await;
    assert_eq!((moved.status.as_u16(), &moved.json()["slot"]["id"]), (200, &json!(slots[5])));
    let back = tamura.calls(&format!("{interview}/move"), &key(5), &to(0)).await;
    assert_eq!(back.json()["slot"]["id"], slots[0]);
    // The first move comes late and again: the second one stands.
    let again = tamura.calls(&format!("{interview}/move"), &key(4), &to(5)).await;
    assert_eq!((again.status.as_u16(), &again.json()["slot"]["id"]), (200, &json!(slots[0])));

    problem(&tamura.calls(&format!("{interview}/cancel"), &key(6), &json!({ "inTime": false })).await, 409, "not-possible");
    let cancelled = tamura.calls(&format!("{interview}/cancel"), &key(7), &json!({ "inTime": true })).await;
    assert_eq!(cancelled.json()["state"], "cancelledInTime");
    let ledger = tamura.opens("booking/api/ledger?month=2026-12").await.json();
    assert_eq!((&ledger["lines"][0]["kind"], &ledger["lines"][0]["interview"]), (&json!("uncounted"), &json!(id)), "{ledger}");
    let mut listed = tamura.opens("booking/api/interviews").await.json()["interviews"][0].clone();
    assert_eq!(listed["files"], Value::Null, "what was submitted is with one interview only");
    listed["files"] = json!(0);
    assert_eq!(listed, cancelled.json());
    assert_eq!(house.items_of("InterviewEvent").await.len(), 4, "booked, moved twice, cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_sends_wrongly_is_told_with_what_to_mend() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = slots(&tamura, "2026-12-08").await.remove(0);
    let path = "booking/api/holds/01KAS2WJ0000000000000NTRV1";
    let mut bad = form(&slot);
    bad["purpose"] = json!("high-stress");
    bad["number"] = json!("");
    let told = problem(&tamura.calls(path, &key(1), &bad).await, 422, "incomplete");
    let pointers: Vec<&Value> = told["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
    assert_eq!(pointers, ["/number", "/purpose"], "{told}");
    assert!(told["errors"][1]["detail"].as_str().unwrap().contains("産業医"));
    let unknown =
        json!({ "slot": slot, "number": "999", "name": "髙橋 一郎", "method": "web", "purpose": "checkup", "mail": "a@example.jp" });
    problem(&tamura.calls(path, &key(2), &unknown).await, 422, "not-admitted");
    problem(&tamura.calls(path, "short", &form(&slot)).await, 400, "bad-parameter");
    problem(&tamura.calls(path, &key(3), &json!({ "slot": slot, "colour": "red" })).await, 400, "bad-body");
    problem(&tamura.calls("booking/api/holds", &key(4), &json!({ "slot": "tomorrow" })).await, 422, "incomplete");
    problem(&tamura.sends("booking/api/holds", &[("slot", &slot)]).await, 403, "bad-token");
    problem(&tamura.opens("booking/api/slots?week=monday").await, 400, "bad-parameter");
    problem(&tamura.opens("booking/api/interviews/01KAS2WJ0000000000000NTRV1").await, 404, "not-found");
    problem(&tamura.opens("booking/api/nothing").await, 404, "not-found");
    assert_eq!(tamura.opens("booking/api/holds").await.status, 405);
    let stranger = house.open_page("booking/api/session").await;
    problem(&stranger, 401, "not-signed-in");
    problem(&house.signs_in("contact-mori").await.opens("booking/api/slots").await, 403, "not-in-plan");
    problem(&house.signs_in("nurse-sato").await.opens("booking/api/session").await, 403, "forbidden");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_times_the_same_hold_at_once_is_one_hold_and_has_one_answer() {
    use futures::StreamExt;
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let wanted = json!({ "slot": slots(&tamura, "2026-12-08").await.remove(0) });
    let key = key(1);
    let holding = futures::stream::iter(0..200).map(|_| tamura.calls("booking/api/holds", &key, &wanted));
    let answers = holding.buffer_unordered(AT_ONCE).collect::<Vec<_>>().await;
    let told: BTreeSet<String> = answers.iter().map(|answer| format!("{} {}", answer.status, answer.text())).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(house.items_of("Cell").await.len(), 4);
}

/// Books the slot and moves it to the other one, as far as that goes, under the keys from `keys` on; says whether all of it was done.
async fn books_and_moves(tamura: &Staff<'_>, from: &str, to: &str, keys: u32) -> bool {
    let held = tamura.calls("booking/api/holds", &key(keys), &json!({ "slot": from })).await;
    if held.status != 201 {
        return false;
    }
    let id = held.json()["id"].as_str().unwrap().to_owned();
    let booked = tamura.calls(&format!("booking/api/holds/{id}"), &key(keys + 1), &form(from)).await;
    if booked.status != 201 {
        return false;
    }
    tamura.calls(&format!("booking/api/interviews/{id}/move"), &key(keys + 2), &json!({ "slot": to })).await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_breaks_off_between_any_two_calls_is_whole_and_there_once_when_it_comes_again() {
    breaks_off("500").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_booking_that_breaks_off_before_any_answer_is_whole_and_there_once_when_it_comes_again() {
    breaks_off("lost").await;
}

/// From some call to the tables on, everything fails, as after a kill: first after no call, then after one, and so on until it is whole.
async fn breaks_off(mode: &str) {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slots = slots(&tamura, "2026-12-08").await;
    for after in 0.. {
        let (from, to) = (&slots[after], &slots[slots.len() - 1 - after]);
        let keys = 100 * u32::try_from(after).unwrap();
        house.post("local/faults", json!({ "target": "dynamodb", "mode": mode, "after": after })).await.ok();
        let was_whole = books_and_moves(&tamura, from, to, keys).await;
        house.fault("dynamodb", "none", 0).await;
        assert!(books_and_moves(&tamura, from, to, keys).await, "{mode} after {after}");
        let counts = [house.items_of("Interview").await, house.items_of("InterviewEvent").await, house.items_of("Cell").await];
        let booked = after + 1;
        assert_eq!(counts.map(|items| items.len()), [booked, 2 * booked, 4 * booked], "{mode} after {after}");
        if was_whole {
            assert!(after >= 9, "hold 1, book 3, move 5: it broke off after each, {after}");
            break;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_interviews_that_move_into_one_month_at_once_no_two_use_one_unit() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let (december, january) = (slots(&tamura, "2026-12-08").await, slots(&tamura, "2027-01-12").await);
    // One unit of December is used; two of January want the other.
    let mut ids = Vec::new();
    for (number, slot) in (0..).zip([&december[0], &january[0], &january[1]]) {
        let held = tamura.calls("booking/api/holds", &key(number), &json!({ "slot": slot })).await.json();
        let id = held["id"].as_str().unwrap().to_owned();
        tamura.calls(&format!("booking/api/holds/{id}"), &key(10 + number), &form(slot)).await.json();
        ids.push(id);
    }
    let moving = [(1, &december[1]), (2, &december[2])].map(|(which, slot)| {
        let (tamura, path) = (&tamura, format!("booking/api/interviews/{}/move", ids[which]));
        async move { tamura.calls(&path, &key(20 + u32::try_from(which).unwrap()), &json!({ "slot": slot })).await.json() }
    });
    let moved = futures::future::join_all(moving).await;
    let mut states: Vec<&str> = moved.iter().map(|moved| moved["state"].as_str().unwrap()).collect();
    states.sort_unstable();
    assert_eq!(states, ["awaitingApproval", "confirmed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_names_every_route_and_no_other() {
    let house = House::open().await;
    let description = house.get(&format!("booking/{DESCRIPTION}")).await;
    let described: BTreeSet<String> = description["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, methods)| methods.as_object().unwrap().keys().map(move |method| format!("{} api{path}", method.to_uppercase())))
        .collect();
    let routes = ROUTES.iter().filter(|route| route.way == Way::Api).map(|route| format!("{} {}", route.method, route.pattern));
    assert_eq!(described, routes.collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_to_good_and_bad_requests_is_one_that_the_description_names() {
    let house = House::open_at("2026-11-25T10:00:00+09:00").await;
    let tamura = house.signs_in("contact-tamura").await;
    let slot = slots(&tamura, "2026-12-08").await.remove(0);
    let held = tamura.calls("booking/api/holds", &key(1), &json!({ "slot": slot })).await.json();
    let path = format!("booking/api/holds/{}", held["id"].as_str().unwrap());
    let booked = tamura.calls(&path, &key(2), &form(&slot)).await.json();

    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = target.with_file_name("api-venv").join("bin/schemathesis");
    assert!(program.exists(), "run tests/run: it installs Schemathesis");
    let api = house.url("booking/api");
    let (cookie, token) = tamura.session();
    let (_, session) = cookie.split_once('=').unwrap();
    let run = Command::new(program)
        .arg("--config-file")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("api/schemathesis.toml"))
        .args(["run", &format!("{api}/openapi.json"), "--url", &api])
        .envs([("SESSION", session), ("CSRF_TOKEN", token), ("INTERVIEW", booked["id"].as_str().unwrap()), ("NO_PROXY", "127.0.0.1")])
        .current_dir(target)
        .kill_on_drop(true)
        .output()
        .await
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
}
