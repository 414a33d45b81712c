#!/usr/bin/env python3
"""Writes the fixtures of this folder: SQS messages with S3 notifications, as Lambda hands them to the function.

Run it without arguments after a change: `python3 events/roster-import/make.py`. The output depends on nothing but this
file. The shapes follow "Event message structure" in the user guide of Amazon S3 and "Using Lambda with Amazon SQS" in the
developer guide of AWS Lambda.
"""

import hashlib
import json
import pathlib
import uuid
from datetime import datetime, timedelta, timezone
from urllib.parse import quote_plus

HERE = pathlib.Path(__file__).parent
BUCKET = "hokenshitsu-local"
TENANT = "01KAS2WJ0000000000000TENAN"
OTHER = "01KAS2WJ000000000000000ABS"  # no tenant has this id
QUEUE = "arn:aws:sqs:ap-northeast-1:000000000000:roster-import"
START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def stamp(at):
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


class Fixtures:
    """Makes events and messages; each gets its own second, ids and sequencer from its place."""

    def __init__(self):
        self.count = 0

    def next(self):
        self.count += 1
        return START + timedelta(seconds=37 * self.count, milliseconds=250)

    def event(self, key, name="ObjectCreated:Put", version=True, **more):
        """One record of an S3 notification."""
        at = self.next()
        seed = f"{self.count} {key}"
        placed = {
            # As in a form, but the slashes stay.
            "key": quote_plus(key, safe="/*"),
            "size": 1024 + self.count,
            "eTag": hashlib.md5(seed.encode()).hexdigest(),
            "versionId": f"{1:010}-{digest('version ' + seed)[:26].upper()}",
            "sequencer": f"{int(at.timestamp() * 1_000_000):018X}",
        }
        if not version:
            del placed["versionId"]
        if name.startswith("ObjectRemoved"):
            del placed["size"]
        if name == "ObjectRemoved:Delete":
            del placed["eTag"]
        record = {
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
                "configurationId": "roster-in",
                "bucket": {
                    "name": BUCKET,
                    "ownerIdentity": {"principalId": "A" + digest("owner")[:13].upper()},
                    "arn": "arn:aws:s3:::" + BUCKET,
                },
                "object": placed,
            },
        }
        record.update(more)
        return record

    def message(self, body, receives=1):
        """One record of an SQS batch, with this text as its body."""
        sent = self.next()
        millis = int(sent.timestamp() * 1000)
        return {
            "messageId": str(uuid.UUID(digest(f"message {self.count}")[:32])),
            "receiptHandle": digest(f"receipt {self.count}"),
            "body": body,
            "attributes": {
                "ApproximateReceiveCount": str(receives),
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

    def told(self, *events, **more):
        """A message about these events."""
        return self.message(json.dumps({"Records": list(events)}, separators=(",", ":")), **more)


def place(name, tenant=TENANT, kind="monthly"):
    return f"roster-in/{tenant}/{kind}/{name}"


def fixtures(make):
    """Name and messages of every fixture."""
    yield "one-record", [make.told(make.event(place("2026-11.csv")))]
    yield "full-roster", [make.told(make.event(place("all.xlsx", kind="full"), name="ObjectCreated:CompleteMultipartUpload"))]
    yield "copied", [make.told(make.event(place("copy.csv"), name="ObjectCreated:Copy"))]
    test = {
        "Service": "Amazon S3",
        "Event": "s3:TestEvent",
        "Time": stamp(make.next()),
        "Bucket": BUCKET,
        "RequestId": digest("test request")[:16].upper(),
        "HostId": digest("test host"),
    }
    yield "test-event", [make.message(json.dumps(test, separators=(",", ":")))]
    yield "japanese-key", [make.told(make.event(place("入社 退職名簿 11月+12月(確定版)100%.csv")))]
    yield "several-records", [make.told(*(make.event(place(f"part-{number}.csv")) for number in (1, 2, 3)))]
    yield "several-messages", [make.told(make.event(place(f"office-{number}.csv"))) for number in (1, 2, 3)]
    yield "received-again", [make.told(make.event(place("again.csv")), receives=4)]
    event = make.event(place("twice.csv"))
    yield "same-event-twice", [make.told(event), make.told(event)]
    older, newer = make.event(place("changed.csv")), make.event(place("changed.csv"))
    yield "out-of-order", [make.told(newer), make.told(older)]
    yield "delete-marker", [make.told(make.event(place("2026-11.csv"), name="ObjectRemoved:DeleteMarkerCreated"))]
    yield "deleted", [make.told(make.event(place("2026-11.csv"), name="ObjectRemoved:Delete"))]
    yield "unknown-prefix", [make.told(make.event("documents/2026-11.csv"))]
    yield "unknown-kind", [make.told(make.event(place("2026-11.csv", kind="weekly")))]
    yield "no-file-name", [make.told(make.event(place("")))]
    yield "folders-below", [make.told(make.event(place("東京/本社/2026-11.csv")))]
    yield "unknown-tenant", [make.told(make.event(place("2026-11.csv", tenant=OTHER)))]
    yield "no-tenant-id", [make.told(make.event(place("2026-11.csv", tenant="さくら製作所")))]
    yield "no-version", [make.told(make.event(place("2026-11.csv"), version=False))]
    broken = make.event(place("x"))
    broken["s3"]["object"]["key"] = place("%E5%90%") + "%ZZ%FF.csv"
    yield "broken-key", [make.told(broken)]
    yield "no-json", [make.message("名簿を置きました")]
    yield "empty-body", [make.message("")]
    yield "no-records", [make.message("{}")]
    yield "other-source", [make.told(make.event(place("2026-11.csv"), eventSource="aws:sns"))]
    good = make.told(make.event(place("good.csv")))
    yield "good-and-bad", [make.message("{"), good, make.told(make.event("elsewhere/good.csv"))]


def main():
    for name, messages in fixtures(Fixtures()):
        text = json.dumps({"Records": messages}, ensure_ascii=False, indent=2)
        (HERE / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
