"""What the house sends, by name: which lane each kind of delivery has, and when it is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from ulid import ULID

from bot.models import Application
from bot.store import applications, deliveries, jobs
from bot.store import settings as settings_store
from bot.usecases.house import House
from bot.workspace import WorkspaceSettings

CARD = "card"
CV = "cv"
UNDO_CLOSED = "undo_closed"
POST_GAP = 1.0
"""Slack takes about one message a second in a channel."""
HANDOFF = "handoff"
NOTES = "notes"
EPHEMERAL = "ephemeral"
DIRECT = "direct"
RECONCILE = "reconcile"
KINDS = frozenset({CARD, CV, UNDO_CLOSED, HANDOFF, NOTES, EPHEMERAL, DIRECT, RECONCILE})
"""What this version delivers."""


def card(
    house: House, connection: Connection, team_id: str, application_id: str, due: datetime | None = None
) -> None:
    """Have the application's card posted, at the pace Slack allows in a channel, or brought up to date."""
    is_posted = applications.card_place(connection, team_id, application_id) is not None
    channel = None if is_posted else house.card_channel(settings_store.load(connection, team_id))
    _card(house, connection, team_id, application_id, due, None if is_posted else f"{team_id}:{channel}")


def redraw(
    house: House, connection: Connection, application: Application, settings: WorkspaceSettings
) -> None:
    """As `card`, for somebody who holds the application's lock and knows the settings."""
    team_id = application.team_id
    place = None if application.card else f"{team_id}:{house.card_channel(settings)}"
    _card(house, connection, team_id, application.id, None, place)


def _card(
    house: House,
    connection: Connection,
    team_id: str,
    application_id: str,
    due: datetime | None,
    place: str | None,
) -> None:
    pace, gap = (f"update:{team_id}", 0.0) if place is None else (f"post:{place}", POST_GAP)
    _per_application(house, connection, CARD, team_id, application_id, due, pace=pace, gap=gap)


def cv(house: House, connection: Connection, team_id: str, application_id: str) -> None:
    """Have the CV put into the card's thread."""
    _per_application(house, connection, CV, team_id, application_id, None, pace=f"file:{team_id}")


def handoff(
    house: House, connection: Connection, team_id: str, application_id: str, due: datetime | None = None
) -> None:
    """Have the application handed to the CRM, as far as it is then wanted to go."""
    crm_key = settings_store.load(connection, team_id).crm
    handoff_to(house, connection, team_id, application_id, crm_key, due)


def handoff_to(
    house: House,
    connection: Connection,
    team_id: str,
    application_id: str,
    crm_key: str | None,
    due: datetime | None,
) -> None:
    """As `handoff`, for somebody who knows which CRM the workspace has."""
    pace = crm_pace(team_id, str(crm_key))
    _per_application(house, connection, HANDOFF, team_id, application_id, due, pace=pace)


def notes(
    house: House, connection: Connection, team_id: str, application_id: str, due: datetime | None = None
) -> None:
    """Have the notes that wait written onto the person in the CRM."""
    pace = crm_pace(team_id, str(settings_store.load(connection, team_id).crm))
    _per_application(house, connection, NOTES, team_id, application_id, due, pace=pace)


def crm_pace(team_id: str, crm_key: str) -> str:
    """The pace of everything that goes to the workspace's CRM."""
    return f"crm:{team_id}:{crm_key}"


def cancel_handoff(connection: Connection, application_id: str) -> None:
    """Forget a handoff that has not begun."""
    jobs.cancel(connection, lane(HANDOFF, application_id))


def reconcile(
    house: House,
    connection: Connection,
    team_id: str,
    crm_key: str,
    payload: dict[str, Any],
    due: datetime,
) -> None:
    """Have the workspace's CRM compared with what we believe was sent there."""
    jobs.enqueue(
        connection,
        team_id=team_id,
        kind=RECONCILE,
        lane=f"{RECONCILE}:{team_id}",
        payload=payload,
        due_at=due,
        now=house.clock(),
        pace=crm_pace(team_id, crm_key),
    )


def lane(kind: str, application_id: str) -> str:
    """The lane of an application's jobs of one kind."""
    return f"{kind}:{application_id}"


def undo_closed(
    house: House, connection: Connection, team_id: str, application_id: str, due: datetime
) -> None:
    """Have the card redrawn once its Undo is over."""
    _per_application(house, connection, UNDO_CLOSED, team_id, application_id, due)


def ephemeral(
    house: House, connection: Connection, team_id: str, channel: str, user_id: str, text: str
) -> None:
    """Tell one person something in a channel, for their eyes only."""
    _notice(house, connection, EPHEMERAL, team_id, {"channel": channel, "user": user_id, "text": text})


def direct(
    house: House, connection: Connection, team_id: str, user_id: str, text: str, *, once: str | None = None
) -> None:
    """Send one person a direct message from the bot; with `once`, only the first time under that name."""
    if once is None or deliveries.is_first(connection, f"{team_id}:{user_id}:{once}", house.clock()):
        _notice(house, connection, DIRECT, team_id, {"user": user_id, "text": text})


def _per_application(
    house: House,
    connection: Connection,
    kind: str,
    team_id: str,
    application_id: str,
    due: datetime | None,
    *,
    pace: str | None = None,
    gap: float = 0,
) -> None:
    now = house.clock()
    jobs.enqueue(
        connection,
        team_id=team_id,
        kind=kind,
        lane=lane(kind, application_id),
        payload={"application_id": application_id},
        due_at=due or now,
        now=now,
        pace=pace,
        gap=gap,
        no_later=kind == CARD,
    )


def _notice(house: House, connection: Connection, kind: str, team_id: str, payload: dict[str, Any]) -> None:
    now = house.clock()
    lane = f"{kind}:{ULID()}"
    jobs.enqueue(connection, team_id=team_id, kind=kind, lane=lane, payload=payload, due_at=now, now=now)
