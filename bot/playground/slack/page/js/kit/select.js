// Selects of one or many, with a searchable menu.

import { read, write } from "../forms.js";
import { act, change, elementKey, isBusy } from "../interact.js";
import { icon } from "../shell/icons.js";
import { state, update } from "../store.js";
import { safeUrl } from "../text/link.js";
import { bareText, textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";
import { closeMenu, floating, isOpen, openMenu } from "./menu.js";
import { askForOptions, holdsIds, labelOf, offeredGroups } from "./options.js";

/** A select element of any source; `label` names it where its block does. */
export function selectElement(surface, block, element, label) {
  const key = elementKey(surface, block, element);
  const select = { surface, block, element, key, multi: element.type.startsWith("multi_") };
  const held = read(surface, block, element);
  return h(
    "div",
    { class: select.multi ? "select multi menu-owner" : "select menu-owner" },
    select.multi && chips(select, held),
    trigger(select, held, label || bareText(element.placeholder) || "Select"),
    isOpen(key) && menu(select, held),
  );
}

function trigger(select, held, label) {
  const { element, key, multi, surface, block } = select;
  const chosen = !multi && held ? textNodes(labelOf(element, held)) : null;
  const placeholder = textNodes(element.placeholder || { type: "plain_text", text: "Select an option" });
  return h(
    "button",
    {
      type: "button",
      class: "select-trigger",
      role: "combobox",
      "aria-haspopup": "listbox",
      "aria-expanded": isOpen(key),
      "aria-label": label,
      "data-action-id": element.action_id,
      "data-block-id": block.block_id,
      "aria-busy": isBusy(surface, block, element),
      autofocus: element.focus_on_load,
      onClick: () => (isOpen(key) ? closeMenu(true) : open(select)),
      onKeyDown: (event) => openByArrow(event, select),
    },
    h(
      "span",
      { class: chosen ? "select-text" : "select-text placeholder", dir: "auto" },
      chosen || placeholder,
    ),
    isBusy(surface, block, element) ? h("span", { class: "spinner" }) : icon("chevron"),
  );
}

function open(select) {
  const { surface, block, element, key, multi } = select;
  const before = JSON.stringify(read(surface, block, element));
  openMenu(key, () => multi && finishMany(select, before));
  if (element.type.includes("external")) askForOptions(surface, block, element);
}

function openByArrow(event, select) {
  if (event.key !== "ArrowDown" || isOpen(select.key)) return;
  event.preventDefault();
  open(select);
}

// Slack tells the app about a select of many once its menu closes, not at every tick.
function finishMany({ surface, block, element }, before) {
  const value = read(surface, block, element);
  if (JSON.stringify(value) !== before) change(surface, block, element, value);
}

function menu(select, held) {
  const groups = offeredGroups(select.element);
  const flat = groups.flatMap((group) => group.options);
  const listId = "menu-options";
  return floating(
    { class: "menu-select", onKeyDown: (event) => moveByKeys(event, select, flat) },
    h("input", {
      class: "menu-search",
      type: "text",
      "aria-label": "Search",
      placeholder: "Search",
      autocomplete: "off",
      "aria-controls": listId,
      "aria-activedescendant": flat.length ? `option-${state.menu.active}` : null,
      value: state.menu.query,
      onInput: (event) => search(select, event.target.value),
    }),
    h(
      "div",
      {
        id: listId,
        class: "menu-list",
        role: "listbox",
        "aria-label": "Options",
        "aria-multiselectable": select.multi || null,
        // A press on an option leaves the focus, and with it the keyboard, in the search field.
        onMouseDown: (event) => event.preventDefault(),
      },
      optionGroups(select, groups, flat, held),
      flat.length === 0 && h("p", { class: "menu-empty" }, emptyText(select.element)),
    ),
  );
}

function emptyText(element) {
  const { loading, query, failed } = state.menu;
  const least = element.min_query_length ?? 3;
  if (loading) return "Loading…";
  if (failed) return "The options couldn't be loaded. Try again.";
  if (element.type.includes("external") && query.length < least) return `Type ${least} characters or more`;
  return "No matches";
}

function optionGroups(select, groups, flat, held) {
  return groups.map((group) => {
    const rows = group.options.map((option) => optionRow(select, option, flat.indexOf(option), held));
    if (!group.label) return rows;
    return h(
      "div",
      { role: "group", "aria-label": group.label },
      h("div", { class: "menu-group" }, group.label),
      rows,
    );
  });
}

function optionRow(select, option, index, held) {
  const { element, multi } = select;
  const selected = (multi ? held : [held]).some((value) => value && idOf(element, value) === option.value);
  return h(
    "div",
    {
      id: `option-${index}`,
      role: "option",
      class: index === state.menu.active ? "menu-item active" : "menu-item",
      "aria-selected": selected,
      onClick: () => pick(select, option),
      onPointerMove: () =>
        state.menu?.active !== index && update((now) => now.menu && (now.menu.active = index)),
    },
    h("span", { class: "menu-tick", "aria-hidden": true }, selected && icon("check")),
    h(
      "span",
      { class: "menu-words" },
      h("span", { dir: "auto" }, textNodes(option.text)),
      option.description && h("small", { dir: "auto" }, textNodes(option.description)),
    ),
  );
}

function idOf(element, value) {
  return holdsIds(element) ? value : value.value;
}

function pick(select, option) {
  const { surface, block, element, multi } = select;
  const value = holdsIds(element) ? option.value : option;
  if (!multi) {
    closeMenu(true);
    change(surface, block, element, value);
    return;
  }
  toggle(select, value);
}

function toggle({ surface, block, element }, value) {
  const held = read(surface, block, element);
  const id = idOf(element, value);
  const without = held.filter((other) => idOf(element, other) !== id);
  const full = element.max_selected_items && without.length >= element.max_selected_items;
  if (without.length === held.length && full) return;
  write(surface, block, element, without.length === held.length ? [...held, value] : without);
  update({});
}

function search(select, query) {
  update((now) => Object.assign(now.menu, { query, active: 0 }));
  const { surface, block, element } = select;
  if (element.type.includes("external")) askForOptions(surface, block, element);
}

function moveByKeys(event, select, flat) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && flat.length) {
    event.preventDefault();
    update((now) => (now.menu.active = (now.menu.active + step + flat.length) % flat.length));
    document.getElementById(`option-${state.menu.active}`)?.scrollIntoView({ block: "nearest" });
  } else if (event.key === "Enter" && flat[state.menu.active]) {
    event.preventDefault();
    pick(select, flat[state.menu.active]);
  }
}

