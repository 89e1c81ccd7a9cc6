// The markdown block: the common Markdown that Slack draws.

import { emojiFor, emojiNode } from "../text/emoji.js";
import { linkNode } from "../text/link.js";
import { h } from "../vdom.js";

const INLINE = [
  [/^`([^`\n]+)`/, (m) => h("code", {}, m[1])],
  [/^\[([^\]\n]*)\]\(([^)\s]+)\)/, (m) => linkNode(m[2], ...inline(m[1]))],
  [/^(\*\*|__)(?=\S)(.+?\S|\S)\1/, (m) => h("strong", {}, inline(m[2]))],
  [/^~~(?=\S)(.+?)~~/, (m) => h("s", {}, inline(m[1]))],
  [/^([*_])(?=\S)([^*_\n]*\S)\1(?![\p{L}\p{N}])/u, (m) => h("em", {}, inline(m[2]))],
  [/^https?:\/\/[^\s<>)]+/, (m) => linkNode(m[0])],
  [/^:([a-z0-9_+'-]+):/, (m) => (emojiFor(m[1]) ? emojiNode(m[1]) : null)],
];
const BLOCKS = [
  [/^```[^\n]*\n([\s\S]*?)\n?```(?:\n|$)/, (m) => h("pre", { dir: "auto" }, m[1])],
  [
    /^(#{1,6}) +(.+?)(?:\n|$)/,
    (m) => h(`h${Math.min(m[1].length + 2, 6)}`, { class: "md-heading", dir: "auto" }, inline(m[2])),
  ],
  [/^(?:-{3,}|\*{3,})(?:\n|$)/, () => h("hr", { class: "divider" })],
  [/^(?:>[^\n]*(?:\n|$))+/, (m) => h("blockquote", { dir: "auto" }, lines(m[0].replace(/^> ?/gm, "")))],
  [/^(?: *[-*+] [^\n]+(?:\n|$))+/, (m) => list("ul", m[0])],
  [/^(?: *\d+[.)] [^\n]+(?:\n|$))+/, (m) => list("ol", m[0])],
  [/^\|[^\n]+\|\n\|[-:| ]+\|(?:\n\|[^\n]+\|)*(?:\n|$)/, (m) => table(m[0])],
  [/^\n+/, () => null],
  [
    /^[^\n]+(?:\n(?![#>|\n-]|```|\d+[.)] )[^\n]+)*\n?/,
    (m) => h("p", { class: "para", dir: "auto" }, lines(m[0])),
  ],
];

/** Nodes for Markdown text. */
export function markdown(text) {
  return consume(text.replace(/\r\n/g, "\n"), BLOCKS, (rest) => rest.slice(0, 1));
}

function inline(text) {
  return consume(text, INLINE, (rest) =>
    /^(?:\\.|[\p{L}\p{N}]+|[\s\S])/u.exec(rest)[0].replace(/^\\(.)/, "$1"),
  );
}

function consume(text, rules, literal) {
  const nodes = [];
  let rest = text;
  while (rest) {
    const [length, node] = firstMatch(rest, rules) || literalStep(rest, literal);
    nodes.push(node);
    rest = rest.slice(length);
  }
  return nodes;
}

function firstMatch(rest, rules) {
  for (const [pattern, build] of rules) {
    const match = pattern.exec(rest);
    if (!match) continue;
    const node = build(match);
    if (node !== null || match[0].startsWith("\n")) return [match[0].length, node];
  }
  return null;
}

function literalStep(rest, literal) {
  const shown = literal(rest);
  return [rest.startsWith("\\") && shown.length === 1 && rest.length > 1 ? 2 : shown.length, shown];
}

function lines(text) {
  return text
    .trimEnd()
    .split("\n")
    .flatMap((line, i) => [i > 0 && h("br"), inline(line)]);
}

function list(tag, text) {
  const items = text
    .trimEnd()
    .split("\n")
    .map((line) => /^( *)(?:[-*+]|\d+[.)]) (.*)$/.exec(line));
  return h(
    tag,
    {},
    items.map((m) =>
      h("li", { class: `indent-${Math.min(m[1].length >> 1, 8)}`, dir: "auto" }, inline(m[2])),
    ),
  );
}

function table(text) {
  const [head, , ...rows] = text
    .trim()
    .split("\n")
    .map((row) => row.replace(/^\||\|$/g, "").split("|"));
  const cells = (row, tag) =>
    h(
      "tr",
      {},
      row.map((cell) => h(tag, { dir: "auto" }, inline(cell.trim()))),
    );
  return h(
    "div",
    { class: "table-wrap" },
    h(
      "table",
      {},
      h("thead", {}, cells(head, "th")),
      h(
        "tbody",
        {},
        rows.map((row) => cells(row, "td")),
      ),
    ),
  );
}
