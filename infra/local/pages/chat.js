// The chat page: one plays LINE users. What is shown comes from the stand-in once a second; only what changed is drawn.
import { attempt, get, make, post, repeat, showError } from "./local.js";
import { EXAMPLE_PLACE, attachment, chatLines, drawRichMenu, perform, quickReplies, show } from "./message.js";

const byId = (id) => document.getElementById(id);
const [log, text, quick, more, attach, rich] = ["log", "text", "quick", "more", "attach", "rich"].map(byId);
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

const unsend = (messageId) => send({ type: "unsend", messageId });

/** Does what a button of the bot does. */
const act = (action) => perform(action, {
  send,
  openMenu,
  openKeyboard(content) {
    openMenu(false);
    if (content) type(content);
    text.focus();
  },
});

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
  if (chat.bubbles.length > 0) show(log, chatLines(chat.bubbles, act, unsend));
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

function openMenu(open) {
  byId("rich-panel").hidden = !open;
  byId("rich-bar").setAttribute("aria-expanded", String(open));
  log.scrollTop = log.scrollHeight;
}

/** The rich menu under the chat: open at first where it says so, then as the person leaves it. */
function drawMenu(menu) {
  rich.hidden = !menu || friendship.blocked === true;
  const seen = JSON.stringify([user, channel, menu]);
  if (rich.dataset.seen === seen) return;
  rich.dataset.seen = seen;
  byId("rich-panel").replaceChildren(...(menu ? [drawRichMenu(menu, act)] : []));
  byId("rich-bar").textContent = menu?.chatBarText ?? "";
  openMenu(menu?.selected === true);
}

function openAttach(open) {
  attach.hidden = !open;
  more.setAttribute("aria-expanded", String(open));
  if (open) attach.querySelector("button").focus();
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
  if (friendship.blocked) openAttach(false);
}

function drawNobody() {
  drawState(null);
  drawMenu(null);
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
  const of = `channel=${encodeURIComponent(account)}`;
  const [chat, menu] = await Promise.all([get(`${api}/users/${asked}/chat?${of}`), get(`${api}/users/${asked}/menu?${of}`)]);
  if (asked !== user || account !== channel) return undefined;
  drawState(chat);
  drawMenu(menu);
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
byId("rich-bar").addEventListener("click", () => openMenu(byId("rich-panel").hidden));

/** Lets the chosen user do `work` that sends something, and closes what it was chosen from. */
function sending(work) {
  openAttach(false);
  more.focus();
  if (user) return work();
  showError("先にLINEユーザーを選んでください。");
  return undefined;
}

async function sendFile(input, kind) {
  const [file] = input.files;
  input.value = "";
  const [sender, account] = [user, channel];
  const event = file && await attempt(() => attachment(file, kind));
  if (event && sender === user && account === channel) await send(event);
}

more.addEventListener("click", () => openAttach(attach.hidden));
attach.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  openAttach(false);
  more.focus();
});
byId("sticker").addEventListener("click", () => sending(() => send({ type: "message", message: { type: "sticker" } })));
byId("place").addEventListener("click", () => sending(() => send({ type: "message", message: EXAMPLE_PLACE })));
for (const [id, kind] of [["photo", "image"], ["file", "file"]]) {
  const input = byId(`${id}-input`);
  byId(id).addEventListener("click", () => sending(() => input.click()));
  input.addEventListener("change", () => sendFile(input, kind));
}

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
