// Puts a roster file into the bucket, where a company's contact would put it.
import { attempt, get, make, put } from "./local.js";

const byId = (id) => document.getElementById(id);
const KINDS = { monthly: "月次名簿", full: "全件名簿" };
/** Characters: a key has at most 1,024 bytes. */
const LONGEST_NAME = 200;

const say = (message) => (byId("delivered").textContent = message);
const chosenFile = () => byId("file").files[0];

function problem() {
  const file = chosenFile();
  if (!byId("company").value) return "企業を選んでください。";
  if (!file) return "名簿のファイルを選んでください。";
  if (file.name.length > LONGEST_NAME) return "ファイル名が長すぎます。短くしてからお試しください。";
  return "";
}

/** Puts the chosen file, and calls `after` when it is there. */
async function deliver(after) {
  const why = problem();
  say(why);
  if (why) return (chosenFile() ? byId("company") : byId("file")).focus();
  const [file, company, kind] = [chosenFile(), byId("company"), byId("kind").value];
  const button = document.querySelector("#deliver button");
  button.disabled = true;
  say("届けています…");
  const key = `roster-in/${company.value}/${kind}/${file.name}`;
  const done = await attempt(() => put(`/local/s3/object?key=${encodeURIComponent(key)}`, file));
  button.disabled = false;
  say(done ? `「${file.name}」を${company.selectedOptions[0].text}の${KINDS[kind]}として届けました。` : "届けられませんでした。もう一度お試しください。");
  if (!done) return;
  byId("file").value = "";
  await after();
}

/** Sets the form up; `after` is called after each delivery. */
export function setUp(after) {
  attempt(async () => {
    const { tenants } = await get("/local/status");
    byId("company").replaceChildren(...tenants.map((tenant) => make("option", { value: tenant.id }, tenant.name)));
  });
  byId("deliver").addEventListener("submit", (event) => {
    event.preventDefault();
    deliver(after);
  });
  byId("file").addEventListener("change", () => say(""));
  const drop = byId("drop");
  // A file that misses the field must not open in the place of the page.
  for (const kind of ["dragover", "drop"]) addEventListener(kind, (event) => event.preventDefault());
  for (const kind of ["dragenter", "dragover"]) drop.addEventListener(kind, () => drop.classList.add("over"));
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", ({ dataTransfer }) => {
    if (dataTransfer.files.length > 1) return say("ファイルは1つずつ届けてください。");
    if (dataTransfer.files.length === 0) return say("ファイルではないため、届けられません。");
    byId("file").files = dataTransfer.files;
    say("");
  });
}
