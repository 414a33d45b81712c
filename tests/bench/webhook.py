#!/usr/bin/env python3
"""The webhook function beside the same job in Node.js and Python, in one run: CPU until the first answer, CPU a warm answer, memory.

    tests/bench/webhook.py                        # builds line-webhook with --release; a quarter of an hour, most of it building
    tests/bench/webhook.py --plain                # without TLS
    tests/bench/webhook.py --local target/load/local --rounds 3

All three are processes of their own that poll one stand-in of Lambda's runtime API: ours as it is deployed, the others by AWS's
runtime interface clients (`aws-lambda-ric`, `awslambdaric`) with the jobs in tests/bench/webhook, the one for Node.js bundled. They
talk to one local system over TLS, each over connections of its own, and handle the same message of the same registered member:
signature, parameters, data key, what there is to know, sealed message and answer, one transaction, LINE's reply, settling.

First it is shown that they do the same: the calls at the wire, cold and warm, are equal, so are the attributes of all items, and the
nurses' desk opens every message. Then rounds are measured, the contenders one after the other in each; medians count. CPU is the
kernel's own account of the process with all its threads, in nanoseconds, read when the process polls. Memory is Linux's VmHWM.

Our function trusts only the roots that are compiled in. The end of TLS here has a chain of three RSA certificates like AWS's own, and
a copy of the binary gets its root's key in the place of Amazon Root CA 1's, at both places where that stands. Nothing else of it changes.
"""

import argparse
import asyncio
import base64
import datetime
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import queue
import re
import shutil
import ssl
import statistics
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "fire"))
from goals import compare  # noqa: E402
from system import ROOT, Member, System, build  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent / "webhook"
TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
PLACE = TARGET / "webhook-bench"
PYTHON = PLACE / "python/bin/python"
SECRET = b"demo-channel-secret-0123456789abcd"
CALLS = {
    "cold": {"dynamodb": {"BatchGetItem": 1, "GetItem": 1, "PutItem": 1, "TransactWriteItems": 1}, "kms": {"Decrypt": 1},
             "line": {"reply": 1, "token": 1}, "ssm": {"GetParameter": 2}},
    "warm": {"dynamodb": {"BatchGetItem": 1, "GetItem": 1, "PutItem": 1, "TransactWriteItems": 1}, "line": {"reply": 1}},
}
OURS, NODE, PYTHON_JOB = "Rust, as deployed", "Node.js 20", "Python 3.11"
# What is aimed at.
GOALS = [
    ("CPU to the first answer, ms", "≤", 5, lambda r: r[OURS]["both"]),
    ("CPU to the first answer: Node.js, times as much", "≥", 30, lambda r: r[NODE]["both"] / r[OURS]["both"]),
    ("CPU to the first answer: Python, times as much", "≥", 100, lambda r: r[PYTHON_JOB]["both"] / r[OURS]["both"]),
    ("CPU a warm answer: Node.js, times as much", "≥", 8, lambda r: r[NODE]["warm"] / r[OURS]["warm"]),
    ("CPU a warm answer: Python, times as much", "≥", 6, lambda r: r[PYTHON_JOB]["warm"] / r[OURS]["warm"]),
    ("peak of memory, MB", "≤", 12, lambda r: r[OURS]["peak"]),
]


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=11)
    arguments.add_argument("--warm", type=int, default=200, help="warm webhooks a round that are measured, after a quarter as many that are not")
    arguments.add_argument("--plain", action="store_true", help="without TLS")
    arguments.add_argument("--profile", default="load", help="cargo profile of the local system")
    arguments.add_argument("--local", type=pathlib.Path, help="a local system that is built already")
    arguments = arguments.parse_args()
    install()
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "-p", "line-webhook"], cwd=ROOT, check=True)
    local = arguments.local or build(arguments.profile)
    data = PLACE / "data"
    shutil.rmtree(data, ignore_errors=True)
    system = System(local.resolve(), data)
    system.start()
    try:
        run(system, data, arguments)
    finally:
        system.stop()


