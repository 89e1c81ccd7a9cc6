// The stream of snapshots; a broken one is opened again until it holds.

import { FIRST_USER, state, update } from "./store.js";
import { forgetClosedForms } from "./forms.js";
import { settleSnapshot } from "./snapshots.js";
import { settlePlace } from "./navigation.js";

let source = null;
let retry = null;
let attempts = 0;

/** Opens the stream for the current person, replacing an earlier one. */
export function connect() {
  clearTimeout(retry);
  source?.close();
  source = new EventSource(`page/events?user=${encodeURIComponent(state.user)}`);
  source.onmessage = (event) => receive(JSON.parse(event.data));
  source.onerror = reconnectLater;
}

function receive(snap) {
  attempts = 0;
  update((now) => {
    now.snap = settleSnapshot(snap, now.snap);
    now.online = true;
    if (!snap.notice) now.dismissedNotice = null;
  });
  forgetClosedForms(snap);
  settlePlace();
}

function reconnectLater() {
  // A closed stream was refused: an address may name somebody this workspace doesn't know.
  const refused = source.readyState === EventSource.CLOSED && state.snap?.me.id !== state.user;
  source.close();
  update(refused ? { online: false, user: FIRST_USER } : { online: false });
  attempts += 1;
  retry = setTimeout(connect, Math.min(500 * attempts, 3000));
}
