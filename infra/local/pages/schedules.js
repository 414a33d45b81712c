// The schedules, and a button that runs one at once.
import { attempt, get, make, moment, post, repeat } from "./local.js";

const list = document.getElementById("list");
const done = document.getElementById("done");
const STATES = { ENABLED: "有効", DISABLED: "停止中" };
let seen = "";

async function run({ name, group = "default" }, button) {
  button.disabled = true;
  const ran = await attempt(async () => {
    await post(`/local/schedules/${encodeURIComponent(name)}/run?${new URLSearchParams({ group })}`);
    return true;
  });
  done.textContent = ran ? `「${name}」を実行しました。` : "";
  button.disabled = false;
  refresh();
}

const pretty = (input) => {
  try {
    return JSON.stringify(typeof input === "string" ? JSON.parse(input) : input, null, 2);
  } catch {
    return String(input);
  }
};

function row(schedule) {
  const button = make("button", { type: "button", class: "small" }, "今すぐ実行");
  button.addEventListener("click", () => run(schedule, button));
  return make("tr", {},
    make("td", {}, make("b", {}, schedule.name), make("div", { class: "quiet" }, [schedule.group, STATES[schedule.state] ?? schedule.state].filter(Boolean).join("・"))),
    make("td", { class: "mono" }, schedule.expression, make("div", { class: "quiet" }, schedule.timezone ?? "")),
    make("td", {}, moment(schedule.next) || "次の実行はありません"),
    make("td", {}, make("span", { class: "mono" }, schedule.target ?? ""), schedule.input
      ? make("details", {}, make("summary", { class: "quiet" }, "入力"), make("pre", {}, pretty(schedule.input))) : null),
    make("td", {}, button));
}

const refresh = () => attempt(async () => {
  const schedules = await get("/local/schedules");
  if (JSON.stringify(schedules) === seen) return;
  seen = JSON.stringify(schedules);
  const headings = ["名前", "式", "次の実行(日本時間)", "実行先", ""].map((text) => make("th", { scope: "col" }, text));
  list.replaceChildren(schedules.length > 0
    ? make("div", { class: "scroll" }, make("table", { class: "stack" }, make("thead", {}, make("tr", {}, ...headings)), make("tbody", {}, ...schedules.map(row))))
    : make("p", { class: "empty" }, "予定はまだありません。"));
});

repeat(refresh, 3000);
