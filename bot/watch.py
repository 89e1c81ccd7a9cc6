"""Hears what comes of the bot's work, so that somebody can count it without anybody else knowing who."""

from __future__ import annotations


class Watch:
    """What can be heard. This one keeps all of it to itself; `bot.web.metrics` counts."""

    def delivered(self, kind: str, pace: str | None, outcome: str, seconds: float) -> None:
        """A job of the outbox ran: `done`, `again`, `paused` (nothing was tried), `given_up` or `fault`."""

    def held(self, pace: str) -> None:
        """A remote asked everything of this pace to wait."""

    def handed(self, crm: str, outcome: str) -> None:
        """A try of a handoff ended: `sent`, `failed`, `again`, or `parked` until somebody signs in."""

    def renewed(self, crm: str, outcome: str) -> None:
        """An access token was to be renewed: `renewed`, `refused`, or `failed` on the way."""
