use aws_sdk_sesv2::{
    Client,
    error::ProvideErrorMetadata,
    primitives::Blob,
    types::{Body, Content, Destination, EmailContent, Message, RawMessage},
};
use serde_json::{Value, json};

use super::Rig;
use crate::{
    aws::{lambda::FunctionError, ses::Attachment},
    faults::{Mode, Target},
};

fn simple(subject: &str) -> EmailContent {
    let content = |text: &str| Content::builder().data(text).charset("UTF-8").build().unwrap();
    let body = Body::builder().text(content("本文")).html(content("<p>本文</p>")).build();
    EmailContent::builder().simple(Message::builder().subject(content(subject)).body(body).build()).build()
}

async fn send(client: &Client, to: &str, content: EmailContent) -> Result<String, String> {
    let destination = Destination::builder().to_addresses(to).build();
    let send = client.send_email().from_email_address("保健室 <desk@example.jp>").destination(destination).content(content).send().await;
    send.map(|sent| sent.message_id.unwrap()).map_err(|error| error.code().unwrap_or("none").to_owned())
}

#[tokio::test]
async fn a_simple_mail_lies_in_the_mailbox() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let id = send(&Client::new(&rig.aws), "sato@example.jp", simple("新しい相談")).await.unwrap();
    let mail = rig.services.mailbox.all().unwrap().remove(0);
    assert_eq!((mail.id, mail.subject.as_str(), mail.to), (id, "新しい相談", vec!["sato@example.jp".to_owned()]));
    assert_eq!((mail.text.as_deref(), mail.html.as_deref(), mail.bounced), (Some("本文"), Some("<p>本文</p>"), false));
}

#[tokio::test]
async fn a_raw_mail_is_taken_apart() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let raw = "From: desk@example.jp\r\nTo: sato@example.jp\r\nSubject: =?UTF-8?B?6YCx5ZGK?=\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nFigures\r\n\
        --b\r\nContent-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nYSxi\r\n--b--\r\n";
    let content = EmailContent::builder().raw(RawMessage::builder().data(Blob::new(raw)).build().unwrap()).build();
    Client::new(&rig.aws).send_email().content(content).send().await.unwrap();
    let mail = rig.services.mailbox.all().unwrap().remove(0);
    assert_eq!((mail.from.as_str(), mail.to, mail.subject.as_str()), ("desk@example.jp", vec!["sato@example.jp".to_owned()], "週告"));
    assert_eq!((mail.text.as_deref().map(str::trim), mail.html), (Some("Figures"), None));
    let csv = Attachment { name: "a.csv".to_owned(), media_type: "text/csv".to_owned(), content_id: None, base64: "YSxi".to_owned() };
    assert_eq!(mail.attachments, [csv]);
    assert_eq!(mail.raw.as_deref(), Some(raw));
}

#[tokio::test]
async fn mails_bounce_throttle_and_are_refused_as_ses_does() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    send(&client, "bounce@example.jp", simple("a")).await.unwrap();
    assert!(rig.services.mailbox.all().unwrap()[0].bounced);
    assert_eq!(send(&client, "nobody", simple("a")).await, Err("BadRequestException".to_owned()));
    rig.faults.set(Target::Ses, Some(Mode::TooMany), 1);
    assert_eq!(send(&client, "sato@example.jp", simple("a")).await, Err("TooManyRequestsException".to_owned()));
    rig.faults.set(Target::Ses, Some(Mode::ServerError), 1);
    assert!(send(&client, "sato@example.jp", simple("a")).await.is_err());
    assert_eq!(rig.services.mailbox.all().unwrap().len(), 1);
    assert_eq!(rig.calls.show(), json!({"ses": {"SendEmail": 4}}));
}

#[tokio::test]
async fn what_comes_back_is_published_once_after_the_mail_was_taken() {
    let data = tempfile::tempdir().unwrap();
    let rig = Rig::start(data.path()).await;
    let client = Client::new(&rig.aws);
    rig.target.will_answer([Err(FunctionError::Failed("for now".to_owned()))]);
    send(&client, "sato@example.jp", simple("a")).await.unwrap();
    let bounced = send(&client, "bounce@example.jp", simple("a")).await.unwrap();
    wait_for(&rig, 2).await;
    // What SES took arrives, also where it could not say so.
    rig.faults.set(Target::Ses, Some(Mode::Lost), 1);
    assert!(send(&client, "complaint@example.jp", simple("a")).await.is_err());
    rig.faults.set(Target::Ses, Some(Mode::ServerError), 1);
    assert!(send(&client, "bounce@example.jp", simple("a")).await.is_err());
    let seen = wait_for(&rig, 3).await;
    let messages: Vec<Value> = seen
        .iter()
        .map(|(function, event)| {
            assert_eq!(function, "mail-feedback");
            serde_json::from_str(event["Records"][0]["Sns"]["Message"].as_str().unwrap()).unwrap()
        })
        .collect();
    assert_eq!(messages[0], messages[1], "the function failed at first");
    assert_eq!((&messages[1]["eventType"], &messages[1]["mail"]["messageId"]), (&json!("Bounce"), &json!(bounced)));
    assert_eq!(messages[1]["bounce"]["bouncedRecipients"][0]["emailAddress"], "bounce@example.jp");
    assert_eq!(messages[2]["eventType"], "Complaint");
    assert_eq!(messages[2]["complaint"]["complainedRecipients"], json!([{ "emailAddress": "complaint@example.jp" }]));
}

async fn wait_for(rig: &Rig, invocations: usize) -> Vec<(String, Value)> {
    for _ in 0..100 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        if rig.target.seen().len() >= invocations {
            break;
        }
    }
    assert_eq!(rig.target.seen().len(), invocations);
    rig.target.seen()
}
