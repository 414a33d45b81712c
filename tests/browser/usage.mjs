// A contact reads a report as a mail and as a page, and prints it.
// node usage.mjs <front address> <folder for screenshots> <name of the contact>
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { inEverySize } from "./browser.mjs";

const [front, folder, contact] = process.argv.slice(2);
const at = (path) => new URL(path, front).href;
const json = async (path) => (await fetch(at(path))).json();

const mail = (await json("local/mail")).findLast((mail) => mail.subject.includes("定例ミーティング") && mail.text.includes(contact));
const pictures = mail.attachments.map((file) => [`cid:${file.contentId}`, `data:${file.type};base64,${file.base64}`]);
const html = pictures.reduce((html, [cid, data]) => html.replaceAll(cid, data), mail.html);

await inEverySize(folder, async ({ page, isPhone, shot }) => {
  // The mail alone, as wide as a mail program shows it.
  if (!isPhone) await page.setViewportSize({ width: 800, height: 800 });
  await page.setContent(html);
  for (const picture of await page.locator("img").all()) {
    const [natural, shown] = await picture.evaluate((image) => [image.naturalWidth, image.clientWidth]);
    assert.ok(natural === 1200 && shown > (isPhone ? 300 : 590), `${natural} ${shown}`);
    assert.match(await picture.getAttribute("alt"), /2026年12月/);
  }
  await shot("mail", { fullPage: true });
  if (!isPhone) await page.setViewportSize({ width: 1280, height: 800 });

  // The mailbox shows it with its pictures.
  await page.goto(at("mailbox"));
  await page.getByText(mail.subject).first().click();
  await shot("mailbox", { fullPage: true });

  // Its link leads through the sign-in to the page.
  await page.goto(at(`contacts/reports/meeting/2026-12`));
  await page.getByRole("link", { name: contact }).click();
  await page.getByRole("heading", { name: "定例ミーティングのご報告資料（2026年12月）" }).waitFor();
  await shot("page", { fullPage: true });
  assert.equal(await page.getByRole("img", { name: "月別の登録者数と利用者数" }).count(), 1);
  if (!isPhone) {
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    assert.equal(pdf.subarray(0, 5).toString(), "%PDF-");
    const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages <= 3, `${pages} sheets`);
    writeFileSync(join(folder, "pack.pdf"), pdf);
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("nav").isHidden());
    assert.ok(await page.getByRole("link", { name: "ご利用状況の一覧に戻る" }).isHidden());
    await page.emulateMedia({ media: null });
  }

  // By keyboard: from the report to the list of all.
  await page.getByRole("link", { name: "ご利用状況の一覧に戻る" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "ご利用状況", exact: true }).waitFor();
  await shot("list", { fullPage: true });
});
