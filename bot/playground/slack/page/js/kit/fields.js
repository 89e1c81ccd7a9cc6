// Typed fields: text, e-mail, address, number, date, time and files.

import { read } from "../forms.js";
import { act, change, type } from "../interact.js";
import { bareText } from "../text/mrkdwn.js";
import { h } from "../vdom.js";

const DATE_TYPES = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };
const INPUT_TYPES = {
  email_text_input: "email",
  url_text_input: "url",
  number_input: "text",
  plain_text_input: "text",
};

/** A field for text, an e-mail address, a web address or a number. */
export function textField(surface, block, element, label) {
  const props = {
    ...named(block, element, label),
    class: "field",
    value: read(surface, block, element) || "",
    maxlength: element.max_length,
    minlength: element.min_length,
    dir: "auto",
    spellcheck: "false",
    onInput: (event) => typed(surface, block, element, event.target.value),
    onKeyDown: (event) => dispatchOnEnter(event, surface, block, element),
  };
  if (element.multiline) return h("textarea", { ...props, rows: 4 });
  const inputmode = element.type === "number_input" ? "decimal" : null;
  return h("input", { ...props, type: INPUT_TYPES[element.type], inputmode, autocomplete: "off" });
}

/** A field for formatted text, typed plainly. */
export function richTextField(surface, block, element, label) {
  const held = read(surface, block, element);
  const take = (event) => type(surface, block, element, asRichText(event.target.value));
  return h("textarea", {
    ...named(block, element, label),
    class: "field",
    rows: 4,
    dir: "auto",
    value: fromRichText(held),
    onInput: take,
  });
}

/** A date, a time, or both. */
export function dateField(surface, block, element, label) {
  const held = read(surface, block, element);
  const both = element.type === "datetimepicker";
  const take = (event) =>
    change(surface, block, element, both ? toSeconds(event.target.value) : event.target.value || null);
  return h("input", {
    ...named(block, element, label),
    class: "field field-date",
    type: DATE_TYPES[element.type],
    value: both ? fromSeconds(held) : held,
    onChange: take,
  });
}

/** A chooser of files. */
export function fileField(surface, block, element, label) {
  const held = read(surface, block, element);
  const accept = (element.filetypes || []).map((ending) => `.${ending}`).join(",");
  return h(
    "div",
    { class: "file-field" },
    h("input", {
      ...named(block, element, label),
      type: "file",
      accept: accept || null,
      multiple: (element.max_files ?? 10) > 1,
      onChange: async (event) =>
        change(surface, block, element, await readFiles(event.target.files, element)),
    }),
    held.map((file) => h("div", { class: "muted", key: file.name }, file.name)),
  );
}

function named(block, element, label) {
  return {
    "aria-label": label || bareText(element.placeholder) || "Text",
    placeholder: bareText(element.placeholder) || null,
    autofocus: element.focus_on_load,
    "data-action-id": element.action_id,
    "data-block-id": block.block_id,
  };
}

function dispatchTriggers(block, element) {
  if (!block.dispatch_action) return [];
  return element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
}

function typed(surface, block, element, value) {
  type(surface, block, element, value || null);
  if (dispatchTriggers(block, element).includes("on_character_entered"))
    act(surface, block, element, { value });
}

function dispatchOnEnter(event, surface, block, element) {
  if (event.key !== "Enter" || (element.multiline && !event.metaKey && !event.ctrlKey)) return;
  if (!dispatchTriggers(block, element).includes("on_enter_pressed")) return;
  event.preventDefault();
  act(surface, block, element, { value: event.target.value });
}

function asRichText(text) {
  if (!text) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

function fromRichText(value) {
  return (value?.elements || [])
    .flatMap((section) => section.elements || [])
    .map((part) => part.text || "")
    .join("");
}

function toSeconds(local) {
  return local ? Math.floor(new Date(local).getTime() / 1000) : null;
}

function fromSeconds(seconds) {
  if (!seconds) return "";
  const when = new Date(seconds * 1000);
  return new Date(when - when.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

function readFiles(files, element) {
  return Promise.all(
    [...files].slice(0, element.max_files ?? 10).map(async (file) => ({
      name: file.name,
      mimetype: file.type,
      size: file.size,
      content: await asBase64(file),
    })),
  );
}

function asBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",", 2)[1] || "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
