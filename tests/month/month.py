#!/usr/bin/env python3
"""A month of three companies in minutes, with faults switched on and off and the process killed five times.

    tests/month/month.py                              # 2,000 members; builds with the profile `load`
    tests/month/month.py --members 60 --profile dev
    tests/month/month.py --binaries DIR --seed 7      # DIR holds `local` and `ops`; nothing is built

HR delivers two rosters of each company through the bucket, members register and ask, nurses answer, interviews are booked, the month
ends, reports are sent, leavers are erased: all of it through the front doors, many at once, by whoever repeats what was not answered.
The process is killed in the middle of an import, while people register, while they ask, while the reports are sent, and in the purge.

At the end every store, mail and message is compared with what `requirements.py`, a slow model of its own, says of the journal of what
was done (`checker.py`). Any difference is named and ends with `FAILED`. Then the checker is checked: of everything that was found one
is taken away, and one is doubled, and each has to be seen.

The seed decides who does what; kills in a crowd come after so many acts. Which requests meet a fault, and who of two is faster, depends on
the machine.
"""

import argparse
import collections
import csv
import datetime
import itertools
import json
import pathlib
import pickle
import random
import re
import shutil
import sys
import threading
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor

sys.path += [str(pathlib.Path(__file__).resolve().parents[1] / folder) for folder in ("fire", "history", "bench")]
from company import ANSWER, FAMILY, JST, QUESTIONS, Agenda, at, following, month_of  # noqa: E402
from replay import build  # noqa: E402
from system import CHANNEL, ROOT, Lost  # noqa: E402

from checker import check  # noqa: E402
from found import Found  # noqa: E402
from requirements import DANGER, DAY, Calendar, Requirements, Tenant  # noqa: E402
from traffic import Clerk, Crowd, Person, Town  # noqa: E402

HOLIDAYS = ROOT / "shared/domain/data/holidays.csv"
STAFF = {"duty": "duty@example.jp", "operator": "operator@example.jp", "in-charge": "sato@example.jp"}
NURSES = {"nurse-sato": "佐藤 恵", "nurse-yamamoto": "山本 真理子"}
GIVEN = [first + last for first in "一二三健直正智和明千美由恵陽春夏秋冬真優里奈早佳" for last in "郎子太香也樹実之乃介江人"]
FAULTS = [
    {"target": "line", "mode": "500"}, {"target": "dynamodb", "mode": "throttled", "every": 4}, {"target": "line", "mode": "429", "every": 2},
    {"target": "kms", "mode": "500", "every": 2}, {"target": "dynamodb", "mode": "reset", "every": 10},
    {"target": "line", "mode": "lost", "every": 6}, {"target": "dynamodb", "mode": "lost", "every": 15},
    {"target": "line", "mode": "timeout", "count": 6}, {"target": "dynamodb", "mode": "500", "every": 8},
]
MAIL_FAULTS = [{"target": "ses", "mode": "429", "every": 2}, {"target": "ses", "mode": "500", "every": 2}]
FILE_FAULTS = [{"target": "s3", "mode": "500", "every": 3}, {"target": "dynamodb", "mode": "throttled", "every": 3},
               {"target": "s3", "mode": "429", "every": 2}, {"target": "dynamodb", "mode": "500", "every": 6}]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--members", type=int, default=2000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--month", type=datetime.date.fromisoformat, help="its first day; without it, the next month")
    arguments.add_argument("--profile", default="load", help="cargo profile to build with")
    arguments.add_argument("--binaries", type=pathlib.Path, help="a folder with `local` and `ops`; nothing is built")
    arguments.add_argument("--data", type=pathlib.Path, default=ROOT / "target/month", help="is emptied, and stays")
    arguments.add_argument("--found", type=pathlib.Path, help="the file that a run left: only compares, once more")
    said = arguments.parse_args()
    if said.found:
        judge(said.found)
        return
    folder = said.binaries or build(said.profile)
    data = said.data.resolve()
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    data.with_suffix(".stderr").unlink(missing_ok=True)
    began = time.monotonic()
    town = Town(folder / "local", data)
    town.start()
    try:
        month = Month(town, folder / "ops", random.Random(said.seed), said.members)
        month.plays_out(said.month or following(town.now().date()))
        found = Found.of(month)
    finally:
        town.stop()
    with data.with_suffix(".found").open("wb") as file:
        pickle.dump((month.tenants, month.holidays, town.journal, found), file)
    print(f"\n{time.monotonic() - began:.0f} s, {len(town.journal)} acts, {len(town.kills)} kills: {'; '.join(town.kills)}")
    print("faults:", ", ".join(f"{fault} ×{count}" for fault, count in sorted(town.faults_met.items())))
    print("not taken at first:", ", ".join(f"{what} {count}" for what, count in town.refused.items()) or "nothing",
          f"; dead letters were sent anew {town.redriven} times" if town.redriven else "")
    judge(data.with_suffix(".found"))


