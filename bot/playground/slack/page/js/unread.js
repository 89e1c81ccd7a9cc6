// What this browser has shown of each conversation, per person.

import { currentChannelId, state } from "./store.js";

const seen = new Map();

/** Top-level messages of a channel in order, without those this person dismissed. */
export function topLevel(channel) {
  const all = state.snap.messages[channel] || [];
  return all.filter((message) => isTopLevel(message) && !state.dismissed.has(message.ts));
}

/** A thread's replies in order. */
export function repliesTo(channel, ts) {
  const all = state.snap.messages[channel] || [];
  return all.filter((message) => message.thread_ts === ts && message.ts !== ts && !state.dismissed.has(message.ts));
}

/** Marks what is on screen as read. */
export function markShown() {
  const channel = currentChannelId();
  if (channel && !document.hidden && state.pane === "slack") seen.set(`${state.user}|${channel}`, newest(channel));
}

/** How many messages of others came since this person last saw the channel. */
export function unreadIn(channel) {
  const key = `${state.user}|${channel.id}`;
  if (!seen.has(key)) seen.set(key, channel.unread ? "" : newest(channel.id));
  if (channel.id === currentChannelId()) return 0;
  return topLevel(channel.id).filter((message) => message.ts > seen.get(key) && message.user !== state.user).length;
}

function newest(channel) {
  return topLevel(channel).at(-1)?.ts || "";
}

function isTopLevel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}
