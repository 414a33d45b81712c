#!/usr/bin/env python3
"""Four months of a company, replayed: every figure comes from what people did through the front door, none is written.

    tests/history/replay.py                                     # a local system of its own, which is stopped at the end
    tests/history/replay.py --keep                              # stays: open the addresses that are printed
    tests/history/replay.py --front http://127.0.0.1:8080 --data .local    # in a system that runs

A company with both plans and two contacts delivers rosters; its people register, ask, touch buttons, block, leave; nurses answer and
close; interviews are booked, held, missed and cancelled; the clock moves over four month ends. What was done is tallied here as it is
done. At the end the tally is held against the markers in the table, and both, by the rules of row D3 (`figures.py`), against every line
of every report in the mailbox; each contact has each report once. Any difference ends with `FAILED`.

The seed decides who does what on which day. Ids and minutes are the system's own.
"""

import argparse
import collections
import datetime
import difflib
import itertools
import os
import pathlib
import random
import re
import shutil
import subprocess
import unicodedata

import figures
from company import Company, House, at, following, month_of
from system import ROOT

PAGES = ("", "mailbox", "table")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seed", type=int, default=1)
    day = datetime.date.fromisoformat
    arguments.add_argument("--month", type=day, help="the first day of the first month; without it, of the next one")
    arguments.add_argument("--data", type=pathlib.Path, help="the system's data; without it target/history, which is emptied")
    arguments.add_argument("--port", type=int, help="the front's port; the next four are taken too")
    arguments.add_argument("--front", help="a system that runs; --data says where its data are")
    arguments.add_argument("--keep", action="store_true", help="leave the system running")
    arguments.add_argument("--profile", default="dev", help="cargo profile to build with")
    arguments.add_argument("--binaries", type=pathlib.Path, help="a folder with `local` and `ops`; nothing is built")
    said = arguments.parse_args()
    folder = said.binaries or build(said.profile)
    data = (said.data or ROOT / ("target/history" if not said.front else ".local")).resolve()
    if said.front:
        house = House.joins(said.front, data)
    else:
        if not said.data:
            shutil.rmtree(data, ignore_errors=True)
        data.parent.mkdir(parents=True, exist_ok=True)
        house = House(folder / "local", data)
        house.port = said.port or house.port
        house.start()
    try:
        is_right = History(house, folder / "ops", random.Random(said.seed)).replay(said.month or following(house.now().date()))
    finally:
        if not said.front and not said.keep:
            house.stop()
    if said.keep and not said.front:
        print(f"\nThe system runs on as process {house.process.pid}; `kill {house.process.pid}` stops it. Open")
        for page in PAGES:
            print(f"  http://127.0.0.1:{house.port}/{page}")
    if not is_right:
        raise SystemExit("FAILED")


def build(profile):
    """Builds the system and the operator's command; the folder with both."""
    command = ["cargo", "build", "--quiet", "--locked", "--profile", profile, "--package", "local", "--package", "ops"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / ("debug" if profile == "dev" else profile)


def wide(text, columns):
    """The text in so many columns of a terminal, to the right, or to the left of a negative number."""
    rest = " " * (abs(columns) - sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text))
    return rest + text if columns > 0 else text + rest


