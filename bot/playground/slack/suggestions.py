"""Option lists of external selects: asked of the bot while a person types, and kept as what was offered."""

from __future__ import annotations

import copy
import json

from . import payloads
from .blockkit.elements import OBJECTS
from .blockkit.walk import Walk
from .dispatch import TROUBLE, Dispatcher
from .elements import Found, find
from .model import ElementKey, Json, LocalSlackError, NotPossibleError
from .state import State


class NoOptionsError(LocalSlackError):
    """The bot gave no list of options that Slack could show."""


class Suggestions:
    """block_suggestion requests."""

    def __init__(self, state: State, dispatcher: Dispatcher) -> None:
        self._state = state
        self._dispatcher = dispatcher

    def in_view(
        self, user: str, view_id: str, action_id: str, query: str, block_id: str | None = None
    ) -> Json:
        """The options for `query`, as {"options": …} or {"option_groups": …}."""
        with self._state.lock:
            view = self._state.view_for(user, view_id)
            found = find(view.body["blocks"], action_id, block_id)
            container = {"type": "view", "view_id": view.id}
            where = {"container": container, "view": payloads.view_object(view)}
        return self._ask(user, found, query, where, view.offered)

    def on_message(
        self, user: str, channel: str, ts: str, action_id: str, query: str, block_id: str | None = None
    ) -> Json:
        """The options for `query` of a select on a message."""
        with self._state.lock:
            message = self._state.message_for(user, channel, ts)
            found = find(message.body.get("blocks", []), action_id, block_id)
            place = self._state.channel_for(user, channel)
            where: Json = {
                "container": payloads.message_container(message),
                "channel": {"id": place.id, "name": payloads.channel_name(place)},
                "message": message.body,
            }
        return self._ask(user, found, query, where, message.offered)

    def _ask(
        self, user: str, found: Found, query: str, where: Json, offered: dict[ElementKey, list[Json]]
    ) -> Json:
        if not found.kind.endswith("external_select"):
            raise NotPossibleError(f"{found.key[1]} carries its own options.")
        least = found.element.get("min_query_length", 3)
        if len(query) < least:
            return {"options": []}
        with self._state.lock:
            workspace = self._state.workspace_of(user)
            payload = payloads.suggestion(workspace, workspace.users[user], found, query, where)
            payload = copy.deepcopy(payload)
        outcome = self._dispatcher.interaction(payload)
        if outcome.error is not None:
            raise NoOptionsError(TROUBLE)
        answer = _readable(outcome.body)
        with self._state.lock:
            offered[found.key] = _flat(answer)
        return answer


def _readable(body: str) -> Json:
    try:
        answer = json.loads(body)
    except ValueError:
        raise NoOptionsError("The bot's list of options is not JSON.") from None
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        raise NoOptionsError("The bot answered neither options nor option_groups.")
    walk = Walk("modal")
    name = "options" if "options" in answer else "option_groups"
    element = "option" if name == "options" else "option_group"
    items = answer[name]
    if not isinstance(items, list) or len(items) > 100:
        raise NoOptionsError(f"The bot answered {name} that are not a list of at most 100.")
    for index, item in enumerate(items):
        walk.shape(item, OBJECTS[element], f"/{name}/{index}", set())
    if walk.problems:
        raise NoOptionsError(str(walk.problems[0]))
    return answer


def _flat(answer: Json) -> list[Json]:
    if "options" in answer:
        return list(answer["options"])
    return [option for group in answer["option_groups"] for option in group["options"]]
