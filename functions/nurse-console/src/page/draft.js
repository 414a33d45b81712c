// What is being written stays in this tab until it has been sent; after that nothing of it is left on the machine.
const sent = new URLSearchParams(location.search).get("sent");
if (sent) {
  const places = Object.keys(sessionStorage).filter((place) => place.startsWith(`${location.pathname}/${sent} `));
  for (const place of places) sessionStorage.removeItem(place);
  history.replaceState(null, "", location.pathname);
}
for (const form of document.querySelectorAll("form[data-draft]")) {
  const text = form.querySelector("textarea");
  const place = `${new URL(form.action).pathname} ${form.dataset.draft}`;
  text.value = sessionStorage.getItem(place) ?? text.value;
  text.addEventListener("input", () => sessionStorage.setItem(place, text.value));
}

// A template goes where the cursor is.
for (const button of document.querySelectorAll("button[data-insert]")) {
  button.addEventListener("click", () => {
    const text = document.getElementById(button.dataset.insert);
    text.setRangeText(button.parentElement.querySelector(".words").textContent, text.selectionStart, text.selectionEnd, "end");
    text.dispatchEvent(new Event("input"));
    text.focus();
  });
}

// No form goes twice.
for (const form of document.forms) {
  form.addEventListener("submit", () => { for (const button of form.querySelectorAll("button")) button.disabled = true; });
}
addEventListener("pageshow", () => { for (const button of document.querySelectorAll("button")) button.disabled = false; });