def install():
    """The others' libraries, once; then this script runs under the Python that has them."""
    if not PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", PLACE / "python"], check=True)
    if pathlib.Path(sys.prefix) != PLACE / "python":
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "-r", HERE / "requirements.txt"], check=True)
        os.execv(PYTHON, [PYTHON, *sys.argv])
    node = PLACE / "node"
    if not (node / "task/job.js").exists() or (node / "task/job.js").stat().st_mtime < (HERE / "job.mjs").stat().st_mtime:
        if not (node / "node_modules/.package-lock.json").exists():
            shutil.copytree(HERE, node, dirs_exist_ok=True)
            install_node(node)
        shutil.copy(HERE / "job.mjs", node)
        bundle = ["--bundle", "--minify", "--platform=node", "--target=node20", "--log-level=warning", "--outfile=task/job.js"]
        subprocess.run(["node_modules/.bin/esbuild", "job.mjs", *bundle], cwd=node, check=True)


def install_node(node):
    """aws-lambda-ric is built from its source."""
    tools = [tool for tool in ("cmake", "autoconf", "automake", "libtool") if not shutil.which(tool.replace("libtool", "libtoolize"))]
    if tools:
        root = [] if os.geteuid() == 0 else ["sudo"]
        subprocess.run([*root, "apt-get", "update", "-qq"], check=True)
        subprocess.run([*root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *tools], check=True, stdout=subprocess.DEVNULL)
    prefix = pathlib.Path(shutil.which("node")).resolve().parents[1]
    headers = {"npm_config_nodedir": str(prefix)} if (prefix / "include/node/node_api.h").exists() else {}
    subprocess.run(["npm", "ci", "--silent"], cwd=node, env=os.environ | headers, check=True)


# The end of TLS.


