"""One story a function, told with the functions' own binaries in the emulator: as in the template the story comes to its end; without
the role's policy it is denied and leaves nothing; and one thing that is none of the function's business is denied in any case."""

import base64
import contextlib
import datetime
import hmac
import html
import http.client
import io
import json
import os
import re
import secrets
import shutil
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

from rules import called, many, shown
from stand_ins import Line, Provider, Wire

FILE = "社員番号,氏名\n101,髙橋 一郎\n102,﨑山 花子\n103,鈴木 大輔\n".encode()
PDF = b"%PDF-1.7 a letter"
CHANNEL_SECRET = "channel-secret-of-the-emulator-run"
CONTACT, NURSE, DUTY, OPERATOR = "tamura@sakura.example.jp", "sato@example.jp", "duty@example.jp", "operator@example.jp"
PASSWORD = "For-This-Run-Only-1"
COMPANY = "株式会社さくら製作所"
EVENTS = Path(__file__).resolve().parents[2] / "events"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at):
    number = int(at * 1000) << 80 | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def packed(folder, functions):
    """Function → package with its binary, without symbols, which are three quarters of a debug build."""
    packages = {}
    with tempfile.TemporaryDirectory() as stripped:
        for function in functions:
            binary = Path(folder) / function
            if not binary.exists():
                raise SystemExit(f"{binary} is not built")
            if shutil.which("strip"):
                subprocess.run(["strip", "-o", Path(stripped) / function, binary], check=True)
                binary = Path(stripped) / function
            archive = io.BytesIO()
            with zipfile.ZipFile(archive, "w") as written:
                entry = zipfile.ZipInfo("bootstrap")
                entry.external_attr = 0o755 << 16
                written.writestr(entry, binary.read_bytes())
            packages[function] = archive.getvalue()
    return packages


