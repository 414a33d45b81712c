//! What the stories are told with: a [`House`] that runs the whole system in its own directory, and [`Person`]s who use LINE.
//! Everything goes over HTTP, through the programs' interface and the front doors; a test reads no private state.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "a story stops at the first surprise"
)]

mod http_client;
mod staff;

use base64::{Engine, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use tempfile::TempDir;

pub use http_client::{Answer, Http};
pub use staff::{Staff, hidden};

/// The channel of the demo tenants.
pub const CHANNEL: &str = "demo";
/// Its secret, with which LINE signs.
pub const CHANNEL_SECRET: &str = "demo-channel-secret-0123456789abcd";

/// The beginning of a JPEG.
pub const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01 a picture";

/// A running system.
pub struct House {
    /// The system, for what programs cannot ask over HTTP.
    pub system: local::Running,
    http: Http,
    directory: TempDir,
}

/// A tenant of the demo.
pub struct Company {
    /// Its id.
    pub id: String,
    /// Its registration code.
    pub code: String,
    /// Its passphrase, where it has one.
    pub passphrase: Option<String>,
    employees: Vec<(String, String)>,
}

impl Company {
    /// Number and name of an employee.
    pub fn employee(&self, index: usize) -> (&str, &str) {
        let (number, name) = &self.employees[index];
        (number, name)
    }

    /// The number of the employee with this name.
    pub fn number_of(&self, name: &str) -> &str {
        &self.employees.iter().find(|(_, other)| other == name).expect("an employee of the demo").0
    }
}

impl House {
    /// A system with nothing but the demo tenants, at 10:00 on Tuesday, 24 November 2026.
    pub async fn open() -> Self {
        Self::open_at("2026-11-24T10:00:00+09:00").await
    }

    /// The same at another time, at which the clock stands still.
    pub async fn open_at(now: &str) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let now = Some(now.parse().expect("a time"));
        let options = local::Options { data: directory.path().to_owned(), port: 0, fresh: true, now };
        let system = local::start(options).await.expect("a system");
        Self { system, http: Http::default(), directory }
    }

    /// Stops the system and starts it again on the same data.
    pub async fn restart(self) -> Self {
        let Self { system, http, directory } = self;
        system.stop().await;
        let options = local::Options { data: directory.path().to_owned(), port: 0, fresh: false, now: None };
        let system = local::start(options).await.expect("a system");
        Self { system, http, directory }
    }

    /// Sets the clock, which then stands still; schedules that are due have fired afterwards.
    pub async fn clock(&self, now: &str) {
        let now: DateTime<Utc> = now.parse().expect("a time");
        self.post("local/clock", json!({ "now": now, "hold": true })).await.ok();
    }

    /// Moves the clock by an ISO 8601 duration.
    pub async fn advance(&self, by: &str) {
        self.post("local/clock", json!({ "advance": by })).await.ok();
    }

    /// 株式会社さくら製作所: no passphrase, numbers of six digits.
    pub async fn sakura(&self) -> Company {
        self.company(0).await
    }

    /// ひかり商事株式会社: asks for a passphrase.
    pub async fn hikari(&self) -> Company {
        self.company(1).await
    }

    async fn company(&self, index: usize) -> Company {
        let status = self.get("local/status").await;
        let tenant = &status["tenants"][index];
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let employees = tenant["employees"].as_array().expect("employees").iter();
        Company {
            id: text(&tenant["id"]),
            code: text(&tenant["code"]),
            passphrase: tenant["passphrase"].as_str().map(str::to_owned),
            employees: employees.map(|employee| (text(&employee["number"]), text(&employee["name"]))).collect(),
        }
    }

    /// A company with a new contract, and nobody on its roster.
    pub async fn engages(&self, name: &str, starts: &str, plans: &[domain::tenant::Plan]) -> Company {
        let new = ops::tenant::NewTenant {
            name: name.to_owned(),
            channel: CHANNEL.parse().expect("a channel"),
            language: domain::text::Language::Ja,
            number_width: None,
            starts: starts.parse().expect("a day"),
            plans: plans.iter().copied().collect(),
        };
        let tenant = self.ops().add_tenant(new).await.expect("a tenant");
        Company { id: tenant.id.to_string(), code: tenant.code.to_string(), passphrase: None, employees: Vec::new() }
    }

    /// Enters somebody on the roster, as the operator does.
    pub async fn enter(&self, company: &Company, number: &str, name: &str) {
        let entry = ops::roster::Entry {
            number: domain::employee::parse_number(number, None).expect("a number"),
            name: domain::employee::parse_name(name).expect("a name"),
            leaves: None,
        };
        self.ops().add_to_roster(company.id.parse().expect("an id"), &entry).await.expect("a row");
    }

    /// Somebody who uses LINE and has the account as a friend.
    pub async fn person(&self) -> Person<'_> {
        let person = self.stranger().await;
        person.act(json!({ "type": "follow" })).await.ok();
        person
    }

    /// Somebody who uses LINE.
    pub async fn stranger(&self) -> Person<'_> {
        let user = self.post("local/line/users", json!({})).await.json();
        Person { house: self, id: user["userId"].as_str().expect("an id").to_owned() }
    }

    /// Somebody who registered with 株式会社さくら製作所 as its employee `index`.
    pub async fn member(&self, index: usize) -> Person<'_> {
        let company = self.sakura().await;
        let person = self.person().await;
        person.registers(&company, company.employee(index).0).await;
        // The menu follows through the outbox; what is told next is told in peace.
        self.wait_until_nothing_is_taken().await;
        person
    }

    /// Delivers a file as HR does, and waits until the queue has nothing more to do.
    pub async fn delivers(&self, company: &Company, kind: &str, name: &str, content: impl Into<Vec<u8>>) {
        // No two files come in the same instant.
        self.advance("PT1S").await;
        self.puts(&format!("roster-in/{}/{kind}/{name}", company.id), content).await;
        self.wait_for_queue().await;
    }

    /// Puts an object into the bucket.
    pub async fn puts(&self, key: &str, content: impl Into<Vec<u8>>) {
        self.http.put(&self.url(&format!("local/s3/object?key={key}")), content.into()).await.ok();
    }

    /// The latest version of an object.
    pub async fn object(&self, key: &str) -> Vec<u8> {
        let answer = self.http.get(&self.url(&format!("local/s3/object?key={key}"))).await;
        answer.ok();
        answer.body.to_vec()
    }

    /// Waits until no message of any queue is left.
    pub async fn wait_for_queue(&self) {
        for _ in 0..1200 {
            let queues = self.get("local/queues").await;
            let is_done = |queue: &Value| queue["messages"].as_array().is_some_and(Vec::is_empty);
            if queues.as_array().is_some_and(|queues| queues.iter().all(is_done)) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("messages stay: {:?}", self.get("local/queues").await);
    }

    /// The operator's acts.
    pub fn ops(&self) -> ops::Ops {
        ops::Ops::of(&self.system.environment, self.system.clock.business())
    }

    /// A company's roster, as `number name joined leaves` without the names of the demo's people where nothing of them changed.
    pub async fn roster(&self, company: &Company) -> Vec<String> {
        let rows = self.ops().roster(company.id.parse().expect("an id")).await.expect("a roster");
        let day = |date: Option<chrono::NaiveDate>| date.map_or_else(|| "-".to_owned(), |date| date.to_string());
        let show = |number: &str, employment: &domain::roster::Employment| {
            format!("{number} {} {} {}", employment.name.expose(), day(employment.joined), day(employment.leaves()))
        };
        rows.iter().flat_map(|row| row.employments.iter().map(|employment| show(row.number.expose(), employment))).collect()
    }

    /// The one report there is about the newest delivery of a company.
    pub async fn report(&self, company: &Company) -> Value {
        let deliveries = self.ops().deliveries(company.id.parse().expect("an id")).await.expect("deliveries");
        let import = deliveries.last().expect("a delivery").import;
        serde_json::from_slice(&self.object(&format!("roster-out/{}/{import}/report.json", company.id)).await).expect("a report")
    }

    /// PUT to an address that was handed out, as a browser does.
    pub async fn uploads(&self, permit: &Value, content: impl Into<Vec<u8>>) -> Answer {
        let headers: Vec<(&str, &str)> = permit["headers"]
            .as_object()
            .expect("headers")
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().expect("a text")))
            .collect();
        self.http.put_with(permit["url"].as_str().expect("an address"), &headers, content.into()).await
    }

    /// GET as JSON.
    pub async fn get(&self, path: &str) -> Value {
        self.http.get(&self.url(path)).await.json()
    }

    /// GET of a page, or whatever it is.
    pub async fn open_page(&self, path: &str) -> Answer {
        self.http.get(&self.url(path)).await
    }

    /// POST of JSON.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.http.post(&self.url(path), &[("content-type", "application/json")], body.to_string().into_bytes()).await
    }

    /// POST of a body to LINE's webhook, with this signature.
    pub async fn webhook(&self, body: &[u8], signature: Option<&str>) -> Answer {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(signature.map(|signature| ("x-line-signature", signature)));
        self.http.post(&self.url(&format!("line/{CHANNEL}/webhook")), &headers, body.to_vec()).await
    }

    /// POST of a body to LINE's webhook, signed as LINE does.
    pub async fn signed(&self, body: &[u8]) -> Answer {
        let signature = line::sign(&line::ChannelSecret::new(CHANNEL_SECRET), body);
        self.webhook(body, Some(&signature)).await
    }

    /// The next `count` requests to `target` fail with `mode`.
    pub async fn fault(&self, target: &str, mode: &str, count: u32) {
        self.post("local/faults", json!({ "target": target, "mode": mode, "count": count })).await.ok();
    }

    /// Deletes a schedule, so that nothing happens but what the test does.
    pub async fn without_schedule(&self, name: &str) {
        self.http.delete(&format!("{}schedules/{name}", self.system.status.addresses.aws)).await.ok();
    }

    /// What has been called since the last time, by target and operation.
    pub async fn calls(&self) -> Value {
        let calls = self.get("local/calls").await;
        self.post("local/calls/reset", json!({})).await.ok();
        calls
    }

    /// Waits until nothing calls the tables any more: what began with the house, or what was done last, has come to rest.
    pub async fn comes_to_rest(&self) {
        for _ in 0..200 {
            tokio::time::sleep(std::time::Duration::from_millis(300)).await;
            if !self.calls().await["dynamodb"].is_object() {
                return;
            }
        }
        panic!("the tables are called all the time");
    }

    /// All mails so far.
    pub async fn mails(&self) -> Vec<Value> {
        self.get("local/mail").await.as_array().cloned().unwrap_or_default()
    }

    /// Waits until `count` mails have come.
    pub async fn wait_for_mails(&self, count: usize) -> Vec<Value> {
        for _ in 0..600 {
            let mails = self.mails().await;
            if mails.len() >= count {
                return mails;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{count} mails did not come");
    }

    /// Waits until a mail to `address` has come; gives all of them.
    pub async fn wait_for_mail_to(&self, address: &str) -> Vec<Value> {
        for _ in 0..600 {
            let mut mails = self.mails().await;
            mails.retain(|mail| mail["to"].to_string().contains(address));
            if !mails.is_empty() {
                return mails;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no mail to {address} came");
    }

    /// Waits until nobody is in the middle of sending something. Leases are business time: a clock that is moved under a
    /// sender's hands lets its lease run out.
    pub async fn wait_until_nothing_is_taken(&self) {
        for _ in 0..600 {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            let outbox = self.items_of("Outbox").await;
            let now = domain::time::stamp(self.system.clock.now());
            // What is not due, such as the deletion of a document in a month, is nobody's work now.
            let is_new = |item: &Value| item["state"] == "Pending" && item["attempt"] == 0 && item["due"].as_str() <= Some(&now);
            if !outbox.iter().any(|item| item["state"] == "Taken" || is_new(item)) {
                return;
            }
        }
        panic!("something is being sent for half a minute");
    }

    /// Every item of the single table.
    pub async fn items(&self) -> Vec<Value> {
        let mut items = Vec::new();
        for partition in self.get("local/table").await["partitions"].as_array().expect("partitions") {
            let pk = partition["pk"].as_str().expect("a key").replace('#', "%23");
            let found = self.get(&format!("local/table?pk={pk}")).await;
            items.extend(found["items"].as_array().cloned().unwrap_or_default());
        }
        items
    }

    /// Every item of a kind.
    pub async fn items_of(&self, kind: &str) -> Vec<Value> {
        self.items().await.into_iter().filter(|item| item["kind"] == kind).collect()
    }

    /// The documents as they stand in the table.
    pub async fn documents(&self) -> Vec<Value> {
        self.items_of("Document").await
    }

    /// Waits until the one document there is stands so.
    pub async fn wait_for_document(&self, state: &str) -> Value {
        for _ in 0..600 {
            let documents = self.documents().await;
            if let [document] = documents.as_slice()
                && document["state"] == state
            {
                return document.clone();
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("no document is {state}: {:?}", self.documents().await);
    }

    /// The objects in the bucket, each with all its versions; also those of which only old versions are left.
    pub async fn objects(&self) -> Vec<Value> {
        self.get("local/s3").await.as_array().cloned().expect("a list")
    }

    /// How many data keys there are.
    pub async fn data_keys(&self) -> usize {
        self.get("local/table?table=keys").await["partitions"].as_array().map_or(0, Vec::len)
    }

    /// Everything that the system keeps on disk, file by file, without LINE's side of it and the mailbox.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.directory.path().to_owned()];
        while let Some(folder) = folders.pop() {
            let Ok(entries) = std::fs::read_dir(folder) else { continue };
            for entry in entries {
                let path = entry.expect("an entry").path();
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if path.is_dir() {
                    folders.push(path);
                } else if !name.starts_with("line.")
                    && let Ok(content) = std::fs::read(&path)
                {
                    // What was replaced meanwhile stands under its own name.
                    files.push((name, content));
                }
            }
        }
        files
    }

    /// The address of a path below the front.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.system.status.addresses.front)
    }
}

/// Somebody who uses LINE.
pub struct Person<'a> {
    house: &'a House,
    /// The LINE user id.
    pub id: String,
}

impl Person<'_> {
    /// Writes, and reads what comes back.
    pub async fn says(&self, text: &str) -> Vec<String> {
        let before = self.messages().await.len();
        self.sends(text).await.ok();
        self.texts_from(before).await
    }

    /// Writes; the answer is the webhook's.
    pub async fn sends(&self, text: &str) -> Answer {
        self.act(json!({ "type": "message", "message": { "type": "text", "text": text } })).await
    }

    /// Touches a choice, and reads what comes back.
    pub async fn touches(&self, data: &str) -> Vec<String> {
        let before = self.messages().await.len();
        self.act(json!({ "type": "postback", "postback": { "data": data } })).await.ok();
        self.texts_from(before).await
    }

    /// Anything that LINE reports.
    pub async fn act(&self, event: Value) -> Answer {
        self.house.post(&format!("local/line/users/{}/events?channel={CHANNEL}", self.id), event).await
    }

    /// Sends a picture, a film, a sound or a file with this content; the answer is the webhook's.
    pub async fn sends_content(&self, message: Value, content: &[u8]) -> Answer {
        self.act(json!({ "type": "message", "message": message, "content": BASE64_STANDARD.encode(content) })).await
    }

    /// Sends a picture, and reads what comes back at once.
    pub async fn sends_picture(&self) -> Vec<String> {
        let before = self.messages().await.len();
        self.sends_content(json!({ "type": "image" }), JPEG).await.ok();
        self.texts_from(before).await
    }

    /// The name of the rich menu that the person sees, and whether it is the person's own.
    pub async fn menu(&self) -> (String, bool) {
        let menu = self.house.get(&format!("local/line/users/{}/menu?channel={CHANNEL}", self.id)).await;
        (menu["name"].as_str().unwrap_or_default().to_owned(), menu["linked"] == true)
    }

    /// Registers with `company` under `number`.
    pub async fn registers(&self, company: &Company, number: &str) -> Vec<String> {
        self.says(&format!("登録コード {}", company.code)).await;
        if let Some(passphrase) = &company.passphrase {
            self.says(passphrase).await;
        }
        self.says(number).await;
        self.touches("consent").await
    }

    /// All messages that the person has seen, as LINE got them.
    pub async fn messages(&self) -> Vec<Value> {
        self.house.get(&format!("local/line/users/{}/messages", self.id)).await.as_array().cloned().unwrap_or_default()
    }

    /// The texts of all of them.
    pub async fn texts(&self) -> Vec<String> {
        self.texts_from(0).await
    }

    /// Waits until `count` messages have come.
    pub async fn wait_for(&self, count: usize) -> Vec<String> {
        for _ in 0..600 {
            let texts = self.texts().await;
            if texts.len() >= count {
                return texts;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        panic!("{count} messages did not come");
    }

    async fn texts_from(&self, before: usize) -> Vec<String> {
        let messages = self.messages().await;
        messages.iter().skip(before).map(|message| message["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Whether one of `texts` holds `part`.
#[track_caller]
pub fn assert_says(texts: &[String], part: &str) {
    assert!(texts.iter().any(|text| text.contains(part)), "nobody said {part:?} in {texts:#?}");
}