def certificates():
    """A root with the name of Amazon Root CA 1, an intermediate and a certificate for localhost, as PEM files in PLACE."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    amazon = amazon_root()
    now = datetime.datetime.now(datetime.timezone.utc)
    key = {who: rsa.generate_private_key(65537, 2048) for who in ("root", "intermediate", "leaf")}
    name = {
        "root": amazon.subject,
        "intermediate": x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Intermediate of the benchmark")]),
        "leaf": x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
    }
    made = {}
    for who, by in (("root", "root"), ("intermediate", "root"), ("leaf", "intermediate")):
        ca = who != "leaf"
        public = key[who].public_key()
        # Not longer than the certificate whose place it takes.
        serial, day = x509.random_serial_number() >> 96, datetime.timedelta(days=1)
        builder = x509.CertificateBuilder(name[by], name[who], public, serial, now - day, now + 30 * day)
        builder = builder.add_extension(x509.BasicConstraints(ca, None), critical=True)
        builder = builder.add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        if who != "root":
            builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key[by].public_key()), critical=False)
        usage = x509.KeyUsage(not ca, False, not ca, False, False, ca, ca, False, False)
        builder = builder.add_extension(usage, critical=True)
        if who == "leaf":
            builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        made[who] = builder.sign(key[by], hashes.SHA256())
    pem = {who: certificate.public_bytes(serialization.Encoding.PEM) for who, certificate in made.items()}
    private = key["leaf"].private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (PLACE / "server.pem").write_bytes(pem["leaf"] + pem["intermediate"] + private)
    (PLACE / "root.pem").write_bytes(pem["root"])
    import botocore

    # What botocore reads without being told otherwise, and ours.
    usual = pathlib.Path(botocore.__file__).with_name("cacert.pem").read_bytes()
    (PLACE / "bundle.pem").write_bytes(usual + pem["root"])


def amazon_root():
    from cryptography import x509

    return x509.load_pem_x509_certificate(amazon_pem())


def amazon_pem():
    """Amazon Root CA 1 as it stands first in our list."""
    return re.match(rb"-----BEGIN.*?END CERTIFICATE-----\n", (ROOT / "shared/runtime/roots/amazon.pem").read_bytes(), re.S)[0]


def trusting(binary):
    """A copy of `binary` that trusts our root where it trusted Amazon Root CA 1: in the list for AWS and in the one for LINE."""
    from cryptography import x509

    copy, code, root = PLACE / "line-webhook", binary.read_bytes(), (PLACE / "root.pem").read_bytes()
    ours = x509.load_pem_x509_certificate(root).public_key().public_numbers()
    theirs = amazon_root().public_key().public_numbers()
    old = amazon_pem()
    for before, after in ((old, root.ljust(len(old), b"\n")), (theirs.n.to_bytes(256), ours.n.to_bytes(256))):
        if code.count(before) != 1 or len(before) != len(after):
            sys.exit(f"the binary holds Amazon Root CA 1 {code.count(before)} times, and {len(after)} bytes are to go where {len(before)} are")
        code = code.replace(before, after)
    copy.write_bytes(code)
    copy.chmod(0o755)
    return copy


class Tls(threading.Thread):
    """Ends TLS before ports of the local system; `ends` are the ports where it does, by the names of `addresses`."""

    def __init__(self, addresses):
        super().__init__(daemon=True)
        self.ends, self.open, self.addresses = {}, threading.Event(), addresses
        self.start()
        self.open.wait()

    def run(self):
        asyncio.run(self.serve())

    async def serve(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(PLACE / "server.pem")
        for name, port in self.addresses.items():
            server = await asyncio.start_server(lambda *ends, port=port: self.join_ends(port, *ends), "127.0.0.1", 0, ssl=context)
            self.ends[name] = server.sockets[0].getsockname()[1]
        self.open.set()
        await asyncio.Event().wait()

    async def join_ends(self, port, reader, writer):
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)


async def pipe(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


# Lambda's runtime API.


class Function:
    """A function's process, and the runtime API that it polls."""

    def __init__(self, command, environment, folder):
        self.events, self.said, self.started = queue.Queue(), queue.Queue(), threading.Event()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Api", (RuntimeApi,), {"function": self}))
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        api = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self.server.server_port}", "LAMBDA_TASK_ROOT": str(folder)}
        self.log = PLACE / "function.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, env=environment | api, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.started.set()
        self.expect("next")

    def cpu(self):
        """Seconds of CPU that the process has used, all threads: the clock that clock_getcpuclockid(3) names."""
        # Ours polls before Popen has returned.
        self.started.wait()
        return time.clock_gettime(~self.process.pid << 3 | 2)

    def expect(self, what):
        try:
            said, self.cpu_then = self.said.get(timeout=60)
        except queue.Empty:
            said = "nothing"
        if said != what:
            self.stop()
            sys.exit(f"FAILED: expected {what}, the function said {said}: {self.log.read_text()[-3000:]}")

    def handle(self, event):
        """Hands the event over; returns when the answer is there and the function polls again."""
        self.events.put(event)
        self.expect({"statusCode": 200})
        self.expect("next")

    def peak(self):
        """MB of resident memory at most."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.events.put(None)
        self.server.shutdown()
        self.server.server_close()


class RuntimeApi(http.server.BaseHTTPRequestHandler):
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        self.function.said.put(("next", self.function.cpu()))
        event = self.function.events.get()
        if event is None:
            return
        head = {
            "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 10_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:ap-northeast-1:000000000000:function:line-webhook",
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Parent=9a9197af755a6419;Sampled=0",
        }
        self.answer(200, event, head)

    def do_POST(self):
        body = self.body()
        try:
            said = {"statusCode": json.loads(body)["statusCode"]} if self.path.endswith("/response") else body
        except (ValueError, KeyError):
            said = body
        self.function.said.put((said, None))
        self.answer(202, b"", {})

    def body(self):
        if self.headers.get("transfer-encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length", 0)))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def answer(self, status, body, head):
        self.send_response(status)
        for name, value in (head | {"Content-Type": "application/json", "Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# The member and the messages.


class Messages:
    """Further messages of one member, each with a reply token that LINE's stand-in knows."""

    def __init__(self, system):
        self.system, self.count = system, 0
        company = system.get("local/status")["tenants"][0]
        employee = company["employees"][0]
        self.member = Member(system, company["code"], employee["number"])
        self.member.says(employee["name"])
        system.post("local/line/reply-tokens", {"seconds": 3600})
        self.request = json.loads((ROOT / "events/line-webhook/message-text.json").read_text())

    def take(self, count):
        """So many events of the gateway, and the LINE events in them."""
        events = [self.event() for _ in range(count)]
        for first in range(0, count, 50):
            # On standby LINE gives out no tokens unless told to, and the system's own function does nothing.
            waiting = [event | {"mode": "standby"} for event in events[first : first + 50]]
            self.system.post("local/line/deliver", {"channel": "demo", "events": waiting})
        return [self.of_gateway(event) for event in events], events

    def event(self):
        self.count += 1
        return {
            "type": "message", "mode": "active", "replyToken": f"{self.count:032x}", "webhookEventId": f"01KBENCH{self.count:018}",
            "timestamp": int(time.time() * 1000), "source": {"type": "user", "userId": self.member.user},
            "deliveryContext": {"isRedelivery": False},
            "message": {"type": "text", "id": str(600_000_000_000_000_000 + self.count), "quoteToken": "q3Plxr4AgKd",
                        "text": f"{self.count}日目です。頭痛が続いています。"},
        }

    def of_gateway(self, event):
        body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}, ensure_ascii=False)
        signature = base64.b64encode(hmac.digest(SECRET, body.encode(), hashlib.sha256)).decode()
        headers = self.request["headers"] | {"content-length": str(len(body.encode())), "x-line-signature": signature}
        return json.dumps(self.request | {"headers": headers, "body": body}, ensure_ascii=False).encode()


