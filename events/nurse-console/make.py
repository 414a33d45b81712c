#!/usr/bin/env python3
"""Writes the fixtures of this folder: requests as API Gateway (HTTP API, payload 2.0) hands them to `nurse-console`.

Run it without arguments after a change: `python3 events/nurse-console/make.py`. The output depends on nothing but this file.
No member in here exists.
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent))
from gateway import ELSEWHERE, SESSION, Fixtures, write  # noqa: E402

THREAD = "members/01KAS2WJ0000000000000MEMBR/consultations/01KAS2WJ0000000000000C0NSX"
FORM = {"form": "6a1f4a4e-8f5e-4d0e-9d57-3c1b2a000001", "version": "1"}


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
    yield "reply-from-elsewhere", make.request("POST", f"/desk/{THREAD}/reply", headers=ELSEWHERE, form=FORM | {"text": "お大事に"})
    yield "search", make.request("POST", "/desk/search", form={"tenant": "01KAS2WJ0000000000000TENNT", "number": "１０１"})
    yield "sign-in", make.request("GET", "/desk/sign-in", query="to=%2Fdesk%2Fmine")
    yield "callback-without-attempt", make.request("GET", "/desk/sign-in/callback", query="code=AAAA&state=AAAA")
    yield "signed-out", make.request("GET", "/desk/signed-out")
    yield "sign-out", make.request("POST", "/desk/sign-out", form={"csrf": "guessed"})


write(HERE, requests(Fixtures("/desk")))
