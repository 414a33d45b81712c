//! The whole way from a page through the provider and back, with the client that the functions use.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicI64, Ordering},
};

use axum::body::Body;
use chrono::TimeDelta;
use http_body_util::BodyExt;
use hyper_util::{client::legacy::Client, rt::TokioExecutor};
use lambda_http::Body as Sent;
use runtime::{Aws, Clock};
use store::{Installation, Parameters};
use tempfile::TempDir;
use web::{Answered, Outcome, Session, SignIn, SignInConfig};

use super::*;
use tower::ServiceExt;

use crate::{Options, Running};

const SESSION: &str = "__Host-hokenshitsu";
const ATTEMPT: &str = "__Host-hokenshitsu-sign-in";

/// A browser before a page that signs people in.
struct Browser {
    running: Running,
    sign_in: SignIn,
    installation: Arc<Installation>,
    minutes: Arc<AtomicI64>,
    cookies: BTreeMap<String, String>,
    _data: TempDir,
}

impl Browser {
    async fn open() -> Self {
        let data = tempfile::tempdir().unwrap();
        let running = crate::start(Options { data: data.path().to_owned(), port: 0, fresh: false, now: None }).await.unwrap();
        let environment = &running.environment;
        let parameters = Parameters::new(Aws::new(&environment.aws).ssm(), &environment.parameters);
        let minutes = Arc::new(AtomicI64::new(0));
        let (later, machine) = (minutes.clone(), Clock::system());
        let clock = Clock::from_source(move || machine.now() + TimeDelta::minutes(later.load(Ordering::Relaxed)));
        let (issuer, client_id) = (running.sign_in.issuer.clone(), running.sign_in.client_id.clone());
        let sign_in = SignIn::new(SignInConfig { issuer, client_id, origin: environment.console.clone() }, clock);
        let installation = parameters.installation().await.unwrap();
        Self { running, sign_in, installation, minutes, cookies: BTreeMap::new(), _data: data }
    }

    /// Who signs people in to other pages of the same installation.
    fn another(&self, client_id: &str) -> SignIn {
        let config = SignInConfig {
            issuer: self.running.sign_in.issuer.clone(),
            client_id: client_id.to_owned(),
            origin: self.running.environment.console.clone(),
        };
        SignIn::new(config, Clock::system())
    }

    fn request(&self, method: &str, url: &str, form: &str, headers: &[(&str, &str)]) -> lambda_http::Request {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = http::Request::builder().method(method).uri(url).header("cookie", cookies.join("; "));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Sent::Text(form.to_owned())).unwrap()
    }

    /// What the page below `/desk` answers; the cookies are kept.
    async fn ask(&mut self, request: lambda_http::Request) -> Answered {
        let path = request.uri().path().strip_prefix("/desk").unwrap().to_owned();
        let answered = self.sign_in.handle(&self.installation, &request, &path).await.unwrap().unwrap();
        for set in answered.response.headers().get_all("set-cookie") {
            let (cookie, rest) = set.to_str().unwrap().split_once(';').unwrap();
            assert!(rest.contains("HttpOnly") && rest.contains("Secure") && rest.contains("SameSite=Lax") && rest.contains("Path=/"));
            let (name, value) = cookie.split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answered
    }

    async fn get(&mut self, url: &str) -> Answered {
        let request = self.request("GET", url, "", &[]);
        self.ask(request).await
    }

    /// Begins and chooses a person: the callback to which the provider sends the browser.
    async fn choose(&mut self, person: &str, to: &str) -> String {
        let console = self.running.environment.console.clone();
        let started = self.get(&format!("{console}/sign-in?to={to}")).await;
        assert_eq!((started.outcome, started.response.status().as_u16()), (Outcome::Started, 303));
        let provider: Url = started.response.headers()["location"].to_str().unwrap().parse().unwrap();
        let (status, _, page) = fetch(provider.as_str()).await;
        let link = page.split('"').find(|text| text.starts_with(&format!("/provider/authorize/{person}?"))).unwrap();
        assert!(status == 200 && page.contains("佐藤 恵"));
        let (status, location, _) = fetch(provider.join(&link.replace("&amp;", "&")).unwrap().as_str()).await;
        assert_eq!(status, 303);
        location
    }

    fn who(&self) -> Option<Session> {
        self.sign_in.session(&self.installation, &self.request("GET", "/desk", "", &[]))
    }
}

