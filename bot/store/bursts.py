"""Bursts: how many cards a workspace got lately, whose cards are held back, and where that is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, literal, select, update
from ulid import ULID

from bot.models import Burst
from bot.store.burst_tables import arrivals, bursts
from bot.store.outbox_tables import outbox
from bot.store.tables import applications
from bot.store.upsert import insert_once

WINDOW = timedelta(minutes=10)
"""Cards are counted within so long."""
_NEAR = timedelta(hours=1)  # a burst that is still waited for goes on, if the next one comes as soon as this
_FORGOTTEN = timedelta(days=1)  # a card that could not be posted for so long holds up no others


def lock(connection: Connection, team_id: str, now: datetime) -> None:
    """Have everybody else who counts cards of this workspace wait for this transaction's end."""
    insert_once(connection, arrivals, {"team_id": team_id, "since": now, "cards": 0})
    connection.execute(select(arrivals.c.team_id).where(arrivals.c.team_id == team_id).with_for_update())


def take_card(connection: Connection, team_id: str, most: int, now: datetime) -> bool:
    """Count one more card; False if the workspace has had its `most` for now. Needs the lock."""
    row = connection.execute(select(arrivals).where(arrivals.c.team_id == team_id)).one()
    is_over = now - row.since >= WINDOW
    since, cards = (now, 0) if is_over else (row.since, row.cards)
    # The one that just came is among those without a card.
    if cards >= most or _waiting_for_cards(connection, team_id, most + 1, now) > most:
        return False
    changed = {"since": since, "cards": cards + 1}
    connection.execute(update(arrivals).where(arrivals.c.team_id == team_id).values(**changed))
    return True


def current(connection: Connection, team_id: str, channel: str | None, now: datetime) -> str:
    """The burst that a card is held back for now: the one that goes on, or a new one. Needs the lock."""
    query = select(bursts).where(bursts.c.team_id == team_id).order_by(bursts.c.id.desc()).limit(1)
    latest = connection.execute(query).one_or_none()
    if latest is not None and latest.channel in (None, channel):
        quiet = now - latest.last_at
        if quiet < WINDOW or (quiet < _NEAR and waiting(connection, team_id, latest.id)):
            return str(latest.id)
    burst_id = str(ULID.from_datetime(now))
    values = {"id": burst_id, "team_id": team_id, "began_at": now, "last_at": now, "held": 0}
    connection.execute(bursts.insert().values(**values))
    return burst_id


def hold(connection: Connection, team_id: str, burst_id: str, application_id: str, now: datetime) -> None:
    """Hold this card back for the burst."""
    one = (applications.c.team_id == team_id) & (applications.c.id == application_id)
    _hold(connection, burst_id, one, now)


def first_beyond(connection: Connection, team_id: str, most: int) -> str | None:
    """The first of the undecided beyond the `most` oldest whose cards wait to be posted."""
    query = select(applications.c.id).where(_may_be_held(team_id)).order_by(applications.c.id)
    first: str | None = connection.execute(query.offset(most).limit(1)).scalar_one_or_none()
    return first


def hold_from(connection: Connection, team_id: str, burst_id: str, first: str, now: datetime) -> None:
    """Hold back the cards of the undecided from this application on that wait to be posted."""
    _hold(connection, burst_id, _may_be_held(team_id) & (applications.c.id >= first), now)


def _may_be_held(team_id: str) -> ColumnElement[bool]:
    table = applications
    is_cardless = (table.c.team_id == team_id) & table.c.card_ts.is_(None) & table.c.burst_id.is_(None)
    return is_cardless & table.c.decided_at.is_(None)


def _hold(connection: Connection, burst_id: str, wanted: ColumnElement[bool], now: datetime) -> None:
    held = connection.execute(update(applications).where(wanted).values(burst_id=burst_id)).rowcount
    changed = {"held": bursts.c.held + held, "last_at": now}
    connection.execute(update(bursts).where(bursts.c.id == burst_id).values(**changed))


