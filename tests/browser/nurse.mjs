// A nurse signs in, sees who waits, answers, and sees what comes meanwhile without loading anything.
// node nurse.mjs <front address> <folder for screenshots> <LINE user id> <number>
import assert from "node:assert/strict";
import { inEverySize, until } from "./browser.mjs";

const [front, folder, ...users] = process.argv.slice(2);
const at = (path) => new URL(path, front).href;

/** The member writes in the chat. */
async function says(user, text) {
  const body = JSON.stringify({ type: "message", message: { type: "text", text } });
  const answer = await fetch(at(`local/line/users/${user}/events?channel=demo`), { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.ok(answer.ok);
}

await inEverySize(folder, async ({ page, isPhone, shot, refused }) => {
  const user = users[isPhone ? 0 : 1];
  const question = isPhone ? "肩こりがつらいです。<b>どうすれば</b>よいでしょうか" : "夜眠れません";
  await says(user, question);
  await page.goto(at("desk"));
  await shot("choose-a-person");
  await page.getByRole("link", { name: "佐藤 恵" }).click();
  await page.getByRole("heading", { name: "相談の受付一覧" }).waitFor();
  await shot("queue", { fullPage: true });
  const cookies = await page.context().cookies();
  const session = cookies.find((cookie) => cookie.name === "__Host-hokenshitsu");
  assert.ok(session.httpOnly && session.secure && session.sameSite === "Lax");

  await page.getByRole("link", { name: "未分類" }).first().click();
  await page.getByText(question, { exact: true }).waitFor();
  await shot("thread", { fullPage: true });

  // What is typed survives a reload, and what the member writes meanwhile comes by itself.
  const reply = page.getByLabel("登録者のLINEに届く返信");
  await reply.fill("いつ頃から");
  await page.reload();
  assert.equal(await reply.inputValue(), "いつ頃から");
  await says(user, "先週からです");
  await page.getByText("先週からです").waitFor();
  assert.equal(await reply.inputValue(), "いつ頃から");
  await page.getByText("新しいメッセージがあります").waitFor();
  await shot("new-message", { fullPage: true });
  await reply.fill("");
  await page.getByText("定型文から選ぶ").click();
  await page.getByText("受診のすすめ", { exact: true }).click();
  await shot("templates-beside-the-reply", { fullPage: true });
  await page.locator("details[open] > details[open]").getByRole("button", { name: "返信に入れる" }).click();
  assert.ok((await reply.inputValue()).includes("医療機関で診ていただく"));
  await reply.fill("お返事が遅くなりました。\n一度、受診をおすすめします。");
  await page.getByRole("button", { name: "LINEに送信", exact: true }).click();
  await page.getByText("送信しました。").waitFor();
  assert.equal(await reply.inputValue(), "");
  await until(async () => (await (await fetch(at(`local/line/users/${user}/messages?channel=demo`))).text()).includes("受診をおすすめします"), "the answer on LINE");
  await shot("answered", { fullPage: true });

  await page.getByRole("link", { name: "引き継ぐ" }).click();
  await shot("hand-over");
  await page.getByRole("link", { name: "相談に戻る" }).click();

  // Referring: the proposal follows the topic, and what was changed in it survives a reload.
  await page.getByRole("link", { name: "窓口を案内する" }).click();
  await page.getByLabel("テーマ").selectOption({ label: "ハラスメント" });
  await page.getByRole("button", { name: "案内文を作る" }).click();
  const proposal = page.getByLabel("登録者のLINEに届く案内");
  assert.ok((await proposal.inputValue()).includes("さくら製作所 ハラスメント相談窓口"));
  await page.getByText("この契約企業が定めた窓口です。").waitFor();
  await proposal.fill(`${await proposal.inputValue()}\nご無理なさらないでください。`);
  await page.reload();
  assert.ok((await proposal.inputValue()).endsWith("ご無理なさらないでください。"));
  await shot("refer", { fullPage: true });
  await page.getByRole("button", { name: "LINEに送信" }).click();
  await page.getByText("送信しました。").waitFor();
  await page.getByRole("heading", { name: "相談：ハラスメント" }).waitFor();

  // Disclosing: what is missing is said, and nothing that was filled in is lost.
  await page.getByRole("link", { name: "担当者に開示する" }).click();
  await page.getByLabel("担当者に届く文章").fill("至急、ご本人の安全をご確認ください。");
  await page.getByLabel("田村 直樹").check();
  await page.getByLabel("生命・身体の安全のため").check();
  await page.locator("form[action$='/disclose']").evaluate((form) => { form.noValidate = true; });
  await page.getByRole("button", { name: "担当者に送信" }).click();
  await page.getByText("本人の同意について選んでください。").waitFor();
  refused(400);
  await shot("disclosure-lacks-something", { fullPage: true });
  assert.equal(await page.getByLabel("担当者に届く文章").inputValue(), "至急、ご本人の安全をご確認ください。");
  await page.getByLabel("本人に確認していない（連絡が取れない）").check();
  await page.getByLabel("宛先と文章を確認しました").check();
  await shot("disclose", { fullPage: true });
  await page.getByRole("button", { name: "担当者に送信" }).click();
  await page.getByText("開示台帳に記録しました").waitFor();
  await shot("disclosed", { fullPage: true });
  await page.getByRole("link", { name: "開示台帳" }).click();
  await page.getByLabel("契約企業").selectOption({ label: "株式会社さくら製作所" });
  await page.getByRole("button", { name: "表示" }).click();
  await page.getByText("書き換えも欠落もありません").waitFor();
  await shot("ledger", { fullPage: true });

  await page.getByRole("link", { name: "定型文", exact: true }).click();
  await page.locator("section", { has: page.getByRole("heading", { name: "定型文を追加する" }) }).getByLabel("題名").fill("腰の体操");
  await page.locator("#text-new").fill("一日に三回、ゆっくりと。");
  await shot("templates", { fullPage: true });
  await page.locator("section", { has: page.getByRole("heading", { name: "定型文を追加する" }) }).getByRole("button", { name: "保存" }).click();
  await page.getByText("定型文を保存しました。").waitFor();
  await page.getByText("腰の体操").first().click();
  await shot("template-open", { fullPage: true });
  await page.getByRole("link", { name: "登録者を探す" }).click();
  await page.getByLabel("社員番号").fill("101");
  await page.getByRole("button", { name: "探す" }).press("Enter");
  await page.getByText("登録日時").first().waitFor();
  await shot("search", { fullPage: true });
  await page.getByRole("link", { name: "自分の担当" }).click();
  await page.getByRole("heading", { name: "自分の担当" }).waitFor();
  await shot("mine", { fullPage: true });
  await page.getByRole("button", { name: "サインアウト" }).click();
  await page.waitForURL(at("desk/signed-out"));
  await page.getByRole("heading", { name: "サインアウトしました" }).waitFor();
  await page.goto(at("desk"));
  await page.getByRole("heading", { name: "だれとしてサインインしますか" }).waitFor();
});
