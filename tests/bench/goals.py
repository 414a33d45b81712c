"""The last table of each benchmark: what is aimed at beside what was measured. `run` puts those of all benchmarks into one."""

HEAD = "| goal | | measured | |"


def compare(rows):
    """Prints rows of what, `≤`, `≥` or `=`, the bound, and the figure; an empty sign only reports."""
    print(f"\n{HEAD}\n| --- | --- | --- | --- |")
    for what, sign, bound, value in rows:
        met = {"≤": value <= bound, "≥": value >= bound, "=": value == bound, "": None}[sign]
        print(f"| {what} | {f'{sign} {bound:,}' if sign else ''} | {shown(value)} | {'' if met is None else 'met' if met else 'missed'} |", flush=True)


def shown(value):
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}" if value < 1000 else f"{value:,.0f}"
