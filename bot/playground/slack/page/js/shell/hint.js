// What to try first; ticks itself off.

import { remember } from "../memory.js";
import { state, update } from "../store.js";
import { mrkdwn } from "../text/mrkdwn.js";
import { h } from "../vdom.js";
import { icon, iconButton } from "./icons.js";

/** The panel of things to try, unless it was put away. */
export function hintPanel() {
  const steps = state.snap.hint || [];
  if (!state.hintOpen || !steps.length) return null;
  const done = steps.filter((step) => step.done).length;
  const next = steps.find((step) => !step.done);
  return h(
    "section",
    { class: "hint", "aria-label": "What to try" },
    h(
      "header",
      { class: "hint-head" },
      h("strong", {}, next ? "What to try" : "You have seen it all"),
      h("span", { class: "muted" }, `${done} of ${steps.length}`),
      progress(done, steps.length),
      iconButton("close", "Hide what to try", toggleHint, "push"),
    ),
    h(
      "ol",
      {},
      steps.map((step, i) =>
        h(
          "li",
          { key: step.id, class: stepLook(step, next) },
          h("span", { class: "step-mark", "aria-hidden": true }, step.done ? icon("check") : i + 1),
          h("span", {}, mrkdwn(step.text), step.done && h("span", { class: "unseen" }, " (done)")),
        ),
      ),
    ),
  );
}

function progress(done, all) {
  return h(
    "div",
    {
      class: "progress",
      role: "progressbar",
      "aria-label": "Steps done",
      "aria-valuemin": 0,
      "aria-valuemax": all,
      "aria-valuenow": done,
    },
    h("i", { style: { width: `${(100 * done) / all}%` } }),
  );
}

function stepLook(step, next) {
  if (step.done) return "done";
  return step === next ? "next" : "";
}

/** Shows or puts away the panel, for this browser. */
export function toggleHint() {
  remember("hint", state.hintOpen ? "closed" : "open");
  update({ hintOpen: !state.hintOpen });
}
