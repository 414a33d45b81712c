// Every ten seconds the list is fetched anew and put in its place, unless somebody is just filling in the filter.
setInterval(async () => {
  if (document.hidden || document.activeElement?.closest("form.filter")) return;
  const answer = await fetch(location.href, { headers: { "x-refresh": "1" } }).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("list");
  const list = document.getElementById("list");
  if (fresh && fresh.innerHTML !== list.innerHTML && !list.contains(document.activeElement)) list.innerHTML = fresh.innerHTML;
}, 10000);
