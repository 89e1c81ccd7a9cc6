// What the page knows: the last snapshot and what this browser alone remembers.

import { recall } from "./memory.js";

const listeners = [];
let scheduled = false;

/** Who acts when the address names nobody, or somebody unknown. */
export const FIRST_USER = "UADMIN";

/** The page's whole state; change it through `update`. */
export const state = {
  snap: null,
  user: new URLSearchParams(location.search).get("user") || FIRST_USER,
  online: true,
  place: placeFromHash(),
  thread: null,
  menu: null,
  confirm: null,
  drawer: false,
  pane: "slack",
  crmOpen: recall("crm") !== "closed",
  crmWidth: Number(recall("crm-width")) || 420,
  hintOpen: recall("hint") !== "closed",
  addingApplicant: null,
  notice: null,
  dismissedNotice: null,
  dismissed: new Set(JSON.parse(recall("dismissed", "session") || "[]")),
  drafts: new Map(),
  busy: new Set(),
  failures: new Map(),
  below: new Map(),
  highlighted: null,
};

/** Applies `change` (an object to merge, or a function on the state) and draws soon after. */
export function update(change) {
  if (typeof change === "function") change(state);
  else Object.assign(state, change);
  if (scheduled) return;
  scheduled = true;
  queueMicrotask(() => {
    scheduled = false;
    for (const listener of listeners) listener();
  });
}

/** Calls `listener` after each batch of updates. */
export function onUpdate(listener) {
  listeners.push(listener);
}

/** Reads the place from the address: `#/CHANNEL`, `#/app/home` or `#/app/messages`. */
export function placeFromHash() {
  const [, kind, tab] = location.hash.split("/");
  if (kind === "app") return { kind: "app", tab: tab === "messages" ? "messages" : "home" };
  return { kind: "channel", id: kind || null };
}

/** The user with `id` as the snapshot tells, or undefined. */
export function userById(id) {
  return state.snap?.users.find((user) => user.id === id);
}

/** The channel with `id` as the snapshot tells, or undefined. */
export function channelById(id) {
  return state.snap?.channels.find((channel) => channel.id === id);
}

/** The conversation between this person and the app, or undefined. */
export function appConversation() {
  return state.snap?.channels.find((channel) => channel.is_im);
}

/** The id of the conversation on screen, or null on the app's Home. */
export function currentChannelId() {
  const { place } = state;
  if (place.kind === "channel") return place.id;
  return place.tab === "messages" ? (appConversation()?.id ?? null) : null;
}
