// The workspace's channels and the app; a drawer on narrow screens.

import { openApp, openChannel } from "../navigation.js";
import { appConversation, state, update } from "../store.js";
import { unreadIn } from "../unread.js";
import { h } from "../vdom.js";
import { icon } from "./icons.js";
import { appAvatar, appName } from "./people.js";

/** The sidebar. */
export function sidebar() {
  const channels = state.snap.channels.filter((channel) => !channel.is_im);
  return [
    state.drawer && h("div", { class: "backdrop", key: "backdrop", onClick: closeDrawer }),
    h(
      "nav",
      { class: state.drawer ? "sidebar open" : "sidebar", "aria-label": "Workspace", key: "sidebar" },
      h(
        "div",
        { class: "workspace" },
        h("span", { class: "workspace-mark", "aria-hidden": true }, state.snap.team.name[0]),
        h("strong", {}, state.snap.team.name),
      ),
      h("h2", { class: "sidebar-title" }, "Channels"),
      h("ul", {}, channels.map(channelRow)),
      h("h2", { class: "sidebar-title" }, "Apps"),
      h("ul", {}, appRow()),
    ),
  ];
}

/** Opens the drawer on narrow screens. */
export function menuButton() {
  return h(
    "button",
    {
      type: "button",
      class: "icon-button drawer-button",
      "aria-label": "Channels",
      "aria-expanded": state.drawer,
      onClick: () => update({ drawer: !state.drawer }),
    },
    icon("menu"),
  );
}

/** Closes the drawer. */
export function closeDrawer() {
  update({ drawer: false });
}

function channelRow(channel) {
  const current = state.place.kind === "channel" && state.place.id === channel.id;
  const unread = unreadIn(channel);
  return row(channel.id, current, unread, () => openChannel(channel.id), [
    h("span", { class: "hash", "aria-hidden": true }, "#"),
    h("span", { class: "row-name" }, channel.name),
  ]);
}

function appRow() {
  const direct = appConversation();
  const unread = direct ? unreadIn(direct) : 0;
  return row("app", state.place.kind === "app", unread, () => openApp(unread ? "messages" : "home"), [
    appAvatar(),
    h("span", { class: "row-name" }, appName()),
  ]);
}

function row(key, current, unread, open, content) {
  return h(
    "li",
    { key },
    h(
      "button",
      {
        type: "button",
        class: unread ? "row unread" : "row",
        "aria-current": current ? "page" : null,
        onClick: open,
      },
      content,
      unread > 0 && h("span", { class: "count", "aria-label": `${unread} unread` }, unread),
    ),
  );
}
