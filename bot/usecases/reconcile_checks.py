"""Whether the CRM still has what was sent there: asked of its find methods, one application at a time."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import Connection

from bot.crm._base import Capability
from bot.crm._errors import Declined
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument
from bot.models import KEEP_ON_FILE, REJECTED, Application, Target
from bot.store import applications, handoffs
from bot.usecases.forward_steps import STEPS
from bot.usecases.forward_vacancy import WantedVacancy
from bot.usecases.house import House


class Seen(StrEnum):
    """How an application was found in the CRM."""

    WHOLE = "whole"
    PERSON_GONE = "person_gone"
    PERSON_REPLACED = "person_replaced"
    PERSON_CHANGED = "person_changed"
    LINK_GONE = "link_gone"
    LINK_REPLACED = "link_replaced"
    UNKNOWN = "unknown"


WORDS = {
    Seen.WHOLE: "all there",
    Seen.PERSON_GONE: "the person is gone",
    Seen.PERSON_REPLACED: "the person is another record now",
    Seen.PERSON_CHANGED: "the person has another e-mail and phone now",
    Seen.LINK_GONE: "the person is no longer on the vacancy",
    Seen.LINK_REPLACED: "the person is on the vacancy by another record now",
    Seen.UNKNOWN: "the CRM can't tell",
}
_PERSON_LOST = (Seen.PERSON_GONE, Seen.PERSON_REPLACED)


def look(house: House, api: Session, application: Application) -> Seen:
    """How the application's records are found. Raises `SignInNeeded` and `Unavailable`."""
    try:
        return _look(house, api, application)
    except Declined:  # it does not let us ask
        return Seen.UNKNOWN


def why_not_mended(house: House, api: Session, application: Application, seen: Seen) -> str | None:
    """What stands against sending again what is missing; None if nothing does."""
    if application.status == REJECTED:
        return "rejected since, so it was left"
    if seen is not Seen.LINK_GONE:
        return None
    if application.status == KEEP_ON_FILE:
        return "kept on file since, so it was left"
    vacancy = WantedVacancy(house, api, application).find()
    return None if vacancy is not None and vacancy.is_open else "the vacancy is closed, so it was left"


def forget(house: House, connection: Connection, application: Application, seen: Seen) -> None:
    """Take the ledger back to where the loss was: each step will look before it does anything again."""
    key = (application.team_id, application.id, str(application.handoff.crm))
    if seen in _PERSON_LOST:
        handoffs.forget_steps(connection, *key)
    else:
        handoffs.forget_step(connection, application.id, key[2], "link")
    for name in STEPS if seen in _PERSON_LOST else ("link",):
        handoffs.begin_step(connection, *key, name, house.clock())


def _look(house: House, api: Session, application: Application) -> Seen:
    person_id = application.handoff.candidate_id
    if person_id is None:
        return Seen.UNKNOWN
    vacancy_id = _vacancy_id(house, application)
    found = _found(api, application)
    if person_id not in found:
        if _answers(house, api, application, person_id, vacancy_id):
            return Seen.PERSON_CHANGED
        return Seen.PERSON_REPLACED if found else Seen.PERSON_GONE
    if application.handoff.sent is not Target.CRM_AND_VACANCY:
        return Seen.WHOLE
    if vacancy_id is None:
        return Seen.UNKNOWN
    link_id = _link(api, person_id, vacancy_id)
    if link_id is None:
        return Seen.LINK_GONE
    return Seen.WHOLE if link_id == application.handoff.link_id else Seen.LINK_REPLACED


def _found(api: Session, application: Application) -> set[str]:
    candidate, found = application.candidate, set[str]()
    if candidate.email:
        found |= {person.id for person in api.crm.find_people(api, email=candidate.email)}
    if candidate.phone and application.handoff.candidate_id not in found:
        found |= {person.id for person in api.crm.find_people(api, phone=candidate.phone)}
    return found


def _answers(
    house: House, api: Session, application: Application, person_id: str, vacancy_id: str | None
) -> bool:
    """Whether the record shows anything of what we left on it."""
    crm, note = api.crm, CrmNote(application.id, "")
    if vacancy_id is not None and _link(api, person_id, vacancy_id) is not None:
        return True
    try:
        if Capability.NOTES in crm.capabilities and crm.has_note(api, person_id, note):
            return True
        cv = _cv(house, application) if Capability.CV in crm.capabilities else None
        return cv is not None and crm.has_cv(api, person_id, cv)
    except Declined:  # no such record
        return False


def _link(api: Session, person_id: str, vacancy_id: str) -> str | None:
    try:
        return api.crm.find_link(api, person_id, vacancy_id)
    except Declined:
        return None


def _vacancy_id(house: House, application: Application) -> str | None:
    key = (application.team_id, application.id, str(application.handoff.crm))
    with house.database.reading() as connection:
        done = handoffs.done_step(connection, *key, "vacancy")
    return str(done["id"]) if done and done.get("id") else None


def _cv(house: House, application: Application) -> CvDocument | None:
    with house.database.reading() as connection:
        content = applications.cv_content(connection, application.team_id, application.id)
    if application.cv is None or content is None:
        return None
    return CvDocument(application.id, application.cv.filename, application.cv.content_type, content)