def contenders(data, plain):
    """Name → command, environment, folder."""
    environment = json.loads((data / "environment.json").read_text())
    named = {name: value for name, value in environment.items() if name.startswith(("AWS_ENDPOINT", "HOKEN_LINE"))}
    addresses = {name: int(re.search(r"^http://127.0.0.1:(\d+)/$", value)[1]) for name, value in named.items()}
    environment |= {
        "AWS_LAMBDA_FUNCTION_NAME": "line-webhook", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128",
        "AWS_DEFAULT_REGION": environment["AWS_REGION"], "AWS_SESSION_TOKEN": "local", "TZ": ":UTC", "LANG": "en_US.UTF-8", "PATH": os.environ["PATH"],
    }
    ours = TARGET / "release/line-webhook"
    node, python = {}, {}
    if not plain:
        certificates()
        ours = trusting(ours)
        # As at AWS, each service has an address and so a connection of its own.
        addresses |= {f"AWS_ENDPOINT_URL_{service}": addresses["AWS_ENDPOINT_URL"] for service in ("KMS", "SSM")}
        ends = Tls(addresses).ends
        environment |= {name: f"https://localhost:{port}" for name, port in ends.items()}
        node = {"NODE_EXTRA_CA_CERTS": str(PLACE / "root.pem")}
        python = {"AWS_CA_BUNDLE": str(PLACE / "bundle.pem"), "SSL_CERT_FILE": str(PLACE / "bundle.pem")}
    ric = PLACE / "node/node_modules/aws-lambda-ric/bin/index.mjs"
    return {
        OURS: ([ours], environment, PLACE),
        NODE: (["node", ric, "job.handler"], environment | node, PLACE / "node/task"),
        PYTHON_JOB: ([PYTHON, "-m", "awslambdaric", "job.handler"], environment | python, HERE),
    }


