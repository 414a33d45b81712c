"use strict";
// While something is under way, how it stands is fetched anew every two seconds and put in its place. A page that has moved on is
// followed.
const timer = setInterval(async () => {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { "x-refresh": "1" } }).catch(() => null);
  if (answer?.status === 401) location.reload();
  if (!answer?.ok) return;
  if (answer.redirected) {
    clearInterval(timer);
    location.replace(answer.url);
    return;
  }
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["standing", "rest"]) {
    const [before, after] = [document.getElementById(id), fresh.getElementById(id)];
    if (after && before.innerHTML !== after.innerHTML) before.innerHTML = after.innerHTML;
  }
  if (!fresh.querySelector("[data-watch]")) clearInterval(timer);
}, 2000);