class Around:
    """The stand-ins, and the template with the functions between them."""

    def __init__(self, emulator_url, functions):
        self.line, self.provider = Line(), Provider(emulator_url)
        self.wires = {function: Wire(emulator_url) for function in functions}

    def surrounded(self, template):
        for resource in template["Resources"].values():
            properties = resource.get("Properties", {})
            if resource["Type"] == "AWS::Lambda::Function":
                function = called(properties["FunctionName"])
                properties["Code"]["S3Key"] = f"{function}.zip"
                # Functions share what the template says for all of them.
                variables = dict(properties["Environment"]["Variables"])
                properties["Environment"] = {"Variables": variables}
                variables["AWS_ENDPOINT_URL"] = self.wires[function].url
                variables |= {"HOKEN_LINE_API": self.line.url, "HOKEN_LINE_DATA_API": self.line.url}
                if "HOKEN_SIGN_IN_ISSUER" in variables:
                    pool = shown(variables["HOKEN_SIGN_IN_ISSUER"]).rsplit("/", 1)[-1]
                    variables["HOKEN_SIGN_IN_ISSUER"] = {"Fn::Sub": f"{self.provider.url}/{pool}"}
            if resource["Type"] == "AWS::IAM::Role":
                for statement in (statement for policy in properties["Policies"] for statement in policy["PolicyDocument"]["Statement"]):
                    # It asks for this right where versions are deleted, which S3 does not.
                    if statement["Action"] == "s3:DeleteObjectVersion":
                        statement["Action"] = ["s3:DeleteObjectVersion", "s3:DeleteObject"]
            if resource["Type"] == "AWS::Scheduler::Schedule":
                properties["State"] = "DISABLED"
            if resource["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in properties:
                properties["VisibilityTimeout"] = 3
        print("changed for the stories: who may delete versions may delete; no schedule runs by itself; what failed in a queue comes again")
        print("after 3 seconds; LINE and the pools' issuer are stand-ins; the company is older by the time in its id; no second factor")
        return template


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body
        self.text = body.decode(errors="replace")
        self.location = headers.get("location", "")

    def fields(self, *names):
        return {name: self.hidden(name) for name in names}

    def hidden(self, name):
        found = re.search(rf'name="{name}" value="([^"]*)"', self.text)
        if not found:
            raise SystemExit(f"a page without {name}: {self.status} {self.text[:2000]}")
        return html.unescape(found[1])


def fetched(url, method="GET", body=None, headers=()):
    """One request, redirects being answers."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    connection.request(method, urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")), body, dict(headers))
    answer = connection.getresponse()
    read = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return read


class Browser:
    """Asks through the API's routes."""

    def __init__(self, house):
        self.house, self.cookies, self.csrf = house, {}, None

    def asks(self, method, path, body=None, headers=()):
        path = path if path.startswith("/") else urllib.parse.urlsplit(path)._replace(scheme="", netloc="").geturl()
        sent = {"Host": self.house.host, "sec-fetch-site": "same-origin"} | dict(headers)
        if self.cookies:
            sent["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = fetched(self.house.emulator.url + path, method, body, sent)
        for cookie in answer.headers.get_all("set-cookie") or []:
            name, value = cookie.split(";")[0].split("=", 1)
            self.cookies[name] = value
        return answer

    def opens(self, path):
        return self.asks("GET", path)

    def sends(self, path, fields, file=None):
        fields = {"csrf": self.csrf} | fields
        if file is None:
            return self.asks("POST", path, urllib.parse.urlencode(fields), {"content-type": "application/x-www-form-urlencoded"})
        parts = [f'--part\r\ncontent-disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        parts.append(b'--part\r\ncontent-disposition: form-data; name="attachment"; filename="letter.pdf"\r\n')
        parts.append(b"content-type: application/pdf\r\n\r\n" + file + b"\r\n--part--\r\n")
        return self.asks("POST", path, b"".join(parts), {"content-type": "multipart/form-data; boundary=part"})

    def sends_json(self, path, value):
        headers = {"content-type": "application/json"} | ({"x-csrf-token": self.csrf} if self.csrf else {})
        return self.asks("POST", path, json.dumps(value), headers)

    def signs_in(self, site, mail):
        """By the pool's own page, with its client as the template makes it."""
        asked = self.opens(f"/{site}")
        if asked.status != 303 or "/sign-in" not in asked.location:
            raise SystemExit(f"/{site} without a session answers {asked.status}")
        page = fetched(self.opens(asked.location).location)
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page.text))
        form = urllib.parse.urlencode(
            {name: html.unescape(value) for name, value in fields.items()} | {"username": mail, "password": PASSWORD}
        )
        back = fetched(f"{self.house.emulator.url}/login", "POST", form, {"content-type": "application/x-www-form-urlencoded"})
        signed_in = self.opens(back.location)
        if signed_in.status != 303:
            raise SystemExit(f"{mail} cannot sign in to /{site}: {signed_in.status} {signed_in.text[:2000]}")
        self.csrf = self.opens(signed_in.location).hidden("csrf")
        return self


class House:
    """The installation in the emulator, and what is seen of it from outside."""

    def __init__(self, emulator, made, outputs, around, parameters, stack, attempts):
        self.emulator, self.made, self.outputs, self.around = emulator, made, outputs, around
        self.stage, self.domain, self.stack, self.attempts = parameters["Stage"], parameters["DomainName"], stack, attempts
        self.host = f"{made['Api']}.execute-api.localhost"
        self.dynamodb, self.s3, self.iam = (emulator.client(service) for service in ("dynamodb", "s3", "iam"))
        self.refused, self.forbidden = {}, 0

    def ops(self, folder, *arguments, secret=""):
        """The operator's command, with the operator's credentials and the outputs of the stack."""
        variables = {
            "AWS_REGION": "ap-northeast-1",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_ENDPOINT_URL": self.emulator.url,
            "HOKEN_LINE_API": self.around.line.url,
            "HOKEN_LINE_DATA_API": self.around.line.url,
            "HOKEN_TABLE": self.outputs["TableName"],
            "HOKEN_KEY_TABLE": self.outputs["KeyTableName"],
            "HOKEN_BUCKET": self.outputs["BucketName"],
            "HOKEN_PARAMETERS": self.outputs["ParameterPath"],
            "HOKEN_KMS_KEY": f"alias/hokenshitsu-{self.stage}",
            "PATH": os.environ["PATH"],
        }
        run = subprocess.run([Path(folder) / "ops", "--json", *arguments], env=variables, input=secret.encode(), capture_output=True)
        if run.returncode != 0:
            raise SystemExit(f"ops {' '.join(arguments)}: {run.stderr.decode()}")
        return json.loads(run.stdout or b"null")

    def items(self, kind=None, table="TableName"):
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=self.outputs[table], ConsistentRead=True)
        items = [item for page in pages for item in page["Items"]]
        return [item for item in items if kind is None or item.get("kind", {}).get("S") == kind]

    def objects(self, prefix=""):
        listed = self.s3.list_object_versions(Bucket=self.outputs["BucketName"], Prefix=prefix)
        return [(found["Key"], found["VersionId"]) for found in listed.get("Versions", []) + listed.get("DeleteMarkers", [])]

    def mails(self, to=""):
        sent = json.load(urllib.request.urlopen(f"{self.emulator.url}/_ministack/ses/messages"))["messages"]
        return [mail for mails in sent.values() for mail in mails if any(to in address for address in mail["To"])]

    def state(self):
        """Everything that can be written anywhere."""
        written = [self.items(), self.items(table="KeyTableName")]
        texts = [sorted(json.dumps(item, sort_keys=True, default=repr) for item in items) for items in written]
        return texts, sorted(self.objects()), len(self.mails()), len(self.around.line.calls)

    def settle(self):
        """Waits until nothing is on its way: nothing that is due waits for the outbox, and nothing changes."""
        before = None
        for _ in range(120):
            now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds")
            waits = [
                item
                for item in self.items("Outbox")
                if item["state"]["S"] == "Taken" or item["state"]["S"] == "Pending" and item["due"]["S"] <= now
            ]
            state = self.state()
            if not waits and state == before:
                return
            before = state
            time.sleep(0.3)
        raise SystemExit(f"something stays on its way: {[item['sk'] for item in waits]}")

    @contextlib.contextmanager
    def without_policy(self, function):
        role = self.made[self.stack.role(self.stack.functions()[function])]
        policies = {
            name: self.iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
            for name in self.iam.list_role_policies(RoleName=role)["PolicyNames"]
        }
        for name in policies:
            self.iam.delete_role_policy(RoleName=role, PolicyName=name)
        yield
        for name, document in policies.items():
            self.iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))

    def story(self, function, what, act, ends, first=None):
        """`act` without the policy is denied and changes nothing; with it, what `ends` waits for comes. `first` is done before, without
        the policy too. Where there is no `act`, what `first` began comes again by itself."""
        self.settle()
        wire, began = self.around.wires[function], time.monotonic()
        sure(not wire.denied, f"{function} is denied what it asks for: {wire.denied}")
        with self.without_policy(function):
            if first:
                first()
            before = self.state()
            answer = act() if act else None
            sure(not isinstance(answer, Answer) or answer.status >= 500, f"{function} answers without its policy", answer)
            sure(wire.is_denied(), f"{function} without its policy is denied nothing: {answer}\n{self.log(function)}")
            time.sleep(0.5)
            sure(self.state() == before, f"{function} without its policy has changed something")
        denied = len(wire.denied)
        answer = act() if act else None
        for _ in range(100):
            if ends(answer):
                break
            time.sleep(0.2)
        else:
            said = f"{answer.status} {answer.text[:1500]}" if isinstance(answer, Answer) else answer
            raise SystemExit(f"{function} does not come to its end: {said}\n{self.log(function)}\ndenied: {wire.denied[denied:]}")
        # What failed before can be denied once more in the moment in which the policy comes back; who waits for an answer is not.
        sure(answer is None or len(wire.denied) == denied, f"{function} is denied what it asks for: {wire.denied[denied:]}")
        self.refused[function] = len(wire.denied)
        refused, took = " ".join(wire.denied[0]).strip(), time.monotonic() - began
        print(f"{function:18} {what}; without its policy denied {refused} ({took:.1f} s)")
        return answer

    def begins_anew(self, function):
        """A new process takes over, which remembers nothing."""
        client, name = self.emulator.client("lambda"), f"hokenshitsu-{self.stage}-{function}"
        variables = client.get_function_configuration(FunctionName=name)["Environment"]["Variables"] | {"HOKEN_LOG": "debug"}
        client.update_function_configuration(FunctionName=name, Environment={"Variables": variables})

    def wait(self, otherwise, has_come):
        for _ in range(100):
            if has_come():
                return
            time.sleep(0.2)
        raise SystemExit(otherwise)

    def log(self, function):
        found = self.emulator.client("logs").filter_log_events(logGroupName=f"/hokenshitsu/{self.stage}/{function}")["events"]
        return "\n".join(event["message"].rstrip() for event in found[-20:])

    def is_forbidden(self, function, what, call):
        """`call` works for an operator and is denied to the function's role."""
        call(self.emulator.client)
        attempts = self.attempts(self.stack.role(self.stack.functions()[function]))
        sure(not attempts.may(lambda: call(attempts.client)), f"{function} may {what}")
        self.forbidden += 1

    def scheduled(self, name, schedules):
        """Invokes with what the schedule says, as the scheduler's role."""
        ((function, payload),) = [(function, payload) for schedule, _, function, payload in schedules if schedule == name]
        scheduler = self.attempts("SchedulerRole").client("lambda")
        answer = scheduler.invoke(FunctionName=f"hokenshitsu-{self.stage}-{function}", Payload=payload.encode())
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    def unused(self, function):
        """Rights that the function's policy gives and its story did not need."""
        for action, resource, condition in self.stack.allowed(self.stack.role(self.stack.functions()[function])):
            service = action.split(":")[0]
            of_lambda = service in ("logs", "sqs") or "/stream/" in resource
            # Those of KMS are asked for by services, not by the function; nobody calls ListBucket, see the template.
            if of_lambda or "kms:ViaService" in json.dumps(condition) or action in ("s3:ListBucket", "ses:SendRawEmail"):
                continue
            places = condition.get("StringLike", {}).get("s3:prefix") or [
                resource.split("table/")[-1].split("${Stage}/")[-1].split("Bucket.Arn}/")[-1]
            ]
            for place in many(places):
                place = place.replace("${TableName}", self.outputs["TableName"]).replace("${KeyTableName}", self.outputs["KeyTableName"])
                place = "" if service in ("kms", "ses") else place.removesuffix("/*").removesuffix("/by_due")
                if (action, place) not in self.around.wires[function].used:
                    yield f"{action} {place}".strip()


