"""What the code says that the template has to say too, read from its source. What cannot be found is an error, so that a change of
the source's shape does not make a rule empty."""

import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / "infra/local/src"


@dataclass
class Source:
    """Facts; the self-test changes them."""

    binaries: dict = field(default_factory=dict)  # function → crate
    events: set = field(default_factory=set)  # folders in events/
    schedules: set = field(default_factory=set)  # (name, expression, function, input)
    routes: dict = field(default_factory=dict)  # route → function
    bucket_events: dict = field(default_factory=dict)  # prefix → function
    prefixes: set = field(default_factory=set)  # what keys of objects begin with
    stream_filter: str = ""
    stream_batch: int = 0
    queue_batch: int = 0
    pollers: int = 0
    receives: int = 0
    long_runs: set = field(default_factory=set)  # functions with Lambda's longest time
    variables: set = field(default_factory=set)
    sign_in_variables: set = field(default_factory=set)
    optional_variables: set = field(default_factory=set)
    sign_in: dict = field(default_factory=dict)  # crate → HOKEN_… address of its pages
    roles: set = field(default_factory=set)
    index: str = ""
    partitions: set = field(default_factory=set)  # of the index, up to the first variable part
    upload_headers: set = field(default_factory=set)
    words: set = field(default_factory=set)  # (crate, alarm)
    needs: dict = field(default_factory=dict)  # function → what its code calls at AWS, see needs.py
    operator: set = field(default_factory=set)  # what the acts of `ops` call at AWS: where, right, of what
    raw_mail: bool = False
    stages: dict = field(default_factory=dict)  # stage → parameters
    readme: str = ""
    root: Path = ROOT


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


def one(pattern, path, flags=0):
    found = re.search(pattern, text(path), flags)
    if not found:
        raise SystemExit(f"{path} has no {pattern}")
    return found.group(1)


def every(pattern, path, flags=0):
    found = re.findall(pattern, text(path), flags)
    if not found:
        raise SystemExit(f"{path} has no {pattern}")
    return found


def rust(folder):
    """Path and text of the sources in a folder, without tests at their end."""
    for path in sorted(folder.rglob("*.rs")):
        if "tests" not in path.parts:
            yield path, re.split(r"\n#\[cfg\(test\)\]\nmod ", path.read_text(encoding="utf-8"))[0]


def binaries():
    found = {}
    for manifest in sorted(ROOT.glob("functions/*/Cargo.toml")):
        crate = tomllib.loads(manifest.read_text(encoding="utf-8"))["package"]["name"]
        if (manifest.parent / "src/main.rs").exists():
            found[crate] = crate
        for extra in manifest.parent.glob("src/bin/*.rs"):
            found[extra.stem] = crate
    return found


def routes():
    """The local gateway's: which function answers a path, under the route that its event names."""
    gateway = "infra/local/src/functions.rs"
    of_handler = {}
    for handler, body in every(r"\nasync fn (\w+)\(State(.*?)\n}", gateway, re.S):
        called = re.search(r'\.request\("([\w-]+)", "(\w+) (\S+)"', body)
        if called:
            of_handler[handler] = called.groups()
    found = {}
    for pattern, handler in every(r'\.route\("([^"]+)", any\((\w+)\)\)', gateway):
        function, method, _ = of_handler[handler]
        path = re.sub(r"{[*]\w+}", "{proxy+}", pattern)
        found[f"{method} {path}"] = function
    named = {f"{method} {route}" for _, method, route in of_handler.values()}
    if not named <= set(found):
        raise SystemExit(f"routes in events of the local gateway that it has not: {named - set(found)}")
    return found


def partitions():
    """The index's, as entities name them: `QUEUE or DESK#{nurse} / …, or …`."""
    found = set()
    for _, entity in rust(ROOT / "shared/store/src/entity"):
        for index in re.findall(r'index: "([^"]+)"', entity):
            for place in re.split(r", or ", index):
                found |= {re.sub(r"{.*", "", name.strip()) for name in place.split(" / ")[0].split(" or ")}
    return found


def words():
    found = set()
    for manifest in sorted(ROOT.glob("functions/*/Cargo.toml")):
        for path, source in rust(manifest.parent / "src"):
            said = re.findall(r"\balarm = (\S+?)[,)]", source)
            if not all(re.fullmatch(r'"[a-z-]+"', word) for word in said):
                raise SystemExit(f"{path}: an alarm that is no word can have no filter")
            found |= {(manifest.parent.name, word.strip('"')) for word in said}
    for path, source in rust(ROOT / "shared"):
        if re.search(r"\balarm = ", source):
            raise SystemExit(f"{path}: an alarm of a shared crate needs a filter for each function; say which")
    return found


