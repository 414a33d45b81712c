// A contact signs in, sends rosters, reads what became of them, and has their say about one that is held back.
// node roster.mjs <front address> <folder for screenshots> <path of a held-back delivery on a phone> <the same on a desk>
import assert from "node:assert/strict";
import { inEverySize } from "./browser.mjs";

const [front, folder, ...heldBack] = process.argv.slice(2);
const at = (path) => new URL(path, front).href;
const HEADER = "区分,社員番号,氏名,異動日\r\n";

await inEverySize(folder, async ({ page, isPhone, shot, refused }) => {
  await page.goto(front);
  await page.getByRole("link", { name: "担当者のページ" }).click();
  await page.getByRole("link", { name: "田村 直樹" }).click();
  await page.getByRole("heading", { name: "名簿の提出" }).waitFor();
  await page.getByText("ご確認のお願い").first().waitFor();
  await shot("home", { fullPage: true });

  // By keyboard: from the field to the button, which says what is missing.
  const file = page.getByLabel("名簿のファイル");
  await file.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("ファイルを選んでください。").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), "file");

  const send = async (name, content) => {
    await file.setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
    await page.getByRole("button", { name: "送信する" }).click();
  };
  await send("名簿.xls", "old");
  await page.getByText("この形式のExcelファイルは読み取れない").waitFor();
  refused(422);
  await shot("old-workbook", { fullPage: true });
  await send("名簿.csv", "");
  await page.getByText("ファイルが空のため").waitFor();
  refused(422);
  // The bucket does not answer.
  await page.route("**/roster-in/**", (route) => route.abort());
  await send("名簿.csv", HEADER);
  await page.getByText("通信の状態をご確認のうえ").waitFor();
  refused("ERR_FAILED");
  // The permit is too old.
  await page.unroute("**/roster-in/**");
  const origin = new URL(front).origin;
  await page.route("**/roster-in/**", (route) => route.fulfill({ status: 403, headers: { "access-control-allow-origin": origin } }));
  await send("名簿.csv", HEADER);
  await page.getByText("送信の受付時間（10分）が過ぎました").waitFor();
  refused(403);
  await page.unroute("**/roster-in/**");
  assert.ok(await page.getByRole("button", { name: "送信する" }).isEnabled());

  // A file with an error, followed to its report.
  await send("名簿.csv", `${HEADER}入社,30${isPhone ? 1 : 2},新井 翔,12/1\r\n退職,101,髙橋 一郎,11/30\r\n`);
  await page.waitForURL("**/contacts/deliveries/*", { timeout: 20_000 });
  await page.getByText("エラーがあるため、取り込みを行っていません。").waitFor();
  assert.ok((await page.getByRole("table").first().getByRole("row").count()) >= 2);
  await shot("errors", { fullPage: true });
  const findings = page.waitForEvent("download");
  await page.getByRole("link", { name: "確認が必要な箇所の一覧をダウンロード" }).click();
  assert.match((await findings).suggestedFilename(), /^名簿.*\.csv$/);

  // Mended, it is imported.
  await page.getByRole("link", { name: "名簿の提出" }).click();
  const template = page.waitForEvent("download");
  await page.getByRole("link", { name: "毎月の入退社のひな形" }).click();
  assert.match((await template).suggestedFilename(), /^名簿のひな形.*\.csv$/);
  await page.getByLabel("毎月の入退社").check();
  await send("名簿.csv", `${HEADER}入社,30${isPhone ? 1 : 2},新井 翔,2026-12-01\r\n`);
  await page.waitForURL(/\/contacts\/(uploads|deliveries)\//, { timeout: 20_000 });
  await page.getByText("取り込みが完了しました。").waitFor({ timeout: 20_000 });
  await shot("applied", { fullPage: true });

  // One that is held back: what would happen, then the contact's word.
  await page.goto(at(heldBack[isPhone ? 0 : 1]));
  await page.getByText("退職される方が通常より多いため").first().waitFor();
  await shot("held-back", { fullPage: true });
  if (isPhone) {
    await page.getByText("この名簿を取り下げる").click();
    await shot("withdraw", { fullPage: true });
    await page.getByRole("button", { name: "取り下げる" }).click();
    await page.getByText("取り下げを受け付けました。", { exact: true }).waitFor();
    // The next sweep deletes it, and the page that is open says so.
    await fetch(at("local/clock"), { method: "POST", body: JSON.stringify({ advance: "PT2M" }) });
    await page.getByText("取り下げのお申し出により").waitFor({ timeout: 20_000 });
    await shot("withdrawn", { fullPage: true });
  } else {
    const box = page.getByLabel("退職される方に誤りがないことを確認しました");
    await page.getByRole("button", { name: "この内容で取り込む" }).click();
    assert.ok(await box.evaluate((field) => !field.validity.valid), "the browser asks for the box");
    await box.press("Space");
    await page.getByRole("button", { name: "この内容で取り込む" }).press("Enter");
    await page.getByText("確認を受け付けました。").waitFor();
    await shot("confirmed", { fullPage: true });
  }
  await page.getByRole("link", { name: "これまでの提出" }).click();
  await page.getByRole("heading", { name: "これまでの提出" }).waitFor();
  await shot("past", { fullPage: true });

  await page.getByRole("button", { name: "サインアウト" }).click();
  await page.waitForURL(at("contacts/signed-out"));
  await page.goto(at("contacts/deliveries"));
  await page.getByRole("heading", { name: "だれとしてサインインしますか" }).waitFor();
});