class Member:
    """Somebody who uses LINE."""

    def __init__(self, house):
        self.house, self.id = house, "U" + secrets.token_hex(16)

    def acts(self, event):
        """As LINE delivers it, signed."""
        now = time.time()
        event = {"source": {"type": "user", "userId": self.id}, "webhookEventId": ulid(now), "timestamp": int(now * 1000)} | event
        event |= {"mode": "active", "deliveryContext": {"isRedelivery": False}, "replyToken": secrets.token_hex(16)}
        body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
        signature = hmac.digest(CHANNEL_SECRET.encode(), body, "sha256")
        headers = {"content-type": "application/json", "x-line-signature": base64.b64encode(signature).decode()}
        return Browser(self.house).asks("POST", "/line/main/webhook", body, headers)

    def does(self, event):
        answer = self.acts(event)
        if answer.status != 200:
            raise SystemExit(f"the webhook answers {answer.status}")

    def sends(self, message):
        message |= {"id": str(secrets.randbits(59))}
        self.does({"type": "message", "message": message})
        return message["id"]

    def says(self, text):
        self.sends({"type": "text", "text": text})

    def touches(self, data):
        self.does({"type": "postback", "postback": {"data": data}})


def set_up(house, folder):
    """The operator sets the installation up; a company is there since more than two months, by the time in its id."""
    ops = lambda *arguments, secret="": house.ops(folder, *arguments, secret=secret)
    ops("init")
    ops("settings", "set", "--duty", DUTY, "--operator", OPERATOR, "--terms", "https://example.jp/t", "--privacy", "https://example.jp/p")
    ops("channel", "set", "main", "--channel-id", "2000000001", "--basic-id", "@hoken", secret=CHANNEL_SECRET)
    ops("menu", "apply")
    entered = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=65)
    plans = ["--plans", "employee-support,interview-support", "--number-width", "6"]
    made = ops("tenant", "add", "--name", COMPANY, "--channel", "main", "--starts", entered.date().isoformat(), *plans)
    tenant = ulid(entered.timestamp())
    for item in house.items():
        if made["id"] in json.dumps(item):
            key = {name: item[name] for name in ("pk", "sk")}
            house.dynamodb.delete_item(TableName=house.outputs["TableName"], Key=key)
            dated = json.loads(json.dumps(item).replace(made["id"], tenant))
            house.dynamodb.put_item(TableName=house.outputs["TableName"], Item=dated)
    ops("nurse", "add", "--name", "佐藤 恵", "--mail", NURSE, "--licences", "nurse,public-health-nurse")
    ops("contact", "add", COMPANY, "--name", "田村 直樹", "--mail", CONTACT)
    (nurse,), (contact,) = ops("nurse", "list"), ops("contact", "list", COMPANY)
    ops("tenant", "in-charge", COMPANY, nurse["id"])
    pools = {
        "StaffPool": (NURSE, "佐藤 恵", nurse["id"], "", "nurse"),
        "ContactPool": (CONTACT, "田村 直樹", contact["id"], tenant, "contact"),
    }
    cognito = house.emulator.client("cognito-idp")
    for pool, (mail, name, staff, of, group) in pools.items():
        attributes = {"email": mail, "email_verified": "true", "name": name, "custom:staff": staff} | ({"custom:tenant": of} if of else {})
        named = {"UserPoolId": house.made[pool], "Username": mail}
        attributes = [{"Name": key, "Value": value} for key, value in attributes.items()]
        cognito.admin_create_user(**named, UserAttributes=attributes, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**named, Password=PASSWORD, Permanent=True)
        cognito.admin_add_user_to_group(**named, GroupName=group)
    return tenant, made["code"]


