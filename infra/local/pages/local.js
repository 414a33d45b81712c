// What all pages need: requests to the local system, the error bar, Japanese time, and building elements.

const errorBar = document.querySelector("#error");

/** Shows `message` in the bar under the header; an empty one hides the bar. */
export function showError(message) {
  errorBar.textContent = message ?? "";
  errorBar.hidden = !message;
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("ローカル環境に接続できません。起動しているかご確認ください。");
  }
  const text = await response.text();
  let body = null;
  try {
    body = text ? JSON.parse(text) : null;
  } catch {
    body = { message: text };
  }
  if (!response.ok) {
    const reason = body?.message ?? body?.error ?? "";
    throw Object.assign(new Error(`処理できませんでした(${response.status})。${reason}`), { status: response.status });
  }
  return body;
}

/** The JSON at `path`. */
export const get = (path) => request(path);

/** Posts `body` as JSON and returns the answer's JSON. */
export const post = (path, body) =>
  request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body ?? {}) });

/** Puts `file` as it is and returns the answer's JSON. */
export const put = (path, file) => request(path, { method: "PUT", body: file });

/** Runs `work`; a failure is shown in the bar and gives `undefined`. */
export async function attempt(work) {
  try {
    const result = await work();
    showError("");
    return result;
  } catch (error) {
    showError(error.message);
    return undefined;
  }
}

/** Makes an element: `make("a", { href: "/" }, "text", child)`. Absent and false properties are left out. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "onclick") element.addEventListener("click", value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== undefined && child !== null));
  return element;
}

const parts = new Intl.DateTimeFormat("ja-JP", {
  timeZone: "Asia/Tokyo", year: "numeric", month: "2-digit", day: "2-digit", weekday: "short",
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

/** The parts of an instant in Japan: `{ year, month, day, weekday, hour, minute, second }`. */
export function inJapan(instant) {
  return Object.fromEntries(parts.formatToParts(new Date(instant)).map((part) => [part.type, part.value]));
}

/** `2027年1月31日(日)`. */
export function day(instant) {
  const at = inJapan(instant);
  return `${at.year}年${Number(at.month)}月${Number(at.day)}日(${at.weekday})`;
}

/** `9:05`. */
export function time(instant) {
  const at = inJapan(instant);
  return `${Number(at.hour)}:${at.minute}`;
}

/** `2027年1月31日(日) 9:05:00`; an empty text where there is no instant. */
export function moment(instant) {
  if (!instant) return "";
  return `${day(instant)} ${time(instant)}:${inJapan(instant).second}`;
}

const listeners = [];
let offset = null;

/** The local time, as last heard; `null` before the first answer. */
export const localNow = () => (offset === null ? null : new Date(Date.now() + offset));

/** Calls `listener` whenever the local time is shown anew. */
export const onTick = (listener) => listeners.push(listener);

/** Asks for the local time. */
export async function readClock() {
  const clock = await get("/local/clock");
  offset = new Date(clock.now).getTime() - Date.now();
  tick();
}

function tick() {
  const now = localNow();
  if (!now) return;
  const at = inJapan(now);
  document.querySelector("#now").textContent = `${Number(at.month)}/${Number(at.day)}(${at.weekday}) ${time(now)}`;
  for (const listener of listeners) listener(now);
}

/** Calls `work` now and then every `milliseconds`, one call after the other, while the page is in view. */
export async function repeat(work, milliseconds) {
  for (;;) {
    if (!document.hidden) await work();
    await new Promise((done) => setTimeout(done, milliseconds));
  }
}

// On a phone the bar scrolls: the open page's link is brought into view.
document.querySelector("nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
repeat(() => readClock().catch(() => {}), 5000);
setInterval(tick, 1000);
