// A conversation: title, messages, composer; and a thread beside it.

import { closeThread } from "../navigation.js";
import { follow, jumpToEnd, keepPlace } from "../scroll.js";
import { channelById, state } from "../store.js";
import { repliesTo, topLevel } from "../unread.js";
import { h } from "../vdom.js";
import { composer } from "./composer.js";
import { hintPanel } from "./hint.js";
import { icon, iconButton } from "./icons.js";
import { messageArticle, messageList } from "./message.js";

/** The messages of a conversation with the composer below. */
export function conversation(channel) {
  const name = channel.is_im ? channel.name : `#${channel.name}`;
  const messages = topLevel(channel.id);
  return h(
    "div",
    { class: "conversation", key: `${state.user}|${channel.id}` },
    log(channel.id, `Messages in ${name}`, messages, messageList(channel.id, messages), emptyText(channel)),
    composer(channel.id, `Message ${name}`),
  );
}

/** A channel with its title. */
export function channelPane(channel, menuButton) {
  return h(
    "main",
    { class: "main", "data-channel": channel.id },
    h(
      "header",
      { class: "pane-head" },
      menuButton,
      h("h1", { class: "pane-title" }, h("span", { class: "hash", "aria-hidden": true }, "#"), channel.name),
    ),
    hintPanel(),
    conversation(channel),
  );
}

/** The thread that is open, or nothing. */
export function threadPane() {
  if (!state.thread) return null;
  const { channel: id, ts } = state.thread;
  const channel = channelById(id);
  const root = (state.snap.messages[id] || []).find((message) => message.ts === ts);
  if (!channel || !root) return null;
  const replies = repliesTo(id, ts);
  const content = [
    messageArticle(id, root, { inThread: true }),
    replies.length > 0 &&
      h("div", { class: "thread-count" }, replies.length === 1 ? "1 reply" : `${replies.length} replies`),
    messageList(id, replies, true),
  ];
  return h(
    "aside",
    {
      class: "thread",
      role: "complementary",
      "aria-label": "Thread",
      key: `thread-${state.user}-${id}-${ts}`,
    },
    h(
      "header",
      { class: "pane-head" },
      h("h2", { class: "pane-title" }, "Thread"),
      h("span", { class: "muted" }, channel.is_im ? channel.name : `#${channel.name}`),
      iconButton("close", "Close thread", closeThread, "push"),
    ),
    log(`${id}-${ts}`, "Messages in thread", replies, content),
    composer(id, "Reply…", ts),
  );
}

function log(name, label, messages, content, empty) {
  const below = state.below.get(name);
  return h(
    "div",
    { class: "log-frame" },
    h(
      "div",
      {
        class: "log",
        role: "log",
        "aria-label": label,
        tabindex: "0",
        "data-log": name,
        onMount: (el) => follow(el, name, messages),
        onPatch: (el) => keepPlace(el, messages),
      },
      h(
        "div",
        { class: "log-content" },
        !messages.length && empty && h("p", { class: "empty" }, empty),
        content,
      ),
    ),
    below &&
      h(
        "button",
        { type: "button", class: "pill", onClick: () => jumpToEnd(name) },
        icon("down"),
        below === 1 ? "1 new message" : `${below} new messages`,
      ),
  );
}

function emptyText(channel) {
  if (channel.is_im) return "Nothing here yet.";
  return state.snap.can_add_applicant
    ? "No applicants yet. Press “New applicant” above, or wait: the first one is on the way."
    : "Nothing here yet.";
}
