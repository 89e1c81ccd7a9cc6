// Slack's mrkdwn within one line: formatting, links, mentions, emoji.

import { h } from "../vdom.js";
import { formatDate } from "./dates.js";
import { emojiFor, emojiNode } from "./emoji.js";
import { broadcastMention, channelMention, linkNode, userMention } from "./link.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const CONTROL = /<([^<>\n]+)>/y;
const MEANINGFUL = /^(?:[@#!]|https?:|mailto:|tel:)/i;
const CODE = /`([^`\n]+)`/y;
const EMOJI = /:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/y;
const WEB = /https?:\/\/[^\s<>|*`]+/y;
const MAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/y;
const WORD = /[\p{L}\p{N}_]/u;

/** Undoes Slack's three escapes, once. */
export function decode(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">" })[name]);
}

/** Nodes for one line of mrkdwn; `verbatim` leaves bare addresses alone. */
export function inline(text, verbatim = false) {
  const nodes = [];
  let plain = "";
  let at = 0;
  const flush = () => {
    if (plain) nodes.push(decode(plain));
    plain = "";
  };
  while (at < text.length) {
    const found =
      control(text, at) ||
      code(text, at) ||
      styled(text, at, verbatim) ||
      emoji(text, at) ||
      (!verbatim && bareAddress(text, at));
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function matchAt(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function control(text, at) {
  const match = text[at] === "<" && matchAt(CONTROL, text, at);
  if (!match || !MEANINGFUL.test(match[1])) return null;
  return { node: controlNode(match[1]), end: at + match[0].length };
}

function controlNode(body) {
  const [target, ...rest] = body.split("|");
  const label = rest.join("|");
  if (target.startsWith("@")) return userMention(target.slice(1), decode(label));
  if (target.startsWith("#")) return channelMention(target.slice(1), decode(label));
  if (target.startsWith("!")) return special(target.slice(1), label);
  const url = decode(target);
  return linkNode(url, ...(label ? inline(label, true) : [url.replace(/^mailto:|^tel:/, "")]));
}

function special(target, label) {
  const [name, ...parts] = target.split("^");
  if (["channel", "here", "everyone"].includes(name)) return broadcastMention(name);
  if (name === "subteam") return h("span", { class: "mention" }, decode(label) || `@${parts[0]}`);
  if (name === "date" && parts.length > 1) return dateNode(parts, label);
  return decode(label) || `<${name}>`;
}

function dateNode([seconds, template, link], label) {
  const shown = Number.isFinite(Number(seconds)) ? formatDate(seconds, decode(template)) : decode(label);
  const time = h("time", { title: decode(label) }, shown);
  return link ? linkNode(decode(link), time) : time;
}

function code(text, at) {
  const match = text[at] === "`" && matchAt(CODE, text, at);
  if (!match) return null;
  const shown = match[1].replace(/<([^<>|]+)(?:\|([^<>]+))?>/g, (_, target, label) => label || target);
  return { node: h("code", {}, decode(shown)), end: at + match[0].length };
}

function emoji(text, at) {
  const match = text[at] === ":" && matchAt(EMOJI, text, at);
  if (!match || !emojiFor(match[1])) return null;
  return { node: emojiNode(match[1]), end: at + match[0].length };
}

function bareAddress(text, at) {
  if (at > 0 && WORD.test(text[at - 1])) return null;
  const web = matchAt(WEB, text, at);
  if (web) {
    const shown = web[0].replace(/[.,;:!?)\]'"]+$/, "");
    return { node: linkNode(decode(shown)), end: at + shown.length };
  }
  const mail = matchAt(MAIL, text, at);
  return mail && { node: linkNode(`mailto:${mail[0]}`, mail[0]), end: at + mail[0].length };
}

function styled(text, at, verbatim) {
  const mark = text[at];
  if (!STYLES[mark] || !opens(text, at)) return null;
  const end = closing(text, at, mark);
  if (end < 0) return null;
  return { node: h(STYLES[mark], {}, inline(text.slice(at + 1, end), verbatim)), end: end + 1 };
}

function opens(text, at) {
  const before = text[at - 1];
  const after = text[at + 1];
  if (after === undefined || /\s/.test(after) || after === text[at]) return false;
  return before === undefined || (before !== text[at] && (!WORD.test(before) || before === "_"));
}

function closing(text, at, mark) {
  for (let i = at + 1; i < text.length && text[i] !== "\n"; i += 1) {
    const skip = control(text, i) || code(text, i);
    if (skip) i = skip.end - 1;
    else if (text[i] === mark && i > at + 1 && closes(text, i)) return i;
  }
  return -1;
}

function closes(text, at) {
  const after = text[at + 1];
  if (/\s/.test(text[at - 1]) || after === text[at]) return false;
  return after === undefined || !WORD.test(after) || after === "_";
}
