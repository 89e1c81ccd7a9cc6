// The CRM beside the channel, in a panel of any width.

import { remember } from "../memory.js";
import { state, update } from "../store.js";
import { safeUrl } from "../text/link.js";
import { h } from "../vdom.js";
import { icon, iconButton } from "./icons.js";

const LEAST = 280;
const STEP = 40;

/** The panel with the CRM's own page, or nothing without one. */
export function crmPane() {
  const url = safeUrl(state.snap.crm_url);
  if (!url) return null;
  const width = clamp(state.crmWidth);
  return h(
    "div",
    {
      class: state.crmOpen ? "crm-side" : "crm-side collapsed",
      style: { "--crm-width": `${width}px` },
      key: "crm",
    },
    splitter(width),
    h("aside", { class: "crm", "aria-label": "CRM" }, head(url), h("iframe", { src: url, title: "CRM" })),
  );
}

function splitter(width) {
  return h("div", {
    class: "splitter",
    role: "separator",
    tabindex: "0",
    "aria-orientation": "vertical",
    "aria-label": "Width of the CRM panel",
    "aria-valuenow": width,
    "aria-valuemin": LEAST,
    "aria-valuemax": most(),
    onPointerDown: drag,
    onKeyDown: resizeByKey,
  });
}

function head(url) {
  const label = "Open the CRM in a new tab";
  const link = { class: "icon-button", href: url, target: "_blank", rel: "noopener", "aria-label": label };
  return h(
    "header",
    { class: "pane-head" },
    h("h2", { class: "pane-title" }, "CRM"),
    iconButton("reload", "Reload the CRM", reload, "push"),
    h("a", { ...link, title: label }, icon("open")),
    iconButton("close", "Hide the CRM", toggleCrm, "crm-close"),
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
