"""What each function and the command `ops` call at AWS, read from the Rust sources: which operations of the tables, the bucket and KMS
their code reaches through `shared/store`. By names, without a compiler: where a name has several meanings, only what all of them need is
counted. So a right that is missing here and needed in truth is possible, and a change that calls something new is noticed. Of `ops` it is
also read which partitions, prefixes and parameters an operation is for."""

import re
import tomllib

from source import ROOT, rust

ITEMS = {
    "get_item": "GetItem",
    "batch_get_item": "BatchGetItem",
    "put_item": "PutItem",
    "update_item": "UpdateItem",
    "delete_item": "DeleteItem",
    "batch_write_item": "BatchWriteItem",
}
# What a transaction is made of; IAM knows no other right for it.
WRITES = {"put": "PutItem", "put_new": "PutItem", "put_if": "PutItem", "put_if_named": "PutItem", "update": "UpdateItem"}
WRITES |= {"delete": "DeleteItem", "delete_if": "DeleteItem", "delete_if_named": "DeleteItem", "check": "ConditionCheckItem"}
KEY_WRITES = {
    "put_data_key": "PutItem",
    "update_data_key": "UpdateItem",
    "check_data_key": "ConditionCheckItem",
    "delete_data_key": "DeleteItem",
}
OBJECTS = {
    "get_object": "GetObject",
    "put_object": "PutObject",
    "list_object_versions": "ListBucketVersions",
    "delete_objects": "DeleteObjectVersion",
}
# Two functions in one crate.
FILES_OF_ARRIVAL = {"arrival.rs", "keep.rs"}
# Signs an address to learn the bucket's origin, and calls nothing.
CALLS_NOTHING = {"origin"}
# What the installation's parameters are called, by the functions that read them.
PARAMETERS = {"installation": "secret", "channel": "line/*"}
# How `ops` writes a parameter; one that must not be there yet is never written over.
PUTS = {"put": "PutParameter", "put_new": "PutParameter once"}
# What a service asks KMS for in the caller's name.
KMS = {"GetParameter": ("Decrypt", "ssm"), "PutParameter": ("Encrypt", "ssm"), "PutParameter once": ("Encrypt", "ssm")}
KMS |= {"GetObject": ("Decrypt", "s3"), "PutObject": ("GenerateDataKey", "s3")}
# Whose templates: who calls says it.
SHELVES = {"Shelf::Shared": "OPERATOR", "Shelf::Of": "DESK#*"}
SDKS = {"aws-sdk-dynamodb", "aws-sdk-s3", "aws-sdk-ssm"}


class Function:
    """A function of `shared/store` or `infra/ops`."""

    def __init__(self, module, owner, name, text):
        self.module, self.owner, self.name = module, owner, name
        head, _, self.body = text.partition("{")
        self.in_transaction = "Transaction<" in head and owner not in ("Transaction", "Store")


def functions_in(module, source):
    """The functions in a source."""
    owners = [(found.start(), found[1]) for found in re.finditer(r"^impl(?:<[^>]*>)? (?:\w+ for )?(\w+)", source, re.M)]
    for found in re.finditer(r"^( *)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:async )?fn (\w+)", source, re.M):
        end = source.find(f"\n{found[1]}}}\n", found.end())
        owner = [owner for start, owner in owners if start < found.start()][-1:] if found[1] else []
        yield Function(module, owner[0] if owner else None, found[2], source[found.end() : end])


