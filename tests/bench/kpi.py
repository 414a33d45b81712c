#!/usr/bin/env python3
"""A month's report over many markers, against the local system: calls, bytes, seconds, memory.

    tests/bench/kpi.py                                # 1,000,000 markers; with an optimised build
    tests/bench/kpi.py --markers 20000 --profile dev

One run of the function is to count a million markers of one tenant's month within 10 GB-seconds of Lambda, and its cost is to grow
with the markers of that tenant, not with the table. Four months of one company are counted, each by one run: without markers, with a
tenth of them, with all, and with as many of another company beside them. Markers are written to the tables' port, with the keys and
kinds that acts leave. What the run froze is held against what was written; any difference, a scan, or a run that makes more calls
beside another company's markers ends with `FAILED`.

- Calls are those at the wire.
- Bytes on paper are the items' by DynamoDB's rules; a page reads 1 MB, whatever of it is answered. Bytes answered are those of the same
  queries, asked once more from here.
- Function and tables are one process. Its CPU seconds are told, and what of them the same queries cost when they are asked from here,
  which is the tables' part. Memory is the process's peak (VmHWM) during the run above what was resident before it: the tables' caches
  are in it, so it is more than the function's own.
- GB-seconds on paper: Lambda gives one CPU for 1769 MB and a part of it for less, and the run lasts at least as long as the longest chain
  of pages, with `--latency` for each. Of the whole process's CPU they are too high; without the tables' part they are the function's.
"""

import argparse
import collections
import http.client
import itertools
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "fire"))
from goals import compare  # noqa: E402
from system import ROOT, System  # noqa: E402

