// Which messages of a conversation are on screen, and telling the workspace they were read.

import { post } from "./api.js";
import { channelById, currentChannelId, state } from "./store.js";

const threads = new WeakMap();
let told = "";

/** Top-level messages of a channel in order, without those this person dismissed. */
export function topLevel(channel) {
  const all = state.snap.messages[channel] || [];
  return all.filter((message) => isTopLevel(message) && !state.dismissed.has(message.ts));
}

/** A thread's replies in order. */
export function repliesTo(channel, ts) {
  const replies = threadsOf(state.snap.messages[channel] || []).get(ts) || [];
  return replies.filter((message) => !state.dismissed.has(message.ts));
}

function threadsOf(messages) {
  if (!threads.has(messages)) {
    const replies = messages.filter((message) => message.thread_ts && message.thread_ts !== message.ts);
    threads.set(
      messages,
      Map.groupBy(replies, (message) => message.thread_ts),
    );
  }
  return threads.get(messages);
}

/** Tells the workspace, once per message, that what is on screen was read. */
export function markShown() {
  const channel = channelById(currentChannelId());
  if (!channel?.unread || document.hidden || state.pane !== "slack") return;
  const mark = `${state.user}|${channel.id}|${topLevel(channel.id).at(-1)?.ts}`;
  if (mark === told || state.snap.me.id !== state.user) return;
  told = mark;
  post("read", { channel: channel.id });
}

/** How many messages of others came since this person last saw the channel. */
export function unreadIn(channel) {
  return channel.id === currentChannelId() && state.pane === "slack" ? 0 : channel.unread;
}

function isTopLevel(message) {
  return !message.thread_ts || message.thread_ts === message.ts || message.subtype === "thread_broadcast";
}
