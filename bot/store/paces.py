"""How fast things may go to one remote: a gap between them, a pause it asked for, a break after failures."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, literal, or_, select, update

from bot.store.outbox_tables import outbox, paces
from bot.store.upsert import insert_once

_TRIAL_AFTER = 5  # failures in a row, after which only one job at a time tries whether the remote is back
_TRIAL_LASTS = timedelta(seconds=15)
_SHORT_BREAKS = 12  # so many end within seconds: a short outage is noticed to be over soon
_LONGEST_BREAK = 60.0

IS_FREE = or_(paces.c.until.is_(None), paces.c.until <= bindparam("now"))
"""The condition that a row of the outbox, joined with its pace, is not held by it at `now`."""
_FAILURES = select(paces.c.failures).where(paces.c.key == bindparam("key"))
_NEXT_FREE = select(func.min(paces.c.until)).where(paces.c.until > bindparam("now"))


def is_on_trial(failures: int | None) -> bool:
    """Whether a remote failed so often in a row that only one job may try it."""
    return (failures or 0) >= _TRIAL_AFTER


def take(connection: Connection, key: str, now: datetime, gap: float) -> bool:
    """Take the next place of a pace; False when somebody else has just taken it."""
    insert_once(connection, paces, {"key": key, "until": now, "failures": 0})
    failures = connection.execute(_FAILURES, {"key": key}).scalar_one()
    wait = _TRIAL_LASTS if is_on_trial(failures) else timedelta(seconds=gap)
    if not wait:
        return True
    taken = update(paces).where(paces.c.key == key, paces.c.until <= now).values(until=now + wait)
    return connection.execute(taken).rowcount > 0


def hold(connection: Connection, key: str, until: datetime, *, was_trial: bool = False) -> None:
    """Let nothing of this pace go before `until`, as its remote asked for.

    After a trial that is all: a remote that asks for a pause is there.
    """
    insert_once(connection, paces, {"key": key, "until": until, "failures": 0})
    is_longer = (paces.c.until < until) | literal(was_trial)
    connection.execute(update(paces).where(paces.c.key == key, is_longer).values(until=until))


def fail(connection: Connection, key: str, now: datetime, *, was_trial: bool = False) -> None:
    """Note a failure of the remote itself; after several in a row everything of this pace takes a break.

    During a break only the trial tells anything new: what else fails then had begun before.
    """
    insert_once(connection, paces, {"key": key, "until": now, "failures": 0})
    is_news = (paces.c.failures < _TRIAL_AFTER) | literal(was_trial)
    counted = update(paces).where(paces.c.key == key, is_news).values(failures=paces.c.failures + 1)
    if not connection.execute(counted).rowcount:
        return
    failures = connection.execute(_FAILURES, {"key": key}).scalar_one()
    if is_on_trial(failures):
        until = now + timedelta(seconds=_break_seconds(failures))
        connection.execute(update(paces).where(paces.c.key == key).values(until=until))


def succeed(connection: Connection, key: str, now: datetime) -> None:
    """Note that the remote works. After a break, everything that waited for it is due at once."""
    failures = connection.execute(_FAILURES, {"key": key}).scalar_one_or_none()
    if not failures:
        return
    connection.execute(update(paces).where(paces.c.key == key).values(failures=0, until=now))
    tried = (outbox.c.pace == key) & (outbox.c.state == "ready") & (outbox.c.attempts > 0)
    waiting = select(outbox.c.id).where(tried, outbox.c.due_at > now)
    # What somebody else is changing at this moment is left to them: waiting for it, both might wait for ever.
    free = connection.execute(waiting.with_for_update(skip_locked=True)).scalars().all()
    connection.execute(update(outbox).where(outbox.c.id.in_(free)).values(due_at=now))


def next_free(connection: Connection, now: datetime) -> datetime | None:
    """When the first pace that is held now will be free."""
    free: datetime | None = connection.execute(_NEXT_FREE, {"now": now}).scalar_one()
    return free


def held_until(connection: Connection, key: str, now: datetime) -> datetime | None:
    """Until when nothing of this pace may go; None if it is free."""
    query = select(paces.c.until).where(paces.c.key == key, paces.c.until > now)
    until: datetime | None = connection.execute(query).scalar_one_or_none()
    return until


def breaks(connection: Connection) -> dict[str, int]:
    """How many remotes failed so often in a row that they are left alone, by the first word of their key."""
    failed = connection.execute(select(paces.c.key).where(paces.c.failures >= _TRIAL_AFTER)).scalars()
    return dict(Counter(key.partition(":")[0] for key in failed))


def purge(connection: Connection, before: datetime) -> int:
    """Forget paces that have long been free; how many."""
    return connection.execute(delete(paces).where(paces.c.until < before, paces.c.failures == 0)).rowcount


def _break_seconds(failures: int) -> float:
    beyond = failures - _TRIAL_AFTER
    return 4.0 if beyond < _SHORT_BREAKS else min(4.0 * 2 ** (beyond - _SHORT_BREAKS + 1), _LONGEST_BREAK)
