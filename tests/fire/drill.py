#!/usr/bin/env python3
"""The drill: messages at once, a SIGKILL at a random moment, a restart on the same data, redelivery as LINE does it.

Each round checks that every message is stored exactly once and that every reply that is owed was sent. A second copy of a reply
is allowed only where the kill fell between LINE's acceptance and our mark; these are counted, and any other is an error.
"""

import argparse
import pathlib
import random
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from system import Message, System, build, members, replies, stored, unanswered


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=20)
    arguments.add_argument("--messages", type=int, default=500, help="in a round")
    arguments.add_argument("--users", type=int, default=50)
    arguments.add_argument("--seed", type=int, default=time.time_ns() % 1_000_000, help="of the moments of the kills")
    arguments.add_argument("--profile", default="load", help="cargo profile to build with")
    arguments = arguments.parse_args()
    chance = random.Random(arguments.seed)
    print(f"{arguments.rounds} rounds of {arguments.messages} messages of {arguments.users} users, seed {arguments.seed}", flush=True)
    with tempfile.TemporaryDirectory() as data:
        system = System(build(arguments.profile), pathlib.Path(data) / "data")
        system.start()
        try:
            print("lost twice copies in-window  kill-at   accepted-before", flush=True)
            totals = drill(system, arguments, chance)
        finally:
            system.stop()
    total = arguments.rounds * arguments.messages
    print(f"{total} messages: {totals['lost']} lost, {totals['twice']} stored twice, {totals['missing']} replies missing, "
          f"{totals['copies']} second copies of a reply, of which {totals['unexplained']} outside the window of the kill")
    if totals["lost"] or totals["twice"] or totals["missing"] or totals["unexplained"]:
        raise SystemExit("FAILED")


def drill(system, arguments, chance):
    people = members(system, arguments.users)
    system.settle()
    seen = {person.user: person.bubbles() for person in people}
    totals = dict.fromkeys(("lost", "twice", "missing", "copies", "unexplained"), 0)
    usual = duration_of(system, people, arguments, chance, seen)
    for number in range(1, arguments.rounds + 1):
        messages = batch(people, arguments.messages, number)
        kill_after = chance.uniform(0, usual)
        accepted = under_fire(system, messages, kill_after)
        system.start()
        window = accepted_but_unmarked(system, people, seen, messages)
        redeliver(messages, chance)
        if not system.settle():
            raise SystemExit("FAILED: something waits for ever in the outbox")
        result = check(system, people, messages, seen, window)
        for name, count in result.items():
            totals[name] += count
        print(f"{result['lost']:4} {result['twice']:5} {result['copies']:6} {sum(window.values()):9}  {kill_after:6.2f} s  "
              f"{accepted:4} of {len(messages)}", flush=True)
    return totals


def batch(people, count, number):
    return [Message(people[place % len(people)], number * 1_000_000 + place) for place in range(count)]


def duration_of(system, people, arguments, chance, seen):
    """How long a round takes that nobody disturbs: kills fall within it."""
    messages = batch(people, arguments.messages, 0)
    begun = time.monotonic()
    send(messages)
    took = time.monotonic() - begun
    # A busy machine refuses some; they come again, as they would from LINE.
    redeliver(messages, chance)
    system.settle()
    result = check(system, people, messages, seen, dict.fromkeys(seen, 0))
    if any(result.values()):
        raise SystemExit(f"FAILED without any kill: {result}")
    print(f"an undisturbed round takes {took:.1f} s", flush=True)
    return took


def send(messages):
    with ThreadPoolExecutor(len(messages)) as pool:
        list(pool.map(Message.deliver, messages))


def under_fire(system, messages, kill_after):
    """Sends all at once and kills the system in the middle; how many had been accepted by then."""
    killer = threading.Timer(kill_after, system.kill)
    killer.start()
    send(messages)
    killer.join()
    return sum(message.accepted for message in messages)


def redeliver(messages, chance):
    """What was not answered comes again, some of what was answered too, in any order."""
    again = [message for message in messages if not message.accepted or chance.random() < 0.05]
    chance.shuffle(again)
    send(again)
    for _ in range(20):
        open_messages = [message for message in messages if not message.accepted]
        if not open_messages:
            return
        send(open_messages)
    raise SystemExit("FAILED: a message was refused twenty times")


def accepted_but_unmarked(system, people, seen, messages):
    """By user: replies that LINE had accepted when the kill came, and that our outbox did not know as sent. What LINE has is asked
    first: what is sent in between only makes the allowance smaller."""
    accepted = {person.user: person.bubbles() - seen[person.user] for person in people}
    named, sent = replies(system)
    marked = dict.fromkeys(seen, 0)
    for message in messages:
        marked[message.member.user] += named.get(message.event) in sent
    return {user: max(0, count - marked[user]) for user, count in accepted.items()}


def check(system, people, messages, seen, window):
    """Counts what went wrong, and notes what each user has seen."""
    counts = stored(system)
    owed = dict.fromkeys(seen, 0)
    for message in messages:
        owed[message.member.user] += 1
    result = {
        "lost": sum(counts.get(message.id, 0) == 0 for message in messages),
        "twice": sum(counts.get(message.id, 0) > 1 for message in messages),
        "missing": unanswered(system, messages), "copies": 0, "unexplained": 0,
    }
    for person in people:
        now = person.bubbles()
        surplus = now - seen[person.user] - owed[person.user]
        seen[person.user] = now
        # The outbox says sent, and LINE does not have it.
        result["missing"] += max(0, -surplus)
        result["copies"] += max(0, surplus)
        result["unexplained"] += max(0, surplus - window[person.user])
    return result


if __name__ == "__main__":
    main()
