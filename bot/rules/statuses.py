"""The statuses a new workspace starts with, and which of them may not be touched."""

from __future__ import annotations

from collections.abc import Iterable

from bot.models import KEEP_ON_FILE, NEW_STATUS, REJECTED, Status

LOCKED = frozenset({NEW_STATUS, KEEP_ON_FILE, REJECTED})

DEFAULT_STATUSES = (
    Status(NEW_STATUS, "New", locked=True),
    Status("shortlist", "Shortlist"),
    Status("phone_screen", "Phone screen"),
    Status("interview", "Interview"),
    Status("offer", "Offer"),
    Status("placed", "Placed"),
    Status(KEEP_ON_FILE, "Keep on file", locked=True),
    Status(REJECTED, "Rejected", locked=True),
)


def may_trigger(status: Status) -> bool:
    """Whether entering this status may be chosen to forward: locked ones stand for no progress."""
    return status.active and not status.locked and status.key not in LOCKED


def trigger_choices(statuses: Iterable[Status]) -> list[Status]:
    """What the trigger's menu offers, in the workspace's order."""
    return [status for status in statuses if may_trigger(status)]
