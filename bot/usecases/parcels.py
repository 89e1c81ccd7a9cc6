"""A whole application packed up for a CRM that only takes, with those of the team's notes that go along."""

from __future__ import annotations

from collections.abc import Sequence

from bot.blocks import crm_note
from bot.crm._push import Parcel, TeamNote
from bot.crm._records import CvDocument
from bot.models import Application, Note, Target
from bot.store import applications
from bot.store import settings as settings_store
from bot.usecases import people
from bot.usecases.house import House
from bot.workspace import Member


def handoff_key(application_id: str, target: Target) -> str:
    """The id of the delivery that takes an application so far."""
    return f"{application_id}.{target.value}"


def parcel_of(
    house: House,
    application: Application,
    key: str,
    target: Target,
    *,
    follows: str | None,
    notes: Sequence[Note],
    is_for_note: bool = False,
) -> Parcel:
    """The application as it stands, in a delivery of that key."""
    by = decider(house, application)
    with house.database.reading() as connection:
        statuses = settings_store.load_statuses(connection, application.team_id)
    names = {status.key: status.name for status in statuses}
    return Parcel(
        key=key,
        target=target,
        application=application,
        status_name=names.get(application.status, application.status),
        note=crm_note.text(application, by.name if by else None, statuses),
        decider=by,
        cv=cv_document(house, application),
        follows=follows,
        notes=tuple(_packed(house, application, note) for note in notes),
        is_for_note=is_for_note,
    )


def decider(house: House, application: Application) -> Member | None:
    """Who decided, None for what was forwarded on arrival."""
    user_id = application.decided_by
    return people.member(house, application.team_id, user_id) if user_id else None


def cv_document(house: House, application: Application) -> CvDocument | None:
    """The CV with its bytes, if one came."""
    with house.database.reading() as connection:
        content = applications.cv_content(connection, application.team_id, application.id)
    if application.cv is None or content is None:
        return None
    return CvDocument(application.id, application.cv.filename, application.cv.content_type, content)


def _packed(house: House, application: Application, note: Note) -> TeamNote:
    author = people.member(house, application.team_id, note.user_id)
    told = crm_note.of_the_team(note.text, author.name, note.at, application)
    return TeamNote(note.id, note.text, told, author, note.at)
