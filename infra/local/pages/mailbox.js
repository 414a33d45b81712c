// The mailbox: every mail that the system sent, newest first, with all its parts.
import { attempt, get, make, moment, repeat } from "./local.js";

const byId = (id) => document.getElementById(id);
let mails = [];
let shown = null;

const bytes = (attachment) => `data:${attachment.type};base64,${attachment.base64}`;
const size = (base64) => `${Math.ceil((base64.length * 3) / 4 / 1024).toLocaleString("ja-JP")} KB`;

/** What came back, where the mail did not just arrive. */
const cameBack = (mail) => [mail.bounced && "不達", mail.complained && "迷惑メール報告"].filter(Boolean).join("・");

/** The mail's HTML with pictures that it carries itself (`cid:`) put in their places. */
function withPictures(mail) {
  return (mail.attachments ?? []).filter((attachment) => attachment.contentId)
    .reduce((html, attachment) => html.replaceAll(`cid:${attachment.contentId}`, bytes(attachment)), mail.html);
}

function section(title, ...content) {
  return make("section", {}, make("h2", {}, title), ...content, make("p"));
}

function drawMail(mail) {
  const attachments = (mail.attachments ?? []).map((attachment) => make("li", {},
    make("a", { href: bytes(attachment), download: attachment.name || "attachment" }, attachment.name || "名称なし"),
    make("span", { class: "quiet" }, ` ${attachment.type}・${size(attachment.base64)}`)));
  const parts = [
    make("h1", {}, mail.subject || "(件名なし)"),
    make("dl", {},
      make("dt", {}, "差出人"), make("dd", {}, mail.from),
      make("dt", {}, "宛先"), make("dd", {}, [mail.to].flat().join(", ")),
      make("dt", {}, "日時"), make("dd", {}, moment(mail.at)),
      ...(cameBack(mail) ? [make("dt", {}, "状態"), make("dd", {}, `${cameBack(mail)}（SESの通知を mail-feedback に渡しました）`)] : [])),
    mail.html ? section("HTML", make("iframe", { class: "mail", sandbox: true, title: "HTML本文", srcdoc: withPictures(mail) })) : null,
    mail.text ? section("テキスト", make("pre", { class: "text" }, mail.text)) : null,
    attachments.length > 0 ? section("添付ファイル", make("ul", {}, ...attachments)) : null,
    mail.raw ? make("details", {}, make("summary", {}, "送信時の形式"), make("pre", { class: "mono" }, mail.raw)) : null,
  ];
  byId("mail").replaceChildren(...parts.filter((part) => part !== null));
}

function draw() {
  byId("mailbox").hidden = mails.length === 0;
  byId("empty").hidden = mails.length > 0;
  byId("empty").textContent = "まだメールはありません。";
  const chosen = mails.find((mail) => `#${mail.id}` === location.hash) ?? mails[0];
  byId("list").replaceChildren(...mails.map((mail) => make("li", {}, make("button", {
    type: "button", "aria-current": mail === chosen && "true", onclick: () => { location.hash = mail.id; },
  }, mail.subject || "(件名なし)", make("span", { class: "quiet" }, `${cameBack(mail) ? `${cameBack(mail)}・` : ""}${[mail.to].flat().join(", ")}・${moment(mail.at)}`)))));
  if (chosen && chosen.id !== shown) {
    shown = chosen.id;
    drawMail(chosen);
  }
}

addEventListener("hashchange", draw);
repeat(() => attempt(async () => {
  const fresh = [...(await get("/local/mail"))].sort((a, b) => (a.at < b.at ? 1 : -1));
  if (shown !== null && JSON.stringify(fresh) === JSON.stringify(mails)) return;
  mails = fresh;
  draw();
}), 3000);
