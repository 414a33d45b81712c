// The webhook's job for a registered member's further message, as a careful Node.js programmer would write it: the same calls and
// the same items as functions/line-webhook, by the official SDKs. Everything else that the function knows is left out.

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, randomUUID } from "node:crypto";
import { BatchGetItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { DecryptCommand, KMSClient } from "@aws-sdk/client-kms";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { channelAccessToken, LINE_SIGNATURE_HTTP_HEADER_NAME, messagingApi, validateSignature } from "@line/bot-sdk";

const { HOKEN_TABLE: TABLE, HOKEN_KEY_TABLE: KEYS, HOKEN_KMS_KEY, HOKEN_PARAMETERS } = process.env;
const LINE = process.env.HOKEN_LINE_API.replace(/\/$/, "");
const [dynamodb, kms, ssm] = [new DynamoDBClient(), new KMSClient(), new SSMClient()];
const remembered = new Map();

/** What `make` gave before, for so many minutes. */
async function once(name, minutes, make) {
    const known = remembered.get(name);
    if (known && known.until > Date.now()) return known.value;
    const value = await make();
    remembered.set(name, { value, until: Date.now() + minutes * 60_000 });
    return value;
}

const parameter = (name) =>
    once(name, 5, async () => (await ssm.send(new GetParameterCommand({ Name: `${HOKEN_PARAMETERS}/${name}`, WithDecryption: true }))).Parameter.Value);
const derive = (secret, purpose) => Buffer.from(hkdfSync("sha256", secret, "hokenshitsu", purpose, 32));
const digest = (key, parts) => createHmac("sha256", key).update(parts.join("\x1f")).digest("hex").slice(0, 32);

function seal(key, place, value) {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(place));
    return { B: Buffer.concat([nonce, cipher.update(JSON.stringify(value)), cipher.final(), cipher.getAuthTag()]) };
}

function open(key, place, sealed) {
    const bytes = Buffer.from(sealed);
    const cipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, 12)).setAAD(Buffer.from(place)).setAuthTag(bytes.subarray(-16));
    return JSON.parse(Buffer.concat([cipher.update(bytes.subarray(12, -16)), cipher.final()]));
}

/** Widths, cases, both kana and what stands between letters do not count. */
const lettersOf = (text) =>
    text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60)).replace(/[^\p{L}\p{N}]|ー/gu, "");

const known = new Map();
/** The same of the operator's words, which come again with each message. */
const letters = (word) => known.get(word) ?? known.set(word, lettersOf(word)).get(word);

