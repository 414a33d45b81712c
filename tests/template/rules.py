"""What has to hold for the template. Each rule yields what is wrong; mutations.py shows for each that it can."""

import json
import re


RULES = {}


def rule(check):
    RULES[check.__name__] = check
    return check


class Stack:
    """The transformed template."""

    def __init__(self, template):
        self.template = template
        self.resources = template["Resources"]

    def of(self, kind):
        return {name: resource["Properties"] for name, resource in self.resources.items() if resource["Type"] == kind}

    def functions(self):
        """Function → properties, by the names that the code uses."""
        return {self.name(logical): properties for logical, properties in self.of("AWS::Lambda::Function").items()}

    def name(self, function):
        """Of a function, by its logical id or a reference to it."""
        logical = target(function)
        return called(self.resources[logical]["Properties"]["FunctionName"])

    def logical(self, name):
        return next(logical for logical in self.of("AWS::Lambda::Function") if self.name(logical) == name)

    def role(self, properties):
        return target(properties["Role"])

    def allowed(self, role):
        """What a role, or a policy of its own, may do: (action, resource as text, condition)."""
        for statement in self.statements(role):
            if statement["Effect"] == "Allow":
                for action in many(statement["Action"]):
                    for resource in many(statement["Resource"]):
                        yield action, shown(resource), statement.get("Condition", {})

    def statements(self, role):
        properties = self.resources[role]["Properties"]
        for policy in properties.get("Policies", [properties]):
            yield from policy["PolicyDocument"]["Statement"]

    def may(self, role, action, resource):
        return any(act == action and resource in where for act, where, _ in self.allowed(role))

    def asynchronous(self):
        """Functions that somebody invokes without waiting: schedules and topics."""
        scheduled = {target(schedule["Target"]["Arn"]) for schedule in self.of("AWS::Scheduler::Schedule").values()}
        told = {target(topic["Endpoint"]) for topic in self.of("AWS::SNS::Subscription").values() if topic["Protocol"] == "lambda"}
        return scheduled | told

    def dead(self):
        """Queues where what failed waits."""
        queues = {
            target(queue["RedrivePolicy"]["deadLetterTargetArn"])
            for queue in self.of("AWS::SQS::Queue").values()
            if "RedrivePolicy" in queue
        }
        for config in [*self.of("AWS::Lambda::EventInvokeConfig").values(), *self.of("AWS::Lambda::EventSourceMapping").values()]:
            destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
            queues |= {target(destination)} if destination else set()
        for schedule in self.of("AWS::Scheduler::Schedule").values():
            letters = schedule["Target"].get("DeadLetterConfig", {}).get("Arn")
            queues |= {target(letters)} if letters else set()
        for topic in self.of("AWS::SNS::Subscription").values():
            letters = topic.get("RedrivePolicy", {}).get("deadLetterTargetArn")
            queues |= {target(letters)} if letters else set()
        return queues

    def mappings(self, queues):
        """Event source mappings of queues, or of streams."""
        for name, mapping in self.of("AWS::Lambda::EventSourceMapping").items():
            source = target(mapping["EventSourceArn"])
            is_queue = self.resources.get(source, {}).get("Type") == "AWS::SQS::Queue"
            if is_queue == queues:
                yield name, mapping, source


def many(value):
    return value if isinstance(value, list) else [value]


def target(reference):
    """The logical id that `Ref`, `GetAtt` or a plain name means."""
    if isinstance(reference, str):
        return reference
    if "Ref" in reference:
        return reference["Ref"]
    if "Fn::GetAtt" in reference:
        return reference["Fn::GetAtt"][0]
    return shown(reference)


def shown(value):
    """A value as text: `Fn::Sub` as it is written, references by name."""
    if isinstance(value, str):
        return value
    if isinstance(value, dict) and "Fn::Sub" in value:
        text = value["Fn::Sub"]
        return text if isinstance(text, str) else text[0]
    if isinstance(value, dict) and "Fn::GetAtt" in value:
        return "${" + ".".join(value["Fn::GetAtt"]) + "}"
    if isinstance(value, dict) and "Ref" in value:
        return "${" + value["Ref"] + "}"
    return json.dumps(value)


def called(name):
    return shown(name).removeprefix("hokenshitsu-${Stage}-")


KEY = {"Fn::GetAtt": ["Key", "Arn"]}


