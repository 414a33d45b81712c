// A member's way on the chat page, from the registration link to a picture that is acknowledged, and withdrawn again.
// node member.mjs <front address> <folder for screenshots>
import { inEverySize, until } from "./browser.mjs";

const [front, folder] = process.argv.slice(2);
const json = async (path) => (await fetch(new URL(path, front))).json();

await inEverySize(folder, async ({ page, context, isPhone, shot }) => {
  const says = (text) => page.locator("#log .bubble", { hasText: text }).last().waitFor({ timeout: 10_000 });
  const sends = async (text) => {
    await page.fill("#text", text);
    await page.press("#text", "Enter");
  };

  const [company] = (await json("local/status")).tenants;
  const employee = company.employees[isPhone ? 0 : 1];
  await page.goto(new URL(company.registrationLink, front).href);
  await page.click("#new-user");
  await page.click("#follow");
  await says("ご利用には登録が必要です");
  await shot("greeting");

  await page.fill("#text", `登録コード ${company.code}`);
  await page.press("#text", "Enter");
  await says("社員番号を送信してください");
  await sends(employee.number);
  await says("同意して登録");
  await shot("consent");
  await page.click('#quick button:has-text("同意して登録")');
  await says("登録が完了しました");

  // The members' rich menu follows through the outbox.
  await page.locator("#rich-bar", { hasText: "メニュー" }).waitFor();
  await page.locator('.areas button[aria-label="相談のしかた"], .areas button:has-text("相談のしかた")').first().waitFor({ state: "attached", timeout: 15_000 });
  if (await page.locator("#rich-panel").isHidden()) await page.click("#rich-bar");
  await shot("menu");
  await page.locator('.areas button[aria-label="相談のしかた"], .areas button:has-text("相談のしかた")').first().click();
  await says("写真やPDFもお送りいただけます");
  if (await page.locator("#rich-panel").isVisible()) await page.click("#rich-bar");

  const picture = await context.newPage();
  await picture.setViewportSize({ width: 320, height: 240 });
  await picture.setContent("<body style='margin:0;background:linear-gradient(45deg,#fbb,#fdd)'><p style='font:40px sans-serif;padding:40px'>湿疹の写真</p>");
  const buffer = await picture.screenshot({ type: "jpeg" });
  await picture.close();
  const before = (await json("local/s3")).length;
  await page.setInputFiles("#photo-input", { name: "photo.jpg", mimeType: "image/jpeg", buffer });
  await says("看護師・保健師だけが閲覧し");
  await page.locator("#log .bubble.picture img").waitFor();
  await shot("picture");
  await until(async () => (await json("local/s3")).length === before + 1, "the picture is in the bucket");

  await page.locator('#log button:has-text("送信取消")').last().click();
  await until(async () => (await json("local/s3")).length === before, "the picture is gone from the bucket");
  await page.locator("#log .bubble.picture").waitFor({ state: "detached" });
  await shot("unsent");

  await sends(employee.name);
  await says("お名前を確認しました");
  await shot("name");
});
