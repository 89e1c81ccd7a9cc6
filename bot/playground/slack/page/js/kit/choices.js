// Checkboxes and radio buttons.

import { read } from "../forms.js";
import { change, elementKey, isBusy } from "../interact.js";
import { textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";

/** A group of tick boxes. */
export function checkboxesElement(surface, block, element, label) {
  const held = read(surface, block, element);
  const toggle = (option, ticked) => {
    const others = held.filter((other) => other.value !== option.value);
    const kept = ticked ? [...others, option] : others;
    change(
      surface,
      block,
      element,
      element.options.filter((o) => kept.some((k) => k.value === o.value)),
    );
  };
  const isHeld = (option) => held.some((other) => other.value === option.value);
  return group(surface, block, element, { type: "checkbox", role: "group", label, isHeld, choose: toggle });
}

/** A group of radio buttons. */
export function radioElement(surface, block, element, label) {
  const held = read(surface, block, element);
  const isHeld = (option) => held?.value === option.value;
  const choose = (option) => change(surface, block, element, option);
  return group(surface, block, element, { type: "radio", role: "radiogroup", label, isHeld, choose });
}

function group(surface, block, element, kind) {
  const name = elementKey(surface, block, element);
  return h(
    "div",
    {
      class: "choices",
      role: kind.role,
      "aria-label": kind.label || "Options",
      "data-action-id": element.action_id,
      "data-block-id": block.block_id,
      "aria-busy": isBusy(surface, block, element),
    },
    element.options.map((option) =>
      h(
        "label",
        { class: "choice", key: option.value },
        h("input", {
          type: kind.type,
          name,
          value: option.value,
          checked: kind.isHeld(option),
          onChange: (event) => kind.choose(option, event.target.checked),
        }),
        h(
          "span",
          { class: "choice-words" },
          h("span", { dir: "auto" }, textNodes(option.text)),
          option.description && h("small", { dir: "auto" }, textNodes(option.description)),
        ),
      ),
    ),
  );
}
