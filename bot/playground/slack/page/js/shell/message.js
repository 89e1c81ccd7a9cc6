// One message: who, when, its text or blocks, files, replies.

import { revisionOf } from "../forms.js";
import { isStirred, messageSurface } from "../interact.js";
import { blockList } from "../kit/blocks.js";
import { remember } from "../memory.js";
import { openThread } from "../navigation.js";
import { state, update } from "../store.js";
import { clockTime, dayTitle, formatDate, fullMoment, momentOf } from "../text/dates.js";
import { emojiNode } from "../text/emoji.js";
import { linkNode, safeUrl } from "../text/link.js";
import { bareText, mrkdwn } from "../text/mrkdwn.js";
import { repliesTo } from "../unread.js";
import { h, lazy } from "../vdom.js";
import { icon } from "./icons.js";
import { authorAvatar, authorName } from "./people.js";

const GROUPED_WITHIN = 5 * 60;

/** The messages with day titles between them; `inThread` leaves out the reply links. */
export function messageList(channel, messages, inThread = false) {
  return messages.flatMap((message, i) => [
    !inThread && isNewDay(messages[i - 1], message) && dayLine(message),
    messageArticle(channel, message, { grouped: isGrouped(messages[i - 1], message), inThread }),
  ]);
}

/** One message as an article, drawn again only when something in it changed. */
export function messageArticle(channel, message, { grouped = false, inThread = false }) {
  const surface = messageSurface(channel, message);
  const answers = inThread ? [] : repliesTo(channel, message.ts);
  const deps = [
    message,
    grouped,
    inThread,
    `${answers.length} ${answers.at(-1)?.ts}`,
    revisionOf(surface.key),
    isStirred(surface) ? {} : null,
    state.highlighted === message.ts,
    state.snap.names,
  ];
  return lazy(message.ts, deps, () => article(surface, message, { grouped, inThread, answers }));
}

function article(surface, message, { grouped, inThread, answers }) {
  const when = momentOf(message.ts);
  const { channel } = surface;
  return h(
    "article",
    {
      class: articleLook(message, grouped),
      role: "article",
      tabindex: "-1",
      "data-ts": message.ts,
      "data-channel": channel,
      "aria-label": `${authorName(message)} at ${clockTime(when)}: ${bareText(message.text).slice(0, 120)}`,
    },
    h("div", { class: "message-side" }, grouped ? sideTime(when) : authorAvatar(message)),
    h(
      "div",
      { class: "message-main" },
      message.ephemeral && onlyYou(message),
      !grouped && byline(message, when),
      content(surface, message),
      (message.files || []).map(fileCard),
      reactions(message),
      message.error && h("p", { class: "failure", role: "alert" }, icon("warning"), message.error),
      replies(channel, message, answers),
    ),
    !inThread && !message.ephemeral && tools(channel, message),
  );
}

function articleLook(message, grouped) {
  const marked = state.highlighted === message.ts;
  const looks = ["message", grouped && "grouped", message.ephemeral && "ephemeral", marked && "highlighted"];
  return looks.filter(Boolean).join(" ");
}

function sideTime(when) {
  return h("time", { class: "side-time", title: fullMoment(when) }, clockTime(when));
}

function content(surface, message) {
  const edited = message.edited && h("span", { class: "edited", title: "Edited" }, "(edited)");
  if (message.blocks?.length) return blockList(surface);
  if (!message.text) return null;
  return h("div", { class: "text" }, mrkdwn(message.text), edited && [" ", edited]);
}

function byline(message, when) {
  return h(
    "div",
    { class: "byline" },
    h("span", { class: "author", dir: "auto" }, authorName(message)),
    message.bot_id && h("span", { class: "badge" }, "APP"),
    h("time", { title: fullMoment(when) }, clockTime(when)),
  );
}

function onlyYou(message) {
  return h(
    "div",
    { class: "only-you" },
    icon("eye"),
    h("span", {}, "Only visible to you"),
    h("button", { type: "button", class: "text-button", onClick: () => dismiss(message.ts) }, "Dismiss"),
  );
}

function dismiss(ts) {
  update((now) => now.dismissed.add(ts));
  remember("dismissed", JSON.stringify([...state.dismissed]), "session");
}

function reactions(message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) =>
      h("span", { class: "reaction", key: reaction.name }, emojiNode(reaction.name), ` ${reaction.count}`),
    ),
  );
}

function fileCard(file) {
  const url = file.url || file.url_private;
  const href = url && new URL(url, location.href).href;
  const words = h(
    "span",
    { class: "file-words" },
    h("strong", { dir: "auto" }, file.name || file.title),
    h("small", {}, [fileKind(file), fileSize(file.size)].filter(Boolean).join(" · ")),
  );
  const row = [h("span", { class: "file-icon" }, icon("file")), words];
  return h(
    "div",
    { class: "file-card", key: file.id, "data-file": file.id },
    row,
    safeUrl(href) && linkNode(href, "Open", h("span", { class: "unseen" }, ` ${file.name}`)),
  );
}

function fileKind(file) {
  return (file.filetype || file.name?.split(".").pop() || file.mimetype || "").toUpperCase();
}

function fileSize(bytes) {
  if (!bytes) return "";
  return bytes < 1024
    ? `${bytes} B`
    : bytes < 1048576
      ? `${Math.round(bytes / 1024)} kB`
      : `${(bytes / 1048576).toFixed(1)} MB`;
}

function replies(channel, message, all) {
  const last = all.at(-1);
  if (!last) return null;
  return h(
    "button",
    { type: "button", class: "replies", onClick: () => openThread(channel, message.ts) },
    [...new Map(all.map((reply) => [reply.bot_id || reply.user, reply])).values()]
      .slice(0, 3)
      .map(authorAvatar),
    h("span", { class: "replies-count" }, all.length === 1 ? "1 reply" : `${all.length} replies`),
    h("span", { class: "muted" }, `Last reply ${formatDate(last.ts, "{date_short_pretty} at {time}")}`),
  );
}

function tools(channel, message) {
  return h(
    "div",
    { class: "message-tools" },
    h(
      "button",
      {
        type: "button",
        "aria-label": "Reply in thread",
        title: "Reply in thread",
        onClick: () => openThread(channel, message.ts),
      },
      icon("reply"),
    ),
  );
}

function dayLine(message) {
  const title = dayTitle(momentOf(message.ts));
  return h(
    "div",
    { class: "day", key: `day-${message.ts}`, role: "separator", "aria-label": title },
    h("span", {}, title),
  );
}

function isNewDay(before, message) {
  return !before || momentOf(before.ts).toDateString() !== momentOf(message.ts).toDateString();
}

function isGrouped(before, message) {
  if (!before || message.ephemeral || before.ephemeral || message.blocks?.length || isNewDay(before, message))
    return false;
  const same = (before.bot_id || before.user) === (message.bot_id || message.user);
  return same && Number(message.ts) - Number(before.ts) < GROUPED_WITHIN;
}