def sure(holds, otherwise, answer=None):
    if not holds:
        raise SystemExit(otherwise if answer is None else f"{otherwise}: {answer.status} {answer.text[:2000]}")


def honoured(permit, content):
    put = fetched(permit["url"], "PUT", content, permit["headers"])
    sure(put.status == 200, "a permit is not honoured", put)


def a_roster(house, tenant, contact):
    """From the contact's page through bucket and queue to the table, the report and the mail."""
    asked = {"kind": "full", "bytes": len(FILE), "ending": "csv"}
    asks = lambda: contact.sends_json("/contacts/uploads", asked)
    permit = json.loads(house.story("contact-portal", "gives a permit for a roster", asks, lambda answer: answer.status == 200).text)

    def is_imported(_):
        reported = house.objects(f"roster-out/{tenant}/") and house.mails(CONTACT)
        return len(house.items("RosterRow")) == 3 and reported and not house.objects("roster-in/")

    house.story("roster-import", "makes a file three rows, a report and a mail", None, is_imported, lambda: honoured(permit, FILE))
    delivery = contact.opens(contact.opens(permit["page"]).location)
    sure("取り込みが完了しました" in delivery.text, "the contact does not see the delivery", delivery)


def a_consultation(house, code, nurse, schedules):
    """A member registers, asks, and is answered; gives the member, the id that stands in keys, and the address of the thread."""
    member, line = Member(house), house.around.line
    Member(house).does({"type": "follow"})
    is_welcome = lambda answer: answer.status == 200 and len(house.items("LineUser")) == 2 and len(line.texts("reply")) > 1
    house.story("line-webhook", "knows a new LINE user and replies", lambda: member.acts({"type": "follow"}), is_welcome)
    for text in (f"登録コード {code}", "101"):
        member.says(text)
    member.touches("consent")
    member.says("腰が痛いです")
    # Without the key that the process made: it has to be read and unwrapped.
    house.begins_anew("line-webhook")
    picture = member.sends({"type": "image", "contentProvider": {"type": "line"}})
    house.wait("the picture is not kept", lambda: house.objects("documents/"))
    member.does({"type": "unsend", "unsend": {"messageId": picture}})
    house.wait("the picture is not deleted", lambda: not house.objects("documents/"))
    (consultation,) = house.items("Consultation")
    of = consultation["pk"]["S"].removeprefix("MEMBER#")
    thread = f"/desk/members/{of}/consultations/{consultation['sk']['S'].removeprefix('CONSULTATION#')}"

    # What is queued while the outbox may do nothing is lost to the stream, and found by the sweep.
    sweep = lambda: house.scheduled("outbox-sweep", schedules)
    is_alarmed = lambda answer: not answer[0] and house.mails(DUTY)
    house.story("outbox", "sends the alert about words of danger", sweep, is_alarmed, lambda: member.says("死にたい"))

    def replies():
        page = nurse.opens(thread)
        words = {"text": "お話を聞かせてください。"}
        return page if page.status >= 500 else nurse.sends(f"{thread}/reply", page.fields("form", "version") | words)

    is_pushed = lambda answer: answer.status == 303 and any("お話を聞かせて" in text for text in line.texts("push"))
    house.story("nurse-console", "shows what the member wrote, and answers it on LINE", replies, is_pushed)
    page = nurse.opens(thread)
    sure("腰が痛いです" in page.text, "the thread does not show what the member wrote", page)
    return member, of, thread


