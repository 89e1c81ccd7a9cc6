"""The queue: a workspace's applications that nobody has decided yet, oldest first; who looks at whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, select

from bot.store.burst_tables import looks
from bot.store.tables import applications
from bot.store.upsert import upsert

MOST_COUNTED = 1000
"""More than these are not counted: nobody works through them in one go."""


def first(connection: Connection, team_id: str, after: str = "") -> str | None:
    """The id of the oldest one; with `after`, of the oldest that came after that one."""
    table = applications
    query = (
        select(table.c.id)
        .where(table.c.team_id == team_id, table.c.decided_at.is_(None), table.c.id > after)
        .order_by(table.c.id)
        .limit(1)
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def first_free(connection: Connection, team_id: str, after: str, user_id: str, now: datetime) -> str | None:
    """As `first`, but nobody whom somebody else looks at."""
    table = applications
    is_looked_at = (
        (looks.c.application_id == table.c.id) & (looks.c.user_id != user_id) & (looks.c.until > now)
    )
    query = (
        select(table.c.id)
        .where(table.c.team_id == team_id, table.c.decided_at.is_(None), table.c.id > after)
        .where(~exists().where(is_looked_at))
        .order_by(table.c.id)
        .limit(1)
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def looker(connection: Connection, application_id: str, but: str, now: datetime) -> str | None:
    """Who else looks at somebody now, as far as is known."""
    query = select(looks.c.user_id).where(
        looks.c.application_id == application_id, looks.c.user_id != but, looks.c.until > now
    )
    found: str | None = connection.execute(query).scalar_one_or_none()
    return found


def look(
    connection: Connection, team_id: str, user_id: str, application_id: str | None, until: datetime
) -> None:
    """Note whom a person looks at, and that it is nobody else any longer."""
    own = (looks.c.team_id == team_id) & (looks.c.user_id == user_id)
    connection.execute(delete(looks).where(own))
    if application_id is not None:
        values = {
            "application_id": application_id,
            "team_id": team_id,
            "user_id": user_id,
            "until": until,
        }
        upsert(connection, looks, ["application_id"], values)


def purge(connection: Connection, before: datetime) -> int:
    """Forget who looked at whom until then; how many."""
    return connection.execute(delete(looks).where(looks.c.until < before)).rowcount


def count(connection: Connection, team_id: str, up_to: str | None = None, most: int = MOST_COUNTED) -> int:
    """How many there are, one more than `most` if there are more; with `up_to`, none that came after it."""
    table = applications
    query = select(table.c.id).where(table.c.team_id == team_id, table.c.decided_at.is_(None))
    if up_to is not None:
        query = query.where(table.c.id <= up_to)
    some = query.limit(most + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()
