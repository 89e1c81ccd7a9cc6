// What people typed and chose, per message or view, in the shape of Slack's `state`.

import { state } from "./store.js";

const EMPTY = {
  plain_text_input: ["value", null],
  email_text_input: ["value", null],
  url_text_input: ["value", null],
  number_input: ["value", null],
  rich_text_input: ["rich_text_value", null],
  static_select: ["selected_option", null],
  external_select: ["selected_option", null],
  radio_buttons: ["selected_option", null],
  checkboxes: ["selected_options", []],
  multi_static_select: ["selected_options", []],
  multi_external_select: ["selected_options", []],
  users_select: ["selected_user", null],
  multi_users_select: ["selected_users", []],
  channels_select: ["selected_channel", null],
  multi_channels_select: ["selected_channels", []],
  conversations_select: ["selected_conversation", null],
  multi_conversations_select: ["selected_conversations", []],
  datepicker: ["selected_date", null],
  timepicker: ["selected_time", null],
  datetimepicker: ["selected_date_time", null],
  file_input: ["files", []],
};
const INITIAL = {
  value: "initial_value",
  rich_text_value: "initial_value",
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_users: "initial_users",
  selected_channel: "initial_channel",
  selected_channels: "initial_channels",
  selected_conversation: "initial_conversation",
  selected_conversations: "initial_conversations",
  selected_date: "initial_date",
  selected_time: "initial_time",
  selected_date_time: "initial_date_time",
};
const held = new Map();
const revisions = new Map();

function isStateful(element) {
  return element.type in EMPTY;
}

/** The name under which Slack keeps the value of such an element. */
export function valueName(element) {
  return EMPTY[element.type][0];
}

/** What the element holds now; the first sight of it takes its initial value. */
export function read(surface, block, element) {
  const key = formKey(surface, block, element);
  const initial = initialValue(surface, block, element);
  const stamp = JSON.stringify(initial);
  const entry = held.get(key);
  const current = entry && entry.type === element.type;
  // A message's fresh initial value is news; a view keeps what was typed until it closes.
  const stands = current && (surface.view || entry.stamp === stamp) && isOffered(element, entry.value);
  if (stands && !isNews(entry, surface, block, element)) return entry.value;
  held.set(key, { type: element.type, value: initial, stamp, server: serverValue(surface, block, element) });
  return initial;
}

/** Holds a new value for the element. */
export function write(surface, block, element, value) {
  read(surface, block, element);
  held.get(formKey(surface, block, element)).value = value;
  revisions.set(surface.key, revisionOf(surface.key) + 1);
}

/** Counts the changes of a surface's values. */
export function revisionOf(surfaceKey) {
  return revisions.get(surfaceKey) || 0;
}

/** Slack's state object for all elements of the surface. */
export function collect(surface) {
  const values = {};
  forEachElement(surface.blocks, (block, element) => {
    if (!isStateful(element)) return;
    values[block.block_id] ??= {};
    values[block.block_id][element.action_id] = {
      type: element.type,
      [valueName(element)]: read(surface, block, element),
    };
  });
  return values;
}

/** Calls `visit(block, element)` for every interactive element among the blocks. */
export function forEachElement(blocks, visit) {
  for (const block of blocks || []) {
    const elements = block.type === "actions" ? block.elements : [block.element, block.accessory];
    for (const element of elements || []) if (element?.action_id) visit(block, element);
  }
}

/** Drops what belonged to views that are gone, and to elements that left a view. */
export function forgetClosedForms(snap) {
  const alive = new Set();
  for (const view of [...snap.views, snap.home].filter(Boolean)) {
    const surface = { key: `view:${view.id}` };
    forEachElement(view.blocks, (block, element) => alive.add(formKey(surface, block, element)));
  }
  for (const key of held.keys()) if (key.startsWith("view:") && !alive.has(key)) held.delete(key);
}

function formKey(surface, block, element) {
  return `${surface.key}|${block.block_id}|${element.action_id}`;
}

function serverValue(surface, block, element) {
  const value = surface.view?.state?.values?.[block.block_id]?.[element.action_id];
  return value?.type === element.type ? JSON.stringify(value[valueName(element)] ?? null) : undefined;
}

// Someone else filled the same view (a script playing this person): take it, unless this
// browser still has typing to report.
function isNews(entry, surface, block, element) {
  const server = serverValue(surface, block, element);
  if (server === undefined || server === entry.server) return false;
  if (state.busy.has(`typing|${surface.key}`) || isFocused(block, element)) return false;
  entry.server = server;
  return server !== JSON.stringify(entry.value);
}

function isFocused(block, element) {
  const { blockId, actionId } = document.activeElement?.dataset || {};
  return blockId === block.block_id && actionId === element.action_id;
}

// A choice that the new options no longer hold falls away, as in Slack.
function isOffered(element, value) {
  const groups = element.option_groups || [{ options: element.options }];
  const offered = groups.flatMap((group) => group.options || []).map((option) => option.value);
  const picked = Array.isArray(value) ? value : [value];
  return !offered.length || picked.every((option) => !option?.value || offered.includes(option.value));
}

function initialValue(surface, block, element) {
  const server = serverValue(surface, block, element);
  if (server !== undefined) return JSON.parse(server);
  const [name, empty] = EMPTY[element.type];
  return element[INITIAL[name]] ?? defaultConversation(surface, element) ?? structuredClone(empty);
}

function defaultConversation(surface, element) {
  if (!element.default_to_current_conversation || !surface.channel) return undefined;
  return element.type.startsWith("multi_") ? [surface.channel] : surface.channel;
}
