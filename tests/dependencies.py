#!/usr/bin/env python3
"""Holds docs/dependencies.md against the manifests: every direct dependency is listed once, under the right heading, with a reason.
What the workspace offers and nobody takes is told too."""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[1]


def main():
    command = ["cargo", "metadata", "--no-deps", "--format-version=1", "--locked"]
    packages = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)["packages"]
    named = {"In functions": set(), "Elsewhere": set()}
    for package in packages:
        place = pathlib.Path(package["manifest_path"]).relative_to(ROOT).parts[0]
        for dependency in package["dependencies"]:
            if "path" not in dependency:
                deployed = place in ("functions", "shared") and dependency["kind"] != "dev"
                named["In functions" if deployed else "Elsewhere"].add(dependency["name"])
    named["Elsewhere"] -= named["In functions"]
    text = (ROOT / "docs/dependencies.md").read_text()
    wrong = []
    for heading, crates in named.items():
        part = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.S | re.M)
        rows = re.findall(r"^\| `([^`]+)` \| *(.*?) *\|$", part[1] if part else "", re.M)
        listed = [crate for crate, _ in rows]
        wrong += [f"{crate} is not listed under “{heading}”" for crate in sorted(crates - set(listed))]
        wrong += [f"{crate} is listed under “{heading}” and no manifest names it so" for crate in sorted(set(listed) - crates)]
        wrong += [f"{crate} is listed twice" for crate in sorted({crate for crate in listed if listed.count(crate) > 1})]
        wrong += [f"{crate} has no reason" for crate, why in rows if not why]
    offered = tomllib.loads((ROOT / "Cargo.toml").read_text())["workspace"]["dependencies"]
    taken = set().union(*named.values())
    wrong += [f"{crate} is in the root's Cargo.toml and nobody takes it" for crate, how in offered.items() if "path" not in how and crate not in taken]
    if wrong:
        sys.exit("Direct dependencies:\n" + "\n".join(wrong))
    print(f"{sum(map(len, named.values()))} direct dependencies, each with its reason")


if __name__ == "__main__":
    main()
