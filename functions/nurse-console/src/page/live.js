const thread = document.getElementById("thread");
const { path } = thread.dataset;

// What is being written stays in this tab until it has been sent; after that nothing of it is left on the machine.
const sent = new URLSearchParams(location.search).get("sent");
if (sent) {
  sessionStorage.removeItem(`${path} ${sent}`);
  history.replaceState(null, "", path);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const text = form.querySelector("textarea");
  const place = `${path} ${form.dataset.draft}`;
  if (!text.value) text.value = sessionStorage.getItem(place) ?? "";
  text.addEventListener("input", () => sessionStorage.setItem(place, text.value));
}

// No form goes twice.
for (const form of document.forms) {
  form.addEventListener("submit", () => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
}
addEventListener("pageshow", () => { for (const button of document.querySelectorAll("button")) button.disabled = false; });

// Every three seconds the version is asked for; where it moved on, the thread is fetched and put in its place. What the nurse
// then sends is written against what is shown now.
setInterval(async () => {
  if (document.hidden) return;
  const said = await fetch(`${path}/version`).catch(() => null);
  if (!said?.ok || said.redirected) return;
  const { version } = await said.json();
  if (String(version) === thread.dataset.version) return;
  const answer = await fetch(path).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("thread");
  if (!fresh) return;
  thread.innerHTML = fresh.innerHTML;
  thread.dataset.version = fresh.dataset.version;
  for (const field of document.querySelectorAll("input[name=version]")) field.value = fresh.dataset.version;
  document.getElementById("new").hidden = false;
}, 3000);
