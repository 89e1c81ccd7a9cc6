"""The outbox's rows: what still has to leave the house. Written in the transaction of their cause."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    func,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bot import logs
from bot.store import paces
from bot.store.database import leave_work
from bot.store.job_rows import LEASED, READY, Job
from bot.store.outbox_tables import outbox

# What a newer job of a lane takes over from the waiting one: all but its id and its tries.
_REPLACED = ("team_id", "kind", "payload", "state", "due_at", "reason", "created_at", "pace", "gap")
_SOON = timedelta(seconds=1)  # what is due later is found by the look that comes before it

# Statements of the hot path are built once: building them costs more than running them.
_FIRST_DUE = select(func.min(outbox.c.due_at)).where(
    READY, outbox.c.kind.in_(bindparam("kinds", expanding=True))
)
_NEXT_DUE = _FIRST_DUE.where(outbox.c.due_at > bindparam("after"))
_EXPIRED = select(outbox.c.id).where(LEASED, outbox.c.leased_until < bindparam("now"))
_FINISH = delete(outbox).where(
    outbox.c.id == bindparam("job"), outbox.c.leased_by == bindparam("worker"), LEASED
)


def enqueue(
    connection: Connection,
    *,
    team_id: str,
    kind: str,
    lane: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
    pace: str | None = None,
    gap: float = 0,
    no_later: bool = False,
) -> None:
    """Have a job done at `due_at`. One of the same lane that still waits is replaced; its tries count on.

    `no_later=True` leaves the waiting one's time where that is earlier. Jobs of one `pace` keep `gap` seconds
    between their starts, and wait together when that pace is held.
    """
    values = {
        "team_id": team_id,
        "kind": kind,
        "lane": lane,
        "payload": dict(payload),
        "state": "ready",
        "due_at": due_at,
        "reason": None,
        "created_at": now,
        "pace": pace,
        "gap": gap,
        "request": logs.request(),
    }
    connection.execute(_enqueue(connection.dialect.name, no_later), {**values, "attempts": 0})
    if due_at - now < _SOON:
        leave_work(connection, kind)


@cache
def _enqueue(dialect_name: str, no_later: bool) -> Any:
    dialect: Any = sqlite if dialect_name == "sqlite" else postgresql
    statement = dialect.insert(outbox)
    new = statement.excluded
    replaced = {name: new[name] for name in _REPLACED}
    replaced["request"] = func.coalesce(new.request, outbox.c.request)
    if no_later:
        replaced["due_at"] = case((outbox.c.due_at < new.due_at, outbox.c.due_at), else_=new.due_at)
    return statement.on_conflict_do_update(index_elements=["lane"], index_where=READY, set_=replaced)


def cancel(connection: Connection, lane: str) -> None:
    """Drop the lane's waiting job; one that is under way is not touched."""
    connection.execute(delete(outbox).where(outbox.c.lane == lane, READY))


def finish(connection: Connection, job: Job, worker: str) -> None:
    """The job is done: forget it, if this worker still holds it."""
    connection.execute(_FINISH, {"job": job.id, "worker": worker})


def retry(
    connection: Connection, job: Job, worker: str, due_at: datetime, reason: str, *, counts: bool
) -> None:
    """Have the job tried again at `due_at`, unless a newer one of its lane waits already.

    `counts=False` gives the attempt back, as nothing was tried.
    """
    attempts = job.attempts if counts else job.attempts - 1
    _put_back(connection, _is_held(job, worker), job.lane, attempts, due_at=due_at, reason=reason)


def set_aside(connection: Connection, job: Job, worker: str, reason: str) -> None:
    """Give the job up for good; its row stays with the reason, out of everybody's way."""
    connection.execute(update(outbox).where(_is_held(job, worker)).values(state="dead", reason=reason))


def extend(connection: Connection, job_ids: Iterable[int], worker: str, until: datetime) -> None:
    """Keep the leases of jobs that are still under way."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(job_ids)), outbox.c.leased_by == worker, LEASED)
        .values(leased_until=until)
    )


def release(connection: Connection, worker: str, now: datetime) -> None:
    """Leave everything this worker holds to others, at once."""
    connection.execute(
        update(outbox)
        .where(outbox.c.leased_by == worker, LEASED)
        .values(leased_until=now - timedelta(seconds=1))
    )


def expired(connection: Connection, now: datetime) -> list[int]:
    """Ids of jobs whose worker died: their leases have run out."""
    return list(connection.execute(_EXPIRED, {"now": now}).scalars())


def take_over(connection: Connection, job_id: int, now: datetime) -> None:
    """Let others have a job whose lease has run out, unless a newer one of its lane waits already."""
    is_expired = (outbox.c.id == job_id) & LEASED & (outbox.c.leased_until < now)
    query = select(outbox.c.lane, outbox.c.attempts).where(is_expired).with_for_update(skip_locked=True)
    row = connection.execute(query).one_or_none()
    if row is not None:
        _put_back(connection, is_expired, row.lane, row.attempts)


def first_due(connection: Connection, kinds: Collection[str]) -> datetime | None:
    """When the first waiting job of these kinds is due, or was."""
    due: datetime | None = connection.execute(_FIRST_DUE, {"kinds": kinds}).scalar_one()
    return due


def next_due(connection: Connection, kinds: Collection[str], after: datetime) -> datetime | None:
    """When the first job of these kinds that was not due at `after` will be."""
    due: datetime | None = connection.execute(_NEXT_DUE, {"kinds": kinds, "after": after}).scalar_one()
    free = paces.next_free(connection, after)
    return min(filter(None, (due, free)), default=None)


def remove_team(connection: Connection, team_id: str) -> None:
    """Drop everything that waits for a workspace that is gone."""
    connection.execute(delete(outbox).where(outbox.c.team_id == team_id, outbox.c.state != "leased"))


def _put_back(
    connection: Connection, is_held: ColumnElement[bool], lane: str, attempts: int, **changes: Any
) -> None:
    values = {"state": "ready", "leased_by": None, "leased_until": None, "attempts": attempts, **changes}
    if not _has_successor(connection, lane):
        try:
            with connection.begin_nested():
                connection.execute(update(outbox).where(is_held).values(**values))
        except IntegrityError:  # a successor came at this very moment
            pass
        else:
            return
    if connection.execute(delete(outbox).where(is_held)).rowcount:
        fewer = (outbox.c.lane == lane) & READY & (outbox.c.attempts < attempts)
        connection.execute(update(outbox).where(fewer).values(attempts=attempts))


def _has_successor(connection: Connection, lane: str) -> bool:
    query = select(outbox.c.id).where(outbox.c.lane == lane, READY)
    return connection.execute(query).first() is not None


def _is_held(job: Job, worker: str) -> ColumnElement[bool]:
    return (outbox.c.id == job.id) & (outbox.c.leased_by == worker) & LEASED
