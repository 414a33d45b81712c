"""The webhook's job for a registered member's further message, as a careful Python programmer would write it: the same calls and
the same items as functions/line-webhook, by the official SDKs. Everything else that the function knows is left out."""

import base64
import datetime
import functools
import hashlib
import hmac
import json
import os
import re
import time
import unicodedata
import uuid

import boto3
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage
from linebot.v3.oauth import ApiClient as TokenApiClient, ChannelAccessToken, Configuration as TokenConfiguration
from linebot.v3.webhook import SignatureValidator

TABLE, KEYS = os.environ["HOKEN_TABLE"], os.environ["HOKEN_KEY_TABLE"]
LINE = os.environ["HOKEN_LINE_API"].rstrip("/")
dynamodb, kms, ssm = (boto3.client(service) for service in ("dynamodb", "kms", "ssm"))
remembered = {}


def once(name, minutes, make):
    """What `make` gave before, for so many minutes."""
    value, until = remembered.get(name, (None, 0))
    if until < time.time():
        value = make()
        remembered[name] = value, time.time() + minutes * 60
    return value


def parameter(name):
    path = f"{os.environ['HOKEN_PARAMETERS']}/{name}"
    return once(name, 5, lambda: ssm.get_parameter(Name=path, WithDecryption=True)["Parameter"]["Value"])


def derive(secret, purpose):
    """HKDF (RFC 5869) for one block."""
    prk = hmac.digest(b"hokenshitsu", secret, "sha256")
    return hmac.digest(prk, purpose.encode() + b"\1", "sha256")


