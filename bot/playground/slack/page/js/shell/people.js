// How people and the app look: name, role, avatar; and who is acting now.

import { state, userById } from "../store.js";
import { h } from "../vdom.js";

const APP_NAME = "Handoff";

/** The name shown over a message. */
export function authorName(message) {
  if (message.bot_id || !message.user) return appName();
  return userById(message.user)?.name || message.user;
}

/** The app's name in this workspace. */
export function appName() {
  return state.snap.users.find((user) => user.is_bot)?.name || APP_NAME;
}

/** The picture over a message. */
export function authorAvatar(message) {
  return message.bot_id || !message.user ? appAvatar() : userAvatar(userById(message.user));
}

/** The app's picture. */
export function appAvatar() {
  return h("span", { class: "avatar avatar-app", "aria-hidden": true }, h("i", {}), h("i", {}), h("i", {}));
}

// Initials on the person's colour.
function userAvatar(user) {
  const name = user?.name || "?";
  const initials = name
    .split(/\s+/)
    .map((word) => [...word][0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const color = /^#?[0-9a-f]{6}$/i.test(user?.color || "") ? `#${user.color.replace("#", "")}` : "#5b6470";
  return h("span", { class: "avatar", "aria-hidden": true, style: { "--tint": color } }, initials);
}

function roleOf(user) {
  if (user.is_owner || user.is_admin) return "Admin";
  return user.is_guest ? "Guest" : "Member";
}

/** Chooses who is acting; always in sight. */
export function userSwitcher(onChoose) {
  const people = state.snap.users.filter((user) => !user.is_bot);
  return h(
    "div",
    { class: "switcher", role: "group", "aria-label": "Acting as" },
    h("span", { class: "switcher-title" }, "You are"),
    people.map((user) =>
      h(
        "button",
        {
          key: user.id,
          type: "button",
          class: "person",
          "aria-pressed": user.id === state.user,
          "aria-label": `Act as ${user.name} (${roleOf(user)})`,
          title: user.title || roleOf(user),
          onClick: () => onChoose(user.id),
        },
        userAvatar(user),
        h(
          "span",
          { class: "person-words" },
          h("span", { class: "person-name" }, user.name.split(" ")[0]),
          h("span", { class: "person-role" }, roleOf(user)),
        ),
      ),
    ),
  );
}
