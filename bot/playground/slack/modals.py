"""What people do in modals and on the Home tab: use elements, type, submit, close."""

from __future__ import annotations

import copy
import json
from typing import Any

from . import payloads, views
from .choices import take_values, use_element
from .complaints import complaints
from .dispatch import TROUBLE, Dispatcher
from .elements import Found, every_element, find, raw_value
from .files import from_person
from .model import ApiError, Json, NotPossibleError, Outcome, View
from .state import State
from .triggers import new_response_url, new_trigger


class Modals:
    """Everything a person can do inside views."""

    def __init__(self, state: State, dispatcher: Dispatcher) -> None:
        self._state = state
        self._dispatcher = dispatcher

    def act(
        self,
        user: str,
        view_id: str,
        action_id: str,
        block_id: str | None = None,
        raw: Any = None,
        values: Json | None = None,
    ) -> Outcome:
        """Use an element of the view; the bot hears of it where Slack would tell it."""
        with self._state.lock:
            view = self._state.view_for(user, view_id)
            found = find(view.body["blocks"], action_id, block_id)
            self._take(view, values or {})
            choice = self._use(view, found, raw)
            view.errors.pop(found.key[0], None)
            view.error = None
            payload = self._action_payload(user, view, found, choice) if found.dispatches else None
            if payload is not None:
                view.pending.append(action_id)
        self._state.changed()
        return Outcome() if payload is None else self._dispatched(view, action_id, payload)

    def _dispatched(self, view: View, action_id: str, payload: Json) -> Outcome:
        outcome = self._dispatcher.interaction(payload)
        with self._state.lock:
            view.pending.remove(action_id)
            if outcome.error is not None:
                view.error = outcome.error
        self._state.changed()
        return outcome

    def _action_payload(self, user: str, view: View, found: Found, choice: Json | None) -> Json:
        workspace = self._state.workspace(view.team)
        entry = payloads.action(found, choice, self._state.next_ts())
        payload = payloads.view_actions(workspace, workspace.users[user], view, entry)
        payload["trigger_id"] = self._trigger(view)
        return copy.deepcopy(payload)

    def _trigger(self, view: View) -> str:
        return new_trigger(self._state, view.team, view.user, channel=view.origin_channel, view_id=view.id)

    def fill(self, user: str, view_id: str, block_or_action: str, raw: Any) -> None:
        """Set an input without telling the bot."""
        with self._state.lock:
            view = self._state.view_for(user, view_id)
            found = _by_block_or_action(view, block_or_action)
            if not found.is_stateful:
                raise NotPossibleError(f"{block_or_action} is not something to fill in.")
            self._use(view, found, raw)
            view.errors.pop(found.key[0], None)
        self._state.changed()

    def type(self, user: str, view_id: str, values: Json) -> None:
        """Take over what the page says has been typed so far."""
        with self._state.lock:
            view = self._state.view_for(user, view_id)
            self._take(view, values)
        self._state.changed()

    def _take(self, view: View, values: Json) -> None:
        for found in every_element(view.body["blocks"]):
            block_id, action_id = found.key
            given = values.get(block_id, {}).get(action_id)
            if found.kind == "file_input" and given:
                given["files"] = self._files(view, found, given.get("files"))
        workspace = self._state.workspace(view.team)
        take_values(workspace, view.user, view.body["blocks"], view.inputs, values, view.offered)

    def _use(self, view: View, found: Found, raw: Any) -> Json | None:
        workspace, value = self._state.workspace(view.team), self._files(view, found, raw)
        return use_element(workspace, view.user, found, value, view.inputs, view.offered)

    def _files(self, view: View, found: Found, raw: Any) -> Any:
        """A file_input's files as Slack describes them; any other element's value as it is."""
        if found.kind != "file_input":
            return raw
        return from_person(self._state, self._state.workspace(view.team), raw or [])

    def submit(self, user: str, view_id: str, values: Json | None = None) -> Outcome:
        """Press the submit button. Nothing is sent while a field is missing or malformed."""
        with self._state.lock:
            view = self._state.view_for(user, view_id)
            if view.body["type"] != "modal" or not view.body["submit"]:
                raise NotPossibleError("There is no submit button here.")
            if "submit" in view.pending:
                raise NotPossibleError("It is being submitted already.")
            self._take(view, values or {})
            view.error = None
            view.errors = complaints(view.body["blocks"], view.inputs, view.origin_channel)
            payload = None if view.errors else self._submission(user, view)
            if payload is not None:
                view.pending.append("submit")
        self._state.changed()
        if payload is None:
            return Outcome(errors=dict(view.errors))
        outcome = self._dispatcher.interaction(payload)
        return self._settle(user, view, outcome)

    def _submission(self, user: str, view: View) -> Json:
        workspace = self._state.workspace(view.team)
        payload = payloads.submission(workspace, workspace.users[user], view)
        payload["trigger_id"] = self._trigger(view)
        for found in every_element(view.body["blocks"]):
            state = view.inputs.get(found.key)
            if found.element.get("response_url_enabled") and state and raw_value(state):
                channel = str(raw_value(state))
                url = new_response_url(self._state, "app", view.team, user, channel)
                block_id, action_id = found.key
                answer = {"block_id": block_id, "action_id": action_id, "channel_id": channel}
                payload["response_urls"].append(answer | {"response_url": url})
        return copy.deepcopy(payload)

    def _settle(self, user: str, view: View, outcome: Outcome) -> Outcome:
        """Do what the bot answered to the submission."""
        with self._state.lock:
            view.pending.remove("submit")
            error, errors = outcome.error, {}
            if error is None and view in self._state.stack(user):
                try:
                    errors = self._obey(user, view, outcome.body)
                except (ApiError, ValueError) as refusal:
                    detail = refusal.extra if isinstance(refusal, ApiError) else ""
                    error = f"{TROUBLE} ({refusal} {detail})"
            view.errors = errors
            view.error = TROUBLE if error else None
        self._state.changed()
        return Outcome(outcome.status, outcome.body, outcome.elapsed, error, errors)

    def _obey(self, user: str, view: View, body: str) -> dict[str, str]:
        answer = json.loads(body) if body.strip() else {}
        if not isinstance(answer, dict):
            raise ApiError("invalid_response")
        workspace, stack = self._state.workspace(view.team), self._state.stack(user)
        match answer.get("response_action"):
            case None:
                stack.remove(view)
            case "clear":
                stack.clear()
            case "errors":
                return _field_errors(view, answer.get("errors"))
            case "update":
                views.refuse_bad_view(answer.get("view"), kind="modal")
                views.update_view(self._state, workspace, view, answer["view"])
            case "push":
                views.refuse_bad_view(answer.get("view"), kind="modal")
                views.push_view(self._state, workspace, user, answer["view"])
            case unknown:
                raise ApiError("invalid_response_action", response_action=unknown)
        return {}

    def close(self, user: str, view_id: str, *, everything: bool = False) -> Outcome:
        """Press Cancel on the top modal, or with `everything` the cross, which closes the whole stack."""
        with self._state.lock:
            stack = self._state.stack(user)
            view = self._state.view_for(user, view_id)
            if view not in stack:
                raise NotPossibleError("There is no modal to close.")
            everything = everything or bool(view.body["clear_on_close"])
            told = stack[0] if everything else view
            workspace = self._state.workspace(view.team)
            payload = payloads.closed(workspace, workspace.users[user], told, is_cleared=everything)
            payload = copy.deepcopy(payload)
            del stack[0 if everything else -1 :]
        self._state.changed()
        return self._dispatcher.interaction(payload) if told.body["notify_on_close"] else Outcome()


def _by_block_or_action(view: View, name: str) -> Found:
    blocks = view.body["blocks"]
    in_block = [found for found in every_element(blocks) if found.key[0] == name and found.is_stateful]
    return in_block[0] if len(in_block) == 1 else find(blocks, name)


def _field_errors(view: View, errors: Any) -> dict[str, str]:
    """Errors go beside input blocks; Slack knows no other place for them."""
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
        raise ApiError("invalid_errors", errors=errors)
    return {str(block_id): str(text) for block_id, text in errors.items()}
