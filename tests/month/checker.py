"""Holds what was found against what the requirements say of the journal, and is itself checked.

Every section is two multisets: what should be there and what is. What the README allows to come twice under fire is spared, and
counted: a reply that the outbox had to try again, a mail whose fate a kill left unknown.
"""

import collections
import copy
import json
import random
import re

import figures
from company import FAMILY
from traffic import letter

# What people read begins so; what is in brackets is compared too.
TEXTS = {
    "greeting": "友だち追加ありがとうございます。", "welcome-back": "おかえりなさい。", "how-to-register": "ご利用には登録が必要です。",
    "code-unknown": "この登録コードは見つかりませんでした。", "passphrase-ask": "(.*)の登録を始めます。",
    "passphrase-wrong": r"合言葉がちがいます。[^（]*（あと(\d)回", "passphrase-locked": "合言葉を続けてまちがえたため",
    "number-ask": "(.*)の社員番号を送信してください。", "consent-ask": r"社員番号：(\S+)\n\n登録の前に、次の内容をご確認ください。\n・(.*)の従業員の方の",
    "consent-declined": "登録をとりやめました。", "registered": "登録が完了しました。(.*)の「ONLINE健康推進室」へようこそ。\n\n体や心の",
    "registered-unverified": "登録が完了しました。(.*)の「ONLINE健康推進室」へようこそ。\n\nなお、社員番号 (.*) は会社の名簿で",
    "already-registered": "すでに(.*)で登録されています。", "access-ended": "このサービスのご利用期間は終了しています。", "danger": "とてもつらい状況では",
    "danger-told": "当番の産業看護職にも、", "consultation-explained": "ご相談ありがとうございます。はじめに健康相談について",
    "consultation-received": "ご相談を受け付けました。\n産業看護職が確認し、このトークで回答します。", "message-joined": "追加のメッセージを受け付けました。",
    "answers-resume": "ご相談を受け付けました。\nただいま回答の時間外です。回答は (.*) に再開します。", "name-ask": "会社の名簿で確認するため、お名前",
    "name-confirm": "「(.*)」は、お名前でしょうか。", "roster-matched": "お名前を確認しました。", "roster-differs": "社員番号とお名前が、会社の名簿と一致しません",
    "document-received": "写真・ファイルを受け付けました。", "how-to-ask": "体や心のことで気になることがあれば、このトークに", "leave-confirm": "退会しますか。",
    "leave-done": "退会の手続きをしました。", "nurse-reply": r"(.*)（産業看護職）より\n\n(.*)",
    "consultation-ends-soon": r"ご相談中の内容についてお知らせします。\nこのサービスのご利用は (?:\d+年)?(.*) に終了し",
}
COUNTED = r".*読み取った行：(\d+)行"
MAILS = {
    "duty": ("【至急】対応が必要な相談があります", r".*契約企業：(\S+)"),
    "roster-applied": ("【ONLINE健康推進室】名簿の取り込みが完了しました", COUNTED + r"\n入社：(\d+)名\n退職：(\d+)名\n氏名・日付の変更：(\d+)名"),
    "roster-refused": ("【ONLINE健康推進室】名簿を取り込めませんでした（修正のお願い）", COUNTED),
    "roster-waiting": ("【ONLINE健康推進室】名簿の内容をご確認ください（取り込みを保留しています）", r".*（このファイルで(\d+)名）"),
    "roster-repeated": ("【ONLINE健康推進室】同じ内容の名簿を受け取りました", ""),
    "operator-waiting": ("【要確認】名簿の取り込みが確認待ちです", r"(\S+) の名簿は.*（このファイルで(\d+)名）"),
    "operator-confirmed": ("【要確認】担当者が名簿を確認しました", r"(\S+) の担当者が.*（このファイルで退職(\d+)名）"),
    "interview-booked": ("【面談のご案内】(.*)", ""), "interview-moved": ("【面談の日程変更のご案内】(.*)", ""),
    "interview-cancelled": ("【面談の取り消しのご案内】(.*)", ""), "interview-reminder": ("【面談のご確認】(.*)", ""),
    "interview-form": ("【面談】依頼書のご提出のお願い（(.*)）", ""), "interview-awaits": ("【面談】ご予約は承認待ちです（(.*)）", ""),
    "interview-approved": ("【面談】ご予約が確定しました（(.*)）", ""), "interview-declined": ("【面談】ご予約を承れませんでした（(.*)）", ""),
    "interview-lapsed": ("【面談】ご予約が失効しました（(.*)）", ""), "interview-wanted": ("【要確認】面談の追加予約が承認待ちです（(.*)）", ""),
    "interview-continuing": ("【面談】継続実施のご相談", r".*日時：\d+年(\S+ \d+:\d+)"),
    "erased": ("個人情報削除完了のご報告（(.*)）", r".*実行番号：(\S+)"),
    "erased-contact": ("【ONLINE健康推進室】個人情報削除完了のご報告", r".*実行番号：(\S+).*ご退職者の人数：(\d+)名"),
    "report": (r"(【ONLINE健康推進室】.*のご報告.*（.*）)", ""),
}
SERIALS = re.compile(r"（[0-9a-f]{6}-\d+-\d{4}）|（\d{9}-\d{4}）")
NAMES = re.compile("(?:" + "|".join(FAMILY) + ") \\S\\S")


