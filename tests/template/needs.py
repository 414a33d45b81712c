"""What each function calls at AWS, read from the Rust sources: which operations of the tables, the bucket and KMS its code reaches
through `shared/store`. By names, without a compiler: where a name has several meanings, only what all of them need is counted. So a
right that is missing here and needed in truth is possible, and a change that calls something new is noticed."""

import re

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


class Function:
    """A function of `shared/store`."""

    def __init__(self, module, owner, name, text):
        self.module, self.owner, self.name = module, owner, name
        head, _, self.body = text.partition("{")
        self.in_transaction = "Transaction<" in head and owner not in ("Transaction", "Store")


class Store:
    """All of them, with what they reach."""

    def __init__(self):
        self.functions = []
        for path, source in rust(ROOT / "shared/store/src"):
            owners = [(found.start(), found[1]) for found in re.finditer(r"^impl(?:<[^>]*>)? (?:\w+ for )?(\w+)", source, re.M)]
            for found in re.finditer(r"^( *)(?:pub(?:\([a-z]+\))? )?(?:const )?(?:async )?fn (\w+)", source, re.M):
                end = source.find(f"\n{found[1]}}}\n", found.end())
                owner = [owner for start, owner in owners if start < found.start()][-1:] if found[1] else []
                self.functions.append(Function(path.stem, owner[0] if owner else None, found[2], source[found.end() : end]))
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
            for call, name in (("installation", "secret"), ("channel", "line/*"))
            if re.search(rf"\bparameters\s*\.\s*{call}\(", body)
        }
        found[function] = needs
    return found
