// The rich_text block: sections, lists, quotes and preformatted parts.

import { formatDate } from "../text/dates.js";
import { emojiNode } from "../text/emoji.js";
import { broadcastMention, channelMention, linkNode, userMention } from "../text/link.js";
import { h } from "../vdom.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };
const INLINE = {
  text: (part) => part.text,
  link: (part) => linkNode(part.url, part.text || part.url),
  emoji: (part) => emojiNode(part.name),
  user: (part) => userMention(part.user_id),
  channel: (part) => channelMention(part.channel_id),
  usergroup: (part) => h("span", { class: "mention" }, `@${part.usergroup_id}`),
  broadcast: (part) => broadcastMention(part.range),
  date: (part) => h("time", { title: part.fallback }, formatDate(part.timestamp, part.format)),
  color: (part) => h("code", {}, part.value),
};
const PARTS = {
  rich_text_section: (part) => h("div", { class: "para", dir: "auto" }, inlineParts(part.elements)),
  rich_text_quote: (part) => h("blockquote", { dir: "auto" }, inlineParts(part.elements)),
  rich_text_preformatted: (part) => h("pre", { dir: "auto" }, inlineParts(part.elements)),
  rich_text_list: (part) => list(part),
};

/** A rich_text block or the content of a rich_text cell. */
export function richText(block) {
  return h(
    "div",
    { class: "rich-text" },
    (block.elements || []).map((part) => PARTS[part.type]?.(part)),
  );
}

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const start = part.offset ? part.offset + 1 : null;
  const items = part.elements.map((item) => h("li", { dir: "auto" }, inlineParts(item.elements)));
  return h(tag, { class: `indent-${Math.min(part.indent || 0, 8)}`, start }, items);
}

function inlineParts(parts = []) {
  return parts.map((part) => styled(INLINE[part.type]?.(part), part.style));
}

function styled(node, style = {}) {
  return Object.entries(STYLE_TAGS).reduce(
    (inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner),
    node,
  );
}