def judge(file):
    """Compares what was found with what should be, as often as it is wanted."""
    with file.open("rb") as kept:
        tenants, holidays, journal, found = pickle.load(kept)
    requirements = Requirements(tenants, holidays, STAFF)
    requirements.play(journal)
    if not check(requirements, found):
        raise SystemExit("FAILED")


def step(said):
    print(f"{time.strftime('%H:%M:%S')}  {said}", flush=True)


class Month(Agenda):
    """The plan of the month, and what the checker has to know beside the journal."""

    def __init__(self, town, ops, chance, members):
        super().__init__(town, ops, chance)
        self.seed = chance.random()
        self.town, self.crowd = town, Crowd(town, min(48, max(8, members // 12)))
        self.tenants, self.people, self.by_role = {}, [], collections.defaultdict(list)
        self.shares = {"sakura": round(members * 0.45), "hikari": round(members * 0.3)}
        self.shares["midori"] = members - sum(self.shares.values())
        names = [f"{family} {given}" for family in FAMILY for given in GIVEN]
        chance.shuffle(names)
        self.names = iter(names)
        with HOLIDAYS.open(encoding="utf-8") as file:
            self.holidays = {datetime.date.fromisoformat(row[0]) for row in csv.reader(file)}
        self.calendar = Calendar(self.holidays)
        self.asked, self.texts, self.owners = collections.Counter(), {}, {}
        self.traces = collections.defaultdict(lambda: {"digest": None, "members": set()})
        self.attempts, self.dropped, self.contests = {}, set(), []
        self.rosters, self.moves = {}, {}

    def until(self, moment):
        self.town.until(moment)
        self.town.comes_to_rest()

    def plays_out(self, first):
        """All of it."""
        self.first, self.last = first, following(first) - DAY
        open_days = self.calendar.days(first, self.last)
        self.opens()
        self.later(at(first, 10), self.delivers_rosters)
        self.later(at(open_days[1], 10), self.registers)
        self.later(at(open_days[2], 14), self.asks, "first", 0.8)
        self.later(at(open_days[2], 20), self.asks_again, "evening", 0.3)
        self.later(at(open_days[3], 10), self.answers)
        self.later(at(open_days[4], 11), self.books)
        saturday = next(day for day in (open_days[3] + DAY * count for count in range(8)) if day.weekday() == 5)
        self.later(at(saturday, 11), self.asks_again, "Saturday", 0.15)
        self.later(at(saturday + DAY, 11), self.asks_again, "Sunday", 0.15)
        self.later(at(first.replace(day=14), 10), self.goes)
        self.later(at(first.replace(day=15), 10), self.delivers_movements)
        self.later(at(first.replace(day=15), 18), self.late_leavers_try)
        self.later(at(first.replace(day=17), 12), self.late_leavers_try)
        middle = next(day for day in open_days if day.day >= 17)
        self.later(at(middle, 14), self.asks_again, "middle", 0.4)
        self.later(at(middle, 16), self.answers)
        # Row A4: notices go out by day. Nobody who leaves opens anything after that.
        self.later(at(self.last - DAY * 6, 12), self.looks)
        self.later(at(self.last, 23, 50), self.asks_again, "last", 0.1)
        after = following(first)
        self.later(at(after), self.ends)
        self.later(at(after, 0, 5), self.leavers_try)
        self.later(at(after, 0, 14), self.reports)
        self.later(at(after, 2, 50), self.purges)
        self.later(at(after, 10), self.leavers_try)
        self.later(at(after + DAY, 2), self.runs_again)
        # Row B5: what was sent is gone a month later.
        pictures = middle.replace(month=after.month, year=after.year) + DAY
        self.later(at(pictures, 12), self.remembers)
        self.plays()

    # The companies

    def opens(self):
        """The demo's two companies begin their service with the month, a third one is entered."""
        step("companies")
        town = self.town
        town.moment = town.now()
        shown = town.get("local/status")["tenants"]
        town.entered({"tenants": shown})
        for key, of, plans, contact in (("sakura", shown[0], {"employee", "interview"}, "tamura@sakura.example.jp"),
                                        ("hikari", shown[1], {"employee"}, "mori@hikari.example.jp")):
            self.tenants[key] = Tenant(of["name"], of["code"], plans, [contact], 6 if key == "sakura" else None, of.get("passphrase"))
            self.tenants[key].id = of["id"]
            self.ops("tenant", "set", of["id"], "--starts", f"{self.first}")
            self.rosters[key] = [(each["number"], each["name"]) for each in of["employees"] if not each.get("leaves")]
        self.until(at(self.first, 8))
        added = self.ops("tenant", "add", "--name", "みどり精機株式会社", "--channel", CHANNEL, "--starts", f"{self.first}",
                         "--plans", "employee-support,interview-support")
        contacts = {"岡 恵子": "oka@midori.example.jp", "原 俊介": "hara@midori.example.jp"}
        for name, mail in contacts.items():
            self.ops("contact", "add", added["id"], "--name", name, "--mail", mail)
        nurse = next(nurse for nurse in self.ops("nurse", "list") if nurse["mail"] == STAFF["in-charge"])
        self.ops("tenant", "in-charge", added["id"], nurse["id"])
        self.tenants["midori"] = Tenant("みどり精機株式会社", added["code"], {"employee", "interview"}, list(contacts.values()))
        self.tenants["midori"].id = added["id"]
        self.rosters["midori"] = []
        self.hires()

    def hires(self):
        """Everybody of the month: on the rosters, in the chats, and what they are to do."""
        for key, share in self.shares.items():
            numbers = {"sakura": (f"{number:06}" for number in itertools.count(1001)),
                       "hikari": (f"H-{number}" for number in itertools.count(3001)), "midori": map(str, itertools.count(70001))}[key]
            staff = [(next(numbers), next(self.names)) for _ in range(share + max(8, share // 5))]
            self.rosters[key] += staff
            unknown = [(f"{next(numbers)}9", next(self.names)) for _ in range(2)]
            registering = staff[:share - 3] + unknown + staff[:1]
            people = [Person(self.town, len(self.people) + place + 1, key, *each) for place, each in enumerate(registering)]
            self.people += people
            known = people[2:share - 3]
            self.chance.shuffle(known)
            for role, count in (("late", 2), ("quits", 2), ("blocks", 2), ("renamed", 2), ("danger", 1 + share // 200),
                                ("leaver", max(3, share // 40)), ("picture", max(2, share // 20)), ("unsend", max(2, share // 20))):
                self.by_role[key, role] = known[:count]
                del known[:count]
            self.by_role[key, "stays"] = known + people[:2] + people[share - 3:]
            self.by_role[key, "free"] = staff[share:]
        # Who never gets as far as a registration.
        self.strangers = [Person(self.town, 900_000 + place) for place in range(6)]

    def has(self, role):
        return [person for key in self.tenants for person in self.by_role[key, role]]

    # Rosters

    def puts(self, key, kind, name, rows, encoding="cp932", between=","):
        """HR drops a file into the bucket; again, where the bucket does not answer."""
        header = ["社員番号", "氏名", "退職日"] if kind == "full" else ["区分", "社員番号", "氏名", "異動日"]
        lines = [header] + [[number, name, ""] if kind == "full" else [word, number, name, f"{last:%Y/%m/%d}" if last else ""]
                            for word, number, name, last in rows]
        content = "\r\n".join([between.join(line) for line in lines] + [""]).encode(encoding)
        tenant = self.tenants[key]
        path = urllib.parse.quote(f"roster-in/{tenant.id}/{kind}/{name}")
        url = f"http://127.0.0.1:{self.town.port}/local/s3/object?key={path}"

        def put():
            try:
                urllib.request.urlopen(urllib.request.Request(url, content, method="PUT")).read()
            except OSError as error:
                raise Lost(str(error)) from error

        self.town.surely(put)
        self.town.note("delivered", tenant=key, kind=kind, rows=rows, content=content, name=name)

    def rows_of(self, key):
        prefix = f"ROSTER#{self.tenants[key].id}#"
        return sum(partition["count"] for partition in self.town.get("local/table")["partitions"] if partition["pk"].startswith(prefix))

    def delivers_rosters(self):
        step("full rosters; the first kill, in the middle of an import")
        town = self.town
        full = {key: [("入社", *each, None) for each in roster] for key, roster in self.rosters.items()}
        before, all_of = self.rows_of("sakura"), len(full["sakura"])
        town.post("local/faults", {"target": "dynamodb", "mode": "slow", "ms": 400, "operation": "TransactWriteItems"})
        self.puts("sakura", "full", "all.csv", full["sakura"])
        self.kills_when(lambda: before < (rows := self.rows_of("sakura")) and f"in an import, {rows - before} of {all_of - 10} rows written")
        with town.failing(*FILE_FAULTS):
            self.puts("hikari", "full", "all.tsv", full["hikari"], "utf-8-sig", "\t")
            self.puts("midori", "full", "all.csv", full["midori"], "utf-16")
            time.sleep(2)
        town.comes_to_rest()

    def kills_when(self, seen):
        """Kills the process as soon as `seen` says where it is."""
        for _ in range(3000):
            if where := seen():
                self.town.kill_and_start(where)
                return
            time.sleep(0.01)
        raise SystemExit("FAILED: the moment for a kill never came")

    def kills_after(self, acts, what):
        """For crowds: kills after so many acts, wherever each of them is."""
        wanted = len(self.town.journal) + acts

        def meanwhile(is_over):
            while len(self.town.journal) < wanted:
                if is_over():
                    raise SystemExit("FAILED: the crowd was faster than its kill")
                time.sleep(0.01)
            self.town.kill_and_start(f"{what}, after {acts} acts")

        return meanwhile

    def delivers_movements(self):
        """The second delivery: joiners, leavers, late ones, other names; one file that waits, one that is broken, one that comes twice."""
        step("movements: one file waits, one is refused, one comes twice")
        town, today = self.town, self.town.moment.date()
        former = self.first - DAY
        for key, tenant in self.tenants.items():
            rows = []
            for place in range(3):
                number = {"sakura": f"{5001 + place:06}", "hikari": f"H-{5001 + place}", "midori": f"{90001 + place}"}[key]
                rows.append(("入社", number, next(self.names), today.replace(day=1)))
            for person in self.by_role[key, "renamed"]:
                rows.append(("入社", person.number, f"{next(self.names)}", today.replace(day=1)))
            leavers = [(person.number, person.name) for person in self.by_role[key, "leaver"]]
            late = [(person.number, person.name) for person in self.by_role[key, "late"]]
            if key == "sakura":
                present = len(self.rosters[key])
                wanted = min(101, max(10, present // 5 + 3)) - len(late) - len(leavers)
                leavers += self.by_role[key, "free"][-max(0, wanted):] if wanted > 0 else []
                short = wanted - len(self.by_role[key, "free"])
                for _ in range(max(0, short)):
                    person = self.by_role[key, "stays"].pop(2)
                    self.by_role[key, "leaver"].append(person)
                    leavers.append((person.number, person.name))
            rows += [("退職", *each, self.chance.choice([today, today + DAY * 3, self.last])) for each in leavers]
            rows += [("退職", *each, former - DAY * 3) for each in late]
            self.moves[key] = rows
        # Interviews of who leaves are erased; of the others nothing is.
        with town.failing(*FILE_FAULTS, *MAIL_FAULTS):
            self.puts("sakura", "monthly", "broken.csv", [*self.moves["sakura"][:2], ("退職", self.rosters["sakura"][0][0], "髙橋 一郎", None)])
            for key in self.tenants:
                self.puts(key, "monthly", "moves.csv", self.moves[key], "cp932" if key != "midori" else "utf-8")
            time.sleep(2)
        town.comes_to_rest()
        with town.failing(*FILE_FAULTS):
            self.puts("hikari", "monthly", "again.csv", self.moves["hikari"])
            # The event of a file that was dealt with comes late, once more.
            key = f"roster-in/{self.tenants['midori'].id}/monthly/moves.csv"
            town.post("local/queues/deliver", {"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {
                "bucket": {"name": "hokenshitsu-local"}, "object": {"key": key, "size": 1, "versionId": "0"}}}]})
            time.sleep(1)
        town.comes_to_rest()
        self.confirms()
        self.remembers()

    def confirms(self):
        """The contact on the page, then the operator."""
        tenant = self.tenants["sakura"]
        waiting = [of["import"] for of in self.ops("roster", "deliveries", tenant.id) if of["state"] == "waiting"]
        assert len(waiting) == 1, f"{len(waiting)} files wait, and not 1"
        contact = Clerk(self.town, "contact-tamura", self.asked)
        status = contact.sends(f"/contacts/deliveries/{waiting[0]}/confirm", confirmed="1")
        assert status == 303, status
        self.town.note("confirmed", tenant="sakura", name="moves.csv", by="contact")
        self.ops("roster", "confirm", tenant.id, waiting[0], "--by", "operator")
        self.town.note("confirmed", tenant="sakura", name="moves.csv", by="operator")
        self.town.comes_to_rest()
        self.until(self.town.now() + DAY / 720)

    # Members

    def registers(self):
        step(f"{len(self.people)} people register; the second kill")
        scripts = [lambda person=person: self.joins(person) for person in self.people]
        scripts += [lambda place=place, person=person: self.strays(place, person) for place, person in enumerate(self.strangers)]
        self.chance.shuffle(scripts)
        acts = round(len(self.people) * 4 * self.chance.uniform(0.2, 0.7))
        with self.town.failing(*FAULTS):
            self.crowd.acts(scripts, self.kills_after(acts, "while people register"))
            again = self.crowd.again(self.people, 0.05)
        self.town.comes_to_rest()
        self.remembers()
        step(f"  {again} events came again")

    def joins(self, person, follows=True):
        tenant = self.tenants[person.tenant]
        if follows:
            person.acts(type="follow")
        person.says(f"登録コード {tenant.code}")
        if tenant.passphrase:
            if int(person.user[1:], 16) % 5 == 0:
                person.says("あいことば")
            person.says(tenant.passphrase)
        person.says(person.number.lower().lstrip("0"))
        person.touches("consent")

    def strays(self, place, person):
        """People who never register: no code, a wrong one, no consent, a passphrase that is never right, a former employee."""
        person.acts(type="follow")
        if place == 0:
            person.says("こんにちは")
            person.says(f"もう{DANGER}です")
        elif place == 1:
            person.says("登録コード ZZZZ2345")
        elif place == 2:
            person.says(f"登録コード {self.tenants['midori'].code}")
            person.says("70002")
            person.touches("decline")
        elif place == 3:
            person.says(f"登録コード {self.tenants['hikari'].code}")
            for guess in range(6):
                person.says(f"合言葉{guess}")
        elif place == 4:
            person.says(f"登録コード {self.tenants['sakura'].code}")
            person.says("112")
        else:
            # Forgotten after seven days.
            person.says(f"登録コード {self.tenants['sakura'].code}")

    def asks(self, what, share):
        """The first consultations, with names, pictures, withdrawn messages and cries for help."""
        step(f"consultations ({what}); the third kill")
        special = [person for role in ("danger", "picture", "unsend", "leaver", "renamed", "late", "blocks", "quits") for person in self.has(role)]
        stays = self.has("stays")
        asking = special + self.chance.sample(stays, round(len(stays) * share))
        self.talking = [person for person in asking]
        plans = [(person, self.chance.choice(QUESTIONS), self.chance.random()) for person in asking]
        self.chance.shuffle(plans)
        acts = round(len(plans) * 2 * self.chance.uniform(0.2, 0.6))
        with self.town.failing(*FAULTS, {"target": "s3", "mode": "500", "every": 2}, *MAIL_FAULTS):
            self.crowd.acts([lambda plan=plan: self.begins(*plan) for plan in plans], self.kills_after(acts, "while people ask"))
            self.crowd.again(asking, 0.05)
        self.town.comes_to_rest()
        self.remembers()

    def tells(self, person, question):
        text = f"{question}（{person.user[-6:]}-{len(person.events)}-{self.town.moment:%d%H}）"
        self.texts[text] = person.says(text)
        return self.texts[text]

    def begins(self, person, question, luck):
        self.tells(person, question)
        person.says(person.name)
        if not any(number == person.number for number, _ in self.rosters[person.tenant]):
            person.touches("name-yes")
        role = next((role for (_, role), people in self.by_role.items() if person in people), "stays")
        if role == "danger":
            self.tells(person, f"{DANGER}くらいつらいです。")
        elif role == "picture":
            person.sends("image")
            self.tells(person, "写真のとおりです。")
        elif role == "unsend":
            message = self.tells(person, "これはなかったことにしてください。")
            person.sends("image")
            person.acts(type="unsend", messageId=message)
        elif luck < 0.3:
            self.tells(person, "追加です。")
        elif luck < 0.4:
            person.sends("sticker")
        elif luck < 0.5:
            person.touches("how-to-ask")

    def asks_again(self, what, share):
        """Some of those who have asked before, and some who never did, at another hour."""
        step(f"consultations ({what})")
        may = [person for person in self.people if person not in self.has("late") + self.has("quits")]
        if self.town.moment.day > 14:
            # Row A4: whoever leaves opens nothing more in the last week, so that a notice is sent or not by what was open before.
            may = [person for person in may if person not in self.has("leaver") and person not in self.has("blocks")]
        asking = self.chance.sample(may, round(len(may) * share))
        if what == "middle":
            asking = [person for person in asking if person not in self.has("renamed")] + self.has("renamed")
        plans = [(person, self.chance.choice(QUESTIONS), self.chance.random() < 0.2) for person in asking]

        def asks(person, question, touches):
            if person not in self.talking:
                self.begins(person, question, 1.0)
                return
            if touches:
                person.sends("sticker")
            self.tells(person, question)

        with self.town.failing(*FAULTS):
            self.crowd.acts([lambda plan=plan: asks(*plan) for plan in plans])
            self.crowd.again(asking, 0.05)
        self.talking += [person for person in asking if person not in self.talking]
        self.town.comes_to_rest()
        self.remembers()

    def goes(self):
        """退会, one of them comes back; blocks, one of them unblocks."""
        step("some leave, some block")
        self.remembers()
        for key in self.tenants:
            for place, person in enumerate(self.by_role[key, "quits"]):
                person.touches("leave")
                person.touches("leave-yes")
                if place == 0:
                    self.joins(person, follows=False)
            for place, person in enumerate(self.by_role[key, "blocks"]):
                person.acts(type="unfollow")
                if place == 0:
                    person.acts(type="follow")
        self.strangers[5].says("相談したいです")
        self.town.comes_to_rest()

    def tries(self, people):
        self.crowd.acts([lambda person=person: person.says("まだ使えますか") for person in people])
        self.town.comes_to_rest()
        self.remembers()

    def late_leavers_try(self):
        step("late leavers try")
        self.tries(self.has("late"))

    def leavers_try(self):
        step("leavers try")
        self.tries(self.has("leaver"))

    # Nurses

    def answers(self):
        """Whatever waits is answered, half of it closed. Over some threads two nurses meet."""
        step("nurses answer")
        nurses = {name: Clerk(self.town, name, self.asked) for name in ("nurse-sato", "nurse-yamamoto")}
        done = set()
        with self.town.failing(*FAULTS, each=0.5, rest=1.5):
            while threads := [thread for thread in self.waiting(nurses["nurse-sato"]) if thread not in done]:
                done |= set(threads)
                self.crowd.acts([lambda thread=thread: self.answers_one(nurses, thread) for thread in threads])
        self.town.comes_to_rest()
        self.remembers()
        step(f"  {len(done)} threads")

    @staticmethod
    def waiting(nurse):
        return sorted(set(re.findall(r'href="(/desk/members/[^/"]+/consultations/[^/"]+)"', nurse.page("/desk"))))

    def answers_one(self, nurses, thread):
        owner = self.owners.get(thread, "nurse-sato")
        page = nurses[owner].page(thread)
        message = self.message_on(page)
        luck = random.Random(f"{self.seed} {message} {self.town.moment}").random()
        if thread not in self.owners and luck < 0.1:
            owner = self.meets(nurses, thread)
        else:
            text = f"{ANSWER}（{message[-9:]}-{self.town.moment:%d%H}）"
            status = nurses[owner].sends(f"{thread}/reply", text=text, **hidden(page))
            assert status == 303, f"a reply: {status}"
            self.town.note("replied", message=message, text=text, nurse=NURSES[owner])
        self.owners[thread] = owner
        if luck > 0.5:
            status = nurses[owner].sends(f"{thread}/close", **hidden(nurses[owner].page(thread)))
            assert status == 303, f"closing: {status}"
            self.town.note("closed", message=message)

    def message_on(self, page):
        """LINE's id of the first text of a thread."""
        words = re.findall(r'class="words">([^<]*)</p>', page)
        message = next((self.texts[text] for text in words if text in self.texts), None)
        assert message, f"a thread's page shows no text that was sent: {page}"
        return message

    def meets(self, nurses, thread):
        """Two nurses answer at once: one of them is told so."""
        pages = {name: nurse.page(thread) for name, nurse in nurses.items()}
        message = self.message_on(pages["nurse-sato"])
        texts = {name: f"{NURSES[name]}です。（{message[-9:]}-{self.town.moment:%d%H}）" for name in nurses}
        with ThreadPoolExecutor(2) as pool:
            sent = {name: pool.submit(nurses[name].sends, f"{thread}/reply", text=texts[name], **hidden(pages[name])) for name in nurses}
        statuses = {name: each.result() for name, each in sent.items()}
        winners = [name for name, status in statuses.items() if status == 303]
        self.contests.append(statuses)
        assert len(winners) == 1, f"two nurses at once: {statuses}"
        self.town.note("replied", message=message, text=texts[winners[0]], nurse=NURSES[winners[0]])
        return winners[0]

    # Interviews

    def books(self):
        """Base, freed, extra, declined, lapsed, moved, late; one slot that eight want at once."""
        step("interviews")
        contact = Clerk(self.town, "contact-tamura", self.asked)
        self.employees = [*(each for each in self.rosters["sakura"][:6])]
        leaver = self.by_role["sakura", "leaver"][0]
        now = self.town.moment
        limit = self.calendar.before(self.calendar.before(self.last))
        slots = self.free(contact, now + DAY * 5, at(limit))
        days = sorted({start.date() for start, _ in slots})
        on = [next(each for each in slots if each[0].date() == days[place * (len(days) - 1) // 6]) for place in range(7)]
        follow = following(self.first)
        later = self.free(contact, at(follow + DAY * 11), at(follow + DAY * 25))
        with self.town.failing(*MAIL_FAULTS, {"target": "dynamodb", "mode": "throttled", "every": 5}, {"target": "ses", "mode": "500"}):
            self.contends(on[0][1])
            held = self.book(contact, on[0], (leaver.number, leaver.name), "web", wishes="定期面談")
            self.later(on[0][0] + DAY / 48, self.records, held, "held")
            freed = self.book(contact, on[1], self.employees[0], "phone")
            self.cancels(contact, freed)
            second = self.book(contact, on[1], self.employees[1], "web")
            for slot, employee, decision, then in ((on[2], 2, "approve", "continue"), (on[3], 3, "decline", None), (on[4], 4, None, None),
                                                   (on[5], 5, "approve", "late")):
                extra = self.book(contact, slot, self.employees[employee], "web")
                if decision:
                    self.records(extra, decision)
                if then == "late":
                    self.later(at(slot[0].date(), 7), self.cancels, contact, extra)
                elif then:
                    self.later(slot[0] + DAY / 48, self.records, extra, then)
            # Given back when nobody books any more: it is carried over.
            self.later(at(self.calendar.before(self.calendar.before(on[1][0].date())), 15), self.cancels, contact, second)
            ahead = self.book(contact, later[0], self.employees[0], "web")
            self.moves_to(contact, ahead, next(slot for slot in later if slot[0].date() != later[0][0].date()))
        refused = [
            contact.call("holds", {"slot": on[6][1]}), Clerk(self.town, "contact-mori", self.asked).request("GET", "/booking/api/slots"),
            contact.request("GET", "/desk"), Clerk(self.town, "nurse-sato", self.asked).request("GET", "/contacts"),
        ]
        assert [status for status, *_ in refused] == [201, 403, 403, 403], [status for status, *_ in refused]
        form = {"slot": on[6][1], "number": self.employees[0][0], "name": self.employees[0][1], "method": "web", "mail": "a@example.jp"}
        for wrong in ({"purpose": "long-hours"}, {"purpose": "high-stress"}, {"purpose": "other", "name": "別の 人"},
                      {"purpose": "other", "number": "009999"}):
            status, told = contact.call(f"holds/{refused[0][1]['id']}", form | wrong)
            assert status == 422, f"{wrong}: {status} {told}"
        self.town.comes_to_rest()

    @staticmethod
    def free(contact, first, last):
        weeks = [first + DAY * count for count in range(0, (last - first).days + 7, 7)]
        slots = []
        for week in weeks:
            status, content = contact.request("GET", f"/booking/api/slots?week={week:%Y-%m-%d}")
            assert status == 200, content
            slots += [(datetime.datetime.fromisoformat(slot["start"]).astimezone(JST), slot["id"]) for slot in json.loads(content)["slots"]]
        return sorted(slot for slot in set(slots) if first <= slot[0] < last)

    def contends(self, slot):
        """Row C2: of many who want a slot at once one has it; it is let go by not confirming it."""
        clerks = [Clerk(self.town, "contact-tamura", self.asked) for _ in range(8)]
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda clerk: clerk.call("holds", {"slot": slot}), clerks))
        statuses = sorted(status for status, _ in answers)
        assert statuses == [201] + [409] * 7, f"eight at once: {statuses}"
        self.contests.append(statuses)
        self.until(self.town.now() + DAY / 144 + DAY / 1440)

    def book(self, contact, slot, employee, method, **more):
        start, key = slot
        status, held = contact.call("holds", {"slot": key})
        assert status == 201, held
        mail = f"{employee[0].lower()}@sakura.example.jp"
        form = {"slot": key, "number": employee[0], "name": employee[1], "mail": mail, "method": method, "purpose": "checkup"} | more
        if method == "phone":
            form["phone"] = "090-1234-5678"
        status, booked = contact.call(f"holds/{held['id']}", form)
        assert status == 201, booked
        self.town.note("booked", tenant="sakura", interview=booked["id"], number=employee[0], name=employee[1], mail=mail, method=method,
                       start=start, form="wishes" in more)
        return booked["id"]

    def cancels(self, contact, interview):
        contact = Clerk(self.town, "contact-tamura", self.asked)
        status, content = contact.request("GET", f"/booking/api/interviews/{interview}")
        assert status == 200, content
        status, told = contact.call(f"interviews/{interview}/cancel", {"inTime": json.loads(content)["inTime"]})
        assert status == 200, told
        self.town.note("cancelled", tenant="sakura", interview=interview)

    def moves_to(self, contact, interview, slot):
        status, told = contact.call(f"interviews/{interview}/move", {"slot": slot[1]})
        assert status == 200, told
        self.town.note("moved", tenant="sakura", interview=interview, start=slot[0])

    def records(self, interview, act):
        """By the nurse who holds it; by the one in charge where it is to be approved."""
        nurses = [Clerk(self.town, person, self.asked) for person in ("nurse-sato", "nurse-yamamoto")]
        form = {"tenant": self.tenants["sakura"].id, "interview": interview, "act": act}
        statuses = [nurse.sends("/desk/interviews", **form) for nurse in nurses]
        assert 303 in statuses, f"{act}: {statuses}"
        self.town.note("decided", tenant="sakura", interview=interview, act=act)

    # The month's end

    def beside(self, act):
        """Does it in a thread; that nothing answers any more is no error."""
        def tries():
            try:
                act()
            except Lost:
                pass

        thread = threading.Thread(target=tries)
        thread.start()
        return thread

    def ends(self):
        self.town.note("ends", month=month_of(self.first))

    def reports(self):
        step("the month ends: reports; the fourth kill")
        town, moment = self.town, at(following(self.first), 0, 15)
        all_of = sum(len(tenant.contacts) * len(tenant.plans) for tenant in self.tenants.values())
        is_report = lambda mail: "のご報告" in mail["subject"] and "ONLINE" in mail["subject"]
        town.post("local/faults", {"target": "ses", "mode": "slow", "ms": 1000, "every": 2})
        moving = self.beside(lambda: town.post("local/clock", {"now": moment.isoformat()}))
        self.kills_when(lambda: 0 < (sent := sum(map(is_report, town.get("local/mail")))) < all_of and
                        f"while reports are sent, {sent} of {all_of} had arrived")
        moving.join()
        with town.failing(*MAIL_FAULTS, {"target": "dynamodb", "mode": "throttled", "every": 3}):
            town.comes_to_rest()
            self.until(moment + DAY / 24)
            time.sleep(1)
        self.until(at(following(self.first), 2))

    def purges(self):
        step("the purge; the fifth kill")
        town = self.town
        self.remembers()
        before = sum(map(self.rows_of, self.tenants))
        all_of = sum(len([row for row in rows if row[0] == "退職"]) for rows in self.moves.values()) - len(self.has("late"))
        town.post("local/faults", {"target": "dynamodb", "mode": "slow", "ms": 150})
        moving = self.beside(lambda: town.post("local/clock", {"now": at(following(self.first), 3).isoformat()}))

        def seen():
            gone = before - sum(map(self.rows_of, self.tenants))
            orders = len(town.partition("ERASURE"))
            return (gone or orders * 2 > len(self.has("leaver"))) and f"in the purge, {gone} of {all_of} rows gone, {orders} orders open"

        self.kills_when(seen)
        moving.join()
        with town.failing({"target": "s3", "mode": "500", "every": 2}, {"target": "dynamodb", "mode": "throttled", "every": 4}, *MAIL_FAULTS):
            town.comes_to_rest()
            for minutes in (1, 12, 23, 34):
                self.until(at(following(self.first), 3, minutes))
        self.until(at(following(self.first), 4))

    def runs_again(self):
        """Schedules that fire twice do nothing."""
        step("schedules run again")
        for name in ("kpi-monthly", "kpi-sweep", "purge-monthly", "purge-sweep", "roster-sweep", "outbox-sweep"):
            self.town.post(f"local/schedules/{name}/run", {})
        self.town.comes_to_rest()

    def looks(self):
        """Halfway, what will be gone at the end: the documents in the bucket."""
        self.remembers()
        self.town.note("looked", documents=len(self.town.objects("documents/")))

    def remembers(self):
        """What the table tells now and forgets later: whose its keys are, and how often each reply was tried."""
        users = {}
        for moment, act, of in self.town.journal:
            if act == "line":
                users[of["key"]] = of["user"]
        named = {}
        for item in self.town.items("LINE#"):
            digest, kind = item["pk"].removeprefix("LINE#"), item["kind"]
            if kind == "Inbox" and (user := users.get(item["sk"].removeprefix("INBOX#"))):
                self.traces[user]["digest"] = digest
                named[tuple(item.get("reply") or ())] = item["sk"].removeprefix("INBOX#")
            elif kind == "Sent" and "member" in item:
                self.traces[digest]["members"].add(item["member"])
            elif kind == "LineUser" and item.get("member"):
                self.traces[digest]["members"].add(item["member"]["id"])
        for item in self.town.get("local/outbox"):
            key = named.get((item["pk"], item["sk"]), item["id"])
            self.attempts[key] = max(item["attempt"], self.attempts.get(key, 0))
            if item["state"] == "Dropped":
                self.dropped.add(key)


def hidden(page):
    return {name: re.search(f'name="{name}" value="([^"]*)"', page)[1] for name in ("form", "version")}


if __name__ == "__main__":
    main()
