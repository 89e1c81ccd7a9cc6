// Conversations that stay at their end while someone reads there, and nowhere else.

import { state, update } from "./store.js";

const NEAR = 60;
const logs = new WeakMap();

/** Starts to follow a conversation from its end. */
export function follow(el, name, messages) {
  const log = { name, atEnd: true, last: messages.at(-1)?.ts };
  logs.set(el, log);
  toEnd(el);
  el.addEventListener("scroll", () => noticeScroll(el, log), { passive: true });
  const keep = new ResizeObserver(() => log.atEnd && toEnd(el));
  keep.observe(el);
  keep.observe(el.firstElementChild);
}

/** After new content: scrolls on where the reader was at the end, else counts what is below. */
export function keepPlace(el, messages) {
  const log = logs.get(el);
  const fresh = messages.filter((message) => message.ts > (log.last || ""));
  if (!fresh.length) return;
  log.last = messages.at(-1).ts;
  if (log.atEnd || fresh.some((message) => message.user === state.user && !message.ephemeral)) toEnd(el);
  else update((now) => now.below.set(log.name, (now.below.get(log.name) || 0) + fresh.length));
}

/** Scrolls the conversation called `name` to its end. */
export function jumpToEnd(name) {
  const el = document.querySelector(`[data-log="${CSS.escape(name)}"]`);
  if (el) toEnd(el);
  update((now) => now.below.delete(name));
}

function toEnd(el) {
  el.scrollTop = el.scrollHeight;
}

function noticeScroll(el, log) {
  log.atEnd = el.scrollHeight - el.scrollTop - el.clientHeight < NEAR;
  if (log.atEnd && state.below.has(log.name)) update((now) => now.below.delete(log.name));
}
