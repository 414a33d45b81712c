//! Somebody who is signed in, as their browser sends requests.

use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use crate::{House, http_client::Answer};

/// One of the demo's people, signed in.
pub struct Staff<'a> {
    house: &'a House,
    cookie: String,
    csrf: String,
}

impl House {
    /// Signs one of the demo's people in.
    pub async fn signs_in(&self, person: &str) -> Staff<'_> {
        let signed_in = self.post("local/sign-in", json!({ "person": person })).await.json();
        let text = |name: &str| signed_in[name].as_str().expect("a text").to_owned();
        Staff { house: self, cookie: text("cookie"), csrf: text("csrf") }
    }
}

impl Staff<'_> {
    /// The cookie, and the token that whatever changes something repeats.
    pub fn session(&self) -> (&str, &str) {
        (&self.cookie, &self.csrf)
    }

    /// Opens a page, below the front's address.
    pub async fn opens(&self, path: &str) -> Answer {
        self.house.http.get_with(&self.house.url(path), &[("cookie", &self.cookie)]).await
    }

    /// Sends a form with these fields beside the one that every form has.
    pub async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.sends_as(path, fields, &self.csrf, "same-origin").await
    }

    /// Sends a form that can bring a file along: its field, its name and its content.
    pub async fn sends_file(&self, path: &str, fields: &[(&str, &str)], file: Option<(&str, &str, &[u8])>) -> Answer {
        self.sends_file_as(path, fields, file, &self.csrf, "same-origin").await
    }

    /// The same with another token, or from another site.
    pub async fn sends_file_as(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
        csrf: &str,
        site: &str,
    ) -> Answer {
        let (headers, body) = self.form_with_file(fields, file, csrf, site);
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.house.http.post(&self.house.url(path), &headers, body).await
    }

    /// The headers and the body of such a form.
    pub fn form_with_file(
        &self,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
        csrf: &str,
        site: &str,
    ) -> (Vec<(&'static str, String)>, Vec<u8>) {
        const BOUNDARY: &str = "----formdata-of-a-browser";
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf)].iter().chain(fields) {
            body.extend(format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
        }
        // A browser sends an empty part where nobody chose a file.
        let (field, name, content) = file.unwrap_or(("attachment", "", b""));
        let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n");
        body.extend([head.as_bytes(), b"content-type: application/octet-stream\r\n\r\n", content, b"\r\n"].concat());
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        (vec![("cookie", self.cookie.clone()), ("content-type", kind), ("sec-fetch-site", site.to_owned())], body)
    }

    /// Sends JSON, as a script of a page does.
    pub async fn sends_json(&self, path: &str, body: &Value) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/json"),
            ("x-csrf-token", self.csrf.as_str()),
            ("sec-fetch-site", "same-origin"),
        ];
        self.house.http.post(&self.house.url(path), &headers, body.to_string().into_bytes()).await
    }

    /// Sends JSON to an API under an idempotency key, as a program does.
    pub async fn calls(&self, path: &str, key: &str, body: &Value) -> Answer {
        let headers = [
            ("cookie", self.cookie.as_str()),
            ("content-type", "application/json"),
            ("x-csrf-token", self.csrf.as_str()),
            ("sec-fetch-site", "same-origin"),
            ("idempotency-key", key),
        ];
        self.house.http.post(&self.house.url(path), &headers, body.to_string().into_bytes()).await
    }

    /// A form with another token, or from another site.
    pub async fn sends_as(&self, path: &str, fields: &[(&str, &str)], csrf: &str, site: &str) -> Answer {
        let body = Serializer::new(String::new()).append_pair("csrf", csrf).extend_pairs(fields).finish();
        let headers = [("cookie", self.cookie.as_str()), ("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", site)];
        self.house.http.post(&self.house.url(path), &headers, body.into_bytes()).await
    }

    /// Does something to a thread, as the form on its page as it is now.
    pub async fn acts(&self, thread: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let page = self.opens(thread).await;
        page.ok();
        self.acts_on(&page.text(), thread, act, fields).await
    }

    /// The same with the form of a page that was read before.
    pub async fn acts_on(&self, page: &str, thread: &str, act: &str, fields: &[(&str, &str)]) -> Answer {
        let (form, version) = (hidden(page, "form"), hidden(page, "version"));
        let all: Vec<(&str, &str)> = [("form", form), ("version", version)].into_iter().chain(fields.iter().copied()).collect();
        self.sends(&format!("{thread}/{act}"), &all).await
    }
}

/// The value of a hidden field.
pub fn hidden<'a>(page: &'a str, name: &str) -> &'a str {
    let (_, after) = page.split_once(&format!("name=\"{name}\" value=\"")).expect("the field");
    after.split('"').next().expect("its value")
}
