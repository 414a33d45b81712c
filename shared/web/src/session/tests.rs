#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use lambda_http::Body;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn installation() -> Installation {
    Installation::new(&[7; 32]).unwrap()
}

fn client(issuer: &str, id: &str) -> Client {
    Client::new(&issuer.parse().unwrap(), id)
}

fn desk() -> Client {
    client("https://id.example.jp/staff", "desk")
}

fn begun() -> Session {
    let person = Person {
        subject: "nurse-sato".to_owned(),
        name: domain::employee::parse_name("佐藤 恵").unwrap(),
        staff: Some("01".to_owned()),
        roles: BTreeSet::from([Role::Nurse]),
        tenant: None,
    };
    Session::begin(person, at("2026-11-25T00:00:00Z")).unwrap()
}

fn request(headers: &[(&str, &str)]) -> Request {
    let mut request = lambda_http::http::Request::post("https://desk.example.jp/desk/x");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::Empty).unwrap()
}

fn carrying(session: &Session, installation: &Installation) -> Request {
    let set = session.cookie(installation, &desk()).unwrap();
    request(&[("cookie", &format!("other=1; {}", set.to_str().unwrap().split(';').next().unwrap()))])
}

#[test]
fn a_session_ends_nine_hours_after_sign_in_and_an_hour_after_it_was_last_used() {
    let installation = installation();
    let used = Session { issued_at: at("2026-11-25T08:30:00Z"), ..begun() };
    for (session, now, holds) in [
        (begun(), "2026-11-25T00:00:00Z", true),
        (begun(), "2026-11-25T00:59:59Z", true),
        (begun(), "2026-11-25T01:00:00Z", false),
        (begun(), "2026-11-24T23:58:00Z", false),
        (used.clone(), "2026-11-25T08:59:59Z", true),
        (used, "2026-11-25T09:00:00Z", false),
    ] {
        assert_eq!(Session::of(&carrying(&session, &installation), &installation, &desk(), at(now)), holds.then_some(session), "{now}");
    }
}

#[test]
fn a_cookie_is_issued_anew_only_after_five_minutes() {
    assert!(!begun().is_due(at("2026-11-25T00:05:00Z")) && begun().is_due(at("2026-11-25T00:05:01Z")));
}

#[test]
fn a_forged_cookie_is_no_session() {
    let (ours, now) = (installation(), at("2026-11-25T00:10:00Z"));
    let set = begun().cookie(&ours, &desk()).unwrap();
    let set = set.to_str().unwrap();
    assert!(set.ends_with("; Path=/; HttpOnly; Secure; SameSite=Lax"));
    let value = set.split(['=', ';']).nth(1).unwrap();
    let changed = format!("{}{}", if value.starts_with('A') { 'B' } else { 'A' }, &value[1..]);
    let elsewhere = ours.seal().seal_json(&desk().place("attempt"), &begun()).unwrap().to_text();
    let of_others = Installation::new(&[8; 32]).unwrap().seal().seal_json(&desk().place(KIND), &begun()).unwrap().to_text();
    for forged in [changed.as_str(), &value[..20], "", "%", &elsewhere, &of_others] {
        assert_eq!(Session::of(&request(&[("cookie", &format!("{COOKIE}={forged}"))]), &ours, &desk(), now), None, "{forged}");
    }
    assert!(Session::of(&request(&[("cookie", &format!("{COOKIE}={value}"))]), &ours, &desk(), now).is_some());
    assert_eq!(Session::of(&request(&[("cookie", &format!("hokenshitsu={value}"))]), &ours, &desk(), now), None);
}

#[test]
fn a_cookie_of_another_client_or_issuer_is_a_strangers() {
    let (installation, now) = (installation(), at("2026-11-25T00:10:00Z"));
    let given = carrying(&begun(), &installation);
    for other in [
        client("https://id.example.jp/staff", "contacts"),
        client("https://id.example.jp/contacts", "desk"),
        client("https://id.example.jp/staff%20desk", ""),
        client("https://id.example.jp/", "staff desk"),
    ] {
        assert_eq!(Session::of(&given, &installation, &other, now), None, "{other:?}");
    }
    let same = client("https://id.example.jp/staff/", "desk");
    assert!(Session::of(&given, &installation, &same, now).is_some(), "an issuer is the same with a slash behind it");
}

#[test]
fn only_our_own_pages_change_anything() {
    let session = begun();
    let (own, host) = (("origin", "https://desk.example.jp"), ("host", "desk.example.jp"));
    let site = |value: &'static str| ("sec-fetch-site", value);
    let right = Some(session.csrf.as_str());
    for (headers, csrf, allowed) in [
        (vec![host, own, site("same-origin")], right, true),
        (vec![host, own], right, true),
        (vec![host, site("same-origin"), ("origin", "null")], right, true),
        (vec![host, site("same-origin")], right, true),
        (vec![host, own, ("x-csrf-token", session.csrf.as_str())], None, true),
        (vec![host, own, site("same-origin")], None, false),
        (vec![host, own, site("same-origin")], Some(""), false),
        (vec![host, own, site("same-origin")], Some("guessed"), false),
        (vec![host, own, ("x-csrf-token", session.csrf.as_str())], Some("guessed"), false),
        (vec![host], right, false),
        (vec![host, ("origin", "null")], right, false),
        (vec![host, ("origin", "https://evil.example")], right, false),
        (vec![host, ("origin", "https://desk.example.jp.evil.example")], right, false),
        (vec![host, ("origin", "https://evil.example"), site("same-origin")], right, false),
        (vec![host, own, site("same-site")], right, false),
        (vec![host, own, site("cross-site")], right, false),
        (vec![host, own, site("none")], right, false),
        (vec![own], right, false),
    ] {
        assert_eq!(session.allows(&request(&headers), csrf), allowed, "{headers:?} {csrf:?}");
    }
}

#[test]
fn a_session_shows_neither_its_token_nor_the_name() {
    let session = begun();
    let shown = format!("{session:?}");
    assert!(!shown.contains(&session.csrf) && !shown.contains("佐藤"));
}
