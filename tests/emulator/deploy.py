#!/usr/bin/env python3
"""Deploys infra/template.yaml to an emulator of AWS that enforces IAM, looks whether requests, objects, records and notices reach their
functions, asks for every function what its role may and may not do, and takes it down again.

    python3 tests/emulator/deploy.py                           # half a minute
    python3 tests/emulator/deploy.py --binaries target/debug   # a minute; after cargo build
    python3 tests/emulator/deploy.py --keep                    # goes on running, with the addresses printed, until Ctrl-C

In the place of the functions stands a program that logs its event and answers with its name. With --binaries the functions themselves
run, under their roles' credentials, and stories.py tells a story of each.

What the emulator does not know is left out or changed, and printed: two kinds of resources, conditions on four context keys that it
never sets, the refusal of what comes without TLS, since it speaks in clear, and routes, which it does not read from a description.
"""

import argparse
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "template"))
import environment  # noqa: E402
from prove import PACKAGES  # noqa: E402

if __name__ == "__main__":
    environment.enter("template-venv", PACKAGES)

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

import source  # noqa: E402
import stories  # noqa: E402
from rules import Stack, many, shown  # noqa: E402
from transform import load, transform  # noqa: E402

EMULATOR = ["ministack==1.5.33"]
ACCOUNT, REGION = "000000000000", "ap-northeast-1"
UNKNOWN_KINDS = {"AWS::Route53::RecordSetGroup", "AWS::Cognito::ManagedLoginBranding"}
# Context keys that it never sets: what is allowed under them would be denied always, what is denied under them never.
UNKNOWN_CONTEXT = ("kms:ViaService", "kms:EncryptionContext:", "ses:FromAddress", "dynamodb:LeadingKeys")
ROOT = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}


class Emulator:
    """Runs while the block does."""

    def __enter__(self):
        python = environment.made("emulator-venv", EMULATOR)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder = tempfile.TemporaryDirectory()
        variables = {
            "AUTH": "true",
            "GATEWAY_PORT": str(port),
            "BIND_HOST": "127.0.0.1",
            "TMPDIR": self.folder.name,
            "MINISTACK_REGION": REGION,
        }
        variables |= {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "PATH": os.environ["PATH"], "HOME": self.folder.name}
        self.log = open(Path(self.folder.name) / "log", "wb")
        self.process = subprocess.Popen([python, "-m", "ministack"], env=variables, stdout=self.log, stderr=self.log, cwd=self.folder.name)
        self.url = f"http://127.0.0.1:{port}"
        for _ in range(150):
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1)
                return self
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(Path(self.log.name).read_text()) from None
                time.sleep(0.2)
        raise SystemExit("the emulator does not answer")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        self.folder.cleanup()

    def client(self, service, credentials=None):
        # One try: what is denied is not asked again.
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return boto3.client(service, endpoint_url=self.url, config=config, **(credentials or ROOT))


