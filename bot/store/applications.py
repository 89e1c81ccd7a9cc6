"""Applications and their CVs. Every query names its workspace."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, or_, select, update

from bot.models import (
    Answer,
    Application,
    Candidate,
    Card,
    CvFile,
    EarlierApplication,
    Handoff,
    HandoffState,
    Light,
    Vacancy,
)
from bot.rules.matching import email_key, phone_key
from bot.store import handoffs
from bot.store.tables import applications, cvs
from bot.store.tables import handoffs as handoffs_table
from bot.store.upsert import insert_once

_HANDOFF = "handoff_"


def _select() -> Select[Any]:
    columns = [column.label(_HANDOFF + column.name) for column in handoffs_table.c]
    return select(applications, *columns).join_from(
        applications, handoffs_table, handoffs_table.c.application_id == applications.c.id
    )


# Statements of the hot path are built once: building them costs more than running them.
_ONE = (applications.c.team_id == bindparam("team")) & (applications.c.id == bindparam("id"))
_FIND = _select().where(_ONE)
# Both rows, as one that is not locked may be read as it was before the wait for the other.
_FIND_LOCKED = _FIND.with_for_update(of=[applications, handoffs_table])
_CARD_PLACE = select(applications.c.card_ts, applications.c.burst_id).where(_ONE)
_SAVE = update(applications).where(
    applications.c.team_id == bindparam("of_team"), applications.c.id == bindparam("of_id")
)


def add(connection: Connection, application: Application, cv: bytes | None) -> bool:
    """Store a new application with its CV and handoff; False if this source already sent that external id."""
    if not insert_once(connection, applications, _values(application)):
        return False
    if cv is not None:
        values = {"application_id": application.id, "team_id": application.team_id, "content": cv}
        connection.execute(insert(cvs).values(**values))
    handoffs.add(connection, application)
    return True


def find(
    connection: Connection, team_id: str, application_id: str, *, lock: bool = False
) -> Application | None:
    """The application with its handoff. `lock` makes other writers of it wait for this transaction's end."""
    query = _FIND_LOCKED if lock else _FIND
    row = connection.execute(query, {"team": team_id, "id": application_id}).one_or_none()
    return None if row is None else _from_row(row)


