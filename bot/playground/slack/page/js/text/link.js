// Links and mentions; only web, mail and phone addresses become links.

import { openChannel, openMessage } from "../navigation.js";
import { channelById, state, userById } from "../store.js";
import { h } from "../vdom.js";

const PERMALINK = /\/archives\/([A-Z0-9]+)\/p(\d{10})(\d{6})/;

/** The address if it is one a page may link to, else null. */
export function safeUrl(url) {
  return /^(https?:|mailto:|tel:)/i.test(url || "") ? url : null;
}

/** A link that opens a new tab; one to a message of this workspace opens in place. */
export function linkNode(url, ...label) {
  const href = safeUrl(url);
  const content = label.length ? label : [url];
  if (!href) return h("span", { dir: "auto" }, content);
  return h(
    "a",
    { href, target: "_blank", rel: "noopener noreferrer", onClick: (event) => followPermalink(event, href) },
    content,
  );
}

function followPermalink(event, href) {
  const match = PERMALINK.exec(href);
  if (!match || !channelById(match[1])) return;
  event.preventDefault();
  openMessage(match[1], `${match[2]}.${match[3]}`, new URL(href).searchParams.get("thread_ts"));
}

/** The name of a person, as a mention. */
export function userMention(id, fallback) {
  const mine = id === state.user;
  return h(
    "span",
    { class: mine ? "mention mention-me" : "mention", dir: "auto" },
    `@${userById(id)?.name || fallback || id}`,
  );
}

/** The name of a channel, which opens it where this person is in it. */
export function channelMention(id, fallback) {
  const name = channelById(id)?.name || fallback || "private-channel";
  if (!channelById(id)) return h("span", { class: "mention" }, `#${name}`);
  return h("button", { class: "mention", type: "button", onClick: () => openChannel(id) }, `#${name}`);
}

/** A ping of many: channel, here or everyone. */
export function broadcastMention(range) {
  return h("span", { class: "mention mention-me" }, `@${range}`);
}