function chips(select, held) {
  const { surface, block, element } = select;
  return held.map((value) => {
    const label = labelOf(element, value);
    const remove = () => {
      toggle(select, value);
      if (!isOpen(select.key)) change(surface, block, element, read(surface, block, element));
    };
    return h(
      "span",
      { class: "chip", key: idOf(element, value) },
      h("span", { dir: "auto" }, textNodes(label)),
      h(
        "button",
        { type: "button", "aria-label": `Remove ${bareText(label)}`, onClick: remove },
        icon("close"),
      ),
    );
  });
}

/** The menu behind "⋯". */
export function overflowElement(surface, block, element) {
  const key = elementKey(surface, block, element);
  return h(
    "div",
    { class: "overflow menu-owner" },
    h(
      "button",
      {
        type: "button",
        class: "button icon-button",
        "aria-label": "More actions",
        "aria-haspopup": "menu",
        "aria-expanded": isOpen(key),
        "aria-busy": isBusy(surface, block, element),
        "data-action-id": element.action_id,
        "data-block-id": block.block_id,
        onClick: () => (isOpen(key) ? closeMenu(true) : openMenu(key)),
      },
      isBusy(surface, block, element) ? h("span", { class: "spinner" }) : icon("more"),
    ),
    isOpen(key) &&
      floating(
        { role: "menu", "aria-label": "More actions", onKeyDown: moveFocus },
        element.options.map((option) => overflowItem(surface, block, element, option)),
      ),
  );
}

function overflowItem(surface, block, element, option) {
  const use = () => {
    closeMenu(true);
    act(surface, block, element, { selected_option: option });
  };
  const props = { role: "menuitem", class: "menu-item", onClick: use, "data-value": option.value };
  const words = h(
    "span",
    { class: "menu-words" },
    h("span", { dir: "auto" }, textNodes(option.text)),
    option.description && h("small", {}, textNodes(option.description)),
  );
  const href = safeUrl(option.url);
  if (href) return h("a", { ...props, href, target: "_blank", rel: "noopener" }, words);
  return h("button", { ...props, type: "button" }, words);
}

function moveFocus(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  items[(at + step + items.length) % items.length].focus();
}
