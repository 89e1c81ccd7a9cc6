"""What the page's buttons ask of the local Slack: each name is a POST, its body who did what."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .dispatch import TROUBLE
from .elements import raw_value
from .model import Json, LocalSlackError, Outcome
from .person import Desk, open_home
from .snapshot import Shop


def _answer(outcome: Outcome) -> Json:
    """Errors beside fields travel in the snapshot, as part of the view."""
    if outcome.error is None:
        return {"ok": True}
    # Why Slack is in trouble is for tests to know, not for the person.
    return {"ok": False, "error": TROUBLE if outcome.error.startswith(TROUBLE) else outcome.error}


class PageApi:
    """The page's way in; the same code as `as_user` from here on."""

    def __init__(self, desk: Desk, shop: Shop) -> None:
        self._desk = desk
        self._shop = shop
        self._asked: dict[str, Callable[[Json], Json]] = {
            "command": self._command,
            "act": self._act,
            "input": self._input,
            "submit": self._submit,
            "close": self._close,
            "home": self._home,
            "options": self._options,
            "read": self._read,
        }

    def handle(self, name: str, body: Json) -> Json | None:
        """Do it; None if there is no such thing to ask."""
        if name in ("applicant", "burst"):
            return self._applicants(self._shop.new_applicant if name == "applicant" else self._shop.burst)
        asked = self._asked.get(name)
        if asked is None:
            return None
        try:
            return asked(body)
        except LocalSlackError as refusal:
            return {"ok": False, "error": str(refusal)}
        except (KeyError, TypeError, AttributeError):
            return {"ok": False, "error": "The page sent something the local Slack can't read."}

    def _command(self, body: Json) -> Json:
        user, channel, text = body["user"], body["channel"], str(body["text"])
        self._mark_read(user, channel)
        if not text.startswith("/"):
            return _answer(self._desk.actions.say(user, channel, text, body.get("thread_ts")))
        name, _, rest = text.partition(" ")
        thread_ts = body.get("thread_ts")
        return _answer(self._desk.actions.command(user, channel, name, rest.strip(), thread_ts))

    def _act(self, body: Json) -> Json:
        where, element, values = body["container"], body["element"], body.get("state") or {}
        what: tuple[Any, ...] = (body["action_id"], body["block_id"], raw_value(element), values)
        if where["type"] == "message":
            self._mark_read(body["user"], where["channel"])
            return _answer(self._desk.actions.act(body["user"], where["channel"], where["ts"], *what))
        return _answer(self._desk.modals.act(body["user"], where["id"], *what))

    def _input(self, body: Json) -> Json:
        self._desk.modals.type(body["user"], body["view_id"], body["state"])
        return {"ok": True}

    def _submit(self, body: Json) -> Json:
        return _answer(self._desk.modals.submit(body["user"], body["view_id"], body.get("state") or {}))

    def _close(self, body: Json) -> Json:
        everything = bool(body.get("everything"))
        # What the bot makes of a closed view is never shown to anybody.
        self._desk.modals.close(body["user"], body["view_id"], everything=everything)
        return {"ok": True}

    def _home(self, body: Json) -> Json:
        open_home(self._desk, body["user"])
        return {"ok": True}

    def _options(self, body: Json) -> Json:
        where, action_id, query = body["container"], body["action_id"], str(body.get("value") or "")
        ask = self._desk.suggestions
        if where["type"] == "message":
            place = (where["channel"], where["ts"])
            return ask.on_message(body["user"], *place, action_id, query, body["block_id"])
        return ask.in_view(body["user"], where["id"], action_id, query, body["block_id"])

    @staticmethod
    def _applicants(make: Callable[[], object] | None) -> Json:
        if make is None:
            return {"ok": False, "error": "No more applicants can be made here."}
        make()
        return {"ok": True}

    def _read(self, body: Json) -> Json:
        self._mark_read(body["user"], body["channel"])
        self._desk.state.changed()
        return {"ok": True}

    def _mark_read(self, user: str, channel: str) -> None:
        with self._desk.state.lock:
            seen = self._desk.state.channel_for(user, channel).messages
            self._desk.state.last_read[user, channel] = seen[-1].ts if seen else ""
