"use strict";
// Sends the chosen file from the browser to the bucket, says how far it is, and goes on to the page that tells what became of it.
const form = document.getElementById("upload");
const [input, button] = [document.getElementById("file"), form.querySelector("button")];
const [result, bar] = [document.getElementById("result"), document.getElementById("progress")];
const words = JSON.parse(form.dataset.words);

function tell(word, kind = "") {
  result.textContent = words[word] ?? words.failed;
  result.className = kind;
}

/** Asks for an address to send the file to; fails with the word that says why there is none. The name stays here. */
async function permit({ name, size }) {
  const ending = name.includes(".") ? name.split(".").pop() : "";
  if (size > Number(form.dataset.largest)) throw "too-large";
  const headers = { "content-type": "application/json", "x-csrf-token": form.dataset.csrf };
  const body = JSON.stringify({ kind: form.elements.kind.value, bytes: size, ending });
  const answer = await fetch(form.action, { method: "POST", headers, body });
  if (answer.status === 401 || answer.status === 403) throw "signed-out";
  const said = await answer.json();
  if (!answer.ok) throw said.error;
  return said;
}

/** Sends it, and shows how far it is. The bucket answers 403 where the permit is too old. */
const put = (file, { url, headers }) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => { bar.value = loaded; };
    request.onload = () => (request.status === 200 ? resolve() : reject(request.status === 403 ? "expired" : "failed"));
    request.onerror = request.ontimeout = request.onabort = () => reject("failed");
    request.send(file);
  });

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = input.files;
  if (!file) {
    tell("nothing", "bad");
    input.focus();
    return;
  }
  button.disabled = true;
  tell("sending");
  [bar.max, bar.value, bar.hidden] = [file.size || 1, 0, false];
  try {
    const permitted = await permit(file);
    await put(file, permitted);
    tell("sent");
    location.assign(permitted.page);
  } catch (why) {
    tell(typeof why === "string" ? why : "failed", "bad");
    input.focus();
  }
  bar.hidden = true;
  button.disabled = false;
});