def a_document(house, nurse, thread):
    """By the link in the chat through the quarantine to where the nurse opens it."""
    nurse.sends(f"{thread}/ask-documents", nurse.opens(thread).fields("form", "version"))
    house.settle()
    links = re.findall(r"https://[^/]+(/documents/[\w-]+)", json.dumps(house.around.line.calls))
    page = Browser(house).opens(links[-1])
    sure(page.status == 200, "the page behind the link does not open", page)
    asked = {"name": "letter.pdf", "size": len(PDF), "type": "application/pdf"}
    asks = lambda: Browser(house).sends_json(links[-1], asked)
    permit = house.story("document-upload", "gives a permit for a document", asks, lambda answer: answer.status == 200)
    is_stored = lambda _: any(item["state"]["S"] == "Stored" for item in house.items("Document")) and not house.objects("uploads/")
    uploads = lambda: honoured(json.loads(permit.text), PDF)
    house.story("document-arrival", "takes the document out of the quarantine", None, is_stored, uploads)
    document = house.objects("documents/")[0][0].rsplit("/", 1)[1]
    opened = fetched(nurse.opens(f"{thread}/documents/{document}").location)
    sure(opened.body == PDF, "the nurse cannot open the document", opened)


def an_interview(house, contact, nurse):
    """Booked on the site, with a request form whose file the nurse opens."""
    later = (datetime.date.today() + datetime.timedelta(days=14)).isoformat()
    slot = contact.opens(f"/booking?week={later}").hidden("slot")
    holds = lambda: contact.sends("/booking/holds", {"slot": slot})
    held = house.story("slot-booking", "holds a slot", holds, lambda answer: answer.status == 303)
    fields = {"slot": slot, "number": "101", "name": "髙橋 一郎", "method": "web", "purpose": "checkup", "mail": CONTACT}
    interview = contact.sends(held.location.split("?")[0], fields).location.split("?")[0]
    seen = contact.opens(interview).fields("version", "file")
    saved = contact.sends(f"{interview}/request-form", seen | {"text": "復職後の面談です。"}, PDF)
    sure(saved.location.endswith("sent=request"), "the request form is not saved", saved)
    file = re.search(r'"(/desk/interviews/[^"]+/files/[^"]+)"', nurse.opens("/desk/interviews").text)[1]
    opened = fetched(nurse.opens(file).location)
    sure(opened.body == PDF, "the nurse cannot open the file of the request form", opened)


