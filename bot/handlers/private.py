"""Private answers: what the person who clicked, and nobody else, is told."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from slack_sdk.errors import SlackApiError
from ulid import ULID

from bot.blocks import notices
from bot.errors import HandoffError
from bot.handlers.calm import is_away
from bot.handlers.request import Click
from bot.usecases import queue, slack
from bot.usecases.house import House

log = structlog.get_logger(__name__)

_TOO_LATE = frozenset(
    {
        "expired_trigger_id",
        "trigger_expired",
        "invalid_trigger_id",
        "exchanged_trigger_id",
        "trigger_exchanged",
    }
)
_GAVE_UP_WAITING = "That took too long, so Slack did not let it open. Please try it once more."
_NO_ANSWER = "Slack did not answer in time. Please try it once more in a moment."


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
        """What people are told of an error: its own words if it has some for them, else a reference to
        the log.
        """
        if isinstance(error, HandoffError):
            return str(error)
        if isinstance(error, SlackApiError) and slack.error_code(error) in _TOO_LATE:
            return _GAVE_UP_WAITING
        if isinstance(error, slack.NETWORK_TROUBLE) and _is_passing(error):
            log.warning("slack_did_not_answer", error=type(error).__name__)
            return _NO_ANSWER
        if is_away(error):
            log.error("database_unusable", error=type(error).__name__)
            return notices.database_away()
        reference = str(ULID())
        log.error("handler_failed", reference=reference, error=type(error).__name__, exc_info=error)
        return notices.went_wrong(reference)


def _is_passing(error: Exception) -> bool:
    # A refusal in so many words is a fault of ours; anything else is the network's, or Slack's own.
    if not isinstance(error, SlackApiError):
        return True
    return error.response.status_code != 200 or slack.error_code(error) in (
        "internal_error",
        "fatal_error",
        "ratelimited",
    )
