//! What SES says became of a mail. Both forms are read: that of events and that of an identity's notifications.
//! <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html>

use serde::Deserialize;

use domain::{personal::MailAddress, unreachable::Why};

/// What is done about it.
#[derive(Debug, PartialEq, Eq)]
pub enum Feedback {
    /// These addresses are not written to any more.
    Failed(Failed),
    /// It is written down that mail `message` did not arrive: the next one may.
    Passing {
        /// See [`Failed::message`].
        message: String,
    },
    /// Nothing.
    Other,
}

/// A mail came back for good, or was not wanted.
#[derive(Debug, PartialEq, Eq)]
pub struct Failed {
    /// Which of both.
    pub why: Why,
    /// SES's id of the mail.
    pub message: String,
    /// To whom it went.
    pub addresses: Vec<MailAddress>,
}

/// SES sends nothing like this. Its content is not told, because it may name people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no event of SES")]
pub struct Unreadable;

/// Published in plain text when SES is connected with the topic.
const CONNECTED: &str = "Successfully validated SNS topic for Amazon SES event publishing.";

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "eventType", alias = "notificationType")]
    kind: String,
    mail: Mail,
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    message_id: String,
    destination: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    bounce_type: BounceType,
    bounced_recipients: Vec<Recipient>,
}

#[derive(Deserialize)]
enum BounceType {
    Permanent,
    Transient,
    Undetermined,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complained_recipients: Vec<Recipient>,
    complaint_feedback_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
}

/// Reads what SES published.
pub fn read(message: &str) -> Result<Feedback, Unreadable> {
    if message.trim() == CONNECTED {
        return Ok(Feedback::Other);
    }
    let Event { kind, mail, bounce, complaint } = serde_json::from_str(message).map_err(|_| Unreadable)?;
    match (kind.as_str(), bounce, complaint) {
        ("Bounce", Some(Bounce { bounce_type: BounceType::Permanent, bounced_recipients }), _) => {
            mail.failed(Why::Bounced, bounced_recipients)
        }
        ("Bounce", Some(Bounce { bounce_type: BounceType::Transient | BounceType::Undetermined, .. }), _) => {
            Ok(Feedback::Passing { message: mail.message_id })
        }
        // Somebody took the mail out of the folder of unwanted ones.
        ("Complaint", _, Some(Complaint { complaint_feedback_type: Some(said), .. })) if said == "not-spam" => Ok(Feedback::Other),
        ("Complaint", _, Some(complaint)) => mail.failed(Why::Complained, complaint.complained_recipients),
        ("Bounce" | "Complaint", _, _) => Err(Unreadable),
        _ => Ok(Feedback::Other),
    }
}

impl Mail {
    /// Each mail of ours goes to one address, and that is the one that failed: the recipient whom a server names can be where it
    /// forwarded the mail to. Of other mails, if there are any, only the recipients tell.
    fn failed(self, why: Why, recipients: Vec<Recipient>) -> Result<Feedback, Unreadable> {
        let to = match self.destination.as_slice() {
            [_] => self.destination,
            _ => recipients.into_iter().map(|recipient| recipient.email_address).collect(),
        };
        let addresses = to.iter().map(|address| MailAddress::parse(address).map_err(|_| Unreadable)).collect::<Result<_, _>>()?;
        Ok(Feedback::Failed(Failed { why, message: self.message_id, addresses }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use serde_json::{Value, json};

    use super::*;

    fn event(kind: &str, destination: &[&str], what: &Value) -> String {
        let mut event = json!({ "eventType": kind, "mail": { "messageId": "m-1", "destination": destination } });
        event.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
        event.to_string()
    }

    fn bounce(kind: &str, recipient: &str) -> Value {
        json!({ "bounce": { "bounceType": kind, "bouncedRecipients": [{ "emailAddress": recipient }] } })
    }

    fn failed(why: Why, addresses: &[&str]) -> Feedback {
        let addresses = addresses.iter().map(|address| MailAddress::parse(address).unwrap()).collect();
        Feedback::Failed(Failed { why, message: "m-1".to_owned(), addresses })
    }

    #[test]
    fn only_what_failed_for_good_marks() {
        let to = ["mori@midori.example.jp"];
        let passing = || Ok(Feedback::Passing { message: "m-1".to_owned() });
        let complaint = |kind: Option<&str>| {
            let complaint = json!({ "complainedRecipients": [{ "emailAddress": to[0] }], "complaintFeedbackType": kind });
            json!({ "complaint": complaint })
        };
        for (kind, what, read_as) in [
            ("Bounce", bounce("Permanent", to[0]), Ok(failed(Why::Bounced, &to))),
            ("Bounce", bounce("Transient", to[0]), passing()),
            ("Bounce", bounce("Undetermined", to[0]), passing()),
            ("Bounce", bounce("Final", to[0]), Err(Unreadable)),
            ("Bounce", json!({}), Err(Unreadable)),
            ("Complaint", complaint(None), Ok(failed(Why::Complained, &to))),
            ("Complaint", complaint(Some("abuse")), Ok(failed(Why::Complained, &to))),
            ("Complaint", complaint(Some("not-spam")), Ok(Feedback::Other)),
            ("Complaint", bounce("Permanent", to[0]), Err(Unreadable)),
            ("Delivery", json!({ "delivery": {} }), Ok(Feedback::Other)),
            ("Something New", json!({}), Ok(Feedback::Other)),
        ] {
            assert_eq!(read(&event(kind, &to, &what)), read_as, "{kind} {what}");
        }
    }

    #[test]
    fn the_address_is_the_one_that_the_mail_went_to_wherever_it_was_forwarded() {
        let to = ["mori@midori.example.jp"];
        let forwarded = bounce("Permanent", "mori=x@inside.midori.example.jp");
        assert_eq!(read(&event("Bounce", &to, &forwarded)), Ok(failed(Why::Bounced, &to)));
        let several = event("Bounce", &["a@midori.example.jp", "b@midori.example.jp"], &bounce("Permanent", "b@midori.example.jp"));
        assert_eq!(read(&several), Ok(failed(Why::Bounced, &["b@midori.example.jp"])));
    }

    #[test]
    fn an_identity_s_notification_says_the_same() {
        let to = ["mori@midori.example.jp"];
        let notification = event("Bounce", &to, &bounce("Permanent", to[0])).replace("eventType", "notificationType");
        assert_eq!(read(&notification), Ok(failed(Why::Bounced, &to)));
    }

    #[test]
    fn what_is_none_of_ses_s_is_refused_without_its_content() {
        assert_eq!(read(CONNECTED), Ok(Feedback::Other));
        for message in
            ["", "mori@midori.example.jp", "{}", r#"{"eventType":"Bounce"}"#, r#"{"eventType":7,"mail":"mori@midori.example.jp"}"#]
        {
            let refused = read(message).unwrap_err().to_string();
            assert!(!refused.contains("mori"), "{refused}");
        }
        assert_eq!(read(&event("Bounce", &["森@midori.example.jp"], &bounce("Permanent", "a@b.jp"))), Err(Unreadable));
    }
}
