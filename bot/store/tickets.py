"""Short-lived, single-use secrets: the Login link of a modal, and OAuth's `state`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, update

from bot.store.tables import login_tickets
from bot.store.vault import Vault, digest, new_secret

LIFETIME = timedelta(minutes=15)


@dataclass(frozen=True)
class Ticket:
    """What a secret stands for: who may sign in to which CRM, with what has to be remembered meanwhile."""

    team_id: str | None
    user_id: str | None
    crm: str | None
    payload: Mapping[str, Any]


def issue(connection: Connection, vault: Vault, purpose: str, ticket: Ticket, now: datetime) -> str:
    """A new secret for this ticket; it works once, for this purpose, within `LIFETIME`."""
    secret = new_secret()
    values = {
        "digest": digest(secret),
        "purpose": purpose,
        "team_id": ticket.team_id,
        "user_id": ticket.user_id,
        "crm": ticket.crm,
        "payload": vault.seal(ticket.payload),
        "expires_at": now + LIFETIME,
    }
    connection.execute(insert(login_tickets).values(**values))
    return secret


def redeem(connection: Connection, vault: Vault, purpose: str, secret: str, now: datetime) -> Ticket | None:
    """The ticket behind a secret, which is used up by this; None if unknown, used or expired."""
    table = login_tickets
    statement = (
        update(table)
        .where(
            table.c.digest == digest(secret),
            table.c.purpose == purpose,
            table.c.used_at.is_(None),
            table.c.expires_at > now,
        )
        .values(used_at=now)
        .returning(table.c.team_id, table.c.user_id, table.c.crm, table.c.payload)
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Ticket(row.team_id, row.user_id, row.crm, vault.open(row.payload))


def purge(connection: Connection, now: datetime) -> int:
    """Delete what has expired; how many."""
    return connection.execute(delete(login_tickets).where(login_tickets.c.expires_at < now)).rowcount
