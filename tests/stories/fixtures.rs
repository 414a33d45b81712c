//! Every event of `events/line-webhook`, `events/nurse-console`, `events/contact-portal` and `events/slot-booking` through the function's
//! own handler, as API Gateway hands it over.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use base64::{Engine, prelude::BASE64_STANDARD};
use lambda_http::{Request, Response, request::LambdaRequest};
use serde_json::{Value, json};
use stories::House;

fn events(function: &str) -> BTreeMap<String, Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../events").join(function);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let events = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    events
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), serde_json::from_slice(&fs::read(&path).unwrap()).unwrap()))
        .collect()
}

async fn invoke(app: &line_webhook::App, event: &Value) -> Response<lambda_http::Body> {
    let request: LambdaRequest = serde_json::from_value(event.clone()).unwrap();
    line_webhook::handle(app, Request::from(request)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_event_gets_its_answer() {
    let house = House::open().await;
    let app = line_webhook::App::new(&house.system.environment, house.system.clock.business()).unwrap();
    let events = events("line-webhook");
    assert!(events.len() > 40, "{} events", events.len());
    for (name, event) in &events {
        let expected = if name.contains("signature") { 401 } else { 200 };
        assert_eq!(invoke(&app, event).await.status(), expected, "{name}");
        assert_eq!(invoke(&app, event).await.status(), expected, "{name}, delivered again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_signature_leaves_nothing_in_the_table() {
    let house = House::open().await;
    let app = line_webhook::App::new(&house.system.environment, house.system.clock.business()).unwrap();
    let before = house.items().await;
    let events = events("line-webhook");
    for name in ["wrong-signature", "missing-signature"] {
        assert_eq!(invoke(&app, &events[name]).await.status(), 401);
    }
    let mut unknown = events["message-text"].clone();
    unknown["rawPath"] = json!("/line/nobody/webhook");
    unknown["requestContext"]["http"]["path"] = json!("/line/nobody/webhook");
    assert_eq!(invoke(&app, &unknown).await.status(), 404);
    assert_eq!(house.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn our_own_failure_is_a_500_and_the_redelivery_is_handled() {
    let house = House::open().await;
    let person = house.member(0).await;
    house.fault("dynamodb", "500", 50).await;
    let sent = person.sends("頭が重いです").await.json();
    assert_eq!(sent["status"], 500, "{sent}");
    house.fault("dynamodb", "none", 0).await;
    assert!(house.items_of("Message").await.is_empty());
    let again = json!({
        "type": "message", "message": { "type": "text", "id": sent["messageId"], "text": "頭が重いです" },
        "webhookEventId": sent["webhookEventId"], "isRedelivery": true,
    });
    person.act(again).await.ok();
    assert_eq!(house.items_of("Message").await.len(), 1);
}

/// What the desk answers to a stranger, where they are sent, and what to a nurse.
const DESK: &[(&str, u16, &str, u16)] = &[
    ("queue-without-cookie", 303, "/desk/sign-in?to=%2Fdesk", 200),
    ("queue-with-query", 303, "/desk/sign-in?to=%2Fdesk%3Ftopic%3Dmind%26free%3D1", 200),
    ("queue-with-other-cookies", 303, "/desk/sign-in?to=%2Fdesk", 200),
    ("queue-with-forged-cookie", 303, "/desk/sign-in?to=%2Fdesk", 303),
    ("queue-refreshed", 401, "", 200),
    ("queue-head", 303, "/desk/sign-in?to=%2Fdesk", 200),
    ("thread", 303, THREAD, 404),
    ("thread-bad-id", 303, "/desk/sign-in?to=%2Fdesk%2Fmembers%2F01KAS2WJ%2Fconsultations%2Fx", 404),
    ("version", 401, "", 404),
    ("unknown-below", 303, "/desk/sign-in?to=%2Fdesk%2Felsewhere", 404),
    ("other-method", 303, "/desk/sign-in?to=%2Fdesk", 404),
    ("foreign-path", 404, "", 404),
    ("foreign-path-alike", 404, "", 404),
    ("reply", 303, "/desk/sign-in?to=%2Fdesk", 404),
    ("reply-as-text", 303, "/desk/sign-in?to=%2Fdesk", 404),
    ("reply-without-body", 303, "/desk/sign-in?to=%2Fdesk", 403),
    ("reply-from-elsewhere", 303, "/desk/sign-in?to=%2Fdesk", 403),
    ("search", 303, "/desk/sign-in?to=%2Fdesk", 404),
    ("sign-in", 303, "", 303),
    ("callback-without-attempt", 403, "", 403),
    ("signed-out", 200, "", 200),
    ("sign-out", 200, "", 403),
];
const THREAD: &str = "/desk/sign-in?to=%2Fdesk%2Fmembers%2F01KAS2WJ0000000000000MEMBR%2Fconsultations%2F01KAS2WJ0000000000000C0NSX";

async fn opens(app: &nurse_console::App, event: &Value) -> Response<lambda_http::Body> {
    let request: LambdaRequest = serde_json::from_value(event.clone()).unwrap();
    nurse_console::handle(app, Request::from(request)).await.unwrap()
}

fn location(answer: &Response<lambda_http::Body>) -> &str {
    answer.headers().get("location").map_or("", |location| location.to_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_sends_strangers_to_sign_in_and_leaves_nothing_of_them() {
    let house = House::open().await;
    let app = nurse_console::App::new(&house.system.environment, &house.system.sign_in, house.system.clock.business());
    let (before, events) = (house.items().await, events("nurse-console"));
    assert_eq!(events.keys().map(String::as_str).collect::<BTreeSet<_>>(), DESK.iter().map(|row| row.0).collect());
    for (name, status, to, _) in DESK {
        let answer = opens(&app, &events[*name]).await;
        assert_eq!(answer.status().as_u16(), *status, "{name}");
        let is_provider = *name == "sign-in" && location(&answer).starts_with(house.system.sign_in.issuer.as_str());
        assert!(is_provider || location(&answer) == *to, "{name}: {}", location(&answer));
    }
    assert_eq!(house.items().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_desk_knows_a_nurse_by_the_cookie_beside_the_headers() {
    let house = House::open().await;
    let app = nurse_console::App::new(&house.system.environment, &house.system.sign_in, house.system.clock.business());
    let mut events = events("nurse-console");
    let signed_in = house.post("local/sign-in", json!({ "person": "nurse-sato" })).await.json();
    for (name, _, _, status) in DESK {
        let event = events.get_mut(*name).unwrap();
        let mut cookies = event["cookies"].as_array().cloned().unwrap_or_default();
        cookies.push(signed_in["cookie"].clone());
        event["cookies"] = json!(cookies);
        event["headers"]["x-csrf-token"] = signed_in["csrf"].clone();
        assert_eq!(opens(&app, event).await.status().as_u16(), *status, "{name}");
    }
    let (search, company) = (events.get_mut("search").unwrap(), house.sakura().await);
    let form = format!("tenant={}&number=%EF%BC%91%EF%BC%90%EF%BC%91", company.id);
    search["body"] = json!(BASE64_STANDARD.encode(&form));
    let found = opens(&app, search).await;
    let lambda_http::Body::Text(page) = found.body() else { panic!("there is no page") };
    assert!(found.status() == 200 && page.contains("value=\"１０１\""), "the form is read: {page}");
    search["isBase64Encoded"] = json!(false);
    assert_eq!(opens(&app, search).await.status(), 404, "what is not said to be Base64 is taken as it is");
}

/// What the contacts' pages answer to a stranger, where they are sent, and what to a contact.
const CONTACTS: &[(&str, u16, &str, u16)] = &[
    ("home-without-cookie", 303, "/contacts/sign-in?to=%2Fcontacts", 200),
    ("home-with-other-cookies", 303, "/contacts/sign-in?to=%2Fcontacts%2F", 200),
    ("home-with-forged-cookie", 303, "/contacts/sign-in?to=%2Fcontacts", 303),
    ("home-head", 303, "/contacts/sign-in?to=%2Fcontacts", 200),
    ("deliveries", 303, "/contacts/sign-in?to=%2Fcontacts%2Fdeliveries", 200),
    ("delivery", 303, "/contacts/sign-in?to=%2Fcontacts%2Fdeliveries%2F01KAS2WJ0000000000000MPRT1", 404),
    ("delivery-refreshed", 401, "", 404),
    ("delivery-bad-id", 303, "/contacts/sign-in?to=%2Fcontacts%2Fdeliveries%2Fsakura", 404),
    ("findings", 303, "/contacts/sign-in?to=%2Fcontacts%2Fdeliveries%2F01KAS2WJ0000000000000MPRT1%2Freport.csv", 404),
    ("upload-unknown", 303, "/contacts/sign-in?to=%2Fcontacts%2Fuploads%2F01KAS2WJ0000000000000VPDX1", 200),
    ("upload", 401, "", 200),
    ("upload-as-form", 401, "", 400),
    ("upload-without-body", 401, "", 403),
    ("upload-too-large", 401, "", 422),
    ("upload-no-json", 401, "", 400),
    ("upload-from-elsewhere", 401, "", 403),
    ("confirm", 303, "/contacts/sign-in?to=%2Fcontacts", 404),
    ("confirm-from-elsewhere", 303, "/contacts/sign-in?to=%2Fcontacts", 403),
    ("withdraw", 303, "/contacts/sign-in?to=%2Fcontacts", 404),
    ("template", 303, "/contacts/sign-in?to=%2Fcontacts%2Ftemplates%2Fmonthly.csv", 200),
    ("unknown-below", 303, "/contacts/sign-in?to=%2Fcontacts%2Felsewhere", 404),
    ("other-method", 303, "/contacts/sign-in?to=%2Fcontacts", 404),
    ("foreign-path-alike", 404, "", 404),
    ("mail-link-guessed", 404, "", 404),
    ("mail-link-behind-a-stage", 404, "", 404),
    ("mail-link-posted", 405, "", 405),
    ("sign-in", 303, "", 303),
    ("callback-without-attempt", 403, "", 403),
    ("signed-out", 200, "", 200),
    ("sign-out", 200, "", 403),
];

/// What the booking site answers to a stranger, where they are sent, and what to a contact.
const BOOKING: &[(&str, u16, &str, u16)] = &[
    ("week-without-cookie", 303, "/booking/sign-in?to=%2Fbooking", 200),
    ("week-of-a-day", 303, "/booking/sign-in?to=%2Fbooking%3Fweek%3D2026-12-08", 200),
    ("week-to-move", 303, "/booking/sign-in?to=%2Fbooking%3Fweek%3D2026-12-08%26move%3D01KAS2WJ0000000000000NTRV1", 200),
    ("week-with-forged-cookie", 303, "/booking/sign-in?to=%2Fbooking", 303),
    ("week-head", 303, "/booking/sign-in?to=%2Fbooking", 200),
    ("hold", 303, "/booking/sign-in?to=%2Fbooking", 303),
    ("hold-as-text", 303, "/booking/sign-in?to=%2Fbooking", 409),
    ("hold-without-body", 303, "/booking/sign-in?to=%2Fbooking", 403),
    ("hold-from-elsewhere", 303, "/booking/sign-in?to=%2Fbooking", 403),
    (
        "form",
        303,
        "/booking/sign-in?to=%2Fbooking%2Fholds%2F01KAS2WJ0000000000000NTRV1%3Fslot%3D2026-12-07T00%3A00%3A00.000Z%7E01KAS2WJ0000000000000NVRS1",
        200,
    ),
    ("book", 303, "/booking/sign-in?to=%2Fbooking", 409),
    ("interviews", 303, "/booking/sign-in?to=%2Fbooking%2Finterviews", 200),
    ("interview", 303, "/booking/sign-in?to=%2Fbooking%2Finterviews%2F01KAS2WJ0000000000000NTRV1%3Fsent%3Dbooked", 404),
    ("interview-bad-id", 303, "/booking/sign-in?to=%2Fbooking%2Finterviews%2F1", 404),
    ("cancel", 303, "/booking/sign-in?to=%2Fbooking", 404),
    ("move", 303, "/booking/sign-in?to=%2Fbooking", 404),
    ("ledger", 303, "/booking/sign-in?to=%2Fbooking%2Fledger%3Fmonth%3D2026-12", 200),
    ("unknown-below", 303, "/booking/sign-in?to=%2Fbooking%2Felsewhere", 404),
    ("other-method", 303, "/booking/sign-in?to=%2Fbooking", 405),
    ("foreign-path-alike", 404, "", 404),
    ("api-description", 200, "", 200),
    ("api-session", 401, "", 200),
    ("api-slots", 401, "", 200),
    ("api-hold", 401, "", 409),
    ("api-hold-from-elsewhere", 401, "", 403),
    ("api-book", 401, "", 409),
    ("api-cancel", 401, "", 404),
    ("api-other-method", 401, "", 405),
    ("api-unknown-below", 401, "", 404),
    ("sign-in", 303, "", 303),
    ("callback-without-attempt", 403, "", 403),
    ("signed-out", 200, "", 200),
    ("sign-out", 200, "", 403),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_contacts_pages_send_strangers_to_sign_in_and_know_a_contact_by_the_cookie() {
    let house = House::open().await;
    let app = contact_portal::App::new(&house.system.environment, &house.system.sign_in, house.system.clock.business());
    strangers_and_a_contact_get(&house, "contact-portal", CONTACTS, async |request| contact_portal::handle(&app, request).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_booking_site_sends_strangers_to_sign_in_and_knows_a_contact_by_the_cookie() {
    let house = House::open().await;
    let app = slot_booking::App::new(&house.system.environment, &house.system.sign_in, house.system.clock.business());
    strangers_and_a_contact_get(&house, "slot-booking", BOOKING, async |request| slot_booking::handle(&app, request).await).await;
}

async fn strangers_and_a_contact_get(
    house: &House,
    folder: &str,
    table: &[(&str, u16, &str, u16)],
    handle: impl AsyncFn(Request) -> Result<Response<lambda_http::Body>, lambda_http::Error>,
) {
    let asks = async |event: &Value| {
        let request: LambdaRequest = serde_json::from_value(event.clone()).unwrap();
        handle(Request::from(request)).await.unwrap()
    };
    let (before, mut events) = (house.items().await, events(folder));
    assert_eq!(events.keys().map(String::as_str).collect::<BTreeSet<_>>(), table.iter().map(|row| row.0).collect());
    for (name, status, to, _) in table {
        let answer = asks(&events[*name]).await;
        assert_eq!(answer.status().as_u16(), *status, "{name}");
        let is_provider = *name == "sign-in" && location(&answer).starts_with(house.system.sign_in.issuer.as_str());
        assert!(is_provider || location(&answer) == *to, "{name}: {}", location(&answer));
    }
    assert_eq!(house.items().await, before, "nothing is left of strangers");
    let signed_in = house.post("local/sign-in", json!({ "person": "contact-tamura" })).await.json();
    for (name, _, _, status) in table {
        let event = events.get_mut(*name).unwrap();
        let mut cookies = event["cookies"].as_array().cloned().unwrap_or_default();
        cookies.push(signed_in["cookie"].clone());
        event["cookies"] = json!(cookies);
        // A form's token stands in the form, which nobody here has; a script's in the header.
        event["headers"]["x-csrf-token"] = signed_in["csrf"].clone();
        assert_eq!(asks(event).await.status().as_u16(), *status, "{name}");
    }
}
