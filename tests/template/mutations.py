"""Damages to the template, or to what the code says, each with the rule that has to notice."""

from dataclasses import dataclass
from typing import Callable

MUTATIONS = []


@dataclass
class Mutation:
    name: str
    rule: str
    damage: Callable  # of resources and facts


def at(resources, path):
    """The parent of what a path names, and its last part: `Table.Properties.SSESpecification`."""
    *parents, last = [int(part) if part.isdigit() else part for part in path.split("/")]
    place = resources
    for part in parents:
        place = place[part]
    return place, last


def add(rule, name, damage):
    MUTATIONS.append(Mutation(name, rule, damage))


def drop(rule, *paths):
    for path in paths:

        def damage(resources, facts, path=path):
            place, last = at(resources, path)
            del place[last]

        add(rule, f"without {path}", damage)


def put(rule, path, value):
    def damage(resources, facts):
        place, last = at(resources, path)
        place[last] = value

    add(rule, f"{path} = {value}", damage)


def say(rule, name, change):
    """The code says something else."""
    add(rule, name, lambda resources, facts: change(facts))


def statements(resources, role):
    """Of a role, or of a policy of its own."""
    properties = resources[role]["Properties"]
    return properties.get("Policies", [properties])[0]["PolicyDocument"]["Statement"]


def statement(role, having):
    """The first statement of a role that has this text in it."""

    def find(resources):
        of = statements(resources, role)
        return of, next(number for number, one in enumerate(of) if having in str(one))

    return find


def without(rule, role, having):
    def damage(resources, facts):
        of, number = statement(role, having)(resources)
        del of[number]

    add(rule, f"{role} without {having}", damage)


def allow(rule, role, action, resource, condition=None):
    def damage(resources, facts):
        more = {"Condition": condition} if condition else {}
        statements(resources, role).append({"Effect": "Allow", "Action": action, "Resource": resource} | more)

    add(rule, f"{role} with {action} on {resource}", damage)


def condition(rule, role, having, change):
    """The condition of a role's first statement that has this text in it becomes another."""

    def damage(resources, facts):
        of, number = statement(role, having)(resources)
        change(of[number]["Condition"])

    add(rule, f"{role}: another condition on {having}", damage)


TABLE = {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}"}
BUCKET = "Bucket/Properties/"

encrypted = "everything_at_rest_is_encrypted"
drop(encrypted, "Table/Properties/SSESpecification", "KeyTable/Properties/SSESpecification", BUCKET + "BucketEncryption")
drop(encrypted, "RosterQueue/Properties/SqsManagedSseEnabled", "FeedbackDead/Properties/SqsManagedSseEnabled")
drop(
    encrypted,
    "FeedbackTopic/Properties/KmsMasterKeyId",
    "AlarmTopic/Properties/KmsMasterKeyId",
    "OutboxLog/Properties/KmsKeyId",
    "Key/Properties/EnableKeyRotation",
)
put(encrypted, "Table/Properties/SSESpecification/KMSMasterKeyId", "alias/aws/dynamodb")
put(encrypted, BUCKET + "BucketEncryption/ServerSideEncryptionConfiguration/0/ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"})

survives = "what_cannot_be_made_again_survives"
drop(
    survives,
    "Table/Properties/PointInTimeRecoverySpecification",
    "KeyTable/Properties/DeletionProtectionEnabled",
    "Bucket/DeletionPolicy",
    "Key/UpdateReplacePolicy",
)
put(survives, "KeyTable/Properties/PointInTimeRecoverySpecification/RecoveryPeriodInDays", 35)
put(survives, "Table/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled", False)
put(survives, "ContactPool/Properties/DeletionProtection", "INACTIVE")

shape = "tables_are_as_the_store_expects"
put(shape, "Table/Properties/StreamSpecification/StreamViewType", "NEW_AND_OLD_IMAGES")
put(shape, "Table/Properties/GlobalSecondaryIndexes/0/Projection", {"ProjectionType": "KEYS_ONLY"})
put(shape, "KeyTable/Properties/TimeToLiveSpecification/AttributeName", "expires")
say(shape, "the store's index has another name", lambda facts: setattr(facts, "index", "by_time"))

closed = "the_bucket_is_closed"
drop(closed, BUCKET + "PublicAccessBlockConfiguration", BUCKET + "VersioningConfiguration", BUCKET + "OwnershipControls")
put(closed, BUCKET + "PublicAccessBlockConfiguration/BlockPublicPolicy", False)
put(closed, BUCKET + "CorsConfiguration/CorsRules/0/AllowedOrigins", ["*"])
say(closed, "a permit signs another header", lambda facts: facts.upload_headers.add("x-amz-meta-name"))

