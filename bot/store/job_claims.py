"""Claiming: which of the due jobs a worker gets, fairly between teams and at their remotes' pace."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, literal, select, update

from bot.store import paces
from bot.store.job_rows import LEASED, READY, Job, job_of
from bot.store.outbox_tables import outbox
from bot.store.outbox_tables import paces as paces_table

_LOOK_AHEAD = 200  # how many due rows one claim looks at
_CLAIM_TRIES = 3  # others may be quicker; then there is more to be had


def _lane_is_free() -> ColumnElement[bool]:
    leased = outbox.alias("leased")
    is_leased = leased.c.state == literal("leased", literal_execute=True)
    return ~exists().where(leased.c.lane == outbox.c.lane, is_leased)


# Built once: a worker that claims all the time must not build them all the time.
_OF_KINDS = outbox.c.kind.in_(bindparam("kinds", expanding=True))
# What there is to choose by: a payload is only read of a job that is chosen.
_LOOKED_AT = (outbox.c.id, outbox.c.team_id, outbox.c.due_at, outbox.c.pace, outbox.c.gap)
_HELD = (
    select(outbox.c.team_id, func.count().label("held")).where(LEASED, _OF_KINDS).group_by(outbox.c.team_id)
)
_DUE = (
    select(*_LOOKED_AT, paces_table.c.failures)
    .join_from(outbox, paces_table, paces_table.c.key == outbox.c.pace, isouter=True)
    .where(paces.IS_FREE)
    .where(READY, outbox.c.due_at <= bindparam("now"), _OF_KINDS, _lane_is_free())
    .where(outbox.c.team_id.not_in(bindparam("full", expanding=True)))
    .order_by(outbox.c.due_at, outbox.c.id)
    .limit(_LOOK_AHEAD)
)
_IDS = outbox.c.id.in_(bindparam("ids", expanding=True))
_FREE = select(outbox.c.id).where(_IDS, READY, _lane_is_free()).with_for_update(skip_locked=True, of=outbox)
_LEASE = (
    update(outbox)
    .where(_IDS)
    .values(
        state="leased",
        leased_by=bindparam("worker"),
        leased_until=bindparam("until"),
        attempts=outbox.c.attempts + 1,
    )
    .returning(outbox)
)


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
        full = [team for team, count in held.items() if count >= per_team]
        due = connection.execute(_DUE, {"kinds": kinds, "now": now, "full": full}).all()
        chosen = _with_places(connection, _take_turns(due, held, limit, per_team), now)
        leased = _lease(connection, chosen, worker, now + lease)
        if leased or not chosen:
            return leased
    return []


def _with_places(connection: Connection, rows: list[Row[Any]], now: datetime) -> list[Row[Any]]:
    # Places are taken in one order by everybody, so that two workers never wait for each other.
    alone = sorted((row for row in rows if _goes_alone(row)), key=lambda row: str(row.pace))
    refused = {row.id for row in alone if not paces.take(connection, row.pace, now, row.gap)}
    return [row for row in rows if row.id not in refused]


def _goes_alone(row: Row[Any]) -> bool:
    return row.pace is not None and (row.gap > 0 or paces.is_on_trial(row.failures))


def _lease(connection: Connection, chosen: list[Row[Any]], worker: str, until: datetime) -> list[Job]:
    # Another worker may have been quicker with some of them; what it is busy with is skipped, not waited for.
    if not chosen:
        return []
    free = connection.execute(_FREE, {"ids": [row.id for row in chosen]}).scalars().all()
    leased = connection.execute(_LEASE, {"ids": free, "worker": worker, "until": until})
    rows = {row.id: row for row in leased}
    return [
        job_of(rows[row.id], is_trial=paces.is_on_trial(row.failures)) for row in chosen if row.id in rows
    ]


def _held_by_team(connection: Connection, kinds: Collection[str]) -> Counter[str]:
    return Counter({row.team_id: row.held for row in connection.execute(_HELD, {"kinds": kinds})})


def _take_turns(rows: Iterable[Any], held: Counter[str], limit: int, per_team: int) -> list[Row[Any]]:
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
