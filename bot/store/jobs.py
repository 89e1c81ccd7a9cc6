"""The outbox's rows: what still has to leave the house. Written in the transaction of their cause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import leave_work
from bot.store.tables import outbox

_LOOK_AHEAD = 200  # how many due rows one claim looks at


@dataclass(frozen=True)
class Job:
    """One thing to be delivered. Jobs of a lane run one after the other, and a newer one replaces a waiting one.

    `attempts` counts the present try.
    """

    id: int
    team_id: str
    kind: str
    lane: str
    payload: Mapping[str, Any]
    attempts: int
    created_at: datetime


def enqueue(
    connection: Connection,
    *,
    team_id: str,
    kind: str,
    lane: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
) -> None:
    """Have a job done at `due_at`. A job of the same lane that still waits is replaced by this one."""
    values = {
        "team_id": team_id,
        "kind": kind,
        "lane": lane,
        "payload": dict(payload),
        "state": "ready",
        "due_at": due_at,
        "attempts": 0,
        "reason": None,
        "created_at": now,
    }
    dialect: Any = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(outbox).values(**values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["lane"], index_where=outbox.c.state == "ready", set_=values
        )
    )
    leave_work(connection)


def cancel(connection: Connection, lane: str) -> None:
    """Drop the lane's waiting job; one that is under way is not touched."""
    connection.execute(delete(outbox).where(outbox.c.lane == lane, outbox.c.state == "ready"))


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
    _release_expired(connection, now)
    held = _held_by_team(connection, kinds)
    full = [team for team, count in held.items() if count >= per_team]
    leased = outbox.alias("leased")
    lane_is_free = ~exists().where(leased.c.lane == outbox.c.lane, leased.c.state == "leased")
    query = (
        select(outbox)
        .where(outbox.c.state == "ready", outbox.c.due_at <= now, outbox.c.kind.in_(kinds), lane_is_free)
        .where(outbox.c.team_id.not_in(full))
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(_LOOK_AHEAD)
        .with_for_update(skip_locked=True, of=outbox)
    )
    chosen = _take_turns(connection.execute(query), held, limit, per_team)
    if chosen:
        values = {"state": "leased", "leased_by": worker, "leased_until": now + lease}
        connection.execute(
            update(outbox)
            .where(outbox.c.id.in_([job.id for job in chosen]))
            .values(**values, attempts=outbox.c.attempts + 1)
        )
    return chosen


def finish(connection: Connection, job: Job, worker: str) -> None:
    """The job is done: forget it, if this worker still holds it."""
    connection.execute(delete(outbox).where(_is_held(job, worker)))


def retry(connection: Connection, job: Job, worker: str, due_at: datetime, reason: str, *, counts: bool) -> None:
    """Have the job tried again at `due_at`, unless a newer one of its lane waits already.

    `counts=False` gives the attempt back, as nothing was tried.
    """
    if _has_successor(connection, job.lane):
        finish(connection, job, worker)
        return
    attempts = job.attempts if counts else job.attempts - 1
    values = {"state": "ready", "due_at": due_at, "leased_by": None, "leased_until": None}
    connection.execute(
        update(outbox).where(_is_held(job, worker)).values(**values, attempts=attempts, reason=reason)
    )


def set_aside(connection: Connection, job: Job, worker: str, reason: str) -> None:
    """Give the job up for good; its row stays with the reason, out of everybody's way."""
    connection.execute(update(outbox).where(_is_held(job, worker)).values(state="dead", reason=reason))


def extend(connection: Connection, job_ids: Iterable[int], worker: str, until: datetime) -> None:
    """Keep the leases of jobs that are still under way."""
    connection.execute(
        update(outbox)
        .where(outbox.c.id.in_(list(job_ids)), outbox.c.leased_by == worker, outbox.c.state == "leased")
        .values(leased_until=until)
    )


def release(connection: Connection, worker: str, now: datetime) -> None:
    """Leave everything this worker holds to others, at once."""
    connection.execute(
        update(outbox)
        .where(outbox.c.leased_by == worker, outbox.c.state == "leased")
        .values(leased_until=now - timedelta(seconds=1))
    )


def next_due(connection: Connection, kinds: Collection[str]) -> datetime | None:
    """When the next waiting job of these kinds is due."""
    query = select(func.min(outbox.c.due_at)).where(outbox.c.state == "ready", outbox.c.kind.in_(kinds))
    due: datetime | None = connection.execute(query).scalar_one()
    return due


def depth(connection: Connection) -> dict[tuple[str, str], int]:
    """How many rows there are by kind and state."""
    query = select(outbox.c.kind, outbox.c.state, func.count()).group_by(outbox.c.kind, outbox.c.state)
    return {(kind, state): count for kind, state, count in connection.execute(query)}


def remove_team(connection: Connection, team_id: str) -> None:
    """Drop everything that waits for a workspace that is gone."""
    connection.execute(delete(outbox).where(outbox.c.team_id == team_id, outbox.c.state != "leased"))


def _release_expired(connection: Connection, now: datetime) -> None:
    # The worker that held these died: a waiting successor in the lane makes the old row superfluous.
    expired = (outbox.c.state == "leased") & (outbox.c.leased_until < now)
    lanes = list(connection.execute(select(outbox.c.id, outbox.c.lane).where(expired)))
    for row in lanes:
        if _has_successor(connection, row.lane):
            connection.execute(delete(outbox).where(outbox.c.id == row.id, expired))
        else:
            values = {"state": "ready", "leased_by": None, "leased_until": None}
            connection.execute(update(outbox).where(outbox.c.id == row.id, expired).values(**values))


def _held_by_team(connection: Connection, kinds: Collection[str]) -> Counter[str]:
    query = (
        select(outbox.c.team_id, func.count())
        .where(outbox.c.state == "leased", outbox.c.kind.in_(kinds))
        .group_by(outbox.c.team_id)
    )
    return Counter({team: count for team, count in connection.execute(query)})


def _take_turns(rows: Iterable[Row[Any]], held: Counter[str], limit: int, per_team: int) -> list[Job]:
    by_team: dict[str, list[Row[Any]]] = {}
    for row in rows:
        by_team.setdefault(row.team_id, []).append(row)
    turns = sorted(
        (held[team] + place, row.due_at, row.id, row)
        for team, team_rows in by_team.items()
        for place, row in enumerate(team_rows)
        if held[team] + place < per_team
    )
    return [_from_row(row) for _, _, _, row in turns[:limit]]


def _has_successor(connection: Connection, lane: str) -> bool:
    query = select(outbox.c.id).where(outbox.c.lane == lane, outbox.c.state == "ready")
    return connection.execute(query).first() is not None


def _is_held(job: Job, worker: str) -> Any:
    return (outbox.c.id == job.id) & (outbox.c.leased_by == worker) & (outbox.c.state == "leased")


def _from_row(row: Row[Any]) -> Job:
    return Job(row.id, row.team_id, row.kind, row.lane, row.payload, row.attempts + 1, row.created_at)
