"""The modals behind a card, as one person is to see them now."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.blocks import ids
from bot.blocks.details import details, history
from bot.blocks.notes import Shelf
from bot.errors import NotFound
from bot.models import Application, Note
from bot.rules import access
from bot.store import applications, decisions, notes, vacancy_choices
from bot.store import settings as settings_store
from bot.usecases import people
from bot.usecases.house import House
from bot.workspace import WorkspaceSettings

View = dict[str, Any]


def draw(house: House, team_id: str, user_id: str, application_id: str, which: str) -> View:
    """Answers and contact data (`ids.DETAILS`), or the history. Raises `NotFound`."""
    with house.database.reading() as connection:
        application = applications.find(connection, team_id, application_id)
        if application is None:
            raise NotFound("This application is no longer here.")
        written = notes.of_application(connection, team_id, application_id)
        settings = settings_store.load(connection, team_id)
    # Who somebody is may have to be asked of Slack, so only where it matters.
    removable = _removable(house, settings, user_id, written) if written else ()
    crm = house.crms.get(application.handoff.crm or settings.crm or "")
    shelf = Shelf(written, removable, crm.name if crm else None)
    with house.database.reading() as connection:
        if which == ids.HISTORY:
            return _history(house, connection, application, settings, shelf)
        return details(
            application,
            applications.earlier(connection, application),
            decisions.history(connection, team_id, application_id)[::-1],
            settings_store.load_statuses(connection, team_id),
            house.clock(),
            shelf,
        )


def _history(
    house: House,
    connection: Connection,
    application: Application,
    settings: WorkspaceSettings,
    shelf: Shelf,
) -> View:
    team_id = application.team_id
    lines = decisions.history(connection, team_id, application.id)[::-1]
    statuses = settings_store.load_statuses(connection, team_id)
    crm = application.handoff.crm or settings.crm or ""
    choice = vacancy_choices.find(connection, team_id, crm, application.vacancy.reference)
    return history(application, lines, statuses, house.clock(), choice, shelf)


def _removable(house: House, settings: WorkspaceSettings, user_id: str, written: list[Note]) -> list[str]:
    person = people.member(house, settings.team_id, user_id)
    return [note.id for note in written if access.may_remove_note(person, settings, note.user_id)]
