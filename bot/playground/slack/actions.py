"""What people do on messages and in the composer: checked as Slack's client does, then told to the bot."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from . import messages, payloads, replies
from .choices import take_values, use_element
from .dispatch import Dispatcher
from .elements import Found, find
from .events import Events
from .model import ApiError, Channel, Json, Message, NotPossibleError, Outcome, Workspace
from .people import DEFAULT_COMMANDS
from .state import State
from .triggers import new_response_url, new_trigger


class Actions:
    """Everything a person can do outside views."""

    def __init__(self, state: State, dispatcher: Dispatcher, events: Events) -> None:
        self._state = state
        self._dispatcher = dispatcher
        self._events = events
        self.commands: Sequence[Json] = DEFAULT_COMMANDS

    def command(
        self, user: str, channel: str, name: str, text: str = "", thread_ts: str | None = None
    ) -> Outcome:
        """A slash command from the composer."""
        if thread_ts is not None:
            raise NotPossibleError(f"{name} is not supported in threads. Sorry!")
        if name not in {str(command["command"]) for command in self.commands}:
            raise NotPossibleError(f"{name} is not a valid command.")
        with self._state.lock:
            workspace = self._state.workspace_of(user)
            where = self._state.channel_for(user, channel)
            fields = payloads.command(workspace, workspace.users[user], where, name, text)
            fields["trigger_id"] = new_trigger(self._state, workspace.id, user, channel=channel)
            fields["response_url"] = new_response_url(self._state, "commands", workspace.id, user, channel)
        outcome = self._dispatcher.command(fields)
        return self._answered(workspace, user, where, outcome)

    def _answered(self, workspace: Workspace, user: str, where: Channel, outcome: Outcome) -> Outcome:
        if outcome.error is None:
            try:
                replies.answer_command(self._state, workspace, user, where, outcome.body)
            except ApiError as refusal:
                # Slack shows nothing of an answer it can't read; whoever runs this wants to know why.
                sentence = f"The answer could not be shown: {refusal.code}. {refusal.extra or ''}".strip()
                outcome = Outcome(outcome.status, outcome.body, outcome.elapsed, sentence)
        with self._state.lock:
            self._state.notices.pop(user, None)
            if outcome.error is not None:
                self._state.notices[user] = outcome.error
        self._state.changed()
        return outcome

    def say(self, user: str, channel: str, text: str, thread_ts: str | None = None) -> Outcome:
        """An ordinary message."""
        with self._state.lock:
            workspace = self._state.workspace_of(user)
            where = self._state.channel_for(user, channel)
            if user not in where.members:
                raise NotPossibleError(f"{user} has to join {channel} before writing in it.")
            body: Json = {"type": "message", "user": user, "team": workspace.id, "text": text}
            if thread_ts is not None:
                body["thread_ts"] = thread_ts
            message = messages.put(self._state, where, body)
            inner = copy.deepcopy(message.body) | {"channel": channel, "event_ts": message.ts}
            inner["channel_type"] = "im" if where.is_im else "group" if where.is_private else "channel"
        self._state.changed()
        kind = {"im": "message.im", "group": "message.groups", "channel": "message.channels"}
        return self._events.happened(kind[inner["channel_type"]], inner, team=workspace.id)

    def act(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        block_id: str | None = None,
        raw: Any = None,
        values: Json | None = None,
    ) -> Outcome:
        """Use an element of a message; `values` is the state of all its elements as the page has it."""
        with self._state.lock:
            message = self._state.message_for(user, channel, ts)
            found = find(message.body.get("blocks", []), action_id, block_id)
            inputs = message.inputs.setdefault(user, {})
            workspace, blocks = self._state.workspace_of(user), message.body["blocks"]
            take_values(workspace, user, blocks, inputs, values or {}, message.offered)
            choice = use_element(workspace, user, found, raw, inputs, message.offered)
            message.errors.pop(user, None)
            if not found.dispatches:
                return Outcome()
            payload = self._payload(user, message, found, choice)
            message.pending.setdefault(user, []).append(action_id)
        self._state.changed()
        outcome = self._dispatcher.interaction(payload)
        with self._state.lock:
            message.pending[user].remove(action_id)
            if outcome.error is not None:
                message.errors[user] = outcome.error
        self._state.changed()
        return outcome

    def _payload(self, user: str, message: Message, found: Found, choice: Json | None) -> Json:
        workspace = self._state.workspace_of(user)
        channel = workspace.channels[message.channel]
        entry = payloads.action(found, choice, self._state.next_ts())
        payload = payloads.message_actions(workspace, workspace.users[user], channel, message, entry)
        payload["trigger_id"] = new_trigger(self._state, workspace.id, user, channel=channel.id)
        payload["response_url"] = new_response_url(
            self._state, "actions", workspace.id, user, channel.id, message.ts
        )
        return copy.deepcopy(payload)