def let_go(connection: Connection, team_id: str, application_id: str) -> None:
    """Hold this card back no longer."""
    wanted = (applications.c.team_id == team_id) & (applications.c.id == application_id)
    connection.execute(update(applications).where(wanted).values(burst_id=None))


def let_all_go(connection: Connection, team_id: str) -> int:
    """Hold back none of the workspace's cards any longer; how many were."""
    is_held = (applications.c.team_id == team_id) & applications.c.burst_id.is_not(None)
    return connection.execute(update(applications).where(is_held).values(burst_id=None)).rowcount


def cancel_cards(connection: Connection, team_id: str, lane_prefix: str) -> None:
    """Drop the waiting jobs of cards that are held back; a lane is `lane_prefix` with an application's id."""
    lanes = select(literal(lane_prefix) + applications.c.id).where(
        applications.c.team_id == team_id, applications.c.burst_id.is_not(None)
    )
    is_ready = outbox.c.state == literal("ready", literal_execute=True)
    connection.execute(delete(outbox).where(is_ready, outbox.c.lane.in_(lanes)))


def find(connection: Connection, team_id: str, burst_id: str) -> Burst | None:
    """The burst with where its summary stands."""
    query = select(bursts).where(bursts.c.team_id == team_id, bursts.c.id == burst_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _from_row(row)


def with_held_cards(connection: Connection, team_id: str) -> list[Burst]:
    """The bursts whose applicants wait in the queue, oldest first."""
    is_held = exists().where(applications.c.team_id == team_id, applications.c.burst_id == bursts.c.id)
    query = select(bursts).where(bursts.c.team_id == team_id, is_held).order_by(bursts.c.id)
    return [_from_row(row) for row in connection.execute(query)]


def waiting(connection: Connection, team_id: str, burst_id: str) -> int:
    """How many of its applicants' cards are held back still."""
    return connection.execute(select(func.count()).where(*_held_for(team_id, burst_id))).scalar_one()


def by_vacancy(connection: Connection, team_id: str, burst_id: str) -> list[tuple[str, int]]:
    """The vacancies that those applied for, by their titles, with how many did; the most wanted first."""
    count = func.count()
    title = func.max(applications.c.vacancy_title)
    query = (
        select(title, count)
        .where(*_held_for(team_id, burst_id))
        .group_by(applications.c.vacancy_reference)
        .order_by(count.desc(), title)
    )
    return [(str(name), number) for name, number in connection.execute(query)]


def save_message(connection: Connection, burst: Burst, channel: str, ts: str, drawn_at: datetime) -> None:
    """Remember where its summary stands and as of when."""
    values = {"channel": channel, "ts": ts, "drawn_at": drawn_at}
    connection.execute(update(bursts).where(bursts.c.id == burst.id).values(**values))


def purge(connection: Connection, before: datetime) -> int:
    """Forget bursts that nobody waits for and that ended by then; how many."""
    is_held = exists().where(
        applications.c.team_id == bursts.c.team_id, applications.c.burst_id == bursts.c.id
    )
    return connection.execute(delete(bursts).where(bursts.c.last_at < before, ~is_held)).rowcount


def _held_for(team_id: str, burst_id: str) -> tuple[Any, Any]:
    return applications.c.team_id == team_id, applications.c.burst_id == burst_id


def _waiting_for_cards(connection: Connection, team_id: str, limit: int, now: datetime) -> int:
    oldest = str(ULID.from_datetime(now - _FORGOTTEN))
    table = applications
    some = (
        select(table.c.id)
        .where(table.c.team_id == team_id, table.c.id > oldest)
        .where(table.c.card_ts.is_(None), table.c.burst_id.is_(None))
        .limit(limit)
        .subquery()
    )
    return connection.execute(select(func.count()).select_from(some)).scalar_one()


def _from_row(row: Row[Any]) -> Burst:
    return Burst(row.id, row.team_id, row.began_at, row.held, row.channel, row.ts, row.drawn_at)
