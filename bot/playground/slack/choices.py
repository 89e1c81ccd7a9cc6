"""A person's choices: put into the state of a message or view, if Slack's client would let them be made."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from .elements import PRESSED, Found, chosen, every_element, raw_value
from .model import ElementKey, Inputs, Json, NotPossibleError, Workspace
from .state import can_see

Offered = dict[ElementKey, list[Json]]


def take_values(
    workspace: Workspace, user: str, blocks: list[Json], inputs: Inputs, values: Json, offered: Offered
) -> None:
    """Take over what a page reports as typed and chosen; what has gone meanwhile is passed over."""
    for found in every_element(blocks):
        block_id, action_id = found.key
        given = values.get(block_id, {}).get(action_id)
        if found.is_stateful and isinstance(given, dict) and given.get("type") == found.kind:
            with suppress(NotPossibleError):
                choice = chosen(found, raw_value(given), offered.get(found.key))
                _refuse_strangers(workspace, user, choice)
                inputs[found.key] = choice


def use_element(
    workspace: Workspace, user: str, found: Found, raw: Any, inputs: Inputs, offered: Offered
) -> Json | None:
    """Put the person's choice into the state; what goes into the action beside the element's own fields."""
    visible_to = found.element.get("visible_to_user_ids")
    if visible_to and user not in visible_to:
        raise NotPossibleError(f"{user} doesn't see {found.key[1]}.")
    if found.kind in PRESSED or found.kind == "workflow_button":
        return None
    if found.kind == "feedback_buttons":
        return _feedback(found, raw)
    choice = chosen(found, raw, offered.get(found.key))
    _refuse_strangers(workspace, user, choice)
    if found.is_stateful:
        inputs[found.key] = choice
    return choice


def _refuse_strangers(workspace: Workspace, user: str, choice: Json) -> None:
    """Menus of people and conversations offer those that this person can see."""
    for name, value in choice.items():
        for each in value if isinstance(value, list) else [value]:
            if name in ("selected_user", "selected_users") and each is not None:
                if each not in workspace.users or workspace.users[each].deleted:
                    raise NotPossibleError(f"The menu of people has no {each}.")
            elif name.startswith(("selected_conversation", "selected_channel")) and each is not None:
                channel = workspace.channels.get(each)
                if channel is None or channel.is_archived or not can_see(workspace.users[user], channel):
                    raise NotPossibleError(f"The menu of channels has no {each}.")


def _feedback(found: Found, raw: Any) -> Json:
    for name in ("positive_button", "negative_button"):
        button = found.element[name]
        if button["value"] == raw:
            return {"value": raw, "text": button["text"]}
    raise NotPossibleError(f"{found.key[1]} has no button with the value {raw!r}.")
