#!/usr/bin/env python3
"""Writes the fixtures of this folder: what SES publishes of a mail, as SNS hands it to the function.

Run it without arguments after a change: `python3 events/mail-feedback/make.py`. The output depends on nothing but this file. The shapes
follow "Contents of event data that Amazon SES publishes to Amazon SNS" in the developer guide of Amazon SES and "Invoking Lambda functions
with Amazon SNS notifications" in that of AWS Lambda. Nothing in here was signed.
"""

import hashlib
import json
import pathlib
import uuid
from datetime import datetime, timedelta, timezone

HERE = pathlib.Path(__file__).parent
REGION, ACCOUNT = "ap-northeast-1", "000000000000"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:mail-feedback"
FROM = "hokenshitsu@example.jp"
START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
CONNECTED = "Successfully validated SNS topic for Amazon SES event publishing."


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def identifier(seed):
    return str(uuid.UUID(digest(seed)[:32], version=4))


def ses_identifier(seed):
    return f"0106{digest(seed)[:12]}-{identifier(seed)}-000000"


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


class Fixtures:
    """Makes events; each gets its own second and ids from its place."""

    def __init__(self):
        self.count = 0

    def next(self):
        self.count += 1
        return START + timedelta(seconds=37 * self.count, milliseconds=250)

    def published(self, kind, to, about, field="eventType"):
        """What SES says of a mail to `to`."""
        at = self.next()
        message_id = ses_identifier(f"mail {self.count}")
        subject = "【ONLINE健康推進室】今月の名簿のご提出のお願い"
        mail = {
            "timestamp": stamp(at),
            "source": FROM,
            "sourceArn": f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/example.jp",
            "sendingAccountId": ACCOUNT,
            "messageId": message_id,
            "destination": [to],
            "headersTruncated": False,
            "headers": [
                {"name": "From", "value": FROM},
                {"name": "To", "value": to},
                {"name": "Subject", "value": subject},
                {"name": "MIME-Version", "value": "1.0"},
                {"name": "Content-Type", "value": 'multipart/alternative;  boundary="----=_Part_1_1.1"'},
            ],
            "commonHeaders": {"from": [FROM], "to": [to], "messageId": message_id, "subject": subject},
            "tags": {
                "ses:source-tls-version": ["TLSv1.3"],
                "ses:operation": ["SendEmail"],
                "ses:configuration-set": ["hokenshitsu"],
                "ses:source-ip": ["203.0.113.20"],
                "ses:from-domain": ["example.jp"],
                "ses:caller-identity": ["outbox"],
            },
        }
        return {field: kind, **about(at + timedelta(seconds=2), message_id), "mail": mail}

    def bounce(self, to, kind, sub_type, recipient=None, status="5.1.1", said="550 5.1.1 user unknown", **more):
        """The mail came back."""
        def about(at, seed):
            return {
                "bounce": {
                    "feedbackId": ses_identifier(f"feedback {seed}"),
                    "bounceType": kind,
                    "bounceSubType": sub_type,
                    "bouncedRecipients": [
                        {"emailAddress": recipient or to, "action": "failed", "status": status, "diagnosticCode": f"smtp; {said}"}
                    ],
                    "timestamp": stamp(at),
                    "reportingMTA": "dsn; e234-8.smtp-out.ap-northeast-1.amazonses.com",
                }
            }
        return self.published("Bounce", to, about, **more)

    def complaint(self, to, kind):
        """Somebody called the mail unwanted, or just that it is not."""
        def about(at, seed):
            return {
                "complaint": {
                    "feedbackId": ses_identifier(f"feedback {seed}"),
                    "complaintSubType": None,
                    "complainedRecipients": [{"emailAddress": to}],
                    "timestamp": stamp(at),
                    "userAgent": "Yahoo!-Mail-Feedback/2.0",
                    "complaintFeedbackType": kind,
                    "arrivalDate": stamp(at),
                }
            }
        return self.published("Complaint", to, about)

    def delivery(self, to):
        """The mail arrived."""
        def about(at, _):
            return {
                "delivery": {
                    "timestamp": stamp(at),
                    "processingTimeMillis": 1832,
                    "recipients": [to],
                    "smtpResponse": "250 2.6.0 Message received",
                    "reportingMTA": "e234-8.smtp-out.ap-northeast-1.amazonses.com",
                }
            }
        return self.published("Delivery", to, about)

    def record(self, message):
        """The notification of `message`, which SES ends with a line feed where it is JSON."""
        at = self.next()
        text = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"
        seed = f"notification {self.count}"
        subscription = f"{TOPIC}:{identifier('subscription')}"
        return {
            "EventSource": "aws:sns",
            "EventVersion": "1.0",
            "EventSubscriptionArn": subscription,
            "Sns": {
                "Type": "Notification",
                "MessageId": identifier(seed),
                "TopicArn": TOPIC,
                "Subject": "Amazon SES Email Event Notification",
                "Message": text,
                "Timestamp": stamp(at),
                "SignatureVersion": "1",
                "Signature": "bm90IHNpZ25lZA==",
                "SigningCertUrl": f"https://sns.{REGION}.amazonaws.com/SimpleNotificationService-{digest('certificate')[:32]}.pem",
                "UnsubscribeUrl": f"https://sns.{REGION}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn={subscription}",
                "MessageAttributes": {},
            },
        }


def main():
    make = Fixtures()
    tamura, nobody = "tamura@sakura.example.jp", "moved@sakura.example.jp"
    twice = make.record(make.bounce(tamura, "Permanent", "General"))
    full = {"status": "4.2.2", "said": "452 4.2.2 mailbox full"}
    fixtures = {
        "bounce-permanent": [make.record(make.bounce(tamura, "Permanent", "General"))],
        "bounce-permanent-suppressed": [make.record(make.bounce(tamura, "Permanent", "OnAccountSuppressionList"))],
        "bounce-permanent-forwarded": [make.record(make.bounce(tamura, "Permanent", "NoEmail", "n.tamura@inside.sakura.example.jp"))],
        "bounce-permanent-of-identity": [make.record(make.bounce(tamura, "Permanent", "General", field="notificationType"))],
        "bounce-permanent-twice": [twice, twice],
        "bounce-permanent-to-nobody": [make.record(make.bounce(nobody, "Permanent", "General"))],
        "bounce-transient": [make.record(make.bounce(tamura, "Transient", "MailboxFull", **full))],
        "bounce-undetermined": [make.record(make.bounce(tamura, "Undetermined", "Undetermined", **full))],
        "complaint": [make.record(make.complaint(tamura, "abuse"))],
        "complaint-withdrawn": [make.record(make.complaint(tamura, "not-spam"))],
        "delivery": [make.record(make.delivery(tamura))],
        "connected": [make.record(CONNECTED)],
        "broken-no-json": [make.record(f"a bounce of {tamura}")],
        "broken-no-bounce": [make.record({"eventType": "Bounce", "mail": {"messageId": "1", "destination": [tamura]}})],
        "broken-other-source": [{"eventSource": "aws:sqs", "messageId": identifier("other"), "body": tamura}],
    }
    for path in HERE.glob("*.json"):
        path.unlink()
    for name, records in fixtures.items():
        text = json.dumps({"Records": records}, ensure_ascii=False, indent=2)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
