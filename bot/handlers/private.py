"""Private answers: what the person who clicked, and nobody else, is told."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from ulid import ULID

from bot.blocks import notices
from bot.errors import HandoffError
from bot.handlers.request import Click
from bot.usecases import queue
from bot.usecases.house import House

log = structlog.get_logger(__name__)


class Private:
    """Tells one person something, through the outbox."""

    def __init__(self, house: House) -> None:
        self._house = house

    def tell(self, click: Click, text: str) -> None:
        """Show `text` in the channel of the click, or send it as a direct message where there is none."""
        self.say(click.team_id, click.user_id, click.channel, text)

    def say(self, team_id: str, user_id: str, channel: str | None, text: str) -> None:
        """The same for an answer that is to no click."""
        with self._house.database.transaction() as connection:
            if channel:
                queue.ephemeral(self._house, connection, team_id, channel, user_id, text)
            else:
                queue.direct(self._house, connection, team_id, user_id, text)

    def on_error(self, click: Click) -> Callable[[Exception], None]:
        """What to do with an error that a click ended in."""
        return lambda error: self.tell(click, self.sentence(error))

    @staticmethod
    def sentence(error: Exception) -> str:
        """What people are told of an error: its own words if it has some for them, else a reference to the log."""
        if isinstance(error, HandoffError):
            return str(error)
        reference = str(ULID())
        log.error("handler_failed", reference=reference, error=type(error).__name__, exc_info=error)
        return notices.went_wrong(reference)
