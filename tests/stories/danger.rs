//! Row B4: the mail to the nurse on duty leads to the consultation, and nobody but a nurse gets there.

use stories::{Answer, House, Http};

/// A browser without anybody in it: it keeps cookies and tells where it is sent.
struct Browser {
    http: Http,
    cookies: Vec<(String, String)>,
}

impl Browser {
    fn new() -> Self {
        Self { http: Http::default(), cookies: Vec::new() }
    }

    async fn opens(&mut self, url: &str) -> Answer {
        let cookies: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self.http.get_with(url, &[("cookie", &cookies.join("; "))]).await;
        for set in answer.headers.get_all("set-cookie") {
            let (name, value) = set.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(known, _)| known != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        answer
    }

    /// Opens `url`, which sends the browser on: to where.
    async fn is_sent_from(&mut self, url: &str) -> String {
        let answer = self.opens(url).await;
        assert_eq!(answer.status, 303, "{url}: {}", answer.text());
        let base: url::Url = url.parse().unwrap();
        base.join(answer.header("location")).unwrap().into()
    }

    /// Chooses a person on the provider's page at `url`, and comes back to the desk: where that sends the browser.
    async fn signs_in(&mut self, url: &str, person: &str) -> String {
        let page = self.opens(url).await;
        page.ok();
        let page = page.text();
        let link = page.split('"').find(|text| text.starts_with(&format!("/provider/authorize/{person}?"))).expect("the person");
        let base: url::Url = url.parse().unwrap();
        let callback = self.is_sent_from(base.join(&link.replace("&amp;", "&")).unwrap().as_str()).await;
        self.is_sent_from(&callback).await
    }
}

/// The link in the mail to the nurse on duty.
async fn link(house: &House) -> String {
    let mails = house.wait_for_mails(1).await;
    assert_eq!((mails.len(), &mails[0]["to"][0]), (1, &"duty@example.jp".into()));
    let text = mails[0]["text"].as_str().unwrap();
    let links: Vec<&str> = text.lines().filter(|line| line.starts_with("http")).collect();
    assert_eq!(links.len(), 1, "{text}");
    links[0].to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_link_in_the_mail_to_the_nurse_on_duty_opens_the_consultation() {
    let house = House::open_at("2026-11-24T23:00:00+09:00").await;
    for (index, text) in ["肩こりです", "もう死にたいです", "眠れません"].into_iter().enumerate() {
        house.member(index).await.says(text).await;
    }
    let link = link(&house).await;
    let path = link.strip_prefix(house.system.status.addresses.front.as_str()).expect("an address of ours");
    let thread = house.signs_in("nurse-sato").await.opens(path).await;
    thread.ok();
    let page = thread.text();
    assert!(page.contains("もう死にたいです") && !page.contains("肩こりです") && !page.contains("眠れません"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_the_link_signs_in_first_and_comes_back_to_that_very_consultation() {
    let house = House::open_at("2026-11-24T23:00:00+09:00").await;
    house.member(0).await.says("もう死にたいです").await;
    let link = link(&house).await;
    let mut browser = Browser::new();
    let sign_in = browser.is_sent_from(&link).await;
    assert!(sign_in.contains("/desk/sign-in?to=%2Fdesk%2Fmembers%2F"), "{sign_in}");
    let provider = browser.is_sent_from(&sign_in).await;
    assert!(provider.starts_with(&format!("{}/authorize?", house.system.sign_in.issuer)), "{provider}");
    let back = browser.signs_in(&provider, "nurse-sato").await;
    assert_eq!(back, link);
    let thread = browser.opens(&back).await;
    thread.ok();
    assert!(thread.text().contains("もう死にたいです"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_with_the_link_signs_in_and_still_sees_nothing() {
    let house = House::open_at("2026-11-24T23:00:00+09:00").await;
    house.member(0).await.says("もう死にたいです").await;
    let link = link(&house).await;
    let mut browser = Browser::new();
    let sign_in = browser.is_sent_from(&link).await;
    let provider = browser.is_sent_from(&sign_in).await;
    let back = browser.signs_in(&provider, "contact-tamura").await;
    assert_eq!(back, link);
    let refused = browser.opens(&back).await;
    assert_eq!(refused.status, 403);
    assert!(!refused.text().contains("死にたい"));
}
