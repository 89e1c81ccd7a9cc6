"""The bearer tokens of the intake API; only their hashes are stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.store.tables import intake_tokens
from bot.store.upsert import insert_once
from bot.store.vault import digest


@dataclass(frozen=True)
class IntakeToken:
    """A token's description; the token itself is known to its holder alone."""

    name: str
    team_id: str
    created_at: datetime
    revoked_at: datetime | None


def add(connection: Connection, name: str, team_id: str, token: str, now: datetime) -> bool:
    """Remember a token's hash under a name; False if that name is taken."""
    values = {"name": name, "team_id": team_id, "digest": digest(token), "created_at": now}
    return insert_once(connection, intake_tokens, values)


def team_of(connection: Connection, token: str) -> str | None:
    """The workspace a token opens; None if unknown or revoked."""
    query = select(intake_tokens.c.team_id).where(
        intake_tokens.c.digest == digest(token), intake_tokens.c.revoked_at.is_(None)
    )
    return connection.execute(query).scalar_one_or_none()


def every(connection: Connection) -> list[IntakeToken]:
    """All tokens' descriptions, oldest first."""
    rows = connection.execute(select(intake_tokens).order_by(intake_tokens.c.id))
    return [IntakeToken(row.name, row.team_id, row.created_at, row.revoked_at) for row in rows]


def revoke(connection: Connection, name: str, now: datetime) -> bool:
    """End a token's life; False if there is no live one of that name."""
    statement = update(intake_tokens).where(
        intake_tokens.c.name == name, intake_tokens.c.revoked_at.is_(None)
    )
    return connection.execute(statement.values(revoked_at=now)).rowcount > 0
