"""The team's notes on applicants: who wrote what, what was removed, and how far each got to the CRM."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Update, and_, func, insert, literal, or_, select, update

from bot.models import Note, NoteCounts, NoteState
from bot.store.tables import notes

_THERE = notes.c.removed_at.is_(None)
# Written out in the statement, as the partial index is only used where its condition is seen.
_WAITING = notes.c.state == literal("waiting", literal_execute=True)


def add(connection: Connection, team_id: str, note: Note) -> None:
    """Store a new note."""
    connection.execute(insert(notes).values(team_id=team_id, **vars(note)))


def find(connection: Connection, team_id: str, note_id: str) -> Note | None:
    """One note, removed or not."""
    query = select(notes).where(notes.c.team_id == team_id, notes.c.id == note_id)
    row = connection.execute(query).one_or_none()
    return None if row is None else _from_row(row)


def of_application(connection: Connection, team_id: str, application_id: str) -> list[Note]:
    """All notes on an application, the removed ones too, oldest first."""
    query = (
        select(notes)
        .where(notes.c.team_id == team_id, notes.c.application_id == application_id)
        .order_by(notes.c.at, notes.c.id)
    )
    return [_from_row(row) for row in connection.execute(query)]


def counts(connection: Connection, team_id: str, application_id: str) -> NoteCounts:
    """How many notes an application has, and why some are not in the CRM; the removed ones don't count."""
    query = (
        select(notes.c.state, func.count().label("many"), func.max(notes.c.reason).label("reason"))
        .where(notes.c.team_id == team_id, notes.c.application_id == application_id, _THERE)
        .group_by(notes.c.state)
    )
    rows = {row.state: row for row in connection.execute(query)}
    reasons = [rows[state].reason for state in ("failed", "waiting") if state in rows]
    return NoteCounts(**{state: row.many for state, row in rows.items()}, reason=next(iter(reasons), None))


def remove(connection: Connection, team_id: str, note_id: str, by: str, at: datetime) -> None:
    """Forget what a note said, and remember who removed it. What waited does not leave any more."""
    gone = {"text": "", "removed_by": by, "removed_at": at}
    one = notes.c.id == note_id
    connection.execute(_of(team_id, one).values(**gone))
    unsent = _of(team_id, one, notes.c.state != NoteState.SENT)
    connection.execute(unsent.values(state=NoteState.KEPT, reason=None))


def waiting(connection: Connection, team_id: str) -> list[str]:
    """Ids of the workspace's applications with notes that wait for their way to the CRM."""
    query = select(notes.c.application_id).where(notes.c.team_id == team_id, _WAITING).distinct()
    return list(connection.execute(query).scalars())


def take_along(connection: Connection, team_id: str, application_id: str) -> None:
    """Have all that is here alone go to the CRM; what was refused there, too."""
    stays = notes.c.state.in_([NoteState.KEPT, NoteState.FAILED])
    go = _of(team_id, notes.c.application_id == application_id, stays, _THERE)
    connection.execute(go.values(state=NoteState.WAITING, reason=None))


def take_along_again(
    connection: Connection, team_id: str, application_id: str, crm: str, candidate_id: str | None
) -> None:
    """Have those go that were written onto another record than that."""
    elsewhere = or_(
        notes.c.crm.is_(None), notes.c.crm != crm, notes.c.candidate_id.is_distinct_from(candidate_id)
    )
    was_sent = and_(notes.c.state == NoteState.SENT, elsewhere)
    go = _of(team_id, notes.c.application_id == application_id, was_sent, _THERE)
    connection.execute(go.values(state=NoteState.WAITING, reason=None))


def hold_back(connection: Connection, team_id: str, application_id: str) -> None:
    """Keep here what still waits: nothing asks for it any more."""
    stop = _of(team_id, notes.c.application_id == application_id, notes.c.state == NoteState.WAITING)
    connection.execute(stop.values(state=NoteState.KEPT, reason=None))


def retry(connection: Connection, team_id: str, application_id: str) -> int:
    """Have those go that were refused, and what waits at once; how many."""
    missing = notes.c.state.in_([NoteState.FAILED, NoteState.WAITING])
    go = _of(team_id, notes.c.application_id == application_id, missing, _THERE)
    return connection.execute(go.values(state=NoteState.WAITING, reason=None)).rowcount


def mark_sent(
    connection: Connection, team_id: str, note_ids: Collection[str], crm: str, candidate_id: str | None
) -> None:
    """Note that these stand on that record now; one removed meanwhile stays removed."""
    there = {"state": NoteState.SENT, "reason": None, "crm": crm, "candidate_id": candidate_id}
    connection.execute(_of(team_id, notes.c.id.in_(note_ids)).values(**there))


def mark_failed(connection: Connection, team_id: str, note_ids: Collection[str], reason: str) -> None:
    """Note why the CRM did not take these."""
    refused = _of(team_id, notes.c.id.in_(note_ids), notes.c.state == NoteState.WAITING)
    connection.execute(refused.values(state=NoteState.FAILED, reason=reason))


def mark_trying(connection: Connection, team_id: str, note_ids: Collection[str], reason: str) -> None:
    """Note why these have not arrived yet."""
    late = _of(team_id, notes.c.id.in_(note_ids), notes.c.state == NoteState.WAITING)
    connection.execute(late.values(reason=reason))


def _of(team_id: str, *conditions: Any) -> Update:
    return update(notes).where(notes.c.team_id == team_id, *conditions)


def _from_row(row: Row[Any]) -> Note:
    columns = {name: value for name, value in row._mapping.items() if name != "team_id"}
    return Note(**columns | {"state": NoteState(row.state)})