def sign_in():
    found = {}
    for manifest in sorted(ROOT.glob("functions/*/Cargo.toml")):
        if "SignInEnvironment::from_process" in (manifest.parent / "src/main.rs").read_text(encoding="utf-8"):
            origin = one(r"origin: environment\.(\w+)\.clone\(\)", manifest.parent.relative_to(ROOT) / "src/lib.rs")
            found[manifest.parent.name] = f"HOKEN_{origin.upper()}"
    return found


def read():
    import needs  # reads sources by what is in here

    environment = "shared/runtime/src/environment.rs"
    body, sign_in_body = text(environment).split("impl SignInEnvironment")
    required = re.findall(r'^            "(HOKEN_\w+)",$', body, re.M) + re.findall(r'parsed\("(HOKEN_\w+)", None\)', body)
    queues = {
        "ROSTERS": one(r'const ROSTER_QUEUE: &str = "([\w-]+)"', "infra/local/src/system.rs"),
        "UPLOADS": one(r'const UPLOAD_QUEUE: &str = "([\w-]+)"', "infra/local/src/system.rs"),
    }
    one(r"(queues: vec!\[\(ROSTERS, rosters\), \(UPLOADS, uploads\)\])", "infra/local/src/aws/s3/notification.rs")
    notified = dict(every(r'^const (ROSTERS|UPLOADS): &str = "([^"]+)";', "infra/local/src/aws/s3/notification.rs", re.M))
    documents, rosters = "shared/store/src/documents.rs", "shared/store/src/roster_files.rs"
    prefixes = every(r'format!\("([a-z-]+/)\{', documents) + every(r'^const (?:UPLOADS|IN|OUT): &str = "([a-z-]+/)"', rosters, re.M)
    prefixes += every(r'^const UPLOADS: &str = "([a-z-]+/)"', documents, re.M)
    recurring = one(r"const RECURRING: .*?= \[(.*?)\n\];", "infra/local/src/system.rs", re.S)
    stages = tomllib.loads(text("infra/samconfig.toml"))
    return Source(
        binaries=binaries(),
        events={path.name for path in (ROOT / "events").iterdir() if path.is_dir() and path.name != "__pycache__"},
        schedules=set(re.findall(r'\("([\w-]+)", "([^"]+)", "([\w-]+)", r#"(.*?)"#\)', recurring)),
        routes=routes(),
        bucket_events={notified[which]: queue for which, queue in queues.items()},
        prefixes=set(prefixes),
        stream_filter=one(r"filter of the event source mapping: `(.*?)`", "infra/local/src/aws/streams.rs"),
        stream_batch=int(one(r"const BATCH: usize = (\d+)", "infra/local/src/aws/streams.rs")),
        queue_batch=int(one(r"const BATCH: usize = (\d+)", "infra/local/src/aws/sqs/source.rs")),
        pollers=int(one(r"const POLLERS: usize = (\d+)", "infra/local/src/aws/sqs/source.rs")),
        receives=int(one(r"MOST_RECEIVES: u32 = (\d+)", "infra/local/src/aws/sqs.rs")),
        long_runs=set(re.findall(r'"([\w-]+)"', one(r"matches!\(name, (.*?)\) \{ LONG_TIME_LIMIT", "infra/local/src/functions.rs"))),
        variables=set(required),
        sign_in_variables=set(re.findall(r'"(HOKEN_\w+)"', sign_in_body.split("\n#[cfg(test)]")[0])),
        optional_variables=set(re.findall(r'parsed\("(HOKEN_\w+)", Some', body)),
        sign_in=sign_in(),
        roles=set(every(r'^    [A-Z]\w+ = "(\w+)",', "shared/web/src/role.rs", re.M)),
        index=one(r'pub const INDEX: &str = "(\w+)"', "shared/store/src/keys.rs"),
        partitions=partitions(),
        upload_headers=set(re.findall(r'"([\w-]+)"', one(r"const ALLOWED: .*?= \[(.*?)\]", "infra/local/src/aws/s3/cors.rs"))),
        words=words(),
        needs=needs.of_functions(binaries()),
        operator=needs.of_operator(),
        raw_mail="EmailContent::builder().raw(" in text("functions/outbox/src/to_mail.rs"),
        stages={
            stage: dict(value.split("=", 1) for value in stages[stage]["deploy"]["parameters"]["parameter_overrides"])
            for stage in ("dev", "prod")
        },
        readme=text("infra/README.md"),
    )
