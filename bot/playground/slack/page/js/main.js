// Draws the page from its state and starts the stream.

import { closeMenu, closeOnPressOutside } from "./kit/menu.js";
import { connect } from "./live.js";
import { announceHome, followAddress } from "./navigation.js";
import { appPane } from "./shell/apphome.js";
import { channelPane, threadPane } from "./shell/channel.js";
import { crmPane } from "./shell/crm.js";
import { confirmDialog } from "./shell/confirm.js";
import { modal } from "./shell/modal.js";
import { appName } from "./shell/people.js";
import { closeDrawer, menuButton, sidebar } from "./shell/sidebar.js";
import { notices, topbar } from "./shell/topbar.js";
import { channelById, onUpdate, state, update } from "./store.js";
import { markShown, unreadIn } from "./unread.js";
import { h, render } from "./vdom.js";

const root = document.getElementById("app");
let drawn = null;
let shownHighlight = null;

function page() {
  if (!state.snap) return [notices(), h("p", { class: "booting", role: "status" }, "Opening the workspace…")];
  return [
    topbar(chooseUser),
    notices(),
    h("div", { class: `panes show-${state.pane}` }, sidebar(), mainPane(), threadPane(), crmPane()),
    state.snap.crm_url && paneTabs(),
    modal(),
    confirmDialog(),
  ];
}

function mainPane() {
  if (state.place.kind === "app") return appPane(menuButton());
  const channel = channelById(state.place.id);
  return channel ? channelPane(channel, menuButton()) : h("main", { class: "main" });
}

function paneTabs() {
  const tab = (pane, label) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        "aria-selected": state.pane === pane,
        onClick: () => update({ pane }),
      },
      label,
    );
  return h(
    "div",
    { class: "pane-tabs", role: "tablist", "aria-label": "Panes" },
    tab("slack", "Slack"),
    tab("crm", "CRM"),
  );
}

function chooseUser(id) {
  if (id === state.user) return;
  closeMenu();
  const address = new URL(location.href);
  address.searchParams.set("user", id);
  history.pushState(null, "", address);
  actAs(id);
}

function actAs(id) {
  update({ user: id, thread: null, confirm: null, notice: null });
  connect();
  announceHome();
}

function draw() {
  const held = document.activeElement;
  const article = held?.closest("article[data-ts]");
  drawn = render(root, drawn, page());
  // A button that a new card no longer has leaves its keyboard user at that card.
  if (article?.isConnected && held !== document.activeElement && !held.isConnected)
    article.focus({ preventScroll: true });
  if (state.snap) markShown();
  showHighlight();
  nameTab();
}

function showHighlight() {
  if (state.highlighted === shownHighlight) return;
  shownHighlight = state.highlighted;
  if (shownHighlight)
    document.querySelector(`[data-ts="${CSS.escape(shownHighlight)}"]`)?.scrollIntoView({ block: "center" });
}

function nameTab() {
  if (!state.snap) return;
  const unread = state.snap.channels.reduce((sum, channel) => sum + unreadIn(channel), 0);
  const place = state.place.kind === "app" ? appName() : `#${channelById(state.place.id)?.name || ""}`;
  document.title = `${unread ? `(${unread}) ` : ""}${place} – ${state.snap.team.name}`;
}

onUpdate(draw);
closeOnPressOutside();
followAddress(actAs);
announceHome();
document.addEventListener("keydown", (event) => event.key === "Escape" && state.drawer && closeDrawer());
document.addEventListener("visibilitychange", () => update({}));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => update({}));
connect();
