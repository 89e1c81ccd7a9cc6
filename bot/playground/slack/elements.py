"""Elements as a person meets them: finding one, choosing in it, and its value in Slack's state shape."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .blockkit import elements_of
from .model import ElementKey, Inputs, Json, NotPossibleError

# For every stateful element: the field of its state value, and the field its first value comes from.
_FIELDS: dict[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", ""),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
PRESSED = frozenset({"button", "icon_button"})
_LISTS = frozenset(kind for kind, (name, _) in _FIELDS.items() if name.endswith("s"))
_CHOSEN_FROM_OPTIONS = frozenset(kind for kind, (name, _) in _FIELDS.items() if "selected_option" in name)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_TIME = re.compile(r"\d{2}:\d{2}\Z")


@dataclass(frozen=True)
class Found:
    """An element with the block it stands in."""

    block: Json
    element: Json

    @property
    def key(self) -> ElementKey:
        return str(self.block["block_id"]), str(self.element["action_id"])

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def is_stateful(self) -> bool:
        return self.kind in _FIELDS

    @property
    def dispatches(self) -> bool:
        """Whether using it tells the bot at once."""
        return self.block["type"] != "input" or bool(self.block.get("dispatch_action"))


def every_block(blocks: list[Json]) -> Iterator[Json]:
    """The blocks and those inside them."""
    for block in blocks:
        yield block
        yield from every_block(block.get("child_blocks") or [])
        if block["type"] == "carousel":
            yield from block["elements"]


def every_element(blocks: list[Json]) -> list[Found]:
    """All elements a person can use."""
    return [
        Found(block, element)
        for block in every_block(blocks)
        for element in elements_of(block)
        if "action_id" in element
    ]


def find(blocks: list[Json], action_id: str, block_id: str | None = None) -> Found:
    """The one element with this action_id; says what there is if it isn't there."""
    everything = every_element(blocks)
    hits = [
        found
        for found in everything
        if found.key[1] == action_id and (block_id is None or found.key[0] == block_id)
    ]
    if not hits:
        there = ", ".join(sorted({found.key[1] for found in everything})) or "nothing to use"
        raise NotPossibleError(f"There is no {action_id} here; there is {there}.")
    if len(hits) > 1:
        raise NotPossibleError(f"{action_id} is here {len(hits)} times; say in which block.")
    return hits[0]


def empty_state(element: Json) -> Json:
    """The state value of an untouched element, its initial value taken."""
    kind = str(element["type"])
    name, initial = _FIELDS[kind]
    nothing: Any = [] if kind in _LISTS else None
    return {"type": kind, name: element.get(initial) or nothing}


def first_state(found: Found, origin_channel: str | None) -> Json:
    """`empty_state`, with the conversation the person comes from where the element asks for that."""
    state = empty_state(found.element)
    if found.element.get("default_to_current_conversation") and origin_channel:
        name = _FIELDS[found.kind][0]
        state[name] = state[name] or ([origin_channel] if found.kind in _LISTS else origin_channel)
    return state


def state_values(blocks: list[Json], inputs: Inputs, origin_channel: str | None = None) -> Json:
    """`state.values` as Slack sends it: every stateful element, touched or not."""
    values: Json = {}
    for found in every_element(blocks):
        if found.is_stateful:
            block_id, action_id = found.key
            state = inputs.get(found.key) or first_state(found, origin_channel)
            values.setdefault(block_id, {})[action_id] = state
    return values


def kept_inputs(blocks: list[Json], inputs: Inputs) -> Inputs:
    """What survives new blocks: the values of elements that keep block_id, action_id and type."""
    now = {found.key: found for found in every_element(blocks)}
    return {key: state for key, state in inputs.items() if key in now and _still_fits(now[key], state)}


def _still_fits(found: Found, state: Json) -> bool:
    """Whether a value can stay: the element is of its type and has every option that was picked."""
    if found.kind != state["type"] or found.kind not in _FIELDS:
        return False
    if found.kind not in _CHOSEN_FROM_OPTIONS or found.kind.endswith("external_select"):
        return True
    offered = {option["value"] for option in own_options(found.element)}
    picked = raw_value(state)
    return offered.issuperset(picked if isinstance(picked, list) else [picked] if picked else [])


def raw_value(state: Json) -> Any:
    """What a person chose, out of a state value or an action: a string, a list of strings, or None."""
    kind = str(state.get("type"))
    if kind == "overflow":
        return (state.get("selected_option") or {}).get("value")
    if kind not in _FIELDS:
        return state.get("value")
    value = state.get(_FIELDS[kind][0])
    if kind not in _CHOSEN_FROM_OPTIONS:
        return value
    if kind in _LISTS:
        return [option["value"] for option in value or []]
    return value["value"] if value else None


def chosen(found: Found, raw: Any, offered: list[Json] | None = None) -> Json:
    """The state value (or overflow choice) for what a person picked; refuses what isn't on offer."""
    kind = found.kind
    if kind == "overflow":
        return {"type": kind, "selected_option": _pick(found, raw, None)}
    name = _FIELDS[kind][0]
    if kind in _CHOSEN_FROM_OPTIONS:
        return {"type": kind, name: _picked_options(found, raw, offered)}
    if kind in _LISTS:
        return {"type": kind, name: _list(found, raw)}
    return {"type": kind, name: _single(kind, raw)}


def _picked_options(found: Found, raw: Any, offered: list[Json] | None) -> Any:
    if found.kind in _LISTS:
        return [_pick(found, value, offered) for value in _list(found, raw)]
    return None if raw is None else _pick(found, raw, offered)


def _list(found: Found, raw: Any) -> list[Any]:
    values = [] if raw is None else list(raw) if isinstance(raw, list | tuple | set) else [raw]
    most = found.element.get("max_selected_items") or found.element.get("max_files")
    if most is not None and len(values) > most:
        raise NotPossibleError(f"{found.key[1]} takes no more than {most}.")
    return values


def own_options(element: Json) -> list[Json]:
    """The options an element carries itself, those in groups included."""
    options = list(element.get("options") or [])
    for group in element.get("option_groups") or []:
        options.extend(group["options"])
    return options


def _pick(found: Found, value: Any, offered: list[Json] | None) -> Json:
    options = own_options(found.element)
    if found.kind.endswith("external_select"):
        first = [found.element.get("initial_option"), *(found.element.get("initial_options") or [])]
        options = [option for option in [*(offered or []), *first] if option]
    for option in options:
        if option["value"] == value:
            return option
    there = ", ".join(str(option["value"]) for option in options) or "none"
    raise NotPossibleError(f"{found.key[1]} has no option {value!r}; its options are {there}.")


def _single(kind: str, raw: Any) -> Any:
    if raw is None or raw == "":
        return None
    if kind == "datepicker" and not _DATE.match(str(raw)):
        raise NotPossibleError(f"{raw!r} is not a date; write it as 2026-11-21.")
    if kind == "timepicker" and not _TIME.match(str(raw)):
        raise NotPossibleError(f"{raw!r} is not a time; write it as 09:30.")
    return raw if kind in ("rich_text_input", "datetimepicker") else str(raw)
