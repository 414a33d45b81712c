#!/usr/bin/env python3
"""Writes the fixtures of this folder: LINE webhooks as API Gateway (HTTP API, payload 2.0) hands them to the function.

Run it without arguments after a change: `python3 events/line-webhook/make.py`. The output depends on nothing but this
file, so that signatures can be computed again. Everybody in here is invented. The shapes follow LINE's OpenAPI
definition of webhooks; `messageEdited`, which came later, follows LINE's release note.
"""

import base64
import hashlib
import hmac
import json
import pathlib
from datetime import datetime, timedelta, timezone

HERE = pathlib.Path(__file__).parent
SECRET = "demo-channel-secret-0123456789abcd"
JST = timezone(timedelta(hours=9))
START = datetime(2026, 11, 24, 10, 15, tzinfo=JST)  # a Tuesday, in business hours
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()


def user(name):
    return "U" + digest("user " + name)[:32]


HANAKO, TARO, BOT = user("hanako"), user("taro"), user("bot")
GROUP, ROOM = "C" + digest("group")[:32], "R" + digest("room")[:32]


def ulid(seed, millis):
    number = (millis << 80) | int(digest("ulid " + seed)[:20], 16)
    return "".join(CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def message_id(seed):
    return str(5 * 10**17 + int(digest("message " + seed)[:12], 16))


def token(seed):
    return digest("token " + seed)[:32]


def quote(seed):
    return base64.urlsafe_b64encode(hashlib.sha256(("quote " + seed).encode()).digest()).decode().rstrip("=")


class Fixtures:
    """Collects events; each gets its own second, ids and tokens from its name."""

    def __init__(self):
        self.count = 0

    def event(self, seed, kind, reply=True, **fields):
        self.count += 1
        millis = int((START + timedelta(seconds=37 * self.count)).timestamp() * 1000) + 123
        event = {"type": kind}
        event.update(fields)
        event.setdefault("source", {"type": "user", "userId": HANAKO})
        event.update(
            webhookEventId=ulid(seed, millis),
            deliveryContext={"isRedelivery": False},
            timestamp=millis,
            mode="active",
        )
        if reply:
            event["replyToken"] = token(seed)
        return event

    def message(self, seed, kind, **content):
        source = content.pop("source", {"type": "user", "userId": HANAKO})
        message = {"type": kind, "id": message_id(seed), **content}
        if kind in ("text", "sticker", "image", "video"):
            message["quoteToken"] = quote(seed)
        message["markAsReadToken"] = token("read " + seed)
        return self.event(seed, "message", message=message, source=source)

    def text(self, seed, words, **more):
        return self.message(seed, "text", text=words, **more)


def body_of(events, ascii_only=False):
    delivery = {"destination": BOT, "events": events}
    return json.dumps(delivery, ensure_ascii=ascii_only, separators=(",", ":"))


def write(name, body, signature="right", encoded=False):
    """One API Gateway event. The signature is over the raw bytes of the body, also where they travel as base64."""
    raw = body.encode()
    sent_at = START + timedelta(minutes=1)
    headers = {
        "content-length": str(len(raw)),
        "content-type": "application/json; charset=utf-8",
        "host": "api.example.jp",
        "user-agent": "LineBotWebhook/2.0",
        "x-forwarded-for": "203.0.113.10",
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }
    if signature != "missing":
        secret = SECRET if signature == "right" else "the-secret-of-another-channel"
        mac = hmac.new(secret.encode(), raw, hashlib.sha256).digest()
        headers["x-line-signature"] = base64.b64encode(mac).decode()
    event = {
        "version": "2.0",
        "routeKey": "POST /line/{channel}/webhook",
        "rawPath": "/line/demo/webhook",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "demo0api00",
            "domainName": "api.example.jp",
            "domainPrefix": "api",
            "http": {
                "method": "POST",
                "path": "/line/demo/webhook",
                "protocol": "HTTP/1.1",
                "sourceIp": "203.0.113.10",
                "userAgent": "LineBotWebhook/2.0",
            },
            "requestId": digest("request " + name)[:15] + "=",
            "routeKey": "POST /line/{channel}/webhook",
            "stage": "$default",
            "time": sent_at.astimezone(timezone.utc).strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(sent_at.timestamp() * 1000),
        },
        "pathParameters": {"channel": "demo"},
        "body": base64.b64encode(raw).decode() if encoded else body,
        "isBase64Encoded": encoded,
    }
    (HERE / f"{name}.json").write_text(json.dumps(event, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def kinds(make):
    """One event of every kind and variant that the definitions know."""
    line = {"type": "line"}
    external = {
        "type": "external",
        "originalContentUrl": "https://img.example.jp/original.jpg",
        "previewImageUrl": "https://img.example.jp/preview.jpg",
    }
    group = {"type": "group", "groupId": GROUP, "userId": HANAKO}
    nobody = {"type": "group", "groupId": GROUP}

    yield "message-text", make.message("text", "text", text="最近よく眠れません。どうしたらよいでしょうか。")
    yield "message-text-emoji-mention", make.message(
        "emoji",
        "text",
        source=group,
        text="@健康推進室 (smile) よろしくお願いします",
        emojis=[{"index": 7, "length": 7, "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}],
        mention={
            "mentionees": [
                {"index": 0, "length": 6, "type": "user", "userId": BOT, "isSelf": True},
                {"index": 0, "length": 6, "type": "all"},
            ]
        },
    )
    yield "message-text-quoted", make.message("quoted", "text", text="この件の続きです", quotedMessageId=message_id("text"))
    yield "message-sticker", make.message(
        "sticker",
        "sticker",
        packageId="446",
        stickerId="1988",
        stickerResourceType="MESSAGE",
        keywords=["ありがとう", "笑顔"],
        text="助かりました",
    )
    yield "message-image", make.message("image", "image", contentProvider=line, imageSet={"id": digest("set")[:32], "index": 1, "total": 2})
    yield "message-image-external", make.message("image external", "image", contentProvider=external)
    yield "message-video", make.message("video", "video", duration=60000, contentProvider=line)
    yield "message-audio", make.message("audio", "audio", duration=4200, contentProvider=line)
    yield "message-file", make.message("file", "file", fileName="健康診断結果.pdf", fileSize=213804)
    yield "message-location", make.message(
        "location", "location", title="本社", address="東京都千代田区丸の内一丁目", latitude=35.68, longitude=139.76
    )
    yield "unsend", make.event("unsend", "unsend", reply=False, unsend={"messageId": message_id("text")})
    yield "follow", make.event("follow", "follow", follow={"isUnblocked": False})
    yield "follow-unblocked", make.event("follow unblocked", "follow", follow={"isUnblocked": True})
    yield "unfollow", make.event("unfollow", "unfollow", reply=False)
    yield "postback", make.event("postback", "postback", postback={"data": "consent=yes"})
    yield "postback-datetime", make.event(
        "postback datetime", "postback", postback={"data": "pick=time", "params": {"datetime": "2026-12-01T10:00"}}
    )
    yield "postback-richmenu", make.event(
        "postback richmenu",
        "postback",
        postback={"data": "menu=2", "params": {"newRichMenuAliasId": "menu-2", "status": "SUCCESS"}},
    )
    yield "account-link", make.event("link", "accountLink", link={"result": "ok", "nonce": digest("nonce")[:40]})
    yield "join", make.event("join", "join", source=nobody)
    yield "leave", make.event("leave", "leave", reply=False, source=nobody)
    members = {"members": [{"type": "user", "userId": HANAKO}, {"type": "user", "userId": TARO}]}
    yield "member-joined", make.event("joined", "memberJoined", source=nobody, joined=members)
    yield "member-left", make.event("left", "memberLeft", reply=False, source=nobody, left=members)
    yield "beacon", make.event("beacon", "beacon", beacon={"hwid": "d41d8cd98f", "type": "enter", "dm": "0123456789"})
    yield "video-play-complete", make.event("played", "videoPlayComplete", videoPlayComplete={"trackingId": "introduction-2026"})
    for change in ("joined", "left", "renewed"):
        membership = {"type": change, "membershipId": 3189}
        yield f"membership-{change}", make.event("membership " + change, "membership", membership=membership)
    attached = {"type": "attached", "botId": BOT, "scopes": ["message:send", "message:receive"]}
    detached = {"type": "detached", "botId": BOT, "reason": "bot_deleted"}
    for module in (attached, detached):
        event = make.event("module " + module["type"], "module", reply=False, module=module)
        del event["source"]
        yield "module-" + module["type"], event
    yield "activated", make.event("activated", "activated", reply=False, chatControl={"expireAt": int(START.timestamp() * 1000) + 3600000})
    yield "deactivated", make.event("deactivated", "deactivated", reply=False)
    for name, kind in (("bot-suspended", "botSuspended"), ("bot-resumed", "botResumed")):
        event = make.event(name, kind, reply=False)
        del event["source"]
        yield name, event
    yield "pnp-delivery", make.event("delivery", "delivery", reply=False, delivery={"data": digest("telephone")})
    edited = make.message("edited", "text", source=group, text="最近よく眠れます")
    edited["type"] = "messageEdited"
    yield "message-edited", edited


def variants(make):
    """Shapes that real deliveries have beside the kinds: older, newer, repeated, not ours to answer."""
    text = make.text
    event = text("redelivery", "再送された相談です")
    event["deliveryContext"]["isRedelivery"] = True
    yield "redelivery", event
    yield "unknown-kind", make.event("unknown kind", "hologramShown", hologram={"depth": 3})
    yield "unknown-message-kind", make.message("unknown message", "hologram", hologram={"depth": 3})
    event = text("standby", "ほかの窓口への質問です")
    event["mode"] = "standby"
    del event["replyToken"]
    yield "standby", event
    yield "group-text", text("group", "みなさん、こんにちは", source={"type": "group", "groupId": GROUP, "userId": TARO})
    yield "room-text", text("room", "みなさん、こんばんは", source={"type": "room", "roomId": ROOM, "userId": TARO})
    event = text("no id", "古い形のイベントです")
    del event["webhookEventId"]
    yield "no-webhook-event-id", event
    event = text("no source", "送り主のないイベントです")
    del event["source"]
    yield "no-source", event
    event = text("no token", "返信トークンのないイベントです")
    del event["replyToken"]
    yield "no-reply-token", event
    event = text("no context", "配信情報のないイベントです")
    del event["deliveryContext"]
    yield "no-delivery-context", event


def main():
    make = Fixtures()
    for events in (kinds(make), variants(make)):
        for name, event in events:
            write(name, body_of([event]))
    text = make.text
    write("base64-body", body_of([text("base64", "肩こりがつらいです")]), encoded=True)
    write("empty-events", body_of([]))
    taro = {"type": "user", "userId": TARO}
    write("mixed-users", body_of([text("mixed 1", "頭痛が続いています"), text("mixed 2", "腰が痛みます", source=taro), text("mixed 3", "熱もあります")]))
    half = text("half", "つらいです\ud83e")  # the first half of an emoji: an escape that stands for no character
    write("lone-surrogate", body_of([half, text("whole", "隣の相談です", source=taro)], ascii_only=True))
    write("wrong-signature", body_of([text("wrong", "これは届いてはいけません")]), signature="wrong")
    write("missing-signature", body_of([text("missing", "これも届いてはいけません")]), signature="missing")


if __name__ == "__main__":
    main()
