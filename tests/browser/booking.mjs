// A contact books an interview, is told what is missing, submits the request form, looks at what it uses, moves it and cancels it.
// node booking.mjs <front address> <folder for screenshots>
import assert from "node:assert/strict";
import { inEverySize } from "./browser.mjs";

const [front, folder] = process.argv.slice(2);
const at = (path) => new URL(path, front).href;

await inEverySize(folder, async ({ page, isPhone, shot, refused }) => {
  await page.goto(at("booking?week=2026-12-08"));
  await page.getByRole("link", { name: "田村 直樹" }).click();
  await page.getByRole("heading", { name: "空き枠から予約する" }).waitFor();
  await shot("week", { fullPage: true });

  // Somebody takes a slot in another window: here it goes by itself.
  const other = await page.context().newPage();
  await other.goto(at("booking?week=2026-12-08"));
  const offered = await page.getByRole("button", { name: /^10:00/ }).count();
  const listed = await page.locator("#list button").count();
  await other.getByRole("button", { name: /^10:00/ }).first().click();
  await other.getByRole("heading", { name: "予約内容の入力" }).waitFor();
  await other.close();
  await page.waitForFunction((before) => document.querySelectorAll("#list button").length < before, listed);
  assert.equal(await page.getByRole("button", { name: /^10:00/ }).count(), offered - 1);

  await page.getByRole("button", { name: /^9:00/ }).first().click();
  await page.getByRole("heading", { name: "予約内容の入力" }).waitFor();
  await page.getByLabel("社員番号").fill(isPhone ? "101" : "102");
  await page.getByLabel("従業員の氏名").fill("だれか");
  await page.getByLabel("電話", { exact: true }).check();
  await page.getByLabel("電話番号（電話面談の場合）").fill("090-1234-5678");
  await page.getByLabel("面談の目的").selectOption({ label: "高ストレス者の面接指導" });
  await page.getByRole("button", { name: "予約を確定する" }).click();
  await page.getByText("貴社の産業医にご相談ください").waitFor();
  refused(400);
  await shot("refused", { fullPage: true });
  assert.equal(await page.getByLabel("電話番号（電話面談の場合）").inputValue(), "090-1234-5678");
  await page.getByLabel("面談の目的").selectOption({ label: "健康診断後のフォロー" });
  await page.getByRole("button", { name: "予約を確定する" }).click();
  await page.getByText("社員番号と氏名が名簿と一致しません").waitFor();
  refused(400);
  await page.getByLabel("従業員の氏名").fill(isPhone ? "髙橋 一郎" : "﨑山 花子");
  await page.getByRole("button", { name: "予約を確定する" }).click();
  await page.getByText("予約を承りました。").waitFor();
  await page.getByText("まだご提出いただいていません。").waitFor();
  await shot("booked", { fullPage: true });
  const attached = (name, bytes) => ({ name, mimeType: "application/pdf", buffer: Buffer.concat([Buffer.from("%PDF-1.7 "), Buffer.alloc(bytes)]) });
  await page.getByLabel("実施理由・ご希望").fill("健診の結果について\n相談したいことがあります。");
  // Told before it is sent, and not sent.
  await page.getByLabel("資料を添付する（任意）").setInputFiles(attached("大きな資料.pdf", 5 * 1024 * 1024));
  await page.getByRole("button", { name: "面談依頼書を保存する" }).click();
  assert.match(await page.getByLabel("資料を添付する（任意）").evaluate((input) => input.validationMessage), /4MBまで/);
  await page.getByLabel("資料を添付する（任意）").setInputFiles({ name: "メモ.txt", mimeType: "text/plain", buffer: Buffer.from("memo") });
  await page.getByRole("button", { name: "面談依頼書を保存する" }).click();
  await page.getByText("お預かりできる形式は").waitFor();
  refused(400);
  await shot("request-refused", { fullPage: true });
  assert.match(await page.getByLabel("実施理由・ご希望").inputValue(), /相談したいこと/);
  await page.getByLabel("資料を添付する（任意）").setInputFiles(attached("健診の結果（産業医の所見つき、2026年11月の定期健康診断）.pdf", 1000));
  await page.getByRole("button", { name: "面談依頼書を保存する" }).click();
  await page.getByText("面談依頼書を保存しました。").waitFor();
  await shot("request", { fullPage: true });
  if (!isPhone) await page.getByRole("button", { name: "削除する" }).click();

  await page.getByRole("link", { name: "別の枠を選ぶ" }).click();
  await page.getByRole("button", { name: /^9:40/ }).first().click();
  await page.getByText("日時を変更しました。").waitFor();
  await page.getByRole("link", { name: "利用明細" }).click();
  await page.getByRole("link", { name: "2026年12月" }).click();
  await page.getByText("実施予定").first().waitFor();
  await shot("ledger", { fullPage: true });
  await page.getByRole("link", { name: "予約の一覧" }).click();
  await shot("bookings", { fullPage: true });
  await page.getByRole("row", { name: /確定/ }).getByRole("link").first().click();
  await page.getByText("期限内のキャンセルです").waitFor();
  await page.getByLabel("上記を確認しました").check();
  await page.getByRole("button", { name: "この予約をキャンセルする" }).click();
  await page.getByText("予約をキャンセルしました。").waitFor();
  await shot("cancelled", { fullPage: true });

  await page.getByRole("button", { name: "サインアウト" }).click();
  await page.waitForURL(at("booking/signed-out"));
  await page.goto(at("desk/hours"));
  await page.getByRole("link", { name: "佐藤 恵" }).click();
  await page.getByLabel("火曜日").fill("13:00-14:00");
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("受付時間を保存しました。").waitFor();
  await shot("hours", { fullPage: true });
  await page.getByRole("link", { name: "面談", exact: true }).click();
  await shot("interviews", { fullPage: true });
});
