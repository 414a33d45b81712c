#!/usr/bin/env python3
"""Reads the calendar files of this folder with a library of others.

    python3 tests/calendar/read.py

A test of `domain` says that they are what guidance mails carry, octet by octet. Without icalendar it is installed into an
environment under target/.
"""

import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", HERE.parents[1] / "target"))

try:
    from icalendar import Calendar
except ModuleNotFoundError:
    python = TARGET / "calendar-venv/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", python.parents[1]], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "icalendar==7.3.2"], check=True)
    os.execv(python, [python, __file__])

ROOM = "https://meet.example.jp/r/4f1c?pwd=a,b;c"


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


EXPECTED = {
    "booked": ("REQUEST", "CONFIRMED", 0, utc(2026, 12, 7, 1), ROOM),
    "moved": ("REQUEST", "CONFIRMED", 1, utc(2027, 1, 12, 1), ROOM),
    "cancelled": ("CANCEL", "CANCELLED", 2, utc(2027, 1, 12, 1), ROOM),
    "phone": ("REQUEST", "CONFIRMED", 0, utc(2026, 12, 7, 1), "Phone"),
}


def read(name):
    octets = (HERE / f"{name}.ics").read_bytes()
    lines = octets.split(b"\r\n")
    assert lines.pop() == b"" and all(len(line) <= 75 and b"\n" not in line for line in lines), name
    for line in lines:
        line.decode()  # Folded between characters: each line is text by itself.
    calendar = Calendar.from_ical(octets)
    (event,) = calendar.walk("VEVENT")
    assert not calendar.errors and not event.errors, (calendar.errors, event.errors)
    return calendar, event


def main():
    stamps = []
    for name, (method, status, sequence, start, place) in EXPECTED.items():
        calendar, event = read(name)
        assert (calendar["VERSION"], calendar["METHOD"]) == ("2.0", method), name
        assert event["UID"] == "0000000000000000000000001K@mendan.example.jp", name
        assert (event["STATUS"], event["SEQUENCE"], event["CLASS"]) == (status, sequence, "PRIVATE"), name
        assert event.decoded("DTSTART") == start, name
        assert (event.decoded("DTEND") - start).total_seconds() == 20 * 60, name
        assert event["LOCATION"] == place, (name, event["LOCATION"])
        assert event.get("URL", ROOM) == ROOM and ("URL" in event) == (place == ROOM), name
        assert event["ORGANIZER"] == "mailto:yoyaku@example.jp", name
        assert event["ATTENDEE"] == "mailto:taro@example.co.jp", name
        assert event["ATTENDEE"].params["RSVP"] == "FALSE", name
        assert event["SUMMARY"] == ("Interview" if name == "phone" else "面談"), name
        if place == ROOM:
            assert event["DESCRIPTION"] == f"お時間になりましたら、次のURLからご参加ください。\n{ROOM}", name
        stamps.append(event.decoded("DTSTAMP"))
    assert stamps[:3] == sorted(set(stamps[:3]))
    print(f"{len(EXPECTED)} calendar files are read as they are meant")


if __name__ == "__main__":
    main()