def tell(house, folder, schedules):
    began = time.monotonic()
    tenant, code = set_up(house, folder)
    stranger = Browser(house).opens("/booking")
    sure(stranger.status == 303 and "/booking/sign-in" in stranger.location, "/booking is open without a session", stranger)
    contact, nurse = Browser(house).signs_in("contacts", CONTACT), Browser(house).signs_in("desk", NURSE)
    published = nurse.sends("/desk/hours", {day: "9:00-17:00" for day in ("mon", "tue", "wed", "thu", "fri")} | {"dates": ""})
    sure(published.location == "/desk/hours?sent=1", "the hours are not published", published)
    print(f"set up and signed in: {time.monotonic() - began:.1f} s")

    a_roster(house, tenant, contact)
    member, of, thread = a_consultation(house, code, nurse, schedules)
    a_document(house, nurse, thread)
    an_interview(house, contact, nurse)
    is_reported = lambda answer: answer[1].get("reports", 0) > 0 and any("ご利用状況" in mail["Subject"] for mail in house.mails(CONTACT))
    house.story("kpi-report", "freezes months and reports them", lambda: house.scheduled("kpi-monthly", schedules), is_reported)
    # A mail to the contact came back.
    bounce = json.loads((EVENTS / "mail-feedback/bounce-permanent.json").read_text())["Records"][0]["Sns"]["Message"]
    publish = lambda: house.emulator.client("sns").publish(TopicArn=house.made["FeedbackTopic"], Message=bounce) and None
    is_marked = lambda _: house.items("MarkedAddress") and house.mails(OPERATOR)
    house.story("mail-feedback", "marks an address and tells the operator", publish, is_marked)
    for name in sorted(name for name, *_ in schedules):
        error, said = house.scheduled(name, schedules)
        sure(not error, f"the schedule {name} ends with {error}: {said}")
    print(f"{len(schedules)} schedules: run as the scheduler's role")
    forbidden(house, of)
    member.says("退会")
    member.touches("leave-yes")
    purge = lambda: house.scheduled("purge-sweep", schedules)
    is_erased = lambda _: not house.items(table="KeyTableName") and not house.objects("documents/") and not house.items("Message")
    house.story("retiree-purge", "erases a member who leaves, with key and document", purge, is_erased)

    for function, wire in sorted(house.around.wires.items()):
        unexpected = wire.denied[house.refused[function] :]
        sure(not unexpected, f"{function} is denied what it asks for: {unexpected}")
        if unused := sorted(set(house.unused(function))):
            print(f"{function:18} rights that nothing here needed: {', '.join(unused)}")
    counts = f"{len(house.refused)} stories passed, as many denied without their policy; {house.forbidden} forbidden calls denied"
    print(f"{counts}; {time.monotonic() - began:.0f} s")


