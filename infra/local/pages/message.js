// Draws one message as LINE would show it: text, stickers, templates; everything else by its words.
import { make } from "./local.js";

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

/** The bubble of a message; `act` is called with the action of a button that is pressed. */
export function drawMessage(message, act) {
  switch (message?.type) {
    case "text":
    case "textV2":
      return make("div", { class: "bubble" }, ...linked(message.text ?? ""));
    case "sticker":
      return make("div", { class: "bubble sticker", role: "img", "aria-label": "スタンプ" }, "😊");
    case "template":
      return drawTemplate(message, act);
    case "flex":
      return make("div", { class: "bubble" }, ...flexParts(message.contents, act));
    default: {
      const name = KINDS[message?.type] ?? message?.type ?? "メッセージ";
      const about = message?.title ?? message?.fileName ?? message?.originalContentUrl ?? "";
      return make("div", { class: "bubble other" }, `［${name}］${about}`);
    }
  }
}

/** The actions of the message's quick replies. */
export const quickReplies = (message) => (message?.quickReply?.items ?? []).map((item) => item.action).filter(Boolean);
