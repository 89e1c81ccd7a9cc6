"""What people hear while the database is away: that nothing was changed, told without any help of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_sdk.webhook import WebhookClient
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.blocks import notices
from bot.handlers.background import Background

log = structlog.get_logger(__name__)

_ANSWER_SECONDS = 5


def is_away(error: Exception) -> bool:
    """Whether an error says that the database can't be used at the moment, be it away or full."""
    if isinstance(error, OperationalError):
        # SQLite says this of statements that are wrong, which is a fault of ours and no outage.
        return getattr(error.orig, "sqlite_errorname", None) != "SQLITE_ERROR"
    return isinstance(error, (InterfaceError, PoolTimeout))


def answer(body: Mapping[str, Any], background: Background) -> BoltResponse:
    """The answer to a delivery that nothing could be done about.

    503 where Slack then sends again (events) or says so itself (modals, menus).
    """
    if body.get("command"):
        words = {"response_type": "ephemeral", "text": notices.database_away()}
        return BoltResponse(status=200, body=words)
    return BoltResponse(status=200 if tell(body, background) else 503, body="")


def tell(body: Mapping[str, Any], background: Background) -> bool:
    """Tell whoever clicked on a message, through the address that came with the click; False without one."""
    url = body.get("response_url")
    if not isinstance(url, str) or not url:
        return False
    background.start(lambda: _send(url), _not_told)
    return True


def _send(url: str) -> None:
    client = WebhookClient(url, timeout=_ANSWER_SECONDS, retry_handlers=[])
    client.send(text=notices.database_away(), response_type="ephemeral", replace_original=False)


def _not_told(error: Exception) -> None:
    log.warning("click_not_answered", error=type(error).__name__)