def forbidden(house, member):
    """Each is there for an operator, and denied to the function."""
    table, keys, bucket, key = (house.outputs[name] for name in ("TableName", "KeyTableName", "BucketName", "KeyArn"))
    wrapped = {"pk": {"S": f"MEMBER#{member}"}}
    document = house.objects("documents/")[0][0]
    read_key = lambda client: client("dynamodb").batch_get_item(RequestItems={keys: {"Keys": [wrapped]}})
    list_items = lambda client: client("dynamodb").query(
        TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": wrapped["pk"]}
    )
    read_document = lambda client: client("s3").get_object(Bucket=bucket, Key=document)
    new_key = lambda client: client("kms").generate_data_key(
        KeyId=key, KeySpec="AES_256", EncryptionContext={"member": member, "tenant": "x"}
    )
    channel = lambda client: client("ssm").get_parameter(Name=f"{house.outputs['ParameterPath']}/line/main", WithDecryption=True)
    mail = lambda client: client("sesv2").send_email(
        FromEmailAddress=f"info@{house.domain}",
        Destination={"ToAddresses": ["forbidden@example.jp"]},
        Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
    )
    # Nobody's key, so that whoever may destroys none.
    destroy_key = lambda client: client("dynamodb").delete_item(TableName=keys, Key={"pk": {"S": "MEMBER#nobody"}})
    for function, calls in {
        "line-webhook": {"list what a member wrote": list_items, "open a document": read_document},
        "contact-portal": {"read a member's key": read_key, "open a document": read_document},
        "nurse-console": {"destroy a key": destroy_key, "send a mail": mail},
        "slot-booking": {"read a member's key": read_key, "open a document": read_document},
        "document-upload": {"open a document": read_document, "destroy a key": destroy_key},
        "document-arrival": {"list what a member wrote": list_items, "make a key": new_key},
        "outbox": {"make a key": new_key, "open a document": read_document},
        "roster-import": {"read a member's key": read_key, "open a document": read_document},
        "kpi-report": {"read a member's key": read_key, "send a mail": mail},
        "retiree-purge": {"open a document": read_document, "read LINE's secret": channel},
        "mail-feedback": {"read a member's key": read_key, "read LINE's secret": channel},
    }.items():
        for what, call in calls.items():
            house.is_forbidden(function, what, call)
        print(f"{function:18} may not {', nor '.join(calls)}")
