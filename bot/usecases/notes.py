"""The team's notes on an applicant: written, removed, and sent along where the workspace wants that."""

from __future__ import annotations

from sqlalchemy import Connection
from ulid import ULID

from bot.blocks import notices
from bot.crm._base import Capability, Crm
from bot.errors import FieldFault, Invalid, NotFound, Refused
from bot.models import Application, Note, NoteState, Target
from bot.rules import access
from bot.store import applications, deliveries, notes
from bot.store import settings as settings_store
from bot.usecases import people, queue
from bot.usecases.house import House
from bot.workspace import WorkspaceSettings

LONGEST = 3000


def require_writer(house: House, team_id: str, user_id: str, application_id: str) -> Application:
    """The application, if this person may write on it. Raises `Refused` and `NotFound`."""
    if not access.may_decide(people.member(house, team_id, user_id)):
        raise Refused(notices.guest_may_not_write())
    with house.database.reading() as connection:
        return _present(applications.find(connection, team_id, application_id))


def add(house: House, team_id: str, user_id: str, application_id: str, typed: str, *, once: str) -> None:
    """Keep a note, and send it after an applicant who is in the CRM already; `once` names this very request.

    Raises `Invalid` naming `text`, `Refused` for guests, and `NotFound`.
    """
    require_writer(house, team_id, user_id, application_id)
    text = _storable(typed)
    if not text:
        raise Invalid([FieldFault("text", "Write something, or close this with Cancel.")])
    if len(text) > LONGEST:
        too_long = f"A note holds {LONGEST:,} characters; this one has {len(text):,}."
        raise Invalid([FieldFault("text", too_long)])
    now = house.clock()
    with house.database.transaction() as connection:
        if not deliveries.is_first(connection, f"note:{team_id}:{once}", now):
            return
        application = _present(applications.find(connection, team_id, application_id, lock=True))
        goes = follows(house, settings_store.load(connection, team_id), application)
        state = NoteState.WAITING if goes else NoteState.KEPT
        notes.add(connection, team_id, Note(str(ULID()), application_id, user_id, now, text, state))
        if goes:
            _queue(house, connection, application)
        queue.card(house, connection, team_id, application_id)


def remove(house: House, team_id: str, user_id: str, note_id: str) -> Note:
    """Forget what a note said; that it was there, and who removed it, stays in the history.

    The note as it was. Raises `Refused` for all but its author and admins, and `NotFound`.
    """
    person = people.member(house, team_id, user_id)
    with house.database.transaction() as connection:
        note = notes.find(connection, team_id, note_id)
        if note is None or note.removed_at is not None:
            raise NotFound("This note is no longer here.")
        if not access.may_remove_note(person, settings_store.load(connection, team_id), note.user_id):
            raise Refused("Only whoever wrote a note, or an admin, can remove it. Nothing changed.")
        notes.remove(connection, team_id, note_id, user_id, house.clock())
        queue.card(house, connection, team_id, note.application_id)
    return note


def retry(house: House, team_id: str, user_id: str, application_id: str) -> None:
    """Somebody pressed Retry beside the notes: send what the CRM did not take. Raises `Refused`."""
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        application = _present(applications.find(connection, team_id, application_id, lock=True))
        if not notes.retry(connection, team_id, application_id):
            raise Refused("There is nothing to retry: the card shows where the notes stand.")
        _queue(house, connection, application)
        queue.card(house, connection, team_id, application_id)


def follows(house: House, settings: WorkspaceSettings, application: Application) -> bool:
    """Whether notes go after this applicant: that is wanted, and the applicant is in the CRM of now."""
    handoff = application.handoff
    return handoff.sent is not Target.NONE and are_sent_to(settings, house.crms.get(handoff.crm or ""))


def are_sent_to(settings: WorkspaceSettings, crm: Crm | None) -> bool:
    """Whether notes go to that CRM: the box is ticked, and it is the one chosen now."""
    if crm is None or crm.key != settings.crm:
        return False
    return settings.send_notes and Capability.TEAM_NOTES in crm.capabilities


def release(house: House, connection: Connection, team_id: str) -> None:
    """Let all notes go that waited for a connection; what can still be undone waits for that."""
    for application_id in notes.waiting(connection, team_id):
        application = applications.find(connection, team_id, application_id)
        if application is not None:
            _queue(house, connection, application)


def _queue(house: House, connection: Connection, application: Application) -> None:
    undoable = application.can_be_undone(house.clock())
    due = application.undo_until if undoable else None
    queue.notes(house, connection, application.team_id, application.id, due)


def _present(application: Application | None) -> Application:
    if application is None:
        raise NotFound("This application is no longer here.")
    return application


def _storable(typed: str) -> str:
    """As typed, but for what no database and no request can hold."""
    return typed.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8").strip()
