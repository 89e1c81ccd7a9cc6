"""What the house sends, by name: which lane each kind of delivery has, and when it is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from ulid import ULID

from bot.models import Application, Burst
from bot.store import applications, deliveries, jobs
from bot.store import settings as settings_store
from bot.usecases.house import House
from bot.workspace import WorkspaceSettings

CARD = "card"
CV = "cv"
UNDO_CLOSED = "undo_closed"
POST_GAP = 1.02
"""Slack takes about one message a second in a channel, even if one travels faster than the one before it."""
SUMMARY_GAP = timedelta(seconds=4)
"""A summary is brought up to date no sooner again."""
HANDOFF = "handoff"
NOTES = "notes"
EPHEMERAL = "ephemeral"
DIRECT = "direct"
RECONCILE = "reconcile"
SUMMARY = "summary"
RELEASE = "release"
REVIEW = "review"
KINDS = frozenset(
    {CARD, CV, UNDO_CLOSED, HANDOFF, NOTES, EPHEMERAL, DIRECT, RECONCILE, SUMMARY, RELEASE, REVIEW}
)
"""What this version delivers."""


def card(
    house: House, connection: Connection, team_id: str, application_id: str, due: datetime | None = None
) -> None:
    """Have the application's card posted, at the pace Slack allows in a channel, or brought up to date.

    One that is held back stays away.
    """
    is_posted, is_held = applications.card_place(connection, team_id, application_id)
    if is_posted:
        _card(house, connection, team_id, application_id, due, None)
    elif not is_held:
        settings = settings_store.load(connection, team_id)
        _card(house, connection, team_id, application_id, due, _place(house, settings))


def redraw(
    house: House, connection: Connection, application: Application, settings: WorkspaceSettings
) -> None:
    """As `card`, for somebody who holds the application's lock, knows the settings and has let it go."""
    place = None if application.card else _place(house, settings)
    _card(house, connection, application.team_id, application.id, None, place)


def _place(house: House, settings: WorkspaceSettings) -> str:
    return f"post:{settings.team_id}:{house.card_channel(settings)}"


def _card(
    house: House,
    connection: Connection,
    team_id: str,
    application_id: str,
    due: datetime | None,
    place: str | None,
) -> None:
    pace, gap = (f"update:{team_id}", 0.0) if place is None else (place, POST_GAP)
    _per_application(house, connection, CARD, team_id, application_id, due, pace=pace, gap=gap)


def summary(house: House, connection: Connection, burst: Burst) -> None:
    """Have the burst's summary posted, or brought up to date: not more often than every few seconds."""
    now, is_posted = house.clock(), burst.ts is not None
    settings = settings_store.load(connection, burst.team_id)
    due = max(now, burst.drawn_at + SUMMARY_GAP) if burst.drawn_at is not None else now
    jobs.enqueue(
        connection,
        team_id=burst.team_id,
        kind=SUMMARY,
        lane=lane(SUMMARY, burst.id),
        payload={"burst_id": burst.id},
        due_at=due,
        now=now,
        pace=f"update:{burst.team_id}" if is_posted else _place(house, settings),
        gap=0 if is_posted else POST_GAP,
        no_later=True,
    )


def release(house: House, connection: Connection, team_id: str, after: str = "") -> None:
    """Have every card posted that is not held back; `after` is the last one that has been seen to."""
    now = house.clock()
    jobs.enqueue(
        connection,
        team_id=team_id,
        kind=RELEASE,
        lane=lane(RELEASE, team_id),
        payload={"after": after},
        due_at=now,
        now=now,
    )


def review(house: House, connection: Connection, team_id: str, payload: dict[str, Any]) -> None:
    """Have an open queue drawn anew once the CV can be read in it."""
    now = house.clock()
    jobs.enqueue(
        connection,
        team_id=team_id,
        kind=REVIEW,
        lane=lane(REVIEW, str(payload["view_id"])),
        payload=payload,
        due_at=now,
        now=now,
    )


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
