// The chat page: one plays LINE users. What is shown comes from the stand-in once a second; only what changed is drawn.
import { attempt, day, get, make, post, repeat, showError, time } from "./local.js";
import { drawMessage, quickReplies } from "./message.js";

const byId = (id) => document.getElementById(id);
const [log, text, quick] = ["log", "text", "quick"].map(byId);
const query = new URLSearchParams(location.search);
const api = "/local/line";

let users = [];
let channels = [];
let user = query.get("user") ?? "";
let channel = query.get("channel") ?? "";
let friendship = {};
let drawn = { key: "", seen: "" };
let pressed = "";
let broken = false;
const drafts = new Map();
// The text of a registration link belongs to whoever opens it: it stays typed in until it is sent or changed.
let linkText = query.get("text") ?? "";

document.body.classList.add("chatting");

function remember() {
  const place = new URLSearchParams();
  if (user) place.set("user", user);
  if (channel) place.set("channel", channel);
  history.replaceState(null, "", `?${place}`);
}

function growInput() {
  text.style.height = "auto";
  text.style.height = `${Math.max(44, text.scrollHeight + 2)}px`;
}

function type(content) {
  text.value = content;
  growInput();
}

function choose(id) {
  const carried = linkText && text.value === linkText;
  if (!carried) drafts.set(user, text.value);
  user = id;
  if (!carried) type(drafts.get(user) ?? "");
  remember();
  drawUsers();
  attempt(refresh);
  text.focus();
}

function drawUsers() {
  byId("users").replaceChildren(...users.map((each) =>
    make("li", {}, make("button", { type: "button", "aria-current": each.userId === user && "true", onclick: () => choose(each.userId) }, each.name))));
  const none = make("option", { value: "" }, users.length > 0 ? "ユーザーを選択" : "ユーザーがいません");
  byId("pick").replaceChildren(...(user ? [] : [none]), ...users.map((each) => make("option", { value: each.userId }, each.name)));
  byId("pick").value = user;
}

function drawChannels() {
  byId("channel").replaceChildren(...channels.map((each) => make("option", { value: each.channel }, each.name || each.channel)));
  byId("channel").value = channel;
  byId("channel-label").hidden = channels.length < 2;
}

async function refreshUsers() {
  const fresh = await get(`${api}/users`);
  if (JSON.stringify(fresh) === JSON.stringify(users)) return;
  users = fresh;
  if (user && !users.some((each) => each.userId === user)) user = "";
  drawUsers();
}

/** Sends an event of the chosen user; says whether it happened, also where the webhook did not take it. */
async function send(event) {
  let happened = false;
  await attempt(async () => {
    try {
      const answer = await post(`${api}/users/${user}/events`, { channel, ...event });
      happened = true;
      if (answer.status !== 200) throw new Error(`Webhookが ${answer.status} を返しました。メッセージは処理されていない可能性があります。`);
    } catch (error) {
      // 502: it is in the chat, but the webhook could not be reached.
      happened ||= error.status === 502;
      throw error;
    }
  });
  // What the send had to say stays in the bar; whether LINE can be reached, the next look tells.
  await refresh().catch(() => {});
  return happened;
}

const sendText = (content) => send({ type: "message", message: { type: "text", text: content } });

/** Does what a button of the bot does. */
function act(action) {
  switch (action.type) {
    case "message":
      return sendText(action.text);
    case "postback":
      return send({ type: "postback", data: action.data, displayText: action.displayText ?? action.text });
    case "datetimepicker": {
      const value = prompt(`${action.label ?? "日時"}を入力してください(${action.mode === "date" ? "2027-01-31" : action.mode === "time" ? "09:00" : "2027-01-31T09:00"} の形式)`, action.initial ?? "");
      return value ? send({ type: "postback", data: action.data, params: { [action.mode]: value } }) : undefined;
    }
    case "location":
      return send({ type: "message", message: { type: "location", title: "現在地", address: "東京都千代田区丸の内1丁目", latitude: 35.681, longitude: 139.767 } });
    case "camera":
    case "cameraRoll":
      return send({ type: "message", message: { type: "image" } });
    case "clipboard":
      return attempt(() => navigator.clipboard.writeText(action.clipboardText));
    case "uri":
      window.open(action.uri, "_blank", "noopener");
      return undefined;
    default:
      showError("この操作はチャット画面では試せません。");
      return undefined;
  }
}

function drawBubble(bubble) {
  const own = bubble.from === "user";
  if (bubble.unsent) {
    return make("p", { class: "withdrawn" }, `${time(bubble.at)} メッセージの送信を取り消しました`);
  }
  const meta = make("div", { class: "meta" },
    own ? make("button", { type: "button", onclick: () => send({ type: "unsend", messageId: bubble.id }) }, "送信取消") : null,
    make("time", { datetime: bubble.at }, time(bubble.at)));
  const wide = bubble.message?.template?.type?.includes("carousel");
  return make("div", { class: `said${own ? " own" : ""}${wide ? " wide" : ""}` }, drawMessage(bubble.message, act), meta);
}

