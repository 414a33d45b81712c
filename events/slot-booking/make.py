#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `slot-booking`.

Run it without arguments after a change: `python3 events/slot-booking/make.py`. The output depends on nothing but this file.
No interview and no slot in here exists.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from gateway import ELSEWHERE, SESSION, Fixtures, write  # noqa: E402

INTERVIEW = "01KAS2WJ0000000000000NTRV1"
SLOT = "2026-12-07T00:00:00.000Z~01KAS2WJ0000000000000NVRS1"
FORM = {"slot": SLOT, "number": "101", "name": "髙橋 一郎", "method": "web", "purpose": "checkup", "mail": "hr@example.co.jp"}
KEY = {"idempotency-key": "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001", "x-csrf-token": "guessed"}


def requests(make):
    """Name and event of every request."""
    yield "week-without-cookie", make.request("GET", "/booking")
    yield "week-of-a-day", make.request("GET", "/booking", query="week=2026-12-08")
    yield "week-to-move", make.request("GET", "/booking", query=f"week=2026-12-08&move={INTERVIEW}")
    yield "week-with-forged-cookie", make.request("GET", "/booking", cookies=["theme=dark", f"{SESSION}={'AA' * 48}"])
    yield "week-head", make.request("HEAD", "/booking")
    yield "hold", make.request("POST", "/booking/holds", form={"slot": SLOT, "key": INTERVIEW})
    yield "hold-as-text", make.request("POST", "/booking/holds", form={"slot": SLOT}, is_text=True)
    yield "hold-without-body", make.request("POST", "/booking/holds")
    yield "hold-from-elsewhere", make.request("POST", "/booking/holds", headers=ELSEWHERE, form={"slot": SLOT})
    yield "form", make.request("GET", f"/booking/holds/{INTERVIEW}", query=f"slot={SLOT}")
    yield "book", make.request("POST", f"/booking/holds/{INTERVIEW}", form=FORM)
    yield "interviews", make.request("GET", "/booking/interviews")
    yield "interview", make.request("GET", f"/booking/interviews/{INTERVIEW}", query="sent=booked")
    yield "interview-bad-id", make.request("GET", "/booking/interviews/1")
    yield "cancel", make.request("POST", f"/booking/interviews/{INTERVIEW}/cancel", form={"in-time": "1"})
    yield "move", make.request("POST", f"/booking/interviews/{INTERVIEW}/move", form={"slot": SLOT})
    yield "ledger", make.request("GET", "/booking/ledger", query="month=2026-12")
    yield "unknown-below", make.request("GET", "/booking/elsewhere")
    yield "other-method", make.request("DELETE", "/booking")
    yield "foreign-path-alike", make.request("GET", "/bookings")
    yield "api-description", make.request("GET", "/booking/api/openapi.json")
    yield "api-session", make.request("GET", "/booking/api/session")
    yield "api-slots", make.request("GET", "/booking/api/slots", query="week=2026-12-08")
    yield "api-hold", make.request("POST", "/booking/api/holds", headers=KEY, script=json.dumps({"slot": SLOT}))
    yield "api-hold-from-elsewhere", make.request("POST", "/booking/api/holds", headers=KEY | ELSEWHERE, script=json.dumps({"slot": SLOT}))
    yield "api-book", make.request("POST", f"/booking/api/holds/{INTERVIEW}", headers=KEY, script=json.dumps(FORM))
    yield "api-cancel", make.request("POST", f"/booking/api/interviews/{INTERVIEW}/cancel", headers=KEY, script='{"inTime": true}')
    yield "api-other-method", make.request("PUT", "/booking/api/holds", headers=KEY, script="{}")
    yield "api-unknown-below", make.request("GET", "/booking/api/elsewhere")
    yield "sign-in", make.request("GET", "/booking/sign-in", query="to=%2Fbooking%2Fledger")
    yield "callback-without-attempt", make.request("GET", "/booking/sign-in/callback", query="code=AAAA&state=AAAA")
    yield "signed-out", make.request("GET", "/booking/signed-out")
    yield "sign-out", make.request("POST", "/booking/sign-out", form={"csrf": "guessed"})


write(HERE, requests(Fixtures("/booking")))
