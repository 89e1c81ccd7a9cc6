// The bar on top: who is acting, new applicants, theme, CRM; and notices under it.

import { post } from "../api.js";
import { remember } from "../memory.js";
import { state, update } from "../store.js";
import { h } from "../vdom.js";
import { toggleCrm } from "./crm.js";
import { toggleHint } from "./hint.js";
import { icon, iconButton } from "./icons.js";
import { userSwitcher } from "./people.js";

/** The top bar; `onChoose(id)` changes who is acting. */
export function topbar(onChoose) {
  const { snap } = state;
  return h(
    "header",
    { class: "topbar" },
    userSwitcher(onChoose),
    h(
      "div",
      { class: "topbar-tools" },
      snap.can_add_applicant &&
        applicantButton("applicant", "New applicant", "plus", "strong"),
      snap.can_add_burst && applicantButton("burst", "20 at once", "people", "burst"),
      snap.hint?.length > 0 && hintButton(),
      snap.crm_url &&
        iconButton(
          "panel",
          state.crmOpen ? "Hide CRM panel" : "Show CRM panel",
          toggleCrm,
          barLook("crm-toggle", state.crmOpen),
        ),
      themeButton(),
    ),
  );
}

function barLook(name, pressed) {
  return `top-button ${name}${pressed ? " pressed" : ""}`;
}

function hintButton() {
  return h(
    "button",
    {
      type: "button",
      class: barLook("hint-toggle", state.hintOpen),
      "aria-label": "What to try",
      "aria-pressed": state.hintOpen,
      onClick: toggleHint,
    },
    icon("steps"),
    h("span", { class: "wide" }, "What to try"),
  );
}

function themeButton() {
  const dark = isDark();
  const label = dark ? "Use the light theme" : "Use the dark theme";
  return iconButton(dark ? "sun" : "moon", label, toggleTheme, barLook("theme", false));
}

/** Banners: a broken connection, the workspace's notice, a failed action. */
export function notices() {
  const { snap, online, notice, dismissedNotice } = state;
  const told = snap?.notice && snap.notice.text !== dismissedNotice ? snap.notice : null;
  return h(
    "div",
    { class: "notices" },
    !online &&
      h(
        "p",
        { class: "notice offline", role: "status" },
        h("span", { class: "spinner" }),
        "Connection lost. Reconnecting…",
      ),
    told && banner(told, () => update({ dismissedNotice: told.text })),
    notice && banner(notice, () => update({ notice: null })),
  );
}

function banner({ kind, text }, close) {
  return h(
    "p",
    { class: `notice ${kind}`, role: "alert", key: text },
    icon("warning"),
    h("span", { dir: "auto" }, text),
    iconButton("close", "Dismiss notice", close, "push"),
  );
}

/** `what` is what the page asks for: "applicant" or "burst". */
function applicantButton(what, label, picture, look) {
  const busy = state.addingApplicant === what;
  return h(
    "button",
    {
      type: "button",
      class: `top-button ${look}`,
      "aria-busy": busy,
      "aria-label": label,
      onClick: () => addApplicants(what),
    },
    busy ? h("span", { class: "spinner" }) : icon(picture),
    h("span", { class: "wide" }, label),
  );
}

async function addApplicants(what) {
  if (state.addingApplicant) return;
  update({ addingApplicant: what, notice: null });
  const answer = await post(what);
  update({ addingApplicant: null, notice: answer.ok ? null : { kind: "error", text: answer.error } });
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function toggleTheme() {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
  update({});
}
