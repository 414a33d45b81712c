//! What SES publishes through SNS when a mail came back or was reported as unwanted, and how Lambda hands that to `mail-feedback`.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use crate::aws::{
    ACCOUNT, REGION,
    lambda::Lambda,
    ses::{Mail, Why},
};

/// The function that the topic invokes.
const FUNCTION: &str = "mail-feedback";
/// Lambda tries an event that nobody waits for three times; its pauses are one and two minutes.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];

/// The topic with its subscription; cheap to clone.
#[derive(Debug, Clone)]
pub struct Feedback(Lambda);

impl Feedback {
    /// Invokes functions through `lambda`.
    pub fn new(lambda: Lambda) -> Self {
        Self(lambda)
    }

    /// Publishes what became of `mail`, and returns at once.
    pub fn publish(&self, mail: &Mail, now: DateTime<Utc>) {
        for (why, recipient) in mail.failures() {
            let (lambda, event) = (self.0.clone(), event(mail, why, recipient, now));
            tokio::spawn(async move { invoke(&lambda, event).await });
        }
    }
}

async fn invoke(lambda: &Lambda, event: Value) {
    for pause in PAUSES.map(Some).into_iter().chain([None]) {
        let Err(error) = lambda.invoke(FUNCTION, event.clone()).await else { return };
        let Some(pause) = pause else {
            tracing::error!(%error, function = FUNCTION, "an event would lie in the dead-letter queue now");
            return;
        };
        tokio::time::sleep(pause).await;
    }
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
fn event(mail: &Mail, why: Why, recipient: &str, now: DateTime<Utc>) -> Value {
    let topic = format!("arn:aws:sns:{REGION}:{ACCOUNT}:mail-feedback");
    json!({ "Records": [{
        "EventSource": "aws:sns",
        "EventVersion": "1.0",
        "EventSubscriptionArn": format!("{topic}:00000000-0000-4000-8000-000000000000"),
        "Sns": {
            "Type": "Notification",
            "MessageId": format!("{}-{}", why.name().to_lowercase(), mail.id),
            "TopicArn": topic,
            "Subject": "Amazon SES Email Event Notification",
            "Message": format!("{}\n", message(mail, why, recipient, now)),
            "Timestamp": stamp(now),
            "SignatureVersion": "1",
            "Signature": "none",
            "SigningCertUrl": format!("https://sns.{REGION}.amazonaws.com/SimpleNotificationService-0.pem"),
            "UnsubscribeUrl": format!("https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe"),
            "MessageAttributes": {},
        },
    }] })
}

/// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html>
fn message(mail: &Mail, why: Why, recipient: &str, now: DateTime<Utc>) -> Value {
    let feedback = format!("feedback-{}", mail.id);
    let (object, what) = match why {
        Why::Bounced => (
            "bounce",
            json!({
                "feedbackId": feedback,
                "bounceType": "Permanent",
                "bounceSubType": "General",
                "bouncedRecipients": [{
                    "emailAddress": recipient,
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }],
                "timestamp": stamp(now),
                "reportingMTA": "dsn; local",
            }),
        ),
        Why::Complained => (
            "complaint",
            json!({
                "feedbackId": feedback,
                "complaintSubType": null,
                "complainedRecipients": [{ "emailAddress": recipient }],
                "timestamp": stamp(now),
                "userAgent": "Local stand-in",
                "complaintFeedbackType": "abuse",
                "arrivalDate": stamp(mail.at),
            }),
        ),
    };
    let header = |name: &str, value: &str| json!({ "name": name, "value": value });
    let to = mail.to.join(", ");
    json!({
        "eventType": why.name(),
        object: what,
        "mail": {
            "timestamp": stamp(mail.at),
            "source": mail.from,
            "sourceArn": format!("arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.jp"),
            "sendingAccountId": ACCOUNT,
            "messageId": mail.id,
            "destination": mail.to,
            "headersTruncated": false,
            "headers": [header("From", &mail.from), header("To", &to), header("Subject", &mail.subject)],
            "commonHeaders": { "from": [mail.from], "to": mail.to, "messageId": mail.id, "subject": mail.subject },
            "tags": { "ses:configuration-set": ["hokenshitsu"], "ses:source-ip": ["127.0.0.1"] },
        },
    })
}

fn stamp(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