const S = (text) => ({ S: text });
const N = (number) => ({ N: String(number) });
const stamp = (ms) => new Date(ms).toISOString();
const put = (Item, condition, values) => ({
    Put: { TableName: TABLE, Item, ConditionExpression: condition, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
});
const check = (TableName, Key, ConditionExpression, ExpressionAttributeValues) => ({
    ConditionCheck: { TableName, Key, ConditionExpression, ExpressionAttributeValues },
});
const NEW = "attribute_not_exists(pk)";

export async function handler(request) {
    const name = request.rawPath.split("/").at(-2);
    const channel = JSON.parse(await parameter(`line/${name}`));
    if (!validateSignature(request.body, channel.channel_secret, request.headers[LINE_SIGNATURE_HTTP_HEADER_NAME])) return { statusCode: 401 };
    for (const event of JSON.parse(request.body).events) await message(name, channel, event);
    return { statusCode: 200 };
}

async function message(name, channel, event) {
    const digests = derive(Buffer.from(await parameter("secret"), "base64"), "digest");
    const user = digest(digests, ["line", event.source.userId]);
    const userKey = { pk: S(`LINE#${user}`), sk: S("USER") };
    const found = await dynamodb.send(new GetItemCommand({ TableName: TABLE, Key: userKey, ConsistentRead: true }));
    const { version, member: { M: member } } = found.Item;
    const [id, tenant, number, generation] = [member.id.S, member.tenant.S, member.number.S, member.key.S];
    const consultation = member.intake.M.open.S;

    const wanted = [
        { pk: S(`CLAIM#${tenant}#${number}`), sk: S("CLAIM") },
        { pk: S(`MEMBER#${id}`), sk: S(`CONSULTATION#${consultation}`) },
        { pk: S("OPERATOR"), sk: S("SETTINGS") },
        { pk: S(`ROSTER#${tenant}#${number[0]}`), sk: S(number) },
        { pk: S(`TENANT#${tenant}`), sk: S("TENANT") },
    ];
    const RequestItems = { [TABLE]: { Keys: wanted, ConsistentRead: true } };
    if (!remembered.has(generation)) RequestItems[KEYS] = { Keys: [{ pk: S(`MEMBER#${id}`) }], ConsistentRead: true };
    const { Responses } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    const of = Object.fromEntries(Responses[TABLE].map((item) => [item.kind.S, item]));
    const keys = await once(generation, Infinity, async () => {
        const EncryptionContext = { tenant, member: id };
        const CiphertextBlob = Responses[KEYS][0].wrapped.B;
        const plain = Buffer.from((await kms.send(new DecryptCommand({ KeyId: HOKEN_KMS_KEY, CiphertextBlob, EncryptionContext }))).Plaintext);
        return { plain, pseudonyms: derive(plain, "pseudonym") };
    });
    const place = (field) => `${id}|${generation}|${field}`;
    const { address } = open(keys.plain, place("member"), member.secret.B);
    const text = lettersOf(event.message.text);
    const urgent = of.Settings.danger.S.split("\n").some((word) => text.includes(letters(word)));

    const [now, at] = [Date.now(), stamp(event.timestamp)];
    const month = stamp(now + 9 * 3_600_000).slice(0, 7);
    const pseudonym = digest(keys.pseudonyms, [tenant, month, "ACTIVE"]);
    const shard = String(BigInt(`0x${pseudonym}`) % 16n).padStart(2, "0");
    const [days, outbox] = [(count) => N(Math.floor(now / 1000) + count * 86_400), randomUUID()];
    const messages = [{ type: "text", text: "追加のメッセージを受け付けました。" }];
    const said = { pk: S(`MEMBER#${id}`), sk: S(`MESSAGE#${consultation}#${at}#${event.message.id}`) };
    const head = of.Consultation;
    const waiting = {
        pk: S(`MEMBER#${id}`), sk: S(`OUTBOX#${outbox}`), kind: S("Outbox"), id: S(outbox), effect: S("Line"), state: S("Taken"), attempt: N(1),
        due: S(stamp(now + 30_000)), created_at: S(stamp(now)), channel: S(name), user: S(user), sealed_with: { M: { Member: { L: [S(id), S(generation)] } } },
    };
    const reply = {
        reply_token: S(event.replyToken), reply_until: S(stamp(now + 50_000)), body: seal(keys.plain, place("outbox"), { to: address, messages }),
        gpk: S(`OUTBOX#DUE#${parseInt(outbox.slice(-2), 16) % 4}`), gsk: S(`${stamp(now + 30_000)}#${outbox}`),
    };
    await dynamodb.send(new TransactWriteItemsCommand({
        TransactItems: [
            put({ ...said, kind: S("Message"), author: S("Member"), at: S(at), body: seal(keys.plain, place("message"), { Text: event.message.text }) }, NEW),
            put({ pk: userKey.pk, sk: S(`SENT#${event.message.id}`), kind: S("Sent"), member: S(id), message: said.sk, ttl: days(30) }, NEW),
            put({ ...head, version: N(Number(head.version.N) + 1), last_message_at: S(at), urgent: { BOOL: urgent || head.urgent.BOOL } },
                "version = :before", { ":before": head.version }),
            put({ pk: S(`MARKERS#${tenant}#${month}#ACTIVE#${shard}`), sk: S(pseudonym), kind: S("Marker") }),
            check(TABLE, userKey, "version = :version", { ":version": version }),
            check(KEYS, { pk: S(`MEMBER#${id}`) }, "generation = :generation", { ":generation": S(generation) }),
            put({ ...waiting, ...reply }, NEW),
            put({ pk: userKey.pk, sk: S(`INBOX#${event.webhookEventId}`), kind: S("Inbox"), handled_at: S(stamp(now)), ttl: days(30),
                reply: { L: [waiting.pk, waiting.sk] } }, NEW),
        ],
    }));

    const line = await once("client", 13, async () => {
        const issuer = new channelAccessToken.ChannelAccessTokenClient({ baseURL: LINE });
        const token = await issuer.issueStatelessChannelTokenByClientSecret(channel.channel_id, channel.channel_secret);
        return new messagingApi.MessagingApiClient({ channelAccessToken: token.access_token, baseURL: LINE });
    });
    await line.replyMessage({ replyToken: event.replyToken, messages });
    await dynamodb.send(new PutItemCommand({
        TableName: TABLE,
        Item: { ...waiting, state: S("Sent"), ttl: days(7) },
        ConditionExpression: "#state = :taken AND attempt = :attempt",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":taken": S("Taken"), ":attempt": N(1) },
    }));
}