clear = "nothing_speaks_in_clear"
drop(clear, "BucketPolicy", "BucketPolicy/Properties/PolicyDocument/Statement/0", "BucketPolicy/Properties/PolicyDocument/Statement/1")
drop(
    clear,
    "ArrivalQueuePolicy/Properties/PolicyDocument/Statement/0",
    "StreamFailuresPolicy",
    "AlarmTopicPolicy/Properties/PolicyDocument/Statement/0",
    "MailSet/Properties/DeliveryOptions",
)
put(clear, "BucketPolicy/Properties/PolicyDocument/Statement/0/Resource", [{"Fn::GetAtt": ["Bucket", "Arn"]}])
put(clear, "ApiGatewayDomainNameV201a371640b/Properties/DomainNameConfigurations/0/SecurityPolicy", "TLS_1_0")

lifecycle = "objects_do_not_stay_for_ever"
drop(lifecycle, BUCKET + "LifecycleConfiguration", *(f"{BUCKET}LifecycleConfiguration/Rules/{number}" for number in range(5)))
put(lifecycle, BUCKET + "LifecycleConfiguration/Rules/0/ExpirationInDays", 90)
put(lifecycle, BUCKET + "LifecycleConfiguration/Rules/1/ExpirationInDays", 30)
put(lifecycle, BUCKET + "LifecycleConfiguration/Rules/0/Status", "Disabled")
put(lifecycle, BUCKET + "LifecycleConfiguration/Rules/2/Prefix", "request-forms/")

logged = "logs_are_kept_for_a_while_and_hold_nobody"
drop(
    logged,
    "LineWebhookLog/Properties/RetentionInDays",
    "Outbox/Properties/LoggingConfig",
    "ApiApiGatewayDefaultStage/Properties/AccessLogSettings",
)
put(logged, "KpiReport/Properties/LoggingConfig/LogGroup", {"Ref": "OutboxLog"})
put(logged, "ApiApiGatewayDefaultStage/Properties/AccessLogSettings/Format", '{"path":"$context.path"}')
put(logged, "ApiApiGatewayDefaultStage/Properties/AccessLogSettings/Format", '{"from":"$context.identity.sourceIp"}')
without(logged, "SlotBookingRole", "logs:PutLogEvents")

waits = "what_fails_alone_waits_somewhere"
drop(waits, "OutboxEventInvokeConfig", "MailFeedbackEventInvokeConfig/Properties/DestinationConfig", "RosterQueue/Properties/RedrivePolicy")
drop(waits, "KpiReportMonthly/Properties/Target/DeadLetterConfig", "RetireePurgeSweep/Properties/Target/RetryPolicy")
drop(waits, "OutboxStream/Properties/DestinationConfig", "OutboxStream/Properties/BisectBatchOnFunctionError")
drop(
    waits,
    "MailFeedbackFeedback/Properties/RedrivePolicy",
    "FeedbackDeadPolicy/Properties/PolicyDocument/Statement/1",
    "AsyncFailures/Properties/MessageRetentionPeriod",
)
without(waits, "KpiReportRole", "AsyncFailures")
without(waits, "OutboxRole", "StreamFailures")
without(waits, "SchedulerRole", "ScheduleFailures")
without(waits, "SchedulerRole", "lambda:InvokeFunction")

queued = "queues_are_read_as_here"
put(queued, "RosterImport/Properties/Timeout", 400)
put(queued, "ArrivalQueue/Properties/VisibilityTimeout", 90)
put(queued, "RosterQueue/Properties/RedrivePolicy/maxReceiveCount", 3)
drop(queued, "DocumentArrivalUploads/Properties/FunctionResponseTypes", "RosterImportDeliveries/Properties/ScalingConfig")
without(queued, "DocumentArrivalRole", "sqs:ReceiveMessage")
say(queued, "the local system hands over other batches", lambda facts: setattr(facts, "queue_batch", 5))

streamed = "the_stream_is_read_as_here"
drop(streamed, "OutboxStream/Properties/FilterCriteria", "OutboxStream/Properties/FunctionResponseTypes", "OutboxStream")
put(streamed, "OutboxStream/Properties/FilterCriteria/Filters/0/Pattern", '{"eventName":["INSERT","MODIFY"]}')
put(streamed, "OutboxStream/Properties/StartingPosition", "LATEST")
say(
    streamed,
    "outbox items have another key",
    lambda facts: setattr(facts, "stream_filter", '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"OUT#"}]}}}}'),
)