def routes(resources):
    """The routes of the API's description, as resources of their own."""
    for path, methods in resources["Api"]["Properties"]["Body"]["paths"].items():
        for method, described in methods.items():
            key = ("ANY" if method.startswith("x-") else method.upper()) + " " + path
            name = "Route" + "".join(letter for letter in key if letter.isalnum())
            uri = described["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            function = {"Fn::GetAtt": [uri.split("${")[-1].split(".")[0], "Arn"]}
            calls = {"ApiId": {"Ref": "Api"}, "IntegrationType": "AWS_PROXY", "IntegrationUri": function, "PayloadFormatVersion": "2.0"}
            target = {"Fn::Sub": "integrations/${" + name + "Calls}"}
            yield name + "Calls", {"Type": "AWS::ApiGatewayV2::Integration", "Properties": calls}
            yield name, {"Type": "AWS::ApiGatewayV2::Route", "Properties": {"ApiId": {"Ref": "Api"}, "RouteKey": key, "Target": target}}


def fitted(template, url):
    """The template that the emulator at `url` can take; says what is different."""
    resources = template["Resources"]
    resources.update(list(routes(resources)))
    resources["Api"]["Properties"].pop("Body")
    resources["Api"]["Properties"] |= {"Name": "hokenshitsu", "ProtocolType": "HTTP"}
    resources["Api"]["Properties"].pop("FailOnWarnings", None)
    left_out = sorted(name for name, resource in resources.items() if resource["Type"] in UNKNOWN_KINDS)
    for name in left_out:
        del resources[name]
    changed = 0
    for name, resource in list(resources.items()):
        if resource["Type"].endswith("Policy") and "PolicyDocument" in resource["Properties"]:
            document = resource["Properties"]["PolicyDocument"]
            # It speaks in clear, and so would everybody be refused.
            document["Statement"] = [statement for statement in document["Statement"] if statement["Effect"] != "Deny"]
            if not document["Statement"]:
                del resources[name]
        if resource["Type"] == "AWS::IAM::Role":
            for policy in resource["Properties"]["Policies"]:
                statements = policy["PolicyDocument"]["Statement"]
                for statement in list(statements):
                    if "ses:" in str(statement["Action"]):
                        # It looks for the right to send on everything only.
                        statement["Resource"] = "*"
                    if any(key in json.dumps(statement.get("Condition", {})) for key in UNKNOWN_CONTEXT):
                        changed += 1
                        # Its S3 and SSM do not ask KMS in the caller's name.
                        if statement["Effect"] == "Deny" or "kms:ViaService" in json.dumps(statement["Condition"]):
                            statements.remove(statement)
                        else:
                            del statement["Condition"]
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Code"] = {"S3Bucket": "packages", "S3Key": "function.zip"}
            resource["Properties"]["Environment"]["Variables"]["AWS_ENDPOINT_URL"] = url
    print(f"left out: {', '.join(left_out)}; conditions that it does not know: {changed}")
    return template


# A custom runtime: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
PROBE = """#!/usr/bin/env python3
import json, os
from urllib.request import Request, urlopen
api = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
while True:
    asked = urlopen(f"{api}/next")
    print("EVENT " + json.dumps(json.loads(asked.read())), flush=True)
    answer = {"statusCode": 200, "body": os.environ["AWS_LAMBDA_FUNCTION_NAME"], "batchItemFailures": []}
    urlopen(Request(f"{api}/{asked.headers['Lambda-Runtime-Aws-Request-Id']}/response", json.dumps(answer).encode()))
"""


def package():
    """The probe."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        entry = zipfile.ZipInfo("bootstrap")
        entry.external_attr = 0o755 << 16
        archive.writestr(entry, PROBE)
    return packed.getvalue()


def deploy(emulator, template, parameters, packages):
    s3, formation = emulator.client("s3"), emulator.client("cloudformation")
    s3.create_bucket(Bucket="packages", CreateBucketConfiguration={"LocationConstraint": REGION})
    for name, content in packages.items():
        s3.put_object(Bucket="packages", Key=f"{name}.zip", Body=content)
    s3.put_object(Bucket="packages", Key="template.json", Body=json.dumps(template).encode())
    formation.create_stack(
        StackName="hokenshitsu",
        TemplateURL=f"{emulator.url}/packages/template.json",
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"],
        Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
    )
    for _ in range(300):
        status = formation.describe_stacks(StackName="hokenshitsu")["Stacks"][0]["StackStatus"]
        if not status.endswith("IN_PROGRESS"):
            break
        time.sleep(0.5)
    if status != "CREATE_COMPLETE":
        events = formation.get_paginator("describe_stack_events").paginate(StackName="hokenshitsu").build_full_result()["StackEvents"]
        for event in reversed(events):
            if "FAILED" in event["ResourceStatus"]:
                print(event["LogicalResourceId"], event["ResourceStatus"], event.get("ResourceStatusReason"))
        raise SystemExit(f"the stack is {status}")
    resources = (
        formation.get_paginator("list_stack_resources").paginate(StackName="hokenshitsu").build_full_result()["StackResourceSummaries"]
    )
    outputs = {
        output["OutputKey"]: output["OutputValue"] for output in formation.describe_stacks(StackName="hokenshitsu")["Stacks"][0]["Outputs"]
    }
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}, outputs


class Attempts:
    """Calls as the role of one function: each gives whether IAM let it through, whatever came of it then."""

    def __init__(self, emulator, made, outputs, role):
        iam, sts = emulator.client("iam"), emulator.client("sts")
        # In the emulator only: somebody else than Lambda takes the role on.
        trust = {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "sts:AssumeRole"}],
        }
        iam.update_assume_role_policy(RoleName=made[role], PolicyDocument=json.dumps(trust))
        taken = sts.assume_role(RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{made[role]}", RoleSessionName="attempt")["Credentials"]
        credentials = {
            "aws_access_key_id": taken["AccessKeyId"],
            "aws_secret_access_key": taken["SecretAccessKey"],
            "aws_session_token": taken["SessionToken"],
            "region_name": REGION,
        }
        self.client = lambda service: emulator.client(service, credentials)
        self.outputs = outputs

    def may(self, call):
        try:
            call()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("AccessDenied", "AccessDeniedException", "AccessDeniedError"):
                return False
            if code in ("403", "Forbidden"):
                return False
            if code in ("InternalError", "InternalFailure", "500", "UnrecognizedClientException", "InvalidClientTokenId"):
                raise
        return True

    def items(self, table, keys):
        """Rights on a table → calls."""
        dynamodb = self.client("dynamodb")
        key = {name: {"S": "PROBE"} for name in keys}
        item = key | {"kind": {"S": "Probe"}}
        return {
            "GetItem": lambda: dynamodb.get_item(TableName=table, Key=key),
            "BatchGetItem": lambda: dynamodb.batch_get_item(RequestItems={table: {"Keys": [key]}}),
            "Query": lambda: dynamodb.query(
                TableName=table, KeyConditionExpression="pk = :pk", ExpressionAttributeValues={":pk": {"S": "PROBE"}}
            ),
            "PutItem": lambda: dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": table, "Item": item}}]),
            "UpdateItem": lambda: dynamodb.update_item(
                TableName=table, Key=key, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "a"}}
            ),
            "DeleteItem": lambda: dynamodb.transact_write_items(TransactItems=[{"Delete": {"TableName": table, "Key": key}}]),
            "ConditionCheckItem": lambda: dynamodb.transact_write_items(
                TransactItems=[{"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": "attribute_not_exists(pk)"}}]
            ),
            "BatchWriteItem": lambda: dynamodb.batch_write_item(RequestItems={table: [{"DeleteRequest": {"Key": key}}]}),
            "Scan": lambda: dynamodb.scan(TableName=table),
            "DeleteTable": lambda: dynamodb.delete_table(TableName=table),
        }

    def everything(self):
        """(where, right) → call, for all that any function might want."""
        table, index, keys = self.outputs["TableName"], "by_due", self.outputs["KeyTableName"]
        calls = {("table", right): call for right, call in self.items(table, ("pk", "sk")).items()}
        calls |= {("keys", right): call for right, call in self.items(keys, ("pk",)).items()}
        dynamodb, kms, ssm = self.client("dynamodb"), self.client("kms"), self.client("ssm")
        calls[("index", "Query")] = lambda: dynamodb.query(
            TableName=table, IndexName=index, KeyConditionExpression="gpk = :pk", ExpressionAttributeValues={":pk": {"S": "PROBE"}}
        )
        wrapped, context = self.wrapped, {"tenant": "T", "member": "M"}
        calls[("kms", "GenerateDataKey")] = lambda: kms.generate_data_key(
            KeyId=self.outputs["KeyArn"], KeySpec="AES_256", EncryptionContext=context
        )
        calls[("kms", "Decrypt")] = lambda: kms.decrypt(KeyId=self.outputs["KeyArn"], CiphertextBlob=wrapped, EncryptionContext=context)
        path = self.outputs["ParameterPath"]
        calls[("parameters", "secret")] = lambda: ssm.get_parameter(Name=f"{path}/secret", WithDecryption=True)
        calls[("parameters", "line/*")] = lambda: ssm.get_parameter(Name=f"{path}/line/main", WithDecryption=True)
        calls[("parameters", "others")] = lambda: ssm.get_parameter(Name="/hokenshitsu/other/secret", WithDecryption=True)
        ses = self.client("sesv2")
        calls[("mail", "SendEmail")] = lambda: ses.send_email(
            FromEmailAddress=self.mail_from,
            Destination={"ToAddresses": ["a@example.jp"]},
            Content={"Simple": {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}},
        )
        return calls

    def objects(self, prefix):
        s3, bucket = self.client("s3"), self.outputs["BucketName"]
        return {
            "GetObject": lambda: s3.get_object(Bucket=bucket, Key=f"{prefix}probe"),
            "PutObject": lambda: s3.put_object(Bucket=bucket, Key=f"{prefix}probe", Body=b"x"),
            "ListBucketVersions": lambda: s3.list_object_versions(Bucket=bucket, Prefix=prefix),
            "DeleteObject": lambda: s3.delete_object(Bucket=bucket, Key=f"{prefix}probe"),
        }


class Told:
    """What functions were told: the events in their logs."""

    def __init__(self, emulator, stage):
        self.logs, self.stage = emulator.client("logs"), stage

    def events(self, function):
        try:
            found = self.logs.filter_log_events(logGroupName=f"/hokenshitsu/{self.stage}/{function}")["events"]
        except ClientError:
            return []
        messages = [line for event in found for line in event["message"].splitlines()]
        return [json.loads(message.removeprefix("EVENT ")) for message in messages if message.startswith("EVENT ")]

    def wait(self, function, having):
        """Whether it is told of something with this text, within a while."""
        for _ in range(60):
            if any(having in json.dumps(event) for event in self.events(function)):
                return True
            time.sleep(0.5)
        return False


def look(emulator, made, outputs, facts, parameters):
    """What reaches which function."""
    wrong, told = [], Told(emulator, parameters["Stage"])
    for route, function in facts.routes.items():
        method, path = route.split(" ")
        path = path.replace("{proxy+}", "some/page").replace("{channel}", "main")
        request = urllib.request.Request(emulator.url + path, data=b"{}" if method == "POST" else None)
        request.add_header("Host", f"{made['Api']}.execute-api.localhost")
        try:
            answer = urllib.request.urlopen(request, timeout=20).read().decode()
        except OSError as error:
            answer = str(error)
        if answer != f"hokenshitsu-{parameters['Stage']}-{function}":
            wrong.append(f"{route} is answered by {answer}")
    s3, dynamodb = emulator.client("s3"), emulator.client("dynamodb")
    for prefix in facts.prefixes:
        s3.put_object(Bucket=outputs["BucketName"], Key=f"{prefix}probe", Body=b"x")
    for prefix, function in facts.bucket_events.items():
        if not told.wait(function, f"{prefix}probe"):
            wrong.append(f"{function} does not hear of {prefix}")
        heard = json.dumps(told.events(function))
        others = [other for other in facts.prefixes - {prefix} if f"{other}probe" in heard]
        wrong += [f"{function} hears of {other}" for other in others]
    for sk in ("CONTACT#probe", "OUTBOX#probe"):
        dynamodb.put_item(TableName=outputs["TableName"], Item={"pk": {"S": "TENANT#probe"}, "sk": {"S": sk}})
    if not told.wait("outbox", "OUTBOX#probe") or any("CONTACT#probe" in json.dumps(event) for event in told.events("outbox")):
        wrong.append("the outbox does not hear of its items alone")
    emulator.client("sns").publish(TopicArn=made["FeedbackTopic"], Message="a mail came back")
    if not told.wait("mail-feedback", "a mail came back"):
        wrong.append("mail-feedback does not hear of mails that come back")
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        raise SystemExit(f"not wired: {len(wrong)}")
    print(f"wired: {len(facts.routes)} routes, {len(facts.bucket_events)} prefixes of the bucket, the stream, the topic")


def granted(stack, role, right, prefix):
    """Whether the template's role has the right below a prefix of the bucket."""
    for action, resource, condition in stack.allowed(role):
        below = (
            condition.get("StringLike", {}).get("s3:prefix", []) if right == "ListBucketVersions" else [resource.split("Bucket.Arn}/")[-1]]
        )
        if action == f"s3:{right}" and f"{prefix}*" in many(below):
            return True
    return False


def ask(emulator, made, outputs, stack, facts, parameters):
    kms, ssm = emulator.client("kms"), emulator.client("ssm")
    Attempts.wrapped = kms.generate_data_key(KeyId=outputs["KeyArn"], KeySpec="AES_256", EncryptionContext={"tenant": "T", "member": "M"})[
        "CiphertextBlob"
    ]
    Attempts.mail_from = parameters["MailFrom"]
    for name in (f"{outputs['ParameterPath']}/secret", f"{outputs['ParameterPath']}/line/main", "/hokenshitsu/other/secret"):
        ssm.put_parameter(Name=name, Value="x", Type="SecureString", KeyId=outputs["KeyArn"])
    wrong, allowed, denied = [], 0, 0
    for name, function in sorted(stack.functions().items()):
        if name not in facts.needs:
            continue
        role = stack.role(function)
        attempts, expected, answers = Attempts(emulator, made, outputs, role), {}, {}
        for what, call in attempts.everything().items():
            expected[what] = what in facts.needs[name] or (what == ("mail", "SendEmail") and name == "outbox")
            answers[what] = attempts.may(call)
        for prefix in sorted(facts.prefixes):
            for right, call in attempts.objects(prefix).items():
                expected[(prefix, right)] = granted(stack, role, right, prefix)
                answers[(prefix, right)] = attempts.may(call)
        wrong += [f"{name}: {what} is {'allowed' if answers[what] else 'denied'}" for what in answers if answers[what] != expected[what]]
        may = sum(answers.values())
        allowed, denied = allowed + may, denied + len(answers) - may
        print(f"{name:18} allowed {may:3}  denied {len(answers) - may:3}")
    if wrong:
        print(*wrong, sep="\n", file=sys.stderr)
        raise SystemExit(f"roles that do not hold: {len(wrong)}")
    print(f"as expected: {allowed} calls allowed, {denied} denied")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--keep", action="store_true", help="go on running until Ctrl-C")
    arguments.add_argument("--binaries", metavar="DIR", help="where the functions' binaries and ops are: tell a story of each function")
    arguments = arguments.parse_args()
    facts = source.read()
    parameters = facts.stages["dev"]
    template = transform(load(), parameters)
    with Emulator() as emulator:
        began, stack = time.monotonic(), Stack(transform(load(), parameters))
        template, packages = fitted(template, emulator.url), {"function": package()}
        if arguments.binaries:
            around = stories.Around(emulator.url, facts.binaries)
            template, packages = around.surrounded(template), stories.packed(arguments.binaries, facts.binaries)
        made, outputs = deploy(emulator, template, parameters, packages)
        print(f"deployed: {len(made)} resources in {time.monotonic() - began:.0f} s")
        if arguments.binaries:
            attempts = lambda role: Attempts(emulator, made, outputs, role)
            house = stories.House(emulator, made, outputs, around, parameters, stack, attempts)
            stories.tell(house, arguments.binaries, facts.schedules)
        else:
            look(emulator, made, outputs, facts, parameters)
            ask(emulator, made, outputs, stack, facts, parameters)
        if arguments.keep:
            print(json.dumps({"endpoint": emulator.url} | outputs, indent=2))
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
        formation = emulator.client("cloudformation")
        formation.delete_stack(StackName="hokenshitsu")
        for _ in range(120):
            status = [stack["StackStatus"] for stack in formation.list_stacks()["StackSummaries"] if stack["StackName"] == "hokenshitsu"][0]
            if not status.endswith("IN_PROGRESS"):
                break
            time.sleep(0.5)
        print(f"taken down: {status}")


if __name__ == "__main__":
    main()
