"""The local system as the drill and the load run drive it: a process of its own, spoken to over HTTP like LINE does."""

import datetime
import http.client
import json
import os
import pathlib
import socket
import subprocess
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHANNEL = "demo"


class Lost(Exception):
    """No answer came: whether the request arrived is unknown."""


class System:
    """A local system on its own data. It can be killed and started again."""

    def __init__(self, binary, data):
        self.binary, self.data, self.process, self.ahead = binary, data, None, 0.0
        self.port = free_ports()
        self.connections = threading.local()

    def start(self):
        command = [str(self.binary), "--data", str(self.data), "--port", str(self.port)]
        said = self.data.with_suffix(".stderr")
        with said.open("ab") as stderr:
            self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr)
        for _ in range(600):
            if self.process.poll() is not None:
                raise SystemExit(f"the system did not start: {said.read_text()[-2000:]}")
            try:
                return self.get("local/status")
            except Lost:
                time.sleep(0.05)
        raise SystemExit("the system did not start within 30 seconds")

    def kill(self):
        """SIGKILL: nothing is finished, nothing is flushed."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def resident_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    def get(self, path):
        return self.request("GET", path)

    def post(self, path, body):
        return self.request("POST", path, json.dumps(body))

    def request(self, method, path, body=None):
        """The answer as JSON. One connection a thread, built anew after an error."""
        key = (os.getpid(), self.process.pid)
        connection = getattr(self.connections, "open", None)
        if connection is None or self.connections.of != key:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
            self.connections.open, self.connections.of = connection, key
        try:
            connection.request(method, "/" + path, body, {"content-type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connections.open = None
            raise Lost(str(error)) from error
        if answer.status >= 300:
            raise Lost(f"{path}: {answer.status} {content[:300]!r}")
        return json.loads(content) if content else None

    def now_ms(self):
        """Business time in milliseconds since 1970; how far it is ahead is asked once after each move."""
        return int((time.time() + self.ahead) * 1000)

    def look_at_clock(self):
        now = datetime.datetime.fromisoformat(self.get("local/clock")["now"].replace("Z", "+00:00"))
        self.ahead = now.timestamp() - time.time()

    def items(self, prefix):
        """All items of the single table in partitions that begin so."""
        partitions = [p["pk"] for p in self.get("local/table")["partitions"] if p["pk"].startswith(prefix)]
        return [item for pk in partitions for item in self.get("local/table?pk=" + urllib.parse.quote(pk))["items"]]

    def settle(self, steps=("PT31S", "PT30S", "PT61S", "PT61S", "PT61S")):
        """Lets business time pass until nothing waits for LINE any more; says whether that happened."""
        for step in steps:
            self.post("local/clock", {"advance": step})
            self.look_at_clock()
            for _ in range(100):
                open_items = [item for item in self.get("local/outbox") if waits(item)]
                if not open_items:
                    return True
                if not any(item["state"] == "Taken" or item["attempt"] == 0 for item in open_items):
                    break
                time.sleep(0.1)
        return not open_items


def waits(item):
    return item["effect"] == "Line" and item["state"] in ("Pending", "Taken")


class Member:
    """Somebody who registered and whose consultation is open: every further message is answered by exactly one bubble."""

    def __init__(self, system, code, number):
        self.system = system
        self.user = system.post("local/line/users", {})["userId"]
        self.act({"type": "follow"})
        self.says(f"登録コード {code}")
        self.says(str(number))
        self.act({"type": "postback", "postback": {"data": "consent"}})
        self.says("眠れない日が続いています。")
        self.said = 0

    def says(self, text):
        self.act({"type": "message", "message": {"type": "text", "text": text}})

    def act(self, event):
        answer = self.system.post(f"local/line/users/{self.user}/events?channel={CHANNEL}", event)
        if answer["status"] != 200:
            raise SystemExit(f"the webhook answered {answer['status']} before anything was broken")

    def bubbles(self):
        return len(self.system.get(f"local/line/users/{self.user}/messages"))


class Event:
    """Something that a LINE user did, delivered until the webhook answers 200, as LINE does where redelivery is switched on."""

    def __init__(self, system, user, number, body):
        self.system, self.user = system, user
        self.event = f"01KFIRE{number:019}"
        self.body = body | {"webhookEventId": self.event}
        self.accepted = False
        self.first = None

    def deliver(self):
        """A redelivery keeps the event's id, its time and its reply token, as LINE's do."""
        event = dict(self.body)
        if self.first is None:
            # Business time: the drill moves the clock, and events happen in it.
            self.first = {"timestamp": self.system.now_ms(), "replyToken": f"{self.event:0<32}"}
        else:
            event["isRedelivery"] = True
        event |= self.first
        try:
            path = f"local/line/users/{self.user}/events?channel={CHANNEL}"
            self.accepted |= self.system.post(path, event)["status"] == 200
        except Lost:
            pass
        return self.accepted


class Message(Event):
    """A text of a member."""

    def __init__(self, member, number):
        self.member = member
        self.id = str(600_000_000_000_000_000 + number)
        text = f"{number}日目です。頭痛が続いています。"
        super().__init__(member.system, member.user, number, {"type": "message", "message": {"type": "text", "id": self.id, "text": text}})


def members(system, count):
    """So many members of the demo's first tenant, with numbers that are on no roster."""
    code = system.get("local/status")["tenants"][0]["code"]
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda number: Member(system, code, 900_000 + number), range(count)))


def replies(system):
    """By event: the key of the reply that its mark names, and the replies that LINE is known to have."""
    named, sent = {}, set()
    for item in system.items("LINE#"):
        if item["kind"] == "Inbox":
            named[item["sk"].removeprefix("INBOX#")] = tuple(item.get("reply") or ())
    for item in system.get("local/outbox"):
        if item["effect"] == "Line" and item["state"] == "Sent":
            sent.add((item["pk"], item["sk"]))
    return named, sent


def unanswered(system, messages):
    """How many messages' own replies are not known to be sent."""
    named, sent = replies(system)
    return sum(named.get(message.event) not in sent for message in messages)


def stored(system):
    """How often each LINE message is stored, by its id."""
    counts = {}
    for item in system.items("MEMBER#"):
        if item["kind"] == "Message":
            name = item["sk"].rsplit("#", 1)[1]
            counts[name] = counts.get(name, 0) + 1
    return counts


def free_ports():
    """The first of five ports in a row that are free."""
    for first in range(18_000, 60_000, 10):
        probes = [socket.socket() for _ in range(5)]
        try:
            for place, probe in enumerate(probes):
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", first + place))
            return first
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
    raise SystemExit("no free ports")


def build(profile):
    """Builds the local system; the path of the binary."""
    subprocess.run(["cargo", "build", "--locked", "-p", "local", "--profile", profile], cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / ("debug" if profile == "dev" else profile) / "local"