def check(requirements, found):
    """Prints what was compared; whether all of it agrees, and whether the comparison sees what is broken on purpose."""
    sections = Sections(requirements, found)
    print(f"\n{'compared':52} {'expected':>9} {'found':>9} {'copies':>7} {'different':>9}")
    wrong = []
    for name in sections.all:
        expected, there, copies, lines = sections.compare(name, found)
        print(f"{name:52} {expected:9} {there:9} {copies:7} {len(lines):9}")
        wrong += [f"{name}: {line}" for line in lines]
    print("not compared, by kind:", ", ".join(f"{kind} {len(items)}" for kind, items in sorted(found.items.items())
                                           if kind not in sections.reads_of()) or "nothing")
    for line in wrong[:200]:
        print("DIFFERENT", line)
    blind = breaks(sections, found)
    for line in blind:
        print("NOT SEEN", line)
    return not wrong and not blind


class Sections:
    """By name: what should be there, how it is found, which collections it reads, and what may be there twice."""

    def __init__(self, requirements, found):
        self.of, self.all = requirements, {}
        self.tenant = {tenant: key for tenant, key in found.tenants.items()}
        self.ids = {key: tenant for tenant, key in found.tenants.items()}
        self.make(found)

    def section(self, name, expected, find, *reads, spare=None, may_lack=()):
        self.all[name] = (collections.Counter(expected), find, reads, spare or (lambda surplus: collections.Counter()), collections.Counter(may_lack))

    def reads_of(self):
        return {collection for _, _, reads, *_ in self.all.values() for collection in reads}

    def compare(self, name, found):
        expected, find, _, spare, may_lack = self.all[name]
        there = collections.Counter(find(found))
        surplus, lacking = there - expected, expected - there - may_lack
        copies = spare(surplus) & surplus
        lines = [f"lacks {key} ×{count}" for key, count in lacking.items()]
        lines += [f"has {key} ×{count} too many" for key, count in (surplus - copies).items()]
        return expected.total(), there.total(), copies.total(), lines

    def make(self, found):
        of, tenants = self.of, self.of.tenants
        members = {user: person.member for user, person in of.people.items() if person.member}
        threads = [(user, member, thread) for user, member in members.items() for thread in member.threads]
        self.section("what LINE users saw, by bubble", [(user, *seen) for user, person in of.people.items() for seen in person.seen],
                     lambda found: [(user, *text_of(text)) for user, text in found.chats], "chats", spare=self.second_replies(found), may_lack=self.lost_with_a_key(found))
        self.section("rich menus", [(user, user in members) for user in found.users], lambda found: found.menus, "menus")
        self.section("members", [member.tenant.name for member in members.values()],
                     lambda found: [tenants[self.tenant[item["member"]["tenant"]]].name for item in found.items["LineUser"] if item.get("member")],
                     "LineUser")
        self.section("data keys", {"key": len(members)}, lambda found: ["key"] * len(found.keys), "keys")
        self.section("claims on numbers", self.claims(members),
                     lambda found: [(self.tenant[item["pk"].split("#")[1]], len(item["claimants"])) for item in found.items["Claim"]], "Claim")
        self.section("consultations", [member.tenant.name for _, member, _ in threads],
                     lambda found: [tenants[self.tenant[item["tenant"]]].name for item in found.items["Consultation"]], "Consultation")
        self.section("messages of members, by LINE's id", [(message, content == "withdrawn") for _, _, thread in threads
                                                           for by, content, message in thread.words if by == "member"],
                     lambda found: [(item["sk"].rsplit("#", 1)[1], "body" not in item) for item in found.items["Message"]
                                    if item["author"] == "Member"], "Message")
        self.section("words of nurses", {"words": sum(by == "nurse" for _, _, thread in threads for by, _, _ in thread.words)},
                     lambda found: ["words" for item in found.items["Message"] if item["author"] != "Member"], "Message")
        self.section("consultations as nurses read them", [self.page(member, thread) for _, member, thread in threads],
                     lambda found: map(shown, found.threads), "threads")
        self.section("documents", {"document": len(of.documents)}, lambda found: ["document"] * len(found.items.get("Document", [])), "Document")
        self.section("documents in the bucket, halfway", {"object": sum(kept for kept, _ in of.observed)},
                     lambda found: {"object": sum(there for _, there in of.observed)})
        self.section("roster rows", [(key, number, row.name, row.leaves and f"{row.leaves}") for key, tenant in tenants.items()
                                     for number, row in tenant.rows.items()],
                     lambda found: [(self.tenant[item["pk"].split("#")[1]], item["number"], each["name"], each.get("leave", {}).get("date"))
                                    for item in found.items["RosterRow"] for each in item["employments"]], "RosterRow")
        self.section("deliveries", [(key, file["kind"], file["state"], file["rows"], *self.brought(file)) for key, tenant in tenants.items()
                                    for file in tenant.deliveries],
                     lambda found: [(self.tenant[item["tenant"]], item["file"], item["state"], item["rows"],
                                     *(item["brought"][what] if item["state"] == "applied" else 0 for what in ("joined", "left", "changed")))
                                    for item in found.items["Delivery"]], "Delivery")
        self.section("leavers of the month, by company", [(key, tenant.left_this_month) for key, tenant in tenants.items()],
                     lambda found: [(self.tenant[item["pk"].split("#")[1]], item["left"]) for item in found.items["RosterMonth"]], "RosterMonth")
        self.section("objects in the bucket", {f"roster-out/{self.ids[key]}/{name}": len(tenant.deliveries) for key, tenant in tenants.items()
                                               for name in ("report.json", "report.csv")},
                     lambda found: [re.sub("^(roster-out/[^/]*)/[^/]*", r"\1", key) for key in found.objects], "objects")
        self.interviews(found)
        self.section("mails", [(to, kind, *map(str, about)) for (to, kind, *about), count in self.mails(found).items() for _ in range(count)],
                     lambda found: map(read, found.mails), "mails", spare=self.second_mails(found))
        self.section("left in the outbox", {}, lambda found: [(item["effect"], item["state"]) for item in found.items.get("Outbox", [])
                                                             if item["state"] not in ("Sent", "Dropped")], "Outbox")
        self.section("left in the queues", {}, lambda found: [json.dumps(message) for message in found.queues], "queues")
        self.figures(found)
        self.purge(found)
        self.audit(found)
        self.section("words and names in clear, in tables and logs", {}, in_clear, "said_by_machine")

    @staticmethod
    def claims(members):
        of = collections.Counter((member.tenant.key, member.number) for member in members.values())
        return [(tenant, count) for (tenant, _), count in of.items()]

    @staticmethod
    def brought(file):
        return tuple(file[what] if file["state"] == "applied" else 0 for what in ("joined", "left", "changed"))

    def second_replies(self, found):
        """A reply has no retry key: one that was tried again may have come before."""
        may = collections.Counter()
        for event, (user, replies) in self.of.replies.items():
            for reply in replies * (found.attempts.get(event, 1) - 1):
                may[(user, *reply)] += 1
        return lambda surplus: may

    def lost_with_a_key(self, found):
        """What was owed to somebody who then declined or left is sealed with a key that is gone: it is dropped, not sent."""
        for event, (user, replies) in self.of.replies.items():
            person = self.of.people[user]
            if event in found.dropped and (person.gave_up or person.erased):
                yield from ((user, *reply) for reply in replies)

    def second_mails(self, found):
        """SES has no idempotency key: what was there when a kill came, as often as mails were on their way unmarked."""
        def spare(surplus):
            may = collections.Counter()
            left = [[{read_letter(each) for each in letters}, unknown] for letters, unknown in found.windows]
            for mail, count in surplus.items():
                for _ in range(count):
                    window = next((window for window in left if window[1] and mail in window[0]), None)
                    if window:
                        window[1] -= 1
                        may[mail] += 1
            return may

        return spare

    def page(self, member, thread):
        """Row A3: number and name are held against the roster as it is now; who else claims the number is said."""
        row = member.row()
        result = "照合済み（番号・氏名とも一致）" if member.is_matched() else "未照合：この番号は名簿にありません" if row is None else \
            "未照合：氏名をまだ伺っていません" if member.name is None else "未照合：番号は名簿にありますが、氏名が一致しません"
        others = [person for person in self.of.bound(member.tenant, member.number) if person.member is not member]
        words = [(by == "nurse", {"sticker": "（スタンプ）", "withdrawn": "（送信が取り消されました）",
                                  "image": "（資料を受け取りました。下の「資料」をご覧ください）"}.get(content, content)) for by, content, _ in thread.words]
        return (member.tenant.name, member.number, member.name or "まだ伺っていません", result, bool(others), *words)

    def interviews(self, found):
        sakura = self.of.tenants["sakura"]
        charge = lambda of: of["charge"] and ("extra" if of["charge"] == "extra" else "base")
        self.section("interviews", [(key, of["state"], of["number"], of["name"], of["mail"], of["method"], f"{of['start']:%Y-%m-%dT%H:%M}",
                                     charge(of)) for key, of in sakura.interviews.items()],
                     lambda found: [(of["id"], of["state"], of["number"], of["name"], of["mail"], of["method"], of["slot"]["start"][:16],
                                     of.get("charge")) for of in found.interviews], "interviews")
        self.section("interviews in the table", {"sakura": len(sakura.interviews)},
                     lambda found: [self.tenant[item["pk"].split("#")[1]] for item in found.items["Interview"]], "Interview")
        self.section("what happened to interviews", sakura.happened,
                     lambda found: [what if isinstance(what := item["event"]["what"], str) else next(iter(what))
                                    for item in found.items["InterviewEvent"]], "InterviewEvent")
        ledger = [(month, kind, count) for month in found.months for kind, count in self.of.ledger(sakura, month).items()]
        self.section("the ledger's totals", ledger, lambda found: [(month, kind, count) for month, totals in found.ledgers.items()
                                                                   for kind, count in totals.items()], "ledgers")

    def mails(self, found):
        """Those of the journal, the reports, and for each run of the purge that is complete its certificates."""
        mails = self.of.mails.copy()
        for key, tenant in self.of.tenants.items():
            for subject in self.reports(tenant):
                for contact in tenant.contacts:
                    mails[(contact, "report", subject)] += 1
        for run in found.items["PurgeRun"]:
            tenant = self.of.tenants[self.tenant[run["tenant"]]]
            mails[(self.of.staff["operator"], "erased", tenant.name, run["id"])] += 1
            for contact in tenant.contacts if run["leavers"] else ():
                mails[(contact, "erased-contact", run["id"], run["leavers"])] += 1
        return mails

    def reports(self, tenant):
        """By subject: the lines of the reports that are due after the first month."""
        name, of = next(iter(tenant.figures.items()))
        month = figures.Month(name, of["roster"], of["registered"], of["active"], of["consultations"], of["interviews"])
        lines = figures.lines([month])
        if "interview" not in tenant.plans:
            lines = [line for line in lines if "産業看護職面談" not in line]
        kinds = [figures.SERVICE] * ("employee" in tenant.plans) + [figures.MEETING] * ("interview" in tenant.plans)
        return {f"【ONLINE健康推進室】{kind}（{figures.in_words(name)}）": lines for kind in kinds}

    def figures(self, found):
        tenants = self.of.tenants
        self.section("figures of the month, frozen", [(key, month, what, count) for key, tenant in tenants.items()
                                                      for month, of in tenant.figures.items() for what, count in of.items()],
                     lambda found: [(self.tenant[item["pk"].split("#")[1]], item["figures"]["month"], what, count)
                                    for item in found.items["Figures"] for what, count in figures_of(item).items()], "Figures")
        self.section("reports", [(key, len(tenant.contacts)) for key, tenant in tenants.items() for _ in self.reports(tenant)],
                     lambda found: [(self.tenant[item["pk"].split("#")[1]], item["contacts"]) for item in found.items["KpiReport"]], "KpiReport")
        lines = {(contact, subject, line): 1 for tenant in tenants.values() for contact in tenant.contacts
                 for subject, lines in self.reports(tenant).items() for line in lines}
        self.section("lines of figures in the reports", lines,
                     lambda found: {(mail["to"][0], mail["subject"], line) for mail in found.mails if read(mail)[1] == "report"
                                    for line in figures.read(mail["text"])}, "mails")
        kinds = {"REGISTERED": "joined", "LEFT": "gone", "CONSULTATION": "consultations", "FIRST-ANSWER": "answered"}
        expected = collections.Counter()
        for key, tenant in tenants.items():
            for kind, what in kinds.items():
                for month, count in getattr(tenant, what).items():
                    expected[(key, month, kind)] += count
            for month, active in tenant.active.items():
                expected[(key, month, "ACTIVE")] += len(active)
        self.section("markers", expected, lambda found: [(self.tenant[item["pk"].split("#")[1]], *item["pk"].split("#")[2:4])
                                                         for kind in ("Marker", "FirstAnswer") for item in found.items[kind]],
                     "Marker", "FirstAnswer")

    def purge(self, found):
        expected, causes = collections.Counter(), {"OwnAct": "MembersOwnAct"}
        for key, tenant in self.of.tenants.items():
            for cause, count in tenant.purged.items():
                expected[(key, causes.get(cause, cause))] += count

        def runs(found):
            counted = collections.Counter()
            for run in found.items["PurgeRun"]:
                key = self.tenant[run["tenant"]]
                counted[(key, "leavers")] += run["leavers"]
                for cause, count in run["members"].items():
                    counted[(key, cause)] += count
                if run["state"] != "Complete" or run["found_afterwards"]:
                    counted[(key, "not complete")] += 1
            return counted

        self.section("who was erased, by the runs of the purge", expected, runs, "PurgeRun")
        self.section("orders to erase that are left", {}, lambda found: [item["kind"] for kind in ("Erasure", "PurgeOpen")
                                                                        for item in found.items.get(kind, [])], "Erasure", "PurgeOpen")
        self.section("traces of who was erased", {}, self.traces, "traces")

    def traces(self, found):
        """Row D2: nothing in any partition, index or bucket. The audit log keeps internal ids."""
        stay = {item["member"]["id"] for item in found.items["LineUser"] if item.get("member")}
        gone = {member for of in found.traces.values() for member in of["members"]} - stay
        texts = {f'"{text}"' for text in self.of.erased_texts}
        blob = everything(found)
        left = [word for word in re.findall(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", blob + "".join(found.objects) + "".join(found.keys)) if word in gone]
        return left + [word for word in re.findall(r'"[^"]*"', blob) if word in texts]

    def audit(self, found):
        """Row B3: every read, every answer and every refusal, once; a read twice only where no answer came."""
        expected, may = collections.Counter(), collections.Counter()
        for (person, method, path, status), count in found.asked.items():
            act = act_of(method, path, status)
            if act:
                outcome, act, thread = act
                done = status is not None and status < 500
                (expected if done else may)[(person, act, outcome, thread)] += count
        nurses = {"佐藤 恵": "nurse-sato", "山本 真理子": "nurse-yamamoto"}
        self.section("reads and refusals in the audit log", expected,
                     lambda found: [line for line in map(audited, found.items["Audit"]) if line[1] in ("Queue", "Thread", "Home", "WeekInterview")],
                     "Audit", spare=lambda surplus: may)
        answers = collections.Counter((nurses[of["nurse"]], "Reply") for _, act, of in self.of.journal if act == "replied")
        closed = sum(act == "closed" for _, act, of in self.of.journal)
        self.section("answers in the audit log", answers + collections.Counter({"Close": closed}),
                     lambda found: [(item["actor"]["subject"], "Reply") if item["act"] == "Reply" else "Close" for item in found.items["Audit"]
                                    if item["act"] in ("Reply", "Close") and item["outcome"] == "Done"], "Audit")


def text_of(text):
    for kind, begins in TEXTS.items():
        match = re.match(begins, text, re.DOTALL if kind == "nurse-reply" else 0)
        if match:
            return (kind, *match.groups())
    return ("unknown", text[:60])


def read(mail):
    return read_letter(letter(mail))


def read_letter(of):
    to, subject, text = of
    for kind, (title, body) in MAILS.items():
        match, told = re.fullmatch(title, subject), re.match(body, text, re.DOTALL)
        if match and told:
            return (to, kind, *match.groups(), *told.groups())
    return (to, "unknown", subject)


def shown(page):
    return (page["company"], page["number"], page["name"], page["check"], page["contested"], *page["words"])


def figures_of(item):
    of = item["figures"]
    return {"roster": of["roster"], "registered": of["before"] + of["joined"] - of["left"], "active": of["active"],
            "consultations": of["consultations"], "interviews": of["interviews"]}


def everything(found):
    """The stores as one text, without the audit log."""
    return json.dumps([items for kind, items in found.items.items() if kind != "Audit"], ensure_ascii=False)


def in_clear(found):
    """Row B3: bodies are sealed, and logs never see one, nor a name, nor who somebody is on LINE."""
    users = re.findall("U0{20}[0-9a-f]{12}", found.said_by_machine + everything(found))
    return SERIALS.findall(everything(found)) + SERIALS.findall(found.said_by_machine) + NAMES.findall(found.said_by_machine) + users


def act_of(method, path, status):
    """What the audit log is to say of a request: outcome, act, and the consultation."""
    thread = re.fullmatch("/desk/members/[^/]+/consultations/([^/]+)", path)
    if method != "GET" or status == 409:
        return None
    outcome = "Done" if status != 403 else "Forbidden"
    if thread:
        return outcome, "Thread", thread[1]
    act = {"/desk": "Queue", "/contacts": "Home", "/booking/api/slots": "WeekInterview"}.get(path)
    return act and (outcome, act, None)


def audited(item):
    outcome = "Forbidden" if item["outcome"] == "Refused" else item["outcome"]
    return item["actor"]["subject"], item["act"], outcome, item["object"].get("consultation")


# The checker is checked

def breaks(sections, found):
    """Takes one of everything away, and doubles one: what the comparison does not see."""
    chance, blind, seen = random.Random(1), [], 0
    for collection in sorted(sections.reads_of()):
        for how in ("taken away", "doubled"):
            is_seen = [sees(sections, broken, collection) for broken in broken_copies(found, collection, how, chance)]
            if is_seen and not any(is_seen):
                blind.append(f"{collection}: one {how}")
            seen += any(is_seen)
    print(f"\nbroken on purpose: {seen} times one was taken away, doubled or left behind; {len(blind)} not seen")
    return blind


def sees(sections, broken, collection):
    names = [name for name, (_, _, reads, *_) in sections.all.items() if collection in reads]
    return any(sections.compare(name, broken)[3] for name in names)


def broken_copies(found, collection, how, chance):
    """Some copies with one broken each; a single one may hide in what may come twice."""
    for _ in range(5):
        broken = copy.copy(found)
        broken.items = dict(found.items)
        if collection in ("said_by_machine", "traces"):
            if how == "taken away":
                return
            if collection == "traces":
                gone = next(iter({member for of in found.traces.values() for member in of["members"]}
                                 - {item["member"]["id"] for item in found.items["LineUser"] if item.get("member")}))
                broken.items["Claim"] = [*found.items["Claim"], {"claimants": [gone]}]
            else:
                broken.said_by_machine = found.said_by_machine + chance.choice(list(found.texts))
            yield broken
            continue
        if collection in ("Outbox", "queues") and how == "taken away":
            return
        is_item = collection[0].isupper()
        held = found.items.get(collection, []) if is_item else getattr(found, collection)
        if isinstance(held, dict):
            key = chance.choice(list(held))
            changed = {each: value for each, value in held.items() if each != key} if how == "taken away" else held | {"again": held[key]}
        else:
            changed = list(held)
            if how == "taken away":
                if not changed:
                    return
                changed.pop(chance.randrange(len(changed)))
            else:
                left = {"kind": collection, "effect": "Line", "state": "Failed"}
                changed.append(chance.choice(changed) if changed and collection != "Outbox" else left)
        if is_item:
            broken.items[collection] = changed
        else:
            setattr(broken, collection, changed)
        yield broken
