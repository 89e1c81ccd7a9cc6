"""Which of Slack's deliveries were already acted upon."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete

from bot.store.tables import seen_deliveries
from bot.store.upsert import insert_once


def is_first(connection: Connection, key: str, now: datetime) -> bool:
    """Note a delivery's key; False if it was noted before, so that its effect must not be repeated."""
    return insert_once(connection, seen_deliveries, {"key": key, "seen_at": now})


def purge(connection: Connection, before: datetime) -> int:
    """Forget deliveries that Slack no longer repeats; how many."""
    return connection.execute(delete(seen_deliveries).where(seen_deliveries.c.seen_at < before)).rowcount
