#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops at the first surprise")]

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::State,
    routing::post,
};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::{LocalChannel, StandIn, delivery, ids, media};
use crate::{
    calls::Calls,
    clock::LocalClock,
    faults::{Faults, Mode, Target},
};

mod acting;
mod content;
mod groups;
mod menus;
mod restart;
mod sending;

const KEY: &str = "123e4567-e89b-12d3-a456-426614174000";

fn demo() -> LocalChannel {
    LocalChannel {
        channel: "demo".into(),
        channel_id: "1234567890".into(),
        secret: "s3cret".into(),
        basic_id: "@demo".into(),
        name: "健康推進室".into(),
    }
}

/// LINE on a directory of its own, and a webhook that keeps what it gets.
struct Scene {
    data: tempfile::TempDir,
    line: StandIn,
    faults: Faults,
    calls: Calls,
    webhooks: Webhooks,
}

type Webhooks = Arc<Mutex<Vec<(HeaderMap, Vec<u8>)>>>;

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
    /// The bytes as JSON, or `null`.
    body: Value,
}

async fn ask(router: Router, request: Request<Body>) -> Answer {
    let response = router.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    Answer { status: parts.status, headers: parts.headers, bytes, body }
}

fn json_request(path: &str, body: &Value) -> http::request::Builder {
    let method = if body.is_null() { "GET" } else { "POST" };
    Request::builder().method(method).uri(path).header("content-type", "application/json")
}

async fn keep_webhook(State(webhooks): State<Webhooks>, headers: HeaderMap, body: Bytes) {
    webhooks.lock().unwrap().push((headers, body.to_vec()));
}

impl Scene {
    async fn begin() -> Self {
        let (faults, calls) = (Faults::default(), Calls::default());
        let data = tempfile::tempdir().unwrap();
        let line = StandIn::open(data.path(), LocalClock::default(), faults.clone(), calls.clone()).unwrap();
        line.register_channel(demo());
        let webhooks = Webhooks::default();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        line.set_webhook_base(format!("http://{}", listener.local_addr().unwrap()).parse().unwrap());
        let app = Router::new().route("/line/demo/webhook", post(keep_webhook)).with_state(webhooks.clone());
        tokio::spawn(async { axum::serve(listener, app).await });
        Self { data, line, faults, calls, webhooks }
    }

    /// The process is killed, and another one starts on the same data.
    fn restart(self) -> Self {
        let Self { data, line, faults, calls, webhooks } = self;
        let base = line.lock().webhook_base.clone().unwrap();
        drop(line);
        let line = StandIn::open(data.path(), LocalClock::default(), faults.clone(), calls.clone()).unwrap();
        line.register_channel(demo());
        line.set_webhook_base(base);
        Self { data, line, faults, calls, webhooks }
    }

    async fn program(&self, path: &str, body: Value) -> Answer {
        let request = json_request(path, &body).body(Body::from(body.to_string())).unwrap();
        ask(self.line.programs(), request).await
    }

    async fn user(&self) -> String {
        self.program("/users", json!({})).await.body["userId"].as_str().unwrap().to_owned()
    }

    /// A new person who has added the account.
    async fn friend(&self) -> String {
        let user = self.user().await;
        self.act(&user, json!({"type": "follow"})).await;
        user
    }

    async fn act(&self, user: &str, event: Value) -> Answer {
        self.program(&format!("/users/{user}/events"), event).await
    }

    async fn says(&self, user: &str, text: &str) -> Answer {
        self.act(user, json!({"type": "message", "message": {"type": "text", "text": text}})).await
    }

    async fn texts(&self, user: &str) -> Vec<String> {
        let seen = self.program(&format!("/users/{user}/messages"), Value::Null).await.body;
        seen.as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap().to_owned()).collect()
    }

    async fn token(&self) -> String {
        let form = "grant_type=client_credentials&client_id=1234567890&client_secret=s3cret";
        self.token_for(form).await.body["access_token"].as_str().unwrap().to_owned()
    }

    async fn token_for(&self, form: &'static str) -> Answer {
        let request = Request::post("/oauth2/v3/token").header("content-type", "application/x-www-form-urlencoded");
        ask(self.line.api(), request.body(Body::from(form)).unwrap()).await
    }

    async fn send(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        let mut request = json_request(path, &body).header("authorization", format!("Bearer {}", self.token().await));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        ask(self.line.api(), request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// A call of the API by its method, with any body.
    async fn call(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Answer {
        let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {}", self.token().await));
        ask(self.line.api(), request.header("content-type", kind).body(Body::from(body.to_vec())).unwrap()).await
    }

    async fn push(&self, user: &str, text: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("/v2/bot/message/push", headers, json!({"to": user, "messages": [{"type": "text", "text": text}]})).await
    }

    async fn reply(&self, token: &str) -> Answer {
        self.send("/v2/bot/message/reply", &[], json!({"replyToken": token, "messages": [{"type": "text", "text": "はい"}]})).await
    }

    fn webhook(&self, index: usize) -> Value {
        serde_json::from_slice(&self.webhooks.lock().unwrap()[index].1).unwrap()
    }
}
