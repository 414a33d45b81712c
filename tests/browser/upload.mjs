// A member chooses files on the page behind the link in the chat, sends them, and reads what became of each.
// node upload.mjs <front address> <folder for screenshots> <path of the page>
import assert from "node:assert/strict";
import { inEverySize } from "./browser.mjs";

const [front, folder, path] = process.argv.slice(2);
const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

await inEverySize(folder, async ({ page, shot }) => {
  await page.goto(new URL(path, front).href);
  assert.equal(await page.locator("h1").innerText(), "資料の送信");
  await shot("page", { fullPage: true });

  // By keyboard: past the header, to the field, to the button.
  const focused = () => page.evaluate(() => document.activeElement.getAttribute("href") ?? document.activeElement.id ?? "");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "#main");
  await page.keyboard.press("Tab");
  assert.equal(await focused(), "files");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const result = page.locator("#result");
  await result.getByText("ファイルを選んでください。").waitFor();
  assert.equal(await focused(), "files");
  await shot("nothing-chosen");

  const file = (name, mimeType, buffer) => ({ name, mimeType, buffer });
  await page.setInputFiles("#files", [
    file("腰の写真.png", "image/png", PNG),
    file("とても長い名前の健康診断の結果のお知らせと再検査のご案内（二〇二六年度・第二回・本社）.png", "image/png", PNG),
    file("手紙.pdf", "application/pdf", Buffer.from("PK a letter")),
    file("empty.pdf", "application/pdf", Buffer.alloc(0)),
    file("film.jpg", "image/jpeg", Buffer.alloc(20 * 1024 * 1024 + 1)),
  ]);
  await page.getByRole("button", { name: "送信する" }).press("Enter");
  await result.getByText("送信できなかったファイルがあります。").waitFor();
  const outcomes = await page.locator("#outcomes li p").allInnerTexts();
  assert.deepEqual(outcomes.map((words) => words.split("、")[0]), [
    "送信しました。", "送信しました。", "送信しました。", "空のファイルのため", "20MBを超えているため",
  ]);
  await shot("outcomes", { fullPage: true });

  // Opened anew, it shows nothing of what was sent.
  await page.reload();
  assert.equal(await page.locator("#outcomes li").count(), 0);
  assert.ok(!(await page.content()).includes("腰の写真"));
});
