// Buttons; one with an address opens it and still tells the app.

import { act, failureOf, isBusy } from "../interact.js";
import { icon } from "../shell/icons.js";
import { safeUrl } from "../text/link.js";
import { textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";

/** A button element. */
export function buttonElement(surface, block, element) {
  const busy = isBusy(surface, block, element);
  const failed = failureOf(surface, block, element);
  const style = ["primary", "danger"].includes(element.style) ? ` ${element.style}` : "";
  const props = {
    class: `button${style}`,
    "aria-label": element.accessibility_label,
    "aria-busy": busy,
    "data-action-id": element.action_id,
    "data-block-id": block.block_id,
    title: failed,
    onClick: (event) => press(event, surface, block, element, busy),
  };
  const content = [
    failed && icon("warning"),
    h("span", { class: "button-text", dir: "auto" }, textNodes(element.text)),
    busy && h("span", { class: "spinner", role: "status", "aria-label": "Working" }),
  ];
  const href = safeUrl(element.url);
  if (href) return h("a", { ...props, href, role: "button", target: "_blank", rel: "noopener" }, content);
  return h("button", { ...props, type: "button" }, content);
}

function press(event, surface, block, element, busy) {
  if (busy) {
    event.preventDefault();
    return;
  }
  const href = safeUrl(element.url);
  if (href && element.confirm) event.preventDefault();
  const confirmed = () => href && window.open(href, "_blank", "noopener");
  act(surface, block, element, element.value === undefined ? {} : { value: element.value }, { confirmed });
}