class Store:
    """All functions of `shared/store`, with what they reach."""

    def __init__(self):
        self.functions, self.constants, self.entities = [], set(), {}
        for path, source in rust(ROOT / "shared/store/src"):
            self.functions += functions_in(path.stem, source)
            self.constants |= {(path.stem, *found) for found in re.findall(r'\bconst (\w+): &str = "([^"]+)"', source)}
            entity = re.search(r'\bconst ENTITY: Entity =\s*Entity \{\s*name: "\w+",\s*pk: "([^"]+)"', source)
            self.entities[path.stem] = set(re.split(r", | or ", entity[1])) if entity else set()
        self.reached = {}

    def named(self, owner, name):
        return [function for function in self.functions if function.owner == owner and function.name == name]

    def reach(self, function):
        if function not in self.reached:
            self.reached[function] = set()  # where functions call each other
            self.reached[function] = self.direct(function.body) | self.calls(function.body, function)
        return self.reached[function]

    def direct(self, body):
        found = {("table", right) for call, right in ITEMS.items() if f".{call}()" in body}
        if ".batch_get_item()" in body:
            found = set()  # of which table: `calls` looks at what is wanted
        if ".query()" in body:
            found.add(("index" if ".index_name(" in body else "table", "Query"))
        for name in re.findall(r"\btransaction\s*\.\s*(\w+)\(", body):
            found |= {("table", WRITES[name])} if name in WRITES else set()
            found |= {("keys", KEY_WRITES[name])} if name in KEY_WRITES else set()
        found |= {("bucket", right) for call, right in OBJECTS.items() if re.search(rf"\.{call}\(\)", body)}
        found |= {
            ("kms", right) for call, right in (("generate_data_key", "GenerateDataKey"), ("decrypt", "Decrypt")) if f".{call}()" in body
        }
        return found

    def calls(self, body, by=None):
        """What is reached by the calls in a body: of a function of the store, or of what uses the store."""
        found = set()
        owners = ["Store"] if by is None else [by.owner]
        for receiver, name in re.findall(r"\b(store|self|documents|files|data_keys)\s*\.\s*(\w+)\(", body):
            if receiver == "self" and by is None:
                continue
            for owner in {"store": ["Store"], "documents": ["Documents"], "files": ["RosterFiles"], "data_keys": ["DataKeys"]}.get(
                receiver, owners
            ):
                for function in self.named(owner, name):
                    found |= set() if name in CALLS_NOTHING else self.reach(function)
        if re.search(r"\.fetch\(", body):
            found |= {("table", "BatchGetItem")} if not re.search(r"items: Vec::new\(\)", body) else set()
        if re.search(r"data_keys: vec!\[|\bdata_keys\s*\.\s*(push|extend)\(|\.data_keys = ", body):
            found.add(("keys", "BatchGetItem"))
        for module, name in re.findall(r"\b(\w+)::(\w+)\(", body):
            for function in self.named(None, name):
                found |= self.reach(function) if function.module == module else set()
        for name in re.findall(r"(?<![\w.:])(\w+)\(\s*(?:&mut transaction|transaction|&?self\.s3|s3)\b", body):
            for function in self.named(None, name):
                found |= self.reach(function) if by is not None and function.module == by.module else set()
        for name in re.findall(r"(?<![\w.:])(delete_objects)\(", body):
            found |= {("bucket", OBJECTS[name])}
        for kind, name in re.findall(
            r"(?:\b([A-Z]\w+)::[^;.]*)?(?:\.|::)(\w+)\(\s*(?:[\w&.]+(?:\(\))?, )?(?:&mut )?(?:self\.|work\.)?transaction\b", body
        ):
            meant = [function for function in self.functions if function.in_transaction and function.name == name and function.owner]
            meant = [function for function in meant if function.owner == kind] or meant
            if meant:
                found |= set.intersection(*(self.reach(function) for function in meant))
        return found

    def around(self, function, seen=None):
        """A function, and those of its module that it calls."""
        seen = set() if seen is None else seen
        if function not in seen:
            seen.add(function)
            called = set(re.findall(r"\b(\w+)\(", function.body))
            for other in self.functions:
                if other.module == function.module and other.name in called:
                    self.around(other, seen)
        return seen

    def partitions(self, text, kind):
        """The partitions of the keys that a text names: of the table where `kind` is `Key`, of the index where it is `IndexKey`."""
        found = set(re.findall(r'\bquery_\w+\(\s*"([A-Z]+)"', text)) if kind == "Key" else set()
        for name in re.findall(rf"\b{kind}::(\w+)", text):
            found |= {value for _, constant, value in self.constants if constant == name}
            for function in self.named(kind, name):
                # The sort key is no matter.
                before, _, given = function.body.partition("Self::new(")
                first = re.match(r'\s*(?:(?:format!\()?"[^"]+"|Self::\w+)', given)
                text = before + (first[0] if first else "")
                found |= {pattern(literal) for literal in re.findall(r'"([A-Z][^"]*)"', text)}
                found |= self.partitions(text.replace("Self::", f"{kind}::"), kind)
        return found

    def used(self, function, caller):
        """What a function reaches, as where, right, and of what. One that is of no entity takes any key: `caller` names it."""
        text = "".join(other.body for other in self.around(function))
        entity = {pattern(pk) for pk in self.entities[function.module]}
        keys = (self.partitions(text, "Key") or entity) if entity else self.partitions(caller, "Key")
        if function.module == "template":
            keys -= {partition for shelf, partition in SHELVES.items() if shelf not in caller}
        prefixes = {value for module, name, value in self.constants if module == function.module and re.search(rf"\b{name}\b", text)}
        of = {"table": keys, "index": self.partitions(text, "IndexKey"), "bucket": {value for value in prefixes if value.endswith("/")}}
        reached = self.reach(function) | ({("table", "BatchGetItem")} if function.name == "fetch" else set())
        found = {(where, right, what) for where, right in reached for what in of.get(where, {"member"})}
        if ("table", "UpdateItem") in reached:
            expressions = " ".join(re.findall(r'_expression\("([^"]+)"\)', function.body))
            found |= {("attributes", "UpdateItem", name) for name in re.findall(r"(\w+) = ", expressions)}
            found |= {("attributes", "UpdateItem", name) for name in ("pk", "sk")}
        return found


