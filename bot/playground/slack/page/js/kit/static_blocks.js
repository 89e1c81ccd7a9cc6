// Blocks that only show: header, context, divider, image, table, alert.

import { icon } from "../shell/icons.js";
import { bareText, textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";
import { richText } from "./rich_text.js";

const ALERT_ICONS = { error: "warning", warning: "warning", success: "check" };

/** A header of level 1 to 4. */
export function headerBlock(block) {
  const level = Math.min(Math.max(block.level || 1, 1), 4);
  return h(`h${level + 2}`, { class: `block-header level-${level}`, dir: "auto" }, textNodes(block.text));
}

/** Small print: texts and images in a row. */
export function contextBlock(block) {
  return h(
    "div",
    { class: "context" },
    block.elements.map((element) =>
      element.type === "image"
        ? picture(element, "context-image")
        : h("span", { dir: "auto" }, textNodes(element)),
    ),
  );
}

/** A line between blocks. */
export function dividerBlock() {
  return h("hr", { class: "divider" });
}

/** A picture with its title. */
export function imageBlock(block) {
  return h(
    "figure",
    { class: "image-block" },
    block.title && h("figcaption", { dir: "auto" }, textNodes(block.title)),
    picture(block, "image-large"),
  );
}

/** The picture of an image element or block. */
export function picture(image, look) {
  const src = image.image_url || image.slack_file?.url || "";
  return h("img", { class: look, src, alt: image.alt_text || "", loading: "lazy" });
}

/** A table whose first row is its header. */
export function tableBlock(block) {
  const [head = [], ...rows] = block.rows || [];
  const settings = block.column_settings || [];
  const cell = (tag) => (content, i) =>
    h(tag, { class: cellLook(settings[i]), dir: "auto" }, cellContent(content));
  return h(
    "div",
    { class: "table-wrap" },
    h(
      "table",
      {},
      h("thead", {}, h("tr", {}, head.map(cell("th")))),
      h(
        "tbody",
        {},
        rows.map((row) => h("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}

function cellLook(setting) {
  return [`align-${setting?.align || "left"}`, setting?.is_wrapped ? "wrapped" : ""].join(" ").trim();
}

function cellContent(cell) {
  if (!cell) return "";
  return cell.type === "rich_text" ? richText(cell) : String(cell.text ?? cell.value ?? "");
}

/** A coloured sentence in a modal. */
export function alertBlock(block) {
  const level = block.level || "default";
  return h(
    "div",
    {
      class: `alert alert-${level}`,
      role: level === "error" ? "alert" : "note",
      "aria-label": bareText(block.text),
    },
    icon(ALERT_ICONS[level] || "info"),
    h("div", { dir: "auto" }, textNodes(block.text)),
  );
}
