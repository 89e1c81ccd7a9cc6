"""What Slack sent, read once and tolerantly, so that handlers speak of people and applications."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.blocks.ids import Subject, subject_of


@dataclass(frozen=True)
class Click:
    """A person did something with an element of a message, a modal or the Home tab."""

    team_id: str
    user_id: str
    action: Mapping[str, Any]
    channel: str | None
    trigger_id: str
    view: Mapping[str, Any] | None

    @classmethod
    def read(cls, body: Mapping[str, Any]) -> Click:
        """The click in a `block_actions` payload."""
        return cls(
            team_id=team_of(body),
            user_id=body["user"]["id"],
            action=body["actions"][0],
            channel=(body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id"),
            trigger_id=body.get("trigger_id") or "",
            view=body.get("view"),
        )

    @property
    def subject(self) -> Subject:
        """The application whose card was clicked, with the version it was drawn with."""
        return subject_of(self.action.get("block_id"))

    @property
    def at(self) -> float:
        """Slack's time of the click."""
        try:
            return float(self.action.get("action_ts") or 0)
        except ValueError:
            return 0.0

    @property
    def selected(self) -> str:
        """The value chosen in a menu, empty when it was cleared."""
        return str((self.action.get("selected_option") or {}).get("value") or "")


def team_of(body: Mapping[str, Any]) -> str:
    """The workspace: `team` is null in some payloads of organisation-wide installs."""
    team = body.get("team") or {}
    return str(team.get("id") or (body.get("user") or {}).get("team_id") or body.get("team_id") or "")


def metadata_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """Our own notes in a view's `private_metadata`; empty when they can't be read."""
    try:
        notes = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return notes if isinstance(notes, dict) else {}
