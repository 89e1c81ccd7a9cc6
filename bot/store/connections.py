"""The workspaces' sign-ins to CRMs: answers and credentials encrypted, one row a workspace and CRM."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection as Transaction
from sqlalchemy import Row, delete, func, select, update

from bot.store.tables import connections, workspace_settings
from bot.store.upsert import upsert
from bot.store.vault import Vault
from bot.workspace import Connection, Credentials


def save(transaction: Transaction, vault: Vault, connection: Connection) -> None:
    """Remember a sign-in; a new one to the same CRM replaces the old one and its `broken` mark."""
    values = {
        "team_id": connection.team_id,
        "crm": connection.crm,
        "account": connection.account,
        "answers": vault.seal(connection.answers),
        "credentials": _seal(vault, connection.credentials),
        "connected_by": connection.connected_by,
        "connected_at": connection.connected_at,
        "broken": None,
        "version": connection.version,
    }
    upsert(transaction, connections, ["team_id", "crm"], values)


def find(
    transaction: Transaction, vault: Vault, team_id: str, crm: str, *, lock: bool = False
) -> Connection | None:
    """The workspace's sign-in to that CRM. `lock` keeps other processes from changing it until the commit."""
    query = select(connections).where(connections.c.team_id == team_id, connections.c.crm == crm)
    row = transaction.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else _from_row(row, vault)


def save_credentials(
    transaction: Transaction, vault: Vault, connection: Connection, new: Credentials
) -> None:
    """Replace the credentials of a sign-in after a refresh, unless somebody signed in anew meanwhile."""
    is_same = (connections.c.id == connection.id) & (connections.c.version == connection.version)
    transaction.execute(update(connections).where(is_same).values(credentials=_seal(vault, new)))


def mark_broken(transaction: Transaction, connection: Connection, reason: str) -> bool:
    """Note that the CRM refused this sign-in. False if that was noted before, or somebody signed in anew."""
    statement = (
        update(connections)
        .where(
            connections.c.id == connection.id,
            connections.c.version == connection.version,
            connections.c.broken.is_(None),
        )
        .values(broken=reason)
    )
    return transaction.execute(statement).rowcount > 0


def count_broken(transaction: Transaction) -> int:
    """How many sign-ins of all workspaces their CRM refuses."""
    query = select(func.count()).where(connections.c.broken.is_not(None))
    return transaction.execute(query).scalar_one()


def usable(transaction: Transaction) -> list[tuple[str, str]]:
    """Workspaces with the CRM they chose, where its sign-in works."""
    chosen = (workspace_settings.c.team_id == connections.c.team_id) & (
        workspace_settings.c.crm == connections.c.crm
    )
    query = (
        select(connections.c.team_id, connections.c.crm)
        .join(workspace_settings, chosen)
        .where(connections.c.broken.is_(None))
        .order_by(connections.c.team_id)
    )
    return [(team_id, crm) for team_id, crm in transaction.execute(query)]


def remove(transaction: Transaction, team_id: str, crm: str) -> None:
    """Forget the sign-in and everything secret of it."""
    transaction.execute(delete(connections).where(connections.c.team_id == team_id, connections.c.crm == crm))


def remove_all(transaction: Transaction, team_id: str) -> None:
    """Forget every sign-in of the workspace."""
    transaction.execute(delete(connections).where(connections.c.team_id == team_id))


def _seal(vault: Vault, credentials: Credentials) -> str:
    expires = credentials.expires_at
    values = asdict(credentials) | {"expires_at": expires.isoformat() if expires else None}
    return vault.seal(values)


def _from_row(row: Row[Any], vault: Vault) -> Connection:
    opened = vault.open(row.credentials)
    expires = opened["expires_at"]
    credentials = Credentials(**opened | {"expires_at": datetime.fromisoformat(expires) if expires else None})
    values = row._asdict() | {"answers": vault.open(row.answers), "credentials": credentials}
    return Connection(**values)
