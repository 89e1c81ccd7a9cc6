"""The outbox's rows: what still has to leave the house. Written in the transaction of their cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    case,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from bot import logs
from bot.store import paces
from bot.store.database import leave_work
from bot.store.tables import outbox
from bot.store.tables import paces as paces_table

_LOOK_AHEAD = 200  # how many due rows one claim looks at
# What a newer job of a lane takes over from the waiting one: all but its id and its tries.
_REPLACED = ("team_id", "kind", "payload", "state", "due_at", "reason", "created_at", "pace", "gap")
_SOON = timedelta(seconds=1)  # what is due later is found by the look that comes before it
_CLAIM_TRIES = 3  # others may be quicker; then there is more to be had

# Written out in the statement, as the partial indexes are only used where their condition is seen.
_READY = outbox.c.state == literal("ready", literal_execute=True)
_LEASED = outbox.c.state == literal("leased", literal_execute=True)


@dataclass(frozen=True)
class Job:
    """One thing to be delivered. Jobs of a lane run one after the other; a newer one replaces a waiting one.

    `attempts` counts the present try and those of jobs it replaced, as one of them may have had its effect
    without hearing so. `request` is the id of the request that was its cause.
    """

    id: int
    team_id: str
    kind: str
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime
    pace: str | None = None
    gap: float = 0
    request: str | None = None
    is_trial: bool = False
    """Whether it is the one job that tries if a remote that kept failing is back."""


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
    # Built once for each database: building the statement costs more than running it.
    dialect: Any = sqlite if dialect_name == "sqlite" else postgresql
    statement = dialect.insert(outbox)
    new = statement.excluded
    replaced = {name: new[name] for name in _REPLACED}
    replaced["request"] = func.coalesce(new.request, outbox.c.request)
    if no_later:
        replaced["due_at"] = case((outbox.c.due_at < new.due_at, outbox.c.due_at), else_=new.due_at)
    return statement.on_conflict_do_update(index_elements=["lane"], index_where=_READY, set_=replaced)


def cancel(connection: Connection, lane: str) -> None:
    """Drop the lane's waiting job; one that is under way is not touched."""
    connection.execute(delete(outbox).where(outbox.c.lane == lane, _READY))


def claim(
    connection: Connection,
    *,
    kinds: Collection[str],
    worker: str,
    limit: int,
    per_team: int,
    now: datetime,
    lease: timedelta,
) -> list[Job]:
    """Lease up to `limit` due jobs to `worker`, teams taking turns and none holding more than `per_team`."""
    for _ in range(_CLAIM_TRIES):
        held = _held_by_team(connection, kinds)
        due = connection.execute(_due(kinds, held, per_team, now))
        chosen = _with_places(connection, _take_turns(due, held, limit, per_team), now)
        leased = _lease(connection, [job.id for job in chosen], worker, now + lease)
        if leased or not chosen:
            return [job for job in chosen if job.id in leased]
    return []


def finish(connection: Connection, job: Job, worker: str) -> None:
    """The job is done: forget it, if this worker still holds it."""
    connection.execute(delete(outbox).where(_is_held(job, worker)))


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
        .where(outbox.c.id.in_(list(job_ids)), outbox.c.leased_by == worker, _LEASED)
        .values(leased_until=until)
    )


def release(connection: Connection, worker: str, now: datetime) -> None:
    """Leave everything this worker holds to others, at once."""
    connection.execute(
        update(outbox)
        .where(outbox.c.leased_by == worker, _LEASED)
        .values(leased_until=now - timedelta(seconds=1))
    )


def expired(connection: Connection, now: datetime) -> list[int]:
    """Ids of jobs whose worker died: their leases have run out."""
    return list(connection.execute(select(outbox.c.id).where(_LEASED, outbox.c.leased_until < now)).scalars())


def take_over(connection: Connection, job_id: int, now: datetime) -> None:
    """Let others have a job whose lease has run out, unless a newer one of its lane waits already."""
    is_expired = (outbox.c.id == job_id) & _LEASED & (outbox.c.leased_until < now)
    query = select(outbox.c.lane, outbox.c.attempts).where(is_expired).with_for_update(skip_locked=True)
    row = connection.execute(query).one_or_none()
    if row is not None:
        _put_back(connection, is_expired, row.lane, row.attempts)


def first_due(connection: Connection, kinds: Collection[str]) -> datetime | None:
    """When the first waiting job of these kinds is due, or was."""
    query = select(func.min(outbox.c.due_at)).where(_READY, outbox.c.kind.in_(kinds))
    due: datetime | None = connection.execute(query).scalar_one()
    return due


