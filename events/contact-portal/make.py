#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `contact-portal`.

Run it without arguments after a change: `python3 events/contact-portal/make.py`. The output depends on nothing but this file.
No import in here exists.
"""

import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from gateway import ELSEWHERE, SESSION, Fixtures, write  # noqa: E402

DELIVERY = "/contacts/deliveries/01KAS2WJ0000000000000MPRT1"
TENANT = "01KAS2WJ0000000000000TENNT"
ASKED = {"kind": "monthly", "bytes": 10, "ending": "csv"}


def requests(make):
    """Name and event of every request."""
    yield "home-without-cookie", make.request("GET", "/contacts")
    yield "home-with-other-cookies", make.request("GET", "/contacts/", cookies=["theme=dark", "hokenshitsu=AAAA"])
    yield "home-with-forged-cookie", make.request("GET", "/contacts", cookies=["theme=dark", f"{SESSION}={'AA' * 48}"])
    yield "home-head", make.request("HEAD", "/contacts")
    yield "deliveries", make.request("GET", "/contacts/deliveries")
    yield "delivery", make.request("GET", DELIVERY)
    yield "delivery-refreshed", make.request("GET", DELIVERY, headers={"x-refresh": "1", "sec-fetch-site": "same-origin"})
    yield "delivery-bad-id", make.request("GET", "/contacts/deliveries/sakura")
    yield "findings", make.request("GET", f"{DELIVERY}/report.csv")
    yield "upload-unknown", make.request("GET", "/contacts/uploads/01KAS2WJ0000000000000VPDX1")
    yield "upload", make.request("POST", "/contacts/uploads", script=json.dumps(ASKED))
    yield "upload-as-form", make.request("POST", "/contacts/uploads", form={"kind": "monthly", "bytes": "10", "ending": "csv"})
    yield "upload-without-body", make.request("POST", "/contacts/uploads")
    yield "upload-too-large", make.request("POST", "/contacts/uploads", script=json.dumps(ASKED | {"bytes": 2**40}))
    yield "upload-no-json", make.request("POST", "/contacts/uploads", script="{")
    yield "upload-from-elsewhere", make.request("POST", "/contacts/uploads", headers=ELSEWHERE, script=json.dumps(ASKED))
    yield "confirm", make.request("POST", f"{DELIVERY}/confirm", form={"confirmed": "1"})
    yield "confirm-from-elsewhere", make.request("POST", f"{DELIVERY}/confirm", headers=ELSEWHERE, form={"confirmed": "1"})
    yield "withdraw", make.request("POST", f"{DELIVERY}/withdraw", form={})
    yield "template", make.request("GET", "/contacts/templates/monthly.csv")
    yield "unknown-below", make.request("GET", "/contacts/elsewhere")
    yield "other-method", make.request("DELETE", "/contacts")
    yield "foreign-path-alike", make.request("GET", "/contactsx")
    yield "mail-link-guessed", make.request("GET", f"/contacts/rosters/{TENANT}/01KAS2WJ0000000000000MPRT1/{'0' * 32}")
    yield "mail-link-behind-a-stage", make.request("GET", f"/prod/contacts/rosters/{TENANT}/01KAS2WJ0000000000000MPRT1/{'0' * 32}")
    yield "mail-link-posted", make.request("POST", f"/contacts/rosters/{TENANT}/01KAS2WJ0000000000000MPRT1/{'0' * 32}")
    yield "sign-in", make.request("GET", "/contacts/sign-in", query="to=%2Fcontacts%2Fdeliveries")
    yield "callback-without-attempt", make.request("GET", "/contacts/sign-in/callback", query="code=AAAA&state=AAAA")
    yield "signed-out", make.request("GET", "/contacts/signed-out")
    yield "sign-out", make.request("POST", "/contacts/sign-out", form={"csrf": "guessed"})


write(HERE, requests(Fixtures("/contacts")))