scheduled = "schedules_are_those_of_the_local_system"
drop(scheduled, "KpiReportMonthly", "RetireePurgeMonthly/Properties/ScheduleExpressionTimezone")
put(scheduled, "RetireePurgeMonthly/Properties/ScheduleExpression", "cron(0 18 L * ? *)")
put(scheduled, "OutboxSweep/Properties/Target/Input", '{"sweep":false}')
put(scheduled, "KpiReportSweep/Properties/FlexibleTimeWindow", {"Mode": "FLEXIBLE", "MaximumWindowInMinutes": 60})
say(scheduled, "the local system has one more", lambda facts: facts.schedules.add(("slots-sweep", "rate(1 hour)", "slot-booking", "{}")))

told = "the_bucket_tells_the_same_queues"
drop(told, BUCKET + "NotificationConfiguration/QueueConfigurations/1", "RosterQueuePolicy/Properties/PolicyDocument/Statement/1")
put(told, BUCKET + "NotificationConfiguration/QueueConfigurations/0/Event", "s3:ObjectCreated:Put")
put(told, BUCKET + "NotificationConfiguration/QueueConfigurations/0/Filter/S3Key/Rules/0/Value", "roster/")
drop(told, "ArrivalQueuePolicy/Properties/PolicyDocument/Statement/1/Condition/StringEquals")
say(told, "uploads lie elsewhere", lambda facts: facts.bucket_events.update({"quarantine/": facts.bucket_events.pop("uploads/")}))

routed = "routes_are_those_of_the_local_gateway"
drop(routed, "LineWebhookFirstPermission")
paths = lambda resources: resources["Api"]["Properties"]["Body"]["paths"]
add(routed, "without /desk", lambda resources, facts: paths(resources).pop("/desk"))
add(
    routed,
    "the booking site goes to the portal",
    lambda resources, facts: paths(resources).update({"/booking": paths(resources)["/contacts"]}),
)
say(routed, "the local gateway has one more", lambda facts: facts.routes.update({"GET /kpi": "kpi-report"}))

guarded = "the_front_is_guarded"
drop(
    guarded, "Api/Properties/Body/servers", "ApiApiGatewayDefaultStage/Properties/DefaultRouteSettings", "ApiGatewayDomainNameV201a371640b"
)

found = "functions_find_their_variables"
drop(found, "SlotBooking/Properties/Environment/Variables/HOKEN_SIGN_IN_CLIENT", "Outbox/Properties/Environment/Variables/HOKEN_BUCKET")
put(found, "Outbox/Properties/Environment/Variables/HOKEN_OUTBOX", "x")
put(found, "Outbox/Properties/Environment/Variables/HOKEN_BUCKET", "")
say(found, "the code asks for one more", lambda facts: facts.variables.add("HOKEN_EVENTS"))

people = "people_sign_in_where_they_belong"
put(people, "StaffPool/Properties/MfaConfiguration", "OPTIONAL")
put(
    people,
    "NurseConsole/Properties/Environment/Variables/HOKEN_SIGN_IN_ISSUER",
    {"Fn::Sub": "https://cognito-idp.${AWS::Region}.amazonaws.com/${ContactPool}"},
)
put(people, "ContactClient/Properties/LogoutURLs", [{"Fn::Sub": "https://${DomainName}/contacts/signed-out"}])
put(people, "StaffClient/Properties/CallbackURLs", [{"Fn::Sub": "https://${DomainName}/desk/callback"}])
put(people, "ContactClient/Properties/WriteAttributes", ["locale", "custom:tenant"])
put(people, "StaffClient/Properties/GenerateSecret", True)
put(people, "ContactPool/Properties/AdminCreateUserConfig/AllowAdminCreateUserOnly", False)
put(people, "StaffPool/Properties/AdminCreateUserConfig/InviteMessageTemplate/EmailMessage", "{username} {####}")
put(people, "StaffDomain/Properties/ManagedLoginVersion", 1)
put(people, "NurseGroup/Properties/UserPoolId", {"Ref": "ContactPool"})
drop(people, "ContactClient/Properties/WriteAttributes", "ContactLook", "OperatorGroup")
say(people, "there is one more role", lambda facts: facts.roles.add("physician"))

deployed = "every_function_is_deployed"
put(deployed, "DocumentArrival/Metadata/BuildProperties/Binary", "document-upload")
say(deployed, "a crate is not deployed", lambda facts: facts.binaries.update({"content-push": "content-push"}))
say(deployed, "a function has no crate", lambda facts: facts.binaries.pop("slot-booking"))
say(deployed, "events of nobody", lambda facts: facts.events.add("content-push"))
say(deployed, "a function without events", lambda facts: facts.events.discard("outbox"))