function draw(chat) {
  const key = `${user} ${channel}`;
  const seen = JSON.stringify(chat.bubbles);
  if (drawn.key === key && drawn.seen === seen) return;
  const changedChat = drawn.key !== key;
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  drawn = { key, seen };
  if (changedChat || chat.bubbles.length === 0) log.replaceChildren();
  if (chat.bubbles.length === 0) {
    log.append(make("p", { class: "empty" }, "まだメッセージはありません。"));
  }
  const old = new Map([...log.children].map((element) => [element.dataset.key, element]));
  const wanted = [];
  let lastDay = "";
  for (const bubble of chat.bubbles) {
    if (day(bubble.at) !== lastDay) {
      lastDay = day(bubble.at);
      wanted.push([`day ${lastDay} ${bubble.id}`, () => make("p", { class: "day" }, lastDay)]);
    }
    wanted.push([`${bubble.id} ${bubble.unsent}`, () => drawBubble(bubble)]);
  }
  if (wanted.length > 0) {
    const keep = new Set(wanted.map(([name]) => name));
    for (const [name, element] of old) if (!keep.has(name)) element.remove();
    let place = log.firstElementChild;
    for (const [name, drawOne] of wanted) {
      const element = old.get(name) ?? drawOne();
      element.dataset.key = name;
      if (element === place) place = place.nextElementSibling;
      else log.insertBefore(element, place);
    }
  }
  if (changedChat || atEnd || chat.bubbles.at(-1)?.from === "user") log.scrollTop = log.scrollHeight;
}

function drawQuickReplies(bubbles) {
  const last = bubbles.at(-1);
  const offered = last?.from === "bot" && last.id !== pressed && !friendship.blocked;
  const buttons = offered ? quickReplies(last.message) : [];
  const seen = JSON.stringify([last?.id, buttons]);
  if (quick.dataset.seen === seen) return;
  quick.dataset.seen = seen;
  quick.hidden = buttons.length === 0;
  quick.replaceChildren(...buttons.map((action) => make("button", {
    type: "button",
    onclick: () => {
      pressed = last.id;
      quick.hidden = true;
      act(action);
      text.focus();
    },
  }, action.label)));
  log.scrollTop = log.scrollHeight;
}

function drawState(chat) {
  friendship = chat?.friendships?.[channel] ?? {};
  const name = chat?.name ?? "チャット";
  const state = !chat ? "" : friendship.blocked ? "ブロック中" : friendship.followed ? "友だち" : "友だち未追加";
  const title = `${name} ${state}`;
  if (byId("title").dataset.seen !== title) {
    byId("title").dataset.seen = title;
    byId("title").replaceChildren(make("span", { class: chat ? "name" : "" }, name), make("span", { class: "quiet" }, state));
  }
  byId("block").hidden = !chat || friendship.blocked || !friendship.followed;
  byId("notice").hidden = !chat || (friendship.followed && !friendship.blocked);
  byId("notice-text").textContent = friendship.blocked
    ? "このアカウントをブロックしています。メッセージの送受信はできません。"
    : "このアカウントはまだ友だちではありません。";
  byId("follow").textContent = friendship.blocked ? "ブロック解除" : "友だち追加";
  for (const control of byId("compose").elements) control.disabled = friendship.blocked === true;
}

function drawNobody() {
  drawState(null);
  quick.hidden = true;
  quick.dataset.seen = "";
  if (drawn.key === "nobody") return;
  drawn = { key: "nobody", seen: "" };
  log.replaceChildren(make("p", { class: "empty" }, linkText
    ? "登録リンクを開きました。「新しいLINEユーザー」を押すか、ユーザーを選んで、入力済みのメッセージを送信してください。"
    : "「新しいLINEユーザー」を押すと、会話を始められます。"));
}

async function refresh() {
  const [asked, account] = [user, channel];
  if (!asked || !account) return drawNobody();
  const chat = await get(`${api}/users/${asked}/chat?channel=${encodeURIComponent(account)}`);
  if (asked !== user || account !== channel) return undefined;
  drawState(chat);
  draw(chat);
  return drawQuickReplies(chat.bubbles);
}

byId("new-user").addEventListener("click", () => attempt(async () => {
  const { userId } = await post(`${api}/users`);
  await refreshUsers();
  choose(userId);
}));
byId("pick").addEventListener("change", (event) => choose(event.target.value));
byId("channel").addEventListener("change", (event) => {
  channel = event.target.value;
  remember();
  attempt(refresh);
});
byId("follow").addEventListener("click", () => send({ type: "follow" }));
byId("block").addEventListener("click", () => send({ type: "unfollow" }));
byId("sticker").addEventListener("click", () => {
  if (user) send({ type: "message", message: { type: "sticker" } });
  else showError("先にLINEユーザーを選んでください。");
});

byId("compose").addEventListener("submit", async (event) => {
  event.preventDefault();
  const content = text.value;
  if (content.trim() === "") return;
  if (!user) {
    showError("先にLINEユーザーを選んでください。");
    return;
  }
  linkText = "";
  type("");
  const sender = user;
  const happened = await sendText(content);
  if (!happened && user === sender && text.value === "") type(content);
});
text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  byId("compose").requestSubmit();
});
text.addEventListener("input", growInput);
// A notice above or a taller input below must not hide the last message.
let logHeight = log.clientHeight;
new ResizeObserver(() => {
  const wasAtEnd = log.scrollHeight - log.scrollTop - logHeight < 80;
  logHeight = log.clientHeight;
  if (wasAtEnd) log.scrollTop = log.scrollHeight;
}).observe(log);

type(linkText);
let unknown = "";
await attempt(async () => {
  channels = await get(`${api}/channels`);
  if (!channels.some((each) => each.channel === channel)) {
    unknown = channel;
    channel = channels[0]?.channel ?? "";
  }
  drawChannels();
});
if (unknown) showError(`アカウント「${unknown}」はありません。`);
drawUsers();
repeat(async () => {
  try {
    await refreshUsers();
    await refresh();
    if (broken) showError("");
    broken = false;
  } catch (error) {
    broken = true;
    showError(error.message);
  }
}, 1000);
