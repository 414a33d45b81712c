// What LINE shows, and what its buttons do: texts, stickers, pictures, files, templates, rich menus; everything else by its words.
import { attempt, day, make, showError, time } from "./local.js";

const LINK = /(https?:\/\/[^\s\u3000-\u303f\uff00-\uffef<>"']+)/g;
const KINDS = { image: "画像", video: "動画", audio: "音声", file: "ファイル", location: "位置情報", imagemap: "イメージマップ", coupon: "クーポン" };

/** The text with its addresses as links. */
function linked(content) {
  return content.split(LINK).map((part, index) => (index % 2 === 1 ? make("a", { href: part, target: "_blank", rel: "noopener" }, part) : part));
}

const button = (action, act) => make("button", { type: "button", onclick: () => act(action) }, action?.label ?? "選択");

function panel(template, act) {
  const side = template.type === "confirm";
  return make("div", { class: "bubble template" },
    make("div", { class: "words" }, template.title ? make("b", {}, template.title) : null, template.text ?? ""),
    make("div", { class: `actions${side ? " side" : ""}` }, ...(template.actions ?? []).map((action) => button(action, act))));
}

function drawTemplate(message, act) {
  const template = message.template ?? {};
  switch (template.type) {
    case "buttons":
    case "confirm":
      return panel(template, act);
    case "carousel":
      return make("div", { class: "columns" }, ...template.columns.map((column) => panel(column, act)));
    case "image_carousel":
      return make("div", { class: "columns" }, ...template.columns.map((column) =>
        make("div", { class: "bubble template" }, make("div", { class: "words" }, "画像"), make("div", { class: "actions" }, button(column.action, act)))));
    default:
      return make("div", { class: "bubble other" }, message.altText ?? "テンプレート");
  }
}

/** All texts and buttons of a Flex message, in their order. */
function flexParts(part, act) {
  if (!part || typeof part !== "object") return [];
  if (part.type === "text") return [make("div", {}, part.text ?? (part.contents ?? []).map((span) => span.text ?? "").join(""))];
  if (part.type === "button") return [make("div", {}, button(part.action, act))];
  return [part.header, part.hero, part.body, part.footer, ...(part.contents ?? [])].flatMap((inner) => flexParts(inner, act));
}

/** A size as people read it. */
function sized(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 ** 2 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 ** 2).toFixed(1)} MB`;
}

const contentOf = (message) => `/local/line/content/${encodeURIComponent(message.id)}`;

/** A picture that the person sent, as a thumbnail of one size, so that nothing moves when it comes. */
function drawPicture(message) {
  const picture = make("img", { src: contentOf(message), alt: "送った写真", width: 180, height: 180 });
  const bubble = make("a", { class: "bubble picture", href: contentOf(message), target: "_blank", rel: "noopener" }, picture);
  picture.addEventListener("error", () => bubble.replaceWith(make("div", { class: "bubble other" }, "［画像］表示できません")));
  return bubble;
}

function drawFile(message) {
  const name = make("a", { href: contentOf(message), download: message.fileName }, message.fileName);
  return make("div", { class: "bubble file" }, name, make("span", { class: "size" }, sized(message.fileSize ?? 0)));
}

/** The bubble of a message; `act` is called with the action of a button that is pressed. */
function drawMessage(message, act) {
  switch (message?.type) {
    case "text":
    case "textV2":
      return make("div", { class: "bubble" }, ...linked(message.text ?? ""));
    case "sticker":
      return make("div", { class: "bubble sticker", role: "img", "aria-label": "スタンプ" }, "😊");
    case "image":
      if (message.contentProvider?.type === "line") return drawPicture(message);
      return drawOther(message);
    case "file":
      return drawFile(message);
    case "template":
      return drawTemplate(message, act);
    case "flex":
      return make("div", { class: "bubble" }, ...flexParts(message.contents, act));
    default:
      return drawOther(message);
  }
}

function drawOther(message) {
  const name = KINDS[message?.type] ?? message?.type ?? "メッセージ";
  const about = [message?.title, message?.address, message?.originalContentUrl].filter(Boolean).join(" ");
  return make("div", { class: "bubble other" }, `［${name}］${about}`);
}

/** One bubble of a chat with its time; `unsend` is called with the id of an own message that is taken back. */
function drawBubble(bubble, act, unsend) {
  const own = bubble.from === "user";
  if (bubble.unsent) {
    return make("p", { class: "withdrawn" }, `${time(bubble.at)} メッセージの送信を取り消しました`);
  }
  const meta = make("div", { class: "meta" },
    own ? make("button", { type: "button", onclick: () => unsend(bubble.id) }, "送信取消") : null,
    make("time", { datetime: bubble.at }, time(bubble.at)));
  const wide = bubble.message?.template?.type?.includes("carousel");
  return make("div", { class: `said${own ? " own" : ""}${wide ? " wide" : ""}` }, drawMessage(bubble.message, act), meta);
}

/** A chat's bubbles with a line where a day begins: pairs of a name, the same as long as it looks the same, and how to draw it. */
export function chatLines(bubbles, act, unsend) {
  const lines = [];
  let lastDay = "";
  for (const bubble of bubbles) {
    if (day(bubble.at) !== lastDay) {
      lastDay = day(bubble.at);
      const begun = lastDay;
      lines.push([`day ${begun} ${bubble.id}`, () => make("p", { class: "day" }, begun)]);
    }
    lines.push([`${bubble.id} ${bubble.unsent}`, () => drawBubble(bubble, act, unsend)]);
  }
  return lines;
}

/** Lets `parent` show these lines; what it shows already stays as it is. */
export function show(parent, lines) {
  const old = new Map([...parent.children].map((element) => [element.dataset.key, element]));
  const keep = new Set(lines.map(([name]) => name));
  for (const [name, element] of old) if (!keep.has(name)) element.remove();
  let place = parent.firstElementChild;
  for (const [name, draw] of lines) {
    const element = old.get(name) ?? draw();
    element.dataset.key = name;
    if (element === place) place = place.nextElementSibling;
    else parent.insertBefore(element, place);
  }
}

/** The rich menu's image with its areas as buttons over it. */
export function drawRichMenu(menu, act) {
  const { width, height } = menu.size;
  const percent = (part, whole) => `${(part / whole) * 100}%`;
  const area = ({ bounds, action }) => {
    const name = action.label ?? action.displayText ?? action.text ?? action.uri ?? action.data;
    const place = [["left", bounds.x, width], ["top", bounds.y, height], ["width", bounds.width, width], ["height", bounds.height, height]];
    const style = place.map(([side, part, whole]) => `${side}:${percent(part, whole)}`).join(";");
    return make("button", { type: "button", "aria-label": name, title: name, style, onclick: () => act(action) });
  };
  return make("div", { class: "areas", style: `aspect-ratio:${width}/${height};width:min(100%,560px,40dvh*${width / height})` },
    make("img", { src: menu.image, alt: "" }), ...menu.areas.map(area));
}

/** The actions of the message's quick replies. */
export const quickReplies = (message) => (message?.quickReply?.items ?? []).map((item) => item.action).filter(Boolean);

/** The place that 位置情報 sends. */
export const EXAMPLE_PLACE = { type: "location", title: "現在地", address: "東京都千代田区丸の内1丁目", latitude: 35.681, longitude: 139.767 };

/** Does what a button does. `phone` can `send` an event, `openMenu` (or close it) and `openKeyboard` with a text typed in. */
export function perform(action, phone) {
  switch (action.type) {
    case "message":
      return phone.send({ type: "message", message: { type: "text", text: action.text } });
    case "postback":
      if (action.inputOption === "openKeyboard") phone.openKeyboard(action.fillInText ?? "");
      else if (action.inputOption) phone.openMenu(action.inputOption === "openRichMenu");
      return phone.send({ type: "postback", data: action.data, displayText: action.displayText ?? action.text });
    case "datetimepicker": {
      const value = prompt(`${action.label ?? "日時"}を入力してください(${action.mode === "date" ? "2027-01-31" : action.mode === "time" ? "09:00" : "2027-01-31T09:00"} の形式)`, action.initial ?? "");
      return value ? phone.send({ type: "postback", data: action.data, params: { [action.mode]: value } }) : undefined;
    }
    case "location":
      return phone.send({ type: "message", message: EXAMPLE_PLACE });
    case "camera":
    case "cameraRoll":
      return phone.send({ type: "message", message: { type: "image" } });
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

/** Megabytes that go into one event, which travels in base64. */
const LARGEST = 29;

/** The event that sends `file` as a picture or as a file; throws where it cannot be sent. */
export async function attachment(file, kind) {
  if (file.size > LARGEST * 1024 ** 2) throw new Error(`「${file.name}」は大きすぎるため送信できません(上限 ${LARGEST} MB)。`);
  const address = await new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(new Error(`「${file.name}」を読み込めませんでした。`)));
    reader.readAsDataURL(file);
  });
  const message = kind === "image" ? { type: "image" } : { type: "file", fileName: file.name };
  return { type: "message", message, content: address.slice(address.indexOf(",") + 1) };
}
