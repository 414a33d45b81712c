// The buckets, their objects, and the versions of each.
import { setUp } from "./deliver.js";
import { attempt, get, make, moment, repeat } from "./local.js";

const content = document.getElementById("content");
/** What is unfolded stays so when the list is drawn anew. */
const unfolded = new Set();
let seen = "";

const bytes = (size) => `${size.toLocaleString("ja-JP")} バイト`;

/** Only the system's own bucket hands its objects out here. */
const OWN = "hokenshitsu-local";

/** A link that downloads an object, or one version of it. */
function download(key, version, ...children) {
  const query = new URLSearchParams(version ? { key, version } : { key });
  return make("a", { href: `/local/s3/object?${query}`, download: "" }, ...children);
}

function versionLine(bucket, key, version) {
  const what = version.deleteMarker ? "削除の印" : bytes(version.size);
  const has = bucket === OWN && !version.deleteMarker;
  return make("li", {},
    `${moment(version.modified)}、${what}${version.latest ? "(最新)" : ""} `,
    has ? download(key, version.id, "ダウンロード") : null,
    make("div", { class: "mono quiet" }, version.id));
}

function versionList(bucket, key, versions) {
  const id = `${bucket}/${key}`;
  const list = make("details", { open: unfolded.has(id) },
    make("summary", {}, `バージョン ${versions.length}件`),
    make("ol", {}, ...versions.map((version) => versionLine(bucket, key, version))));
  list.addEventListener("toggle", () => (list.open ? unfolded.add(id) : unfolded.delete(id)));
  return list;
}

function objectRow(bucket, object) {
  return make("tr", {},
    make("td", {},
      make("div", { class: "mono" }, bucket === OWN && object.size !== null ? download(object.key, null, object.key) : object.key),
      versionList(bucket, object.key, object.versions)),
    make("td", { class: "number" }, object.size === null ? "削除済み" : bytes(object.size)),
    make("td", {}, moment(object.modified)));
}

function bucketPanel(bucket) {
  const rows = bucket.objects.map((object) => objectRow(bucket.name, object));
  const headings = make("tr", {}, make("th", { scope: "col" }, "キー"), make("th", { scope: "col", class: "number" }, "サイズ"), make("th", { scope: "col" }, "更新日時"));
  return make("section", { class: "panel" }, make("h2", { class: "mono" }, bucket.name), rows.length > 0
    ? make("div", { class: "scroll" }, make("table", { class: "stack" }, make("thead", {}, headings), make("tbody", {}, ...rows)))
    : make("p", { class: "empty" }, "ファイルはありません。"));
}

const show = () => attempt(async () => {
  const buckets = await get("/local/buckets");
  if (JSON.stringify(buckets) === seen) return;
  seen = JSON.stringify(buckets);
  content.replaceChildren(...(buckets.length > 0 ? buckets.map(bucketPanel) : [make("p", { class: "panel empty" }, "バケットはまだありません。")]));
});

setUp(show);
repeat(show, 3000);
