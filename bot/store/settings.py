"""What admins chose for their workspace, its statuses, and who changed what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, insert, select

from bot.models import Status
from bot.rules.statuses import DEFAULT_STATUSES
from bot.store.tables import settings_history, statuses, workspace_settings
from bot.store.upsert import upsert
from bot.workspace import Boxes, Picked, SettingsChange, WorkspaceSettings

# Built once: every click and every card reads it.
_LOAD = select(workspace_settings).where(workspace_settings.c.team_id == bindparam("team"))


def load(connection: Connection, team_id: str) -> WorkspaceSettings:
    """The workspace's settings; those of a new workspace if it never saved any."""
    row = connection.execute(_LOAD, {"team": team_id}).one_or_none()
    if row is None:
        return WorkspaceSettings(team_id)
    boxes = Boxes(row.send_all, row.send_green, row.send_status, row.trigger_status, row.send_amber)
    return WorkspaceSettings(
        team_id=team_id,
        crm=row.crm,
        boxes=boxes,
        channel=row.channel,
        undo_seconds=row.undo_seconds,
        most_cards=row.most_cards,
        editors=tuple(row.editors),
        green_status=row.green_status,
        crm_options={
            crm: {key: Picked(**picked) for key, picked in chosen.items()}
            for crm, chosen in row.crm_options.items()
        },
        default_owner=row.default_owner,
        send_notes=row.send_notes,
        version=row.version,
    )


def save(connection: Connection, settings: WorkspaceSettings) -> None:
    """Store the settings under their `version`."""
    boxes = settings.boxes
    values = {
        "team_id": settings.team_id,
        "crm": settings.crm,
        "send_all": boxes.send_all,
        "send_green": boxes.send_green,
        "send_status": boxes.send_status,
        "trigger_status": boxes.trigger_status,
        "send_amber": boxes.send_amber,
        "channel": settings.channel,
        "undo_seconds": settings.undo_seconds,
        "most_cards": settings.most_cards,
        "editors": list(settings.editors),
        "green_status": settings.green_status,
        "crm_options": {
            crm: {key: asdict(picked) for key, picked in chosen.items()}
            for crm, chosen in settings.crm_options.items()
        },
        "default_owner": settings.default_owner,
        "send_notes": settings.send_notes,
        "version": settings.version,
    }
    upsert(connection, workspace_settings, ["team_id"], values)


def add_history(connection: Connection, team_id: str, change: SettingsChange) -> None:
    """Write down who changed what."""
    values = {"team_id": team_id, "user_id": change.user_id, "at": change.at, "changes": list(change.changes)}
    connection.execute(insert(settings_history).values(**values))


def history(connection: Connection, team_id: str, limit: int = 20) -> list[SettingsChange]:
    """The latest changes, newest first."""
    query = (
        select(settings_history)
        .where(settings_history.c.team_id == team_id)
        .order_by(settings_history.c.id.desc())
        .limit(limit)
    )
    return [SettingsChange(row.user_id, row.at, tuple(row.changes)) for row in connection.execute(query)]


def load_statuses(connection: Connection, team_id: str) -> list[Status]:
    """The workspace's statuses in its order, switched-off ones too; the default ones to begin with."""
    query = select(statuses).where(statuses.c.team_id == team_id).order_by(statuses.c.position)
    own = [Status(row.key, row.name, row.active, row.locked) for row in connection.execute(query)]
    return own or list(DEFAULT_STATUSES)


def save_statuses(connection: Connection, team_id: str, ordered: Sequence[Status]) -> None:
    """Store the statuses in this order. Keys are never removed: applications refer to them."""
    for position, status in enumerate(ordered):
        values = {
            "team_id": team_id,
            "key": status.key,
            "name": status.name,
            "position": position,
            "active": status.active,
            "locked": status.locked,
        }
        upsert(connection, statuses, ["team_id", "key"], values)
