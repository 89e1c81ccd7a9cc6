// Modals and confirmations.

import { post } from "../api.js";
import { forEachElement, read } from "../forms.js";
import { submitView, viewSurface } from "../interact.js";
import { blockList } from "../kit/blocks.js";
import { closeMenu } from "../kit/menu.js";
import { state, update } from "../store.js";
import { bareText, textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";
import { icon, iconButton } from "./icons.js";
import { appAvatar } from "./people.js";

const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
const REQUIRED = "Please complete this required field.";
let faulty = { view: null, blocks: [] };

/** The modal on top of the stack, or nothing. */
export function modal() {
  const views = state.snap.views || [];
  const view = views.at(-1);
  if (!view) return null;
  const surface = viewSurface(view);
  surface.errors = { ...surface.errors, ...standingFaults(surface) };
  const busy = state.busy.has(`submit|${surface.key}`) || surface.pending.includes("submit");
  const failure = state.failures.get(`submit|${surface.key}`) || view.error;
  return h(
    "dialog",
    {
      key: `view-${view.id}`,
      class: "modal",
      role: "dialog",
      "aria-label": bareText(view.title),
      "data-view-id": view.id,
      tabindex: "-1",
      onMount: show,
      onCancel: (event) => cancel(event, view),
      onKeyDown: (event) => event.key === "Escape" && cancel(event, view),
    },
    head(view, views.length),
    h("div", { class: "modal-body" }, blockList(surface)),
    foot(view, surface, busy, failure),
  );
}

function show(dialog) {
  dialog.showModal();
  (dialog.querySelector("[autofocus]") || dialog.querySelector(".modal-body .field") || dialog).focus();
}

function head(view, depth) {
  return h(
    "header",
    { class: "modal-head" },
    depth > 1 && iconButton("back", "Back", () => close(view)),
    appAvatar(),
    h("h2", { dir: "auto" }, textNodes(view.title)),
    iconButton("close", "Close", () => closeAll(view), "push"),
  );
}

function foot(view, surface, busy, failure) {
  if (!view.submit && !view.close && !failure) return null;
  return h(
    "footer",
    { class: "modal-foot" },
    failure && h("p", { class: "failure", role: "alert" }, icon("warning"), failure),
    h(
      "button",
      { type: "button", class: "button", onClick: () => close(view) },
      view.close ? textNodes(view.close) : "Close",
    ),
    view.submit &&
      h(
        "button",
        {
          type: "button",
          class: "button primary",
          "aria-busy": busy,
          onClick: () => !busy && submit(view, surface),
        },
        textNodes(view.submit),
        busy && h("span", { class: "spinner" }),
      ),
  );
}

function cancel(event, view) {
  event.preventDefault();
  close(view);
}

function close(view) {
  closeMenu();
  post("close", { view_id: view.id });
}

// The cross closes the whole stack, as in Slack.
function closeAll(view) {
  closeMenu();
  post("close", { view_id: view.id, everything: true });
}

async function submit(view, surface) {
  faulty = { view: view.id, blocks: Object.keys(check(surface)) };
  update({});
  if (faulty.blocks.length) focusFirstError();
  else await submitView(surface);
}

function focusFirstError() {
  requestAnimationFrame(() =>
    document.querySelector(".modal .invalid :is(input, textarea, button)")?.focus(),
  );
}

// What the last try to submit found faulty and still is; a mended field loses its mark at once.
function standingFaults(surface) {
  if (faulty.view !== surface.view.id) return {};
  return Object.fromEntries(
    Object.entries(check(surface)).filter(([block]) => faulty.blocks.includes(block)),
  );
}

function check(surface) {
  const errors = {};
  forEachElement(surface.blocks, (block, element) => {
    if (block.type !== "input") return;
    const message = faultOf(block, element, read(surface, block, element));
    if (message) errors[block.block_id] = message;
  });
  return errors;
}

function faultOf(block, element, value) {
  const empty =
    value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (empty) return block.optional ? null : REQUIRED;
  if (element.type === "email_text_input" && !MAIL.test(value)) return "Please enter a valid email address.";
  if (element.type === "url_text_input" && !URL.canParse(value)) return "Please enter a valid web address.";
  if (element.type === "number_input") return numberFault(element, value);
  if (element.min_length && value.length < element.min_length)
    return `Please enter at least ${element.min_length} characters.`;
  return null;
}

function numberFault(element, text) {
  const number = Number(text);
  if (Number.isNaN(number) || (!element.is_decimal_allowed && !Number.isInteger(number)))
    return "Please enter a number.";
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Please enter ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Please enter ${element.max_value} or less.`;
  return null;
}
