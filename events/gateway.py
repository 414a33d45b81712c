"""Requests as API Gateway (HTTP API, payload 2.0) hands them to a function behind a path prefix.

The shape follows the developer guide of API Gateway: cookies stand beside the headers, and a form comes in Base64, since its type is none of
those that the gateway takes for text; JSON comes as it is. No cookie in the fixtures was made with a secret.
"""

import base64
import hashlib
import json
import pathlib
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlencode

START = datetime(2026, 11, 25, 1, 0, tzinfo=timezone.utc)
SESSION = "__Host-hokenshitsu"
ELSEWHERE = {"sec-fetch-site": "cross-site", "origin": "https://evil.example"}


class Fixtures:
    """Makes requests below `prefix`, such as `/desk`; each gets its own second and id from its place."""

    def __init__(self, prefix):
        self.prefix, self.count = prefix, 0

    def request(self, method, path, query="", cookies=(), headers=None, form=None, script=None, is_text=False):
        """A request of a browser: a form (in Base64 unless `is_text`), or what a script of a page sends."""
        self.count += 1
        at = START + timedelta(seconds=37 * self.count, milliseconds=250)
        identifier = hashlib.sha256(f"request {self.count}".encode()).hexdigest()[:15] + "="
        route = f"ANY {self.prefix}" if path == self.prefix else f"ANY {self.prefix}/{{proxy+}}"
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
            event["body"] = body if is_text else base64.b64encode(body.encode()).decode()
        if script is not None:
            sent |= {"content-type": "application/json", "content-length": str(len(script)), "origin": "https://api.example.jp"}
            event["body"] = script
        event["isBase64Encoded"] = form is not None and not is_text
        sent.update(headers or {})
        return event


def write(folder, fixtures):
    """Writes each event under its name."""
    for name, event in fixtures:
        (pathlib.Path(folder) / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False, indent=2) + "\n")
