"""What Slack last told us about people, so that a click need not ask again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from bot.store.tables import members
from bot.store.upsert import upsert
from bot.workspace import Member

_FIND = select(members).where(
    members.c.team_id == bindparam("team"),
    members.c.user_id == bindparam("user"),
    members.c.fetched_at >= bindparam("not_before"),
)


def save(connection: Connection, team_id: str, member: Member, at: datetime) -> None:
    """Remember what Slack said of a person at that moment."""
    upsert(
        connection, members, ["team_id", "user_id"], asdict(member) | {"team_id": team_id, "fetched_at": at}
    )


def find(connection: Connection, team_id: str, user_id: str, not_before: datetime) -> Member | None:
    """The person as remembered, if that is not older than `not_before`."""
    known = {"team": team_id, "user": user_id, "not_before": not_before}
    row = connection.execute(_FIND, known).one_or_none()
    if row is None:
        return None
    return Member(row.user_id, row.name, row.email, row.is_admin, row.is_guest, row.is_stranger)


def admins(connection: Connection, team_id: str, limit: int = 3) -> list[str]:
    """User ids of people Slack named admins, as far as they are remembered."""
    query = (
        select(members.c.user_id)
        .where(members.c.team_id == team_id, members.c.is_admin.is_(True))
        .order_by(members.c.fetched_at.desc())
        .limit(limit)
    )
    return list(connection.execute(query).scalars())
