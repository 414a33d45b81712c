import { chromium } from "playwright-core";
import { writeFileSync, mkdirSync } from "node:fs";
const [front, out] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const mails = (await (await fetch(front + "local/mail")).json());
const list = mails.mails ?? mails;
const kpi = list.filter((m) => /ご利用状況のご報告|定例ミーティング/.test(m.subject));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
let n = 0;
for (const mail of kpi) {
  n += 1;
  let html = mail.html;
  for (const a of mail.attachments) html = html.replaceAll("cid:" + a.contentId, `data:${a.type};base64,${a.base64}`);
  writeFileSync(`${out}/${n}.html`, html); writeFileSync(`${out}/${n}.txt`, mail.to + "\n" + mail.subject + "\n" + mail.text);
  console.log(n, mail.to, mail.subject, "html", Buffer.byteLength(mail.html), "pictures", mail.attachments.map((a) => a.base64.length * 3 / 4), "raw", mail.raw?.length);
  for (const width of [375, 800]) {
    const page = await browser.newPage({ viewport: { width, height: 700 }, deviceScaleFactor: width === 375 ? 2 : 1 });
    await page.setContent(html);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) console.log("  scrolls sideways", wide, width);
    await page.screenshot({ path: `${out}/${n}-${width}.png`, fullPage: true });
    await page.close();
  }
}
await browser.close();
