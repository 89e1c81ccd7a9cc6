"""Waiting until a product has delivered what it can, so that its work is not in another's figures."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.store.database import Database
from bot.store.outbox_tables import outbox


def until(holds: Callable[[], bool], seconds: float = 120.0, pause: float = 0.05) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise RuntimeError("What was measured did not come to its end in time.")
        time.sleep(pause)


def until_delivered(database: Database, *kinds: str, seconds: float = 120.0) -> None:
    """Wait until no job of these kinds is due or under way."""

    def is_quiet() -> bool:
        query = select(func.count()).where(outbox.c.kind.in_(kinds), outbox.c.due_at <= datetime.now(UTC))
        with database.reading() as connection:
            return connection.execute(query.where(outbox.c.state != "dead")).scalar_one() == 0

    until(is_quiet, seconds, pause=0.1)
