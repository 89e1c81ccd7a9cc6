// The CRM beside the channel, in a panel of any width.

import { remember } from "../memory.js";
import { state, update } from "../store.js";
import { safeUrl } from "../text/link.js";
import { h } from "../vdom.js";
import { icon } from "./icons.js";

const LEAST = 280;
const STEP = 40;

/** The panel with the CRM's own page, or nothing without one. */
export function crmPane() {
  const url = safeUrl(state.snap.crm_url);
  if (!url) return null;
  const width = clamp(state.crmWidth);
  const look = ["crm-side", state.crmOpen ? "" : "collapsed"].join(" ").trim();
  return h(
    "div",
    { class: look, style: { "--crm-width": `${width}px` }, key: "crm" },
    h("div", {
      class: "splitter",
      role: "separator",
      "aria-orientation": "vertical",
      "aria-label": "Width of the CRM panel",
      tabindex: "0",
      "aria-valuenow": width,
      "aria-valuemin": LEAST,
      "aria-valuemax": most(),
      onPointerDown: drag,
      onKeyDown: resizeByKey,
    }),
    h(
      "aside",
      { class: "crm", "aria-label": "CRM" },
      h(
        "header",
        { class: "pane-head" },
        h("h2", { class: "pane-title" }, "CRM"),
        h(
          "button",
          {
            type: "button",
            class: "icon-button push",
            "aria-label": "Reload the CRM",
            title: "Reload",
            onClick: reload,
          },
          icon("reload"),
        ),
        h(
          "a",
          {
            class: "icon-button",
            href: url,
            target: "_blank",
            rel: "noopener",
            "aria-label": "Open the CRM in a new tab",
            title: "Open in a new tab",
          },
          icon("open"),
        ),
        h(
          "button",
          {
            type: "button",
            class: "icon-button crm-close",
            "aria-label": "Hide the CRM",
            title: "Hide",
            onClick: toggleCrm,
          },
          icon("close"),
        ),
      ),
      h("iframe", { src: url, title: "CRM" }),
    ),
  );
}

/** Shows or hides the panel, for this browser. */
export function toggleCrm() {
  remember("crm", state.crmOpen ? "closed" : "open");
  update({ crmOpen: !state.crmOpen });
}

function reload() {
  document.querySelector(".crm iframe").src = state.snap.crm_url;
}

function most() {
  return Math.max(LEAST, Math.round(innerWidth * 0.6));
}

function clamp(width) {
  return Math.round(Math.max(LEAST, Math.min(width, most())));
}

function setWidth(width) {
  remember("crm-width", clamp(width));
  update({ crmWidth: clamp(width) });
}

function drag(event) {
  event.preventDefault();
  const handle = event.currentTarget;
  handle.setPointerCapture(event.pointerId);
  document.documentElement.classList.add("dragging");
  handle.onpointermove = (move) => setWidth(innerWidth - move.clientX);
  handle.onlostpointercapture = () => {
    handle.onpointermove = null;
    document.documentElement.classList.remove("dragging");
  };
}

function resizeByKey(event) {
  const step = { ArrowLeft: STEP, ArrowRight: -STEP }[event.key];
  if (!step) return;
  event.preventDefault();
  setWidth(clamp(state.crmWidth) + step);
}