def pattern(partition):
    """As policies name partitions: `TENANT#*` for `TENANT#{tenant}`."""
    return re.sub(r"\{.*", "*", partition)


def of_operator():
    """What the acts call that the command `ops` can be told to do, as where, right, and of what."""
    sdks = {name for name in tomllib.loads((ROOT / "infra/ops/Cargo.toml").read_text())["dependencies"] if name.startswith("aws-sdk-")}
    sources = {path: source for path, source in rust(ROOT / "infra/ops/src")}
    calls = set(re.findall(r"\bself\s*\.\s*ssm\s*\.\s*(\w+)\(", "".join(sources.values())))
    if sdks != SDKS or calls != {"clone", "get_parameters_by_path", "put_parameter"}:
        raise SystemExit(f"infra/ops calls what is not read here: {sorted(sdks ^ SDKS)} {sorted(calls)}")
    store, acts, wanted = Store(), {}, set()
    for path, source in sources.items():
        acts |= {function.name: function.body for function in functions_in(path.stem, source) if function.owner == "Ops"}
        wanted |= set(re.findall(r"\bops\s*\.\s*(\w+)\(", source)) if "cli" in path.parts else set()
    reached = set()
    while wanted - reached:
        reached |= wanted
        wanted = {name for act in reached & set(acts) for name in re.findall(r"\bself\s*\.\s*(\w+)\(", acts[act])}
    found = set()
    for body in (acts[name] for name in reached & set(acts)):
        needs = set()
        for owner, name in re.findall(r"\bself\s*\.\s*(store|files)\s*\.\s*(\w+)\(", body):
            for function in store.named({"store": "Store", "files": "RosterFiles"}[owner], name):
                needs |= store.used(function, body)
        for owner, name in re.findall(r"\b([A-Z]\w+) \{[^{}]*\}\s*\.(\w+)\(&mut transaction\)", body):
            for function in store.named(owner, name):
                needs |= store.used(function, body)
        # A right whose keys are not found is in no policy, and so is told.
        known = {(where, right) for where, right, _ in needs}
        needs |= {(where, right, "?") for where, right in (store.direct(body) | store.calls(body)) - known}
        for call in re.findall(r"\bparameters\s*\.\s*(\w+)\(", body):
            if call not in {"reader", "channels", *PUTS}:
                needs.add(("parameters", call, "?"))
        for call, name in PARAMETERS.items():
            needs |= {("parameters", "GetParameter", name)} if re.search(rf"\breader\(\)\s*\.\s*{call}\(", body) else set()
            for put, right in PUTS.items():
                writes = re.search(rf"\bparameters\s*\.\s*{put}\(self\.parameters\.reader\(\)\.{call}_name\(", body)
                needs |= {("parameters", right, name)} if writes else set()
        needs |= {("parameters", "GetParametersByPath", "line")} if re.search(r"\bparameters\s*\.\s*channels\(", body) else set()
        found |= needs | {("kms", *KMS[right]) for _, right, _ in needs if right in KMS}
    return found


def of_functions(binaries):
    """Function → what it calls, as pairs of where and which right."""
    store, found = Store(), {}
    for function, crate in binaries.items():
        body = ""
        for path, source in rust(ROOT / "functions" / crate / "src"):
            is_of_arrival = path.name in FILES_OF_ARRIVAL
            if crate != "document-upload" or is_of_arrival == (function == "document-arrival"):
                body += source
        needs = store.direct(body) | store.calls(body)
        needs |= {
            ("parameters", name)
            for call, name in PARAMETERS.items()
            if re.search(rf"\bparameters\s*\.\s*{call}\(", body)
        }
        found[function] = needs
    return found