async fn fetch(url: &str) -> (u16, String, String) {
    let request = http::Request::get(url).body(Body::empty()).unwrap();
    let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
    let location = answer.headers().get("location").map_or("", |location| location.to_str().unwrap()).to_owned();
    let status = answer.status().as_u16();
    (status, location, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

fn refused(answered: &Answered) -> &'static str {
    assert_eq!(answered.response.status(), 403);
    let Sent::Text(page) = answered.response.body() else { panic!("there is no page") };
    assert!(page.contains("もう一度サインインする") && page.contains("href=\"/desk/sign-in?to="));
    assert!(!answered.response.headers().get_all("set-cookie").iter().any(|set| set.to_str().unwrap().starts_with("__Host-hokenshitsu=")));
    match answered.outcome {
        Outcome::Refused(reason) => reason,
        Outcome::Started | Outcome::SignedIn(_) | Outcome::SignedOut => panic!("it was not refused"),
    }
}

#[tokio::test]
async fn everybody_signs_in_with_their_roles_and_comes_back_to_where_they_were() {
    let mut browser = Browser::open().await;
    let people = browser.running.provider.people().await.unwrap();
    let ids: Vec<_> = people.iter().map(|person| person.id.as_str()).collect();
    assert_eq!(ids, ["nurse-sato", "nurse-yamamoto", "psychologist-ito", "contact-tamura", "contact-mori", "operator-demo"]);
    assert_eq!(people[1].roles, [web::Role::Nurse, web::Role::PublicHealthNurse]);
    for person in &people {
        let callback = browser.choose(&person.id, "%2Fdesk%2Fconsultations%3Fsort%3Dold").await;
        let answered = browser.get(&callback).await;
        assert_eq!(answered.response.headers()["location"], "/desk/consultations?sort=old");
        let Outcome::SignedIn(session) = answered.outcome else { panic!("{} is not signed in", person.id) };
        assert_eq!((&session.subject, session.name.expose(), &session.staff), (&person.id, person.name.as_str(), &person.staff));
        assert_eq!(session.roles, person.roles.iter().copied().collect());
        assert_eq!(session.tenant.map(|tenant| tenant.to_string()), person.tenant);
        assert_eq!(browser.who(), Some(session));
        let request = browser.request("GET", "/desk", "", &[]);
        assert_eq!(browser.another("contacts").session(&browser.installation, &request), None, "to other pages they are a stranger");
        assert_eq!(browser.cookies[ATTEMPT], "");
    }
    browser.running.stop().await;
}

#[tokio::test]
async fn a_bad_token_signs_nobody_in() {
    let mut browser = Browser::open().await;
    for (spoil, reason) in [
        (Spoil::Audience, "audience"),
        (Spoil::Issuer, "issuer"),
        (Spoil::Nonce, "nonce"),
        (Spoil::Expired, "expired"),
        (Spoil::Signature, "signature"),
        (Spoil::Key, "key"),
    ] {
        browser.running.provider.spoil(Some(spoil));
        let callback = browser.choose("nurse-sato", "%2Fdesk").await;
        let answered = browser.get(&callback).await;
        assert_eq!(refused(&answered), reason);
        assert_eq!(browser.who(), None, "{spoil:?}");
    }
    browser.running.provider.rotate_key().unwrap();
    let callback = browser.choose("nurse-sato", "%2Fdesk").await;
    assert!(matches!(browser.get(&callback).await.outcome, Outcome::SignedIn(_)), "a new key of the provider's own is found");
    browser.running.stop().await;
}

#[tokio::test]
async fn a_callback_belongs_to_one_attempt_of_one_browser() {
    let mut browser = Browser::open().await;
    let callback = browser.choose("nurse-sato", "https%3A%2F%2Fevil.example%2Fdesk").await;
    let state = callback.split("state=").nth(1).unwrap().to_owned();
    let attempt = browser.cookies[ATTEMPT].clone();
    let with = |browser: &mut Browser| browser.cookies.insert(ATTEMPT.to_owned(), attempt.clone());

    for (url, reason) in [
        (callback.replace(&state, "another"), "state"),
        (callback.split('&').next().unwrap().to_owned(), "state"),
        (callback.replace("code=", "error=access_denied&other="), "provider"),
        (callback.replace("code=", "code=x"), "code"),
    ] {
        with(&mut browser);
        assert_eq!(refused(&browser.get(&url).await), reason, "{url}");
    }
    for missing in ["", "forged"] {
        browser.cookies.insert(ATTEMPT.to_owned(), missing.to_owned());
        assert_eq!(refused(&browser.get(&callback).await), "attempt");
    }
    let contacts = browser.another("contacts");
    let request = browser.request("GET", "/desk/sign-in", "", &[]);
    let begun = contacts.handle(&browser.installation, &request, "/sign-in").await.unwrap().unwrap();
    let of_contacts = begun.response.headers()["set-cookie"].to_str().unwrap().split(['=', ';']).nth(1).unwrap();
    browser.cookies.insert(ATTEMPT.to_owned(), of_contacts.to_owned());
    assert_eq!(refused(&browser.get(&callback).await), "attempt", "it is an attempt to sign in elsewhere");
    with(&mut browser);
    browser.minutes.store(10, Ordering::Relaxed);
    assert_eq!(refused(&browser.get(&callback).await), "attempt");
    browser.minutes.store(0, Ordering::Relaxed);

    with(&mut browser);
    let answered = browser.get(&callback).await;
    assert!(matches!(answered.outcome, Outcome::SignedIn(_)) && answered.response.headers()["location"] == "/desk");
    with(&mut browser);
    assert_eq!(refused(&browser.get(&callback).await), "code", "a code works once, also with its own attempt");
    let other = browser.choose("nurse-sato", "%2Fdesk").await;
    with(&mut browser);
    assert_eq!(refused(&browser.get(&other).await), "state", "and not with the attempt of another");
    browser.running.stop().await;
}

#[tokio::test]
async fn a_code_is_worth_nothing_without_its_verifier() {
    let mut browser = Browser::open().await;
    let callback: Url = browser.choose("nurse-sato", "%2Fdesk").await.parse().unwrap();
    let code = callback.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let redemption = Redemption {
        grant_type: "authorization_code".to_owned(),
        code,
        code_verifier: "guessed".to_owned(),
        redirect_uri: format!("{}/sign-in/callback", browser.running.environment.console).parse().unwrap(),
        client_id: CLIENT.to_owned(),
    };
    assert_eq!(browser.running.provider.token(&redemption).unwrap(), None);
    assert_eq!(refused(&browser.get(callback.as_str()).await), "code");
    browser.running.stop().await;
}

#[tokio::test]
async fn a_session_is_renewed_while_it_is_used_and_ends_when_it_is_not() {
    let mut browser = Browser::open().await;
    let callback = browser.choose("psychologist-ito", "%2Fdesk").await;
    browser.get(&callback).await;
    let session = browser.who().unwrap();
    let asks = |browser: &Browser, session: &Session, request: &lambda_http::Request| {
        let mut response = lambda_http::Response::new(Sent::Empty);
        browser.sign_in.renew(&browser.installation, request, session, &mut response);
        response.headers().get("set-cookie").map(|set| set.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned())
    };
    let renewed = |browser: &Browser, session: &Session| asks(browser, session, &lambda_http::Request::default());
    assert_eq!(renewed(&browser, &session), None);
    browser.minutes.store(50, Ordering::Relaxed);
    let mut by_itself = lambda_http::Request::default();
    by_itself.headers_mut().insert("x-refresh", "1".parse().unwrap());
    assert_eq!(asks(&browser, &session, &by_itself), None, "a page that fetches itself is nobody's work");
    let cookie = renewed(&browser, &session).unwrap();
    browser.minutes.store(70, Ordering::Relaxed);
    assert_eq!(browser.who(), None, "who kept the old cookie did nothing for an hour");
    browser.cookies.insert(SESSION.to_owned(), cookie);
    assert_eq!(browser.who().map(|renewed| (renewed.csrf, renewed.signed_in_at)), Some((session.csrf, session.signed_in_at)));
    browser.running.stop().await;
}

#[tokio::test]
async fn only_our_own_page_signs_somebody_out() {
    let mut browser = Browser::open().await;
    let callback = browser.choose("nurse-sato", "%2Fdesk").await;
    browser.get(&callback).await;
    let session = browser.who().unwrap();
    let url = format!("{}/sign-out", browser.running.environment.console);
    let form = format!("csrf={}", session.csrf);
    let (own, other) = ([("sec-fetch-site", "same-origin")], [("sec-fetch-site", "cross-site")]);
    for (form, headers) in [("", &own), ("csrf=guessed", &own), (form.as_str(), &other)] {
        let request = browser.request("POST", &url, form, headers);
        assert_eq!(refused(&browser.ask(request).await), "csrf");
        assert_eq!(browser.who().as_ref(), Some(&session));
    }
    let request = browser.request("POST", &url, &form, &own);
    let answered = browser.ask(request).await;
    assert_eq!((answered.outcome, answered.response.status().as_u16()), (Outcome::SignedOut, 200));
    assert_eq!(browser.who(), None);
    let provider = answered.response.headers()["refresh"].to_str().unwrap().strip_prefix("0; url=").unwrap();
    let (status, back, _) = fetch(provider).await;
    assert_eq!(status, 303);
    let signed_out = browser.get(&back).await;
    assert_eq!((signed_out.outcome, signed_out.response.status().as_u16()), (Outcome::SignedOut, 200));
    let request = browser.request("POST", &url, "", &[]);
    assert!(!browser.ask(request).await.response.headers().contains_key("refresh"), "nobody was signed in");
    for (method, path) in [("POST", "/sign-in"), ("GET", "/sign-out"), ("GET", "/queue"), ("GET", "")] {
        let request = browser.request(method, "/desk", "", &[]);
        assert!(browser.sign_in.handle(&browser.installation, &request, path).await.is_none(), "{method} {path}");
    }
    assert_eq!(browser.sign_in.to_sign_in("/desk/a?b=c").headers()["location"], "/desk/sign-in?to=%2Fdesk%2Fa%3Fb%3Dc");
    browser.running.stop().await;
}

#[tokio::test]
async fn a_program_signs_in_without_a_browser_and_orders_bad_tokens() {
    let mut browser = Browser::open().await;
    let post = async |browser: &Browser, path: &str, body: &'static str| {
        let url = browser.running.status.addresses.front.join(path).unwrap();
        let request = http::Request::post(url.as_str()).body(Body::from(body)).unwrap();
        let answer = Client::builder(TokioExecutor::new()).build_http().request(request).await.unwrap();
        let (head, body) = answer.into_parts();
        let shown: Value = serde_json::from_slice(&body.collect().await.unwrap().to_bytes()).unwrap_or_default();
        (head.status.as_u16(), head.headers.get("set-cookie").map(|set| set.to_str().unwrap().to_owned()), shown)
    };
    let (status, set, shown) = post(&browser, "local/sign-in", r#"{"person":"contact-mori"}"#).await;
    let cookie = shown["cookie"].as_str().unwrap();
    assert!(status == 200 && set.unwrap().starts_with(cookie));
    let (name, value) = cookie.split_once('=').unwrap();
    browser.cookies.insert(name.to_owned(), value.to_owned());
    let session = browser.who().unwrap();
    assert_eq!((session.subject.as_str(), json!(session.csrf)), ("contact-mori", shown["csrf"].clone()));
    assert_eq!(session.tenant.unwrap().to_string(), browser.running.status.tenants[1].id);
    for bad in ["", "{}", r#"{"person":"nobody"}"#] {
        assert_eq!(post(&browser, "local/sign-in", bad).await.0, 400, "{bad}");
    }
    assert_eq!(post(&browser, "local/sign-in/spoil", r#"{"spoil":"audience"}"#).await.0, 204);
    let callback = browser.choose("nurse-sato", "%2Fdesk").await;
    assert!(matches!(browser.get(&callback).await.outcome, Outcome::Refused("audience")));
    assert_eq!(post(&browser, "local/sign-in/spoil", r#"{"spoil":"everything"}"#).await.0, 400);
    browser.running.stop().await;
}

#[tokio::test]
async fn the_provider_answers_no_other_client() {
    let mut browser = Browser::open().await;
    let callback = browser.choose("nurse-sato", "%2Fdesk").await;
    let front = browser.running.status.addresses.front.clone();
    let callback = callback.split('?').next().unwrap();
    let good = format!(
        "{front}provider/authorize?response_type=code&client_id={CLIENT}&redirect_uri={callback}&state=s&nonce=n&code_challenge=c&code_challenge_method=S256"
    );
    assert_eq!(fetch(&good).await.0, 200);
    for (from, to) in [
        (CLIENT, "another"),
        ("=code&", "=token&"),
        ("S256", "plain"),
        (callback, "http://evil.example/sign-in/callback"),
        ("/callback", "/elsewhere"),
        ("&nonce=n", ""),
        ("code_challenge=c", "code_challenge="),
    ] {
        for address in ["authorize?", "authorize/nurse-sato?"] {
            let bad = good.replace(from, to).replace("authorize?", address);
            assert_eq!(fetch(&bad).await.0, 400, "{bad}");
        }
    }
    browser.running.stop().await;
}

#[tokio::test]
async fn who_signs_out_comes_back_and_goes_nowhere_else() {
    let browser = Browser::open().await;
    let front = browser.running.status.addresses.front.to_string();
    let ask = async |client: &str, back: &str| {
        let path = format!("/provider/logout?client_id={client}&post_logout_redirect_uri={back}&logout_uri={back}");
        let answer =
            browser.running.provider.router().oneshot(http::Request::get(path).body(axum::body::Body::empty()).unwrap()).await.unwrap();
        (answer.status(), answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned()))
    };
    let back = format!("{front}desk/signed-out");
    assert_eq!(ask(CLIENT, &back).await, (StatusCode::SEE_OTHER, Some(back.clone())));
    let home = format!("{front}desk");
    for (client, back) in
        [("another", back.as_str()), (CLIENT, "http://evil.example/desk/signed-out"), (CLIENT, &home), (CLIENT, "nowhere")]
    {
        assert_eq!(ask(client, back).await, (StatusCode::BAD_REQUEST, None), "{client} {back}");
    }
    browser.running.stop().await;
}