class History(Company):
    """The four months, and what came of them."""

    def some(self, people, count):
        people = list(people)
        return self.chance.sample(people, min(count, len(people)))

    def day(self, first, last=26, since=2):
        """A moment of the month. Some share one: each move of the clock takes the system its time."""
        return at(first.replace(day=self.chance.randint(since, last)), self.chance.choice([9, 12, 20]))

    def lives(self, first, active, asking, newcomers):
        """A month of the members: those who register, and what `active` of all do, of whom `asking` ask."""
        for number in newcomers:
            name = self.roster[number].name if number in self.roster else next(self.names)
            self.later(self.day(first, 12), self.registers, number, name)
        self.later(at(first.replace(day=13), 8), self.lives_on, first, active, asking)
        for day in range(1, 28):
            if first.replace(day=day).weekday() in (1, 4):
                self.later(at(first.replace(day=day), 15), self.nurse_answers)

    def lives_on(self, first, active, asking):
        people = self.some(filter(self.can, self.members), active)
        for member in people[:asking]:
            for _ in range(self.chance.randint(1, 2)):
                self.later(self.day(first, since=14), self.asks, member)
        for member in people[asking:]:
            self.later(self.day(first, since=14), self.chance.choice([self.touches, self.sends_sticker]), member)
        # Up to the last minute of the month.
        self.later(at(following(first) - datetime.timedelta(days=1), 23, 55), self.touches, people[-1])

    def ends(self, first):
        """The roster's rows at the end of the month; in the next one its reports come before the purge."""
        last = following(first) - datetime.timedelta(days=1)
        self.later(at(last, 23, 58), self.counts_rows, month_of(first))
        over = self.months.index(first) + 1
        self.later(at(following(first), 0, 14), self.has_reports, over - 1)
        self.later(at(following(first), 0, 16), self.has_reports, over)
        self.later(at(following(first), 3, 1), self.has_reports, over)

    def has_reports(self, over):
        """After so many months: of each a report for the meeting, and of the first and of the three behind it one of the service."""
        due = over + (over >= 1) + (over >= 4)
        for contact, mails in self.reports_sent().items():
            if (there := sum(map(len, mails.values()))) != due:
                self.wrong.append(f"{contact} has {there} reports at {self.house.now():%Y-%m-%d %H:%M}, and not {due}")

    def counts_rows(self, month):
        self.rows[month] = sum(count for pk, count in self.partitions(f"ROSTER#{self.tenant}#"))
        self.tally[month]["roster"] = sum(self.has_access(employee, month) for employee in self.roster.values())
        self.tally[month]["registered"] = sum(of["joined"] - of["left"] for of in self.tally.values())

    @staticmethod
    def has_access(employee, month):
        return employee.leaves is None or month_of(employee.leaves) >= month

    def replay(self, first):
        """All of it; whether every number agrees."""
        months = self.months = [first]
        while len(months) < 4:
            months.append(following(months[-1]))
        self.until(at(first, 8))
        self.engages(months[0])
        self.first_month(months[0])
        self.plays()
        self.second_month(months[1])
        self.plays()
        self.third_month(months[2])
        self.plays()
        self.fourth_month(months[3])
        self.plays()
        # Nothing comes twice, whatever runs again.
        self.until(at(following(months[3]), 1, 46) + datetime.timedelta(days=1))
        self.house.post("local/schedules/kpi-monthly/run", {})
        self.house.comes_to_rest()
        return self.report()

    def first_month(self, first):
        staff = self.hires(60)
        self.delivers("full", [f"{number},{self.roster[number].name}," for number in staff])
        self.lives(first, 20, 12, self.some(staff[:40], 23))
        # Registers under a number that no roster has: erased after 90 days, which end in the fourth month.
        self.later(at(first.replace(day=5), 12), self.registers, "9001", next(self.names))
        self.later(at(first.replace(day=20), 10), lambda: self.moves(self.hires(2), [(staff[-1], first.replace(day=25))]))
        self.later(at(first.replace(day=3), 10), self.books, staff[0], "held")
        self.later(at(first.replace(day=3), 11), self.books, staff[1], "no-show")
        self.ends(first)

    def second_month(self, first):
        staff = [number for number, employee in self.roster.items() if employee.leaves is None]
        registered = {member.number for member in self.members}
        # Interviews are booked for the first ten, who stay.
        known = [member for member in self.members if member.number in staff[10:]]
        late, leaver, *others = self.some(known, 5)
        former = first - datetime.timedelta(days=1)
        self.later(at(first.replace(day=10), 10), lambda: self.moves(
            self.hires(3), [(late.number, former), (leaver.number, first.replace(day=15)), (staff[-4], first.replace(day=20))]))
        self.lives(first, 24, 15, self.some([number for number in staff[:50] if number not in registered], 9))
        self.later(at(first.replace(day=12), 21), self.leaves, others[0])
        for member in others[1:]:
            self.later(at(first.replace(day=12), 22), self.blocks, member)
        self.blocking = others[1:]
        for place, becomes in enumerate(["held", "continue", "held", "cancelled"]):
            self.later(at(first.replace(day=4 + place), 13), self.books, staff[place], becomes)
        self.ends(first)

    def third_month(self, first):
        """A quiet one: fewer than ten are active. Many leave at its end, for which HR's file is held back."""
        staff = [number for number, employee in self.roster.items() if employee.leaves is None]
        leavers = self.some(staff[10:], 15)
        last = following(first) - datetime.timedelta(days=1)
        self.later(at(first.replace(day=18), 10), lambda: self.moves(self.hires(1), [(number, last) for number in leavers]))
        self.lives(first, 8, 5, [])
        self.ends(first)

    def fourth_month(self, first):
        hired = self.hires(18)
        self.later(at(first, 9), self.moves, hired)
        self.lives(first, 28, 18, hired[:15])
        for member in self.blocking:
            self.later(at(first.replace(day=14), 9), self.unblocks, member)
            self.later(at(first.replace(day=15), 9), self.asks, member)
        again = self.chance.choice([member for member in self.members if member.number in self.roster and self.can(member)
                                    and self.roster[member.number].leaves is None])
        self.later(at(first.replace(day=20), 21), self.leaves, again)
        self.later(at(first.replace(day=21), 9), self.comes_back, again)
        self.later(at(first.replace(day=22), 9), self.asks, again)
        for place, becomes in enumerate(["held", "cancelled-late"]):
            self.later(at(first.replace(day=3 + place), 11), self.books, next(iter(self.roster)), becomes)
        self.ends(first)
        # An act of the next month, before this one is counted.
        self.later(at(following(first), 0, 5), lambda: self.touches(next(filter(self.can, self.members))))

    # What came of it

    def partitions(self, prefix):
        partitions = self.house.get("local/table")["partitions"]
        return [(partition["pk"], partition["count"]) for partition in partitions if partition["pk"].startswith(prefix)]

    def markers(self):
        """By month and kind: how many."""
        counted = collections.Counter()
        for pk, count in self.partitions(f"MARKERS#{self.tenant}#"):
            counted[tuple(pk.split("#")[2:4])] += count
        return counted

    def interviews(self):
        """By month: interviews that used a unit or are charged, by the events of the table's ledger."""
        days, counted = {}, collections.Counter()
        for item in self.house.items(f"ALLOWANCE#{self.tenant}"):
            interview, what = item["event"]["interview"], item["event"]["what"]
            if isinstance(what, dict) and "Booked" in what:
                days[interview] = what["Booked"]["day"]
            counted[days[interview][:7]] += what in ("TookPlace", "NoShow", "CancelledLate")
        return counted

    def reports_sent(self):
        """By contact and subject: the texts of the reports in the mailbox."""
        sent = {contact: collections.defaultdict(list) for contact in self.contacts}
        for mail in self.house.get("local/mail"):
            if figures.SERVICE in mail["subject"] or figures.MEETING in mail["subject"]:
                for contact in set(mail["to"]) & set(self.contacts):
                    sent[contact][mail["subject"]].append(mail["text"])
        return sent

    def report(self):
        """Prints what was found; whether all of it agrees."""
        months = [self.month(name) for name in map(month_of, self.months)]
        sent, wrong = self.reports_sent(), self.wrong
        print(f"{self.company}: tally / table / mail\n\n{'':14}" + "".join(f"{month.name:>22}" for month in months))
        for what, figure, in_table in self.rows_of(months):
            row = []
            for month, count in zip(months, in_table):
                done = getattr(month, figure, self.tally[month.name][figure])
                row.append(f"{done} / {count} / {self.told(sent, month, what)}")
                if done != count:
                    wrong.append(f"{month.name} {what}: {done} in the tally, {count} in the table")
            print(wide(what, -14) + "".join(wide(each, 22) for each in row))
        expected = figures.reports(months)
        for contact, mails in sent.items():
            for subject in expected.keys() | mails.keys():
                if len(mails[subject]) != (subject in expected):
                    wrong.append(f"{contact} has {len(mails[subject])} mails {subject}")
                for text in mails[subject]:
                    differences = difflib.ndiff(expected.get(subject, []), figures.read(text))
                    wrong += [f"{contact}, {subject}: {line}" for line in differences if line[0] in "-+"]
        quarter = sum(month.consultations for month in months[1:])
        print(f"\n健康相談 of the last three months together: {quarter} / {figures.total(months[1:])} by the rules")
        print(f"{len(expected)} reports to each of {len(sent)} contacts, {sum(map(len, expected.values()))} lines of figures; "
              f"{self.delivered} rosters, {self.held_back} of them held back and confirmed")
        if self.without_interviews:
            print("no interviews: the system signs in no contact of this company")
        for line in wrong:
            print("DIFFERENT", line)
        return not wrong

    def month(self, name):
        of = self.tally[name]
        return figures.Month(name, of["roster"], of["registered"], len(of.active), of["consultations"], of["interviews"])

    def rows_of(self, months):
        """What stands in the mails and what does not, its name in the tally, and its count by the table."""
        markers, interviews = self.markers(), self.interviews()
        of = lambda kind: [markers[month.name, kind] for month in months]
        joined, left = of("REGISTERED"), of("LEFT")
        members = itertools.accumulate(came - went for came, went in zip(joined, left))
        return [
            ("名簿の人数", "roster", [self.rows[month.name] for month in months]), ("登録者数", "registered", members),
            ("利用者数", "active", of("ACTIVE")), ("健康相談", "consultations", of("CONSULTATION")),
            ("産業看護職面談", "interviews", [interviews[month.name] for month in months]),
            ("joined", "joined", joined), ("left", "left", left), ("answered", "answered", of("FIRST-ANSWER")),
        ]

    def told(self, sent, month, what):
        """What the month's report for the regular meeting says of a figure; `-` of what no company sees."""
        texts = sent[self.contacts[0]][f"【ONLINE健康推進室】{figures.MEETING}（{figures.in_words(month.name)}）"]
        found = re.search(f"^・{what}：([^（\n]*)", "\n".join(texts), re.MULTILINE)
        return found[1] if found else "-"


if __name__ == "__main__":
    main()
