"""The last table of each benchmark: what is aimed at beside what was measured. `run` puts those of all benchmarks into one."""

import operator

MEETS = {"≤": operator.le, "≥": operator.ge, "=": operator.eq}
HEAD = "| goal | | measured | |"


def compare(rows):
    """Prints rows of what, `≤`, `≥` or `=`, the bound, and the figure; an empty sign only reports."""
    print(f"\n{HEAD}\n| --- | --- | --- | --- |")
    for what, sign, bound, value in rows:
        met = not sign or MEETS[sign](value, bound)
        goal, verdict = (f"{sign} {bound:,}", "met" if met else "missed") if sign else ("", "")
        print(f"| {what} | {goal} | {shown(value)} | {verdict} |", flush=True)


def shown(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
