"""The queue: the applications of a workspace that nobody has decided yet, oldest first."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from bot.store.tables import applications

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


def count(connection: Connection, team_id: str, up_to: str | None = None, most: int = MOST_COUNTED) -> int:
    """How many there are, one more than `most` if there are more; with `up_to`, none that came after it."""
    table = applications
    query = select(table.c.id).where(table.c.team_id == team_id, table.c.decided_at.is_(None))
    if up_to is not None:
        query = query.where(table.c.id <= up_to)
    some = query.limit(most + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one()
