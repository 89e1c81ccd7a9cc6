// The question before an action that wants one.

import { state, update } from "../store.js";
import { bareText, textNodes } from "../text/mrkdwn.js";
import { h } from "../vdom.js";

/** The confirmation that is open, or nothing. */
export function confirmDialog() {
  if (!state.confirm) return null;
  const { confirm, cancel } = state.confirm;
  const dialog = {
    key: "confirm",
    class: "modal confirm",
    role: "alertdialog",
    "aria-label": bareText(confirm.title),
    onMount: (el) => el.showModal(),
    onCancel: (event) => {
      event.preventDefault();
      finish(cancel);
    },
  };
  return h(
    "dialog",
    dialog,
    h("header", { class: "modal-head" }, h("h2", { dir: "auto" }, textNodes(confirm.title))),
    h("div", { class: "modal-body text" }, textNodes(confirm.text)),
    h("footer", { class: "modal-foot" }, answers(state.confirm)),
  );
}

function answers({ confirm, proceed, cancel }) {
  const look = confirm.style === "danger" ? "button danger" : "button primary";
  const deny = confirm.deny ? textNodes(confirm.deny) : "Cancel";
  return [
    h("button", { type: "button", class: "button", onClick: () => finish(cancel) }, deny),
    h(
      "button",
      { type: "button", class: look, onClick: () => finish(proceed) },
      confirm.confirm ? textNodes(confirm.confirm) : "Yes",
    ),
  ];
}

function finish(then) {
  then();
  update({ confirm: null });
}
