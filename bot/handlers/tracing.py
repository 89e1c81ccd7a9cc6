"""What the log says of each delivery from Slack: the workspace and what was done, never who or what about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from time import perf_counter
from typing import Any

import structlog
from slack_bolt import App, BoltRequest, BoltResponse

from bot import logs
from bot.handlers.request import team_of

log = structlog.get_logger(__name__)

_PLAIN = re.compile(r"[\w/.:-]{1,80}")


class TracedApp(App):
    """Bolt, with one line in the log for each delivery, and its ids on every line that comes of it."""

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """As Bolt does, with the log told what it is about."""
        # Over HTTP the request has its id already; a delivery over Slack's line gets one here.
        request = logs.request() if req.mode == "http" else None
        kind, action = _kind_of(req.body)
        ids = {"request": request or logs.request_id(), "team": _team(req.body), "action": action}
        with structlog.contextvars.bound_contextvars(**ids):
            begun = perf_counter()
            answer = super().dispatch(req)
            milliseconds = round((perf_counter() - begun) * 1000, 1)
            log.info("slack_delivery", delivery=kind, status=answer.status, milliseconds=milliseconds)
        return answer


def _kind_of(body: Mapping[str, Any]) -> tuple[str, str]:
    if body.get("command"):
        return "command", _plain(body["command"])
    event = body.get("event")
    if isinstance(event, dict):
        return "event", _plain(event.get("type"))
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    view = body.get("view")
    callback = view.get("callback_id") if isinstance(view, dict) else None
    return _plain(body.get("type")), _plain(first.get("action_id") or body.get("action_id") or callback)


def _team(body: Mapping[str, Any]) -> str:
    try:
        return _plain(team_of(body))
    except AttributeError:  # no shape of Slack's
        return ""


def _plain(value: Any) -> str:
    # Ids are ours or Slack's; whatever else somebody puts there stays out of the log.
    text = str(value or "")
    return text if _PLAIN.fullmatch(text) else ""
