// Sends what a person does with a block to the app, and shows that it is under way.

import { post } from "./api.js";
import { collect, read, valueName, write } from "./forms.js";
import { state, update } from "./store.js";

const TYPING_PAUSE = 250;
const typing = new Map();

/** The surface of a message: where its blocks live and what they are called to the server. */
export function messageSurface(channel, message) {
  return {
    key: `message:${channel}:${message.ts}`,
    container: { type: "message", channel, ts: message.ts },
    channel,
    blocks: message.blocks || [],
    pending: message.pending || [],
    error: message.error,
    errors: {},
  };
}

/** The surface of a modal or of Home. */
export function viewSurface(view) {
  return {
    key: `view:${view.id}`,
    container: { type: "view", id: view.id },
    view,
    channel: state.place.kind === "channel" ? state.place.id : null,
    blocks: view.blocks || [],
    pending: view.pending || [],
    error: view.error,
    errors: view.errors || {},
  };
}

/** Whether something of the surface is under way, failed, or has its menu open. */
export function isStirred({ key }) {
  const own = (name) => name.startsWith(`${key}|`);
  return [...state.busy].some(own) || [...state.failures.keys()].some(own) || own(state.menu?.key || "");
}

/** The page-wide name of one element. */
export function elementKey(surface, block, element) {
  return `${surface.key}|${block.block_id}|${element.action_id}`;
}

/** Whether the app has yet to answer for this element. */
export function isBusy(surface, block, element) {
  return surface.pending.includes(element.action_id) || state.busy.has(elementKey(surface, block, element));
}

/** What went wrong with this element's last use, or undefined. */
export function failureOf(surface, block, element) {
  return state.failures.get(elementKey(surface, block, element));
}

/** Takes a new value: keeps it, and tells the app where Slack would. */
export function change(surface, block, element, value) {
  const before = read(surface, block, element);
  write(surface, block, element, value);
  update({});
  if (block.type === "input" && !block.dispatch_action) reportTyping(surface);
  else
    act(
      surface,
      block,
      element,
      { [valueName(element)]: value },
      { declined: () => write(surface, block, element, before) },
    );
}

/** Takes typed text without dispatching anything. */
export function type(surface, block, element, value) {
  write(surface, block, element, value);
  update({});
  if (surface.view) reportTyping(surface);
}

/**
 * Uses an element: asks for confirmation where it wants one, then tells the app.
 * `declined` runs when the person says no, `confirmed` when they had to say yes and did.
 */
export function act(surface, block, element, payload, { declined = () => {}, confirmed = () => {} } = {}) {
  if (!element.confirm) {
    send(surface, block, element, payload);
    return;
  }
  const proceed = () => {
    confirmed();
    send(surface, block, element, payload);
  };
  update({ confirm: { confirm: element.confirm, proceed, cancel: declined } });
}

async function send(surface, block, element, payload) {
  const key = elementKey(surface, block, element);
  update((now) => {
    now.busy.add(key);
    for (const other of now.failures.keys())
      if (other.startsWith(`${surface.key}|`)) now.failures.delete(other);
  });
  const answer = await post("act", {
    container: surface.container,
    block_id: block.block_id,
    action_id: element.action_id,
    element: { type: element.type, ...payload },
    state: collect(surface),
  });
  update((now) => {
    now.busy.delete(key);
    if (!answer.ok) now.failures.set(key, answer.error || "That didn't work. Please try again.");
  });
}

function reportTyping(surface) {
  const flag = `typing|${surface.key}`;
  state.busy.add(flag);
  clearTimeout(typing.get(flag));
  const timer = setTimeout(async () => {
    await post("input", { view_id: surface.view.id, state: collect(surface) });
    if (typing.get(flag) === timer) state.busy.delete(flag);
  }, TYPING_PAUSE);
  typing.set(flag, timer);
}

/** Submits the view; the server's answer closes it, changes it or marks its fields. */
export async function submitView(surface) {
  const flag = `typing|${surface.key}`;
  clearTimeout(typing.get(flag));
  state.busy.delete(flag);
  const busy = `submit|${surface.key}`;
  update((now) => now.busy.add(busy) && now.failures.delete(busy));
  const answer = await post("submit", { view_id: surface.view.id, state: collect(surface) });
  update((now) => {
    now.busy.delete(busy);
    if (!answer.ok) now.failures.set(busy, answer.error || "We had some trouble connecting. Try again?");
  });
}