def find_by_source(connection: Connection, team_id: str, source: str, external_id: str) -> Application | None:
    """The application a source knows by its own id."""
    table = applications
    query = _select().where(
        table.c.team_id == team_id, table.c.source == source, table.c.external_id == external_id
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else _from_row(row)


def save_decision(connection: Connection, application: Application) -> None:
    """Store an application's light, status, version and who decided."""
    values = {
        "light": application.light,
        "status": application.status,
        "version": application.version,
        "decided_by": application.decided_by,
        "decided_at": application.decided_at,
        "undo_until": application.undo_until,
    }
    connection.execute(_SAVE, {"of_team": application.team_id, "of_id": application.id, **values})


def save_card(connection: Connection, team_id: str, application_id: str, card: Card) -> None:
    """Remember where the application's card is; what has one is not held back."""
    statement = update(applications).where(
        applications.c.team_id == team_id, applications.c.id == application_id
    )
    values = {
        "card_channel": card.channel,
        "card_ts": card.ts,
        "card_cv_permalink": card.cv_permalink,
        "burst_id": None,
    }
    connection.execute(statement.values(**values))


def card_place(connection: Connection, team_id: str, application_id: str) -> tuple[bool, bool]:
    """Whether the application's card is posted, and whether it is held back."""
    row = connection.execute(_CARD_PLACE, {"team": team_id, "id": application_id}).one_or_none()
    return (row.card_ts is not None, row.burst_id is not None) if row is not None else (False, False)


def cv_content(connection: Connection, team_id: str, application_id: str) -> bytes | None:
    """The CV's bytes, None where none was sent."""
    query = select(cvs.c.content).where(cvs.c.team_id == team_id, cvs.c.application_id == application_id)
    content: bytes | None = connection.execute(query).scalar_one_or_none()
    return content


def without_card(connection: Connection, team_id: str, limit: int = 1000, after: str = "") -> list[str]:
    """Ids of applications whose card could not be posted yet, oldest first; not those held back."""
    query = (
        select(applications.c.id)
        .where(applications.c.team_id == team_id, applications.c.id > after)
        .where(applications.c.card_ts.is_(None), applications.c.burst_id.is_(None))
        .order_by(applications.c.id)
        .limit(limit)
    )
    return list(connection.execute(query).scalars())


def undecided(connection: Connection, team_id: str) -> int:
    """How many applications of the workspace nobody has decided yet."""
    query = select(func.count()).where(applications.c.team_id == team_id, applications.c.decided_at.is_(None))
    return connection.execute(query).scalar_one()


def earlier(connection: Connection, application: Application, limit: int = 3) -> list[EarlierApplication]:
    """Applications of the same person (by e-mail or phone) received before this one, newest first."""
    table = applications
    candidate = application.candidate
    by_email, by_phone = email_key(candidate.email), phone_key(candidate.phone)
    same_person = [table.c.email_key == by_email] if by_email else []
    same_person += [table.c.phone_key == by_phone] if by_phone else []
    if not same_person:
        return []
    query = (
        select(table)
        .where(table.c.team_id == application.team_id, table.c.id < application.id, or_(*same_person))
        .order_by(table.c.id.desc())
        .limit(limit)
    )
    return [_earlier_from_row(row) for row in connection.execute(query)]


def count_by_handoff_state(connection: Connection, team_id: str) -> dict[HandoffState, int]:
    """How many handoffs of the workspace wait, are being sent, or failed."""
    table = handoffs_table
    query = (
        select(table.c.state, func.count())
        .where(table.c.team_id == team_id, table.c.state.in_(["waiting", "sending", "failed"]))
        .group_by(table.c.state)
    )
    return {HandoffState(state): count for state, count in connection.execute(query)}


def _values(application: Application) -> dict[str, Any]:
    candidate, vacancy, cv = application.candidate, application.vacancy, application.cv
    return {
        "id": application.id,
        "team_id": application.team_id,
        "source": application.source,
        "external_id": application.external_id,
        "received_at": application.received_at,
        "applied_at": application.applied_at,
        **asdict(candidate),
        "skills": list(candidate.skills),
        "links": list(candidate.links),
        "email_key": email_key(candidate.email),
        "phone_key": phone_key(candidate.phone),
        **{f"vacancy_{name}": value for name, value in asdict(vacancy).items()},
        "cover_letter": application.cover_letter,
        "answers": [asdict(answer) for answer in application.answers],
        **({f"cv_{name}": value for name, value in asdict(cv).items()} if cv else {}),
        "light": application.light,
        "status": application.status,
        "version": application.version,
    }


def _from_row(row: Row[Any]) -> Application:
    columns = {column.name: getattr(row, _HANDOFF + column.name) for column in handoffs_table.c}
    return Application(
        id=row.id,
        team_id=row.team_id,
        source=row.source,
        external_id=row.external_id,
        received_at=row.received_at,
        applied_at=row.applied_at,
        candidate=_candidate(row),
        vacancy=_vacancy(row),
        cover_letter=row.cover_letter,
        answers=tuple(Answer(**answer) for answer in row.answers),
        cv=CvFile(row.cv_filename, row.cv_content_type, row.cv_size) if row.cv_filename else None,
        light=Light(row.light) if row.light else None,
        status=row.status,
        version=row.version,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        undo_until=row.undo_until,
        burst_id=row.burst_id,
        card=Card(row.card_channel, row.card_ts, row.card_cv_permalink) if row.card_ts else None,
        handoff=handoffs.from_columns(columns) if columns["application_id"] else Handoff(),
    )


def _candidate(row: Row[Any]) -> Candidate:
    return Candidate(
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        phone=row.phone,
        location=row.location,
        headline=row.headline,
        skills=tuple(row.skills),
        links=tuple(row.links),
    )


def _vacancy(row: Row[Any]) -> Vacancy:
    return Vacancy(
        reference=row.vacancy_reference,
        title=row.vacancy_title,
        client=row.vacancy_client,
        location=row.vacancy_location,
        crm_id=row.vacancy_crm_id,
    )


def _earlier_from_row(row: Row[Any]) -> EarlierApplication:
    return EarlierApplication(
        application_id=row.id,
        vacancy=_vacancy(row),
        received_at=row.received_at,
        light=Light(row.light) if row.light else None,
        status=row.status,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
