"""The workspaces that installed the bot, their tokens encrypted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from bot.store.tables import installations
from bot.store.upsert import upsert
from bot.store.vault import Vault
from bot.workspace import Installation

_BOT = select(installations.c.bot_id, installations.c.bot_user_id).where(
    installations.c.team_id == bindparam("team")
)
_FIND = select(installations).where(installations.c.team_id == bindparam("team"))


def save(connection: Connection, vault: Vault, installation: Installation) -> None:
    """Remember an installation; a second one of the same workspace replaces the first."""
    values = asdict(installation) | {
        "token": vault.seal({"token": installation.token}),
        "scopes": list(installation.scopes),
    }
    upsert(connection, installations, ["team_id"], values)


def find(connection: Connection, vault: Vault, team_id: str) -> Installation | None:
    """The workspace's installation, None when it never installed or has uninstalled."""
    row = connection.execute(_FIND, {"team": team_id}).one_or_none()
    return None if row is None else _from_row(row, vault)


def bot_of(connection: Connection, team_id: str) -> tuple[str, str] | None:
    """The bot's own bot id and user id in a workspace that has it installed."""
    row = connection.execute(_BOT, {"team": team_id}).one_or_none()
    return None if row is None else (row.bot_id, row.bot_user_id)


def every(connection: Connection, vault: Vault) -> list[Installation]:
    """All installations, by workspace id."""
    rows = connection.execute(select(installations).order_by(installations.c.team_id))
    return [_from_row(row, vault) for row in rows]


def teams(connection: Connection) -> list[str]:
    """The ids of all workspaces that have installed the bot."""
    return list(
        connection.execute(select(installations.c.team_id).order_by(installations.c.team_id)).scalars()
    )


def remove(connection: Connection, team_id: str) -> bool:
    """Forget the workspace's token; whether there was one."""
    return connection.execute(delete(installations).where(installations.c.team_id == team_id)).rowcount > 0


def _from_row(row: Row[Any], vault: Vault) -> Installation:
    values = row._asdict()
    return Installation(**values | {"token": vault.open(row.token)["token"], "scopes": tuple(row.scopes)})
