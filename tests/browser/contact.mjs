// A roster is delivered on the buckets page, and its contact reads reports about rosters.
// node contact.mjs <front address> <folder for screenshots> <path of a report's page> …
import assert from "node:assert/strict";
import { inEverySize, until } from "./browser.mjs";

const [front, folder, ...reports] = process.argv.slice(2);
const json = async (path) => (await fetch(new URL(path, front))).json();

await inEverySize(folder, async ({ page, isPhone, shot }) => {
  for (const [index, path] of reports.entries()) {
    await page.goto(new URL(path, front).href);
    assert.equal(await page.locator("h1").innerText(), "名簿の取り込み結果");
    await shot(`report-${index + 1}`, { fullPage: true });
    // By keyboard: first the way past the header, then the links.
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), "#main");
  }
  const table = page.getByRole("table").first();
  assert.ok((await table.getByRole("row").count()) > 2);
  const download = page.waitForEvent("download");
  await page.click('a[href$="report.csv"]');
  assert.match((await download).suggestedFilename(), /^名簿.*\.csv$/);

  await page.goto(new URL("buckets", front).href);
  const name = `名簿 ${isPhone ? 1 : 2}.csv`;
  const company = page.getByLabel("企業");
  await company.locator("option").first().waitFor({ state: "attached" });
  await page.locator("#deliver button").press("Enter");
  await page.getByText("名簿のファイルを選んでください。").waitFor();
  await shot("no-file");
  await company.selectOption({ index: 1 });
  await page.getByLabel("種別").selectOption("full");
  await page.setInputFiles("#file", { name, mimeType: "text/csv", buffer: Buffer.from("社員番号,氏名\r\n") });
  await page.locator("#deliver button").press("Enter");
  await page.getByText(`「${name}」をひかり商事株式会社の全件名簿として届けました。`).waitFor();
  await shot("delivered");
  await until(async () => (await json("local/queues"))[0].messages.length === 0, "the queue is empty");

  // Dropped on the field instead of chosen.
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(["x"], "dropped.csv"));
    return transfer;
  });
  await page.dispatchEvent("#drop", "drop", { dataTransfer: dropped });
  assert.equal(await page.evaluate(() => document.getElementById("file").files[0].name), "dropped.csv");

  await fetch(new URL("local/s3/object?key=documents/kept.txt", front), { method: "PUT", body: "kept" });
  const link = page.locator('a[href="/local/s3/object?key=documents%2Fkept.txt"]');
  await link.waitFor();
  const kept = page.waitForEvent("download");
  await link.click();
  assert.equal((await kept).suggestedFilename(), "kept.txt");
  await shot("buckets", { fullPage: true });
});
