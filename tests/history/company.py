"""A company, its people and what they do through the front door, with a tally of it that knows nothing of the table."""

import collections
import datetime
import heapq
import itertools
import json
import pathlib
import re
import subprocess
import sys
import time
import types
import urllib.parse
import urllib.request

sys.path += [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("fire", "bench")]
from booking import Client  # noqa: E402
from system import CHANNEL, Lost, System  # noqa: E402

JST = datetime.timezone(datetime.timedelta(hours=9))
WEEK = datetime.timedelta(days=7)
UNMATCHED = datetime.timedelta(days=90)
COMPANY = "みどり精機株式会社"
FAMILY = "佐藤 鈴木 髙橋 田中 伊藤 渡邉 山本 中村 小林 加藤 吉田 﨑山 長谷川 五十嵐".split()
GIVEN = "花子 太郎 一郎 美咲 健 陽菜 翔太 恵美子 大輔 さくら".split()
QUESTIONS = [
    "最近、寝つきが悪く、朝すっきり起きられません。", "健康診断で血圧が高めと言われました。何に気をつければよいでしょうか。",
    "デスクワークで肩こりがひどいです。よい体操はありますか。", "花粉症の薬で眠くなります。", "腰痛が続いています。受診の目安を教えてください。",
    "子どもの発熱で寝不足が続いています。", "禁煙を考えています。どこから始めればよいでしょうか。", "再検査の案内が届きましたが、急いだほうがよいですか。",
]
ANSWER = "ご相談ありがとうございます。まずは生活のリズムを整えるところから始めてみましょう。"


class House(System):
    """The local system. Connections are not kept: the system ends those that idle while the operator's command runs."""

    @classmethod
    def joins(cls, front, data):
        """One that somebody else started."""
        house = cls(None, data)
        house.port = urllib.parse.urlsplit(front).port
        house.process = types.SimpleNamespace(pid=0)
        return house

    def request(self, method, path, body=None):
        self.connections.open = None
        return super().request(method, path, body)

    def now(self):
        return moment_of(self.get("local/clock")["now"])

    def comes_to_rest(self):
        """Waits until nothing is on its way: neither in a queue nor in the outbox, but for what is due later."""
        for _ in range(600):
            now = self.now()
            outbox = [item for item in self.get("local/outbox") if item["state"] == "Taken"
                      or (item["state"], item["attempt"]) == ("Pending", 0) and moment_of(item["due"]) <= now]
            if not outbox and not any(queue["messages"] for queue in self.get("local/queues")):
                return
            time.sleep(0.05)
        raise SystemExit(f"FAILED: something is on its way for ever: {outbox[:3]}")


class Staff(Client):
    """Somebody who is signed in."""

    def request(self, method, path, body=None, **headers):
        self.open.connection = None
        return super().request(method, path, body, **headers)

    def page(self, path):
        status, content = self.request("GET", path)
        assert status == 200, f"{path}: {status}"
        return content.decode()

    def sends(self, path, **fields):
        body = urllib.parse.urlencode(fields | {"csrf": self.csrf})
        return self.request("POST", path, body, **{"content-type": "application/x-www-form-urlencoded"})[0]


class Member:
    """A LINE user, with what the tally has to know."""

    def __init__(self, number, name):
        self.number, self.name, self.user = number, name, None
        self.registered_at = self.closed_at = None
        self.is_open = self.is_answered = self.is_named = self.blocks = False


class Employee:
    def __init__(self, name):
        self.name, self.leaves, self.reported = name, None, None

    def ends(self):
        """From when on nobody has access: the first of the month after the last day."""
        return None if self.leaves is None else at(following(self.leaves))


class Tally(collections.Counter):
    """What was done in a month; `active` are the memberships that did anything."""

    def __init__(self):
        super().__init__()
        self.active = set()


def at(day, hour=0, minute=0):
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST)


