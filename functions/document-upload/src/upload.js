"use strict";
// Sends the chosen files, one after the other, and says in words what became of each.
const form = document.querySelector("form");
const [input, button] = [document.getElementById("files"), form.querySelector("button")];
const [result, outcomes] = [document.getElementById("result"), document.getElementById("outcomes")];
const words = JSON.parse(form.dataset.words);
const largest = Number(form.dataset.largest);

/** The outcome of a file, which begins as waiting. */
function entry(file) {
  const [item, name, bar, words_] = ["li", "strong", "progress", "p"].map((kind) => document.createElement(kind));
  name.textContent = file.name;
  bar.max = file.size || 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `${words.progress} ${file.name}`);
  item.append(name, bar, words_);
  outcomes.append(item);
  const say = (word, kind = "") => {
    words_.textContent = words[word] ?? words.failed;
    item.className = kind;
    if (kind) bar.remove();
  };
  say("waiting");
  return { file, bar, say };
}

/** Asks for an address to send the file to; fails with the word that says why there is none. */
async function permit({ name, size, type }) {
  if (size === 0) throw "empty";
  if (size > largest) throw "too-large";
  const headers = { "content-type": "application/json" };
  const answer = await fetch(location.pathname, { method: "POST", headers, body: JSON.stringify({ name, size, type }) });
  const body = await answer.json();
  if (!answer.ok) throw body.error;
  return body;
}

/** Sends it, and shows how far it is. */
const put = (file, { url, headers }, bar) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded }) => { bar.value = loaded; };
    request.onload = () => (request.status === 200 ? resolve() : reject("failed"));
    request.onerror = request.ontimeout = request.onabort = () => reject("failed");
    request.send(file);
  });

async function send({ file, bar, say }) {
  try {
    say("sending");
    await put(file, await permit(file), bar);
    say("sent", "sent");
    return true;
  } catch (why) {
    say(typeof why === "string" ? why : "failed", "bad");
    return false;
  }
}

function tell(word, kind = "") {
  result.textContent = words[word];
  result.className = kind;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = [...input.files];
  if (files.length === 0) {
    tell("nothing", "bad");
    input.focus();
    return;
  }
  button.disabled = true;
  outcomes.replaceChildren();
  tell("sending");
  let failed = 0;
  for (const one of files.map(entry)) failed += (await send(one)) ? 0 : 1;
  if (failed) tell("some-not-sent", "bad");
  else tell("all-sent");
  form.reset();
  button.disabled = false;
});
