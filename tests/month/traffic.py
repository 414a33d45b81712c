"""What people do, through the front doors, while the system fails and dies: acts are repeated until they are answered for, and written
into a journal.

LINE delivers an event again until the webhook takes it, browsers and programs send the same form again, HR's file is put again. Whoever
got no answer does not know what became of the act; so a read may be noted twice in the audit log, and nothing else may happen twice.
"""

import collections
import contextlib
import datetime
import itertools
import json
import random
import threading
import time
import urllib.parse
import uuid
from concurrent.futures import ThreadPoolExecutor

from company import House, Staff, moment_of
from system import Event, Lost, System

PATIENCE = 180
# Shorter than the lease of what is being sent, which is 30 seconds of business time; longer than any attempt, in the machine's.
STEP, CALM = "PT20S", 15
MINUTE = datetime.timedelta(minutes=1)


class Town(House):
    """The local system with the driver's eyes: its journal, its kills, its faults."""

    def __init__(self, binary, data):
        super().__init__(binary, data)
        self.journal, self.lock, self.left_behind, self.redriven = [], threading.Lock(), set(), 0
        self.moment, self.kills, self.windows, self.faults_met = None, [], [], collections.Counter()
        self.refused = collections.Counter()

    def note(self, act, /, **details):
        with self.lock:
            self.journal.append((self.moment, act, details))

    def request(self, method, path, body=None):
        """On this thread's connection, unless it has been idle: the system ends those."""
        if time.monotonic() - getattr(self.connections, "used", 0) > 1:
            self.connections.open = None
        try:
            return System.request(self, method, path, body)
        finally:
            self.connections.used = time.monotonic()

    def surely(self, act):
        """Repeats what may be repeated until it is answered."""
        ends = time.monotonic() + PATIENCE
        while True:
            try:
                return act()
            except Lost:
                if time.monotonic() > ends:
                    raise
                time.sleep(0.1)

    def kill_and_start(self, when):
        self.kill()
        self.kills.append(when)
        self.start()
        self.look_at_clock()
        # Mails that SES may have taken without our knowing: only of these a second copy may come.
        held = [item for item in self.get("local/outbox") if item["state"] == "Taken"]
        self.left_behind |= {(item["id"], item["attempt"], item["state"]) for item in held}
        unknown = sum(item["effect"] == "Mail" for item in held)
        now = self.now()
        lately = [letter(mail) for mail in self.get("local/mail") if now - moment_of(mail["at"]) < MINUTE]
        self.windows.append((lately, unknown))

    def entered(self, status):
        """The demo's people: the first start enters them. Whoever else is on a roster, HR delivered."""
        for tenant in status["tenants"]:
            for each in tenant["employees"]:
                leaves = each.get("leaves") and datetime.date.fromisoformat(each["leaves"])
                self.note("entered", tenant=tenant["id"], number=each["number"], name=each["name"], leaves=leaves)

    def until(self, moment):
        """Lets the time pass; what is due is fired."""
        self.surely(lambda: self.post("local/clock", {"now": moment.isoformat()}))
        self.look_at_clock()
        self.moment = moment
        self.note("clock")

    def comes_to_rest(self):
        """Waits until nothing is on its way, and lets the time pass that it takes until what failed is tried again.

        Business time may not run away under what is just being sent: its lease would be over, and it would be sent again. So the
        clock moves while nothing is held, or only by who died with it, and by less than a lease."""
        before, since = None, time.monotonic()
        for _ in range(600):
            begun, now = time.monotonic(), self.now()
            outbox = [item for item in self.get("local/outbox") if item["state"] == "Taken"
                      or item["state"] == "Pending" and (item["attempt"] or moment_of(item["due"]) <= now)]
            queues = self.get("local/queues")
            if any(queue["dead"] for queue in queues):
                # As an operator does, who was alarmed.
                self.post("local/queues/redrive", {})
                self.redriven += 1
                continue
            if not outbox and not any(queue["messages"] for queue in queues):
                return
            state = {(item["id"], item["attempt"], item["state"]) for item in outbox}
            if state != before:
                before, since = state, begun
            held = {each for each in state if each[2] == "Taken"} - self.left_behind
            comes = any(item["attempt"] == 0 and moment_of(item["due"]) <= now for item in outbox)
            if outbox and not held and not comes or begun - since > (CALM if outbox else 2):
                self.post("local/clock", {"advance": STEP})
                self.look_at_clock()
            else:
                time.sleep(max(0.05, time.monotonic() - begun))
        raise SystemExit(f"FAILED: something is on its way for ever: {outbox[:3]}")

    @contextlib.contextmanager
    def failing(self, *orders, each=1.0, rest=0.5):
        """Switches the faults on and off, one after the other, as long as the block lasts."""
        over = threading.Event()

        def play():
            for order in itertools.cycle(orders):
                for fault, pause in ((order, each), ({"target": order["target"], "mode": "none"}, rest)):
                    with contextlib.suppress(Lost):
                        self.post("local/faults", fault)
                        if fault is order:
                            self.faults_met[f"{fault['target']} {fault['mode']}"] += 1
                    if over.wait(pause):
                        return

        thread = threading.Thread(target=play)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
            for target in {order["target"] for order in orders}:
                self.surely(lambda: self.post("local/faults", {"target": target, "mode": "none"}))

    def objects(self, prefix=""):
        return self.get("local/s3?prefix=" + urllib.parse.quote(prefix))

    def partition(self, pk):
        return self.get("local/table?pk=" + urllib.parse.quote(pk))["items"]


