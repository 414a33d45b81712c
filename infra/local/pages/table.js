// The table browser: partitions, and the items of one.
import { attempt, get, make } from "./local.js";

const content = document.getElementById("content");
const query = new URLSearchParams(location.search);
const table = query.get("table") ?? "";
const pk = query.get("pk");

const place = (path, more) => `${path}?${new URLSearchParams({ ...(table ? { table } : {}), ...more })}`;

for (const tab of document.querySelectorAll("[data-table]")) {
  if (tab.dataset.table === table) tab.setAttribute("aria-current", "true");
}

function partitionList(partitions) {
  const filter = make("input", { type: "search", placeholder: "pkの一部", "aria-label": "pkで絞り込む" });
  const body = make("tbody");
  const draw = () => {
    const rows = partitions.filter((partition) => partition.pk.includes(filter.value)).map((partition) => make("tr", {},
      make("td", { class: "mono" }, make("a", { href: place("/table", { pk: partition.pk }) }, partition.pk)),
      make("td", { class: "number" }, String(partition.count))));
    body.replaceChildren(...(rows.length > 0 ? rows : [make("tr", {}, make("td", { colspan: "2", class: "empty" }, "該当するパーティションはありません。"))]));
  };
  filter.addEventListener("input", draw);
  draw();
  return make("section", { class: "panel" },
    make("div", { class: "row" }, make("label", {}, "絞り込み", filter), make("p", { class: "quiet" }, `全${partitions.length}パーティション`)),
    make("table", {}, make("thead", {}, make("tr", {}, make("th", { scope: "col" }, "pk"), make("th", { scope: "col", class: "number" }, "件数"))), body));
}

function itemPanel(item) {
  return make("section", { class: "panel" }, make("h2", { class: "mono" }, item.sk ?? item.pk), make("pre", { class: "mono" }, JSON.stringify(item, null, 2)));
}

attempt(async () => {
  if (pk === null) {
    const { partitions } = await get(place("/local/table", {}));
    content.replaceChildren(partitions.length > 0 ? partitionList(partitions) : make("p", { class: "panel empty" }, "データはまだありません。"));
    return;
  }
  const { items } = await get(place("/local/table", { pk }));
  const back = make("p", {}, make("a", { href: place("/table", {}) }, "パーティション一覧へ戻る"));
  const title = make("h2", { class: "mono" }, pk);
  content.replaceChildren(back, title, make("p", { class: "quiet" }, `${items.length}件`), ...items.map(itemPanel));
}).then(() => {
  if (content.querySelector(".empty")?.textContent.startsWith("読み込んで")) content.replaceChildren();
});
