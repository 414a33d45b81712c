#!/usr/bin/env python3
"""Bookings a second through the API, against the local system: many clients on many slots, and on one.

    tests/bench/booking.py                          # 64 clients book 256 slots, 200 want one; builds the local system (profile `load`)
    tests/bench/booking.py --clients 16 --contenders 50 --profile dev

1. many slots: each client holds a free slot and books it, one after the other. All are of one company, whose ledger every booking
   is appended to: that is the worst case, since bookings of different companies meet nowhere but in a nurse's time;
2. one slot: all contenders hold the same one at once; one wins, the others get 409 and what is free;
3. how many calls to the tables a hold, its booking and a week's list take when nobody else books.

Everything runs on this machine: clients, gateway, function and tables share its cores.
"""

import argparse
import collections
import http.client
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "fire"))
from goals import compare  # noqa: E402
from system import ROOT, System  # noqa: E402

DAY = "09:00-17:30"
FORM = {"number": "101", "name": "髙橋 一郎", "method": "web", "purpose": "checkup", "mail": "tamura@sakura.example.jp"}


class Client:
    """Somebody who is signed in; each thread has a connection of its own."""

    def __init__(self, system, person):
        session = system.post("local/sign-in", {"person": person})
        self.port, self.open = system.port, threading.local()
        self.headers = {"cookie": session["cookie"], "x-csrf-token": session["csrf"], "sec-fetch-site": "same-origin"}
        self.csrf = session["csrf"]

    def request(self, method, path, body=None, **headers):
        connection = getattr(self.open, "connection", None)
        if connection is None:
            connection = self.open.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, self.headers | headers)
        answer = connection.getresponse()
        self.open.location = answer.headers["location"]
        return answer.status, answer.read()

    def sends(self, path, fields):
        """POST of a page's form; where it leads."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        status, content = self.request("POST", path, urlencode(fields | {"csrf": self.csrf}), **headers)
        assert status == 303, content
        return self.open.location

    def call(self, path, value):
        """POST of JSON under a key of its own: status, answer, seconds."""
        began = time.perf_counter()
        headers = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
        status, content = self.request("POST", f"/booking/api/{path}", json.dumps(value), **headers)
        return status, json.loads(content), time.perf_counter() - began

    def slots(self, week=None):
        """A week's free slots; without a day of it, this week's."""
        status, content = self.request("GET", "/booking/api/slots" + (f"?week={week}" if week else ""))
        assert status == 200, content
        return json.loads(content)

    def book(self, slot):
        """Statuses and seconds of the hold and of the booking."""
        status, held, first = self.call("holds", {"slot": slot})
        if status != 201:
            return status, None, first, None
        booked, _, second = self.call(f"holds/{held['id']}", FORM | {"slot": slot})
        return status, booked, first, second


def publish(system, person):
    """The person offers every hour of every working day."""
    nurse = Client(system, person)
    nurse.sends("/desk/hours", {"dates": ""} | {day: DAY for day in ("mon", "tue", "wed", "thu", "fri")})


def free(contact, wanted):
    """So many free slots, from the week after next on: what a company has no units for needs an approval, and so a day before it."""
    week, found = contact.slots(contact.slots()["after"]), []
    while len(found) < wanted and week.get("after"):
        week = contact.slots(week["after"])
        found += [slot["id"] for slot in week["slots"]]
    assert len(found) >= wanted, f"{len(found)} slots are free"
    return found[:wanted]


def shown(seconds):
    return f"median {statistics.median(seconds) * 1000:.0f} ms, p99 {p99(seconds):.0f} ms"


def p99(seconds):
    """In ms."""
    return sorted(seconds)[-(-len(seconds) * 99 // 100) - 1] * 1000


def many(contact, clients, bookings):
    slots = free(contact, bookings)
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        done = list(pool.map(contact.book, slots))
    seconds = time.perf_counter() - began
    booked = [each for each in done if each[1] == 201]
    others = collections.Counter(each[0] if each[1] is None else each[1] for each in done if each[1] != 201)
    print(f"{clients} clients, {bookings} slots of one company: {len(booked)} booked, {len(booked) / seconds:.0f} a second; others: {dict(others)}")
    print(f"  hold: {shown([each[2] for each in done])}; booking: {shown([each[3] for each in booked])}")


def one(contact, clients):
    slot, barrier = free(contact, 1)[0], threading.Barrier(clients)

    def hold(_):
        barrier.wait()
        return contact.call("holds", {"slot": slot})

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        answers = list(pool.map(hold, range(clients)))
    seconds = time.perf_counter() - began
    statuses = [status for status, _, _ in answers]
    assert sorted(set(statuses)) == [201, 409] and statuses.count(201) == 1, statuses
    print(f"{clients} clients, one slot: one has it, the others are told what is free; {clients / seconds:.0f} answers a second")
    print(f"  {shown([each for _, _, each in answers])}")
    return [(f"{clients} hold one slot: holds given", "=", 1, statuses.count(201)),
            (f"{clients} hold one slot: p99 of the answers, ms", "", None, p99([each for _, _, each in answers]))]


def ask(how, *what):
    """Over a connection of its own: the system ends those that were idle."""
    how.__self__.connections.open = None
    return how(*what)


def alone(system, contact):
    """Calls while nobody else books: the fewest of five, since the outbox, which sends the mails meanwhile, only adds to them. Updates
    are always its own."""
    fewest = {}

    def count(step, act):
        ask(system.post, "local/calls/reset", {})
        told = act()
        calls = ask(system.get, "local/calls")["dynamodb"]
        calls.pop("UpdateItem", None)
        fewest[step] = min(fewest.get(step, calls), calls, key=lambda calls: sum(calls.values()))
        return told

    slots = free(contact, 10)
    for page, api in zip(slots[::2], slots[1::2]):
        form = count("a hold by the page", lambda: contact.sends("/booking/holds", {"slot": page}))
        count("its booking by the page", lambda: contact.sends(form.split("?")[0], FORM | {"slot": page}))
        count("a hold and its booking by the API, with what it answers", lambda: contact.book(api))
        count("a week's list", contact.slots)
    for step, calls in fewest.items():
        print(f"{step}: {', '.join(f'{name} {count}' for name, count in sorted(calls.items()))}")
    own = sum(sum(calls.values()) for step, calls in fewest.items() if step.endswith("by the page"))
    return [("calls to the tables, a hold and its booking by the page", "≤", 4, own)]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--clients", type=int, default=64)
    arguments.add_argument("--contenders", type=int, default=200)
    arguments.add_argument("--bookings", type=int, default=256)
    arguments.add_argument("--profile", default="load", choices=["load", "dev"])
    said = arguments.parse_args()
    subprocess.run(["cargo", "build", "--quiet", "--locked", "--profile", said.profile, "--package", "local"], cwd=ROOT, check=True)
    data = ROOT / "target/booking-bench"
    shutil.rmtree(data, ignore_errors=True)
    system = System(ROOT / "target" / ("debug" if said.profile == "dev" else said.profile) / "local", data)
    system.start()
    try:
        for person in ("nurse-sato", "nurse-yamamoto", "psychologist-ito"):
            publish(system, person)
        contact = Client(system, "contact-tamura")
        goals = alone(system, contact)
        goals += one(contact, said.contenders)
        many(contact, said.clients, said.bookings)
        compare(goals)
    finally:
        system.stop()


if __name__ == "__main__":
    main()
