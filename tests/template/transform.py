"""What CloudFormation gets: infra/template.yaml through the SAM transform, without an account or a network."""

import copy
import logging
from pathlib import Path

import boto3
import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "infra/template.yaml"


class _Loader(yaml.SafeLoader):
    """Knows the short forms of CloudFormation's functions; a key that comes twice is an error, of which YAML makes the last one."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"comes twice: {sorted(twice)}", node.start_mark)
        return super().construct_mapping(node, deep)


def _short_form(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


def load(path=TEMPLATE):
    return yaml.load(path.read_text(encoding="utf-8"), _Loader)


def transform(template, parameters):
    """The CloudFormation template; `parameters` are those of a stage in samconfig.toml."""
    logging.getLogger("samtranslator").setLevel(logging.ERROR)
    template = copy.deepcopy(template)
    packaged = "s3://packages/function.zip"
    # `sam package` does the same with the built functions.
    template["Globals"]["Function"]["CodeUri"] = packaged
    session = boto3.Session(region_name="ap-northeast-1", aws_access_key_id="none", aws_secret_access_key="none")
    return Translator({}, Parser(), [], session).translate(template, parameters)