@rule
def everything_at_rest_is_encrypted(stack, source):
    for name, table in stack.of("AWS::DynamoDB::Table").items():
        if table.get("SSESpecification") != {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}:
            yield f"{name} is not under the key"
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        rules = bucket.get("BucketEncryption", {}).get("ServerSideEncryptionConfiguration", [])
        if [rule.get("ServerSideEncryptionByDefault") for rule in rules] != [{"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}]:
            yield f"{name} is not under the key"
    for name, queue in stack.of("AWS::SQS::Queue").items():
        if queue.get("SqsManagedSseEnabled") is not True:
            yield f"{name} is not encrypted"
    for name, topic in stack.of("AWS::SNS::Topic").items():
        if topic.get("KmsMasterKeyId") != {"Ref": "Key"}:
            yield f"{name} is not under the key"
    for name, group in stack.of("AWS::Logs::LogGroup").items():
        if group.get("KmsKeyId") != KEY:
            yield f"{name} is not under the key"
    for name, key in stack.of("AWS::KMS::Key").items():
        if key.get("EnableKeyRotation") is not True:
            yield f"{name} is not rotated"


@rule
def what_cannot_be_made_again_survives(stack, source):
    days = {"Table": 35, "KeyTable": 1}
    tables = stack.of("AWS::DynamoDB::Table")
    if set(tables) != set(days):
        yield f"tables: {sorted(tables)}"
    for name, table in tables.items():
        if table.get("PointInTimeRecoverySpecification") != {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": days.get(name)}:
            yield f"{name} cannot be recovered for {days.get(name)} days and no longer"
        if table.get("DeletionProtectionEnabled") is not True:
            yield f"{name} can be deleted"
    for name, pool in stack.of("AWS::Cognito::UserPool").items():
        if pool.get("DeletionProtection") != "ACTIVE":
            yield f"{name} can be deleted"
    kept = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key", "AWS::Cognito::UserPool"}
    for name, resource in stack.resources.items():
        if resource["Type"] in kept and (resource.get("DeletionPolicy"), resource.get("UpdateReplacePolicy")) != ("Retain", "Retain"):
            yield f"{name} goes with the stack"


@rule
def tables_are_as_the_store_expects(stack, source):
    shape = {
        "Table": ([("pk", "HASH"), ("sk", "RANGE")], {source.index: [("gpk", "HASH"), ("gsk", "RANGE")]}, "NEW_IMAGE"),
        "KeyTable": ([("pk", "HASH")], {}, None),
    }
    keys = lambda schema: [(part["AttributeName"], part["KeyType"]) for part in schema]
    for name, table in stack.of("AWS::DynamoDB::Table").items():
        indexes = {index["IndexName"]: keys(index["KeySchema"]) for index in table.get("GlobalSecondaryIndexes", [])}
        stream = table.get("StreamSpecification", {}).get("StreamViewType")
        if (keys(table["KeySchema"]), indexes, stream) != shape.get(name):
            yield f"{name} has other keys, indexes or stream"
        if table.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
            yield f"{name} keeps what has expired"
        if table.get("BillingMode") != "PAY_PER_REQUEST":
            yield f"{name} is not on demand"
        if any(index["Projection"] != {"ProjectionType": "ALL"} for index in table.get("GlobalSecondaryIndexes", [])):
            yield f"{name}: the index holds less than the store reads from it"


@rule
def the_bucket_is_closed(stack, source):
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        block = bucket.get("PublicAccessBlockConfiguration", {})
        if [block.get(part) for part in ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")] != [
            True
        ] * 4:
            yield f"{name} can be made public"
        if bucket.get("OwnershipControls") != {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}:
            yield f"{name} heeds access lists"
        if bucket.get("VersioningConfiguration") != {"Status": "Enabled"}:
            yield f"{name} has no versions"
        cors = bucket.get("CorsConfiguration", {}).get("CorsRules", [])
        wanted = [(["https://${DomainName}"], ["PUT"], source.upload_headers)]
        if [([shown(o) for o in c["AllowedOrigins"]], c["AllowedMethods"], set(c["AllowedHeaders"])) for c in cors] != wanted:
            yield f"{name} lets other pages, methods or headers in than the local one"


@rule
def nothing_speaks_in_clear(stack, source):
    clear = {"Bool": {"aws:SecureTransport": "false"}}

    def refuses(policies, reference, place, name):
        for policy in policies.values():
            if name in [target(one) for one in many(policy[place])]:
                for statement in policy["PolicyDocument"]["Statement"]:
                    if (statement["Effect"], statement["Principal"], statement.get("Condition")) == ("Deny", "*", clear):
                        if reference in [target(one) for one in many(statement["Resource"])]:
                            return True
        return False

    for kind, policy, place in (
        ("S3::Bucket", "S3::BucketPolicy", "Bucket"),
        ("SQS::Queue", "SQS::QueuePolicy", "Queues"),
        ("SNS::Topic", "SNS::TopicPolicy", "Topics"),
    ):
        for name in stack.of(f"AWS::{kind}"):
            if not refuses(stack.of(f"AWS::{policy}"), name, place, name):
                yield f"{name} answers without TLS"
    bucket = [statement for policy in stack.of("AWS::S3::BucketPolicy").values() for statement in policy["PolicyDocument"]["Statement"]]
    for statement in bucket:
        if statement["Effect"] == "Deny" and {shown(one) for one in statement["Resource"]} != {"${Bucket.Arn}", "${Bucket.Arn}/*"}:
            yield "the bucket's policy leaves objects out"
    if not any(statement.get("Condition") == {"NumericLessThan": {"s3:TlsVersion": "1.2"}} for statement in bucket):
        yield "the bucket takes old TLS"
    for name, domain in stack.of("AWS::ApiGatewayV2::DomainName").items():
        if [part.get("SecurityPolicy") for part in domain["DomainNameConfigurations"]] != ["TLS_1_2"]:
            yield f"{name} takes old TLS"
    for name, mails in stack.of("AWS::SES::ConfigurationSet").items():
        if mails.get("DeliveryOptions", {}).get("TlsPolicy") != "REQUIRE":
            yield f"{name} sends mails in clear"


@rule
def objects_do_not_stay_for_ever(stack, source):
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        rules = [one for one in bucket.get("LifecycleConfiguration", {}).get("Rules", []) if one["Status"] == "Enabled"]
        days = {one["Prefix"]: one["ExpirationInDays"] for one in rules if "ExpirationInDays" in one and "Prefix" in one}
        if days.get("roster-out/") != 30:
            yield f"{name}: reports do not live for 30 days"
        for prefix in ("documents/", "uploads/"):
            # A month has 31 days at most; a net must not be faster than the rule.
            if not 31 < days.get(prefix, 0) <= 40:
                yield f"{name}: no net for {prefix}"
        if not set(days) <= source.prefixes:
            yield f"{name}: nothing lies below {sorted(set(days) - source.prefixes)}"
        if {"request-forms/", "roster-in/"} & set(days):
            yield f"{name}: deletes what somebody may still wait for"
        everywhere = [one for one in rules if "Prefix" not in one]
        if not any(one.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays", 999) <= 30 for one in everywhere):
            yield f"{name}: former versions stay"
        if not any("AbortIncompleteMultipartUpload" in one for one in everywhere):
            yield f"{name}: parts of uploads stay"


@rule
def logs_are_kept_for_a_while_and_hold_nobody(stack, source):
    groups = stack.of("AWS::Logs::LogGroup")
    for name, group in groups.items():
        if not 30 <= group.get("RetentionInDays", 0) <= 400:
            yield f"{name} is kept for too short or for ever"
    for name, function in stack.functions().items():
        group = target(function.get("LoggingConfig", {}).get("LogGroup", ""))
        if shown(groups.get(group, {}).get("LogGroupName", "")) != "/hokenshitsu/${Stage}/" + name:
            yield f"{name} has no log group of its own"
        elif not stack.may(stack.role(function), "logs:PutLogEvents", "${" + group + ".Arn}"):
            yield f"{name} may not write its log"
    stages = stack.of("AWS::ApiGatewayV2::Stage")
    for name, stage in stages.items():
        access = stage.get("AccessLogSettings")
        if not access or target(access["DestinationArn"]) not in groups:
            yield f"{name} has no access log"
        elif set(re.findall(r"\$context\.([\w.]+)", access["Format"])) & {"path", "identity.sourceIp", "identity.userAgent", "rawPath"}:
            yield f"{name}: its access log holds links or people"


@rule
def what_fails_alone_waits_somewhere(stack, source):
    queues = stack.of("AWS::SQS::Queue")
    configured = {}
    for config in stack.of("AWS::Lambda::EventInvokeConfig").values():
        configured[target(config["FunctionName"])] = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
    for logical in stack.asynchronous():
        destination = configured.get(logical)
        role = stack.role(stack.resources[logical]["Properties"])
        if not destination:
            yield f"{logical} is invoked asynchronously and has no destination for failures"
        elif not stack.may(role, "sqs:SendMessage", "${" + target(destination) + ".Arn}"):
            yield f"{logical} may not send to its destination for failures"
    for name, schedule in stack.of("AWS::Scheduler::Schedule").items():
        letters, role = schedule["Target"].get("DeadLetterConfig", {}).get("Arn"), target(schedule["Target"]["RoleArn"])
        if not letters or not stack.may(role, "sqs:SendMessage", "${" + target(letters) + ".Arn}"):
            yield f"{name} has no dead letters"
        if "RetryPolicy" not in schedule["Target"]:
            yield f"{name} has no retry policy"
        if not stack.may(role, "lambda:InvokeFunction", shown(schedule["Target"]["Arn"])):
            yield f"{name} may not invoke its function"
    for name, mapping, _ in stack.mappings(queues=False):
        destination = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        role = stack.role(stack.resources[target(mapping["FunctionName"])]["Properties"])
        if not destination or not stack.may(role, "sqs:SendMessage", "${" + target(destination) + ".Arn}"):
            yield f"{name} has no destination for failures"
        if mapping.get("BisectBatchOnFunctionError") is not True:
            yield f"{name}: one bad record holds its batch up"
    for name, mapping, queue in stack.mappings(queues=True):
        if "RedrivePolicy" not in queues[queue]:
            yield f"{queue} has no dead letters"
    for name, topic in stack.of("AWS::SNS::Subscription").items():
        letters = topic.get("RedrivePolicy", {}).get("deadLetterTargetArn")
        policies = [
            policy
            for policy in stack.of("AWS::SQS::QueuePolicy").values()
            if letters and target(letters) in [target(queue) for queue in policy["Queues"]]
        ]
        granted = [
            s
            for policy in policies
            for s in policy["PolicyDocument"]["Statement"]
            if s["Effect"] == "Allow" and s["Principal"] == {"Service": "sns.amazonaws.com"}
        ]
        if not granted:
            yield f"{name} has no dead letters"
    for name in stack.dead():
        if queues[name].get("MessageRetentionPeriod") != 14 * 86400:
            yield f"{name} does not keep what failed for two weeks"


@rule
def queues_are_read_as_here(stack, source):
    queues = stack.of("AWS::SQS::Queue")
    for name, mapping, queue in stack.mappings(queues=True):
        function = stack.resources[target(mapping["FunctionName"])]["Properties"]
        if queues[queue].get("VisibilityTimeout", 30) < 6 * function["Timeout"]:
            yield f"{queue} shows a message again while it is worked on"
        if queues[queue].get("RedrivePolicy", {}).get("maxReceiveCount") != source.receives:
            yield f"{queue} gives up after another number of tries"
        if mapping.get("BatchSize") != source.queue_batch or mapping.get("ScalingConfig", {}).get("MaximumConcurrency") != source.pollers:
            yield f"{name} has other batches"
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} takes one failure for that of the batch"
        for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
            if not stack.may(stack.role(function), action, "${" + queue + ".Arn}"):
                yield f"{name} has not {action}"


@rule
def the_stream_is_read_as_here(stack, source):
    mappings = list(stack.mappings(queues=False))
    if [stack.name(mapping["FunctionName"]) for _, mapping, _ in mappings] != ["outbox"]:
        yield "the stream does not go to the outbox alone"
    for name, mapping, _ in mappings:
        filters = [json.loads(one["Pattern"]) for one in mapping.get("FilterCriteria", {}).get("Filters", [])]
        if filters != [json.loads(source.stream_filter)]:
            yield f"{name} has another filter"
        for event, passes in (("inserted", True), ("of-no-interest", False)):
            records = json.loads((source.root / f"events/outbox/{event}.json").read_text())["Records"]
            if any(any(_matches(one, record) for one in filters) != passes for record in records):
                yield f"{name}: events/outbox/{event}.json is filtered wrongly"
        if mapping.get("BatchSize") != source.stream_batch or mapping.get("StartingPosition") != "TRIM_HORIZON":
            yield f"{name} has other batches"
        if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
            yield f"{name} takes one failure for that of the batch"
        if {"Fn::GetAtt": ["Table", "StreamArn"]} not in mapping["EventSourceArn"].get("Fn::If", []):
            yield f"{name} reads another stream"


def _matches(pattern, value):
    """A filter pattern of Lambda, as far as it is used here."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(_matches(part, value.get(key)) for key, part in pattern.items())
    return any(value is not None and value.startswith(one["prefix"]) if isinstance(one, dict) else value == one for one in pattern)


@rule
def schedules_are_those_of_the_local_system(stack, source):
    found = set()
    for name, schedule in stack.of("AWS::Scheduler::Schedule").items():
        found.add(
            (schedule["Name"], schedule["ScheduleExpression"], stack.name(schedule["Target"]["Arn"]), schedule["Target"].get("Input"))
        )
        if schedule.get("ScheduleExpressionTimezone") != "Asia/Tokyo":
            yield f"{name} is in another time zone"
        if schedule.get("FlexibleTimeWindow") != {"Mode": "OFF"}:
            yield f"{name} is not at its time"
    for missing in source.schedules - found:
        yield f"missing: {missing}"
    for other in found - source.schedules:
        yield f"not here: {other}"


@rule
def the_bucket_tells_the_same_queues(stack, source):
    function_of = {queue: stack.name(mapping["FunctionName"]) for _, mapping, queue in stack.mappings(queues=True)}
    for name, bucket in stack.of("AWS::S3::Bucket").items():
        found = {}
        for told in bucket.get("NotificationConfiguration", {}).get("QueueConfigurations", []):
            if told["Event"] != "s3:ObjectCreated:*":
                yield f"{name} tells of {told['Event']}"
            filters = {one["Name"]: one["Value"] for one in told["Filter"]["S3Key"]["Rules"]}
            found[filters.get("prefix")] = function_of.get(target(told["Queue"]))
            if set(filters) != {"prefix"}:
                yield f"{name} filters by {sorted(filters)}"
            policies = stack.of("AWS::SQS::QueuePolicy").values()
            statements = [
                s
                for policy in policies
                if target(policy["Queues"][0]) == target(told["Queue"])
                for s in policy["PolicyDocument"]["Statement"]
            ]
            granted = [s for s in statements if s["Principal"] == {"Service": "s3.amazonaws.com"} and s["Effect"] == "Allow"]
            own = "arn:${AWS::Partition}:s3:::" + shown(bucket["BucketName"])
            if [(shown(s["Condition"]["ArnEquals"]["aws:SourceArn"]), "StringEquals" in s["Condition"]) for s in granted] != [(own, True)]:
                yield f"{target(told['Queue'])} does not take events of this bucket only"
        if found != source.bucket_events:
            yield f"{name} tells {found}"


@rule
def routes_are_those_of_the_local_gateway(stack, source):
    found = {}
    for api in stack.of("AWS::ApiGatewayV2::Api").values():
        for path, methods in api["Body"]["paths"].items():
            for method, route in methods.items():
                integration = route["x-amazon-apigateway-integration"]
                logical = re.search(r"\${(\w+)\.Arn}", shown(integration["uri"])).group(1)
                verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                found[f"{verb} {path}"] = stack.name(logical)
                if integration["payloadFormatVersion"] != "2.0":
                    yield f"{path} has another payload"
                invokers = [
                    p
                    for p in stack.of("AWS::Lambda::Permission").values()
                    if p["Principal"] == "apigateway.amazonaws.com" and target(p["FunctionName"]) == logical
                ]
                if not invokers:
                    yield f"the gateway may not invoke {logical}"
    if found != source.routes:
        yield f"routes differ: {sorted(set(found.items()) ^ set(source.routes.items()))}"


@rule
def the_front_is_guarded(stack, source):
    for name, api in stack.of("AWS::ApiGatewayV2::Api").items():
        servers = [server.get("x-amazon-apigateway-endpoint-configuration", {}) for server in api["Body"].get("servers", [])]
        if [server.get("disableExecuteApiEndpoint") for server in servers] != [True]:
            yield f"{name} also answers at another name"
    for name, stage in stack.of("AWS::ApiGatewayV2::Stage").items():
        limits = stage.get("DefaultRouteSettings", {})
        if "ThrottlingRateLimit" not in limits or "ThrottlingBurstLimit" not in limits:
            yield f"{name} lets any number of requests through"
    # The transform puts the parameter's value in its place.
    domains = [domain["DomainName"] for domain in stack.of("AWS::ApiGatewayV2::DomainName").values()]
    if len(domains) != 1 or domains[0] not in [stage["DomainName"] for stage in source.stages.values()]:
        yield "the front has another name"


@rule
def functions_find_their_variables(stack, source):
    for name, function in stack.functions().items():
        variables = set(function["Environment"]["Variables"])
        signs_in = source.binaries.get(name) in source.sign_in
        wanted = source.variables | (source.sign_in_variables if signs_in else set())
        if variables - source.optional_variables != wanted:
            yield f"{name}: {sorted((variables - source.optional_variables) ^ wanted)}"
        if any(not shown(value) for value in function["Environment"]["Variables"].values()):
            yield f"{name} has an empty variable"


@rule
def people_sign_in_where_they_belong(stack, source):
    staff_only = {"nurse-console"}
    pools, clients = stack.of("AWS::Cognito::UserPool"), stack.of("AWS::Cognito::UserPoolClient")
    for crate, address in source.sign_in.items():
        variables = stack.functions()[crate]["Environment"]["Variables"]
        issuer = re.fullmatch(r"https://cognito-idp\.\${AWS::Region}\.amazonaws\.com/\${(\w+)}", shown(variables["HOKEN_SIGN_IN_ISSUER"]))
        pool, client = issuer and issuer.group(1), clients.get(target(variables["HOKEN_SIGN_IN_CLIENT"]))
        if not client or target(client["UserPoolId"]) != pool:
            yield f"{crate}: the client is not of the issuer's pool"
            continue
        if (pools[pool]["MfaConfiguration"] == "ON") != (crate in staff_only):
            yield f"{crate}: people of the other pool sign in"
        site = shown(variables[address])
        if f"{site}/sign-in/callback" not in [shown(url) for url in client["CallbackURLs"]] or f"{site}/signed-out" not in [
            shown(url) for url in client["LogoutURLs"]
        ]:
            yield f"{crate}: the client does not know where to come back to"
    for name, client in clients.items():
        if (
            client.get("GenerateSecret")
            or client.get("AllowedOAuthFlows") != ["code"]
            or not {"openid", "profile"} <= set(client["AllowedOAuthScopes"])
        ):
            yield f"{name} is not for the code flow of a public client"
        if any(attribute.startswith("custom:") or attribute == "name" for attribute in client.get("WriteAttributes", ["custom:"])):
            yield f"{name} lets people say who they are"
        if not {"custom:staff", "custom:tenant", "name"} <= set(client.get("ReadAttributes", [])):
            yield f"{name}: tokens do not say who signs in"
    for name, pool in pools.items():
        creation = pool.get("AdminCreateUserConfig", {})
        if creation.get("AllowAdminCreateUserOnly") is not True:
            yield f"{name} lets anybody in"
        # Both words are Cognito's: without them it refuses the pool, without the address people do not know where to go.
        invitation = json.dumps(creation.get("InviteMessageTemplate", {}).get("EmailMessage", ""), ensure_ascii=False)
        if not all(word in invitation for word in ("{username}", "{####}", "https://")):
            yield f"{name} invites without name, password or address"
        if pool["Policies"]["PasswordPolicy"]["MinimumLength"] < 12 or pool.get("EnabledMfas") != ["SOFTWARE_TOKEN_MFA"]:
            yield f"{name} takes weak secrets"
        if {attribute["Name"] for attribute in pool.get("Schema", [])} != {"staff", "tenant"}:
            yield f"{name} does not know who somebody is"
    for name, domain in stack.of("AWS::Cognito::UserPoolDomain").items():
        if domain.get("ManagedLoginVersion") != 2:
            yield f"{name} does not ask each time"
    styled = {target(look["ClientId"]) for look in stack.of("AWS::Cognito::ManagedLoginBranding").values()}
    if styled != set(clients):
        yield f"without a look there is no page to sign in: {sorted(set(clients) ^ styled)}"
    groups = {(target(group["UserPoolId"]), group["GroupName"]) for group in stack.of("AWS::Cognito::UserPoolGroup").values()}
    if {group for _, group in groups} != source.roles or len(groups) != len(source.roles):
        yield f"groups are not the roles: {sorted({group for _, group in groups} ^ source.roles)}"
    if any((pool == "ContactPool") != (group == "contact") for pool, group in groups):
        yield "a role is given by the wrong pool"


@rule
def every_function_is_deployed(stack, source):
    deployed = set(stack.functions())
    for name in set(source.binaries) - deployed:
        yield f"{name} is not deployed"
    for name in deployed - set(source.binaries):
        yield f"{name} has no crate"
    crates = set(source.binaries.values())
    if source.events != crates:
        yield f"events/: {sorted(source.events ^ crates)}"
    for logical, resource in stack.resources.items():
        if resource["Type"] == "AWS::Lambda::Function":
            binary = resource["Metadata"]["BuildProperties"]["Binary"]
            if binary != stack.name(logical) or resource["Metadata"]["BuildMethod"] != "rust-cargolambda":
                yield f"{logical} is built from {binary}"


@rule
def functions_run_as_they_are_built(stack, source):
    for name, function in stack.functions().items():
        if (function["Runtime"], function["Architectures"], function["Handler"]) != ("provided.al2023", ["arm64"], "bootstrap"):
            yield f"{name} has another runtime"
        if function["Timeout"] > 29 and name in source.routes.values():
            yield f"{name} works on when the gateway has given up"
        if (function["Timeout"] == 900) != (name in source.long_runs):
            yield f"{name}: {function['Timeout']} s is not what it has here"


ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z]+")
MEMBERS_KEYS = {"Null": {"kms:EncryptionContext:member": "false"}}
# Where members, and what they wrote, are found.
MEMBERS = {"table": ("*", "MEMBER#", "LINE#", "CLAIM#"), "index": ("*", "QUEUE", "DESK#", "MEMBERS#")}


def operators(stack):
    """What the operators' policy allows, as `needs.of_operator` names it. What is not understood is named as nothing that is needed."""
    table, parameter = "table/${TableName}", ":parameter/hokenshitsu/${Stage}/"
    for policy in stack.of("AWS::IAM::ManagedPolicy"):
        for action, resource, condition in stack.allowed(policy):
            service, right = action.split(":")
            asked = {(how, key): value for how, keys in condition.items() for key, value in keys.items()}
            where, of = service, [resource]
            if service == "dynamodb" and resource.endswith((table, f"{table}/index/by_due")):
                where = "table" if resource.endswith(table) else "index"
                of = many(asked.pop(("ForAllValues:StringLike", "dynamodb:LeadingKeys"), "*"))
                if right == "UpdateItem":
                    names = many(asked.pop(("ForAllValues:StringEquals", "dynamodb:Attributes"), "*"))
                    yield from (("attributes", right, name) for name in names)
                    if asked.pop(("StringEqualsIfExists", "dynamodb:ReturnValues"), None) != "NONE":
                        yield "attributes", right, "in the answer"
            elif service == "s3" and right == "ListBucketVersions" and resource == "${Bucket.Arn}":
                where, of = "bucket", [prefix.removesuffix("*") for prefix in many(asked.pop(("StringLike", "s3:prefix"), "*"))]
            elif service == "s3" and "${Bucket.Arn}/" in resource:
                where, of = "bucket", [resource.split("Bucket.Arn}/")[1].removesuffix("*")]
            elif service == "ssm" and parameter in resource:
                where, of = "parameters", [resource.split(parameter)[1]]
                right += " once" if asked.pop(("StringNotEquals", "ssm:Overwrite"), None) == "true" else ""
            elif service == "kms" and resource == "${Key.Arn}":
                via = re.fullmatch(r"(\w+)\.\${AWS::Region}\.amazonaws\.com", shown(asked.pop(("StringEquals", "kms:ViaService"), "")))
                member = asked.pop(("Null", "kms:EncryptionContext:member"), None)
                of = [via[1] if via else "member" if member == "false" else "anything"]
            # A condition too many takes a right away.
            of = [f"{what} under {sorted(asked)}" for what in of] if asked else of
            yield from ((where, right, what) for what in of)


@rule
def rights_are_those_that_the_code_uses(stack, source):
    for name, function in stack.functions().items():
        if name not in source.needs:
            continue
        allowed = set()
        for action, resource, condition in stack.allowed(stack.role(function)):
            service, right = action.split(":")
            if service == "dynamodb" and "/stream/" not in resource:
                where = "index" if "/index/" in resource else "keys" if "KeyTableName" in resource else "table"
                allowed.add((where, right))
            elif service == "s3" and right != "ListBucket":
                # A version is read with another right than the latest one.
                allowed.add(("bucket", right.removesuffix("Version") if right.startswith("Get") else right))
            elif service == "kms" and condition == MEMBERS_KEYS:
                allowed.add(("kms", right))
            elif service == "ssm":
                allowed.add(("parameters", resource.split("/${Stage}/")[-1]))
        for where, right in source.needs[name] - allowed:
            yield f"{name} has not {right} ({where})"
        for where, right in allowed - source.needs[name]:
            yield f"{name} never uses {right} ({where})"
    held = set(operators(stack))
    for where, right, what in source.operator - held:
        yield f"operators have not {right} ({where}: {what})"
    for where, right, what in held - source.operator:
        yield f"operators never use {right} ({where}: {what})"


@rule
def rights_are_as_narrow_as_the_work(stack, source):
    holders = {}
    for name, function in stack.functions().items():
        holders.setdefault(stack.role(function), []).append(name)
    for role, names in holders.items():
        if len(names) > 1:
            yield f"{role} is shared by {names}"
    policies = stack.of("AWS::IAM::ManagedPolicy")
    for role, properties in (stack.of("AWS::IAM::Role") | policies).items():
        if properties.get("ManagedPolicyArns"):
            yield f"{role} has rights that others wrote"
        for action, resource, condition in stack.allowed(role):
            if not ACTION.fullmatch(action):
                yield f"{role}: {action}"
            if resource == "*":
                yield f"{role}: {action} on everything"
            if action.startswith("s3:") and "Bucket.Arn}/" in resource:
                prefix = resource.split("Bucket.Arn}/")[1].removesuffix("*")
                if prefix not in source.prefixes:
                    yield f"{role}: {action} below {prefix}, where nothing lies"
            if action == "s3:ListBucketVersions":
                prefixes = condition.get("StringLike", {}).get("s3:prefix", ["*"])
                if not {prefix.removesuffix("*") for prefix in prefixes} <= source.prefixes:
                    yield f"{role} lists all versions"
            if action.startswith("kms:") and resource != "${Key.Arn}":
                yield f"{role}: {action} on another key"
            if action.startswith("kms:"):
                via = shown(condition.get("StringEquals", {}).get("kms:ViaService", ""))
                if condition != MEMBERS_KEYS and via not in {"ssm.${AWS::Region}.amazonaws.com", "s3.${AWS::Region}.amazonaws.com"}:
                    yield f"{role}: {action} for anything"
            if action.startswith("ses:") and "ses:FromAddress" not in condition.get("StringEquals", {}):
                yield f"{role} writes as anybody"
            if (
                action.startswith("dynamodb:")
                and "Stream" not in action
                and not re.search(r"table/\$\{(Key)?TableName\}(/index/by_due|/stream/\*)?$", resource)
            ):
                yield f"{role}: {action} on {resource}"
            if resource.endswith("/index/by_due"):
                asked = set(condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", ["*"]))
                if action != "dynamodb:Query" or not {partition.removesuffix("*") for partition in asked} <= source.partitions:
                    yield f"{role}: {action} on the index: {sorted(asked)}"
            if action in ("dynamodb:Scan", "dynamodb:PartiQLSelect") or re.match(r"dynamodb:(Delete|Create|Update)(Table|Backup)", action):
                yield f"{role}: {action}"
    for name, function in stack.functions().items():
        role = stack.role(function)
        holds = any("KeyTableName" in resource for _, resource, _ in stack.allowed(role))
        unwraps = any(condition == MEMBERS_KEYS for _, _, condition in stack.allowed(role))
        if holds != unwraps:
            yield f"{name} holds members' keys and cannot use them, or the other way round"
        denied = [s for s in stack.statements(role) if s["Effect"] == "Deny"]
        closed = [
            s
            for s in denied
            if {"MEMBER#*", "LINE#*"} <= set(s.get("Condition", {}).get("ForAnyValue:StringLike", {}).get("dynamodb:LeadingKeys", []))
        ]
        if not holds and not closed:
            yield f"{name} may read what members wrote"
        indexed = [
            key
            for _, _, condition in stack.allowed(role)
            for key in condition.get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys", [])
        ]
        if not holds and {"QUEUE", "DESK#*", "MEMBERS#*"} & set(indexed):
            yield f"{name} may find members in the index"
        mails = {action for action, _, _ in stack.allowed(role) if action.startswith("ses:")}
        if mails != ({"ses:SendEmail", "ses:SendRawEmail"} if name == "outbox" and source.raw_mail else set()):
            yield f"{name} sends mails: {sorted(mails)}"
    for name, properties in policies.items():
        if {"Users", "Groups", "Roles"} & set(properties):
            yield f"{name} is attached by the stack"
        denied = [statement for statement in stack.statements(name) if statement["Effect"] == "Deny"]
        if denied != [{"Effect": "Deny", "Action": "kms:*", "Resource": KEY, "Condition": MEMBERS_KEYS}]:
            yield f"{name} denies other things than the use of members' keys"
        if any("KeyTableName" in resource for _, resource, _ in stack.allowed(name)):
            yield f"{name} holds members' keys"
    for where, right, what in operators(stack):
        # Whatever the code asks for: operators never see a body.
        if right != "UpdateItem" and what.startswith(MEMBERS.get(where, ())):
            yield f"operators may read what members wrote: {right} ({what})"
    for name, key in stack.of("AWS::KMS::Key").items():
        for statement in key["KeyPolicy"]["Statement"]:
            if statement["Sid"] != "PoliciesOfThisAccountDecide" and not statement.get("Condition"):
                yield f"{name}: {statement['Sid']} has no condition"
            if statement["Principal"] == {"AWS": "*"} and set(statement["Condition"].get("StringEquals", {})) != {
                "kms:CallerAccount",
                "kms:ViaService",
            }:
                yield f"{name}: {statement['Sid']} lets everybody in"


@rule
def alarms_of_the_code_ring(stack, source):
    groups = {
        target(function["LoggingConfig"]["LogGroup"]): name for name, function in stack.functions().items() if "LoggingConfig" in function
    }
    filtered = {}
    for log_filter in stack.of("AWS::Logs::MetricFilter").values():
        found = re.fullmatch(r'\{ \$\.alarm = "([a-z-]+)" \}', log_filter["FilterPattern"])
        metric = log_filter["MetricTransformations"][0]
        if not found or metric["MetricName"] != f"alarm-{found.group(1)}":
            yield f"{log_filter['FilterPattern']} counts {metric['MetricName']}"
            continue
        filtered.setdefault(found.group(1), set()).add(groups.get(target(log_filter["LogGroupName"])))
    metrics = {alarm["MetricName"]: shown(alarm["Namespace"]) for alarm in stack.of("AWS::CloudWatch::Alarm").values()}
    for crate, word in source.words:
        functions = {function for function, of in source.binaries.items() if of == crate}
        if not functions & filtered.get(word, set()):
            yield f"{crate} says alarm={word}, and nobody hears it"
        if metrics.get(f"alarm-{word}") != "Hokenshitsu/${Stage}":
            yield f"alarm={word} rings nowhere"
    for word, functions in filtered.items():
        for function in functions:
            if (source.binaries.get(function), word) not in source.words:
                yield f"{function} never says alarm={word}"


@rule
def alarms_reach_somebody_who_knows_what_to_do(stack, source):
    alarms = stack.of("AWS::CloudWatch::Alarm")
    for name, alarm in alarms.items():
        if alarm.get("AlarmActions") != [{"Ref": "AlarmTopic"}] or alarm.get("ActionsEnabled") is False:
            yield f"{name} tells nobody"
        title = called(alarm["AlarmName"])
        of_function = title.removesuffix("-errors")
        if f"`{title}`" not in source.readme and not (of_function in stack.functions() and "`FUNCTION-errors`" in source.readme):
            yield f"infra/README.md does not say what {title} means"
    watched = {(alarm["MetricName"], target(dimension["Value"])) for alarm in alarms.values() for dimension in alarm.get("Dimensions", [])}
    for queue in stack.dead():
        if ("ApproximateNumberOfMessagesVisible", queue) not in watched:
            yield f"nobody looks into {queue}"
    for name in stack.functions():
        if ("Errors", stack.logical(name)) not in watched:
            yield f"nobody hears of errors of {name}"
    if not any(topic.get("Subscription") for name, topic in stack.of("AWS::SNS::Topic").items() if name == "AlarmTopic"):
        yield "nobody is subscribed to the alarms"


@rule
def mails_that_come_back_are_told(stack, source):
    sets = stack.of("AWS::SES::ConfigurationSet")
    for name, identity in stack.of("AWS::SES::EmailIdentity").items():
        if target(identity.get("ConfigurationSetAttributes", {}).get("ConfigurationSetName", "")) not in sets:
            yield f"{name} has no configuration set of its own"
    events = list(stack.of("AWS::SES::ConfigurationSetEventDestination").values())
    told = {
        target(event["EventDestination"]["SnsDestination"]["TopicARN"])
        for event in events
        if {"BOUNCE", "COMPLAINT"} <= set(event["EventDestination"]["MatchingEventTypes"]) and event["EventDestination"]["Enabled"]
    }
    subscribed = {
        target(topic["TopicArn"])
        for topic in stack.of("AWS::SNS::Subscription").values()
        if stack.name(topic["Endpoint"]) == "mail-feedback"
    }
    if not told or told != subscribed:
        yield "mail-feedback does not hear of bounces and complaints"


@rule
def only_the_purge_runs_while_nobody_is_served(stack, source):
    off = {"Ref": "AWS::NoValue"}
    for name, function in stack.functions().items():
        reserved = function.get("ReservedConcurrentExecutions", off)
        stops = isinstance(reserved, dict) and reserved.get("Fn::If", [None, None, None])[::2] == ["Serves", 0]
        if stops == (name == "retiree-purge"):
            yield f"{name}: {reserved}"
    for name, schedule in stack.of("AWS::Scheduler::Schedule").items():
        stops = schedule.get("State") == {"Fn::If": ["Serves", "ENABLED", "DISABLED"]}
        if stops == (stack.name(schedule["Target"]["Arn"]) == "retiree-purge"):
            yield f"{name}: {schedule.get('State')}"
    for name, mapping in stack.of("AWS::Lambda::EventSourceMapping").items():
        if mapping.get("Enabled") != {"Fn::If": ["Serves", True, False]}:
            yield f"{name} is read"
    # LINE and SES limit how much is sent a second.
    outbox = stack.functions()["outbox"].get("ReservedConcurrentExecutions", off).get("Fn::If", [None, None])
    if outbox[1] != {"Ref": "OutboxConcurrency"}:
        yield "any number of outbox invocations send at once"


@rule
def stages_say_what_is_asked(stack, source):
    parameters = stack.template["Parameters"]
    for stage, given in source.stages.items():
        missing = {name for name, parameter in parameters.items() if "Default" not in parameter} - set(given)
        if missing or set(given) - set(parameters):
            yield f"{stage}: {sorted(missing | set(given) - set(parameters))}"
        if (given.get("Stage"), given.get("TableName"), given.get("KeyTableName")) != (
            stage,
            f"hokenshitsu-{stage}",
            f"hokenshitsu-{stage}-keys",
        ):
            yield f"{stage} serves other tables than its own"
    for name, table in stack.of("AWS::DynamoDB::Table").items():
        if shown(table["TableName"]) != {"Table": "hokenshitsu-${Stage}", "KeyTable": "hokenshitsu-${Stage}-keys"}.get(name):
            yield f"{name} is not what samconfig.toml serves"