SHARDS = 16
PAGE = 1024 * 1024
# BatchWriteItem takes so many.
BATCH = 25
# Of a hundred markers. Six in ten consultations are of somebody who has no other in the month.
KINDS = {"ACTIVE": 50, "CONSULTATION": 25, "FIRST-ANSWER": 22, "REGISTERED": 2, "LEFT": 1}
BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BUDGET = 10
HEADERS = {
    "content-type": "application/x-amz-json-1.0", "x-amz-date": "20300101T000000Z",
    "authorization": "AWS4-HMAC-SHA256 Credential=local/20300101/ap-northeast-1/dynamodb/aws4_request, "
                     f"SignedHeaders=host;x-amz-date;x-amz-target, Signature={'0' * 64}",
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--markers", type=int, default=1_000_000)
    arguments.add_argument("--profile", default="load", choices=["load", "dev"])
    arguments.add_argument("--binaries", type=pathlib.Path, help="a folder with `local` and `ops`; nothing is built")
    arguments.add_argument("--latency", type=float, default=0.1, help="seconds for a page of DynamoDB, on paper")
    said = arguments.parse_args()
    folder = said.binaries or build(said.profile)
    data = ROOT / "target/kpi-bench"
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    system = System(folder / "local", data)
    system.start()
    try:
        Bench(system, Ops(folder / "ops", data), said.latency).run(said.markers)
    finally:
        system.stop()


def build(profile):
    command = ["cargo", "build", "--quiet", "--locked", "--profile", profile, "--package", "local", "--package", "ops"]
    subprocess.run(command, cwd=ROOT, check=True)
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / ("debug" if profile == "dev" else profile)


class Ops:
    """The operator's command."""

    def __init__(self, binary, data):
        self.command = [binary, f"--local={data}"]

    def __call__(self, *words):
        return subprocess.run([*self.command, *words], check=True, capture_output=True).stdout


class Bench:
    """A system in which one company is counted."""

    def __init__(self, system, ops, latency):
        self.system, self.latency, self.chance = system, latency, random.Random(1)
        status = self.asks("local/status")
        self.table, self.addresses = status["aws"]["table"], status["addresses"]
        self.port = int(self.addresses["dynamodb"].rsplit(":", 1)[1].strip("/"))
        # Neither the clock nor anything else starts what is measured, or runs beside it.
        for schedule in self.asks("local/schedules"):
            self.disable(schedule["name"])
        year = int(self.asks("local/clock")["jst"][:4]) + 1
        self.months = [f"{year}-{month:02}" for month in range(1, 5)]
        # The demo's companies have no month that could be counted.
        for tenant in status["tenants"]:
            ops("tenant", "set", tenant["id"], "--starts", f"{year + 10}-01-01")
        # Its one report a month, that for the meeting, is the same in each.
        company = ("--name", "計測株式会社", "--channel", "demo", "--plans", "interview-support")
        self.tenant = json.loads(ops("--json", "tenant", "add", *company, "--starts", f"{self.months[0]}-01"))["id"]
        ops("contact", "add", self.tenant, "--name", "岡 恵子", "--mail", "oka@keisoku.example.jp")
        # Whose months nobody counts: its markers are only there.
        self.other = self.tenant[:-1] + ("0" if self.tenant[-1] != "0" else "1")
        self.open = threading.local()

    def asks(self, path, body=None):
        """The system ends connections that were idle, which the steps' pauses are longer than."""
        self.system.connections.open = None
        return self.system.get(path) if body is None else self.system.post(path, body)

    def disable(self, name):
        url = f"{self.addresses['aws']}schedules/{name}"
        definition = json.load(urllib.request.urlopen(url)) | {"State": "DISABLED"}
        urllib.request.urlopen(urllib.request.Request(url, json.dumps(definition).encode(), method="PUT")).read()

    def run(self, markers):
        # Connections are there, and nothing is due from before.
        self.moves(self.months[0])
        self.asks("local/schedules/kpi-monthly/run", {})
        print(f"{'markers':30} {'Query':>6} {'other':>6} {'pages':>6} {'MB paper':>9} {'answered':>9} {'seconds':>8} {'CPU':>7} {'tables':>7} "
              f"{'peak MiB':>9} {'256 MB':>7} {'512 MB':>7}")
        lines = [self.line("none", self.months[0], 0)]
        lines.append(self.line(f"{markers // 10:,}", self.months[1], markers // 10))
        lines.append(self.line(f"{markers:,}", self.months[2], markers))
        self.fills(self.other, self.months[3], markers)
        lines.append(self.line(f"{markers:,} beside as many others'", self.months[3], markers))
        none, tenth, alone, beside = lines
        print(f"\nper 1,000 markers: {(alone['cpu'] - none['cpu']) / markers * 1e6:.1f} ms of CPU with all, "
              f"{(tenth['cpu'] - none['cpu']) / (markers // 10) * 1e6:.1f} ms with a tenth")
        for what in ("Query", "seconds", "cpu"):
            print(f"beside another company's: {what} {alone[what]:.4g} → {beside[what]:.4g}")
        compare([
            (f"{markers:,} markers: GB-seconds of the function on paper, with 256 MB", "≤", BUDGET, alone["without tables"][256]),
            (f"{markers:,} markers: the same with the tables' part", "", None, alone[256]),
            ("CPU a marker: with all, times as much as with a tenth", "", None, (alone["cpu"] - none["cpu"]) / (tenth["cpu"] - none["cpu"]) / 10),
            ("Query more or less beside as many markers of another company", "≤", SHARDS, abs(alone["Query"] - beside["Query"])),
            ("Scan", "=", 0, sum(line["scans"] for line in lines)),
        ])
        # Keys are random, and so is in which shard a page more is read.
        if abs(alone["Query"] - beside["Query"]) > SHARDS or any(line["scans"] for line in lines):
            raise SystemExit("FAILED")

    def moves(self, month):
        """To the 20th minute of a month: the one before has settled."""
        self.asks("local/clock", {"now": f"{month}-01T00:20:00+09:00"})

    def line(self, name, month, markers):
        written = self.fills(self.tenant, month, markers)
        self.moves(f"{month[:5]}{int(month[5:]) + 1:02}")
        self.quiet()
        pid = self.system.process.pid
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
        resident, cpu = memory(pid, "VmRSS"), cpu_seconds(pid)
        self.asks("local/calls/reset", {})
        began = time.perf_counter()
        done = self.asks("local/schedules/kpi-monthly/run", {})["result"]
        seconds = time.perf_counter() - began
        calls = self.asks("local/calls")["dynamodb"]
        spent, peak = cpu_seconds(pid) - cpu, memory(pid, "VmHWM") - resident
        if done["failed"] or done["months"] < 1:
            raise SystemExit(f"FAILED: {done}")
        self.check(month, written)
        self.quiet()
        cpu = cpu_seconds(pid)
        answered = self.ask_the_same(month) if markers else 0
        tables = cpu_seconds(pid) - cpu if markers else 0.0
        paper = written["paper"]
        pages = [-(-size // PAGE) for size in paper.values()]
        chain = max(pages, default=0) * self.latency
        line = {"Query": calls.pop("Query"), "scans": calls.pop("Scan", 0), "seconds": seconds, "cpu": spent}
        line |= {megabytes: gb_seconds(spent, chain, megabytes) for megabytes in (256, 512)}
        line["without tables"] = {megabytes: gb_seconds(spent - tables, chain, megabytes) for megabytes in (256, 512)}
        print(f"{name:30} {line['Query']:6} {sum(calls.values()):6} {sum(pages):6} {sum(paper.values()) / 1e6:9.1f} {answered / 1e6:9.1f} "
              f"{seconds:8.2f} {spent:7.2f} {tables:7.2f} {peak / 1024:9.0f} {line[256]:7.2f} {line[512]:7.2f}", flush=True)
        return line

    def fills(self, tenant, month, markers):
        """Writes so many markers, and tells what they count and the bytes of each of their partitions."""
        counted, paper, people = collections.Counter(), collections.Counter(), []

        def puts():
            for kind, share in KINDS.items():
                for _ in range(markers * share // 100):
                    item, by = self.marker(kind, people)
                    pk = f"MARKERS#{tenant}#{month}#{kind}#{by % SHARDS:02}"
                    item |= {"pk": {"S": pk}}
                    counted[kind] += 1
                    paper[pk] += size_of(item)
                    yield {"PutRequest": {"Item": item}}

        stream = puts()
        with ThreadPoolExecutor(4) as pool:
            while batches := [batch for _ in range(100) if (batch := list(itertools.islice(stream, BATCH)))]:
                list(pool.map(self.put, batches))
        return {"counted": counted, "people": len(people), "paper": paper}

    def marker(self, kind, people):
        person = self.chance.getrandbits(128)
        if kind == "FIRST-ANSWER":
            ulid = "".join(BASE32[person >> shift & 31] for shift in range(125, -1, -5))
            told = {"minutes": {"N": str(self.chance.randint(1, 900))}, "urgent": {"BOOL": False}}
            return {"sk": {"S": ulid}, "kind": {"S": "FirstAnswer"}} | told, person
        if kind != "CONSULTATION":
            return {"sk": {"S": f"{person:032x}"}, "kind": {"S": "Marker"}}, person
        if people and self.chance.random() < 0.4:
            person = self.chance.choice(people)
        else:
            people.append(person)
        return {"sk": {"S": f"{person:032x}#{self.chance.getrandbits(128):032x}"}, "kind": {"S": "Marker"}}, person

    def put(self, puts):
        """The tables take any signature that looks like one."""
        left = {self.table: puts}
        while left:
            left = json.loads(self.dynamodb("BatchWriteItem", {"RequestItems": left})).get("UnprocessedItems")

    def dynamodb(self, operation, request):
        for _ in range(3):
            if getattr(self.open, "connection", None) is None:
                self.open.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
            try:
                self.open.connection.request("POST", "/", json.dumps(request), HEADERS | {"x-amz-target": f"DynamoDB_20120810.{operation}"})
                answer = self.open.connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                # It was idle for too long.
                self.open.connection = None
                continue
            if answer.status == 200:
                return content
            raise SystemExit(f"FAILED: {operation}: {answer.status} {content[:300]}")
        raise SystemExit(f"FAILED: {operation} is not answered")

    def ask_the_same(self, month):
        """The function's queries of markers; how many bytes the tables answered."""
        answered = 0
        for kind in KINDS:
            for shard in range(SHARDS):
                request = {"TableName": self.table, "KeyConditionExpression": "pk = :pk", "ConsistentRead": True,
                           "ExpressionAttributeValues": {":pk": {"S": f"MARKERS#{self.tenant}#{month}#{kind}#{shard:02}"}}}
                if kind == "CONSULTATION":
                    request["ProjectionExpression"] = "pk, sk"
                elif kind != "FIRST-ANSWER":
                    request["Select"] = "COUNT"
                while True:
                    content = self.dynamodb("Query", request)
                    answered += len(content)
                    behind = json.loads(content).get("LastEvaluatedKey")
                    if behind is None:
                        break
                    request["ExclusiveStartKey"] = behind
        return answered

    def check(self, month, written):
        """What was frozen is what was written."""
        items = self.asks(f"local/table?pk=FIGURES%23{self.tenant}")["items"]
        frozen = next(item for item in items if item["sk"] == f"MONTH#{month}")["figures"]
        counted, waiting = written["counted"], frozen.get("waiting") or {"answers": 0}
        of = [counted[kind] for kind in ("REGISTERED", "LEFT", "ACTIVE", "CONSULTATION", "FIRST-ANSWER")] + [written["people"]]
        found = [frozen[name] for name in ("joined", "left", "active", "consultations")] + [waiting["answers"], frozen["consulting"]]
        if found != of:
            raise SystemExit(f"FAILED: {month}: counted {found}, written {of}")

    def quiet(self):
        """Waits until the process does nothing: it reads the stream of what was written."""
        pid = self.system.process.pid
        before = cpu_seconds(pid)
        while True:
            time.sleep(1)
            now = cpu_seconds(pid)
            if now - before < 0.05:
                return
            before = now


def size_of(item):
    """An item's bytes by DynamoDB's rules: names and texts in UTF-8, a number by its digits, a truth value 1."""
    return sum(len(name) + value_size(value) for name, value in item.items())


def value_size(value):
    if "N" in value:
        return len(value["N"]) // 2 + 2
    return len(value["S"].encode()) if "S" in value else 1


def gb_seconds(cpu, chain, megabytes):
    return max(cpu * 1769 / megabytes, chain) * megabytes / 1024


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid, what):
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(what))


if __name__ == "__main__":
    main()
