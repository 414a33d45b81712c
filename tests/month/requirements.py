"""The requirements once more, slow and simple: what has to be there, told by a journal of what was done.

Written from the rows of the requirements (A1 … D7), and it shares no code with the functions. Where the rows leave a choice (which bubbles
make up an answer, what a refused file counts as read, that a right passphrase forgets the wrong ones), it follows the system as built, mostly
marked `design`: there it guards against loss, doubles and change, and cannot say that the choice is right.
The journal's entries are `(moment, act, details)` in the order in which they were answered for; `Requirements.play` goes through them.
What the rows leave to the design, and the design's documents decide, is marked `design`.
"""

import collections
import datetime
import heapq
import itertools
import re
import unicodedata

from company import WEEK, at, following, month_of

DAY = datetime.timedelta(days=1)
WEEKDAYS = "月火水木金土日"
DANGER = "死にたい"


def said(moment):
    """As people read it."""
    return f"{moment.month}月{moment.day}日({WEEKDAYS[moment.weekday()]}) {moment.hour}:{moment.minute:02}"


def month_before(day, months=1):
    """The same day that many months earlier, or that month's last."""
    count = day.year * 12 + day.month - 1 - months
    last = (datetime.date((count + 1) // 12, (count + 1) % 12 + 1, 1) - DAY).day
    return datetime.date(count // 12, count % 12 + 1, min(day.day, last))


class Calendar:
    """Business days (row B1): Monday to Friday, no national holiday, not 29 December to 3 January."""

    def __init__(self, holidays):
        self.holidays = holidays

    def is_open(self, day):
        closed = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
        return day.weekday() < 5 and not closed and day not in self.holidays

    def days(self, first, last):
        every = (first + DAY * count for count in range((last - first).days + 1))
        return [day for day in every if self.is_open(day)]

    def before(self, day):
        """The previous business day."""
        day -= DAY
        while not self.is_open(day):
            day -= DAY
        return day

    def resumes(self, moment):
        """When answers resume; None within [9:00, 17:30) of a business day."""
        day, time = moment.date(), (moment.hour, moment.minute)
        if self.is_open(day) and (9, 0) <= time < (17, 30):
            return None
        if not self.is_open(day) or time >= (17, 30):
            day += DAY
            while not self.is_open(day):
                day += DAY
        return at(day, 9)


class Tenant:
    """A client company: what it bought, and its roster as it was delivered."""

    def __init__(self, name, code, plans, contacts, width=None, passphrase=None):
        self.name, self.code, self.plans, self.contacts = name, code, plans, contacts
        self.width, self.passphrase = width, passphrase
        self.rows, self.deliveries, self.contents = {}, [], set()
        self.left_this_month = 0
        self.joined, self.gone = collections.Counter(), collections.Counter()
        self.active, self.consultations = collections.defaultdict(set), collections.Counter()
        self.answered = collections.Counter()
        self.figures = {}
        self.purged = collections.Counter()
        # Those of who was erased are billed still, by nothing that names anybody.
        self.interviews, self.former, self.units, self.happened = {}, [], {}, collections.Counter()

    def number(self, text):
        """Row A1: NFKC, trimmed, upper case, padded where there is a width."""
        number = unicodedata.normalize("NFKC", text).strip().upper()
        return number.zfill(self.width) if self.width and number.isdigit() else number


class Row:
    """Somebody on a roster."""

    def __init__(self, name):
        self.name, self.leaves, self.reported = name, None, None

    def report(self, last, reported):
        self.leaves, self.reported = last, reported

    @property
    def ends(self):
        """Row A4: access ends at 00:00 on the first of the month after the leave date."""
        return None if self.leaves is None else at(following(self.leaves))

    def has_access(self, moment):
        return self.leaves is None or moment < self.ends

    @property
    def purged(self):
        """Rows A4, D2: on the first at 03:00; late ones after 24 hours; dates more than two months back wait for a confirmation."""
        if self.leaves is None or self.leaves < month_before(self.reported.date(), 2):
            return None
        return self.ends + datetime.timedelta(hours=3) if self.reported < self.ends else self.reported + DAY


class Thread:
    """A consultation: what stands in it, in order, and the messages of its member by id."""

    def __init__(self):
        self.words, self.messages, self.is_answered = [], {}, False


class Member:
    """A membership: what the bot and the nurses know of it."""

    def __init__(self, tenant, number, moment):
        self.tenant, self.number, self.since = tenant, number, moment
        self.name, self.asked, self.explained, self.told = None, None, False, None
        self.threads, self.open, self.closed = [], None, None
        self.mails = 0

    def row(self):
        return self.tenant.rows.get(self.number)

    def has_access(self, moment):
        row = self.row()
        return row is None or row.has_access(moment)

    def is_matched(self):
        """Row A3: number and name together, NFKC, without spaces."""
        row = self.row()
        return row is not None and self.name is not None and folded(self.name) == folded(row.name)


def folded(name):
    return "".join(unicodedata.normalize("NFKC", name).split())


class Person:
    """A LINE user."""

    def __init__(self):
        self.seen, self.member, self.dialogue, self.blocks, self.wrong = [], None, None, False, 0
        self.erased, self.gave_up = [], False


class Requirements:
    """What follows from the journal."""

    def __init__(self, tenants, holidays, staff):
        self.tenants, self.calendar, self.staff, self.journal = tenants, Calendar(holidays), staff, []
        for key, tenant in tenants.items():
            tenant.key = key
        self.people = collections.defaultdict(Person)
        self.mails = collections.Counter()
        self.due, self.order, self.now = [], itertools.count(), None
        self.documents = {}
        self.erased_texts, self.observed = [], []
        # Replies by the event that they answer; what a second attempt may have said twice is looked up here.
        self.replies = {}

    def play(self, journal):
        self.journal = journal
        for moment, act, details in journal:
            self.until(moment)
            getattr(self, act)(moment, **details)

    def until(self, moment):
        while self.due and self.due[0][0] <= moment:
            when, _, act, what = heapq.heappop(self.due)
            self.now = when
            act(when, *what)
        self.now = moment

    def later(self, moment, act, *what):
        heapq.heappush(self.due, (moment, next(self.order), act, what))

    def clock(self, moment):
        """Time has passed."""

    def looked(self, moment, documents):
        """Row B5: one calendar month after it was sent, and not before."""
        kept = [sent for _, sent in self.documents.values() if month_before(moment.date()) <= sent.date()]
        self.observed.append((len(kept), documents))

    def mail(self, to, kind, *about):
        self.mails[(to, kind, *about)] += 1

    # Members on LINE (rows A1 to A4, B1)

    def line(self, moment, user, event, key, message=None):
        """A LINE user did something; `key` is the event's."""
        person = self.people[user]
        if person.dialogue and moment - person.dialogue[3] > WEEK:
            person.dialogue = None
        member = person.member
        if member is not None and event["type"] in ("message", "postback"):
            member.tenant.active[month_of(moment)].add(member)
        replies = getattr(self, "on_" + event["type"])(moment, person, event, message)
        person.seen += replies
        self.replies[key] = (user, replies)

    def on_follow(self, moment, person, event, message):
        person.blocks = False
        if person.member is None:
            return [("greeting",)]
        return [("welcome-back",)] if person.member.has_access(moment) else [("access-ended",)]

    def on_unfollow(self, moment, person, event, message):
        person.blocks = True
        return []

    def on_unsend(self, moment, person, event, message):
        """Row B1: the content goes everywhere, a tombstone stays."""
        for thread in person.member.threads:
            if event["messageId"] in thread.messages:
                place = thread.messages[event["messageId"]]
                thread.words[place] = (thread.words[place][0], "withdrawn", thread.words[place][2])
                self.documents.pop(event["messageId"], None)
        return []

    def on_postback(self, moment, person, event, message):
        return self.chooses(moment, person, event["postback"]["data"])

    def chooses(self, moment, person, choice):
        member = person.member
        if person.dialogue:
            tenant, step, number, _ = person.dialogue
            if step == "consent" and choice == "consent":
                return self.registers(moment, person, tenant, number)
            if step == "consent" and choice == "decline":
                person.dialogue, person.gave_up = None, True
                return [("consent-declined",)]
            raise AssertionError(choice)
        if member is None:
            return [("how-to-register",)]
        if not member.has_access(moment):
            return [("access-ended",)]
        if choice == "how-to-ask":
            return [("how-to-ask",)]
        if choice == "leave":
            member.asked = "leave"
            return [("leave-confirm",)]
        if choice == "leave-yes" and member.asked == "leave":
            self.erase(moment, person, "OwnAct")
            return [("leave-done",)]
        if choice == "name-yes":
            member.name, member.asked = member.asked, None
            return [("roster-matched",)] if member.is_matched() else [("roster-differs",)]
        raise AssertionError(choice)

    def registers(self, moment, person, tenant, number):
        """Row A1: an employee number that is not on the roster still registers."""
        row = tenant.rows.get(number)
        person.dialogue = None
        if row is not None and not row.has_access(moment):
            return [("access-ended",)]
        person.member = Member(tenant, number, moment)
        tenant.joined[month_of(moment)] += 1
        return [("registered", tenant.name) if row else ("registered-unverified", tenant.name, number)]

    def on_message(self, moment, person, event, message):
        kind = event["message"]["type"]
        if kind == "text":
            return self.says(moment, person, event["message"]["text"], message)
        member = person.member
        if member is None:
            return [("how-to-register",)]
        if not member.has_access(moment):
            return [("access-ended",)]
        if kind == "sticker" and member.open is None:
            return [("how-to-ask",)]
        return self.consults(moment, person, kind, message)

    def says(self, moment, person, text, message):
        member, danger = person.member, [("danger",)] if DANGER in text else []
        code = re.fullmatch("登録コード ([A-Z0-9]{8})", text)
        if code:
            return self.begins(moment, person, code[1])
        if person.dialogue:
            return danger + self.answers(moment, person, text)
        if member is None:
            return danger + [("how-to-register",)]
        if not member.has_access(moment):
            return danger + [("access-ended",)]
        if not danger and member.asked == "name":
            row = member.row()
            if row is not None and folded(text) == folded(row.name):
                member.name, member.asked = text, None
                return [("roster-matched",)]
            if row is None:
                # Design: what may be a name or a question is kept in the consultation too, and asked about.
                replies = [reply for reply in self.consults(moment, person, text, message) if reply != ("message-joined",)]
                member.asked = text
                return replies + [("name-confirm", text)]
        return self.consults(moment, person, text, message, bool(danger))

    def begins(self, moment, person, code):
        tenant = next((tenant for tenant in self.tenants.values() if tenant.code == code), None)
        if tenant is None:
            return [("code-unknown",)]
        if person.member and person.member.tenant is tenant and person.member.has_access(moment):
            return [("already-registered", tenant.name)]
        step = "passphrase" if tenant.passphrase else "number"
        person.dialogue = (tenant, step, None, moment)
        return [(step + "-ask", tenant.name)]

    def answers(self, moment, person, text):
        tenant, step, _, since = person.dialogue
        if step == "passphrase":
            # Design: who was right begins to count anew.
            if person.wrong < 5 and text == tenant.passphrase:
                person.wrong = 0
                person.dialogue = (tenant, "number", None, since)
                return [("number-ask", tenant.name)]
            person.wrong += 1
            return [("passphrase-wrong", str(5 - person.wrong))] if person.wrong < 5 else [("passphrase-locked",)]
        if step == "number":
            number = tenant.number(text)
            row = tenant.rows.get(number)
            if row is not None and not row.has_access(moment):
                return [("access-ended",)]
            person.dialogue = (tenant, "consent", number, since)
            return [("consent-ask", number, tenant.name)]
        return [("consent-needed",)]

    def consults(self, moment, person, content, message, urgent=False):
        """Rows A3, B1, B4: any text opens a consultation or joins the open one."""
        member = person.member
        begins, opens = member.open is None, False
        if begins:
            # Design: closed for a week at most, it opens again.
            again = member.closed is not None and moment - member.closed[1] <= WEEK
            opens = not again
            member.open = member.closed[0] if again else Thread()
            if opens:
                member.threads.append(member.open)
                member.tenant.consultations[month_of(moment)] += 1
        thread = member.open
        thread.messages[message] = len(thread.words)
        thread.words.append(("member", content, message))
        is_document = content == "image"
        if is_document:
            self.documents[message] = (person, moment)
        replies = []
        if urgent:
            replies += [("danger",), ("danger-told",)]
            self.mail(self.staff["duty"], "duty", member.tenant.name)
        if not member.explained:
            member.explained = True
            replies.append(("consultation-explained",))
        if is_document:
            replies.append(("document-received",))
        resumes = self.calendar.resumes(moment)
        if resumes is not None and member.told != resumes:
            member.told = resumes
            replies.append(("answers-resume", said(resumes)))
        elif begins:
            replies.append(("consultation-received",))
        elif not urgent and not is_document:
            # Design: behind helplines and behind the receipt of a document no second receipt.
            replies.append(("message-joined",))
        if begins and not member.is_matched():
            if member.name is None:
                member.asked = "name"
                replies.append(("name-ask",))
            else:
                replies.append(("roster-differs",))
        return replies

    # Nurses (row B2)

    def thread_of(self, message):
        for person in self.people.values():
            for thread in person.member.threads if person.member else ():
                if message in thread.messages:
                    return person, thread
        raise AssertionError(message)

    def replied(self, moment, message, text, nurse):
        person, thread = self.thread_of(message)
        member = person.member
        thread.words.append(("nurse", text, None))
        if not thread.is_answered:
            thread.is_answered = True
            member.tenant.answered[month_of(moment)] += 1
        if not person.blocks:
            person.seen.append(("nurse-reply", nurse, text))

    def closed(self, moment, message):
        person, thread = self.thread_of(message)
        person.member.open, person.member.closed = None, (thread, moment)

    # Rosters (row D1) and leavers (rows A4, D2)

    def entered(self, moment, tenant, number, name, leaves):
        """Entered by the operator's command, as the demo's people are."""
        tenant = next(of for of in self.tenants.values() if of.id == tenant)
        tenant.rows[number] = Row(name)
        if leaves:
            self.leaves(tenant, number, leaves, moment)

    def leaves(self, tenant, number, last, moment):
        row = tenant.rows[number]
        row.report(last, moment)
        if row.purged is not None:
            # Design: notices go out by day.
            self.later(max(moment, row.ends - WEEK + DAY * 9 / 24), self.announces, tenant, number)
            self.later(row.purged, self.purges, tenant, number, row)

    def delivered(self, moment, tenant, kind, rows, content, name):
        """A file came: it is applied, refused, the same as before, or waits for two confirmations."""
        tenant = self.tenants[tenant]
        effect = self.effect(tenant, kind, rows)
        # Design: rows that could be read.
        could = sum(word != "退職" or last is not None for word, _, _, last in rows)
        file = {"rows": could, "kind": kind, "moves": rows, "name": name, "content": content, "by": set()} | effect
        many = tenant.left_this_month + effect["left"]
        if could < len(rows):
            file["state"] = "refused"
        elif kind == "monthly" and content in tenant.contents:
            file["state"] = "repeated"
        elif effect["left"] and (many > 100 or (many >= 10 and many * 5 > len(self.present(tenant, moment)))):
            file["state"] = "waiting"
            self.mail(self.staff["operator"], "operator-waiting", tenant.name, effect["left"])
        else:
            file["state"] = "applied"
        tenant.deliveries.append(file)
        if file["state"] == "applied":
            self.applies(moment, tenant, file)
        else:
            self.tells(tenant, file)

    def confirmed(self, moment, tenant, name, by):
        tenant = self.tenants[tenant]
        file = next(file for file in tenant.deliveries if file["name"] == name)
        file["by"].add(by)
        if by == "contact":
            self.mail(self.staff["operator"], "operator-confirmed", tenant.name, file["left"])
        if len(file["by"]) == 2:
            file["state"] = "applied"
            self.applies(moment, tenant, file)

    def present(self, tenant, moment):
        return [row for row in tenant.rows.values() if row.has_access(moment)]

    def effect(self, tenant, kind, rows):
        count = collections.Counter(joined=0, left=0, changed=0)
        for word, number, name, last in rows:
            row = tenant.rows.get(number)
            if word == "入社" and row is None:
                count["joined"] += 1
            elif word == "入社" and row.name != name:
                count["changed"] += 1
            elif word == "退職" and row is not None and row.leaves is None:
                count["left"] += 1
        return count

    def applies(self, moment, tenant, file):
        for word, number, name, last in file["moves"]:
            if word == "入社":
                row = tenant.rows.setdefault(number, Row(name))
                row.name = name
            elif number in tenant.rows:
                self.leaves(tenant, number, last, moment)
        tenant.left_this_month += file["left"]
        tenant.contents.add(file["content"])
        self.tells(tenant, file)

    def tells(self, tenant, file):
        counts = (file["joined"], file["left"], file["changed"]) if file["state"] == "applied" else ()
        counts = (file["left"],) if file["state"] == "waiting" else counts
        rows = (file["rows"],) if file["state"] in ("applied", "refused") else ()
        for contact in tenant.contacts:
            self.mail(contact, "roster-" + file["state"], *rows, *counts)

    def bound(self, tenant, number):
        return [person for person in self.people.values()
                if person.member and person.member.tenant is tenant and person.member.number == number]

    def announces(self, moment, tenant, number):
        """Row A4: one week before the end, open consultations get a closing notice."""
        for person in self.bound(tenant, number) if moment < tenant.rows[number].ends else ():
            if person.member.open is not None and not person.blocks:
                person.seen.append(("consultation-ends-soon", said(tenant.rows[number].ends)))

    def purges(self, moment, tenant, number, row):
        if tenant.rows.get(number) is not row:
            return
        for person in self.bound(tenant, number):
            self.erase(moment, person, "Left")
        for key, interview in list(tenant.interviews.items()):
            if interview["number"] == number:
                assert interview["state"] not in ("confirmed", "awaitingApproval"), "no leaver has an interview ahead"
                tenant.former.append(tenant.interviews.pop(key))
        del tenant.rows[number]
        self.erased_texts += [number, row.name]
        tenant.purged["leavers"] += 1

    def erase(self, moment, person, cause):
        """Rows A1, D2: everything of a membership goes; the anonymous counts stay."""
        member, person.member = person.member, None
        member.tenant.gone[month_of(moment)] += 1
        member.tenant.purged[cause] += 1
        for thread in member.threads:
            for message in thread.messages:
                self.documents.pop(message, None)
        person.erased.append(member)

    # Interviews (rows C1 to C8)

    def booked(self, moment, tenant, interview, number, name, mail, method, start, form):
        tenant = self.tenants[tenant]
        of = {"number": number, "name": name, "mail": mail, "method": method, "start": start, "form": form, "charge": None}
        tenant.interviews[interview] = of
        tenant.happened["Booked"] += 1
        self.covered(moment, tenant, interview)

    def unit(self, tenant, month, interview):
        """Row C5: a unit of the month, those first that were given back; else one that the month before gave back; else None."""
        before = month_of(at(datetime.date.fromisoformat(month + "-01")) - DAY)
        for number in (1, 2):
            tenant.units.setdefault((month, number), "unused")
        fitting = [(month, "given back"), (month, "unused"), (before, "given back")]
        for home, state in fitting:
            for unit, of in sorted(tenant.units.items()):
                if unit[0] == home and of == state:
                    tenant.units[unit] = interview
                    return unit
        return None

    def covered(self, moment, tenant, interview):
        of = tenant.interviews[interview]
        unit = self.unit(tenant, month_of(of["start"]), interview)
        if unit:
            self.confirms(moment, tenant, interview, unit)
            return
        of["state"] = "awaitingApproval"
        self.mail(tenant.contacts[0], "interview-awaits", said(of["start"]))
        self.mail(self.staff["in-charge"], "interview-wanted", said(of["start"]))
        self.later(at(self.calendar.before(of["start"].date()) + DAY), self.lapses, tenant, interview)

    def confirms(self, moment, tenant, interview, charge):
        of = tenant.interviews[interview]
        of["state"], of["charge"] = "confirmed", charge
        self.mail(of["mail"], "interview-booked", said(of["start"]))
        self.reminds(moment, tenant, interview)

    def reminds(self, moment, tenant, interview):
        """Rows C4, C7: on the previous business day; not where that has begun already."""
        of = tenant.interviews[interview]
        due = at(self.calendar.before(of["start"].date()), 9)
        if moment < due:
            self.later(due, self.reminded, tenant, interview, of["start"])

    def reminded(self, moment, tenant, interview, start):
        of = tenant.interviews.get(interview)
        if of and of["state"] == "confirmed" and of["start"] == start:
            self.mail(of["mail"], "interview-reminder", said(start))
            if not of["form"]:
                self.mail(tenant.contacts[0], "interview-form", said(start))

    def lapses(self, moment, tenant, interview):
        of = tenant.interviews[interview]
        if of["state"] == "awaitingApproval":
            of["state"] = "lapsed"
            self.mail(tenant.contacts[0], "interview-lapsed", said(of["start"]))

    def decided(self, moment, tenant, interview, act):
        tenant = self.tenants[tenant]
        of = tenant.interviews[interview]
        if act == "approve":
            tenant.happened["Approved"] += 1
            month = month_of(of["start"])
            self.confirms(moment, tenant, interview, self.unit(tenant, month, interview) or "extra")
            self.mail(tenant.contacts[0], "interview-approved", said(of["start"]))
        elif act == "decline":
            tenant.happened["Declined"] += 1
            of["state"] = "declined"
            self.mail(tenant.contacts[0], "interview-declined", said(of["start"]))
        else:
            of["state"] = "noShow" if act == "no-show" else "tookPlace"
            tenant.happened["NoShow" if act == "no-show" else "TookPlace"] += 1
            if act == "continue":
                self.mail(tenant.contacts[0], "interview-continuing", said(of["start"]))

    def moved(self, moment, tenant, interview, start):
        """Row C6: in time, and within its month, it keeps what covers it."""
        tenant = self.tenants[tenant]
        of = tenant.interviews[interview]
        assert month_of(of["start"]) == month_of(start) and of["state"] == "confirmed"
        of["start"] = start
        tenant.happened["Moved"] += 1
        self.mail(of["mail"], "interview-moved", said(start))
        self.reminds(moment, tenant, interview)

    def cancelled(self, moment, tenant, interview):
        """Row C6: in time until the last business day before it is over."""
        tenant = self.tenants[tenant]
        of = tenant.interviews[interview]
        in_time = moment < at(self.calendar.before(of["start"].date()) + DAY)
        self.mail(of["mail"], "interview-cancelled", said(of["start"]))
        tenant.happened["CancelledInTime" if in_time else "CancelledLate"] += 1
        of["state"] = "cancelledInTime" if in_time else "cancelledLate"
        if in_time:
            if of["charge"] in tenant.units:
                tenant.units[of["charge"]] = "given back"
            of["charge"] = None

    def ledger(self, tenant, month):
        """What the contact sees of a month that is over, or of the one after it."""
        every = [of for of in [*tenant.interviews.values(), *tenant.former] if month_of(of["start"]) == month and of["charge"]]
        own = {unit: of for unit, of in tenant.units.items() if unit[0] == month and month < month_of(self.now)}
        return {
            "base": sum(of["charge"][0] == month for of in every),
            "carriedIn": sum(of["charge"] != "extra" and of["charge"][0] != month for of in every),
            "extra": sum(of["charge"] == "extra" for of in every),
            "carriedOver": sum(of == "given back" for of in own.values()), "lapsed": sum(of == "unused" for of in own.values()),
        }

    # Figures (row D3)

    def ends(self, moment, month):
        """A month is over: its figures, as they were at its last moment."""
        for tenant in self.tenants.values():
            used = [of for of in [*tenant.interviews.values(), *tenant.former] if month_of(of["start"]) == month
                    and of["state"] in ("tookPlace", "noShow", "cancelledLate")]
            tenant.figures[month] = {
                "roster": sum(row.has_access(moment - DAY / 2) for row in tenant.rows.values()),
                "registered": sum(tenant.joined.values()) - sum(tenant.gone.values()),
                "active": len(tenant.active[month]), "consultations": tenant.consultations[month], "interviews": len(used),
            }
