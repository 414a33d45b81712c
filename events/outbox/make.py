#!/usr/bin/env python3
"""Writes the fixtures of this folder: records as the table's stream hands them to `outbox`, and what its schedule sends.

Run it without arguments after a change: `python3 events/outbox/make.py`. The output depends on nothing but this file.
No person in here exists.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
STREAM = "arn:aws:dynamodb:ap-northeast-1:123456789012:table/hokenshitsu-prod/stream/2026-11-01T00:00:00.000"
TENANT = "TENANT#01KAS2WJ0000000000000TENNT"
ITEM = "OUTBOX#0f2b5f8e-6a4d-4b8a-9d57-3a1e0c7b9f10"


def record(kind, number, sk, image):
    """One record; `image` is the item after the change, without its key."""
    key = {"pk": {"S": TENANT}, "sk": {"S": sk}}
    change = {
        "ApproximateCreationDateTime": 1795824000.0,
        "Keys": key,
        "SequenceNumber": f"{number:026d}",
        "SizeBytes": 200,
        "StreamViewType": "NEW_IMAGE",
    }
    if image is not None:
        change["NewImage"] = key | image
    return {
        "eventID": f"{number:032x}",
        "eventName": kind,
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "ap-northeast-1",
        "dynamodb": change,
        "eventSourceARN": STREAM,
    }


def queued(state):
    """A mail that waits, or is sent."""
    return {"kind": {"S": "Outbox"}, "effect": {"S": "Mail"}, "state": {"S": state}, "due": {"S": "2026-11-28T09:00:00.000Z"}}


EVENTS = {
    # What the filter of the mapping lets through.
    "inserted": {"Records": [record("INSERT", 1, ITEM, queued("Pending"))]},
    # What it keeps away.
    "of-no-interest": {
        "Records": [
            record("MODIFY", 2, ITEM, queued("Sent")),
            record("REMOVE", 3, ITEM, None),
            record("INSERT", 4, "CONTACT#01KAS2WJ0000000000000CNTCT", {"kind": {"S": "Contact"}}),
        ]
    },
    "sweep": {"sweep": True},
}

for name, event in EVENTS.items():
    (HERE / f"{name}.json").write_text(json.dumps(event, indent=2) + "\n", encoding="utf-8")
