// What a select offers: its own options, people, channels, or what the app answers.

import { post } from "../api.js";
import { state, update } from "../store.js";
import { bareText } from "../text/mrkdwn.js";

const ASK_PAUSE = 180;
let asking = null;

/** Whether the select's value is an id rather than a whole option. */
export function holdsIds(element) {
  return /(users|channels|conversations)_select$/.test(element.type);
}

/** Groups `{label, options}` that match what was typed in the open menu. */
export function offeredGroups(element) {
  if (element.type.includes("external")) return normalise(state.menu.groups || {});
  const query = state.menu.query.trim().toLowerCase();
  return allGroups(element)
    .map((group) => ({ ...group, options: group.options.filter((option) => matches(option, query)) }))
    .filter((group) => group.options.length);
}

/** The label for a held value. */
export function labelOf(element, value) {
  if (!holdsIds(element)) return value.text;
  const options = allGroups(element).flatMap((group) => group.options);
  return options.find((option) => option.value === value)?.text || plain(value);
}

/** Asks the app for options once typing pauses, from the element's minimum length on. */
export function askForOptions(surface, block, element) {
  clearTimeout(asking);
  const { query } = state.menu;
  if (query.length < (element.min_query_length ?? 3)) {
    update((now) => Object.assign(now.menu, { groups: null, loading: false }));
    return;
  }
  update((now) => Object.assign(now.menu, { loading: true }));
  asking = setTimeout(() => fetchOptions(surface, block, element, query), ASK_PAUSE);
}

async function fetchOptions(surface, block, element, query) {
  const { menu } = state;
  const answer = await post("options", {
    container: surface.container,
    block_id: block.block_id,
    action_id: element.action_id,
    value: query,
  });
  if (state.menu !== menu || menu.query !== query) return;
  update(() =>
    Object.assign(menu, { loading: false, groups: answer, failed: answer.ok === false, active: 0 }),
  );
}

function allGroups(element) {
  if (element.type.endsWith("users_select")) return [{ options: people() }];
  if (element.type.endsWith("channels_select")) return [{ options: channels(false) }];
  if (element.type.endsWith("conversations_select")) return [{ options: channels(wantsDirect(element)) }];
  return normalise(element);
}

function normalise({ options, option_groups: groups }) {
  if (groups) return groups.map((group) => ({ label: bareText(group.label), options: group.options }));
  return options ? [{ options }] : [];
}

function people() {
  return state.snap.users
    .filter((user) => !user.is_bot)
    .map((user) => ({ text: plain(user.name), value: user.id }));
}

function channels(withDirect) {
  return state.snap.channels
    .filter((channel) => withDirect || !channel.is_im)
    .map((channel) => ({
      text: plain(channel.is_im ? channel.name : `# ${channel.name}`),
      value: channel.id,
    }));
}

function wantsDirect(element) {
  return !element.filter?.include || element.filter.include.includes("im");
}

function matches(option, query) {
  return bareText(option.text).toLowerCase().includes(query);
}

function plain(text) {
  return { type: "plain_text", text };
}
