#!/usr/bin/env python3
"""Roster files: ours beside pandas and openpyxl, with the same checks, in one run.

    python3 tests/bench/roster.py

Makes the files under target/roster-bench, installs pandas and openpyxl there into an environment of their own, builds the
example of shared/roster-file with --release, and prints rows per CPU second and the peak of resident memory. Every contender
reads the same files in a process of its own; the time of theirs begins after the imports, ours includes the start of the
process. The best of three runs counts. Memory is the peak that Linux saw (VmHWM).
"""

import os
import pathlib
import random
import re
import subprocess
import sys
import time
import unicodedata

from goals import compare

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PLACE = TARGET / "roster-bench"
PYTHON = PLACE / "venv/bin/python"
WIDTH = 8
ROUNDS = 3

FAMILY = "佐藤 鈴木 髙橋 田中 伊藤 渡邉 山本 中村 小林 加藤 吉田 﨑山 長谷川 五十嵐".split()
GIVEN = "花子 太郎 一郎 美咲 健 陽菜 翔太 恵美子 大輔 さくら".split()


def people(count):
    """The rows of a monthly file: numbers that lost their zeros, names with both spaces, three forms of dates."""
    chance = random.Random(count)
    for nth in range(count):
        date = f"2027/{nth % 12 + 1}/{nth % 28 + 1}"
        form = nth % 3
        if form == 1:
            date = "2027-{:02}-{:02}".format(nth % 12 + 1, nth % 28 + 1)
        elif form == 2:
            date = f"令和9年{nth % 12 + 1}月{nth % 28 + 1}日"
        space = " " if nth % 2 else "\u3000"
        yield ("退職" if nth % 4 == 0 else "入社", str(100 + nth), chance.choice(FAMILY) + space + chance.choice(GIVEN), date)


HEADER = ("区分", "社員番号", "氏名", "異動日")


def make_csv(path, count):
    with open(path, "w", encoding="cp932", newline="") as file:
        file.write(",".join(HEADER) + "\r\n")
        for row in people(count):
            file.write(",".join(row) + "\r\n")


def make_xlsx(path, count):
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("異動者")
    sheet.append(HEADER)
    for row in people(count):
        sheet.append(row)
    book.save(path)


# The same checks as ours, as a careful Python programmer would write them.

ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925}
FORMS = [
    re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})$"),
    re.compile(r"(\d{4})()年(\d{1,2})月(\d{1,2})日$"),
]
ERA = re.compile(r"(令和|平成|昭和|[RHS])(\d{1,2}|元)[年./](\d{1,2})[月./](\d{1,2})日?$")
NUMBER = re.compile(r"[0-9A-Z._/-]{1,20}$")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
MOVEMENTS = {"入社": "joins", "退職": "leaves", "退職取消": "stays"}


def date_of(text):
    import datetime

    text = unicodedata.normalize("NFKC", text).strip().split(" ")[0]
    for form in FORMS:
        if match := form.match(text):
            return datetime.date(int(match[1]), int(match[3]), int(match[4]))
    if match := ERA.match(text):
        nth = 1 if match[2] == "元" else int(match[2])
        return datetime.date(ERAS[match[1]] + nth, int(match[3]), int(match[4]))
    raise ValueError


def check(movement, number, name, date):
    """The row as it is stored, or None."""
    movement = MOVEMENTS.get(unicodedata.normalize("NFKC", movement).replace(" ", ""))
    number = re.sub(r"\s", "", unicodedata.normalize("NFKC", number)).upper().lstrip("'")
    if not NUMBER.match(number):
        return None
    if number.isdigit():
        number = number.zfill(WIDTH)
    name = name.strip()
    if not name or len(name) > 60 or CONTROL.search(name) or "\ufffd" in name or "〓" in name:
        return None
    try:
        day = date_of(date) if date else None
    except ValueError:
        return None
    if movement is None or movement == "leaves" and day is None:
        return None
    return movement, number, name, day


def rows_checked(rows):
    seen, entries, findings, repeats = set(), 0, 0, 0
    for row in rows:
        entry = check(*row)
        if entry is None:
            findings += 1
            continue
        entries += 1
        repeats += entry[1] in seen
        seen.add(entry[1])
    return entries, findings, repeats == 0


def pandas_rows(path):
    import pandas

    table = pandas.read_csv(path, encoding="cp932", dtype=str, keep_default_na=False)
    return rows_checked(table[list(HEADER)].itertuples(index=False, name=None))


