// The clock of business time: shown in Japan's time, set, and moved.
import { attempt, inJapan, localNow, moment, onTick, post, readClock } from "./local.js";

const byId = (id) => document.getElementById(id);
const HOUR = 3600_000;

/** An instant as Japan writes it: `2027-01-31T09:00:00`. */
function japanese(instant) {
  const at = inJapan(instant);
  return `${at.year}-${at.month}-${at.day}T${at.hour}:${at.minute}:${at.second}`;
}

const PLACES = {
  /** The next 9:00 in Japan, also when it is 9:00 sharp. */
  nine(now) {
    const today = new Date(`${japanese(now).slice(0, 10)}T09:00:00+09:00`);
    return today > now ? today : new Date(today.getTime() + 24 * HOUR);
  },
  month(now) {
    const [year, month] = japanese(now).split("-").map(Number);
    const next = month === 12 ? `${year + 1}-01` : `${year}-${String(month + 1).padStart(2, "0")}`;
    return new Date(`${next}-01T00:00:00+09:00`);
  },
  real: () => new Date(),
};

async function move(change) {
  const buttons = document.querySelectorAll("main button");
  for (const button of buttons) button.disabled = true;
  byId("done").textContent = "時計を動かしています…";
  const moved = await attempt(async () => {
    await post("/local/clock", change);
    await readClock();
    return true;
  });
  byId("done").textContent = moved ? `${moment(localNow())} になりました。` : "";
  for (const button of buttons) button.disabled = false;
  if (moved) byId("moment").value = japanese(localNow());
}

const setTo = (instant) => move({ now: `${japanese(instant)}+09:00` });

document.querySelector("[role=group]").addEventListener("click", ({ target }) => {
  const now = localNow();
  if (target.dataset.advance) move({ advance: target.dataset.advance });
  else if (target.dataset.to && now) setTo(PLACES[target.dataset.to](now));
});
byId("set").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = byId("moment").value;
  move({ now: `${typed.length === 16 ? `${typed}:00` : typed}+09:00` });
});

onTick((now) => {
  byId("clock").textContent = moment(now);
  if (!byId("moment").value) byId("moment").value = japanese(now);
  const hours = Math.round((now.getTime() - Date.now()) / HOUR);
  const days = Math.trunc(hours / 24);
  const span = days === 0 ? `${Math.abs(hours)}時間` : `${Math.abs(days)}日`;
  byId("drift").textContent = hours === 0 ? "実際の時刻とほぼ同じです。" : `実際の時刻より約${span}${hours > 0 ? "進んで" : "遅れて"}います。`;
});
