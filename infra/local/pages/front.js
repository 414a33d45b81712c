// The front page: where everything is, the demo tenants, and the faults.
import { attempt, get, make, moment, onTick, post, repeat } from "./local.js";

const byId = (id) => document.getElementById(id);
const form = byId("faults");
const modes = [...form.elements.mode.options];
const TARGETS = Object.fromEntries([...form.elements.target.options].map((option) => [option.value, option.text]));
const MODES = Object.fromEntries(modes.map((option) => [option.value, option.text]));

onTick((now) => { byId("clock").textContent = moment(now); });

/** The chat page with the text of a registration link typed in: what a phone does with https://line.me/R/oaMessage/…. */
function chatLink(tenant) {
  const link = tenant.registrationLink ?? "";
  if (!link.startsWith("https://line.me/")) return link || `/chat?channel=${encodeURIComponent(tenant.channel)}`;
  const text = decodeURIComponent(new URL(link).search.slice(1));
  return `/chat?${new URLSearchParams({ channel: tenant.channel, text })}`;
}

function tenantPanel(tenant) {
  const link = chatLink(tenant);
  const employees = (tenant.employees ?? []).map((employee) =>
    make("tr", {}, make("td", { class: "mono" }, employee.number), make("td", {}, employee.name),
      make("td", {}, employee.leaves ? `${employee.leaves} 退職` : "在籍")));
  return make("section", { class: "panel" },
    make("h2", {}, tenant.name),
    make("dl", {},
      make("dt", {}, "登録コード"), make("dd", { class: "mono" }, tenant.code ?? "―"),
      make("dt", {}, "合言葉"), make("dd", {}, tenant.passphrase ?? "なし"),
      make("dt", {}, "登録リンク"), make("dd", {}, make("a", { href: link }, "チャットで開く"),
        tenant.lineLink ? make("div", { class: "mono quiet" }, tenant.lineLink) : null)),
    employees.length > 0
      ? make("div", { class: "scroll" }, make("table", {},
        make("caption", { class: "quiet" }, "名簿の従業員(一部)"),
        make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "社員番号"), make("th", { scope: "col" }, "氏名"), make("th", { scope: "col" }, "在籍"))),
        make("tbody", {}, ...employees)))
      : make("p", { class: "quiet" }, "名簿に従業員がいません。"));
}

async function showStatus() {
  const status = await attempt(() => get("/local/status"));
  if (!status) return;
  const tenants = status.tenants ?? [];
  byId("tenants").replaceChildren(...(tenants.length > 0 ? tenants.map(tenantPanel) : [make("p", { class: "empty" }, "契約企業はまだありません。")]));
  byId("addresses").replaceChildren(...Object.entries(status.addresses ?? {}).flatMap(([part, address]) =>
    [make("dt", {}, part), make("dd", { class: "mono" }, String(address))]));
}

/** `残り3回、2回に1回、push のみ、800ミリ秒`. */
function extent(fault) {
  return [
    fault.count ? `残り${fault.count}回` : "解除するまで",
    fault.every ? `${fault.every}回に1回` : "",
    fault.operation ? `${fault.operation} のみ` : "",
    fault.ms ? `${fault.ms}ミリ秒` : "",
  ].filter(Boolean).join("、");
}

let shown = "";

function showFaults(faults) {
  if (JSON.stringify(faults) === shown) return;
  shown = JSON.stringify(faults);
  const rows = Object.entries(faults).map(([target, fault]) =>
    make("tr", {},
      make("td", {}, TARGETS[target] ?? target),
      make("td", {}, MODES[fault.mode] ?? fault.mode),
      make("td", {}, extent(fault)),
      make("td", {}, make("button", { class: "small", type: "button", "aria-label": `${TARGETS[target] ?? target}の障害を解除`, onclick: () => end(target) }, "解除"))));
  byId("fault-list").replaceChildren(rows.length > 0
    ? make("div", { class: "scroll" }, make("table", { class: "stack" }, make("tbody", {}, ...rows)))
    : make("p", { class: "quiet" }, "設定されている障害はありません。"));
}

const order = (fault) => attempt(async () => showFaults(await post("/local/faults", fault)));

/** The button goes with its row: whoever uses the keyboard goes on at the form. */
async function end(target) {
  await order({ target, mode: "none" });
  form.elements.target.focus();
}

/** Only what the chosen target has can be chosen. */
function offer() {
  const { target, mode, lasts } = form.elements;
  const chosen = mode.value;
  mode.replaceChildren(...modes.filter((option) => [undefined, target.value].includes(option.dataset.only)));
  mode.value = chosen;
  if (mode.selectedIndex < 0) mode.selectedIndex = 0;
  byId("count").hidden = lasts.value === "always";
  form.elements.count.disabled = lasts.value === "always";
}

form.addEventListener("change", offer);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const { target, mode, lasts, count } = form.elements;
  order({ target: target.value, mode: mode.value, ...(lasts.value === "count" ? { count: Number(count.value) } : {}) });
});

offer();
showStatus();
repeat(() => attempt(async () => showFaults(await get("/local/faults"))), 3000);
