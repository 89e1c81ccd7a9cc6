// The app's own place: Home and Messages.

import { viewSurface } from "../interact.js";
import { blockList } from "../kit/blocks.js";
import { openApp } from "../navigation.js";
import { appConversation, state } from "../store.js";
import { h } from "../vdom.js";
import { conversation } from "./channel.js";
import { icon } from "./icons.js";
import { appAvatar, appName } from "./people.js";

/** The app with the tab that is open. */
export function appPane(menuButton) {
  const { tab } = state.place;
  const direct = appConversation();
  return h(
    "main",
    { class: "main", "data-app": "true" },
    h("header", { class: "pane-head" }, menuButton, appAvatar(), h("h1", { class: "pane-title" }, appName())),
    h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": appName(), onKeyDown: switchByArrow },
      tabButton("home", "Home", tab),
      tabButton("messages", "Messages", tab),
    ),
    h(
      "div",
      { class: "tab-panel", role: "tabpanel", "aria-label": tab === "home" ? "Home" : "Messages" },
      tab === "home" ? home() : messages(direct),
    ),
  );
}

function tabButton(name, label, current) {
  const selected = name === current;
  return h(
    "button",
    {
      type: "button",
      role: "tab",
      class: "tab",
      "aria-selected": selected,
      tabindex: selected ? "0" : "-1",
      onClick: () => openApp(name),
    },
    label,
  );
}

function switchByArrow(event) {
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  openApp(state.place.tab === "home" ? "messages" : "home");
  requestAnimationFrame(() => document.querySelector(".tab[aria-selected=true]")?.focus());
}

function home() {
  const view = state.snap.home;
  if (!view) return h("p", { class: "empty" }, "The app hasn't shown a Home yet.");
  return h(
    "div",
    { class: "home-scroll", "data-view-id": view.id },
    h(
      "div",
      { class: "home" },
      view.error && h("p", { class: "failure", role: "alert" }, icon("warning"), view.error),
      blockList(viewSurface(view)),
    ),
  );
}

function messages(direct) {
  return direct
    ? conversation(direct)
    : h("p", { class: "empty" }, `${appName()} hasn't written to you yet.`);
}