def following(day):
    """The first of the next month."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def moment_of(text):
    """Of an instant as the system writes it, to the second."""
    return datetime.datetime.fromisoformat(text[:19] + "+00:00").astimezone(JST)


def month_of(moment):
    return f"{moment:%Y-%m}"


class Agenda:
    """Acts that come by their moments, in a system with its operator's command."""

    def __init__(self, house, ops, chance):
        self.house, self.ops_command, self.chance = house, ops, chance
        self.agenda, self.order = [], itertools.count()

    def ops(self, *words):
        command = [self.ops_command, f"--local={self.house.data}", "--json", *words]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"FAILED: {' '.join(words)}: {done.stderr}")
        return json.loads(done.stdout or "null")

    def later(self, moment, act, *what):
        heapq.heappush(self.agenda, (moment, next(self.order), act, what))

    def plays(self):
        while self.agenda:
            moment, _, act, what = heapq.heappop(self.agenda)
            self.until(moment)
            act(*what)


class Company(Agenda):
    """Whatever is done is tallied in the month in which it is done."""

    def __init__(self, house, ops, chance):
        super().__init__(house, ops, chance)
        self.tally = collections.defaultdict(Tally)
        self.roster, self.rows, self.members = {}, {}, []
        self.number = itertools.count(1001)
        names = [f"{family} {given}" for family in FAMILY for given in GIVEN]
        chance.shuffle(names)
        self.names = iter(names)
        self.delivered = self.held_back = 0
        self.without_interviews, self.wrong = False, []

    # What is done

    def engages(self, starts):
        """A company with both plans, two contacts and a nurse in charge."""
        others = sum(tenant["name"].startswith(COMPANY) for tenant in self.ops("tenant", "list"))
        self.company = COMPANY + (f" 第{others + 1}事業所" if others else "")
        plans = "employee-support,interview-support"
        tenant = self.ops("tenant", "add", "--name", self.company, "--channel", CHANNEL, "--starts", f"{starts}", "--plans", plans)
        self.tenant, self.code = tenant["id"], tenant["code"]
        self.contacts = [f"{who}.{self.code.lower()}@midori.example.jp" for who in ("oka", "hara")]
        for name, mail in zip(("岡 恵子", "原 俊介"), self.contacts):
            self.ops("contact", "add", self.tenant, "--name", name, "--mail", mail)
        self.ops("tenant", "in-charge", self.tenant, self.ops("nurse", "list")[0]["id"])

    def hires(self, count):
        hired = [f"{next(self.number)}" for _ in range(count)]
        self.roster |= {number: Employee(next(self.names)) for number in hired}
        return hired

    def delivers(self, kind, rows):
        """A file of HR, as Excel saves it; the confirmations are given where many people leave."""
        header = "社員番号,氏名,退職日" if kind == "full" else "区分,社員番号,氏名,異動日"
        content = "\r\n".join([header, *rows, ""]).encode("cp932")
        key = urllib.parse.quote(f"roster-in/{self.tenant}/{kind}/{self.house.now():%Y-%m-%d}.csv")
        url = f"http://127.0.0.1:{self.house.port}/local/s3/object?key={key}"
        urllib.request.urlopen(urllib.request.Request(url, content, method="PUT")).read()
        self.house.comes_to_rest()
        for waiting in self.deliveries("waiting"):
            for by in ("contact", "operator"):
                self.ops("roster", "confirm", self.tenant, waiting, "--by", by)
            self.until(self.house.now() + datetime.timedelta(minutes=2))
            self.held_back += 1
        applied = len(self.deliveries("applied"))
        self.delivered += 1
        if applied != self.delivered:
            raise SystemExit(f"FAILED: of {self.delivered} rosters {applied} were applied")

    def deliveries(self, state):
        return [delivery["import"] for delivery in self.ops("roster", "deliveries", self.tenant) if delivery["state"] == state]

    def moves(self, joiners=(), leavers=()):
        """A monthly file of who came and who goes on which last day."""
        today = self.house.now()
        rows = [f"入社,{number},{self.roster[number].name},{today:%Y/%m/1}" for number in joiners]
        for number, last in leavers:
            employee = self.roster[number]
            employee.leaves, employee.reported = last, today
            rows.append(f"退職,{number},{employee.name},{last:%Y/%m/%d}")
        self.delivers("monthly", rows)

    def registers(self, number, name):
        member = Member(number, name)
        self.members.append(member)
        member.user = self.house.post("local/line/users", {"name": name})["userId"]
        self.acts(member, {"type": "follow"})
        self.joins(member)

    def joins(self, member):
        """Counted as joined; what is said before is not of a member yet."""
        for text in (f"登録コード {self.code}", member.number):
            self.acts(member, {"type": "message", "message": {"type": "text", "text": text}})
        self.acts(member, {"type": "postback", "postback": {"data": "consent"}})
        member.registered_at, member.membership = self.house.now(), object()
        member.is_open = member.is_named = False
        member.closed_at = None
        self.now_tally()["joined"] += 1

    def acts(self, member, event):
        answer = self.house.post(f"local/line/users/{member.user}/events?channel={CHANNEL}", event)
        if answer["status"] != 200:
            raise SystemExit(f"FAILED: the webhook answered {answer['status']} to {event}")

    def is_member(self, member):
        return member.registered_at is not None

    def uses(self, member, event):
        """A member who writes or touches something is active."""
        self.now_tally().active.add(member.membership)
        self.acts(member, event)

    def says(self, member, text):
        self.uses(member, {"type": "message", "message": {"type": "text", "text": text}})

    def touches(self, member, data="how-to-ask"):
        if self.can(member):
            self.uses(member, {"type": "postback", "postback": {"data": data}})

    def sends_sticker(self, member):
        """No consultation begins with one."""
        if self.can(member):
            self.uses(member, {"type": "message", "message": {"type": "sticker"}})

    def asks(self, member):
        """Opens a consultation, unless one is open or was closed within a week."""
        if not self.can(member):
            return
        goes_on = member.is_open or (member.closed_at is not None and self.house.now() - member.closed_at <= WEEK)
        self.says(member, self.chance.choice(QUESTIONS))
        if not goes_on:
            self.now_tally()["consultations"] += 1
            member.is_answered = False
        member.is_open = True
        if not member.is_named:
            self.says(member, member.name)
            if member.number not in self.roster:
                self.touches(member, "name-yes")
            member.is_named = True

    def can(self, member):
        """Who has left the company has no access, whether or not the purge has come."""
        employee = self.roster.get(member.number)
        has_left = employee is not None and employee.leaves is not None and employee.ends() <= self.house.now()
        return self.is_member(member) and not member.blocks and not has_left

    def leaves(self, member):
        """退会."""
        if self.can(member):
            self.touches(member, "leave")
            self.touches(member, "leave-yes")
            self.goes(member)

    def goes(self, member):
        member.registered_at = None
        self.now_tally()["left"] += 1

    def comes_back(self, member):
        if not self.is_member(member):
            self.joins(member)

    def blocks(self, member):
        """Ends nothing: who blocks the account is registered still."""
        if self.can(member):
            self.acts(member, {"type": "unfollow"})
            member.blocks = True

    def unblocks(self, member):
        if self.is_member(member) and member.blocks:
            self.acts(member, {"type": "follow"})
            member.blocks = False

    def nurse_answers(self):
        """Whatever waits is answered and closed, so that all that is open now is the members' next message away from it."""
        nurse, done = Staff(self.house, "nurse-sato"), set()
        while threads := [thread for thread in self.waiting(nurse) if thread not in done]:
            for thread in threads:
                done.add(thread)
                if self.company not in nurse.page(thread):
                    continue
                for act, fields in (("reply", {"text": ANSWER}), ("close", {})):
                    page = nurse.page(thread)
                    hidden = {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("form", "version")}
                    status = nurse.sends(f"{thread}/{act}", **fields, **hidden)
                    assert status == 303, f"{act}: {status}"
        for member in self.members:
            if self.is_member(member) and member.is_open:
                self.now_tally()["answered"] += not member.is_answered
                member.is_open, member.is_answered, member.closed_at = False, True, self.house.now()

    @staticmethod
    def waiting(nurse):
        return sorted(set(re.findall(r'href="(/desk/members/[^/"]+/consultations/[^/"]+)"', nurse.page("/desk"))))

    # Interviews

    def books(self, number, becomes):
        """A slot of this month, four days ahead at least; what becomes of it is put on the agenda."""
        contact = self.contact()
        if contact is None:
            return
        now = self.house.now()
        weeks = [now + datetime.timedelta(days=days) for days in range(0, 28, 7)]
        slots = [slot for week in weeks for slot in contact.slots(f"{week:%Y-%m-%d}")["slots"]]
        starts = {slot["id"]: datetime.datetime.fromisoformat(slot["start"]).astimezone(JST) for slot in slots}
        earliest = now + datetime.timedelta(days=4)
        fitting = [slot for slot, start in starts.items() if start >= earliest and month_of(start) == month_of(now)]
        slot = self.chance.choice(sorted(fitting, key=starts.get))
        status, held, _ = contact.call("holds", {"slot": slot})
        assert status == 201, held
        form = {"slot": slot, "number": number, "name": self.roster[number].name, "mail": self.contacts[0]}
        form |= {"method": "web", "purpose": "checkup"}
        status, booked, _ = contact.call(f"holds/{held['id']}", form)
        assert status == 201, booked
        if booked["state"] == "awaitingApproval":
            self.records(booked["id"], "approve")
        start = starts[slot]
        if becomes == "cancelled":
            self.later(now + datetime.timedelta(days=1), self.cancels, booked["id"], True)
        elif becomes == "cancelled-late":
            self.later(at(start, 8), self.cancels, booked["id"], False)
        else:
            self.later(start + datetime.timedelta(minutes=30), self.records, booked["id"], becomes)
        # Cancelled in time it uses no unit; missed or cancelled too late it does.
        self.now_tally()["interviews"] += becomes != "cancelled"

    def contact(self):
        """The first contact, signed in; None where the system knows its own demo's people only."""
        person = f"contact-{self.contacts[0].split('@')[0]}"
        try:
            return Staff(self.house, person)
        except Lost:
            self.without_interviews = True

    def cancels(self, interview, in_time):
        status, told, _ = self.contact().call(f"interviews/{interview}/cancel", {"inTime": in_time})
        assert status == 200, told

    def records(self, interview, act):
        """By the nurse who holds it; by the one in charge where it is to be approved."""
        nurses = [Staff(self.house, person) for person in ("nurse-sato", "nurse-yamamoto")]
        form = {"tenant": self.tenant, "interview": interview, "act": act}
        statuses = [nurse.sends("/desk/interviews", **form) for nurse in nurses]
        assert 303 in statuses, f"{act}: {statuses}"

    # When it is done

    def now_tally(self):
        return self.tally[month_of(self.house.now())]

    def until(self, moment):
        """Lets the time pass; whose time is over has gone."""
        if moment > self.house.now():
            self.house.post("local/clock", {"now": moment.isoformat()})
            self.house.comes_to_rest()
        now = self.house.now()
        for member in filter(self.is_member, self.members):
            gone = self.gone_from(member)
            if gone is not None and gone <= now:
                self.goes(member)

    def gone_from(self, member):
        """When the purge takes a membership: with the first of the month, a day after a late report, or unmatched after 90 days."""
        employee = self.roster.get(member.number)
        if employee is None:
            return member.registered_at + UNMATCHED
        if employee.leaves is None:
            return None
        ends = employee.ends()
        return ends + datetime.timedelta(hours=3) if employee.reported < ends else employee.reported + datetime.timedelta(days=1)
