#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `document-upload`, and SQS
messages with S3 notifications as Lambda hands them to `document-arrival`.

Run it without arguments after a change: `python3 events/document-upload/make.py`. The output depends on nothing but this file.
No link in here was made with a secret, and no member in here exists. The shapes follow the developer guides of API Gateway, Amazon
S3 and AWS Lambda.
"""

import hashlib
import json
import pathlib
import uuid
from datetime import datetime, timedelta, timezone

HERE = pathlib.Path(__file__).parent
BUCKET = "hokenshitsu-local"
MEMBER = "01KAS2WJ0000000000000MEMBR"
CONSULTATION = "01KAS2WJ0000000000000C0NSX"
QUEUE = "arn:aws:sqs:ap-northeast-1:000000000000:document-arrival"
START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
FORGED = "AA" * 48


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def document(number):
    return f"01KAS2WJ0000000000000D0C{number:02}"


class Fixtures:
    """Makes events and messages; each gets its own second, ids and sequencer from its place."""

    def __init__(self):
        self.count = 0

    def next(self):
        self.count += 1
        return START + timedelta(seconds=37 * self.count, milliseconds=250)

    def event(self, key, name="ObjectCreated:Put"):
        """One record of an S3 notification."""
        at = self.next()
        seed = f"{self.count} {key}"
        placed = {
            "key": key,
            "size": 1024 + self.count,
            "eTag": hashlib.md5(seed.encode()).hexdigest(),
            "versionId": f"{1:010}-{digest('version ' + seed)[:26].upper()}",
            "sequencer": f"{int(at.timestamp() * 1_000_000):018X}",
        }
        return {
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": "ap-northeast-1",
            "eventTime": stamp(at),
            "eventName": name,
            "userIdentity": {"principalId": "AWS:AIDA" + digest("principal")[:16].upper()},
            "requestParameters": {"sourceIPAddress": "203.0.113.20"},
            "responseElements": {"x-amz-request-id": digest("request " + seed)[:16].upper(), "x-amz-id-2": digest("id " + seed)},
            "s3": {
                "s3SchemaVersion": "1.0",
                "configurationId": "uploads",
                "bucket": {
                    "name": BUCKET,
                    "ownerIdentity": {"principalId": "A" + digest("owner")[:13].upper()},
                    "arn": "arn:aws:s3:::" + BUCKET,
                },
                "object": placed,
            },
        }

    def message(self, body):
        """One record of an SQS batch, with this text as its body."""
        millis = int(self.next().timestamp() * 1000)
        return {
            "messageId": str(uuid.UUID(digest(f"message {self.count}")[:32])),
            "receiptHandle": digest(f"receipt {self.count}"),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": "1",
                "SentTimestamp": str(millis),
                "SenderId": "AROA" + digest("sender")[:17].upper() + ":S3-PROD-END",
                "ApproximateFirstReceiveTimestamp": str(millis + 8),
            },
            "messageAttributes": {},
            "md5OfBody": hashlib.md5(body.encode()).hexdigest(),
            "eventSource": "aws:sqs",
            "eventSourceARN": QUEUE,
            "awsRegion": "ap-northeast-1",
        }

    def told(self, *events):
        """A message about these events."""
        return self.message(json.dumps({"Records": list(events)}, separators=(",", ":")))

    def request(self, method, link, body=None):
        """A request to the page behind a link."""
        at = self.next()
        path = f"/documents/{link}"
        route = f"{method} /documents/{{proxy+}}"
        headers = {"accept": "*/*", "host": "api.example.jp", "user-agent": "Mozilla/5.0", "x-forwarded-proto": "https"}
        event = {
            "version": "2.0",
            "routeKey": route,
            "rawPath": path,
            "rawQueryString": "",
            "headers": headers,
            "requestContext": {
                "accountId": "123456789012",
                "apiId": "demo0api00",
                "domainName": "api.example.jp",
                "domainPrefix": "api",
                "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.20", "userAgent": "Mozilla/5.0"},
                "requestId": digest(f"request {self.count}")[:15] + "=",
                "routeKey": route,
                "stage": "$default",
                "time": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
                "timeEpoch": int(at.timestamp() * 1000),
            },
            "isBase64Encoded": False,
        }
        if body is not None:
            headers["content-type"] = "application/json"
            event["body"] = body
        return event


def place(number, below="uploads"):
    return f"{below}/{MEMBER}/{CONSULTATION}/{document(number)}"


def arrivals(make):
    """Name and messages of every batch."""
    yield "one-record", [make.told(make.event(place(1)))]
    yield "several-records", [make.told(*(make.event(place(number)) for number in (2, 3, 4)))]
    yield "several-messages", [make.told(make.event(place(number))) for number in (5, 6)]
    event = make.event(place(7))
    yield "same-event-twice", [make.told(event), make.told(event)]
    yield "deleted", [make.told(make.event(place(8), name="ObjectRemoved:Delete"))]
    yield "other-place", [make.told(make.event(place(9, below="documents")), make.event("uploads/a.pdf"), make.event(place(10) + "/more"))]
    test = {"Service": "Amazon S3", "Event": "s3:TestEvent", "Time": stamp(make.next()), "Bucket": BUCKET}
    yield "test-event", [make.message(json.dumps(test, separators=(",", ":")))]
    yield "no-json", [make.message("not a notification")]


def requests(make):
    """Name and event of every request."""
    yield "forged-page", make.request("GET", FORGED)
    yield "short-link", make.request("GET", "x")
    asked = json.dumps({"name": "診断書.pdf", "size": 1024, "type": "application/pdf"}, ensure_ascii=False)
    yield "forged-upload", make.request("POST", FORGED, asked)
    yield "upload-without-body", make.request("POST", FORGED)
    yield "other-method", make.request("DELETE", FORGED)


def write(name, event):
    (HERE / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False, indent=2) + "\n")


make = Fixtures()
for name, messages in arrivals(make):
    write(f"arrival-{name}", {"Records": messages})
for name, event in requests(make):
    write(f"request-{name}", event)
