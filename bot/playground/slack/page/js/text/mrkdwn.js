// Text objects: mrkdwn with its quotes and preformatted parts, and plain text.

import { h } from "../vdom.js";
import { withEmoji } from "./emoji.js";
import { decode, inline } from "./inline.js";

const QUOTE = /^(?:>|&gt;) ?/;
const LONG_QUOTE = /^(?:>>>|&gt;&gt;&gt;) ?/;

/** Nodes for a block of mrkdwn. */
export function mrkdwn(text, verbatim = false) {
  return text.split(/```/).flatMap((part, index, parts) => {
    const closed = index % 2 === 1 && index < parts.length - 1;
    if (closed) return [h("pre", { dir: "auto" }, decode(part.replace(/^\n/, "")))];
    const raw = index % 2 === 1 ? `\`\`\`${part}` : part;
    return paragraphs(trimAround(raw, index, parts.length), verbatim);
  });
}

// A preformatted part is a block of its own: the line breaks that touch it are not drawn.
function trimAround(text, index, count) {
  let trimmed = text;
  if (index > 0) trimmed = trimmed.replace(/^\n/, "");
  if (index < count - 1) trimmed = trimmed.replace(/\n$/, "");
  return trimmed;
}

function paragraphs(text, verbatim) {
  if (!text) return [];
  const groups = [];
  let endless = false;
  for (const line of text.split("\n")) {
    endless ||= LONG_QUOTE.test(line);
    const quoted = endless || QUOTE.test(line);
    const shown = quoted ? line.replace(LONG_QUOTE.test(line) ? LONG_QUOTE : QUOTE, "") : line;
    const last = groups.at(-1);
    if (last && last.quoted === quoted) last.lines.push(shown);
    else groups.push({ quoted, lines: [shown] });
  }
  return groups.map(({ quoted, lines }) => {
    const content = lines.flatMap((line, i) => [i > 0 && h("br"), inline(line, verbatim)]);
    return quoted
      ? h("blockquote", { dir: "auto" }, content)
      : h("span", { class: "para", dir: "auto" }, content);
  });
}

/** Nodes for a Slack text object of either type; nothing for a missing one. */
export function textNodes(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text || "", object.verbatim);
  return object.emoji === false ? [object.text] : withEmoji(object.text || "");
}

/** A text object as bare words, for accessible names. */
export function bareText(object) {
  const text = (typeof object === "string" ? object : object?.text) || "";
  const unlinked = text.replace(/<([^<>|]+)\|([^<>]+)>/g, "$2");
  return decode(unlinked)
    .replace(/:[a-z0-9_+'-]+:|[*`]/g, "")
    .replace(/\s+/g, " ")
    .trim();
}