def next_due(connection: Connection, kinds: Collection[str], after: datetime) -> datetime | None:
    """When the first job of these kinds that was not due at `after` will be."""
    query = select(func.min(outbox.c.due_at)).where(_READY, outbox.c.kind.in_(kinds), outbox.c.due_at > after)
    due: datetime | None = connection.execute(query).scalar_one()
    free = paces.next_free(connection, after)
    return min(filter(None, (due, free)), default=None)


def remove_team(connection: Connection, team_id: str) -> None:
    """Drop everything that waits for a workspace that is gone."""
    connection.execute(delete(outbox).where(outbox.c.team_id == team_id, outbox.c.state != "leased"))


def _due(kinds: Collection[str], held: Counter[str], per_team: int, now: datetime) -> Select[Any]:
    full = [team for team, count in held.items() if count >= per_team]
    return (
        select(outbox, paces_table.c.failures)
        .join_from(outbox, paces_table, paces_table.c.key == outbox.c.pace, isouter=True)
        .where(paces.is_free(now))
        .where(_READY, outbox.c.due_at <= now, outbox.c.kind.in_(kinds), _lane_is_free())
        .where(outbox.c.team_id.not_in(full))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(_LOOK_AHEAD)
    )


def _with_places(connection: Connection, rows: list[Row[Any]], now: datetime) -> list[Job]:
    # Places are taken in one order by everybody, so that two workers never wait for each other.
    alone = sorted((row for row in rows if _goes_alone(row)), key=lambda row: str(row.pace))
    refused = {row.id for row in alone if not paces.take(connection, row.pace, now, row.gap)}
    return [
        replace(_from_row(row), is_trial=paces.is_on_trial(row.failures))
        for row in rows
        if row.id not in refused
    ]


def _goes_alone(row: Row[Any]) -> bool:
    return row.pace is not None and (row.gap > 0 or paces.is_on_trial(row.failures))


def _lease(connection: Connection, job_ids: list[int], worker: str, until: datetime) -> set[int]:
    # Another worker may have been quicker with some of them; what it is busy with is skipped, not waited for.
    if not job_ids:
        return set()
    is_free = select(outbox.c.id).where(outbox.c.id.in_(job_ids), _READY, _lane_is_free())
    free = set(connection.execute(is_free.with_for_update(skip_locked=True, of=outbox)).scalars())
    values = {"state": "leased", "leased_by": worker, "leased_until": until}
    connection.execute(
        update(outbox).where(outbox.c.id.in_(free)).values(**values, attempts=outbox.c.attempts + 1)
    )
    return free


def _lane_is_free() -> ColumnElement[bool]:
    leased = outbox.alias("leased")
    is_leased = leased.c.state == literal("leased", literal_execute=True)
    return ~exists().where(leased.c.lane == outbox.c.lane, is_leased)


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
        fewer = (outbox.c.lane == lane) & _READY & (outbox.c.attempts < attempts)
        connection.execute(update(outbox).where(fewer).values(attempts=attempts))


def _held_by_team(connection: Connection, kinds: Collection[str]) -> Counter[str]:
    query = (
        select(outbox.c.team_id, func.count().label("held"))
        .where(_LEASED, outbox.c.kind.in_(kinds))
        .group_by(outbox.c.team_id)
    )
    return Counter({row.team_id: row.held for row in connection.execute(query)})


def _take_turns(rows: Iterable[Row[Any]], held: Counter[str], limit: int, per_team: int) -> list[Row[Any]]:
    by_team: dict[str, list[Row[Any]]] = {}
    taken: set[str] = set()
    for row in rows:
        if _goes_alone(row):
            if row.pace in taken:
                continue
            taken.add(row.pace)
        by_team.setdefault(row.team_id, []).append(row)
    turns = sorted(
        (held[team] + place, row.due_at, row.id, row)
        for team, team_rows in by_team.items()
        for place, row in enumerate(team_rows)
        if held[team] + place < per_team
    )
    return [row for _, _, _, row in turns[:limit]]


def _has_successor(connection: Connection, lane: str) -> bool:
    query = select(outbox.c.id).where(outbox.c.lane == lane, _READY)
    return connection.execute(query).first() is not None


def _is_held(job: Job, worker: str) -> ColumnElement[bool]:
    return (outbox.c.id == job.id) & (outbox.c.leased_by == worker) & _LEASED


def _from_row(row: Row[Any]) -> Job:
    return Job(
        row.id,
        row.team_id,
        row.kind,
        row.lane,
        row.payload,
        row.attempts + 1,
        row.created_at,
        row.pace,
        row.gap,
        row.request,
    )
