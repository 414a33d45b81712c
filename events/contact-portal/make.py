#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `contact-portal`.

Run it without arguments after a change: `python3 events/contact-portal/make.py`. The output depends on nothing but this file.
No cookie in here was made with a secret, and no import in here exists. The shape follows the developer guide of API Gateway: cookies
stand beside the headers, and a form comes in Base64, since its type is none of those that the gateway takes for text; JSON comes as it is.
"""

import base64
import hashlib
import json
import pathlib
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlencode

HERE = pathlib.Path(__file__).parent
DELIVERY = "/contacts/deliveries/01KAS2WJ0000000000000MPRT1"
TENANT = "01KAS2WJ0000000000000TENNT"
ASKED = {"kind": "monthly", "bytes": 10, "ending": "csv"}
START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
SESSION = "__Host-hokenshitsu"


class Fixtures:
    """Makes requests; each gets its own second and id from its place."""

    def __init__(self):
        self.count = 0

    def request(self, method, path, query="", cookies=(), headers=None, form=None, script=None):
        """A request of a browser: a form, or what a script of a page sends."""
        self.count += 1
        at = START + timedelta(seconds=37 * self.count, milliseconds=250)
        identifier = hashlib.sha256(f"request {self.count}".encode()).hexdigest()[:15] + "="
        route = "ANY /contacts" if path == "/contacts" else "ANY /contacts/{proxy+}"
        sent = {
            "accept": "text/html,application/xhtml+xml",
            "content-length": "0",
            "host": "api.example.jp",
            "sec-fetch-site": "none" if form is None and script is None else "same-origin",
            "user-agent": "Mozilla/5.0",
            "x-forwarded-for": "203.0.113.20",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        }
        event = {"version": "2.0", "routeKey": route, "rawPath": path, "rawQueryString": query}
        if cookies:
            event["cookies"] = list(cookies)
        event["headers"] = sent
        if query:
            event["queryStringParameters"] = dict(parse_qsl(query))
        event["requestContext"] = {
            "accountId": "123456789012",
            "apiId": "demo0api00",
            "domainName": "api.example.jp",
            "domainPrefix": "api",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "203.0.113.20", "userAgent": "Mozilla/5.0"},
            "requestId": identifier,
            "routeKey": route,
            "stage": "$default",
            "time": at.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(at.timestamp() * 1000),
        }
        if form is not None:
            body = urlencode(form)
            # Our pages send no referrer, so that the origin of a form is `null`.
            sent |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body)), "origin": "null"}
            event["body"] = base64.b64encode(body.encode()).decode()
        if script is not None:
            sent |= {"content-type": "application/json", "content-length": str(len(script)), "origin": "https://api.example.jp"}
            event["body"] = script
        event["isBase64Encoded"] = form is not None
        sent.update(headers or {})
        return event


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
    other = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    yield "upload-from-elsewhere", make.request("POST", "/contacts/uploads", headers=other, script=json.dumps(ASKED))
    yield "confirm", make.request("POST", f"{DELIVERY}/confirm", form={"confirmed": "1"})
    yield "confirm-from-elsewhere", make.request("POST", f"{DELIVERY}/confirm", headers=other, form={"confirmed": "1"})
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


make = Fixtures()
for name, event in requests(make):
    (HERE / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False, indent=2) + "\n")
