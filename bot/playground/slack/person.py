"""Acting as a person: the same things the page's buttons do, for tests and the tour."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from .actions import Actions
from .elements import PRESSED, find
from .events import Events
from .modals import Modals
from .model import Json, Message, NotPossibleError, Outcome
from .payloads import view_object
from .state import State, direct_channel
from .suggestions import Suggestions


@dataclass(frozen=True)
class Desk:
    """The ways a person can act, shared by everybody."""

    state: State
    actions: Actions
    modals: Modals
    suggestions: Suggestions
    events: Events


class Person:
    """One person at their Slack. What Slack wouldn't let them do raises NotPossibleError."""

    def __init__(self, desk: Desk, user: str) -> None:
        self._desk = desk
        self.user = user

    def command(self, command: str, text: str = "", *, channel: str, thread_ts: str | None = None) -> Outcome:
        """Send a slash command from a channel."""
        return self._desk.actions.command(self.user, channel, command, text, thread_ts)

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Outcome:
        """Send an ordinary message."""
        return self._desk.actions.say(self.user, channel, text, thread_ts)

    def click(self, channel: str, ts: str, action_id: str, block_id: str | None = None) -> Outcome:
        """Press a button on a message; a question it asks first is answered with yes."""
        with self._desk.state.lock:
            message = self._desk.state.message_for(self.user, channel, ts)
            found = find(message.body.get("blocks", []), action_id, block_id)
        if found.kind not in PRESSED:
            raise NotPossibleError(f"{action_id} is a {found.kind}, not a button.")
        return self._desk.actions.act(self.user, channel, ts, action_id, block_id)

    def choose(
        self, channel: str, ts: str, action_id: str, value: Any, block_id: str | None = None
    ) -> Outcome:
        """Pick in a menu, overflow, radio group or tick boxes on a message."""
        with self._desk.state.lock:
            message = self._desk.state.message_for(self.user, channel, ts)
            found = find(message.body.get("blocks", []), action_id, block_id)
        if found.kind in PRESSED:
            raise NotPossibleError(f"{action_id} is a button; there is nothing to choose.")
        return self._desk.actions.act(self.user, channel, ts, action_id, block_id, value)

    def view(self) -> Json | None:
        """The modal on top, as payloads show it (with `state`), or None."""
        views = self.views()
        return views[-1] if views else None

    def views(self) -> list[Json]:
        """All open modals, bottom first."""
        with self._desk.state.lock:
            return [copy.deepcopy(view_object(view)) for view in self._desk.state.stack(self.user)]

    def view_errors(self) -> dict[str, str]:
        """The sentences beside fields of the modal on top, by block_id."""
        with self._desk.state.lock:
            stack = self._desk.state.stack(self.user)
            return dict(stack[-1].errors) if stack else {}

    def home(self) -> Json | None:
        """The Home tab as it was last published for this person."""
        with self._desk.state.lock:
            home = self._desk.state.workspace_of(self.user).homes.get(self.user)
            return None if home is None else copy.deepcopy(view_object(home))

    def open_home(self) -> Outcome:
        """Open the bot's Home tab."""
        return open_home(self._desk, self.user)

    def act_in_view(
        self,
        action_id: str,
        value: Any = None,
        *,
        values: list[str] | None = None,
        block_id: str | None = None,
    ) -> Outcome:
        """Use an element of the modal on top, or of the Home tab while no modal is open."""
        raw = value if values is None else values
        return self._desk.modals.act(self.user, self._visible(), action_id, block_id, raw)

    def fill(self, block_id_or_action_id: str, value: Any) -> None:
        """Set an input without telling the bot."""
        self._desk.modals.fill(self.user, self._visible(), block_id_or_action_id, value)

    def submit(self) -> Outcome:
        """Press the modal's submit button."""
        return self._desk.modals.submit(self.user, self._visible())

    def close(self, *, everything: bool = False) -> Outcome:
        """Press Cancel, or with `everything` the cross that closes the whole stack."""
        return self._desk.modals.close(self.user, self._visible(), everything=everything)

    def options(
        self,
        action_id: str,
        query: str = "",
        *,
        channel: str | None = None,
        ts: str | None = None,
        block_id: str | None = None,
    ) -> Json:
        """Type into an external select, in the view or (with `channel` and `ts`) on a message."""
        if channel is not None and ts is not None:
            return self._desk.suggestions.on_message(self.user, channel, ts, action_id, query, block_id)
        return self._desk.suggestions.in_view(self.user, self._visible(), action_id, query, block_id)

    def sees(self, channel: str) -> list[Json]:
        """The channel's messages in order, those only this person sees (`ephemeral`) too; no replies."""
        return self._shown(channel, lambda message: not message.in_thread)

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A message and what hangs under it."""
        return self._shown(channel, lambda message: message.ts == ts or message.thread_ts == ts)

    def notice(self) -> str | None:
        """What Slack tells this person about their last slash command, if it failed."""
        with self._desk.state.lock:
            return self._desk.state.notices.get(self.user)

    def _shown(self, channel: str, wanted: Any) -> list[Json]:
        with self._desk.state.lock:
            everything = self._desk.state.channel_for(self.user, channel).messages
            seen = [m for m in everything if m.ephemeral_to in (None, self.user) and wanted(m)]
            return [message_as_seen(message, self.user) for message in seen]

    def _visible(self) -> str:
        with self._desk.state.lock:
            stack = self._desk.state.stack(self.user)
            home = self._desk.state.workspace_of(self.user).homes.get(self.user)
            view = stack[-1] if stack else home
            if view is None:
                raise NotPossibleError(f"{self.user} has no modal open and no Home tab.")
            return view.id


def message_as_seen(message: Message, user: str) -> Json:
    """A message as this person's client shows it: what is under way on it, and what failed."""
    body = copy.deepcopy(message.body)
    body["channel"] = message.channel
    if message.ephemeral_to is not None:
        body["ephemeral"] = True
    if message.pending.get(user):
        body["pending"] = list(message.pending[user])
    if message.errors.get(user):
        body["error"] = message.errors[user]
    return body


def open_home(desk: Desk, user: str) -> Outcome:
    """Tell the bot that this person opened its Home tab."""
    with desk.state.lock:
        workspace = desk.state.workspace_of(user)
        inner: Json = {
            "type": "app_home_opened",
            "user": user,
            "channel": direct_channel(desk.state, workspace, workspace.users[user]).id,
            "event_ts": desk.state.next_ts(),
            "tab": "home",
        }
        home = workspace.homes.get(user)
        if home is not None:
            inner["view"] = copy.deepcopy(view_object(home))
    return desk.events.happened("app_home_opened", inner, team=workspace.id)
