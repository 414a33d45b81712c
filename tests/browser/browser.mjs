// What all stories in the browser share: the browser, the sizes of its window, and what is looked at on every page.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];
const SIZES = { phone: { width: 375, height: 740 }, desk: { width: 1280, height: 800 } };

/** Runs `story(window)` once on a phone and once on a desk, and fails where a page had a problem. */
export async function inEverySize(folder, story) {
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ARGUMENTS });
  try {
    for (const [name, viewport] of Object.entries(SIZES)) await open(browser, folder, name, viewport, story);
  } finally {
    await browser.close();
  }
}

async function open(browser, folder, name, viewport, story) {
  const isPhone = name === "phone";
  const context = await browser.newContext({ viewport, locale: "ja-JP", timezoneId: "Asia/Tokyo", hasTouch: isPhone, isMobile: isPhone });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));

  let shots = 0;
  /** Takes a picture, and refuses a page that scrolls sideways. */
  const shot = async (title, options = {}) => {
    await page.waitForTimeout(200);
    shots += 1;
    await page.screenshot({ path: join(folder, `${name}-${shots}-${title}.png`), ...options });
    const [wide, inner] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= inner, `${title} scrolls sideways: ${wide} > ${inner}`);
  };
  /** Takes one refusal with this status, or failure with these words, off the list of problems: the story brought it about. */
  const refused = (why) => {
    const words = typeof why === "number" ? `status of ${why}` : why;
    const place = problems.findIndex((problem) => problem.includes(words));
    assert.notEqual(place, -1, `nothing failed with ${why}`);
    problems.splice(place, 1);
  };
  await story({ page, context, isPhone, shot, refused });
  assert.deepEqual(problems, []);
  await context.close();
}

/** Waits until `holds`, for ten seconds. */
export async function until(holds, what) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`not within ten seconds: ${what}`);
}
