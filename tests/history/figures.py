"""What a contact may read of a company's months: the rules of row D3, written down here once more, and the words of the mails.

Nothing of this is taken from the system, so that the two can be held against each other. The rules are those that
`shared/domain/src/kpi/suppression/mod.rs` explains.
"""

import dataclasses

UNDER_10 = "10未満"
WITHHELD = "非表示"
NO_RATE = "－"
SERVICE, MEETING = "ご利用状況のご報告", "定例ミーティングのご報告資料"


@dataclasses.dataclass
class Month:
    """The true figures of a month."""

    name: str  # 2026-12
    roster: int
    registered: int
    active: int
    consultations: int
    interviews: int


def alone(number):
    return UNDER_10 if 0 < number < 10 else number


def is_number(cell):
    return isinstance(cell, int)


def cells(month):
    """Registered, active and consultations of a month as they may be shown."""
    few = month.registered < 10
    registered = WITHHELD if few and month.roster < 5 else alone(month.registered)
    active = WITHHELD if few else alone(month.active)
    consultations = alone(month.consultations)
    many = is_number(active) and month.consultations > 2 * active and month.consultations >= 10
    hidden_by_few = active == UNDER_10 and month.consultations >= 10
    if active == WITHHELD or hidden_by_few or many:
        consultations = WITHHELD
    return registered, active, consultations


def total(months):
    """What the consultations of several months read together."""
    shown, truth = [cells(month)[2] for month in months], sum(month.consultations for month in months)
    if all(is_number(cell) for cell in shown):
        return alone(truth)
    if any(cell not in (UNDER_10, 0) for cell in shown):
        return WITHHELD
    if truth < 10:
        return UNDER_10
    return truth if truth <= 21 and shown.count(UNDER_10) == 3 else WITHHELD


def rate(part, whole):
    """Tenths of a percent, rounded half up; hidden where one of its figures is."""
    if not is_number(part) or not is_number(whole):
        return WITHHELD
    if whole == 0:
        return NO_RATE
    tenths = (part * 2000 + whole) // (whole * 2)
    return f"{tenths // 10}.{tenths % 10}%"


def with_unit(cell, unit):
    return f"{cell}{unit}" if is_number(cell) else cell


def compared(what, unit, now, before=None):
    """A line with a figure, the one of the period before, and the difference where both are shown."""
    line = f"・{what}：{with_unit(now, unit)}"
    if before is None:
        return line
    if not is_number(now) or not is_number(before):
        return f"{line}（前回 {with_unit(before, unit)}）"
    return f"{line}（前回 {with_unit(before, unit)}、増減 {f'{now - before:+}'.replace('-', '−') if now != before else '±0'}{unit}）"


def rated(what, now, before=None):
    return f"・{what}：{now}" + ("" if before is None else f"（前回 {before}）")


def in_words(name):
    return f"{int(name[:4])}年{int(name[5:])}月"


def period(months):
    ends = months[:1] if len(months) == 1 else [months[0], months[-1]]
    return "〜".join(in_words(month.name) for month in ends)


def lines(months, before=()):
    """Every line with a figure of a report on `months`, in order; `before` is the period that it is compared with."""
    last, former = months[-1], before[-1] if before else None
    shown, were = cells(last), cells(former) if former else (None, None, None)
    usage = lambda of: rate(of[1], of[0])
    said = [
        compared("名簿の人数", "名", last.roster, former and former.roster),
        compared("登録者数", "名", shown[0], were[0]),
        rated("登録率", rate(shown[0], last.roster), former and rate(were[0], former.roster)),
        compared("利用者数", "名", shown[1], were[1]),
        rated("利用率", usage(shown), former and usage(were)),
    ]
    # Sums of three months and of one cannot be compared.
    sums = before if len(before) == len(months) else ()
    interviews = lambda of: sum(month.interviews for month in of)
    said += [
        compared("健康相談", "件", total(months), total(sums) if sums else None),
        compared("産業看護職面談", "件", interviews(months), interviews(sums) if sums else None),
    ]
    if len(months) > 1:
        said += [a_month(month) for month in months]
    return said


def a_month(month):
    registered, active, consultations = cells(month)
    figures = [
        ("名簿の人数", month.roster, "名"), ("登録者数", registered, "名"), ("利用者数", active, "名"),
        ("健康相談", consultations, "件"), ("産業看護職面談", month.interviews, "件"),
    ]
    return f"・{in_words(month.name)}：" + " / ".join(f"{what} {with_unit(cell, unit)}" for what, cell, unit in figures)


def reports(months):
    """Every report that is due on four months of a company with both plans: its subject and the lines of its figures."""
    due = [(SERVICE, months[:1], ()), (SERVICE, months[1:4], months[:1])]
    due += [(MEETING, [month], months[place - 1:place] if place else ()) for place, month in enumerate(months)]
    return {f"【ONLINE健康推進室】{kind}（{period(of)}）": lines(of, before) for kind, of, before in due}


def read(text):
    """The lines of a mail's text that have figures."""
    return [line for line in text.splitlines() if line.startswith("・")]