def digest(key, parts):
    return hmac.new(key, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


def seal(key, place, value):
    nonce = os.urandom(12)
    return {"B": nonce + key.encrypt(nonce, json.dumps(value, ensure_ascii=False).encode(), place.encode())}


def unseal(key, place, sealed):
    return json.loads(key.decrypt(sealed[:12], sealed[12:], place.encode()))


KANA = {code: code - 0x60 for code in range(ord("ァ"), ord("ヶ") + 1)}
BETWEEN = re.compile(r"[\W_ー]")


def letters(text):
    """Widths, cases, both kana and what stands between letters do not count."""
    return BETWEEN.sub("", unicodedata.normalize("NFKC", text).lower().translate(KANA))


# The operator's words come again with each message.
letters_of_word = functools.cache(letters)


def s(text):
    return {"S": text}


def n(number):
    return {"N": str(number)}


def stamp(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


NEW = {"ConditionExpression": "attribute_not_exists(pk)"}


def put(item, condition):
    return {"Put": {"TableName": TABLE, "Item": item, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"} | condition}


def check(table, key, condition, values):
    return {"ConditionCheck": {"TableName": table, "Key": key, "ConditionExpression": condition, "ExpressionAttributeValues": values}}


def handler(request, _context):
    name = request["rawPath"].split("/")[-2]
    channel = json.loads(parameter(f"line/{name}"))
    if not SignatureValidator(channel["channel_secret"]).validate(request["body"], request["headers"]["x-line-signature"]):
        return {"statusCode": 401}
    for event in json.loads(request["body"])["events"]:
        message(name, channel, event)
    return {"statusCode": 200}


def message(name, channel, event):
    digests = derive(base64.b64decode(parameter("secret")), "digest")
    user = digest(digests, ["line", event["source"]["userId"]])
    user_key = {"pk": s(f"LINE#{user}"), "sk": s("USER")}
    found = dynamodb.get_item(TableName=TABLE, Key=user_key, ConsistentRead=True)["Item"]
    member = found["member"]["M"]
    id, tenant, number, generation = (member[name]["S"] for name in ("id", "tenant", "number", "key"))
    consultation = member["intake"]["M"]["open"]["S"]

    wanted = [
        {"pk": s(f"CLAIM#{tenant}#{number}"), "sk": s("CLAIM")},
        {"pk": s(f"MEMBER#{id}"), "sk": s(f"CONSULTATION#{consultation}")},
        {"pk": s("OPERATOR"), "sk": s("SETTINGS")},
        {"pk": s(f"ROSTER#{tenant}#{number[0]}"), "sk": s(number)},
        {"pk": s(f"TENANT#{tenant}"), "sk": s("TENANT")},
    ]
    requests = {TABLE: {"Keys": wanted, "ConsistentRead": True}}
    if generation not in remembered:
        requests[KEYS] = {"Keys": [{"pk": s(f"MEMBER#{id}")}], "ConsistentRead": True}
    responses = dynamodb.batch_get_item(RequestItems=requests)["Responses"]
    of = {item["kind"]["S"]: item for item in responses[TABLE]}

    def unwrap():
        wrapped, context = responses[KEYS][0]["wrapped"]["B"], {"tenant": tenant, "member": id}
        plain = kms.decrypt(KeyId=os.environ["HOKEN_KMS_KEY"], CiphertextBlob=wrapped, EncryptionContext=context)["Plaintext"]
        return AESGCM(plain), derive(plain, "pseudonym")

    key, pseudonyms = once(generation, float("inf"), unwrap)
    place = f"{id}|{generation}|"
    address = unseal(key, place + "member", member["secret"]["B"])["address"]
    text = letters(event["message"]["text"])
    urgent = any(letters_of_word(word) in text for word in of["Settings"]["danger"]["S"].split("\n"))

    now, at = time.time(), stamp(event["timestamp"] / 1000)
    month = stamp(now + 9 * 3600)[:7]
    pseudonym = digest(pseudonyms, [tenant, month, "ACTIVE"])
    outbox = str(uuid.uuid4())
    days = lambda count: n(int(now) + count * 86_400)  # noqa: E731
    reply = "追加のメッセージを受け付けました。"
    said = {"pk": s(f"MEMBER#{id}"), "sk": s(f"MESSAGE#{consultation}#{at}#{event['message']['id']}")}
    head = of["Consultation"]
    waiting = {
        "pk": s(f"MEMBER#{id}"), "sk": s(f"OUTBOX#{outbox}"), "kind": s("Outbox"), "id": s(outbox), "effect": s("Line"), "state": s("Taken"),
        "attempt": n(1), "due": s(stamp(now + 30)), "created_at": s(stamp(now)), "channel": s(name), "user": s(user),
        "sealed_with": {"M": {"Member": {"L": [s(id), s(generation)]}}},
    }
    owed = {
        "reply_token": s(event["replyToken"]), "reply_until": s(stamp(now + 50)),
        "body": seal(key, place + "outbox", {"to": address, "messages": [{"type": "text", "text": reply}]}),
        "gpk": s(f"OUTBOX#DUE#{int(outbox[-2:], 16) % 4}"), "gsk": s(f"{stamp(now + 30)}#{outbox}"),
    }
    joined = {"version": n(int(head["version"]["N"]) + 1), "last_message_at": s(at), "urgent": {"BOOL": urgent or head["urgent"]["BOOL"]}}
    dynamodb.transact_write_items(TransactItems=[
        put(said | {"kind": s("Message"), "author": s("Member"), "at": s(at), "body": seal(key, place + "message", {"Text": event["message"]["text"]})}, NEW),
        put({"pk": user_key["pk"], "sk": s(f"SENT#{event['message']['id']}"), "kind": s("Sent"), "member": s(id), "message": said["sk"], "ttl": days(30)}, NEW),
        put(head | joined, {"ConditionExpression": "version = :before", "ExpressionAttributeValues": {":before": head["version"]}}),
        put({"pk": s(f"MARKERS#{tenant}#{month}#ACTIVE#{int(pseudonym, 16) % 16:02}"), "sk": s(pseudonym), "kind": s("Marker")}, {}),
        check(TABLE, user_key, "version = :version", {":version": found["version"]}),
        check(KEYS, {"pk": s(f"MEMBER#{id}")}, "generation = :generation", {":generation": s(generation)}),
        put(waiting | owed, NEW),
        put({"pk": user_key["pk"], "sk": s(f"INBOX#{event['webhookEventId']}"), "kind": s("Inbox"), "handled_at": s(stamp(now)), "ttl": days(30),
             "reply": {"L": [waiting["pk"], waiting["sk"]]}}, NEW),
    ])

    def client():
        issuer = ChannelAccessToken(TokenApiClient(TokenConfiguration(host=LINE)))
        token = issuer.issue_stateless_channel_token_by_client_secret(channel["channel_id"], channel["channel_secret"])
        return MessagingApi(ApiClient(Configuration(host=LINE, access_token=token.access_token)))

    once("client", 13, client).reply_message(ReplyMessageRequest(reply_token=event["replyToken"], messages=[TextMessage(text=reply)]))
    dynamodb.put_item(
        TableName=TABLE,
        Item=waiting | {"state": s("Sent"), "ttl": days(7)},
        ConditionExpression="#state = :taken AND attempt = :attempt",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":taken": s("Taken"), ":attempt": n(1)},
    )
