// Every block by its type; what Slack shows, in Slack's order.

import { failureOf } from "../interact.js";
import { textNodes, bareText } from "../text/mrkdwn.js";
import { h } from "../vdom.js";
import { buttonElement } from "./button.js";
import { checkboxesElement, radioElement } from "./choices.js";
import { dateField, fileField, richTextField, textField } from "./fields.js";
import { markdown } from "./markdown.js";
import { richText } from "./rich_text.js";
import { overflowElement, selectElement } from "./select.js";
import {
  alertBlock,
  contextBlock,
  dividerBlock,
  headerBlock,
  imageBlock,
  picture,
  tableBlock,
} from "./static_blocks.js";

const ELEMENTS = {
  button: buttonElement,
  overflow: overflowElement,
  checkboxes: checkboxesElement,
  radio_buttons: radioElement,
  plain_text_input: textField,
  email_text_input: textField,
  url_text_input: textField,
  number_input: textField,
  rich_text_input: richTextField,
  datepicker: dateField,
  timepicker: dateField,
  datetimepicker: dateField,
  file_input: fileField,
  image: (surface, block, element) => picture(element, "accessory-image"),
};
const BLOCKS = {
  section,
  actions,
  input,
  card,
  header: (surface, block) => headerBlock(block),
  context: (surface, block) => contextBlock(block),
  divider: () => dividerBlock(),
  image: (surface, block) => imageBlock(block),
  rich_text: (surface, block) => richText(block),
  markdown: (surface, block) => h("div", { class: "markdown" }, markdown(block.text)),
  table: (surface, block) => tableBlock(block),
  alert: (surface, block) => alertBlock(block),
};

/** All blocks of a message or view. */
export function blockList(surface) {
  return h(
    "div",
    { class: "blocks" },
    surface.blocks.map((block, i) => {
      const draw = BLOCKS[block.type];
      const content = draw
        ? draw(surface, block)
        : h("p", { class: "muted" }, `The block "${block.type}" can't be shown here.`);
      return h(
        "div",
        { class: `block block-${block.type}`, key: block.block_id || i, "data-block-id": block.block_id },
        content,
        !surface.error && failure(surface, block),
      );
    }),
  );
}

// What the server knows of a failure is told once for the whole surface; this is what only the page knows.
function failure(surface, block) {
  const items = block.elements || [block.accessory || block.element];
  const text = items.map((item) => item?.action_id && failureOf(surface, block, item)).find(Boolean);
  return text && h("p", { class: "failure", role: "alert" }, text);
}

function element(surface, block, item, label) {
  const draw = ELEMENTS[item.type] || (item.type.endsWith("_select") ? selectElement : null);
  return draw ? draw(surface, block, item, label) : h("span", { class: "muted" }, `(${item.type})`);
}

function keyed(surface, block, item, i) {
  return h("div", { class: "element", key: item.action_id || i }, element(surface, block, item));
}

function section(surface, block) {
  return h(
    "div",
    { class: "section" },
    h(
      "div",
      { class: "section-main" },
      block.text && h("div", { class: "text" }, textNodes(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "text" }, textNodes(field))),
        ),
    ),
    block.accessory &&
      h(
        "div",
        { class: "accessory" },
        element(surface, block, block.accessory, bareText(block.text).slice(0, 80)),
      ),
  );
}

function actions(surface, block) {
  return h(
    "div",
    { class: "actions" },
    block.elements.map((item, i) => keyed(surface, block, item, i)),
  );
}

function input(surface, block) {
  const label = bareText(block.label);
  const error = surface.errors[block.block_id];
  return h(
    "div",
    { class: error ? "input invalid" : "input" },
    h(
      "div",
      { class: "input-label" },
      textNodes(block.label),
      block.optional && h("span", { class: "muted" }, " (optional)"),
    ),
    element(surface, block, block.element, label),
    error && h("p", { class: "failure", role: "alert" }, error),
    block.hint && h("p", { class: "hint-text", dir: "auto" }, textNodes(block.hint)),
  );
}

function card(surface, block) {
  return h(
    "div",
    { class: "card" },
    block.hero_image && picture(block.hero_image, "card-hero"),
    h(
      "div",
      { class: "card-head" },
      block.icon && picture(block.icon, "card-icon"),
      h(
        "div",
        {},
        block.title && h("div", { class: "card-title", dir: "auto" }, textNodes(block.title)),
        block.subtitle && h("div", { class: "muted", dir: "auto" }, textNodes(block.subtitle)),
      ),
    ),
    block.body && h("div", { class: "text" }, textNodes(block.body)),
    block.subtext && h("div", { class: "muted", dir: "auto" }, textNodes(block.subtext)),
    block.actions &&
      h(
        "div",
        { class: "actions" },
        block.actions.map((item, i) => keyed(surface, block, item, i)),
      ),
  );
}
