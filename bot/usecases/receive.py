"""A new application comes in: stored once, and its card and handoff queued in the same transaction."""

from __future__ import annotations

from dataclasses import replace

from ulid import ULID

from bot.errors import NotFound
from bot.models import Application, HandoffState
from bot.rules import decide as rules
from bot.store import applications
from bot.store import settings as settings_store
from bot.usecases import bursts, queue
from bot.usecases.house import House


def receive(house: House, application: Application, cv: bytes | None) -> tuple[Application, bool]:
    """Store an application under a fresh id; also whether it is new.

    The same source and external id again give the application stored first, unchanged.
    """
    now = house.clock()
    with house.database.transaction() as connection:
        settings = settings_store.load(connection, application.team_id)
        new = replace(
            application,
            id=str(ULID.from_datetime(now)),
            received_at=now,
            handoff=rules.arrive(application.handoff, settings, now),
        )
        if applications.add(connection, new, cv):
            bursts.arrived(house, connection, settings, new)
            queue.card(house, connection, new.team_id, new.id)
            if new.handoff.state is HandoffState.WAITING:
                queue.handoff(house, connection, new.team_id, new.id)
            return new, True
        stored = applications.find_by_source(connection, new.team_id, new.source, new.external_id)
    if stored is None:
        raise NotFound("The application is being stored by another request; send it again.")
    return stored, False


def find(house: House, team_id: str, application_id: str) -> Application:
    """The application as it stands. Raises `NotFound`."""
    with house.database.reading() as connection:
        found = applications.find(connection, team_id, application_id)
    if found is None:
        raise NotFound("There is no application with this id.")
    return found
