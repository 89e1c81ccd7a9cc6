// Where people write; "/" offers the commands.

import { post } from "../api.js";
import { state, update } from "../store.js";
import { h } from "../vdom.js";
import { icon } from "./icons.js";

/** The composer of a channel, or of a thread where `threadTs` is given. */
export function composer(channel, placeholder, threadTs) {
  const box = { channel, threadTs, key: `${state.user}|${channel}|${threadTs || ""}` };
  const text = state.drafts.get(box.key)?.text || "";
  const offers = threadTs ? [] : suggestions(box, text);
  return h(
    "div",
    { class: "composer-area", key: box.key },
    offers.length > 0 && suggestionList(box, offers),
    h(
      "div",
      { class: "composer" },
      h("textarea", {
        rows: 1,
        dir: "auto",
        value: text,
        placeholder,
        "aria-label": placeholder,
        "aria-autocomplete": "list",
        "aria-expanded": offers.length > 0,
        "data-composer": threadTs ? "thread" : "channel",
        onInput: (event) => write(box, event.target),
        onPatch: grow,
        onMount: grow,
        onKeyDown: (event) => handleKey(event, box, offers),
      }),
      sendButton(box, text),
    ),
    state.drafts.get(box.key)?.error &&
      h("p", { class: "failure", role: "alert" }, state.drafts.get(box.key).error),
  );
}

function sendButton(box, text) {
  const props = { type: "button", class: "send", "aria-label": "Send", disabled: !text.trim() };
  return h("button", { ...props, onClick: () => send(box) }, icon("send"));
}

function write(box, field) {
  update((now) => now.drafts.set(box.key, { text: field.value, active: 0 }));
}

function grow(field) {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
}

function suggestions(box, text) {
  const draft = state.drafts.get(box.key);
  if (!text.startsWith("/") || draft.closed) return [];
  const [word, ...rest] = text.split(" ");
  return state.snap.commands.filter(({ command }) =>
    rest.length ? command === word : command.startsWith(word),
  );
}

function suggestionList(box, offers) {
  const active = state.drafts.get(box.key).active || 0;
  return h(
    "div",
    { class: "suggestions", role: "listbox", "aria-label": "Commands" },
    h("div", { class: "suggestions-title" }, "Commands"),
    offers.map((offer, i) =>
      h(
        "div",
        {
          role: "option",
          class: i === active ? "suggestion active" : "suggestion",
          "aria-selected": i === active,
          onClick: () => complete(box, offer),
        },
        h(
          "div",
          {},
          h("strong", {}, offer.command),
          " ",
          h("span", { class: "muted" }, offer.usage_hint || ""),
        ),
        h("small", {}, offer.description),
      ),
    ),
  );
}

function complete(box, offer) {
  update((now) => now.drafts.set(box.key, { text: `${offer.command} `, active: 0 }));
  document.querySelector("[data-composer=channel]")?.focus();
}

function handleKey(event, box, offers) {
  const draft = state.drafts.get(box.key);
  const choosing = offers.length > 0 && !draft.text.includes(" ");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.isComposing) return;
  if (choosing && step) {
    event.preventDefault();
    update(() => (draft.active = ((draft.active || 0) + step + offers.length) % offers.length));
  } else if (
    choosing &&
    (event.key === "Tab" || (event.key === "Enter" && draft.text !== offers[draft.active].command))
  ) {
    event.preventDefault();
    complete(box, offers[draft.active]);
  } else if (event.key === "Escape" && offers.length) {
    event.preventDefault();
    update(() => (draft.closed = true));
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    send(box);
  }
}

async function send(box) {
  const text = state.drafts.get(box.key)?.text.trim();
  if (!text) return;
  update((now) => now.drafts.delete(box.key));
  const answer = await post("command", {
    channel: box.channel,
    text,
    ...(box.threadTs && { thread_ts: box.threadTs }),
  });
  if (!answer.ok) update((now) => restore(now, box, text, answer.error));
}

// Told here, the same sentence needs no banner.
function restore(now, box, text, error) {
  now.dismissedNotice = error;
  const typedMeanwhile = now.drafts.get(box.key)?.text;
  now.drafts.set(box.key, { text: typedMeanwhile || text, active: 0, closed: true, error });
}