def pandas_vectors(path):
    import pandas

    table = pandas.read_csv(path, encoding="cp932", dtype=str, keep_default_na=False)
    movement = table["区分"].str.normalize("NFKC").str.replace(" ", "").map(MOVEMENTS)
    number = table["社員番号"].str.normalize("NFKC").str.replace(r"\s", "", regex=True).str.upper().str.lstrip("'")
    number = number.where(~number.str.isdigit(), number.str.zfill(WIDTH))
    name = table["氏名"].str.strip()
    bad = movement.isna() | ~number.str.fullmatch(r"[0-9A-Z._/-]{1,20}")
    bad |= (name == "") | (name.str.len() > 60) | name.str.contains(CONTROL) | name.str.contains("[\ufffd〓]")
    text = table["異動日"].str.normalize("NFKC").str.strip()
    era = text.str.extract(ERA)
    plain = text.str.extract(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?$")
    in_era = era[0].notna()
    year = plain["y"].where(~in_era, era[0].map(ERAS) + pandas.to_numeric(era[1].replace("元", "1")))
    parts = {"year": year, "month": plain["m"].where(~in_era, era[2]), "day": plain["d"].where(~in_era, era[3])}
    day = pandas.to_datetime(pandas.DataFrame({key: pandas.to_numeric(part) for key, part in parts.items()}), errors="coerce")
    bad |= day.isna() & ((text != "") | (movement == "leaves"))
    good = number[~bad]
    return len(good), int(bad.sum()), not good.duplicated().any()


def openpyxl_rows(path):
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = book.worksheets[0].iter_rows(min_row=2, values_only=True)
    return rows_checked([str(cell or "") for cell in row] for row in rows)


CONTENDERS = {"pandas, row by row": pandas_rows, "pandas, vectorised": pandas_vectors, "openpyxl": openpyxl_rows}


def contend(name, path):
    """Runs in a process of its own; the imports are warm when the time begins."""
    import datetime  # noqa: F401

    __import__("openpyxl" if name == "openpyxl" else "pandas")
    begin = time.process_time()
    entries, findings, once = CONTENDERS[name](path)
    seconds = time.process_time() - begin
    peak = re.search(r"VmHWM:\s+(\d+)", pathlib.Path("/proc/self/status").read_text())
    print(seconds, entries, findings, str(once).lower(), peak[1])


def measure(command, ours):
    """CPU seconds, what was found, and the peak of resident memory in MB."""
    best = None
    for _ in range(ROUNDS):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        output = process.stdout.read().split()
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{command} failed")
        seconds = usage.ru_utime + usage.ru_stime if ours else float(output.pop(0))
        if best is None or seconds < best[0]:
            best = (seconds, output[:-1], int(output[-1]) / 1024)
    return best


def main():
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PLACE / "venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "pandas", "openpyxl"], check=True)
    build = ["cargo", "build", "--locked", "--release", "--quiet", "--package", "roster-file", "--example", "bench"]
    subprocess.run(build, cwd=ROOT, check=True)
    bench = TARGET / "release/examples/bench"
    per_second, peaks = {}, []
    files = [("csv", 100_000), ("csv", 1_000_000), ("xlsx", 100_000)]
    print("| file | contender | rows per CPU second | peak MB |\n| --- | --- | --- | --- |")
    for kind, count in files:
        path = PLACE / f"{count}.{kind}"
        if not path.exists():
            subprocess.run([PYTHON, __file__, "make", kind, str(count), path], check=True)
        found = set()
        for name in ["ours"] + [name for name in CONTENDERS if (name == "openpyxl") == (kind == "xlsx")]:
            ours = name == "ours"
            command = [bench, path] if ours else [PYTHON, __file__, "contend", name, path]
            seconds, output, memory = measure(command, ours)
            found.add(tuple(output))
            label = f"{count:,} {'CP932 ' if kind == 'csv' else ''}{kind}"
            per_second[label, name] = count / seconds
            peaks += [memory] if ours else []
            print(f"| {label} | {name} | {count / seconds:,.0f} | {memory:.0f} |", flush=True)
        if len(found) != 1:
            sys.exit(f"they do not agree: {found}")
    tenth, all_rows, book = "100,000 CP932 csv", "1,000,000 CP932 csv", "100,000 xlsx"
    times = lambda file, other: per_second[file, "ours"] / per_second[file, other]  # noqa: E731
    compare([
        (f"rows per CPU second, {tenth}", "≥", 1_500_000, per_second[tenth, "ours"]),
        (f"rows per CPU second, {all_rows}", "≥", 1_500_000, per_second[all_rows, "ours"]),
        (f"pandas, row by row, times as much CPU, {all_rows}", "≥", 10, times(all_rows, "pandas, row by row")),
        (f"pandas, vectorised, times as much CPU, {all_rows}", "≥", 4, times(all_rows, "pandas, vectorised")),
        (f"openpyxl, times as much CPU, {book}", "≥", 10, times(book, "openpyxl")),
        ("peak of memory, any file, MB", "≤", 20, max(peaks)),
    ])


if __name__ == "__main__":
    match sys.argv[1:]:
        case []:
            main()
        case ["make", "csv", count, path]:
            make_csv(path, int(count))
        case ["make", "xlsx", count, path]:
            make_xlsx(path, int(count))
        case ["contend", name, path]:
            contend(name, path)
        case _:
            sys.exit(__doc__)
