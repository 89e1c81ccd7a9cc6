// Where this person is: conversation, thread, app tab; kept in the address.

import { post } from "./api.js";
import { channelById, placeFromHash, state, update } from "./store.js";

/** Goes to a conversation; the app's own is shown as its Messages tab. */
export function openChannel(id) {
  const channel = channelById(id);
  if (channel?.is_im) moveTo({ kind: "app", tab: "messages" });
  else moveTo({ kind: "channel", id });
}

/** Goes to a tab of the app; opening Home tells the app so. */
export function openApp(tab) {
  moveTo({ kind: "app", tab });
}

function moveTo(place) {
  update({ place, thread: null, drawer: false, pane: "slack", menu: null });
  const hash = place.kind === "app" ? `#/app/${place.tab}` : `#/${place.id}`;
  if (location.hash !== hash) history.pushState(null, "", hash);
  announceHome();
}

/** Tells the app that its Home is looked at, when it is. */
export function announceHome() {
  if (state.place.kind === "app" && state.place.tab === "home") post("home");
}

/** Opens the thread of a message beside its channel. */
export function openThread(channel, ts) {
  update({ thread: { channel, ts }, menu: null });
}

/** Closes the thread. */
export function closeThread() {
  update({ thread: null });
}

/** Goes to one message and marks it for a moment. */
export function openMessage(channel, ts, threadTs) {
  openChannel(channel);
  if (threadTs && threadTs !== ts) openThread(channel, threadTs);
  update({ highlighted: ts });
  setTimeout(() => update({ highlighted: null }), 2500);
}

/** Chooses a place that this person can see when the present one is not. */
export function settlePlace() {
  const { place, snap } = state;
  if (place.kind === "channel" && channelById(place.id)) return;
  if (place.kind === "app") return;
  const first = snap.channels.find((channel) => !channel.is_im);
  update({ place: first ? { kind: "channel", id: first.id } : { kind: "app", tab: "home" } });
}

/** Follows the browser's back and forward buttons. */
export function followAddress(onUserChange) {
  window.addEventListener("popstate", () => {
    const user = new URLSearchParams(location.search).get("user") || state.user;
    update({ place: placeFromHash(), thread: null });
    if (user !== state.user) onUserChange(user);
    else if (state.snap) settlePlace();
  });
}