built = "functions_run_as_they_are_built"
put(built, "LineWebhook/Properties/Architectures", ["x86_64"])
put(built, "NurseConsole/Properties/Timeout", 60)
put(built, "RetireePurge/Properties/Timeout", 300)

narrow = "rights_are_as_narrow_as_the_work"
allow(narrow, "ContactPortalRole", "s3:*", {"Fn::Sub": "${Bucket.Arn}/roster-out/*"})
allow(narrow, "ContactPortalRole", "s3:GetObject", {"Fn::Sub": "${Bucket.Arn}/*"})
allow(narrow, "LineWebhookRole", "dynamodb:Query", "*")
allow(narrow, "LineWebhookRole", "dynamodb:Scan", TABLE)
allow(narrow, "SlotBookingRole", "kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]})
allow(narrow, "KpiReportRole", "kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]}, {"Null": {"kms:EncryptionContext:member": "false"}})
allow(
    narrow,
    "SlotBookingRole",
    "dynamodb:BatchGetItem",
    {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${KeyTableName}"},
)
allow(
    narrow,
    "OutboxRole",
    "dynamodb:PutItem",
    {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${TableName}/index/by_due"},
)
allow(narrow, "OutboxRole", "ses:SendEmail", {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/x"})
allow(narrow, "OutboxRole", "s3:ListBucketVersions", {"Fn::GetAtt": ["Bucket", "Arn"]})
allow(narrow, "MailFeedbackRole", "ses:SendEmail", "arn", {"StringEquals": {"ses:FromAddress": "x"}})
INDEX = {"Fn::Sub": TABLE["Fn::Sub"] + "/index/by_due"}
allow(narrow, "NurseConsoleRole", "dynamodb:Query", INDEX)
allow(narrow, "KpiReportRole", "dynamodb:Query", INDEX, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["QUEUE"]}})
allow(narrow, "OutboxRole", "dynamodb:Query", INDEX, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["NOWHERE#*"]}})
without(narrow, "ContactPortalRole", "MEMBER#*")
without(narrow, "RosterImportRole", "MEMBER#*")
without(narrow, "OutboxRole", "ses:SendRawEmail")
put(narrow, "SlotBooking/Properties/Role", {"Fn::GetAtt": ["ContactPortalRole", "Arn"]})
put(narrow, "KpiReportRole/Properties/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AdministratorAccess"])
put(narrow, "Key/Properties/KeyPolicy/Statement/1/Condition", {"StringEquals": {"kms:CallerAccount": {"Ref": "AWS::AccountId"}}})
drop(narrow, "Key/Properties/KeyPolicy/Statement/3/Condition")
for members in ("MEMBER#*", "LINE#*", "CLAIM#*"):
    allow(narrow, "OperatorPolicy", "dynamodb:Query", TABLE, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [members]}})
allow(narrow, "OperatorPolicy", "dynamodb:GetItem", TABLE)
allow(narrow, "OperatorPolicy", "dynamodb:Query", INDEX, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["QUEUE"]}})
allow(narrow, "OperatorPolicy", "dynamodb:GetItem", {"Fn::Sub": TABLE["Fn::Sub"].replace("TableName", "KeyTableName")})
allow(narrow, "OperatorPolicy", "ssm:GetParameter", "*")
without(narrow, "OperatorPolicy", "kms:EncryptionContext:member")
put(narrow, "OperatorPolicy/Properties/Groups", ["operators"])
put(narrow, "OutboxRole/Properties/ManagedPolicyArns", [{"Ref": "OperatorPolicy"}])

used = "rights_are_those_that_the_code_uses"
allow(used, "LineWebhookRole", "dynamodb:Query", TABLE)
allow(used, "ContactPortalRole", "s3:DeleteObjectVersion", {"Fn::Sub": "${Bucket.Arn}/roster-in/*"})
allow(
    used, "DocumentUploadRole", "kms:GenerateDataKey", {"Fn::GetAtt": ["Key", "Arn"]}, {"Null": {"kms:EncryptionContext:member": "false"}}
)
allow(
    used,
    "KpiReportRole",
    "ssm:GetParameter",
    {"Fn::Sub": "arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/hokenshitsu/${Stage}/line/*"},
)
without(used, "RetireePurgeRole", "dynamodb:BatchWriteItem")
without(used, "OutboxRole", "index/by_due")
without(used, "NurseConsoleRole", "kms:EncryptionContext:member")
without(used, "LineWebhookRole", "line/*")
drop(used, "OperatorPolicy")
for right in ("GetItem", "BatchGetItem", "Query", "PutItem", "DeleteItem", "UpdateItem", "index/by_due"):
    without(used, "OperatorPolicy", right)
