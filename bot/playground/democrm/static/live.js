// Keeps a page current: asks for the revision, and when it has changed puts the new content in place without a jump.
const POLL_MS = 1000;
const FRESH_MS = 4000;
let shown = document.body.dataset.rev;

const steps = [[60, "second"], [60, "minute"], [24, "hour"], [7, "day"], [Infinity, "week"]];
const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

function ago(date) {
  let value = (date - Date.now()) / 1000;
  if (value > -10) return "just now";
  for (const [size, unit] of steps) {
    if (Math.abs(value) < size) return words.format(Math.round(value), unit);
    value /= size;
  }
}

function tellTimes() {
  for (const time of document.querySelectorAll("time")) {
    const text = ago(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }
}

function keys(root) {
  return new Set([...root.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
}

async function redraw() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  const content = document.getElementById("content");
  const before = keys(content);
  const focused = content.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  const scroll = window.scrollY;
  content.replaceChildren(...next.getElementById("content").childNodes);
  for (const row of content.querySelectorAll("[data-key]")) {
    if (before.has(row.dataset.key)) continue;
    row.classList.add("fresh");
    setTimeout(() => row.classList.remove("fresh"), FRESH_MS);
  }
  if (focused) content.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
  window.scrollTo({ top: scroll, behavior: "instant" });
  document.title = next.title;
  shown = next.body.dataset.rev;
  tellTimes();
}

async function look() {
  try {
    const { rev } = await (await fetch("/revision", { cache: "no-store" })).json();
    if (String(rev) !== shown) await redraw();
  } catch {
    // The server is away; the next look may find it back.
  }
  setTimeout(look, POLL_MS);
}

tellTimes();
setInterval(tellTimes, 15000);
setTimeout(look, POLL_MS);
