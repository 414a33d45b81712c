const thread = document.getElementById("thread");
const { path } = thread.dataset;

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
