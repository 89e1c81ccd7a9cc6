"""The outbox as a whole: how much there is of what, since when, and what was given up."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select

from bot.store.job_rows import LEASED, READY
from bot.store.outbox_tables import outbox


def depth(connection: Connection) -> dict[tuple[str, str], int]:
    """How many rows there are by kind and state."""
    query = select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state)
    return {(kind, state): count for kind, state, count in connection.execute(query)}


def oldest(connection: Connection, now: datetime) -> dict[str, datetime]:
    """Since when the oldest job of each kind waits that should have left: it is due, or failed before."""
    is_late = or_(outbox.c.due_at <= now, outbox.c.attempts > 0)
    query = (
        select(outbox.c.kind, func.min(outbox.c.created_at))
        .where(outbox.c.state.in_(["ready", "leased"]), is_late)
        .group_by(outbox.c.kind)
    )
    return dict(connection.execute(query).all())


def lanes(connection: Connection, wanted: Collection[str]) -> set[str]:
    """Which of these lanes have a job that waits or is under way."""
    query = select(outbox.c.lane).where(outbox.c.lane.in_(wanted))
    waiting = connection.execute(query.where(READY)).scalars()
    leased = connection.execute(query.where(LEASED)).scalars()
    return {*waiting, *leased}


def dead_lanes(connection: Connection, wanted: Collection[str]) -> set[str]:
    """Which of these lanes have a job that was given up."""
    is_dead = outbox.c.state == "dead"
    return set(connection.execute(select(outbox.c.lane).where(is_dead, outbox.c.lane.in_(wanted))).scalars())


def given_up(connection: Connection) -> dict[tuple[str, str], int]:
    """How many jobs were given up, by kind and reason, the most frequent first."""
    count = func.count()
    query = (
        select(outbox.c.kind, outbox.c.reason, count)
        .where(outbox.c.state == "dead")
        .group_by(outbox.c.kind, outbox.c.reason)
        .order_by(count.desc(), outbox.c.kind)
    )
    return {(kind, reason or ""): found for kind, reason, found in connection.execute(query)}


def purge_dead(connection: Connection, before: datetime) -> int:
    """Forget jobs that were given up by then; how many."""
    # The last lease is the nearest to the moment that the row knows.
    last_held = func.coalesce(outbox.c.leased_until, outbox.c.created_at)
    return connection.execute(delete(outbox).where(outbox.c.state == "dead", last_held < before)).rowcount
