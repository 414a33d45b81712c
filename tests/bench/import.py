#!/usr/bin/env python3
"""Imports and purges at size, against the local system: calls, writes and seconds.

    tests/bench/import.py                 # 100,000 people; about a quarter of an hour with an optimised build
    tests/bench/import.py --people 10000

Builds the local system (profile `load`), starts it on data of its own, and tells for each step what DynamoDB and S3 were asked at
the wire:

1. a full roster of all people is delivered to an empty company;
2. the same roster with 100 changes;
3. one in a hundred leaves, the contact's and the operator's confirmations are given, the first of the month comes: the purge.

Seconds are those of this machine with all stand-ins on it; calls and written rows are the function's own.
"""

import argparse
import datetime
import pathlib
import shutil
import subprocess
import sys
import time
import urllib.request

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "fire"))
from goals import compare  # noqa: E402
from system import ROOT, System  # noqa: E402

JST = datetime.timezone(datetime.timedelta(hours=9))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--people", type=int, default=100_000)
    arguments.add_argument("--profile", default="load", choices=["load", "dev"])
    said = arguments.parse_args()
    subprocess.run(["cargo", "build", "--locked", "--quiet", "--profile", said.profile, "--package", "local", "--package", "ops"], cwd=ROOT, check=True)
    folder = ROOT / "target" / ("debug" if said.profile == "dev" else said.profile)
    data = ROOT / "target/import-bench"
    shutil.rmtree(data, ignore_errors=True)
    data.parent.mkdir(parents=True, exist_ok=True)
    system = System(folder / "local", data)
    system.start()
    try:
        run(system, folder / "ops", said.people)
    finally:
        system.stop()


def run(system, ops, people):
    tenant = system.get("local/status")["tenants"][1]["id"]
    print(f"{people} people\n\n{'step':42} {'seconds':>8} {'written':>8} {'removed':>8}  calls")
    roster = [f"{100_000_000 + index},社員 {index}," for index in range(people)]
    deliver(system, tenant, "full/1.csv", roster, "all of them are new")
    some = range(0, people, people // 100)
    for index in some:
        roster[index] = f"{100_000_000 + index},改姓 {index},"
    written, calls = deliver(system, tenant, "full/2.csv", roster, "100 of them have another name")
    leavers = range(1, people, 100)
    # The clock only goes forward: schedules that it passed do not fire again.
    afresh(system)
    today = datetime.datetime.fromisoformat(system.get("local/clock")["now"].replace("Z", "+00:00")).astimezone(JST).date()
    first = (today.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    last = first - datetime.timedelta(days=1)
    rows = [f"退職,{100_000_000 + index},社員 {index},{last}" for index in leavers]
    deliver(system, tenant, "monthly/3.csv", rows, f"{len(rows)} leave", "区分,社員番号,氏名,異動日")
    command = [ops, f"--local={system.data}", "roster"]
    waiting = subprocess.run([*command, "deliveries", tenant], check=True, capture_output=True, text=True).stdout
    imports = [line.split()[-1] for line in waiting.splitlines() if " waits " in line]
    for which in imports:
        for by in ("contact", "operator"):
            subprocess.run([*command, "confirm", tenant, which, "--by", by], check=True, capture_output=True)
    if imports:
        measure(system, "  confirmed, by the next sweep", lambda: system.post("local/clock", {"advance": "PT2M"}))
    purge = lambda: system.post("local/clock", {"now": f"{first}T03:00:00+09:00"})
    measure(system, f"the purge of the first, {len(rows)} leavers", purge)
    reads = sum(count for name, count in calls.items() if name in ("BatchGetItem", "GetItem", "Query"))
    compare([
        (f"100 changes among {people:,}: roster rows written", "=", 100, written),
        (f"100 changes among {people:,}: calls that read the tables", "≤", 60, reads),
    ])


def deliver(system, tenant, name, rows, step, header="社員番号,氏名,退職日"):
    content = "\r\n".join([header, *rows, ""]).encode("cp932")

    def put():
        url = f"http://127.0.0.1:{system.port}/local/s3/object?key=roster-in/{tenant}/{name}"
        urllib.request.urlopen(urllib.request.Request(url, content, method="PUT")).read()
        while is_busy(system):
            time.sleep(0.05)

    return measure(system, f"{step} ({len(content) / 1e6:.1f} MB)", put)


def is_busy(system):
    """Whether a message of the queue is not done."""
    afresh(system)
    return bool(system.get("local/queues")[0]["messages"])


def afresh(system):
    """The system ends connections that were idle, which the steps' pauses are longer than."""
    system.connections.open = None


def measure(system, step, act):
    """Roster rows written, and the calls."""
    before = rows(system)
    afresh(system)
    system.post("local/calls/reset", {})
    began = time.time()
    act()
    seconds = time.time() - began
    afresh(system)
    calls = system.get("local/calls")
    calls = calls.get("dynamodb", {}) | calls.get("s3", {})
    assert "Scan" not in calls, "a scan"
    after = rows(system)
    written = sum(before.get(key) != version for key, version in after.items())
    shown = ", ".join(f"{name} {count}" for name, count in sorted(calls.items()))
    print(f"{step:42} {seconds:8.1f} {written:8} {len(before.keys() - after.keys()):8}  {shown}", flush=True)
    return written, calls


def rows(system):
    """The version of every roster row: each write makes it one higher."""
    afresh(system)
    return {(row["pk"], row["sk"]): row["version"] for row in system.items("ROSTER#")}


if __name__ == "__main__":
    main()
