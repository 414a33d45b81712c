// The front page: where everything is, the demo tenants, and the faults.
import { attempt, get, make, moment, onTick, post } from "./local.js";

const byId = (id) => document.getElementById(id);
const TARGETS = Object.fromEntries([...document.querySelectorAll('[name="target"] option')].map((option) => [option.value, option.text]));
const MODES = Object.fromEntries([...document.querySelectorAll('[name="mode"] option')].map((option) => [option.value, option.text]));

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

function showFaults(faults) {
  const rows = Object.entries(faults ?? {}).map(([target, fault]) =>
    make("tr", {},
      make("td", {}, TARGETS[target] ?? target),
      make("td", {}, MODES[fault.mode] ?? fault.mode),
      make("td", { class: "number" }, `残り${fault.count}回`),
      make("td", {}, make("button", { class: "small", type: "button", onclick: () => order({ target, mode: "none", count: 0 }) }, "解除"))));
  byId("fault-list").replaceChildren(rows.length > 0
    ? make("div", { class: "scroll" }, make("table", {}, make("tbody", {}, ...rows)))
    : make("p", { class: "quiet" }, "設定されている障害はありません。"));
}

async function order(fault) {
  await attempt(async () => {
    await post("/local/faults", fault);
    showFaults(await get("/local/faults"));
  });
}

byId("faults").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = new FormData(event.target);
  order({ target: form.get("target"), mode: form.get("mode"), count: Number(form.get("count")) });
});

showStatus();
attempt(async () => showFaults(await get("/local/faults")));