def letter(mail):
    return mail["to"][0], mail["subject"], mail["text"]


class Person:
    """A LINE user, who does one thing after the other. Ids follow from the `place`, so that a run can be repeated."""

    def __init__(self, town, place, tenant=None, number=None, name=None):
        self.town, self.user, self.tenant, self.number, self.name = town, f"U{place:032x}", tenant, number, name
        self.numbers, self.events = itertools.count(place * 1000), []

    def acts(self, **body):
        number = next(self.numbers)
        message = None
        if body["type"] == "message":
            message = body["message"]["id"] = str(700_000_000_000_000_000 + number)
        event = Event(self.town, self.user, number, body)
        ends = time.monotonic() + PATIENCE
        while not event.deliver():
            self.town.refused["webhook"] += 1
            if time.monotonic() > ends:
                raise SystemExit(f"FAILED: {body} was refused for {PATIENCE} seconds")
            time.sleep(random.uniform(0.05, 0.5))
        self.events.append(event)
        self.town.note("line", user=self.user, event=body, key=event.event, message=message)
        return message

    def says(self, text):
        return self.acts(type="message", message={"type": "text", "text": text})

    def sends(self, kind):
        return self.acts(type="message", message={"type": kind})

    def touches(self, data):
        self.acts(type="postback", postback={"data": data})


class Crowd:
    """People who act at once, each in their own order."""

    def __init__(self, town, at_once):
        self.town, self.at_once = town, at_once

    def acts(self, scripts, meanwhile=lambda is_over: None):
        """Plays every script; `meanwhile` runs beside them."""
        with ThreadPoolExecutor(self.at_once) as pool:
            running = [pool.submit(script) for script in scripts]
            meanwhile(lambda: all(each.done() for each in running))
            for each in running:
                each.result()

    def again(self, people, share):
        """LINE delivers some events a second time, in any order."""
        events = [event for person in people for event in person.events if random.random() < share]
        for person in people:
            person.events = []
        random.shuffle(events)
        with ThreadPoolExecutor(self.at_once) as pool:
            list(pool.map(Event.deliver, events))
        return len(events)


class Clerk(Staff):
    """Somebody who is signed in. What was asked for and what came of it is kept: the audit log has to know it."""

    def __init__(self, town, person, asked):
        self.town, self.person, self.asked = town, person, asked
        town.surely(lambda: super(Clerk, self).__init__(town, person))

    def once(self, method, path, body=None, **headers):
        """Status and content; None and nothing where no answer came."""
        try:
            status, content = super().request(method, path, body, **headers)
        except OSError:
            status, content = None, b""
        except Exception as error:  # http.client's: the connection broke off.
            if type(error).__module__ != "http.client":
                raise
            status, content = None, b""
        with self.town.lock:
            self.asked[(self.person, method, path.split("?")[0], status)] += 1
        return status, content

    def request(self, method, path, body=None, **headers):
        """The first answer that is one: no answer and a failure of ours are asked again, with the same form."""
        ends = time.monotonic() + PATIENCE
        while True:
            status, content = self.once(method, path, body, **headers)
            if status is not None and status < 500:
                return status, content
            self.town.refused["pages"] += 1
            if time.monotonic() > ends:
                raise SystemExit(f"FAILED: {method} {path}: {status} for {PATIENCE} seconds")
            time.sleep(0.2)

    def call(self, path, value):
        """POST of JSON under one idempotency key, however often it is sent."""
        headers = {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
        status, content = self.request("POST", f"/booking/api/{path}", json.dumps(value), **headers)
        return status, json.loads(content)
