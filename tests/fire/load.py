#!/usr/bin/env python3
"""Load: 200 messages a second for a minute, with faults switched on and off; every message is stored once and answered.

Every ten seconds another fault is on for five: LINE answers 500, the tables throttle each fourth request, LINE says that there are too
many requests, the tables break connections, LINE is slow. Messages that the webhook does not take are delivered again, as LINE does.
"""

import argparse
import collections
import pathlib
import queue
import statistics
import tempfile
import threading
import time

from system import Message, System, build, members, stored, unanswered

FAULTS = [
    {"target": "line", "mode": "500"},
    {"target": "dynamodb", "mode": "throttled", "every": 4},
    {"target": "line", "mode": "429", "every": 2},
    {"target": "dynamodb", "mode": "reset", "every": 10},
    {"target": "line", "mode": "slow", "every": 10},
    {"target": "kms", "mode": "500", "every": 2},
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rate", type=int, default=200, help="messages a second")
    arguments.add_argument("--seconds", type=int, default=60)
    arguments.add_argument("--users", type=int, default=400)
    arguments.add_argument("--profile", default="load", help="cargo profile to build with")
    arguments.add_argument("--no-faults", action="store_true")
    arguments = arguments.parse_args()
    with tempfile.TemporaryDirectory() as data:
        system = System(build(arguments.profile), pathlib.Path(data) / "data")
        system.start()
        try:
            run(system, arguments)
        finally:
            system.stop()


def run(system, arguments):
    people = members(system, arguments.users)
    system.settle()
    seen = {person.user: person.bubbles() for person in people}
    total = arguments.rate * arguments.seconds
    messages = [Message(people[number % len(people)], number) for number in range(total)]
    print(f"{total} messages of {len(people)} members, {arguments.rate} a second for {arguments.seconds} s", flush=True)

    memory = []
    stop = threading.Event()
    watch = threading.Thread(target=watch_memory, args=(system, memory, stop))
    watch.start()
    set_faults = []
    faults = threading.Thread(target=play_faults, args=(system, arguments, stop, set_faults))
    if not arguments.no_faults:
        faults.start()
    begun = time.monotonic()
    took, again = send_at_rate(messages, arguments.rate)
    lasted = time.monotonic() - begun
    stop.set()
    watch.join()
    if faults.ident:
        faults.join()
    settled = system.settle(("PT31S", "PT61S") + ("PT2M", "PT4M", "PT8M", "PT16M"))

    counts = stored(system)
    lost = sum(counts.get(message.id, 0) == 0 for message in messages)
    twice = sum(counts.get(message.id, 0) > 1 for message in messages)
    answers = {person.user: person.bubbles() - seen[person.user] for person in people}
    owed = collections.Counter(message.member.user for message in messages)
    missing = unanswered(system, messages) + sum(max(0, owed[user] - answers[user]) for user in answers)
    copies = sum(max(0, answers[user] - owed[user]) for user in answers)
    took.sort()
    print(f"all were accepted after {lasted:.1f} s: {total / lasted:.0f} a second")
    print(f"the webhook answered, from the moment that each was due: median {statistics.median(took) * 1000:.0f} ms, 99 % {took[len(took) * 99 // 100] * 1000:.0f} ms; "
          f"{again} deliveries were repeated")
    print("memory, MiB, every ten seconds:", " ".join(f"{kib / 1024:.0f}" for kib in memory[::10]))
    print(f"{total} messages: {lost} lost, {twice} stored twice, {missing} replies missing, {copies} second copies of a reply")
    print(f"{len(set_faults)} faults were switched on: {', '.join(set_faults) or 'none'}")
    played = len(set_faults) >= arguments.seconds // 10 - 1 or arguments.no_faults
    if lost or twice or missing or not settled or lasted > arguments.seconds * 1.5 or not played:
        raise SystemExit("FAILED")


def send_at_rate(messages, rate):
    """Sends each at its time; what is not taken comes again after a second. Answers the times of the answers and the repetitions."""
    work, took, again = queue.PriorityQueue(), [], [0]
    begun = time.monotonic()
    for place, message in enumerate(messages):
        work.put((begun + place / rate, place))
    answered = threading.Semaphore(0)

    def worker():
        while True:
            due, place = work.get()
            if place < 0:
                return
            time.sleep(max(0.0, due - time.monotonic()))
            if messages[place].deliver():
                took.append(time.monotonic() - begun - place / rate)
                answered.release()
            else:
                again[0] += 1
                work.put((time.monotonic() + 1, place))

    workers = [threading.Thread(target=worker) for _ in range(64)]
    for thread in workers:
        thread.start()
    for _ in messages:
        answered.acquire()
    for _ in workers:
        work.put((0, -1))
    for thread in workers:
        thread.join()
    return took, again[0]


def watch_memory(system, memory, stop):
    while not stop.is_set():
        memory.append(system.resident_kib())
        stop.wait(1)


def play_faults(system, arguments, stop, set_faults):
    for number in range(arguments.seconds // 10):
        fault = FAULTS[number % len(FAULTS)]
        if stop.wait(3):
            return
        system.post("local/faults", fault)
        set_faults.append(f"{fault['target']} {fault['mode']}")
        stop.wait(5)
        system.post("local/faults", {"target": fault["target"], "mode": "none"})
        stop.wait(2)


if __name__ == "__main__":
    main()