def run(system, data, arguments):
    messages, them = Messages(system), contenders(data, arguments.plain)
    they_do_the_same(system, messages, them)
    unmeasured = arguments.warm // 4
    rounds = {name: [] for name in them}
    for nth in range(arguments.rounds):
        for name, how in them.items():
            events, _ = messages.take(1 + unmeasured + arguments.warm)
            rounds[name].append(measure(how, events, unmeasured))
        print(f"round {nth + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
    medians = {name: {what: statistics.median(one[what] for one in all) for what in all[0]} for name, all in rounds.items()}
    show(rounds, medians, arguments)


def measure(how, events, unmeasured):
    function = Function(*how)
    try:
        start = function.cpu_then
        function.handle(events[0])
        first = function.cpu_then
        for event in events[1 : 1 + unmeasured]:
            function.handle(event)
        before, measured = function.cpu_then, events[1 + unmeasured :]
        for event in measured:
            function.handle(event)
        warm = (function.cpu_then - before) / len(measured)
        return {"start": start * 1e3, "first": (first - start) * 1e3, "both": first * 1e3, "warm": warm * 1e3, "peak": function.peak()}
    finally:
        function.stop()


def they_do_the_same(system, messages, them):
    """Each handles a cold and a warm message; what that called and wrote is compared."""
    seen, said = {}, []
    for name, how in them.items():
        (cold, warm), events = messages.take(2)
        function = Function(*how)
        try:
            for state, event in (("cold", cold), ("warm", warm)):
                system.request("POST", "local/calls/reset")
                bubbles = messages.member.bubbles()
                function.handle(event)
                calls = system.get("local/calls")
                # The sweep of the outbox looks for what is due, by itself.
                calls = {service: {call: count for call, count in of.items() if call != "Query"} for service, of in calls.items()}
                calls = {service: of for service, of in calls.items() if of}
                if calls != CALLS[state]:
                    sys.exit(f"FAILED: {name}, {state}, calls {calls}: {function.log.read_text()[-3000:]}")
                if messages.member.bubbles() != bubbles + 1:
                    sys.exit(f"FAILED: {name} does not answer once")
        finally:
            function.stop()
        said += [event["message"]["text"] for event in events]
        seen[name] = written(system, messages.member.user, events)
    if any(shapes != seen[OURS] for shapes in seen.values()):
        sys.exit(f"FAILED: they do not write the same: {seen}")
    page = desk(system)
    if missing := [text for text in said if text not in page]:
        sys.exit(f"FAILED: the desk does not show {missing}")
    print(f"each makes the same calls, writes the same items, and the desk opens all {len(said)} messages", file=sys.stderr, flush=True)


def written(system, user, events):
    """The items that each event left: kind → attributes."""
    items = {(item["pk"], item["sk"]): item for prefix in ("LINE#", "MEMBER#") for item in system.items(prefix)}
    shapes = []
    for event in events:
        inbox = next(item for (_, sk), item in items.items() if sk == f"INBOX#{event['webhookEventId']}")
        sent = items[inbox["pk"], f"SENT#{event['message']['id']}"]
        message = next(item for (_, sk), item in items.items() if sk == sent["message"])
        answer = items[tuple(inbox["reply"])]
        shapes += [{item["kind"]: {name: type(value).__name__ for name, value in sorted(item.items())}} for item in (inbox, sent, message, answer)]
        shapes.append(answer["state"])
    consultation = [item for item in items.values() if item["kind"] == "Consultation"]
    markers = [item for item in system.items("MARKERS#") if "#ACTIVE#" in item["pk"]]
    return shapes, [sorted(item) for item in consultation], len(markers)


def desk(system):
    """The page on which a nurse reads the member's consultation."""
    cookie = system.post("local/sign-in", {"person": "nurse-sato"})["cookie"]
    head = next(item for item in system.items("MEMBER#") if item["kind"] == "Consultation")
    connection = http.client.HTTPConnection("127.0.0.1", system.port, timeout=60)
    connection.request("GET", f"/desk/members/{head['member']}/consultations/{head['id']}", headers={"cookie": cookie})
    return connection.getresponse().read().decode()


def show(rounds, medians, arguments):
    tls = "without TLS" if arguments.plain else "TLS to AWS and LINE"
    print(f"\nCPU in ms, medians of {arguments.rounds} rounds (least–most), {tls}, {arguments.warm} warm webhooks a round\n")
    print("| | start until the first poll | first webhook | both | a warm webhook | peak of memory, MB |\n| --- | --- | --- | --- | --- | --- |")
    for name, all in rounds.items():
        cells = []
        for what in ("start", "first", "both", "warm", "peak"):
            values = [one[what] for one in all]
            digits = 2 if medians[OURS][what] < 10 else 1
            cells.append(f"{medians[name][what]:.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})")
        print(f"| {name} | {' | '.join(cells)} |")
    for name in (NODE, PYTHON_JOB):
        print(f"| {name} / ours | {' | '.join(f'{medians[name][what] / medians[OURS][what]:.1f} ×' for what in ('start', 'first', 'both', 'warm', 'peak'))} |")
    compare([(what, sign, bound, figure(medians)) for what, sign, bound, figure in GOALS])


if __name__ == "__main__":
    main()
