"""What admins chose, the statuses of a workspace, and who changed what."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from bot.models import Status
from bot.rules.statuses import DEFAULT_STATUSES
from bot.store import settings
from bot.workspace import Boxes, SettingsChange, WorkspaceSettings

from ..support import START, TEAM

CHOSEN = WorkspaceSettings(
    TEAM,
    crm="DEMO",
    boxes=Boxes(True, True, True, "interview", True),
    channel="C1",
    undo_seconds=0,
    editors=("UANA", "UBEN"),
    green_status="phone_screen",
    default_owner="UBEN",
    version=3,
)


def test_new_workspace_has_ticked_nothing(connection: Connection) -> None:
    """Nothing is forwarded before somebody asks for it."""
    assert settings.load(connection, TEAM) == WorkspaceSettings(TEAM)
    assert settings.load(connection, TEAM).boxes == Boxes()


def test_settings_are_kept_per_workspace(connection: Connection) -> None:
    """All of them, the second time too, and for nobody else."""
    settings.save(connection, WorkspaceSettings(TEAM))
    settings.save(connection, CHOSEN)
    assert settings.load(connection, TEAM) == CHOSEN
    assert settings.load(connection, "T0002") == WorkspaceSettings("T0002")


def test_history_is_newest_first(connection: Connection) -> None:
    """Who changed what, the latest changes only, and of this workspace only."""
    changes = [SettingsChange("UADMIN", START, (f"Change {number}",)) for number in range(3)]
    for change in changes:
        settings.add_history(connection, TEAM, change)
    settings.add_history(connection, "T0002", changes[0])
    assert settings.history(connection, TEAM) == changes[::-1]
    assert settings.history(connection, TEAM, limit=1) == changes[2:]


def test_statuses_begin_with_the_default_ones(connection: Connection) -> None:
    """Until a workspace has its own."""
    assert settings.load_statuses(connection, TEAM) == list(DEFAULT_STATUSES)


def test_own_statuses_keep_order_names_and_switches(connection: Connection) -> None:
    """Renaming, reordering and switching off are kept; the other workspace has what it had."""
    own = [
        replace(DEFAULT_STATUSES[0]),
        Status("trial_day", "Trial day"),
        Status("offer", "Angebot", active=False),
    ]
    settings.save_statuses(connection, TEAM, own)
    settings.save_statuses(connection, TEAM, [own[0], own[2], own[1]])
    assert settings.load_statuses(connection, TEAM) == [own[0], own[2], own[1]]
    assert settings.load_statuses(connection, "T0002") == list(DEFAULT_STATUSES)
