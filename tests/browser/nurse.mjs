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

await inEverySize(folder, async ({ page, isPhone, shot }) => {
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
  await page.getByText("先週からです").waitFor({ timeout: 8000 });
  assert.equal(await reply.inputValue(), "いつ頃から");
  await page.getByText("新しいメッセージがあります").waitFor();
  await shot("new-message", { fullPage: true });
  await reply.fill("お返事が遅くなりました。\n一度、受診をおすすめします。");
  await page.getByRole("button", { name: "LINEに送信", exact: true }).click();
  await page.getByText("送信しました。").waitFor();
  assert.equal(await reply.inputValue(), "");
  await until(async () => (await (await fetch(at(`local/line/users/${user}/messages?channel=demo`))).text()).includes("受診をおすすめします"), "the answer on LINE");
  await shot("answered", { fullPage: true });

  await page.getByRole("link", { name: "引き継ぐ" }).click();
  await shot("hand-over");
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
