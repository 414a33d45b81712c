"""Everything that is there when the month is over: as the nurses, the contacts and the members see it, and what the stores hold."""

import collections
import json
import re
from concurrent.futures import ThreadPoolExecutor

from company import following, month_of
from traffic import Clerk


class Found:
    """Plain data, so that it can be kept, and broken on purpose."""

    @classmethod
    def of(cls, month):
        found, town = cls(), month.town
        # What is read from here on is noted behind what is collected.
        found.asked = dict(month.asked)
        people = month.people + month.strangers
        with ThreadPoolExecutor(8) as pool:
            paths = [partition["pk"] for partition in town.get("local/table")["partitions"]]
            found.items = collections.defaultdict(list)
            for items in pool.map(town.partition, paths):
                for item in items:
                    found.items[item["kind"]].append(item)
            chats = pool.map(lambda person: town.get(f"local/line/users/{person.user}/messages"), people)
            found.chats = [(person.user, bubble["text"]) for person, chat in zip(people, chats) for bubble in chat]
            menus = pool.map(lambda person: town.get(f"local/line/users/{person.user}/menu"), people)
            found.menus = [(person.user, menu["linked"]) for person, menu in zip(people, menus)]
        found.items = dict(found.items)
        found.keys = [partition["pk"] for partition in town.get("local/table?table=keys")["partitions"]]
        found.objects = [of["key"] for of in town.objects()]
        found.mails = town.get("local/mail")
        found.queues = [message for queue in town.get("local/queues") for message in queue["messages"] + queue["dead"]]
        found.threads = found.read_by_a_nurse(month)
        contact = Clerk(town, "contact-tamura", month.asked)
        found.interviews = json.loads(contact.request("GET", "/booking/api/interviews")[1])["interviews"]
        months = [month_of(month.first), month_of(following(month.first))]
        found.ledgers = {name: json.loads(contact.request("GET", f"/booking/api/ledger?month={name}")[1])["totals"] for name in months}
        found.said_by_machine = (town.data / "log.jsonl").read_text() + town.data.with_suffix(".stderr").read_text()
        found.users = [person.user for person in people]
        found.tenants = {tenant.id: key for key, tenant in month.tenants.items()}
        found.traces, found.windows = dict(month.traces), town.windows
        found.attempts, found.dropped = month.attempts, month.dropped
        found.texts, found.contests, found.months = month.texts, month.contests, months
        return found

    def read_by_a_nurse(self, month):
        """Each consultation that is left, as its page shows it: header, number, name, and the words in order."""
        nurse = Clerk(month.town, "nurse-sato", month.asked)
        threads = self.items["Consultation"]

        def read(item):
            path = f"/desk/members/{item['member']}/consultations/{item['id']}"
            page = nurse.page(path)
            told = dict(re.findall(r"<dt>([^<]*)</dt><dd>([^<]*)</dd>", page))
            words = re.findall(r'<article class="message( nurse)?"><p class="from">[^<]*<time[^>]*>[^<]*</time></p>(.*?)</article>', page, re.S)
            return {"company": told["契約企業"], "number": told["社員番号"], "name": told["本人が名乗った氏名"],
                    "check": told["結果"], "contested": "番号重複" in page,
                    "words": [(bool(by), re.sub("<[^>]*>", "", text)) for by, text in words]}

        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(read, threads))