for right in ("line/*", "ssm:Overwrite", "GetParametersByPath", "kms:Encrypt", "s3:PutObject", "s3:prefix", "GenerateDataKey"):
    without(used, "OperatorPolicy", right)
allow(used, "OperatorPolicy", "dynamodb:Scan", TABLE)
allow(used, "OperatorPolicy", "dynamodb:PutItem", TABLE, {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["AUDIT#*"]}})
allow(used, "OperatorPolicy", "dynamodb:Query", TABLE["Fn::Sub"].replace("${TableName}", "other"))
allow(used, "OperatorPolicy", "s3:GetObject", {"Fn::Sub": "${Bucket.Arn}/documents/*"})
allow(used, "OperatorPolicy", "kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]})
allow(used, "OperatorPolicy", "kms:Decrypt", {"Fn::GetAtt": ["Key", "Arn"]}, {"Null": {"kms:EncryptionContext:member": "false"}})
allow(used, "OperatorPolicy", "lambda:InvokeFunction", {"Fn::GetAtt": ["RetireePurge", "Arn"]})
condition(used, "OperatorPolicy", "ssm:Overwrite", lambda of: of.clear())
condition(used, "OperatorPolicy", "dynamodb:Attributes", lambda of: of.pop("ForAllValues:StringEquals"))
condition(used, "OperatorPolicy", "dynamodb:ReturnValues", lambda of: of.pop("StringEqualsIfExists"))
condition(used, "OperatorPolicy", "LEDGER#*", lambda of: of["ForAllValues:StringLike"]["dynamodb:LeadingKeys"].remove("LEDGER#*"))
condition(used, "OperatorPolicy", "s3:prefix", lambda of: of.update(Bool={"aws:MultiFactorAuthPresent": "true"}))
say(used, "operators begin to read objects", lambda facts: facts.operator.add(("bucket", "GetObject", "roster-in/")))
say(used, "operators add words no more", lambda facts: facts.operator.discard(("table", "PutItem", "OPERATOR")))
say(used, "the desk begins to change items in place", lambda facts: facts.needs["nurse-console"].add(("table", "UpdateItem")))

ring = "alarms_of_the_code_ring"
drop(ring, "DutyWordOfLineWebhook", "PurgeWord", "HolidaysWordOfNurseConsole")
put(ring, "KpiWordOfKpiReport/Properties/FilterPattern", "alarm kpi")
put(ring, "RosterWordOfRosterImport/Properties/LogGroupName", {"Ref": "OutboxLog"})
say(ring, "a function says a new word", lambda facts: facts.words.add(("slot-booking", "ledger")))
say(ring, "nobody says a word any more", lambda facts: facts.words.discard(("retiree-purge", "operators")))

reach = "alarms_reach_somebody_who_knows_what_to_do"
drop(reach, "OutboxWord/Properties/AlarmActions", "StreamFailuresAlarm", "LineWebhookErrors", "AlarmTopic/Properties/Subscription")
say(reach, "the guide does not name an alarm", lambda facts: setattr(facts, "readme", facts.readme.replace("`alarm-duty`", "")))

back = "mails_that_come_back_are_told"
drop(back, "MailIdentity/Properties/ConfigurationSetAttributes", "MailEvents", "MailFeedbackFeedback")
put(back, "MailEvents/Properties/EventDestination/MatchingEventTypes", ["BOUNCE"])

serves = "only_the_purge_runs_while_nobody_is_served"
drop(
    serves,
    "LineWebhook/Properties/ReservedConcurrentExecutions",
    "OutboxSweep/Properties/State",
    "RosterImportDeliveries/Properties/Enabled",
)
put(serves, "RetireePurge/Properties/ReservedConcurrentExecutions", {"Fn::If": ["Serves", {"Ref": "AWS::NoValue"}, 0]})
put(serves, "RetireePurgeSweep/Properties/State", {"Fn::If": ["Serves", "ENABLED", "DISABLED"]})
put(serves, "Outbox/Properties/ReservedConcurrentExecutions", {"Fn::If": ["Serves", {"Ref": "AWS::NoValue"}, 0]})

asked = "stages_say_what_is_asked"
say(asked, "a stage leaves a parameter out", lambda facts: facts.stages["dev"].pop("MailFrom"))
say(asked, "a stage serves the other's table", lambda facts: facts.stages["dev"].update(TableName="hokenshitsu-prod"))
put(asked, "Table/Properties/TableName", "hokenshitsu")
