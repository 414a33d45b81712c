#!/usr/bin/env python3
"""Proves infra/template.yaml without an account: the SAM transform, cfn-lint on what comes out, the rules, and that each rule can fail.

    python3 tests/template/prove.py

Installs the two programs into an environment under target/, once. Nothing is called over a network afterwards.
"""

import sys

import environment

PACKAGES = ["aws-sam-translator==1.115.0", "cfn-lint==1.58.0", "PyYAML==6.0.4"]

if __name__ == "__main__":
    environment.enter("template-venv", PACKAGES)

import copy  # noqa: E402
import json  # noqa: E402

from cfnlint.api import ManualArgs, lint  # noqa: E402

import source  # noqa: E402
from mutations import MUTATIONS  # noqa: E402
from rules import RULES, Stack  # noqa: E402
from transform import load, transform  # noqa: E402


def findings(template):
    """What cfn-lint says: errors and warnings."""
    found = lint(json.dumps(template, indent=1, ensure_ascii=False), config=ManualArgs(regions=["ap-northeast-1"]))
    return [f"{match.rule.id} {match.message}" for match in found]


def broken(name, template, facts):
    return list(RULES[name](Stack(template), facts))


def main():
    written = load()
    facts = source.read()
    complaints = []
    for stage, parameters in facts.stages.items():
        template = transform(written, parameters)
        complaints += [f"{stage}: {name}: {complaint}" for name in RULES for complaint in broken(name, template, facts)]
    complaints += findings(template)
    if complaints:
        print(*complaints, sep="\n", file=sys.stderr)
        return f"the template does not hold: {len(complaints)}"

    # A rule that nothing breaks proves nothing.
    slept = []
    for mutation in MUTATIONS:
        damaged, changed = copy.deepcopy(template), copy.deepcopy(facts)
        mutation.damage(damaged["Resources"], changed)
        try:
            felt = broken(mutation.rule, damaged, changed)
        except (KeyError, AttributeError, TypeError) as error:
            felt = []
            slept.append(f"{mutation.name}: {mutation.rule} stumbled over it: {error!r}")
        if not felt:
            slept.append(f"{mutation.name}: {mutation.rule} did not notice")
    slept += [f"{name} is broken by no mutation" for name in RULES if name not in {mutation.rule for mutation in MUTATIONS}]
    damaged = copy.deepcopy(template)
    damaged["Resources"]["LineWebhook"]["Properties"]["Timeout"] = "soon"
    if not findings(damaged):
        slept.append("cfn-lint did not notice a time-out that is no number")
    if slept:
        print(*slept, sep="\n", file=sys.stderr)
        return f"rules that cannot fail: {len(slept)}"
    print(f"{len(template['Resources'])} resources, {len(RULES)} rules, each seen to fail under {len(MUTATIONS)} mutations")
    return None


if __name__ == "__main__":
    sys.exit(main())
