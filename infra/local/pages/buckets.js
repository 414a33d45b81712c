// The buckets and their objects.
import { attempt, get, make, moment, repeat } from "./local.js";

const content = document.getElementById("content");
let seen = "";

function bucketPanel(bucket) {
  const rows = bucket.objects.map((object) => make("tr", {},
    make("td", { class: "mono" }, object.key),
    make("td", { class: "number" }, `${object.size.toLocaleString("ja-JP")} バイト`),
    make("td", {}, moment(object.modified))));
  const headings = make("tr", {}, make("th", { scope: "col" }, "キー"), make("th", { scope: "col", class: "number" }, "サイズ"), make("th", { scope: "col" }, "更新日時"));
  return make("section", { class: "panel" }, make("h2", { class: "mono" }, bucket.name), rows.length > 0
    ? make("div", { class: "scroll" }, make("table", { class: "stack" }, make("thead", {}, headings), make("tbody", {}, ...rows)))
    : make("p", { class: "empty" }, "ファイルはありません。"));
}

repeat(() => attempt(async () => {
  const buckets = await get("/local/buckets");
  if (JSON.stringify(buckets) === seen) return;
  seen = JSON.stringify(buckets);
  content.replaceChildren(...(buckets.length > 0 ? buckets.map(bucketPanel) : [make("p", { class: "panel empty" }, "バケットはまだありません。")]));
}), 3000);
