"""The team's notes on their way to the CRM, after the person: each found before it is written, on its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import Connection

from bot.blocks import crm_note
from bot.crm._base import Crm
from bot.crm._errors import CrmError, Nonsense, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.crm._push import PushCrm
from bot.crm._records import CrmNote
from bot.errors import NotFound
from bot.models import Application, HandoffState, Note, NoteState, Target
from bot.outbox import TryLater
from bot.rules import decide as rules
from bot.store import applications, notes
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import parcels, people, queue, sessions, trouble
from bot.usecases.house import House
from bot.usecases.notes import follows

_LOOK_AGAIN = timedelta(seconds=10)

log = structlog.get_logger(__name__)


def with_handoff(connection: Connection, application: Application, crm: Crm, begun: bool) -> list[Note]:
    """The notes that a parcel takes along; a repeat of it takes the same, as far as they are still there."""
    team_id, handoff = application.team_id, application.handoff
    if not settings_store.load(connection, team_id).send_notes:
        return []
    if handoff.sent is Target.NONE and not begun:
        notes.take_along(connection, team_id, application.id)
        notes.take_along_again(connection, team_id, application.id, crm.key, handoff.candidate_id)
    written = notes.of_application(connection, team_id, application.id)
    return [note for note in written if note.removed_at is None and note.state is not NoteState.KEPT]


def follow(
    house: House, connection: Connection, application: Application, went_along: Sequence[str] = ()
) -> None:
    """The person is in the CRM: the notes are to follow. `application` is as it stood at the start.

    `went_along` are the ids of those that a parcel had with it.
    """
    team_id, id_ = application.team_id, application.id
    present = applications.find(connection, team_id, id_)
    if present is None:
        return
    crm_key, candidate_id = str(present.handoff.crm), present.handoff.candidate_id
    if went_along:
        notes.mark_sent(connection, team_id, went_along, crm_key, candidate_id)
    if not follows(house, settings_store.load(connection, team_id), present):
        return
    if application.handoff.sent is Target.NONE:
        notes.take_along(connection, team_id, id_)
    notes.take_along_again(connection, team_id, id_, crm_key, candidate_id)


def settled(house: House, connection: Connection, application: Application) -> None:
    """The handoff has come to its end, or as far as it gets: now the notes go that wait for it."""
    if notes.counts(connection, application.team_id, application.id).waiting:
        queue.notes(house, connection, application.team_id, application.id)


def deliver(house: House, job: Job) -> None:
    """Write the notes that wait onto the person, or note why not and when it goes on."""
    application = _begin(house, job)
    if application is None:
        return
    crm_key = str(application.handoff.crm)
    sign_in = sessions.find(house, job.team_id, crm_key)
    try:
        with sessions.session_of(house, sign_in) as api:
            for note_id in _waiting(house, application):
                _send(house, api, application, note_id)
    except NotFound:
        return  # nobody is signed in: all goes out after the next sign-in
    except SignInNeeded as error:
        sessions.mark_broken(house, sign_in, error)
    except Unavailable as error:
        _try_later(house, job, application, error)
    except Exception as error:
        if job.attempts < trouble.UNEXPECTED_TRIES:
            raise
        log.exception("notes_failed_unexpectedly", job=job.id, error=type(error).__name__)
        reason = f"Something unexpected went wrong (reference {job.id})."
        _failed(house, application, _waiting(house, application), reason)


def _begin(house: House, job: Job) -> Application | None:
    """The application, if its notes are still to go to where the person is."""
    application_id, now = job.payload["application_id"], house.clock()
    with house.database.transaction() as connection:
        application = applications.find(connection, job.team_id, application_id, lock=True)
        if application is None:
            return None
        if not follows(house, settings_store.load(connection, job.team_id), application):
            notes.hold_back(connection, job.team_id, application_id)
            queue.card(house, connection, job.team_id, application_id)
            return None
        if not rules.may_leave(application, now):
            raise TryLater("The decision can still be undone.", application.undo_until, counts=False)
        if application.handoff.state in (HandoffState.WAITING, HandoffState.SENDING):
            # Some CRMs make the person's record the application: until then, which to write on is not known.
            raise TryLater("The applicant is still on the way.", now + _LOOK_AGAIN, counts=False)
        return application


def _waiting(house: House, application: Application) -> list[str]:
    with house.database.reading() as connection:
        written = notes.of_application(connection, application.team_id, application.id)
    return [note.id for note in written if note.state is NoteState.WAITING]


def _send(house: House, api: Session, application: Application, note_id: str) -> None:
    """Send one note, unless it was removed a moment ago; one that is refused is no reason to stop."""
    team_id = application.team_id
    with house.database.reading() as connection:
        note = notes.find(connection, team_id, note_id)
    if note is None or note.state is not NoteState.WAITING:
        return
    try:
        if isinstance(api.crm, PushCrm):
            _push(house, api, api.crm, application, note)
        else:
            _write(house, api, application, note)
    except (SignInNeeded, Unavailable):
        raise
    except CrmError as error:
        _failed(house, application, [note_id], str(error))
        return
    with house.database.transaction() as connection:
        handoff = application.handoff
        notes.mark_sent(connection, team_id, [note_id], api.crm.key, handoff.candidate_id)
        queue.card(house, connection, team_id, application.id)


def _write(house: House, api: Session, application: Application, note: Note) -> None:
    author = people.member(house, application.team_id, note.user_id)
    told = crm_note.of_the_team(note.text, author.name, note.at, application)
    handoff = application.handoff
    own, person_id = CrmNote(note.id, told, author.email, handoff.link_id), str(handoff.candidate_id)
    # Always looked for: an attempt may have had its effect without hearing so.
    if not api.crm.has_note(api, person_id, own):
        api.crm.add_note(api, person_id, own)


def _push(house: House, api: Session, crm: PushCrm, application: Application, note: Note) -> None:
    with house.database.reading() as connection:
        written = notes.of_application(connection, application.team_id, application.id)
    sent = [one for one in written if one.state is NoteState.SENT and one.removed_at is None]
    target = application.handoff.sent
    parcel = parcels.parcel_of(
        house,
        application,
        f"{application.id}.note.{note.id}",
        target,
        follows=parcels.handoff_key(application.id, target),
        notes=[*sent, note],
        is_for_note=True,
    )
    crm.push(api, parcel)


def _try_later(house: House, job: Job, application: Application, error: Unavailable) -> None:
    crm_key, waiting = str(application.handoff.crm), _waiting(house, application)
    with house.database.reading() as connection:
        before = notes.counts(connection, job.team_id, application.id).reason
    is_given_up = isinstance(error, Nonsense) and before == str(error)
    if is_given_up and job.attempts >= trouble.NONSENSE_TRIES:
        _failed(house, application, waiting, str(error))
        return
    with house.database.transaction() as connection:
        notes.mark_trying(connection, job.team_id, waiting, str(error))
        queue.card(house, connection, job.team_id, application.id)
    raise trouble.again(house, job, crm_key, error, job.created_at)


def _failed(house: House, application: Application, note_ids: Sequence[str], reason: str) -> None:
    log.warning("notes_failed", application=application.id, notes=list(note_ids))
    with house.database.transaction() as connection:
        notes.mark_failed(connection, application.team_id, note_ids, reason)
        queue.card(house, connection, application.team_id, application.id)
