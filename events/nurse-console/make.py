#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `nurse-console`.

Run it without arguments after a change: `python3 events/nurse-console/make.py`. The output depends on nothing but this file.
No cookie in here was made with a secret, and no member in here exists. The shape follows the developer guide of API Gateway: cookies
stand beside the headers, and a form comes in Base64, since its type is none of those that the gateway takes for text.
"""

import base64
import hashlib
import json
import pathlib
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlencode

HERE = pathlib.Path(__file__).parent
THREAD = "members/01KAS2WJ0000000000000MEMBR/consultations/01KAS2WJ0000000000000C0NSX"
FORM = {"form": "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001", "version": "1"}
START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
SESSION = "__Host-hokenshitsu"


class Fixtures:
    """Makes requests; each gets its own second and id from its place."""

    def __init__(self):
        self.count = 0

    def request(self, method, path, query="", cookies=(), headers=None, form=None, is_text=False):
        """A request of a browser. A form's body is in Base64 unless `is_text`."""
        self.count += 1
        at = START + timedelta(seconds=37 * self.count, milliseconds=250)
        identifier = hashlib.sha256(f"request {self.count}".encode()).hexdigest()[:15] + "="
        route = "ANY /desk" if path == "/desk" else "ANY /desk/{proxy+}"
        sent = {
            "accept": "text/html,application/xhtml+xml",
            "content-length": "0",
            "host": "api.example.jp",
            "sec-fetch-site": "same-origin" if form is not None else "none",
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
            event["body"] = body if is_text else base64.b64encode(body.encode()).decode()
        event["isBase64Encoded"] = form is not None and not is_text
        sent.update(headers or {})
        return event


def requests(make):
    """Name and event of every request."""
    yield "queue-without-cookie", make.request("GET", "/desk")
    yield "queue-with-query", make.request("GET", "/desk", query="topic=mind&free=1")
    yield "queue-with-other-cookies", make.request("GET", "/desk", cookies=["theme=dark", "hokenshitsu=AAAA"])
    yield "queue-with-forged-cookie", make.request("GET", "/desk", cookies=["theme=dark", f"{SESSION}={'AA' * 48}"])
    yield "queue-refreshed", make.request("GET", "/desk", headers={"x-refresh": "1", "sec-fetch-site": "same-origin"})
    yield "queue-head", make.request("HEAD", "/desk")
    yield "thread", make.request("GET", f"/desk/{THREAD}")
    yield "thread-bad-id", make.request("GET", "/desk/members/01KAS2WJ/consultations/x")
    yield "version", make.request("GET", f"/desk/{THREAD}/version", headers={"sec-fetch-site": "same-origin"})
    yield "unknown-below", make.request("GET", "/desk/elsewhere")
    yield "other-method", make.request("DELETE", "/desk")
    yield "foreign-path", make.request("GET", "/contacts/rosters")
    yield "foreign-path-alike", make.request("GET", "/desks")
    yield "reply", make.request("POST", f"/desk/{THREAD}/reply", form=FORM | {"text": "お大事に"})
    yield "reply-as-text", make.request("POST", f"/desk/{THREAD}/reply", form=FORM | {"text": "お大事に"}, is_text=True)
    yield "reply-without-body", make.request("POST", f"/desk/{THREAD}/reply")
    other = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}
    yield "reply-from-elsewhere", make.request("POST", f"/desk/{THREAD}/reply", headers=other, form=FORM | {"text": "お大事に"})
    yield "search", make.request("POST", "/desk/search", form={"tenant": "01KAS2WJ0000000000000TENNT", "number": "１０１"})
    yield "sign-in", make.request("GET", "/desk/sign-in", query="to=%2Fdesk%2Fmine")
    yield "callback-without-attempt", make.request("GET", "/desk/sign-in/callback", query="code=AAAA&state=AAAA")
    yield "signed-out", make.request("GET", "/desk/signed-out")
    yield "sign-out", make.request("POST", "/desk/sign-out", form={"csrf": "guessed"})


make = Fixtures()
for name, event in requests(make):
    (HERE / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False, indent=2) + "\n")
